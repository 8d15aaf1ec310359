package io.coagateway.relay;

import io.coagateway.dhcpv6.ClientServerMessage;
import io.coagateway.dhcpv6.MessageType;
import io.coagateway.dhcpv6.Option;
import io.coagateway.dhcpv6.OptionCode;
import io.coagateway.dhcpv6.OptionList;
import io.coagateway.dhcpv6.Ports;
import io.coagateway.dhcpv6.RawOption;
import io.coagateway.dhcpv6.RelayMessage;
import io.coagateway.dhcpv6.RelayPortOption;
import io.coagateway.time.Timers;
import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.Ipv6Prefix;
import io.coagateway.wire.MalformedException;
import io.coagateway.wire.Octets;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The role of an intermediate relay (RFC 6977 section 6.4; sections 4.1.2 and 4.2 of the release
 * draft): requests of other relays are wrapped in RELAY-FORW for every configured server, and what
 * comes back in RELAY-REPL is carried to whoever asked. Everything else is discarded.
 */
final class RequestForwarder implements ReplyDispatcher.ForwardedAnswers {
  /** Longer than any retransmission of RFC 6977 lasts. */
  private static final long MEMORY_NANOS = 60_000_000_000L;

  private static final int MEMORY_LIMIT = 10_000;

  /** What a request is found by when its answer comes: the RELAY-REPL names peer and id. */
  private record Key(Ipv6Address peer, int transactionId) {}

  private record Asker(InetSocketAddress source, DatagramPort arrivedAt, long forgottenAtNanos) {}

  private final Timers timers;
  private final RelayObserver observer;
  private final LinkedHashMap<Key, Asker> askers = new LinkedHashMap<>();
  private List<ServerLane> lanes = List.of();
  private ForwardingParameters settings = ForwardingParameters.OFF;
  private Optional<MessageType> releaseRequest = Optional.empty();

  RequestForwarder(Timers timers, RelayObserver observer) {
    this.timers = timers;
    this.observer = observer;
  }

  void setLanes(RelayParameters parameters, Collection<ServerLane> current) {
    settings = parameters.forwarding();
    releaseRequest = parameters.releaseTypes().map(ReleaseMessageTypes::request);
    lanes = List.copyOf(current);
  }

  /** A datagram of another relay. */
  void onRequest(Octets datagram, InetSocketAddress source, DatagramPort arrivedAt) {
    MessageType outer = new MessageType(datagram.isEmpty() ? 0 : datagram.u8(0));
    try {
      Octets request = ReplyDispatcher.innermost(datagram);
      MessageType type = new MessageType(request.u8(0));
      Optional<String> refusal = whyNot(type, source).or(() -> hopLimit(datagram));
      if (refusal.isPresent()) {
        observer.notForwarded(type, source, refusal.get());
      } else {
        forward(datagram, request, type, source, arrivedAt);
      }
    } catch (MalformedException e) {
      observer.notForwarded(outer, source, e.getMessage());
    }
  }

  /** RQ-60, RL-50: what is not accepted is discarded silently. */
  private Optional<String> whyNot(MessageType type, InetSocketAddress source) {
    if (type.equals(MessageType.RECONFIGURE_REQUEST)) {
      boolean accepted =
          settings.reconfigureRequest() == ForwardingParameters.Policy.ACCEPT
              && (settings.trusted().isEmpty() || isTrusted(source));
      return accepted ? Optional.empty() : Optional.of("reconfigure-request is rejected");
    }
    if (releaseRequest.equals(Optional.of(type))) {
      boolean accepted =
          settings.releaseRequest() == ForwardingParameters.Policy.ACCEPT && isTrusted(source);
      return accepted ? Optional.empty() : Optional.of("release-request is rejected");
    }
    return Optional.of("neither a reconfigure-request nor a release-request");
  }

  private boolean isTrusted(InetSocketAddress source) {
    Optional<Ipv6Address> address = Ipv6Address.of(source.getAddress());
    for (Ipv6Prefix prefix : settings.trusted()) {
      if (address.isPresent() && prefix.contains(address.get())) {
        return true;
      }
    }
    return false;
  }

  /** RFC 8415 section 19.1.2. */
  private static Optional<String> hopLimit(Octets datagram) {
    boolean relayed = datagram.u8(0) == MessageType.RELAY_FORW.number();
    return relayed && datagram.u8(1) >= RelayMessage.HOP_COUNT_LIMIT
        ? Optional.of("hop-count " + datagram.u8(1) + " has reached the limit")
        : Optional.empty();
  }

  private void forward(
      Octets datagram,
      Octets request,
      MessageType type,
      InetSocketAddress source,
      DatagramPort arrivedAt) {
    Ipv6Address peer = Ipv6Address.of(source.getAddress()).orElse(Ipv6Address.UNSPECIFIED);
    long now = timers.nanos();
    remember(
        new Key(peer, ClientServerMessage.transactionIdOf(request)),
        new Asker(source, arrivedAt, now + MEMORY_NANOS),
        now);
    for (ServerLane lane : lanes) {
      InetSocketAddress to = lane.server().address();
      if (lane.mayPass(now)) { // RQ-22: the limit holds for these too
        RelayMessage wrapped = wrap(datagram, peer, source.getPort(), arrivedAt, lane.port());
        lane.port().send(wrapped.encode(), to);
        lane.port().flush();
        lane.hasPassed(timers.nanos());
        observer.forwarded(type, source, to);
      } else {
        observer.notForwarded(type, source, "the rate limit of " + lane.server().name());
      }
    }
  }

  /** RFC 8415 section 19.1.1 around a bare message, 19.1.2 around a RELAY-FORW. */
  private static RelayMessage wrap(
      Octets datagram,
      Ipv6Address peer,
      int sourcePort,
      DatagramPort arrivedAt,
      DatagramPort leavesFrom) {
    boolean relayed = datagram.u8(0) == MessageType.RELAY_FORW.number();
    List<Option> options = new ArrayList<>(2);
    boolean fromServerPort = sourcePort == Ports.SERVER;
    if (!fromServerPort || leavesFrom.local().getPort() != Ports.SERVER) {
      options.add(new RelayPortOption(fromServerPort ? 0 : sourcePort)); // RFC 8357 section 5.2
    }
    options.add(new RawOption(OptionCode.RELAY_MSG, datagram));
    return new RelayMessage(
        MessageType.RELAY_FORW,
        relayed ? datagram.u8(1) + 1 : 0,
        relayed && !peer.isLinkLocal() ? Ipv6Address.UNSPECIFIED : linkAddress(arrivedAt),
        peer,
        OptionList.of(options));
  }

  private static Ipv6Address linkAddress(DatagramPort arrivedAt) {
    return Ipv6Address.of(arrivedAt.local().getAddress())
        .filter(address -> !address.isLinkLocal())
        .orElse(Ipv6Address.UNSPECIFIED);
  }

  private void remember(Key key, Asker asker, long now) {
    askers.remove(key);
    askers.put(key, asker);
    Iterator<Map.Entry<Key, Asker>> eldestFirst = askers.entrySet().iterator();
    while (eldestFirst.hasNext()) {
      boolean expired = now - eldestFirst.next().getValue().forgottenAtNanos() >= 0;
      if (!expired && askers.size() <= MEMORY_LIMIT) {
        break;
      }
      eldestFirst.remove();
    }
  }

  @Override
  public boolean offer(DhcpServer server, RelayMessage reply, Octets content) {
    try {
      Octets answer = ReplyDispatcher.innermost(content);
      Asker asker =
          askers.get(new Key(reply.peerAddress(), ClientServerMessage.transactionIdOf(answer)));
      if (asker == null || timers.nanos() - asker.forgottenAtNanos() >= 0) {
        return false;
      }
      asker.arrivedAt().send(content, asker.source()); // RL-51, RFC 8415 section 19.2
      asker.arrivedAt().flush();
      observer.forwarded(new MessageType(answer.u8(0)), server.address(), asker.source());
      return true;
    } catch (MalformedException e) {
      return false;
    }
  }
}
