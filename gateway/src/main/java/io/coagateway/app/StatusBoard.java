package io.coagateway.app;

import io.coagateway.admin.GatewayStatus.InFlight;
import io.coagateway.admin.GatewayStatus.Reachability;
import io.coagateway.admin.GatewayStatus.Refused;
import io.coagateway.dhcpv6.MessageType;
import io.coagateway.dynauth.RequestObserver;
import io.coagateway.dynauth.RequestReport;
import io.coagateway.dynauth.RequestReport.Result;
import io.coagateway.dynauth.RequestReport.ServerPart;
import io.coagateway.radius.DynamicAuthorizationRequest;
import io.coagateway.radius.ErrorCause;
import io.coagateway.relay.DhcpServer;
import io.coagateway.relay.RelayObserver;
import io.coagateway.wire.Octets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a person wants to see of the last minutes, kept as it happens: requests in flight, the last
 * refusals, counts for each DAC and server. Used on the gateway loop alone; its picture is taken
 * there.
 *
 * <p>Bounds: {@value #REFUSALS} refusals; one entry for each DAC, server and request in flight.
 */
final class StatusBoard implements RequestObserver, RelayObserver {
  private static final int REFUSALS = 20;
  private static final int IN_FLIGHT_SHOWN = 20;

  private final InstantSource clock;
  private final IdentityHashMap<DynamicAuthorizationRequest, UnderWay> inFlight =
      new IdentityHashMap<>();
  private final Deque<Refused> refusals = new ArrayDeque<>();
  private final Map<String, Client> clients = new HashMap<>();
  private final Map<String, Server> servers = new HashMap<>();

  /** Counts of one DAC. */
  static final class Client {
    long acks;
    long naks;
  }

  /** Counts of one DHCPv6 server. */
  static final class Server {
    long sent;
    long answered;
    long unanswered;
    Reachability reachability = Reachability.UNTRIED;
  }

  StatusBoard(InstantSource clock) {
    this.clock = clock;
  }

  // --- what happens ---

  @Override
  public void started(DynamicAuthorizationRequest request, UnderWay underWay) {
    inFlight.put(request, underWay);
  }

  @Override
  public void finished(RequestReport report) {
    DynamicAuthorizationRequest request = report.request();
    inFlight.remove(request);
    Client client = client(request.client());
    if (report.result() == Result.ACK) {
      client.acks++;
      return;
    }
    client.naks++;
    if (refusals.size() == REFUSALS) {
      refusals.removeLast();
    }
    refusals.addFirst(
        new Refused(
            clock.instant(),
            request.kind(),
            request.client(),
            request.identifier(),
            report.cause(),
            words(report)));
  }

  /** What servers said, without naming a subscriber: this page may be read by anybody. */
  private static String words(RequestReport report) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    for (ServerPart part : report.servers()) {
      counts.merge(part.server() + " " + part.outcome(), 1, Integer::sum);
    }
    StringBuilder words = new StringBuilder();
    if (report.subscribers().size() > 1) {
      words.append(report.subscribers().size()).append(" sessions; ");
    }
    counts.forEach(
        (said, count) ->
            words.append(said).append(count > 1 ? " (" + count + " times)" : "").append("; "));
    if (words.length() == 0) {
      return report.cause().map(StatusBoard::inWords).orElse("");
    }
    return words.substring(0, words.length() - 2);
  }

  /** The name of RFC 5176 section 3.5, as words. */
  private static String inWords(ErrorCause cause) {
    return cause.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  @Override
  public void sent(
      DhcpServer server, MessageType type, int transmission, int clientCount, Octets datagram) {
    Server entry = server(server.name());
    entry.sent++;
    if (entry.reachability == Reachability.UNTRIED) {
      entry.reachability = Reachability.ASKED;
    }
  }

  @Override
  public void answered(DhcpServer server, MessageType type, long roundTrip, Octets datagram) {
    Server entry = server(server.name());
    entry.answered++;
    entry.reachability = Reachability.ANSWERS;
  }

  /** One that answers in time is not late for a second answer to what was repeated. */
  @Override
  public void answeredLate(DhcpServer server) {
    Server entry = server(server.name());
    if (entry.reachability == Reachability.ASKED || entry.reachability == Reachability.SILENT) {
      entry.reachability = Reachability.LATE;
    }
  }

  @Override
  public void unanswered(DhcpServer server, MessageType type, int transmissions) {
    Server entry = server(server.name());
    entry.unanswered++;
    entry.reachability = Reachability.SILENT;
  }

  @Override
  public void serverReachable(DhcpServer server, boolean reachable) {
    Server entry = server(server.name());
    if (!reachable) {
      entry.reachability = Reachability.SILENT;
    } else if (entry.reachability == Reachability.SILENT) {
      entry.reachability = Reachability.ANSWERS;
    }
  }

  @Override
  public void unsupported(DhcpServer server, MessageType type) {
    server(server.name()).reachability = Reachability.UNSUPPORTING;
  }

  // --- the picture ---

  Client client(String name) {
    return clients.computeIfAbsent(name, n -> new Client());
  }

  Server server(String name) {
    return servers.computeIfAbsent(name, n -> new Server());
  }

  int inFlightCount() {
    return inFlight.size();
  }

  List<InFlight> inFlight() {
    Instant now = clock.instant();
    return inFlight.keySet().stream()
        .sorted(Comparator.comparing(DynamicAuthorizationRequest::received))
        .limit(IN_FLIGHT_SHOWN)
        .map(
            request ->
                new InFlight(
                    request.kind(),
                    request.client(),
                    request.identifier(),
                    Duration.between(request.received(), now),
                    inFlight.get(request).waitsFor()))
        .toList();
  }

  List<Refused> refusals() {
    return new ArrayList<>(refusals);
  }
}
