package io.coagateway.das;

import io.coagateway.radius.PacketCode;
import io.coagateway.ratelimit.Limiter;
import io.coagateway.ratelimit.RateLimit;
import io.coagateway.wire.AddressText;
import io.coagateway.wire.Label;
import io.coagateway.wire.Octets;
import java.net.InetSocketAddress;
import java.util.EnumMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One line for each dropped datagram, at most {@value #LINES_PER_SECOND} per second for each
 * reason; the next line then says how many were left out. With DEBUG the datagram itself follows in
 * hex (RFC 5176 section 1.3 wants that to be possible).
 */
final class DropLog {
  private static final Logger LOG = LoggerFactory.getLogger(DropLog.class);

  /** For each reason. */
  private static final int LINES_PER_SECOND = 5;

  private static final class Line {
    private final Limiter limiter = Limiter.of(RateLimit.perSecond(LINES_PER_SECOND));
    private long leftOut;
    private long nextNanos; // before then the limiter need not be asked, if lines were left out
  }

  private final Map<DropReason, Line> lines = new EnumMap<>(DropReason.class);

  DropLog() {
    for (DropReason reason : DropReason.values()) {
      lines.put(reason, new Line());
    }
  }

  /**
   * Writes a line unless there were too many.
   *
   * @param client its name, or {@link DasObserver#NO_CLIENT}
   */
  void dropped(
      DropReason reason, Octets datagram, InetSocketAddress source, String client, long nowNanos) {
    if (reason.isRoutine() && !LOG.isDebugEnabled()) {
      return;
    }
    Line line = lines.get(reason);
    if (line.leftOut > 0 && nowNanos - line.nextNanos < 0) { // in a flood, nearly always
      line.leftOut++;
      return;
    }
    long wait = line.limiter.tryAcquire(1, nowNanos);
    if (wait != Limiter.GRANTED) {
      line.leftOut++;
      line.nextNanos = nowNanos + wait;
      return;
    }
    String text = text(reason, datagram, source, client, line.leftOut);
    line.leftOut = 0;
    if (reason.isRoutine()) {
      LOG.debug(text);
    } else {
      LOG.warn(text);
    }
    LOG.debug("request-dropped-octets {}", datagram);
  }

  static String text(
      DropReason reason, Octets datagram, InetSocketAddress source, String client, long leftOut) {
    StringBuilder text = new StringBuilder(200).append("request-dropped reason=");
    text.append(Label.of(reason)).append(": ");
    if (datagram.length() >= 2 && PacketCode.of(datagram.u8(0)).isPresent()) {
      text.append(PacketCode.nameOf(datagram.u8(0))).append(" id ").append(datagram.u8(1));
    } else {
      text.append("datagram of ").append(datagram.length());
      text.append(datagram.length() == 1 ? " octet" : " octets");
    }
    text.append(" from ").append(AddressText.of(source.getAddress()));
    text.append(" port ").append(source.getPort());
    if (!client.isEmpty()) {
      text.append(" (client ").append(client).append(')');
    }
    text.append(": ").append(reason.text()).append(". ").append(reason.cure());
    if (leftOut > 0) {
      text.append(" (").append(leftOut).append(" more such lines were left out.)");
    }
    return text.toString();
  }
}
