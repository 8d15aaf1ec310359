package io.coagateway.app;

import io.coagateway.accounting.AccountingParameters;
import io.coagateway.config.GatewayConfig;
import io.coagateway.config.LearnSettings;
import io.coagateway.config.LeasequerySettings;
import io.coagateway.config.NasSettings;
import io.coagateway.dhcpv6.Duid;
import io.coagateway.radius.AttributeDictionary;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a reload cannot change: who the NAS is, since records are kept under its name, and what was
 * opened once, the table, accounting, the capture, leasequery and the admin port, with the names of
 * attributes that they go by. A reload that took half of them over would look for sessions where
 * they are not, and show settings that are not in force.
 *
 * @param config changed settings, in which these are as they were at the start
 * @param left the keys of those that the file has changed
 */
record AtStartOnly(GatewayConfig config, List<String> left) {
  /**
   * @param running the settings in force
   * @param next what the file says now
   */
  static AtStartOnly of(GatewayConfig running, GatewayConfig next) {
    List<String> left = new ArrayList<>();
    Optional<String> identifier = running.nas().identifier();
    String nas = identifier.orElse("");
    Duid relayId = next.relay().relayId();
    if (!next.nas().addresses().equals(running.nas().addresses())) {
      left.add("nas.addresses");
    }
    if (!next.nas().identifier().equals(identifier)) {
      left.add("nas.identifier");
      relayId = running.relay().relayId(); // relay-id: auto makes one for each identifier
      if (!relayId.equals(next.relay().relayId())) {
        left.add("dhcpv6.relay-id");
      }
    }
    int replayEntries = running.das().replayEntries();
    if (next.das().replayEntries() != replayEntries) {
      left.add("radius.replay-memory");
    }
    if (!next.subscribers().equals(running.subscribers())) {
      left.add("subscribers");
    }
    if (changed(running.accounting(), next.accounting().forNas(nas))) {
      left.add("radius.accounting");
    }
    if (changed(running.learn(), next.learn())) {
      left.add("learn");
    }
    if (changed(running.leasequery(), next.leasequery().forNas(nas, relayId))) {
      left.add("dhcpv6.leasequery");
    }
    if (!next.admin().equals(running.admin())) {
      left.add("admin");
    }
    if (!sameNames(next.attributes(), running.attributes())) {
      left.add("dictionaries");
    }
    return new AtStartOnly(
        new GatewayConfig(
            next.file(),
            new NasSettings(identifier, running.nas().addresses(), next.nas().onDisconnect()),
            next.das().forNas(identifier).withReplayEntries(replayEntries),
            running.accounting(),
            next.requests(),
            next.relay().withRelayId(relayId),
            next.inPath().forNas(nas, relayId),
            running.leasequery(),
            next.mapping(),
            next.dynauth().forNas(nas),
            running.subscribers(),
            running.learn(),
            running.admin(),
            next.logging(),
            running.attributes(),
            next.options(),
            next.warnings(),
            next.settings()),
        left);
  }

  private static boolean sameNames(AttributeDictionary one, AttributeDictionary other) {
    return Set.copyOf(one.definitions()).equals(Set.copyOf(other.definitions()))
        && Set.copyOf(one.vendors()).equals(Set.copyOf(other.vendors()));
  }

  // What is off in both is not missed, whatever it inherits from the settings of others.

  private static boolean changed(AccountingParameters before, AccountingParameters next) {
    return (before.isOn() || next.isOn())
        && !(next.withClients(List.of()).equals(before.withClients(List.of()))
            && senders(next).equals(senders(before)));
  }

  /** What accounting takes of its clients: name, addresses and secrets of those that have some. */
  private static List<List<Object>> senders(AccountingParameters accounting) {
    return accounting.clients().stream()
        .filter(client -> !client.secrets().isEmpty())
        .map(client -> List.<Object>of(client.name(), client.addresses(), client.secrets()))
        .toList();
  }

  private static boolean changed(LearnSettings before, LearnSettings next) {
    boolean captures = !before.capture().isEmpty() || !next.capture().isEmpty();
    return captures && !next.equals(before);
  }

  /** The recovery itself is over, or for {@code table recover}, which reads the file. */
  private static boolean changed(LeasequerySettings before, LeasequerySettings next) {
    boolean asks = before.miss().isOn() || next.miss().isOn();
    return before.atStart() != next.atStart() || (asks && !next.miss().equals(before.miss()));
  }
}
