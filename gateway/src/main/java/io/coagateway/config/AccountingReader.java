package io.coagateway.config;

import io.coagateway.accounting.AccountingParameters;
import io.coagateway.das.DasClient;
import io.coagateway.radius.AttributeId;
import io.coagateway.subscriber.JoinRule;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads {@code radius.accounting}. */
final class AccountingReader {
  private static final int PORT = 1813; // RFC 2866 section 3
  private static final int UNJOINED_LIMIT = 65_536;
  private static final int MAX_UNJOINED = 1_000_000;
  private static final Duration UNJOINED_MEMORY = Duration.ofHours(1);

  /** Keys of a client that are for CoA and Disconnect alone. */
  private static final List<String> NOT_HERE =
      List.of(
          "tls",
          "message-authenticator",
          "sign-answers",
          "event-timestamp",
          "rate-limit",
          "requests",
          "sessions");

  private final Names names;
  private final ClientReader reader;

  /**
   * @param reader of one client
   */
  AccountingReader(Names names, ClientReader reader) {
    this.names = names;
    this.reader = reader;
  }

  /**
   * @param byDefault who may send when accounting has no list of its own
   */
  AccountingParameters read(Section accounting, List<DasClient> byDefault) {
    List<InetSocketAddress> listen = accounting.list("listen", Forms.socket(PORT), List.of());
    if (listen.stream().anyMatch(address -> address.getAddress().isAnyLocalAddress())) {
      accounting.problemAt(
          "listen",
          "has a wildcard, from which answers could leave with another address than was asked. Give"
              + " the addresses.");
    }
    if (new HashSet<>(listen).size() < listen.size()) {
      accounting.problemAt("listen", "names an address twice. Keep one of them.");
    }
    Map<Section, DasClient> own = new LinkedHashMap<>();
    accounting.sections(
        "clients",
        client -> {
          Optional<DasClient> read = reader.read(client);
          read.ifPresent(c -> own.put(client, c));
          refuseWhatHasNoEffect(client);
          return read;
        });
    RadiusReader.checkClients(own);
    List<DasClient> clients = accounting.has("clients") ? List.copyOf(own.values()) : byDefault;
    if (!listen.isEmpty() && clients.stream().allMatch(client -> client.secrets().isEmpty())) {
      accounting.warning(
          "clients",
          "No client has a secret, so nobody may send. Give clients with name, addresses and"
              + " secret.");
    }
    List<JoinRule> rules =
        accounting.list("join", Form.oneOf(JoinRule.class), List.of(JoinRule.values()));
    if (accounting.isEmptyList("join")) {
      accounting.problemAt("join", "is empty: no session would ever be joined. Leave it out.");
    }
    List<AttributeId> duids = accounting.list("duid-attributes", names.attribute(), List.of());
    int limit = accounting.value("unjoined-limit", Forms.integer(1, MAX_UNJOINED), UNJOINED_LIMIT);
    Duration memory =
        accounting.value(
            "unjoined-memory",
            Forms.duration(Duration.ofSeconds(1), Duration.ofDays(7)),
            UNJOINED_MEMORY);
    return new AccountingParameters(
        listen, clients, "", rules.stream().distinct().toList(), duids, limit, memory);
  }

  private static void refuseWhatHasNoEffect(Section client) {
    for (String key : NOT_HERE) {
      if (client.has(key)) {
        client.problemAt(
            key,
            "has no effect on accounting, which comes over UDP and is proven by its authenticator"
                + " (RFC 2866 section 3). Take it away; name, addresses and secret or secrets are"
                + " what counts here.");
      }
    }
  }
}
