package io.coagateway.relay;

import io.coagateway.dhcpv6.ClientServerMessage;
import io.coagateway.dhcpv6.InterfaceIdOption;
import io.coagateway.dhcpv6.Message;
import io.coagateway.dhcpv6.MessageType;
import io.coagateway.dhcpv6.Option;
import io.coagateway.dhcpv6.OptionCode;
import io.coagateway.dhcpv6.Ports;
import io.coagateway.dhcpv6.RelayMessage;
import io.coagateway.dhcpv6.RelayPortOption;
import io.coagateway.time.Timers;
import io.coagateway.wire.MalformedException;
import io.coagateway.wire.Octets;
import io.coagateway.wire.ZonedSocket;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds out whom a datagram from a server concerns: an exchange of ours, a client to whom a
 * RECONFIGURE has to be handed on, another relay whose request we forwarded, or nobody.
 */
final class ReplyDispatcher {
  /** Takes answers to what was forwarded for other relays. */
  interface ForwardedAnswers {
    /** Whether {@code reply} answers such a request, in which case it is carried back. */
    boolean offer(DhcpServer server, RelayMessage reply, Octets content);
  }

  /** What an answer to another relay's request may look like, with an id that is ours as well. */
  private static final Set<ReplyDiscard> NOT_ASKED =
      Set.of(ReplyDiscard.LATE, ReplyDiscard.UNKNOWN_TRANSACTION, ReplyDiscard.WRONG_WRAPPER);

  private final Timers timers;
  private final ClientDelivery delivery;
  private final RelayObserver observer;
  private final ForwardedAnswers forwarded;
  private final Map<ZonedSocket, List<ServerLane>> bySource = new HashMap<>();
  private final List<ServerLane> multicast = new ArrayList<>();
  private Map<Octets, String> interfaces = Map.of();
  private Optional<MessageType> releaseReply = Optional.empty();

  ReplyDispatcher(
      Timers timers, ClientDelivery delivery, RelayObserver observer, ForwardedAnswers forwarded) {
    this.timers = timers;
    this.delivery = delivery;
    this.observer = observer;
    this.forwarded = forwarded;
  }

  /**
   * Settings in force, lanes in use, and lanes whose last exchanges run out: several may lead to
   * one address, when a server there got another name.
   */
  void setLanes(
      RelayParameters parameters, Collection<ServerLane> current, Collection<ServerLane> retired) {
    interfaces = parameters.interfaces();
    releaseReply = parameters.releaseTypes().map(ReleaseMessageTypes::reply);
    bySource.clear();
    multicast.clear();
    current.forEach(this::add);
    retired.forEach(this::add);
  }

  private void add(ServerLane lane) {
    List<ServerLane> lanes =
        lane.isMulticast()
            ? multicast
            : bySource.computeIfAbsent(
                ZonedSocket.ofUnicast(lane.server().address()), source -> new ArrayList<>(1));
    lanes.add(lane);
  }

  void onDatagram(Octets datagram, InetSocketAddress source) {
    Optional<ReplyDiscard> reason;
    String detail = "";
    try {
      reason = handle(datagram, source);
    } catch (MalformedException e) {
      reason = Optional.of(ReplyDiscard.MALFORMED);
      detail = e.getMessage();
    }
    if (reason.isPresent()) {
      observer.discarded(reason.get(), source, datagram, detail);
    }
  }

  private Optional<ReplyDiscard> handle(Octets datagram, InetSocketAddress source)
      throws MalformedException {
    List<ServerLane> lanes = lanesTo(source);
    if (lanes.isEmpty()) {
      return Optional.of(ReplyDiscard.UNKNOWN_SOURCE);
    }
    if (datagram.length() < ClientServerMessage.HEADER_LENGTH) {
      throw new MalformedException("message: header needs 4 octets, found " + datagram.length(), 0);
    }
    int type = datagram.u8(0);
    if (type == MessageType.RELAY_REPL.number()) {
      return handleRelayed(datagram, lanes);
    }
    if (!isAnswerType(type)) {
      return Optional.of(ReplyDiscard.UNEXPECTED_TYPE); // RQ-63, RL-52 and everything else
    }
    return handleAnswer(datagram, lanes, Optional.empty(), datagram);
  }

  /** A link-local server that is configured without its zone is meant on every link. */
  private List<ServerLane> lanesTo(InetSocketAddress source) {
    ZonedSocket zoned = ZonedSocket.ofUnicast(source);
    List<ServerLane> lanes = bySource.get(zoned);
    if (lanes == null && zoned.zone() != 0) {
      lanes = bySource.get(new ZonedSocket(source, 0));
    }
    return lanes == null ? multicast : lanes;
  }

  private boolean isAnswerType(int type) {
    return type == MessageType.RECONFIGURE_REPLY.number()
        || type == MessageType.REPLY.number()
        || (releaseReply.isPresent() && type == releaseReply.get().number());
  }

  /**
   * The transaction id is looked up before anything is parsed: strangers cost little. First in the
   * lanes that lead to where the answer came from, then in those that asked a group.
   */
  private Optional<ReplyDiscard> handleAnswer(
      Octets answer, List<ServerLane> lanes, Optional<RelayMessage> around, Octets datagram)
      throws MalformedException {
    int transactionId = ClientServerMessage.transactionIdOf(answer);
    Optional<MessageExchange> found =
        find(transactionId, lanes).or(() -> find(transactionId, multicast));
    if (found.isEmpty()) {
      return Optional.of(notWaitedFor(transactionId, lanes.get(0))); // RQ-30, RL-20
    }
    MessageExchange exchange = found.get();
    ServerLane asked = exchange.lane();
    Optional<RelayWrapper> wrapper = exchange.content().wrapper();
    if (wrapper.isPresent() != around.isPresent()
        || (wrapper.isPresent() && !wrapper.get().matches(around.get()))) {
      return Optional.of(ReplyDiscard.WRONG_WRAPPER);
    }
    if (!(Message.parse(answer) instanceof ClientServerMessage reply)) {
      return Optional.of(ReplyDiscard.UNEXPECTED_TYPE);
    }
    Optional<ReplyDiscard> defect = ReplyCheck.defectOf(reply, exchange, asked.server().duid());
    if (defect.isEmpty()) {
      accept(reply, exchange, asked, datagram);
    }
    return defect;
  }

  /** Whoever answers late is alive. */
  private ReplyDiscard notWaitedFor(int transactionId, ServerLane lane) {
    ReplyDiscard why = lane.whyUnknown(transactionId);
    if (why == ReplyDiscard.LATE && !lane.isMulticast()) {
      observer.answeredLate(lane.server());
      lane.onHeard(timers.nanos());
    }
    return why;
  }

  private void accept(
      ClientServerMessage reply, MessageExchange exchange, ServerLane lane, Octets datagram) {
    long now = timers.nanos();
    observer.answered(lane.server(), reply.type(), exchange.nanosSinceSent(now), datagram);
    ReplyCheck.serverDuid(reply).ifPresent(lane::onServerDuid);
    if (ReplyCheck.isUnsupported(reply, exchange.content())) {
      exchange.onUnsupported(ReplyCheck.status(reply).orElseThrow(), now);
    } else {
      exchange.onAnswer(reply, ReplyCheck.status(reply), now);
    }
  }

  private static Optional<MessageExchange> find(int transactionId, List<ServerLane> lanes) {
    for (int i = 0; i < lanes.size(); i++) {
      Optional<MessageExchange> found = lanes.get(i).find(transactionId);
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  private Optional<ReplyDiscard> handleRelayed(Octets datagram, List<ServerLane> lanes)
      throws MalformedException {
    RelayMessage reply = (RelayMessage) Message.parseOutermost(datagram);
    Optional<Octets> content = reply.options().first(OptionCode.RELAY_MSG).map(Option::encodeBody);
    if (content.isEmpty() || content.get().length() < ClientServerMessage.HEADER_LENGTH) {
      throw new MalformedException("relay message: no message inside", RelayMessage.HEADER_LENGTH);
    }
    DhcpServer server = lanes.get(0).server();
    int type = content.get().u8(0);
    if (isAnswerType(type)) {
      Optional<ReplyDiscard> reason =
          handleAnswer(content.get(), lanes, Optional.of(reply), datagram);
      return reason.filter(NOT_ASKED::contains).isPresent()
              && forwarded.offer(server, reply, content.get())
          ? Optional.empty()
          : reason;
    }
    if (forwarded.offer(server, reply, content.get())) {
      return Optional.empty();
    }
    if (carriesReconfigure(content.get())) {
      deliver(server, reply, content.get());
      return Optional.empty();
    }
    return Optional.of(ReplyDiscard.NOT_OURS);
  }

  private static boolean carriesReconfigure(Octets content) throws MalformedException {
    return innermost(content).u8(0) == MessageType.RECONFIGURE.number();
  }

  /**
   * The client's or server's message inside all relay messages, octet for octet as it came.
   *
   * @throws MalformedException where a relay message holds none, or one of under four octets
   */
  static Octets innermost(Octets message) throws MalformedException {
    Octets innermost = message;
    while (innermost.length() >= ClientServerMessage.HEADER_LENGTH
        && new MessageType(innermost.u8(0)).isRelay()) {
      innermost =
          Message.parseOutermost(innermost)
              .options()
              .first(OptionCode.RELAY_MSG)
              .map(Option::encodeBody)
              .orElse(Octets.EMPTY);
    }
    if (innermost.length() < ClientServerMessage.HEADER_LENGTH) {
      throw new MalformedException("relay message: no message inside", RelayMessage.HEADER_LENGTH);
    }
    return innermost;
  }

  /** RFC 8415 section 19.2. The RECONFIGURE-REPLY alone decides the exchange (RQ-20, RQ-21). */
  private void deliver(DhcpServer server, RelayMessage reply, Octets content) {
    Optional<String> interfaceName =
        reply.options().first(InterfaceIdOption.class).map(InterfaceIdOption::id).map(this::nameOf);
    MessageType type = new MessageType(content.u8(0));
    ClientDelivery.Delivery became =
        delivery.deliver(
            content, reply.peerAddress(), portOf(reply, type), interfaceName, reply.linkAddress());
    switch (became) {
      case SENT -> observer.delivered(server, type, reply.peerAddress());
      case NO_INTERFACE -> observer.undeliverable(server, type, reply);
    }
  }

  /** As configured; otherwise the Interface-Id itself may be a local interface's name. */
  private String nameOf(Octets interfaceId) {
    String configured = interfaces.get(interfaceId);
    return configured != null ? configured : interfaceId.toUtf8();
  }

  /** Clients listen on 546, relays on 547 or on the port they told (RFC 8357 section 5.2). */
  static int portOf(RelayMessage reply, MessageType inner) {
    int told = reply.options().first(RelayPortOption.class).map(RelayPortOption::port).orElse(0);
    if (told != 0) {
      return told;
    }
    return inner.isRelay() ? Ports.SERVER : Ports.CLIENT;
  }
}
