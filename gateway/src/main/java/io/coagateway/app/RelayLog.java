package io.coagateway.app;

import io.coagateway.dhcpv6.Duid;
import io.coagateway.dhcpv6.InterfaceIdOption;
import io.coagateway.dhcpv6.MessageType;
import io.coagateway.dhcpv6.RelayMessage;
import io.coagateway.ratelimit.LogLimit;
import io.coagateway.relay.DhcpServer;
import io.coagateway.relay.NotSentReason;
import io.coagateway.relay.RelayObserver;
import io.coagateway.relay.ReplyDiscard;
import io.coagateway.wire.AddressText;
import io.coagateway.wire.Label;
import io.coagateway.wire.Octets;
import java.net.InetSocketAddress;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What an operator has to know of the DHCPv6 side, and decoded packets at DEBUG. */
public final class RelayLog implements RelayObserver {
  private static final Logger LOG = LoggerFactory.getLogger("coa-gateway.dhcpv6");
  private static final int LINES_PER_SECOND = 5;

  /** What needs no escaping in a line of the log, and none in the configuration. */
  private static final Pattern TEXT = Pattern.compile("[!#-\\[\\]-~]+");

  private final LogLimit discarded;
  private final LogLimit unknown;
  private final LogLimit undeliverable;
  private final LogLimit notForwarded;

  /**
   * @param nanos monotonic nanoseconds
   */
  public RelayLog(LongSupplier nanos) {
    discarded = new LogLimit(LINES_PER_SECOND, nanos);
    unknown = new LogLimit(LINES_PER_SECOND, nanos);
    undeliverable = new LogLimit(LINES_PER_SECOND, nanos);
    notForwarded = new LogLimit(LINES_PER_SECOND, nanos);
  }

  @Override
  public void sent(
      DhcpServer server, MessageType type, int transmission, int clients, Octets datagram) {
    if (LOG.isDebugEnabled()) {
      LOG.debug(
          "sent server={} type={} transmission={} clients={} {}",
          server.name(),
          type,
          transmission,
          clients,
          PacketText.dhcpv6(datagram));
    }
  }

  @Override
  public void answered(DhcpServer server, MessageType type, long roundTripNanos, Octets datagram) {
    if (LOG.isDebugEnabled()) {
      LOG.debug(
          "answered server={} type={} us={} {}",
          server.name(),
          type,
          roundTripNanos / 1_000,
          PacketText.dhcpv6(datagram));
    }
  }

  @Override
  public void discarded(
      ReplyDiscard reason, InetSocketAddress source, Octets datagram, String detail) {
    discarded.line(
        more ->
            LOG.info(
                "reply-discarded reason={} source={}{}{}",
                Label.of(reason),
                AddressText.of(source),
                detail.isEmpty() ? "" : " " + detail,
                more));
  }

  @Override
  public void unsupported(DhcpServer server, MessageType type) {
    LOG.warn("server-unsupporting server={} type={}", server.name(), type);
  }

  @Override
  public void unknownInAnswer(DhcpServer server, MessageType type, String what) {
    unknown.line(
        more ->
            LOG.warn(
                "answer-names-unknown server={} type={} {}{}", server.name(), type, what, more));
  }

  @Override
  public void notSent(DhcpServer server, NotSentReason reason) {
    LOG.debug("not-sent server={} reason={}", server.name(), Label.of(reason));
  }

  @Override
  public void serverReachable(DhcpServer server, boolean reachable) {
    if (reachable) {
      LOG.info("server-answers-again server={}", server.name());
    } else {
      LOG.warn("server-silent server={}", server.name());
    }
  }

  @Override
  public void serverDuidLearned(DhcpServer server, Duid duid) {
    LOG.info("server-duid-learned server={} duid={}", server.name(), duid);
  }

  @Override
  public void undeliverable(DhcpServer server, MessageType type, RelayMessage reply) {
    undeliverable.line(
        more ->
            LOG.warn(
                "undeliverable server={} type={} peer={} {}{}",
                server.name(),
                type,
                reply.peerAddress(),
                place(reply),
                more));
  }

  /** Where the peer is, the Interface-Id as {@code dhcpv6.interfaces} takes it. */
  private static String place(RelayMessage reply) {
    return reply
        .options()
        .first(InterfaceIdOption.class)
        .map(option -> "interface-id=" + interfaceId(option.id()))
        .orElseGet(() -> "link-address=" + reply.linkAddress());
  }

  private static String interfaceId(Octets id) {
    String text = id.toUtf8();
    return TEXT.matcher(text).matches() && !text.startsWith("0x")
        ? '"' + text + '"'
        : "0x" + id.toHex();
  }

  @Override
  public void notForwarded(MessageType type, InetSocketAddress from, String reason) {
    notForwarded.line(
        more ->
            LOG.info(
                "not-forwarded type={} from={} reason=\"{}\"{}",
                type,
                AddressText.of(from),
                reason,
                more));
  }
}
