package io.coagateway.app;

import io.coagateway.config.GatewayConfig;
import io.coagateway.das.DynamicAuthorizationServer;
import io.coagateway.dhcpv6.Duid;
import io.coagateway.dynauth.CommandDataPath;
import io.coagateway.dynauth.DataPath;
import io.coagateway.dynauth.DynamicAuthorizationService;
import io.coagateway.dynauth.Exchanges;
import io.coagateway.mapping.Carrier;
import io.coagateway.radius.RequestRules;
import io.coagateway.relay.DhcpServer;
import io.coagateway.relay.Exchange;
import io.coagateway.relay.ReconfigureOutcome;
import io.coagateway.relay.ReconfigureTask;
import io.coagateway.relay.RelayAgent;
import io.coagateway.relay.ReleaseOutcome;
import io.coagateway.relay.ReleaseTask;
import io.coagateway.relay.UdpTransport;
import io.coagateway.subscriber.RecordFormat;
import io.coagateway.subscriber.SubscriberTable;
import io.coagateway.subscriber.SubscriberTables;
import io.coagateway.subscriber.TableUnavailableException;
import io.coagateway.time.ExecutorTimers;
import io.netty.channel.IoEventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * The gateway with all its parts. They start in flow order, so that nothing is accepted before
 * everything behind it stands: table, DHCPv6 sockets, relay agent, decisions, RADIUS sockets. They
 * stop in reverse.
 *
 * <p>Not to be used on an event loop: starting, reloading and stopping block.
 */
public final class GatewayProcess implements AutoCloseable {
  /** How long the event loops may take to end once nothing is left to do. */
  private static final long LOOP_END_SECONDS = 5;

  private final Observers observers;
  private final MultiThreadIoEventLoopGroup loops;
  private final IoEventLoop loop;
  private final ExecutorTimers timers;
  private GatewayConfig config;
  private SubscriberTable table;
  private UdpTransport dhcpv6;
  private RelayAgent relay;
  private DynamicAuthorizationService service;
  private DynamicAuthorizationServer radius;
  private Optional<CommandDataPath> command = Optional.empty();

  private GatewayProcess(GatewayConfig config, Observers observers) {
    this.config = config;
    this.observers = observers;
    this.loops = Transport.inUse().loops(1, "gateway");
    this.loop = loops.next();
    this.timers = new ExecutorTimers(loop);
  }

  /**
   * Starts a gateway; it answers when this returns.
   *
   * @throws StartException when a part cannot start; then nothing of it is left
   */
  public static GatewayProcess start(GatewayConfig config, Observers observers)
      throws StartException {
    GatewayProcess process = new GatewayProcess(config, observers);
    try {
      process.startParts();
      return process;
    } catch (StartException e) {
      process.close();
      throw e;
    }
  }

  private void startParts() throws StartException {
    try {
      table =
          SubscriberTables.open(
              config.subscribers().table(),
              config.attributes(),
              observers.table(),
              this::onLoop,
              timers::nanos);
    } catch (TableUnavailableException e) {
      throw new StartException("subscribers.database: " + e.getMessage(), e);
    }
    try {
      dhcpv6 = UdpTransport.open(loop, config.relay());
      await(
          () -> {
            relay =
                new RelayAgent(
                    config.relay(),
                    timers,
                    new SecureRandom(),
                    dhcpv6,
                    dhcpv6.delivery(),
                    observers.relay());
            service =
                new DynamicAuthorizationService(
                    table, new RelaySide(), timers, this::onLoop, observers.requests());
            configureService();
          });
      dhcpv6.start(relay);
      radius =
          new DynamicAuthorizationServer(
              loop, config.attributes(), service, observers.das(), relay::burstEnd);
      await(service::repeatPending);
      radius.start(config.das(), Optional.empty());
    } catch (IOException e) {
      throw new StartException(e.getMessage(), e);
    }
  }

  private void configureService() {
    List<Carrier> carriers = config.dynauth().carriers();
    DataPath dataPath = dataPath();
    service.configure(
        config.dynauth(),
        new RequestRules(
            config.requestParameters(id -> config.mapping().mayCarry(id, carriers)),
            config.attributes()),
        config.mapping(),
        dataPath);
  }

  private DataPath dataPath() {
    command.ifPresent(CommandDataPath::retire);
    RecordFormat format = new RecordFormat(config.attributes());
    command =
        config
            .nas()
            .onDisconnect()
            .map(cut -> new CommandDataPath(cut.command(), cut.timeout(), format::print));
    return command.map(path -> (DataPath) path).orElse(DataPath.NOT_OURS);
  }

  /** Where RADIUS is listened for, one for each socket. */
  public List<InetSocketAddress> radiusAddresses() {
    return radius.addresses();
  }

  /** The subscriber table, for the admin port. */
  public SubscriberTable table() {
    return table;
  }

  /** How the RADIUS side is, for the admin port. */
  public DynamicAuthorizationServer radius() {
    return radius;
  }

  /** The settings in force. */
  public GatewayConfig config() {
    return config;
  }

  /** How the DHCPv6 servers are, for the admin port; asked on the loop. */
  public List<RelayAgent.LaneStatus> servers() {
    return call(relay::status);
  }

  /**
   * Takes changed settings over without losing a packet or an exchange: requests under way go on
   * with those that they were started with. The database, the NAS and the admin port stay as they
   * are until a restart.
   *
   * @throws StartException when a new address cannot be bound; then everything stays as it was
   */
  public synchronized void reload(GatewayConfig next) throws StartException {
    GatewayConfig before = config;
    try {
      dhcpv6.prepare(next.relay());
      radius.reload(next.das());
      config = next;
      await(
          () -> {
            relay.reload(next.relay());
            configureService();
          });
      dhcpv6.closeUnused(next.relay());
    } catch (IOException e) {
      config = before;
      throw new StartException(e.getMessage(), e);
    }
  }

  /**
   * Stops: new requests are left to the DAC's repetition, what is in flight ends within {@code
   * patience}, then everything closes in reverse order.
   */
  public synchronized void stop(Duration patience) {
    if (radius != null) {
      radius.stopAccepting();
      try {
        radius.drained().toCompletableFuture().get(patience.toMillis(), TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (ExecutionException | TimeoutException e) {
        observers.requests().noted("stopped-undrained", "requests were left unanswered: " + e);
      }
    }
    close();
  }

  /** Closes everything at once; what is in flight is left. */
  @Override
  public synchronized void close() {
    if (radius != null) {
      radius.close();
      radius = null;
    }
    if (dhcpv6 != null) {
      dhcpv6.close();
      dhcpv6 = null;
    }
    command.ifPresent(CommandDataPath::close);
    command = Optional.empty();
    if (table != null) {
      table.close(); // the database has everything that was begun
      table = null;
    }
    loops
        .shutdownGracefully(0, LOOP_END_SECONDS, TimeUnit.SECONDS)
        .awaitUninterruptibly(LOOP_END_SECONDS, TimeUnit.SECONDS);
  }

  private void onLoop(Runnable task) {
    if (loop.inEventLoop()) {
      task.run();
    } else {
      loop.execute(task);
    }
  }

  private void await(Runnable task) {
    loop.submit(task).syncUninterruptibly();
  }

  private <T> T call(java.util.concurrent.Callable<T> task) {
    return loop.submit(task).syncUninterruptibly().getNow();
  }

  /** The relay agent as the decisions see it. */
  private final class RelaySide implements Exchanges {
    @Override
    public Exchange reconfigure(ReconfigureTask task, Consumer<ReconfigureOutcome> done) {
      return relay.reconfigure(task, done);
    }

    @Override
    public Exchange release(ReleaseTask task, Consumer<ReleaseOutcome> done) {
      return relay.release(task, done);
    }

    @Override
    public Optional<DhcpServer> serverOf(Duid duid) {
      return relay.serverOf(duid);
    }
  }
}
