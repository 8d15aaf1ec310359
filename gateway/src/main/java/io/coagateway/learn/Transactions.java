package io.coagateway.learn;

import io.coagateway.dhcpv6.ClientServerMessage;
import io.coagateway.wire.Ipv6Address;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Requests that wait for their REPLY, and the REPLYs of the last moments. Bounded: the oldest go
 * first.
 */
final class Transactions {
  private static final int ANSWERED_LIMIT = 4096;

  private final LearnParameters parameters;
  private final Map<Key, Request> open = new LinkedHashMap<>();
  private final Map<Key, Answer> answered = new LinkedHashMap<>();

  Transactions(LearnParameters parameters) {
    this.parameters = parameters;
  }

  /** A transaction-id is the client's own: another client may use the same at the same time. */
  record Key(int transactionId, Ipv6Address link, Ipv6Address peer) {
    static Key of(RelayPath path) {
      return new Key(path.message().transactionId(), path.linkAddress(), path.peerAddress());
    }

    /** A hop nearer to the client the link may be told no longer. */
    private Key onAnyLink() {
      return new Key(transactionId, Ipv6Address.UNSPECIFIED, peer);
    }
  }

  /**
   * A client's message on its way to the server.
   *
   * @param client who sent it
   * @param message what
   * @param seen when
   */
  record Request(RelayedClient client, ClientServerMessage message, Instant seen) {}

  private record Answer(ClientServerMessage reply, Instant seen) {}

  void ask(Key key, Request request) {
    forget(request.seen());
    open.remove(key); // a retransmission is as young as its last copy
    open.put(key, request);
    drop(open, parameters.openRequests());
  }

  /** Whether the same REPLY has just been seen. */
  boolean isCopy(Key key, ClientServerMessage reply, Instant seen) {
    forget(seen);
    Answer before = answered.get(key.onAnyLink());
    return before != null && before.reply().equals(reply);
  }

  /** The request that {@code reply} answers, if it was seen; the transaction is over. */
  Optional<Request> answer(Key key, ClientServerMessage reply, Instant seen) {
    answered.remove(key.onAnyLink());
    answered.put(key.onAnyLink(), new Answer(reply, seen));
    drop(answered, ANSWERED_LIMIT);
    return Optional.ofNullable(open.remove(key));
  }

  int open() {
    return open.size();
  }

  private void forget(Instant now) {
    forget(open, Request::seen, now.minus(parameters.requestMemory()));
    forget(answered, Answer::seen, now.minus(parameters.copyWindow()));
  }

  private static <V> void forget(Map<Key, V> map, Function<V, Instant> seen, Instant oldest) {
    Iterator<V> values = map.values().iterator();
    while (values.hasNext() && seen.apply(values.next()).isBefore(oldest)) {
      values.remove();
    }
  }

  private static <V> void drop(Map<Key, V> map, int limit) {
    Iterator<Map.Entry<Key, V>> oldest = map.entrySet().iterator();
    while (map.size() > limit) {
      oldest.next();
      oldest.remove();
    }
  }
}
