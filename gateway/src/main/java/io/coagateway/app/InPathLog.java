package io.coagateway.app;

import io.coagateway.dhcpv6.MessageType;
import io.coagateway.inpath.InPathDrop;
import io.coagateway.inpath.InPathObserver;
import io.coagateway.inpath.Supply;
import io.coagateway.ratelimit.LogLimit;
import io.coagateway.relay.DhcpServer;
import io.coagateway.wire.AddressText;
import io.coagateway.wire.Label;
import io.coagateway.wire.Octets;
import java.net.InetSocketAddress;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What an operator has to know of the path, and every message at DEBUG. */
public final class InPathLog implements InPathObserver {
  private static final Logger LOG = LoggerFactory.getLogger("coa-gateway.in-path");
  private static final int LINES_PER_SECOND = 5;

  /** Somebody should look at these; a client without a record or options is an ordinary one. */
  private static final Set<Supply> WORTH_A_LINE =
      EnumSet.of(
          Supply.OTHER_LINK,
          Supply.AMBIGUOUS,
          Supply.TOO_BIG,
          Supply.TABLE_UNAVAILABLE,
          Supply.TABLE_SLOW,
          Supply.MALFORMED);

  private final LogLimit unsupplied;
  private final LogLimit dropped;

  /**
   * @param nanos monotonic nanoseconds
   */
  public InPathLog(LongSupplier nanos) {
    unsupplied = new LogLimit(LINES_PER_SECOND, nanos);
    dropped = new LogLimit(LINES_PER_SECOND, nanos);
  }

  @Override
  public void arrived(Octets relayForward, InetSocketAddress relay) {
    if (LOG.isDebugEnabled()) {
      LOG.debug("arrived relay={} {}", AddressText.of(relay), PacketText.dhcpv6(relayForward));
    }
  }

  @Override
  public void forwarded(
      DhcpServer server, MessageType type, Supply supply, InetSocketAddress relay, String detail) {
    if (WORTH_A_LINE.contains(supply)) {
      unsupplied.line(
          more ->
              LOG.warn(
                  "in-path-unsupplied reason={} type={} relay={} server={} detail=\"{}\"{}",
                  Label.of(supply),
                  type,
                  AddressText.of(relay),
                  server.name(),
                  detail,
                  more));
    } else {
      LOG.debug("forwarded type={} server={} options={}", type, server.name(), Label.of(supply));
    }
  }

  @Override
  public void returned(DhcpServer server, Octets relayReply, InetSocketAddress relay) {
    if (LOG.isDebugEnabled()) {
      LOG.debug(
          "returned server={} relay={} {}",
          server.name(),
          AddressText.of(relay),
          PacketText.dhcpv6(relayReply));
    }
  }

  @Override
  public void dropped(InPathDrop reason, InetSocketAddress source, String detail) {
    dropped.line(
        more ->
            LOG.info(
                "in-path-dropped reason={} source={} detail=\"{}\"{}",
                Label.of(reason),
                AddressText.of(source),
                detail,
                more));
  }
}
