package io.coagateway.dynauth;

import io.coagateway.dhcpv6.Duid;
import io.coagateway.mapping.Carrier;
import io.coagateway.relay.DhcpServer;
import io.coagateway.relay.ReconfigureMode;
import io.coagateway.subscriber.SubscriberRecord;
import java.util.List;
import java.util.Optional;

/**
 * Which server a session's message goes to, and how. Worked out once for each set of parameters,
 * since most sessions take the same way.
 */
final class Route {
  private final DynauthParameters parameters;
  private final Exchanges exchanges;
  private final Reconfigure toAll;
  private final Reconfigure atRenew;

  /**
   * How a changed configuration reaches a session.
   *
   * @param mode what is done
   * @param servers who is asked; empty unless the mode is RFC 6977
   * @param carriers how new values reach them
   */
  record Reconfigure(ReconfigureMode mode, List<DhcpServer> servers, List<Carrier> carriers) {}

  Route(DynauthParameters parameters, Exchanges exchanges) {
    this.parameters = parameters;
    this.exchanges = exchanges;
    List<DhcpServer> asking = withMode(ReconfigureMode.RFC6977);
    List<DhcpServer> storing = withMode(ReconfigureMode.AT_RENEW);
    this.toAll =
        asking.isEmpty()
            ? new Reconfigure(ReconfigureMode.NONE, List.of(), List.of())
            : new Reconfigure(ReconfigureMode.RFC6977, asking, carriers(asking));
    this.atRenew = new Reconfigure(ReconfigureMode.AT_RENEW, List.of(), carriers(storing));
  }

  /**
   * The record's server decides the mode. One that is not known: all that speak RFC 6977 are asked
   * (RQ-14), or, when none does, the options wait for the client's next Renew.
   */
  Reconfigure reconfigure(SubscriberRecord record) {
    Optional<DhcpServer> own = record.serverDuid().flatMap(exchanges::serverOf);
    ReconfigureMode mode =
        own.map(DhcpServer::reconfigure)
            .orElseGet(
                () ->
                    toAll.mode() == ReconfigureMode.NONE && !atRenew.carriers().isEmpty()
                        ? ReconfigureMode.AT_RENEW
                        : toAll.mode());
    return switch (mode) {
      case RFC6977 -> toAll;
      case AT_RENEW ->
          own.map(server -> new Reconfigure(mode, List.of(), List.of(parameters.carrier(server))))
              .orElse(atRenew);
      case NONE -> new Reconfigure(mode, List.of(), List.of());
    };
  }

  /**
   * The servers that may hold a session's leases: the one that the record names; when that one has
   * not been heard of yet, all whose DUID is still to be learned, for a release names its server
   * and every other server discards it (RL-31, RFC 8415 section 16.9); when the record names none,
   * the only one there is.
   */
  List<DhcpServer> release(SubscriberRecord record) {
    Optional<Duid> named = record.serverDuid();
    Optional<DhcpServer> own = named.flatMap(exchanges::serverOf);
    if (own.isPresent()) {
      return List.of(own.get());
    }
    List<DhcpServer> candidates =
        parameters.servers().stream()
            .filter(server -> named.isEmpty() || exchanges.duidOf(server).isEmpty())
            .toList();
    return named.isPresent() || candidates.size() == 1 ? candidates : List.of();
  }

  private List<DhcpServer> withMode(ReconfigureMode mode) {
    return parameters.servers().stream().filter(s -> s.reconfigure() == mode).toList();
  }

  private List<Carrier> carriers(List<DhcpServer> servers) {
    return servers.stream().map(parameters::carrier).distinct().toList();
  }
}
