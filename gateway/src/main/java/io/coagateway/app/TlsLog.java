package io.coagateway.app;

import io.coagateway.radsec.CloseReason;
import io.coagateway.radsec.ConnectionInfo;
import io.coagateway.radsec.ConnectionInfo.Direction;
import io.coagateway.radsec.RefusalReason;
import io.coagateway.radsec.TlsObserver;
import io.coagateway.ratelimit.LogLimit;
import io.coagateway.wire.AddressText;
import io.coagateway.wire.Label;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** What an operator has to know of connections over TLS. */
public final class TlsLog implements TlsObserver {
  private static final Logger LOG = LoggerFactory.getLogger("coa-gateway.tls");
  private static final int LINES_PER_SECOND = 5;

  private final AcceptLog accepting = new AcceptLog();
  private final LogLimit refused;
  private final LogLimit connected;
  private final LogLimit closed;

  /**
   * @param nanos monotonic nanoseconds
   */
  public TlsLog(LongSupplier nanos) {
    refused = new LogLimit(LINES_PER_SECOND, nanos);
    connected = new LogLimit(LINES_PER_SECOND, nanos);
    closed = new LogLimit(LINES_PER_SECOND, nanos);
  }

  @Override
  public void connected(ConnectionInfo connection) {
    connected.line(
        more ->
            LOG.info(
                "tls-connected client={} direction={} peer={} protocol={} cipher={} subject=\"{}\"{}",
                connection.client(),
                Label.of(connection.direction()),
                AddressText.of(connection.remote()),
                connection.protocol(),
                connection.cipher(),
                Quoted.text(connection.subject()),
                more));
  }

  @Override
  public void closed(ConnectionInfo connection, CloseReason reason, String detail) {
    closed.line(
        more ->
            LOG.atLevel(isRoutine(connection, reason) ? Level.INFO : Level.WARN)
                .log(
                    "tls-closed client={} direction={} peer={} reason={}{}{}",
                    connection.client(),
                    Label.of(connection.direction()),
                    AddressText.of(connection.remote()),
                    Label.of(reason),
                    detail.isEmpty() ? "" : " detail=\"" + Quoted.text(detail) + '"',
                    more));
  }

  /** A client comes and goes as it likes; what we wanted to keep is another matter. */
  private static boolean isRoutine(ConnectionInfo connection, CloseReason reason) {
    return switch (reason) {
      case PEER -> connection.direction() == Direction.INCOMING;
      case IDLE, STOPPING, NO_LONGER_ALLOWED -> true;
      case BAD_LENGTH,
          MALFORMED_ATTRIBUTES,
          NOT_AUTHENTIC,
          INCOMPLETE_PACKET,
          NOT_READING,
          WATCHDOG,
          FAILED ->
          false;
    };
  }

  @Override
  public void refused(RefusalReason reason, InetSocketAddress source, String detail) {
    refused.line(
        more ->
            LOG.warn(
                "tls-refused source={} reason={}{}{}",
                AddressText.of(source),
                Label.of(reason),
                detail.isEmpty() ? "" : " detail=\"" + Quoted.text(detail) + '"',
                more));
  }

  @Override
  public void notConnected(String client, InetSocketAddress server, String detail, Duration retry) {
    LOG.warn(
        "tls-not-connected client={} server={} retry-s={} detail=\"{}\"",
        client,
        AddressText.of(server),
        retry.toMillis() / 1000.0,
        Quoted.text(detail));
  }

  @Override
  public void notAccepted(SocketAddress listener, String why) {
    accepting.notAccepted(listener, why);
  }
}
