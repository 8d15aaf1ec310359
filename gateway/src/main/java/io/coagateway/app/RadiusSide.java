package io.coagateway.app;

import io.coagateway.config.GatewayConfig;
import io.coagateway.config.TableSettings;
import io.coagateway.das.DasClient;
import io.coagateway.das.DasParameters;
import io.coagateway.das.DynamicAuthorizationServer;
import io.coagateway.metrics.GatewayMetrics;
import io.coagateway.radius.DynamicAuthorizationHandler;
import io.coagateway.radsec.TlsTransport;
import io.coagateway.time.ExecutorTimers;
import io.coagateway.time.MonotonicClock;
import io.netty.channel.IoEventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The dynamic authorization server with the event loop that it runs on: one of its own, joined to
 * the gateway loop by {@link BetweenLoops}, where there is a core for it, otherwise the gateway
 * loop. What one process remembers of requests is handed to the next here.
 *
 * <p>Made, started, then perhaps reloaded; at the end {@link #stop} or not, {@link #close}, and
 * once the gateway loop has ended {@link #endLoop}. Not to be used on an event loop.
 */
final class RadiusSide implements AutoCloseable {
  /** A few rounds of both loops; only a loop that hangs takes longer. */
  private static final Duration SETTLE_PATIENCE = Duration.ofSeconds(2);

  private final IoEventLoop gateway;
  private final Optional<MultiThreadIoEventLoopGroup> ownLoops;
  private final IoEventLoop loop;
  private final GatewayMetrics metrics;
  private Optional<BetweenLoops> between = Optional.empty();
  private ReplayFile replayFile;
  private DynamicAuthorizationServer server;

  /**
   * @param gateway the gateway loop
   * @param subscribers decides, with the number of processors, whether there is a loop of its own
   */
  RadiusSide(IoEventLoop gateway, TableSettings subscribers, GatewayMetrics metrics) {
    this.gateway = gateway;
    this.metrics = metrics;
    this.ownLoops =
        hasCoreOfItsOwn(subscribers)
            ? Optional.of(Transport.inUse().loops(1, "radius"))
            : Optional.empty();
    this.loop = ownLoops.map(MultiThreadIoEventLoopGroup::next).orElse(gateway);
  }

  /**
   * A core besides those of the gateway loop and, with a database, its writer; without, two loops
   * would only wait for each other.
   */
  private static boolean hasCoreOfItsOwn(TableSettings subscribers) {
    int others = subscribers.table().isInMemory() ? 1 : 2;
    return Runtime.getRuntime().availableProcessors() > others;
  }

  /**
   * Opens the sockets; requests are handled from now on.
   *
   * @param handler called on the gateway loop
   * @param burstEnd called on the gateway loop after the last request of those that came together
   * @throws IOException when an address cannot be listened on; then nothing is open
   */
  void start(
      GatewayConfig config,
      DynamicAuthorizationHandler handler,
      Runnable burstEnd,
      Observers observers)
      throws IOException {
    replayFile = ReplayFile.in(config.subscribers().directory(), config.nas().identifier());
    if (ownLoops.isPresent()) {
      BetweenLoops way = new BetweenLoops(loop, gateway, handler, burstEnd);
      server = server(config, way, way::burstEnded, observers);
      way.regulate(server::read);
      between = Optional.of(way);
    } else {
      server = server(config, handler, burstEnd, observers);
    }
    server.start(config.das(), replayFile.read());
    metrics.watchServer(server::status);
    metrics.watchTls(server::tlsStatus);
    prepareClients(config.das());
    if (ownLoops.isPresent()) {
      await(() -> metrics.watchRadiusLoop(new ExecutorTimers(loop)));
    }
  }

  private DynamicAuthorizationServer server(
      GatewayConfig config,
      DynamicAuthorizationHandler handler,
      Runnable burstEnd,
      Observers observers) {
    return new DynamicAuthorizationServer(
        loop, config.attributes(), handler, observers.das(), observers.tls(), burstEnd);
  }

  /** The start has succeeded: what the process before remembered is this one's now. */
  void started() {
    replayFile.delete(); // a start that failed leaves it to the next one
  }

  /**
   * Takes clients, limits and listen addresses over.
   *
   * @throws IOException when an address cannot be listened on; then nothing has changed
   */
  void reload(DasParameters next) throws IOException {
    server.reload(next);
    prepareClients(next);
  }

  private void prepareClients(DasParameters das) {
    List<String> names = das.clients().stream().map(DasClient::name).toList();
    await(() -> metrics.prepareClients(names));
  }

  /**
   * Leaves new requests to the DAC's repetition, lets those under way end, closes the sockets and
   * keeps the replay memory for the next process.
   *
   * @param patience how long requests under way are waited for
   * @return why some were left unanswered; empty if none was
   */
  Optional<String> stop(Duration patience) {
    if (server == null) {
      return Optional.empty();
    }
    server.stopAccepting();
    Optional<String> undrained = drain(patience);
    // Sockets first: after the snapshot no answer leaves that the next process does not know.
    server.close();
    between.ifPresent(this::settle);
    replayFile.write(server.snapshot());
    return undrained;
  }

  /** What the gateway loop has decided until now is to be in the replay memory. */
  private void settle(BetweenLoops way) {
    long end = MonotonicClock.nanos() + SETTLE_PATIENCE.toNanos();
    do {
      pass(gateway, end); // the answers are on their way
      pass(loop, end); // and there
    } while (!way.isIdle() && MonotonicClock.nanos() - end < 0);
  }

  private static void pass(IoEventLoop loop, long end) {
    loop.submit(() -> {}).awaitUninterruptibly(end - MonotonicClock.nanos(), TimeUnit.NANOSECONDS);
  }

  private Optional<String> drain(Duration patience) {
    try {
      server.drained().toCompletableFuture().get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      return Optional.of("requests were left unanswered: " + e);
    }
    return Optional.empty();
  }

  /** The loop that the sockets are on. */
  IoEventLoop loop() {
    return loop;
  }

  /** Where RADIUS is listened for, one for each socket. */
  List<InetSocketAddress> addresses() {
    return server.addresses();
  }

  /** Where RADIUS over TLS is listened for. */
  List<InetSocketAddress> tlsAddresses() {
    return server.tlsAddresses();
  }

  /** The connections over TLS, at most a second old. From any thread. */
  TlsTransport.Status tlsStatus() {
    return server.tlsStatus();
  }

  /** Closes the sockets at once; answers that come later are not sent. */
  @Override
  public void close() {
    if (server != null) {
      server.close();
    }
  }

  /** After the gateway loop, which hands answers over, has ended. */
  void endLoop() {
    ownLoops.ifPresent(Transport::end);
  }

  private void await(Runnable task) {
    loop.submit(task).syncUninterruptibly();
  }
}
