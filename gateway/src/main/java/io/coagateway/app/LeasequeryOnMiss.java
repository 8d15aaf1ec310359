package io.coagateway.app;

import io.coagateway.dynauth.Elsewhere;
import io.coagateway.leasequery.LeasequeryClient;
import io.coagateway.leasequery.MissParameters;
import io.coagateway.leasequery.MissedSessions;
import io.coagateway.metrics.LeasequeryMetrics;
import io.coagateway.radius.Attribute;
import io.coagateway.relay.DhcpServer;
import io.coagateway.relay.UdpPort;
import io.coagateway.subscriber.SubscriberRecord;
import io.coagateway.subscriber.SubscriberTable;
import io.coagateway.time.Timers;
import io.coagateway.wire.AddressText;
import io.netty.channel.IoEventLoop;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** LEASEQUERY over UDP with its socket, for sessions that the table does not know. */
final class LeasequeryOnMiss implements AutoCloseable {
  private static final int LARGEST_DATAGRAM = 4096;

  /** How long it is asked for the client of a session that accounting has told of. */
  private static final long ACCOUNTING_PATIENCE = Duration.ofSeconds(10).toNanos();

  private final MissParameters parameters;
  private final MissedSessions sessions;
  private final Timers timers;
  private final UdpPort port;

  private LeasequeryOnMiss(
      MissParameters parameters, MissedSessions sessions, Timers timers, UdpPort port) {
    this.parameters = parameters;
    this.sessions = sessions;
    this.timers = timers;
    this.port = port;
  }

  /**
   * Opens the socket and reads from it.
   *
   * @param loop the gateway loop; must not be the calling thread
   * @param mayAsk takes a permit of the server's rate limit
   * @throws IOException when the port cannot be had, with what to do
   */
  static LeasequeryOnMiss open(
      IoEventLoop loop,
      MissParameters parameters,
      SubscriberTable table,
      Predicate<DhcpServer> mayAsk,
      Timers timers,
      LeasequeryMetrics metrics)
      throws IOException {
    UdpPort port = bind(loop, parameters);
    LeasequeryClient client =
        new LeasequeryClient(
            parameters,
            port,
            mayAsk,
            timers,
            new SecureRandom(),
            new FanOut.Leasequery(metrics, new LeasequeryLog(timers::nanos)));
    metrics.watch(client::outstanding);
    port.start(client, false);
    return new LeasequeryOnMiss(
        parameters, new MissedSessions(parameters, table, client::ask), timers, port);
  }

  private static UdpPort bind(IoEventLoop loop, MissParameters parameters) throws IOException {
    try {
      return UdpPort.open(
          loop, new UdpPort.Settings(parameters.bind(), LARGEST_DATAGRAM, false, Optional.empty()));
    } catch (IOException e) {
      throw new IOException(
          "dhcpv6.leasequery.bind: cannot have UDP "
              + AddressText.of(parameters.bind())
              + cure(String.valueOf((e.getCause() == null ? e : e.getCause()).getMessage())),
          e);
    }
  }

  /** By the system's words: epoll's exceptions and those of Java have no class in common. */
  private static String cure(String why) {
    if (why.contains("ermission denied")) {
      return ": " + why + ". A port below 1024 takes root or CAP_NET_BIND_SERVICE.";
    }
    return ": "
        + why
        + (why.contains("in use")
            ? ". It is the port of DHCPv6 clients, and one of this machine may have it"
                + " (systemd-networkd, NetworkManager, dhclient: see ss -ulpn). Servers answer"
                + " leasequeries there whatever port asked: give an address of the gateway's own,"
                + " like \"[2001:db8::2]:546\", end that client, or write on-miss: none."
            : "");
  }

  /** Who is asked for the sessions of requests. */
  Elsewhere forRequests() {
    return parameters.requests() ? sessions::find : Elsewhere.NOBODY;
  }

  /**
   * Looks for the client of a session that accounting has told of.
   *
   * @param found told of its record, on the loop
   */
  void forAccounting(List<Attribute> session, Consumer<SubscriberRecord> found) {
    if (parameters.accounting()) {
      sessions
          .client(session, timers.nanos() + ACCOUNTING_PATIENCE)
          .whenComplete(
              (record, failure) -> {
                if (failure == null) { // else the table is away: the next Interim-Update asks again
                  record.ifPresent(found);
                }
              });
    }
  }

  @Override
  public void close() {
    port.close();
  }
}
