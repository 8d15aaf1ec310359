package io.coagateway.radsec;

import io.coagateway.radsec.ConnectionInfo.Direction;
import io.coagateway.time.Timers;
import io.coagateway.wire.ZonedSocket;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * RADIUS over TLS: the connections that others open to us (RFC 6614) and those that we open
 * (draft-ietf-radext-reverse-coa). Everything runs on one event loop but the arithmetic of
 * handshakes, which two threads of its own do.
 *
 * <p>{@link #prepare} and {@link #apply} start it and reload it; both block and belong on one
 * thread that is not the loop. Connections live on through a reload unless it takes away what
 * allowed them; new ones get the new certificate.
 */
public final class TlsTransport {
  /**
   * For gauges and the status page.
   *
   * @param connections those that are open
   * @param reverse those that we want to have
   * @param handshakes under way
   * @param certificateEnds when our certificate expires; empty without TLS
   */
  public record Status(
      List<Open> connections,
      List<ReverseStatus> reverse,
      int handshakes,
      Optional<Instant> certificateEnds) {
    /** Nothing is open. */
    public static final Status NONE = new Status(List.of(), List.of(), 0, Optional.empty());

    /** Copies the lists. */
    public Status {
      connections = List.copyOf(connections);
      reverse = List.copyOf(reverse);
    }
  }

  /**
   * An open connection.
   *
   * @param lasting since it was opened
   * @param packets received
   */
  public record Open(ConnectionInfo connection, Duration lasting, long packets) {}

  /** What is bound and waits for {@link #apply}. */
  public static final class Prepared {
    private final Optional<TlsParameters> next;
    private final Map<ZonedSocket, Channel> opened;

    private Prepared(Optional<TlsParameters> next, Map<ZonedSocket, Channel> opened) {
      this.next = next;
      this.opened = opened;
    }

    /** Closes it again, instead of applying it. */
    public void discard() {
      TlsListeners.closeAll(opened);
    }
  }

  /** Handshakes at once: what strangers can make us compute. */
  private static final int MAX_HANDSHAKES = 64;

  private static final int HANDSHAKE_THREADS = 2;
  private static final int CONNECT_TIMEOUT_MILLIS = 10_000;
  private static final Duration TICK = Duration.ofSeconds(1);

  private final EventLoop loop;
  private final Timers timers;
  private final RandomGenerator random;
  private final TlsObserver observer;
  private final ReadGate gate = new ReadGate();
  private final TlsConnection.Shared shared;
  private final TlsListeners listeners;
  private final ThreadPoolExecutor handshakes = handshakeThreads();
  private final Set<TlsConnection> connections = new HashSet<>();
  private final Map<Target, ReverseConnector> connectors = new LinkedHashMap<>();

  private Optional<TlsParameters> parameters = Optional.empty();
  private Peers peers = noPeers();
  private boolean ticking;
  private boolean closed;
  private volatile Status status = Status.NONE;

  /** A connection that we want to have. */
  private record Target(String client, InetSocketAddress server) {}

  /**
   * @param loop owns every connection
   * @param random for the waits and for the numbers of connections
   * @param handler called on {@code loop}
   * @param observer called on {@code loop}
   */
  public TlsTransport(
      EventLoop loop,
      Timers timers,
      RandomGenerator random,
      PacketHandler handler,
      TlsObserver observer) {
    this.loop = loop;
    this.timers = timers;
    this.random = random;
    this.observer = observer;
    this.shared =
        new TlsConnection.Shared(timers, handler, observer, new StatusServer(random), gate);
    this.listeners =
        new TlsListeners(
            loop,
            new ChannelInitializer<SocketChannel>() {
              @Override
              protected void initChannel(SocketChannel channel) {
                accept(channel);
              }
            },
            observer);
  }

  private static ThreadPoolExecutor handshakeThreads() {
    ThreadPoolExecutor threads =
        new ThreadPoolExecutor(
            HANDSHAKE_THREADS,
            HANDSHAKE_THREADS,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(), // no more than handshakes, which are limited
            task -> {
              Thread thread = new Thread(task, "tls-handshake");
              thread.setDaemon(true);
              return thread;
            });
    threads.allowCoreThreadTimeOut(true); // none where nobody uses TLS
    return threads;
  }

  private static Peers noPeers() {
    return new Peers() {
      @Override
      public Optional<Peer> identify(X509Certificate certificate, InetAddress source) {
        return Optional.empty();
      }

      @Override
      public boolean mayComeFrom(InetAddress source) {
        return false;
      }
    };
  }

  /**
   * Binds what is missing; nothing else changes yet.
   *
   * @param next empty: no TLS
   * @throws IOException naming the address that could not be opened; then nothing is bound
   */
  public Prepared prepare(Optional<TlsParameters> next) throws IOException {
    List<InetSocketAddress> wanted = next.map(TlsParameters::listen).orElse(List.of());
    return new Prepared(next, listeners.openMissing(wanted));
  }

  /**
   * Takes over what was prepared.
   *
   * @param known who may come
   * @param servers whom we connect to: peers with {@link TlsPeer#connect}
   */
  public void apply(Prepared prepared, Peers known, List<Peer> servers) {
    List<TlsConnection> distrusted = distrusted(prepared.next);
    onLoop(
        () -> {
          parameters = prepared.next;
          peers = known;
          distrusted.forEach(
              c -> c.close(CloseReason.NO_LONGER_ALLOWED, "its certificate is not trusted now"));
          connectAsWanted(servers);
          List.copyOf(connections).forEach(this::checkAgain);
          if (parameters.isPresent() && !ticking) {
            ticking = true;
            tick();
          }
        });
    listeners.keep(prepared.next.map(TlsParameters::listen).orElse(List.of()), prepared.opened);
  }

  /**
   * Those whose certificate the next credentials do not vouch for. Computes, so not on the loop.
   */
  private List<TlsConnection> distrusted(Optional<TlsParameters> next) {
    List<TlsConnection> open = new ArrayList<>();
    List<TlsCredentials> before = new ArrayList<>();
    onLoop(
        () -> {
          parameters.map(TlsParameters::credentials).ifPresent(before::add);
          connections.stream().filter(TlsConnection::isOpen).forEach(open::add);
        });
    if (next.isEmpty() || before.isEmpty() || next.get().credentials().trustsAs(before.get(0))) {
      return List.of();
    }
    TlsCredentials credentials = next.get().credentials();
    open.removeIf(c -> credentials.trusts(c.chain(), c.direction() == Direction.REVERSE));
    return open;
  }

  /** After a reload: whether the other end is still somebody whom we know. */
  private void checkAgain(TlsConnection connection) {
    if (connection.direction() == Direction.REVERSE || !connection.isOpen()) {
      return;
    }
    Optional<Peer> now =
        parameters.isEmpty()
            ? Optional.empty()
            : peers.identify(connection.chain().get(0), connection.remote().getAddress());
    if (now.isPresent() && now.get().client().equals(connection.peer().client())) {
      connection.nowKnownAs(now.get());
    } else {
      connection.close(CloseReason.NO_LONGER_ALLOWED, "the configuration has changed");
    }
  }

  private void connectAsWanted(List<Peer> servers) {
    Map<Target, Peer> wanted = new LinkedHashMap<>();
    if (parameters.isPresent() && !closed) {
      for (Peer peer : servers) {
        peer.settings().connect().forEach(s -> wanted.put(new Target(peer.client(), s), peer));
      }
    }
    for (Map.Entry<Target, ReverseConnector> entry : List.copyOf(connectors.entrySet())) {
      ReverseConnector connector = entry.getValue();
      Optional<Peer> next = Optional.ofNullable(wanted.get(entry.getKey()));
      boolean same =
          next.isPresent()
              && next.get()
                  .settings()
                  .certificates()
                  .equals(connector.peer().settings().certificates());
      if (same) {
        connector.change(next.orElseThrow());
      } else {
        connector.stop(CloseReason.NO_LONGER_ALLOWED);
        connectors.remove(entry.getKey());
      }
    }
    wanted.forEach(
        (target, peer) -> {
          if (!connectors.containsKey(target)) {
            ReverseConnector connector =
                new ReverseConnector(
                    this::connect, timers, observer, random, peer, target.server());
            connectors.put(target, connector);
            connector.start();
          }
        });
  }

  @SuppressWarnings("FutureReturnValueIgnored") // nobody waits for the end of a refused connection
  private void accept(SocketChannel channel) {
    InetSocketAddress source = channel.remoteAddress();
    Optional<RefusalReason> refusal = refusal(source);
    if (refusal.isPresent()) {
      observer.refused(refusal.get(), source, "");
      channel.close();
      return;
    }
    TlsParameters settings = parameters.orElseThrow();
    SslContext ssl = settings.credentials().server();
    add(
        channel,
        ssl.newHandler(channel.alloc(), handshakes),
        settings,
        Direction.INCOMING,
        certificate -> peers.identify(certificate, source.getAddress()),
        connections::remove);
  }

  private Optional<RefusalReason> refusal(InetSocketAddress source) {
    if (parameters.isEmpty() || closed || !peers.mayComeFrom(source.getAddress())) {
      return Optional.of(RefusalReason.UNKNOWN_ADDRESS);
    }
    int incoming = 0;
    int unfinished = 0;
    for (TlsConnection connection : connections) {
      incoming += connection.direction() == Direction.INCOMING ? 1 : 0;
      unfinished += connection.isOpen() ? 0 : 1;
    }
    if (incoming >= parameters.get().maxConnections()) {
      return Optional.of(RefusalReason.TOO_MANY_CONNECTIONS);
    }
    return unfinished >= MAX_HANDSHAKES
        ? Optional.of(RefusalReason.TOO_MANY_HANDSHAKES)
        : Optional.empty();
  }

  private TlsConnection add(
      Channel channel,
      SslHandler ssl,
      TlsParameters settings,
      Direction direction,
      Function<X509Certificate, Optional<Peer>> identify,
      Consumer<TlsConnection> onEnd) {
    ssl.setHandshakeTimeout(settings.packetTimeout().toMillis(), TimeUnit.MILLISECONDS);
    RadiusFrames frames = new RadiusFrames();
    Optional<Watchdog> watchdog =
        direction == Direction.REVERSE
            ? Optional.of(new Watchdog(settings.watchdog(), random, timers.nanos()))
            : Optional.empty();
    TlsConnection connection =
        new TlsConnection(
            shared,
            settings,
            direction,
            random.nextLong(),
            identify,
            ended -> {
              connections.remove(ended);
              onEnd.accept(ended);
            },
            frames,
            watchdog);
    connections.add(connection);
    channel.pipeline().addLast(ssl, frames, connection);
    return connection;
  }

  private void connect(Peer peer, InetSocketAddress server, ReverseConnector connector) {
    TlsParameters settings = parameters.orElseThrow();
    SslContext ssl = settings.credentials().client();
    Optional<String> name =
        peer.settings().certificates().stream().flatMap(r -> r.serverName().stream()).findFirst();
    new Bootstrap()
        .group(loop)
        .channel(TlsListeners.isEpoll(loop) ? EpollSocketChannel.class : NioSocketChannel.class)
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MILLIS)
        .option(ChannelOption.TCP_NODELAY, true)
        .option(ChannelOption.SO_KEEPALIVE, true)
        .handler(
            new ChannelInitializer<SocketChannel>() {
              @Override
              protected void initChannel(SocketChannel channel) {
                // set up when connected: until then there is nothing to secure
              }
            })
        .connect(server)
        .addListener(
            (ChannelFuture done) -> {
              if (!done.isSuccess()) {
                connector.onEnd(TlsConnection.words(done.cause()));
                return;
              }
              SslHandler handler =
                  name.isPresent()
                      ? ssl.newHandler(
                          done.channel().alloc(), name.get(), server.getPort(), handshakes)
                      : ssl.newHandler(done.channel().alloc(), handshakes);
              connector.onConnection(
                  add(
                      done.channel(),
                      handler,
                      settings,
                      Direction.REVERSE,
                      certificate ->
                          Optional.of(connector.peer())
                              .filter(p -> p.settings().accepts(certificate)),
                      ended -> connector.onEnd(ended.detail())));
            });
  }

  private void tick() {
    long now = timers.nanos();
    List.copyOf(connections).forEach(c -> c.onTick(now));
    connectors.values().forEach(ReverseConnector::onTick);
    publish(now);
    if (!closed) {
      timers.after(TICK.toNanos(), this::tick);
    }
  }

  private void publish(long now) {
    List<Open> open = new ArrayList<>();
    int unfinished = 0;
    for (TlsConnection connection : connections) {
      if (connection.isOpen()) {
        open.add(
            new Open(
                connection.info().orElseThrow(),
                Duration.ofNanos(now - connection.openedAt()),
                connection.packets()));
      } else {
        unfinished++;
      }
    }
    open.sort(
        Comparator.comparing((Open o) -> o.connection().client())
            .thenComparing(o -> o.connection().remote().toString()));
    status =
        new Status(
            open,
            connectors.values().stream().map(ReverseConnector::status).toList(),
            unfinished,
            parameters.map(p -> p.credentials().expires()));
  }

  /**
   * Whether open connections are read; handshakes are, in any case. Of what comes meanwhile one
   * read of each connection is still handed on, the rest stays with the kernel, and then with the
   * sender. On the event loop.
   */
  public void read(boolean on) {
    gate.set(on);
  }

  /** Numbers at most a second old. From any thread. */
  public Status status() {
    return status;
  }

  /** The addresses that are listened on, with the ports that they got. */
  public List<InetSocketAddress> addresses() {
    return listeners.addresses();
  }

  /** Closes everything: what was written still leaves. Not on the loop. */
  public void close() {
    listeners.keep(List.of(), Map.of());
    onLoop(
        () -> {
          closed = true;
          connectors.values().forEach(c -> c.stop(CloseReason.STOPPING));
          List.copyOf(connections).forEach(c -> c.close(CloseReason.STOPPING, ""));
        });
    handshakes.shutdown();
  }

  private void onLoop(Runnable task) {
    CompletableFuture.runAsync(task, loop).join();
  }
}
