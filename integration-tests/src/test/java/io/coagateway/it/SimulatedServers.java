package io.coagateway.it;

import io.coagateway.lab.Gateway;
import io.coagateway.lab.Peer;
import io.coagateway.lab.Subscriber;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Starts the gateway's own {@code simulate-server} as the lab needs it. */
final class SimulatedServers {
  /** Options of a server that is not set up for the drafts: NotAllowed, NotConfigured. */
  static final String[] REFUSING = {"--refuse", "NotAllowed"};

  private SimulatedServers() {}

  /** A server on ::1 with the DUID that the records name, and the leases of {@code records}. */
  static Peer start(Gateway gateway, String name, int port, String records, String... options) {
    Path leases = gateway.lab().write(name + "-leases.ndjson", records);
    List<String> words = new ArrayList<>(List.of("simulate-server"));
    words.addAll(List.of("--listen", "[::1]:" + port));
    words.addAll(List.of("--server-duid", Subscriber.SERVER_DUID));
    words.addAll(List.of("--leases", leases.toString()));
    words.addAll(List.of("--release-types", "250,251"));
    words.addAll(List.of(options));
    return gateway.start(name, port, words.toArray(String[]::new));
  }
}
