package io.coagateway.radsec;

import io.coagateway.radsec.ReverseStatus.State;
import io.coagateway.time.Timers;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Keeps one connection to a RADIUS server open, so that its CoA comes back over it
 * (draft-ietf-radext-reverse-coa section 4: at least one at all times). On the event loop only.
 *
 * <pre>
 *   CONNECTING --handshake--> OPEN --heard of--> ANSWERING
 *       ^   \                   |                   |
 *       |    +---failure--------+-------end---------+--> WAITING
 *       +----------------backoff---------------------------+
 * </pre>
 */
final class ReverseConnector {
  /** Opens connections. */
  interface Opener {
    /**
     * Begins to open one. Its end, also that of one that never came to be, is told to {@link
     * #onEnd}.
     */
    void open(Peer peer, InetSocketAddress server, ReverseConnector connector);
  }

  private final Opener opener;
  private final Timers timers;
  private final TlsObserver observer;
  private final InetSocketAddress server;
  private final Backoff backoff;
  private Peer peer;
  private State state = State.WAITING;
  private long since;
  private int failures;
  private String lastFailure = "";
  private Optional<TlsConnection> connection = Optional.empty();
  private Optional<Timers.Timer> retry = Optional.empty();
  private boolean stopped;

  ReverseConnector(
      Opener opener,
      Timers timers,
      TlsObserver observer,
      RandomGenerator random,
      Peer peer,
      InetSocketAddress server) {
    this.opener = opener;
    this.timers = timers;
    this.observer = observer;
    this.peer = peer;
    this.server = server;
    this.backoff = new Backoff(random);
    this.since = timers.nanos();
  }

  /** Begins. */
  void start() {
    moveTo(State.CONNECTING);
    retry = Optional.empty();
    opener.open(peer, server, this);
  }

  Peer peer() {
    return peer;
  }

  /** A reload has changed what the other end must show. */
  void change(Peer next) {
    peer = next;
    connection.ifPresent(open -> open.nowKnownAs(next));
  }

  /** The connection exists; its handshake may still be under way. */
  void onConnection(TlsConnection opened) {
    connection = Optional.of(opened);
    if (stopped) {
      opened.close(CloseReason.STOPPING, "");
    }
  }

  /**
   * It is over, or was never there.
   *
   * @param why in words
   */
  void onEnd(String why) {
    boolean worked = connection.map(TlsConnection::wasHeard).orElse(false);
    connection = Optional.empty();
    if (stopped) {
      return;
    }
    if (worked) {
      backoff.reset();
      failures = 0;
    } else {
      failures++;
    }
    lastFailure = why.isEmpty() ? "the server closed the connection" : why;
    moveTo(State.WAITING);
    Duration wait = backoff.next();
    observer.notConnected(peer.client(), server, lastFailure, wait);
    retry = Optional.of(timers.after(wait.toNanos(), this::start));
  }

  /** Once a second or so. */
  void onTick() {
    connection
        .filter(TlsConnection::isOpen)
        .ifPresent(
            open -> {
              State now = open.wasHeard() ? State.ANSWERING : State.OPEN;
              if (now == State.ANSWERING && failures > 0) {
                failures = 0;
                backoff.reset();
              }
              if (now != state) {
                moveTo(now);
              }
            });
  }

  private void moveTo(State next) {
    state = next;
    since = timers.nanos();
  }

  /** Ends it for good. */
  void stop(CloseReason reason) {
    stopped = true;
    retry.ifPresent(Timers.Timer::cancel);
    connection.ifPresent(open -> open.close(reason, ""));
  }

  ReverseStatus status() {
    return new ReverseStatus(
        peer.client(),
        server,
        state,
        Duration.ofNanos(timers.nanos() - since),
        failures,
        lastFailure);
  }
}
