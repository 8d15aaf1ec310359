package io.coagateway.app;

import io.coagateway.admin.AdminServer;
import io.coagateway.admin.AdminSources;
import io.coagateway.admin.GatewayStatus;
import io.coagateway.admin.Health;
import io.coagateway.config.GatewayConfig;
import io.coagateway.config.NasSettings;
import io.coagateway.das.DasObserver;
import io.coagateway.dynauth.CommandDataPath;
import io.coagateway.dynauth.DataPath;
import io.coagateway.dynauth.DynamicAuthorizationService;
import io.coagateway.dynauth.Elsewhere;
import io.coagateway.dynauth.Returns;
import io.coagateway.inpath.InPathObserver;
import io.coagateway.inpath.OptionsInForce;
import io.coagateway.mapping.Carrier;
import io.coagateway.metrics.GatewayMetrics;
import io.coagateway.radius.RequestRules;
import io.coagateway.radsec.TlsObserver;
import io.coagateway.radsec.TlsTransport;
import io.coagateway.relay.RelayAgent;
import io.coagateway.relay.RelayObserver;
import io.coagateway.relay.UdpTransport;
import io.coagateway.subscriber.RecordFormat;
import io.coagateway.subscriber.SubscriberRecord;
import io.coagateway.subscriber.SubscriberTable;
import io.coagateway.subscriber.SubscriberTables;
import io.coagateway.subscriber.TableFile;
import io.coagateway.subscriber.TableUnavailableException;
import io.coagateway.time.ExecutorTimers;
import io.coagateway.wire.AddressText;
import io.netty.channel.IoEventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * The gateway with all its parts. They start in flow order, so that nothing is accepted before
 * everything behind it stands: table, DHCPv6 sockets, relay agent, decisions, RADIUS sockets. They
 * stop in reverse. Before all of them, and after them, comes the path of other relays, which needs
 * none of them to forward; with it, a database that cannot be opened is no reason not to start.
 *
 * <p>Two event loops: the RADIUS loop has the sockets of DACs, proofs and signatures, see {@link
 * RadiusSide}; the gateway loop, which is meant wherever "the loop" is not named, has sessions,
 * decisions and DHCPv6. They are one where there is no core for a second.
 *
 * <p>Not to be used on an event loop: starting, reloading and stopping block.
 */
public final class GatewayProcess implements AutoCloseable {
  private static final Duration PICTURE_INTERVAL = Duration.ofSeconds(1);

  private final Observers observers;
  private final GatewayMetrics metrics;
  private final StatusBoard board = new StatusBoard(InstantSource.system());
  private final DasBoard dasBoard = new DasBoard(InstantSource.system());
  private final SettingsInForce settings = new SettingsInForce(InstantSource.system());
  private final Picture picture;
  private final EventHub events;
  private final MultiThreadIoEventLoopGroup loops = Transport.inUse().loops(1, "gateway");
  private final IoEventLoop loop = loops.next();
  private final ExecutorTimers timers = new ExecutorTimers(loop);
  private final OptionsInForce optionsInForce = new OptionsInForce();
  private final LeftChanges left = new LeftChanges();
  private final Returns returns;
  private final RadiusSide radius;
  private GatewayConfig config;
  private InPath inPath;
  private SubscriberTable table;
  private Optional<TableFile> tableFile = Optional.empty();
  private UdpTransport dhcpv6;
  private RelayAgent relay;
  private DynamicAuthorizationService service;
  private final Map<NasSettings.OnDisconnect, CommandDataPath> commands = new HashMap<>();
  private Optional<AdminServer> admin = Optional.empty();
  private Optional<Learning> learning = Optional.empty();
  private Optional<Accounting> accounting = Optional.empty();
  private Optional<RecoveryAtStart> recovery = Optional.empty();
  private Optional<LeasequeryOnMiss> missed = Optional.empty();
  private volatile GatewayStatus status;
  private volatile Health health = Health.OK;
  private final LoopWatch loopsRun = new LoopWatch(timers::nanos);

  private GatewayProcess(GatewayConfig config, String version, Observers extra) {
    this.config = config;
    this.returns =
        config.learn().capture().isEmpty() && !config.inPath().isOn()
            ? Returns.unseen()
            : Returns.seen();
    this.metrics = new GatewayMetrics(version);
    this.radius = new RadiusSide(loop, config.subscribers(), metrics);
    this.picture = new Picture(version, InstantSource.system());
    this.events = new EventHub(config.attributes());
    this.observers =
        new Observers(
                metrics.das(),
                metrics.requests(),
                metrics.relay(),
                metrics.table(),
                metrics.tls(),
                metrics.inPath())
            .and(
                new Observers(
                    dasBoard, board, board, events, TlsObserver.NONE, InPathObserver.NONE))
            .and(
                new Observers(
                    DasObserver.none(),
                    events,
                    RelayObserver.NONE,
                    optionsInForce,
                    TlsObserver.NONE,
                    InPathObserver.NONE))
            .and(extra);
  }

  /**
   * Starts a gateway; it answers when this returns.
   *
   * @param version of the program, for metrics and status page
   * @param extra who listens besides metrics, status page and events
   * @throws StartException when a part cannot start; then nothing of it is left
   */
  public static GatewayProcess start(GatewayConfig config, String version, Observers extra)
      throws StartException {
    GatewayProcess process = new GatewayProcess(config, version, extra);
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
      inPath = InPath.start(config.inPath(), optionsInForce, observers.inPath());
      table = tableOrLater();
      inPath.tableIs(table);
      dhcpv6 = UdpTransport.open(loop, config.relay());
      if (config.leasequery().miss().isOn()) {
        missed =
            Optional.of(
                LeasequeryOnMiss.open(
                    loop,
                    config.leasequery().miss(),
                    table,
                    server -> relay.mayPass(server),
                    timers,
                    metrics.leasequery()));
      }
      await(
          () -> {
            relay =
                new RelayAgent(
                    config.relay(),
                    timers,
                    new SecureRandom(),
                    new SplittableRandom(),
                    dhcpv6,
                    dhcpv6.delivery(),
                    observers.relay());
            service =
                new DynamicAuthorizationService(
                    table,
                    new RelaySide(relay),
                    timers,
                    this::onLoop,
                    observers.requests(),
                    missed.map(LeasequeryOnMiss::forRequests).orElse(Elsewhere.NOBODY),
                    returns);
            configureService();
          });
      dhcpv6.start(relay);
      await(service::repeatPending);
      left.repeatBy(changes -> onLoop(() -> service.repeat(changes)));
      await(service::watch);
      radius.start(config, service, relay::burstEnd, observers);
      startLearning();
      watch();
      startAdmin();
      if (table instanceof LateTable late) {
        late.open(this::openTable, opened -> loop.execute(service::repeatPending));
      }
      recovery = Optional.of(new RecoveryAtStart(config.leasequery(), table));
      recovery.get().start();
      radius.started();
    } catch (IOException e) {
      throw new StartException(e.getMessage(), e);
    }
  }

  private void startLearning() throws IOException {
    if (config.accounting().isOn()) {
      accounting =
          Optional.of(
              new Accounting(
                  config,
                  table,
                  loop,
                  timers,
                  metrics.accounting(),
                  session -> missed.ifPresent(m -> m.forAccounting(session, this::appeared))));
    }
    Learning learn =
        new Learning(config, table, this::onLoop, timers, metrics.learn(), this::appeared, returns);
    learning = Optional.of(learn);
    await(learn::start);
    inPath.learn(learn.fromPath());
  }

  /** Something was learned of a record's client; a session may wait for it. On the loop. */
  private void appeared(SubscriberRecord record) {
    accounting.ifPresent(a -> a.recordAppeared(record));
  }

  /** In the path, messages are forwarded whatever becomes of the table. */
  private SubscriberTable tableOrLater() throws StartException {
    try {
      SubscriberTable opened = openTable();
      table = opened; // closed with the rest should the file's follower fail
      left.foundAtStart(opened.foundAtStart());
      followFile();
      return opened;
    } catch (TableUnavailableException e) {
      if (table != null || !config.inPath().isOn()) {
        throw new StartException("subscribers.database: " + e.getMessage(), e);
      }
      observers.table().unavailable(e.reason(), 1);
      return new LateTable(e, config.subscribers().table().queueLimit(), observers.table());
    }
  }

  /** A database that was opened late has its file read from the next start on. */
  private void followFile() throws TableUnavailableException {
    if (config.subscribers().file().isPresent()) {
      tableFile =
          Optional.of(
              TableFile.start(
                  config.subscribers().file().get(),
                  config.subscribers().fileInterval(),
                  config.dynauth().nas(),
                  table,
                  config.subscribers().table(),
                  config.attributes(),
                  observers.table()));
    }
  }

  private SubscriberTable openTable() throws TableUnavailableException {
    return SubscriberTables.open(
        config.accounting().isOn() || config.leasequery().miss().isOn()
            ? config.subscribers().table().withClientKeys()
            : config.subscribers().table(),
        config.attributes(),
        new FanOut.Table(observers.table(), left),
        loop, // not onLoop: behind the task that asks, so that a burst is written together
        timers::nanos);
  }

  private void watch() {
    metrics.watchTable(table::status);
    metrics.watchEvents(events::listening, events::cutOff);
    metrics.watchReloads(settings::areTheLastRead, settings::since);
    await(
        () -> {
          metrics.prepareServers(config.relay().servers());
          metrics.watchLoop(timers, relay::status);
          takePicture();
        });
  }

  /**
   * Once a second, on the gateway loop: the admin port shows the last one and never asks the loop.
   */
  private void takePicture() {
    List<RelayAgent.LaneStatus> lanes = relay.status();
    TlsTransport.Status tls = radius.tlsStatus();
    status = picture.status(config, board, dasBoard, lanes, table.status(), tls);
    health =
        picture
            .health(board, lanes, table.status(), tls)
            .noting(learning.flatMap(Learning::trouble).stream().toList())
            .noting(inPath.notes())
            .noting(settings.notes());
    loopsRun.gatewayRan();
    radius.loop().execute(loopsRun::radiusRan);
    timers.after(PICTURE_INTERVAL.toNanos(), this::takePicture);
  }

  private void startAdmin() throws IOException {
    AcceptLog.warnOfFewDescriptors(config);
    SubscriberApi subscribers =
        new SubscriberApi(table, config.attributes(), config.dynauth().nas());
    admin =
        Optional.of(
            AdminServer.start(
                config.admin(),
                new AdminSources(
                    metrics::scrape,
                    () -> loopsRun.judge(health),
                    () -> status,
                    Optional.of(subscribers),
                    Optional.of(events)),
                new AcceptLog().and(metrics.admin())));
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
        config.attributes(),
        dataPath);
  }

  /**
   * What the settings in force cut by. Earlier ones are not closed before the gateway is: requests
   * under way go on with them, and where nothing runs they have no threads.
   */
  private DataPath dataPath() {
    Optional<NasSettings.OnDisconnect> onDisconnect = config.nas().onDisconnect();
    return onDisconnect.isEmpty()
        ? DataPath.NOT_OURS
        : commands.computeIfAbsent(
            onDisconnect.get(),
            cut ->
                new CommandDataPath(
                    cut.command(), cut.timeout(), new RecordFormat(config.attributes())::print));
  }

  /**
   * The way to systemd, whose watchdog this gateway's event loops feed from now on.
   *
   * @param environment of the process
   */
  public SdNotify serviceManager(Map<String, String> environment) {
    return SdNotify.open(environment, loop, radius.loop());
  }

  /** Where RADIUS is listened for, one for each socket. */
  public List<InetSocketAddress> radiusAddresses() {
    return radius.addresses();
  }

  /** Where RADIUS over TLS is listened for. */
  public List<InetSocketAddress> tlsAddresses() {
    return radius.tlsAddresses();
  }

  /**
   * What listens besides {@link #radiusAddresses}, as the log says it: {@code " tls=[…]
   * admin=[…]"}. All but TLS as configured, where a port may be 0.
   */
  public String otherListeners() {
    Map<String, List<InetSocketAddress>> listening = new LinkedHashMap<>();
    listening.put("tls", tlsAddresses());
    listening.put("accounting", config.accounting().listen());
    listening.put("in-path", config.inPath().listen());
    listening.put("other-relays", config.relay().forwarding().listen());
    listening.put("admin", config.admin().listen().stream().toList());
    StringBuilder text = new StringBuilder();
    listening.forEach(
        (name, addresses) -> {
          if (!addresses.isEmpty()) {
            text.append(' ').append(name).append('=');
            text.append(addresses.stream().map(AddressText::of).toList());
          }
        });
    config.admin().socket().ifPresent(path -> text.append(" admin-socket=").append(path));
    return text.toString();
  }

  /** The subscriber table. */
  public SubscriberTable table() {
    return table;
  }

  /** The settings in force. */
  public GatewayConfig config() {
    return config;
  }

  /**
   * Takes changed settings over without losing a packet or an exchange: requests under way go on
   * with those that they were started with. What is {@link AtStartOnly} stays as it is until a
   * restart; where {@code changed} has something else, that is said and {@link #config} shows what
   * is in force.
   *
   * @throws StartException when a new address cannot be bound; then everything stays as it was, and
   *     {@code /health} and metrics say so
   */
  public synchronized void reload(GatewayConfig changed) throws StartException {
    GatewayConfig before = config;
    AtStartOnly atStart = AtStartOnly.of(before, changed);
    GatewayConfig next = atStart.config();
    try {
      inPath.prepare(next.inPath());
      dhcpv6.prepare(next.relay());
      radius.reload(next.das());
      config = next;
      await(
          () -> {
            relay.reload(next.relay());
            configureService();
            metrics.prepareServers(next.relay().servers());
            atStart.left().forEach(this::noteIncomplete);
          });
      dhcpv6.takeOver();
      dhcpv6.closeListeners(next.relay());
      inPath.reload(next.inPath());
      settings.replaced();
    } catch (IOException e) {
      config = before;
      inPath.reload(before.inPath());
      dhcpv6.discard();
      await(relay::notReloaded);
      settings.kept("an address cannot be listened on");
      throw new StartException(e.getMessage(), e);
    }
  }

  /**
   * Settings were read that cannot be used, so {@link #reload} was not even tried: {@code /health}
   * and metrics say so until a reload succeeds.
   *
   * @param why in words, without any value of the configuration
   */
  public void reloadRefused(String why) {
    settings.kept(why);
  }

  private void noteIncomplete(String key) {
    observers.requests().noted("reload-incomplete", key + " changes at the next start only");
  }

  /**
   * Stops: new requests are left to the DAC's repetition, what is in flight ends within {@code
   * patience}, the sockets close, the replay memory is kept for the next process, then everything
   * else closes in reverse order.
   */
  public synchronized void stop(Duration patience) {
    radius.stop(patience).ifPresent(why -> observers.requests().noted("stopped-undrained", why));
    close();
  }

  /** Closes everything at once; what is in flight is left. */
  @Override
  public synchronized void close() {
    recovery.ifPresent(RecoveryAtStart::close);
    admin.ifPresent(AdminServer::close);
    admin = Optional.empty();
    learning.ifPresent(Learning::close);
    learning = Optional.empty();
    accounting.ifPresent(Accounting::close);
    accounting = Optional.empty();
    radius.close();
    missed.ifPresent(LeasequeryOnMiss::close);
    missed = Optional.empty();
    if (dhcpv6 != null) {
      dhcpv6.close();
      dhcpv6 = null;
    }
    commands.values().forEach(CommandDataPath::close);
    commands.clear();
    tableFile.ifPresent(TableFile::close);
    tableFile = Optional.empty();
    if (table != null) {
      table.close(); // the database has everything that was begun
      table = null;
    }
    if (inPath != null) {
      inPath.close();
      inPath = null;
    }
    Transport.end(loops);
    radius.endLoop();
    metrics.close();
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
}
