package io.coagateway.relay;

import io.coagateway.dhcpv6.ClientIdOption;
import io.coagateway.dhcpv6.ClientServerMessage;
import io.coagateway.dhcpv6.Duid;
import io.coagateway.dhcpv6.MessageType;
import io.coagateway.dhcpv6.OptionCode;
import io.coagateway.dhcpv6.OptionList;
import io.coagateway.dhcpv6.ServerIdOption;
import io.coagateway.dhcpv6.StatusCode;
import io.coagateway.dhcpv6.StatusCodeOption;
import java.util.Optional;

/**
 * Whether a message with a transaction id of ours is a valid answer (RFC 6977 section 6.2.2,
 * section 3.2.2 of the release draft, RFC 8415 section 16.10). A discarded one changes nothing: the
 * wait for a valid answer goes on.
 */
final class ReplyCheck {
  private ReplyCheck() {}

  /** What is wrong with {@code reply}; empty when it is valid. */
  static Optional<ReplyDiscard> defectOf(
      ClientServerMessage reply, MessageExchange exchange, Optional<Duid> knownServer) {
    MessageContent content = exchange.content();
    OptionList options = reply.options();
    if (options.count(OptionCode.SERVERID) > 1 || options.count(OptionCode.STATUS_CODE) > 1) {
      return Optional.of(ReplyDiscard.DUPLICATE_OPTION);
    }
    Optional<Duid> named = serverDuid(reply);
    boolean unsupported = isUnsupported(reply, content);
    if (!unsupported && !reply.type().equals(content.replyType())) {
      return Optional.of(ReplyDiscard.WRONG_TYPE);
    }
    if (named.isEmpty() && content.replyNeedsServerId() && !unsupported) {
      return Optional.of(ReplyDiscard.NO_SERVER_ID);
    }
    if (differs(named, knownServer) || differs(named, content.serverDuid())) {
      return Optional.of(ReplyDiscard.WRONG_SERVER_ID);
    }
    if (reply.type().equals(MessageType.REPLY) && isForAnother(reply, exchange, unsupported)) {
      return Optional.of(ReplyDiscard.WRONG_CLIENT_ID);
    }
    if (content.replyNeedsStatus() && status(reply).isEmpty()) {
      return Optional.of(ReplyDiscard.NO_STATUS);
    }
    return Optional.empty();
  }

  /** RFC 8415 section 16: REPLY with UnspecFail from a server that knows no such message. */
  static boolean isUnsupported(ClientServerMessage reply, MessageContent content) {
    return reply.type().equals(MessageType.REPLY)
        && !content.replyType().equals(MessageType.REPLY)
        && status(reply).map(s -> s.status().equals(StatusCode.UNSPEC_FAIL)).orElse(false);
  }

  static Optional<Duid> serverDuid(ClientServerMessage reply) {
    return reply.options().first(ServerIdOption.class).map(ServerIdOption::duid);
  }

  static Optional<StatusCodeOption> status(ClientServerMessage reply) {
    return reply.options().first(StatusCodeOption.class);
  }

  /**
   * RFC 8415 section 16.10: what named a client is answered with its identifier. A server that
   * makes no sense of the message may have seen none; a client that has left is not known any more.
   */
  private static boolean isForAnother(
      ClientServerMessage reply, MessageExchange exchange, boolean unsupported) {
    Optional<Duid> client = reply.options().first(ClientIdOption.class).map(ClientIdOption::duid);
    if (exchange.places().isEmpty() || (unsupported && client.isEmpty())) {
      return false;
    }
    return exchange.places().stream()
        .noneMatch(place -> Optional.of(place.client()).equals(client));
  }

  private static boolean differs(Optional<Duid> named, Optional<Duid> expected) {
    return named.isPresent() && expected.isPresent() && !named.get().equals(expected.get());
  }
}
