package io.coagateway.relay;

import io.coagateway.dhcpv6.Duid;
import io.coagateway.ratelimit.Limiter;
import io.coagateway.wire.Octets;
import io.netty.util.collection.IntObjectHashMap;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.DoubleSupplier;

/**
 * All that leads to one server: the batches that are open, the queue in front of the limiter, the
 * transaction ids and the exchanges under way.
 *
 * <p>Batching needs no timer (RQ-9): a client joins the open message of the same content, and that
 * stays open until it is sent, which is at the end of the burst, or as soon as the limiter allows.
 * Messages that were never sent go before those that are to be sent again, so that an unanswered
 * one delays nobody.
 */
final class ServerLane extends TimerWheel.Node {
  private static final long SECOND_NANOS = 1_000_000_000L;

  /** How far back an unknown transaction id still counts as one of ours that is over. */
  private static final int LATE_IDS = TransactionIds.SPACE / 2;

  private final Services services;
  private final TransactionIds transactionIds;
  private final ServerHealth health;
  private final Map<MessageContent, MessageExchange> open = new HashMap<>();
  private final ArrayDeque<MessageExchange> fresh = new ArrayDeque<>();
  private final ArrayDeque<MessageExchange> again = new ArrayDeque<>();
  private final IntObjectHashMap<MessageExchange> underWay = new IntObjectHashMap<>();

  /** Ports that were left at a reload, with the messages whose answers may still come there. */
  private final Map<DatagramPort, Set<MessageExchange>> formerPorts = new HashMap<>();

  private DhcpServer server;
  private DatagramPort port;
  private Limiter limiter;
  private int maxOctets;
  private Optional<Duid> learnedDuid = Optional.empty();
  private Optional<ReleaseMode> autoRelease = Optional.empty();
  private long blockedUntilNanos;
  private boolean blocked;
  private int freshWaiting;
  private boolean retired;

  /**
   * What the lanes of one agent share.
   *
   * @param wheel all timers
   * @param observer sees what happens
   * @param rand in [-0.1, +0.1], RFC 8415 section 15
   * @param wakeUp asks for a flush when the current work is done
   * @param unused asks, when a retired lane or a former port has lost its last message, for it to
   *     be let go when the current work is done
   */
  record Services(
      TimerWheel wheel,
      RelayObserver observer,
      DoubleSupplier rand,
      Runnable wakeUp,
      Runnable unused) {}

  ServerLane(
      Services services,
      TransactionIds transactionIds,
      ServerHealth health,
      DhcpServer server,
      DatagramPort port,
      int maxOctets) {
    this.services = services;
    this.transactionIds = transactionIds;
    this.health = health;
    this.server = server;
    this.port = port;
    this.maxOctets = maxOctets;
    limiter = Limiter.of(server.rateLimit().smoothed());
  }

  /** New settings for the same server; what is under way goes on. */
  void reconfigure(DhcpServer changed, DatagramPort newPort, int newMaxOctets) {
    if (!changed.rateLimit().equals(server.rateLimit())) {
      limiter = Limiter.of(changed.rateLimit().smoothed());
      blocked = false;
      services.wakeUp().run();
    }
    if (newPort != port && !underWay.isEmpty()) {
      formerPorts.computeIfAbsent(port, left -> new HashSet<>()).addAll(underWay.values());
    }
    if (!changed.equals(server) || newPort != port) {
      health.forget(); // perhaps it is not asked any more, as nobody who stays silent need be
    }
    server = changed;
    port = newPort;
    maxOctets = newMaxOctets;
  }

  /** The server is no longer configured: what is under way runs out. */
  void retire() {
    retired = true;
  }

  /** Whether no message waits to be sent or for an answer. */
  boolean isIdle() {
    return underWay.isEmpty() && freshWaiting == 0;
  }

  /** The port that messages leave from, and those where answers to earlier ones may come. */
  void addPortsTo(Set<DatagramPort> ports) {
    ports.add(port);
    ports.addAll(formerPorts.keySet());
  }

  DhcpServer server() {
    return server;
  }

  DatagramPort port() {
    return port;
  }

  TimerWheel wheel() {
    return services.wheel();
  }

  RelayObserver observer() {
    return services.observer();
  }

  DoubleSupplier rand() {
    return services.rand();
  }

  boolean isMulticast() {
    return server.isMulticast();
  }

  /** The server's DUID as configured, else as learned. */
  Optional<Duid> serverDuid() {
    return server.duid().isPresent() ? server.duid() : learnedDuid;
  }

  /** The server named itself in a valid answer. */
  void onServerDuid(Duid duid) {
    if (isMulticast() || (learnedDuid.isPresent() && learnedDuid.get().equals(duid))) {
      return;
    }
    learnedDuid = Optional.of(duid.compact());
    if (server.duid().isEmpty()) {
      observer().serverDuidLearned(server, duid);
    }
  }

  /** Which form of release has worked; empty: none known. */
  Optional<ReleaseMode> autoRelease() {
    return autoRelease;
  }

  void rememberRelease(Optional<ReleaseMode> worked) {
    autoRelease = worked;
  }

  /** How many messages were sent and not answered. */
  int underWay() {
    return underWay.size();
  }

  /** How many messages wait for the limiter or the end of the burst. */
  int waiting() {
    return freshWaiting + again.size();
  }

  /**
   * Finds room for a client: in the open message of the same content, or in a new one.
   *
   * @return why there is none; empty when the client has its place
   */
  Optional<NotSentReason> admit(Place place, MessageContent content, long now) {
    if (isTooLarge(place, content)) {
      return Optional.of(NotSentReason.TOO_LARGE);
    }
    Optional<MessageExchange> shared = openFor(place, content);
    if (shared.isPresent()) {
      shared.get().join(place);
      return Optional.empty();
    }
    Optional<NotSentReason> refused = roomFor(place.deadlineNanos(), now);
    if (refused.isEmpty()) {
      MessageExchange message = new MessageExchange(this, content);
      message.join(place);
      append(message, now);
      if (content.canBeShared()) {
        open.put(content, message);
      }
    }
    return refused;
  }

  /** Why {@link #admit} would find no room for a client; empty: it would. Takes none. */
  Optional<NotSentReason> obstacle(Place place, MessageContent content, long now) {
    if (isTooLarge(place, content)) {
      return Optional.of(NotSentReason.TOO_LARGE);
    }
    return openFor(place, content).isPresent()
        ? Optional.empty()
        : roomFor(place.deadlineNanos(), now);
  }

  private boolean isTooLarge(Place place, MessageContent content) {
    return content.fixedOctets() + content.octetsOf(place) > maxOctets;
  }

  /**
   * The open message of the same content, if {@code place} fits into it (RQ-10: else a new one).
   */
  private Optional<MessageExchange> openFor(Place place, MessageContent content) {
    return content.canBeShared()
        ? Optional.ofNullable(open.get(content))
            .filter(message -> message.hasRoomFor(place, maxOctets))
        : Optional.empty();
  }

  /** Queues a successor of a message that the server disliked; nobody can join it. */
  Optional<NotSentReason> enqueue(MessageExchange successor, long now) {
    Optional<NotSentReason> refused = roomFor(successor.earliestDeadlineNanos(), now);
    if (refused.isEmpty()) {
      append(successor, now);
    }
    return refused;
  }

  private void append(MessageExchange message, long now) {
    message.markQueued(now);
    fresh.add(message);
    freshWaiting++;
    services.wakeUp().run();
  }

  /** Whether one more message could leave before {@code deadlineNanos} (RQ-22, RQ-23). */
  private Optional<NotSentReason> roomFor(long deadlineNanos, long now) {
    if (freshWaiting >= server.queueLimit()) {
      return Optional.of(NotSentReason.QUEUE_FULL);
    }
    int perSecond = server.rateLimit().perSecond();
    int goAtOnce = blocked ? 1 : perSecond;
    long start = blocked ? Math.max(0, blockedUntilNanos - now) : 0;
    long wait = start + Math.max(0, freshWaiting + 1 - goAtOnce) * SECOND_NANOS / perSecond;
    return now + wait - deadlineNanos >= 0 ? Optional.of(NotSentReason.DEADLINE) : Optional.empty();
  }

  /** The message waits for the limiter once more. */
  void sendAgain(MessageExchange message) {
    again.add(message);
    services.wakeUp().run();
  }

  /** Sends what the limiter allows. */
  void flush(long now) {
    if (blocked && now - blockedUntilNanos < 0) {
      return;
    }
    blocked = false;
    boolean sent = false;
    for (MessageExchange next = next(); next != null; next = next()) {
      long wait = limiter.tryAcquire(1, now);
      if (wait != Limiter.GRANTED) {
        blocked = true;
        blockedUntilNanos = now + wait;
        wheel().start(this, blockedUntilNanos);
        break;
      }
      if (next.state() == MessageExchange.State.WAITING) {
        fresh.remove();
        freshWaiting--;
        close(next);
        observer().waited(server, now - next.queuedNanos());
      } else {
        again.remove();
      }
      next.onGranted(now);
      sent = true;
    }
    if (sent) {
      port.flush();
      limiter.happened(wheel().nanos()); // the limit is on what leaves, however late that is
    }
  }

  /** A permit for a datagram that is no exchange of ours; never waits. */
  boolean mayPass(long now) {
    return limiter.tryAcquire(1, now) == Limiter.GRANTED;
  }

  /** The datagram of the last {@link #mayPass} has left. */
  void hasPassed(long now) {
    limiter.happened(now);
  }

  @Override
  void onTimer(long now) {
    flush(now);
  }

  private MessageExchange next() {
    while (!fresh.isEmpty()) {
      if (fresh.peek().state() == MessageExchange.State.WAITING) {
        return fresh.peek();
      }
      fresh.remove(); // its clients have left it
    }
    while (!again.isEmpty()) {
      if (again.peek().state() == MessageExchange.State.WAITING_AGAIN) {
        return again.peek();
      }
      again.remove();
    }
    return null;
  }

  private void close(MessageExchange message) {
    if (message.content().canBeShared()) {
      open.remove(message.content(), message);
    }
  }

  /** A fresh transaction id, under which answers find {@code message}. */
  int register(MessageExchange message) {
    int id = transactionIds.next();
    while (underWay.containsKey(id)) { // only after 16 million messages within one exchange
      id = transactionIds.next();
    }
    underWay.put(id, message);
    return id;
  }

  void transmit(MessageExchange message, Octets datagram, int transmission) {
    port.send(datagram, server.address());
    observer()
        .sent(server, message.content().type(), transmission, message.places().size(), datagram);
  }

  /** {@code message} has ended; {@code before} is where it stood. */
  void forget(MessageExchange message, MessageExchange.State before) {
    if (before == MessageExchange.State.WAITING) {
      if (message.isQueued()) {
        freshWaiting--;
        close(message);
      }
    } else {
      underWay.remove(message.transactionId());
    }
    if ((!formerPorts.isEmpty() && leavesFormerPort(message)) || (retired && isIdle())) {
      services.unused().run();
    }
  }

  /** Whether {@code message} was the last whose answer could come to such a port. */
  private boolean leavesFormerPort(MessageExchange message) {
    return formerPorts
        .values()
        .removeIf(sentFromIt -> sentFromIt.remove(message) && sentFromIt.isEmpty());
  }

  /** The message with this transaction id; empty when none waits for an answer. */
  Optional<MessageExchange> find(int transactionId) {
    return Optional.ofNullable(underWay.get(transactionId));
  }

  /** Why an answer with an id that nobody waits for is discarded. */
  ReplyDiscard whyUnknown(int transactionId) {
    return transactionIds.wasIssued(transactionId, LATE_IDS)
        ? ReplyDiscard.LATE
        : ReplyDiscard.UNKNOWN_TRANSACTION;
  }

  /** A valid answer came, perhaps too late. */
  void onHeard(long now) {
    boolean wasSilent = health.isSilent();
    health.onHeard(now);
    if (wasSilent) {
      observer().serverReachable(server, true);
    }
  }

  /** A message first sent at {@code sentNanos} was sent twice, and both waits are over. */
  void onSentTwiceInVain(long sentNanos, long now) {
    onSilence(now, () -> health.onSentTwiceInVain(sentNanos, now));
  }

  /** An exchange whose first message was sent at {@code firstSentNanos} ended unanswered. */
  void onUnanswered(long firstSentNanos, long now) {
    onSilence(now, () -> health.onUnanswered(firstSentNanos, now));
  }

  /** An exchange whose first message was sent then was cut short: see {@link ServerHealth}. */
  void onCutShort(long firstSentNanos, long now) {
    onSilence(now, () -> health.onCutShort(firstSentNanos, now));
  }

  private void onSilence(long now, Runnable judged) {
    boolean wasDead = health.isDead(now);
    boolean wasSilent = health.isSilent();
    judged.run();
    if (!wasSilent && health.isSilent()) {
      observer().serverReachable(server, false);
    }
    if (!wasDead && health.isDead(now)) {
      underWay.values().forEach(MessageExchange::onServerSilent); // nobody need wait any longer
    }
  }

  /** Whether the server left something unanswered and was not heard since. */
  boolean isSilent() {
    return health.isSilent();
  }

  /** Whether that was lately, so that nobody waits for it. */
  boolean isDead(long now) {
    return health.isDead(now);
  }
}
