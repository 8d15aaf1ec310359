package io.coagateway.das;

import io.coagateway.radius.PacketCode;
import io.coagateway.ratelimit.LogLimit;
import io.coagateway.wire.AddressText;
import io.coagateway.wire.Label;
import io.coagateway.wire.Octets;
import java.net.InetSocketAddress;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.LongSupplier;
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

  private final Map<DropReason, LogLimit> limits = new EnumMap<>(DropReason.class);

  /**
   * @param nanos monotonic nanoseconds
   */
  DropLog(LongSupplier nanos) {
    for (DropReason reason : DropReason.values()) {
      limits.put(reason, new LogLimit(LINES_PER_SECOND, nanos));
    }
  }

  /**
   * Writes a line unless there were too many.
   *
   * @param client its name, or {@link DasObserver#NO_CLIENT}
   */
  void dropped(DropReason reason, Octets datagram, InetSocketAddress source, String client) {
    if (reason.isRoutine() && !LOG.isDebugEnabled()) {
      return;
    }
    LogLimit limit = limits.get(reason);
    if (!limit.admits()) { // asked first: in a flood nothing else is done, nor allocated
      return;
    }
    String text = text(reason, datagram, source, client, limit.takeLeftOut());
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
