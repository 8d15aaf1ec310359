package io.coagateway.app;

import io.coagateway.admin.GatewayStatus;
import io.coagateway.admin.GatewayStatus.Reachability;
import io.coagateway.admin.Health;
import io.coagateway.config.GatewayConfig;
import io.coagateway.das.DasClient;
import io.coagateway.radsec.ConnectionInfo;
import io.coagateway.radsec.ReverseStatus;
import io.coagateway.radsec.TlsTransport;
import io.coagateway.relay.DhcpServer;
import io.coagateway.relay.RelayAgent.LaneStatus;
import io.coagateway.subscriber.TableStatus;
import io.coagateway.wire.AddressText;
import io.coagateway.wire.Label;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Puts together what the status page and {@code /health} show. Made on the gateway loop. */
final class Picture {
  /** How long a connection may take to prove itself before somebody should look. */
  private static final Duration GRACE = Duration.ofSeconds(5);

  private static final Duration RENEWAL = Duration.ofDays(14);

  private final String version;
  private final InstantSource clock;
  private final Instant startedAt;

  Picture(String version, InstantSource clock) {
    this.version = version;
    this.clock = clock;
    this.startedAt = clock.instant();
  }

  GatewayStatus status(
      GatewayConfig config,
      StatusBoard board,
      DasBoard das,
      List<LaneStatus> lanes,
      TableStatus table,
      TlsTransport.Status tls) {
    return new GatewayStatus(
        version,
        config.nas().identifier(),
        startedAt,
        clock.instant(),
        board.inFlight(),
        board.inFlightCount(),
        board.refusals(),
        das.drops(),
        clients(config, board, das),
        servers(lanes, board),
        new GatewayStatus.Table(
            table.records(),
            withoutParameters(config.subscribers().table().database()),
            table.queued(),
            table.queueLimit(),
            table.indexComplete(),
            table.failure()),
        config.das().tls().map(t -> connections(tls)));
  }

  /** A JDBC URL may carry a password behind its question mark. */
  private static String withoutParameters(String url) {
    int question = url.indexOf('?');
    return question < 0 ? url : url.substring(0, question);
  }

  private static List<GatewayStatus.Client> clients(
      GatewayConfig config, StatusBoard board, DasBoard das) {
    List<GatewayStatus.Client> clients = new ArrayList<>();
    for (DasClient client : config.das().clients()) {
      StatusBoard.Client counts = board.client(client.name());
      clients.add(
          new GatewayStatus.Client(
              client.name(),
              client.addresses().stream().map(Object::toString).collect(Collectors.joining(" ")),
              client.rateLimit().map(Object::toString),
              das.requests(client.name()),
              counts.acks,
              counts.naks));
    }
    return clients;
  }

  private static List<GatewayStatus.Server> servers(List<LaneStatus> lanes, StatusBoard board) {
    List<GatewayStatus.Server> servers = new ArrayList<>();
    for (LaneStatus lane : lanes) {
      DhcpServer server = lane.server();
      StatusBoard.Server counts = board.server(server.name());
      servers.add(
          new GatewayStatus.Server(
              server.name(),
              AddressText.of(server.address()),
              Label.of(server.reconfigure()) + ", " + Label.of(server.release()),
              lane.reachable() ? counts.reachability : Reachability.SILENT,
              lane.underWay(),
              lane.waiting(),
              server.rateLimit().toString(),
              counts.sent,
              counts.answered,
              counts.unanswered));
    }
    return servers;
  }

  private void tls(TlsTransport.Status tls, List<Health.Reason> notes) {
    for (ReverseStatus wanted : tls.reverse()) {
      boolean late =
          wanted.state() != ReverseStatus.State.ANSWERING && wanted.lasting().compareTo(GRACE) > 0;
      if (late || wanted.failures() > 1) {
        notes.add(
            new Health.Reason(
                wanted.client(),
                "no requests can come back over the connection to "
                    + AddressText.of(wanted.server())
                    + (wanted.lastFailure().isEmpty() ? "" : ": " + wanted.lastFailure()),
                "Is the server up, does it trust our certificate, and does it answer Status-Server?"
                    + " Otherwise set watchdog: 0s."));
      }
    }
    tls.certificateEnds()
        .filter(end -> end.isBefore(clock.instant().plus(RENEWAL)))
        .ifPresent(
            end ->
                notes.add(
                    new Health.Reason(
                        "certificate",
                        "our TLS certificate ends on " + end,
                        "Renew it, then reload.")));
  }

  private static GatewayStatus.Tls connections(TlsTransport.Status tls) {
    return new GatewayStatus.Tls(
        tls.connections().stream()
            .map(
                open ->
                    new GatewayStatus.Connection(
                        open.connection().client(),
                        open.connection().direction() == ConnectionInfo.Direction.REVERSE,
                        AddressText.of(open.connection().remote()),
                        open.connection().protocol(),
                        open.lasting(),
                        open.packets()))
            .toList(),
        tls.reverse().stream()
            .map(
                wanted ->
                    new GatewayStatus.Reverse(
                        wanted.client(),
                        AddressText.of(wanted.server()),
                        wanted.state(),
                        wanted.lasting(),
                        wanted.failures(),
                        wanted.lastFailure()))
            .toList(),
        tls.certificateEnds());
  }

  Health health(
      StatusBoard board, List<LaneStatus> lanes, TableStatus table, TlsTransport.Status tls) {
    List<Health.Reason> problems = new ArrayList<>();
    List<Health.Reason> notes = new ArrayList<>();
    table
        .failure()
        .ifPresent(
            failure ->
                problems.add(
                    new Health.Reason(
                        "database",
                        failure,
                        "Look at the database: server, disk, who else holds it. Requests get NAK 506"
                            + " meanwhile.")));
    if (!table.indexComplete()) {
      notes.add(
          new Health.Reason(
              "table", "the memory index is being filled", "Nothing: lookups ask the database."));
    }
    boolean anyWaitedFor = lanes.isEmpty();
    for (LaneStatus lane : lanes) {
      String name = lane.server().name();
      anyWaitedFor |= lane.waitedFor(); // who is asked nothing must not stay unhealthy for ever
      if (!lane.reachable()) {
        notes.add(
            new Health.Reason(
                name,
                "does not answer",
                "Is it up, does it know this relay, and does it speak RFC 6977? A server that does"
                    + " not know the message stays silent, too: set reconfigure: at-renew then."));
      } else if (board.server(name).reachability == Reachability.UNSUPPORTING) {
        notes.add(
            new Health.Reason(
                name, "does not know our message", "Set reconfigure: at-renew for it."));
      }
    }
    if (!anyWaitedFor) {
      problems.add(
          new Health.Reason(
              "dhcpv6", "no DHCPv6 server answers", "Look at the servers; requests are refused."));
    }
    tls(tls, notes);
    return new Health(problems, notes);
  }
}
