package io.coagateway.das;

import io.coagateway.radius.AttributeDictionary;
import io.coagateway.radius.DynamicAuthorizationHandler;
import io.coagateway.radsec.PacketHandler;
import io.coagateway.radsec.Peer;
import io.coagateway.radsec.Peers;
import io.coagateway.radsec.TlsConnection;
import io.coagateway.radsec.TlsObserver;
import io.coagateway.radsec.TlsTransport;
import io.coagateway.time.ExecutorTimers;
import io.coagateway.time.Timers;
import io.coagateway.wire.MalformedException;
import io.coagateway.wire.Octets;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The dynamic authorization server (DAS) of RFC 5176: listens, checks, hands accepted requests to
 * the handler on the event loop, and sends its answers from the address that was asked.
 *
 * <p>Made, then started once, then perhaps {@linkplain #reload reloaded}; at the end {@link
 * #stopAccepting}, {@link #drained}, {@link #snapshot}, {@link #close}. Its methods may be called
 * from any thread but the event loop's unless they say otherwise.
 */
public final class DynamicAuthorizationServer {
  /**
   * Numbers for gauges.
   *
   * @param inProgress requests that wait for their answer
   * @param remembered requests in the replay memory
   * @param capacity the most that it can hold
   * @param reach how far back it remembers everything: the window, or less when it is too small
   * @param kernelDropped datagrams that the kernel dropped before they were read: the receive
   *     buffer was full, or the shield was up
   * @param shielded of how many sources the kernel drops most, for there is too much of it; all
   *     strangers are one
   */
  public record Status(
      int inProgress,
      int remembered,
      int capacity,
      Duration reach,
      long kernelDropped,
      int shielded) {}

  private static final Logger LOG = LoggerFactory.getLogger(DynamicAuthorizationServer.class);

  private static final Duration STATUS_INTERVAL = Duration.ofSeconds(1);
  private static final Duration FOLLOW_INTERVAL = Duration.ofSeconds(5);
  private static final Duration DRAIN_INTERVAL = Duration.ofMillis(10);

  private final EventLoop loop;
  private final AttributeDictionary dictionary;
  private final DynamicAuthorizationHandler handler;
  private final DasObserver observer;
  private final Timers timers;
  private final InstantSource wallClock;

  /** Opens and closes sockets, which may block; one thread, so one at a time. */
  private final ExecutorService opener =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread thread = new Thread(task, "das-sockets");
            thread.setDaemon(true);
            return thread;
          });

  private final FloodShield shield; // on the loop
  private final OpenSockets open = new OpenSockets(); // on the loop
  private final ListenSockets sockets;
  private final TlsTransport tls;

  private ReceivePipeline pipeline; // on the loop
  private int capacity; // on the loop
  private boolean closed; // on the loop
  private volatile DasParameters parameters;
  private volatile Status status = new Status(0, 0, 0, Duration.ZERO, 0, 0);

  /**
   * @param loop owns everything; epoll when its group does, otherwise NIO
   * @param handler called on {@code loop} with every accepted request
   * @param observer called on {@code loop}
   * @param tlsObserver called on {@code loop}
   * @param onBurstEnd called on {@code loop} after the last of the datagrams that were read
   *     together, before their answers leave: whoever collects work for one message sends it now
   */
  public DynamicAuthorizationServer(
      EventLoop loop,
      AttributeDictionary dictionary,
      DynamicAuthorizationHandler handler,
      DasObserver observer,
      TlsObserver tlsObserver,
      Runnable onBurstEnd) {
    this(
        loop,
        dictionary,
        handler,
        observer,
        tlsObserver,
        onBurstEnd,
        new ExecutorTimers(loop),
        InstantSource.system());
  }

  /** With clocks that a test may move. */
  DynamicAuthorizationServer(
      EventLoop loop,
      AttributeDictionary dictionary,
      DynamicAuthorizationHandler handler,
      DasObserver observer,
      TlsObserver tlsObserver,
      Runnable onBurstEnd,
      Timers timers,
      InstantSource wallClock) {
    this.loop = loop;
    this.dictionary = dictionary;
    this.handler = handler;
    this.observer = observer;
    this.timers = timers;
    this.wallClock = wallClock;
    this.shield = new FloodShield(timers);
    this.sockets =
        new ListenSockets(
            loop, address -> new DasSocket(pipeline, shield, open, onBurstEnd, timers, address));
    this.tls =
        new TlsTransport(loop, timers, new SecureRandom(), new OverTls(onBurstEnd), tlsObserver);
  }

  /** What comes over TLS goes through the same checks. */
  private final class OverTls implements PacketHandler {
    private final Runnable onBurstEnd;

    OverTls(Runnable onBurstEnd) {
      this.onBurstEnd = onBurstEnd;
    }

    @Override
    public void received(Octets packet, TlsConnection from) {
      pipeline.receiveOverTls(packet, from.peer().client(), from.remote(), new TlsPort(from));
    }

    @Override
    public void burstEnded() {
      onBurstEnd.run();
    }
  }

  /**
   * Opens the sockets and begins to serve.
   *
   * @param earlier what {@link #snapshot} of the process before wrote; one that cannot be read is
   *     left aside with a warning
   * @throws IOException when an address cannot be listened on, naming it; then nothing is open
   */
  public void start(DasParameters initial, Optional<Octets> earlier) throws IOException {
    onLoop(
            () -> {
              capacity = initial.replayEntries();
              ReplayMemory memory =
                  new ReplayMemory(
                      initial.replayEntries(), initial.window(), new SecureRandom().nextLong());
              pipeline =
                  new ReceivePipeline(
                      initial, dictionary, memory, handler, observer, timers, wallClock);
              shield.configure(initial.floodShield(), initial.clients());
              earlier.ifPresent(this::restore);
            })
        .join();
    parameters = initial;
    try {
      changeSockets(initial, () -> {});
    } catch (IOException e) {
      opener.shutdownNow();
      throw e;
    }
    onLoop(
            () -> {
              publishStatus();
              follow();
            })
        .join();
  }

  private void restore(Octets snapshot) {
    try {
      pipeline.restore(snapshot);
      LOG.info("replay-memory-taken-over requests={}", pipeline.remembered());
    } catch (MalformedException e) {
      LOG.warn("replay-memory-damaged {}", e.getMessage());
    }
  }

  /**
   * Changes clients, secrets, limits, window and listen addresses. Requests in progress go on as
   * they began. The size of the replay memory stays as it was at the start, whatever these say.
   *
   * @throws IOException when an address cannot be listened on, naming it; then nothing has changed
   */
  public void reload(DasParameters next) throws IOException {
    changeSockets(
        next,
        () -> {
          pipeline.reload(next);
          shield.configure(next.floodShield(), next.clients());
        });
    parameters = next;
  }

  /**
   * All sockets or none.
   *
   * @param between done on the loop once all are open
   */
  private void changeSockets(DasParameters next, Runnable between) throws IOException {
    try {
      CompletableFuture.runAsync(
              () -> {
                try {
                  TlsTransport.Prepared prepared = tls.prepare(next.tls());
                  try {
                    sockets.change(next.listen(), next.receiveBuffer());
                  } catch (IOException e) {
                    prepared.discard();
                    throw e;
                  }
                  onLoop(between).join();
                  tls.apply(prepared, peers(), servers(next));
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              },
              opener)
          .join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof UncheckedIOException io) {
        throw io.getCause();
      }
      throw e;
    }
  }

  private Peers peers() {
    CompletableFuture<Peers> peers = new CompletableFuture<>();
    loop.execute(() -> peers.complete(pipeline.peers()));
    return peers.join();
  }

  /** Whom we connect to. */
  private static List<Peer> servers(DasParameters next) {
    return next.clients().stream()
        .filter(c -> c.tls().isPresent())
        .map(c -> new Peer(c.name(), c.tls().orElseThrow()))
        .toList();
  }

  /** The addresses that are listened on for TLS, with the ports that they got. */
  public List<InetSocketAddress> tlsAddresses() {
    return CompletableFuture.supplyAsync(tls::addresses, opener).join();
  }

  /** The connections over TLS, at most a second old. From any thread. */
  public TlsTransport.Status tlsStatus() {
    return tls.status();
  }

  /** The addresses that are listened on, with the ports that they got. */
  public List<InetSocketAddress> addresses() {
    return CompletableFuture.supplyAsync(sockets::addresses, opener).join();
  }

  /**
   * Whether sockets and connections are read. What comes meanwhile stays with the kernel: datagrams
   * as far as its buffer goes, and of what comes over TLS the rest with the sender. On the event
   * loop.
   */
  public void read(boolean on) {
    open.read(on);
    tls.read(on);
  }

  /** New requests are left unanswered from now on; repeated ones still get their answers. */
  public void stopAccepting() {
    onLoop(() -> pipeline.stopAccepting()).join();
  }

  /** Complete once no request waits for its answer. */
  public CompletionStage<Void> drained() {
    CompletableFuture<Void> drained = new CompletableFuture<>();
    loop.execute(() -> completeWhenDrained(drained));
    return drained;
  }

  private void completeWhenDrained(CompletableFuture<Void> drained) {
    if (pipeline.inProgress() == 0) {
      drained.complete(null);
    } else {
      timers.after(DRAIN_INTERVAL.toNanos(), () -> completeWhenDrained(drained));
    }
  }

  /**
   * The replay memory and its stored answers, for {@link #start} of the next process. What it holds
   * is as confidential as the answers are.
   */
  public Octets snapshot() {
    CompletableFuture<Octets> snapshot = new CompletableFuture<>();
    loop.execute(() -> snapshot.complete(pipeline.snapshot()));
    return snapshot.join();
  }

  /** Numbers for gauges, at most a second old. From any thread. */
  public Status status() {
    return status;
  }

  /**
   * Closes the sockets; answers that come later are not sent. The event loop must still run.
   * Closing twice, or after a failed start, is harmless.
   */
  public synchronized void close() {
    if (opener.isShutdown()) {
      return;
    }
    onLoop(() -> closed = true).join();
    CompletableFuture.runAsync(
            () -> {
              tls.close();
              sockets.close();
            },
            opener)
        .join();
    opener.shutdown();
  }

  private void publishStatus() {
    shield.second();
    pipeline.forget();
    status =
        new Status(
            pipeline.inProgress(),
            pipeline.remembered(),
            capacity,
            pipeline.reach(),
            shield.dropped(),
            shield.raised());
    if (!closed) {
      timers.after(STATUS_INTERVAL.toNanos(), this::publishStatus);
    }
  }

  /** Looks for addresses that came or went, for a wildcard, for as long as the server is open. */
  private void follow() {
    if (closed) {
      return;
    }
    if (ListenSockets.hasWildcard(parameters.listen())) {
      opener.execute(sockets::follow);
    }
    timers.after(FOLLOW_INTERVAL.toNanos(), this::follow);
  }

  private CompletableFuture<Void> onLoop(Runnable task) {
    return CompletableFuture.runAsync(task, loop);
  }
}
