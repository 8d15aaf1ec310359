package io.coagateway.relay;

import io.coagateway.dhcpv6.Duid;
import io.coagateway.time.Timers;
import io.coagateway.wire.Octets;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.random.RandomGenerator;

/**
 * The relay agent's own exchanges: tasks in, datagrams out, datagrams in, outcomes out. It owns no
 * socket and no thread; one event loop calls everything here.
 *
 * <p>Tasks that come in one burst share messages: nothing leaves before {@link #burstEnd}, or
 * before the loop's current task is done when nobody calls that. Outcomes are told at the same
 * moments, so {@code done} never runs within the call that it was given to.
 */
public final class RelayAgent implements DatagramReceiver {
  /** The socket for each server. */
  public interface Ports {
    /** Where messages to {@code server} leave, as its bind or the general one says. */
    DatagramPort portFor(DhcpServer server);

    /**
     * What the settings no longer call for may be closed, but for {@code inUse}. Called on the
     * loop, after a reload or its refusal, and when the last exchange has ended that used a port
     * from before it.
     *
     * @param inUse where messages leave, or answers to those under way may still come
     */
    default void closeUnused(Set<DatagramPort> inUse) {}
  }

  private final Timers timers;
  private final RandomGenerator random;
  private final Ports ports;
  private final ServerLane.Services services;
  private final Completions completions;
  private final ReplyDispatcher dispatcher;
  private final RequestForwarder forwarder;
  private final Map<String, ServerLane> lanes = new HashMap<>();
  private final List<ServerLane> retired = new ArrayList<>();
  private RelayParameters parameters;
  private Contents contents;
  private Optional<Timers.Timer> wakeUp = Optional.empty();
  private boolean somethingIsUnused;

  /**
   * @param parameters settings; {@link #reload} changes them
   * @param timers of the loop that calls this
   * @param random for transaction ids; a secure one outside tests
   * @param jitter for the spread of retransmissions, which need not be a secret (RFC 8415 section
   *     15)
   * @param ports the sockets
   * @param delivery where a RECONFIGURE that is handed to us goes
   * @param observer sees what happens
   */
  public RelayAgent(
      RelayParameters parameters,
      Timers timers,
      RandomGenerator random,
      RandomGenerator jitter,
      Ports ports,
      ClientDelivery delivery,
      RelayObserver observer) {
    this.timers = timers;
    this.random = random;
    this.ports = ports;
    DoubleSupplier rand = () -> jitter.nextDouble() * 0.2 - 0.1;
    services =
        new ServerLane.Services(
            new TimerWheel(timers), observer, rand, this::wakeUp, this::onUnused);
    completions = new Completions(timers, this::wakeUp);
    forwarder = new RequestForwarder(timers, observer);
    dispatcher = new ReplyDispatcher(timers, delivery, observer, forwarder);
    reload(parameters);
  }

  /**
   * New settings. Servers are the same when name and address are; what is under way with others
   * runs out, but no new task goes to them. Answers are taken where they were asked from, even if
   * the server now has another name or bind.
   */
  public void reload(RelayParameters changed) {
    parameters = changed;
    contents = new Contents(changed);
    Map<String, ServerLane> before = new HashMap<>(lanes);
    lanes.clear();
    for (DhcpServer server : changed.servers()) {
      ServerLane lane = before.get(server.name());
      if (lane != null && lane.server().address().equals(server.address())) {
        before.remove(server.name());
        lane.reconfigure(server, ports.portFor(server), changed.maxDhcpOctets());
      } else {
        lane = newLane(server);
      }
      lanes.put(server.name(), lane);
    }
    before.values().forEach(ServerLane::retire);
    retired.addAll(before.values());
    letUnusedGo();
    forwarder.setLanes(changed, lanes.values());
  }

  /** Settings were prepared and then refused: what was kept open for them alone goes. */
  public void notReloaded() {
    letUnusedGo();
  }

  /** Retired lanes without a message, and ports where no answer can come any longer. */
  private void letUnusedGo() {
    somethingIsUnused = false;
    retired.removeIf(ServerLane::isIdle);
    dispatcher.setLanes(parameters, lanes.values(), retired);
    Set<DatagramPort> inUse = new HashSet<>();
    lanes.values().forEach(lane -> lane.addPortsTo(inUse));
    retired.forEach(lane -> lane.addPortsTo(inUse));
    ports.closeUnused(inUse);
  }

  private void onUnused() {
    somethingIsUnused = true;
    wakeUp();
  }

  private ServerLane newLane(DhcpServer server) {
    return new ServerLane(
        services,
        new TransactionIds(random),
        new ServerHealth(parameters.deadServerMemory().toNanos()),
        server,
        ports.portFor(server),
        parameters.maxDhcpOctets());
  }

  /**
   * Asks the task's servers to reconfigure its client.
   *
   * @param done is told the outcome exactly once, on the loop, after this call
   */
  public Exchange reconfigure(ReconfigureTask task, Consumer<ExchangeOutcome> done) {
    ReconfigureExchange exchange = new ReconfigureExchange(task, completions, done);
    exchange.start(contents, timers.nanos());
    return exchange;
  }

  /**
   * Releases the task's leases at its server.
   *
   * @param done is told the outcome exactly once, on the loop, after this call
   */
  public Exchange release(ReleaseTask task, Consumer<ExchangeOutcome> done) {
    Optional<ServerLane> lane = laneOf(task.server());
    if (lane.isEmpty()) {
      NotSentReason reason = NotSentReason.SWITCHED_OFF;
      completions.add(
          done,
          new ExchangeOutcome.NotSent(
              reason, List.of(ServerResult.notSent(task.server(), reason))));
      return ignored -> {};
    }
    ReleaseExchange exchange = new ReleaseExchange(task, lane.get(), contents, completions, done);
    exchange.start(timers.nanos());
    return exchange;
  }

  /**
   * Why no message would leave for the task if it were released now; empty: one would. For who has
   * to do before {@link #release} what cannot be undone. Takes no room, so that {@link #release}
   * may find none later. Counts as not sent what {@link #release} would count.
   */
  public Optional<NotSentReason> obstacleTo(ReleaseTask task) {
    Optional<ServerLane> lane = laneOf(task.server());
    if (lane.isEmpty()) {
      return Optional.of(NotSentReason.SWITCHED_OFF);
    }
    Optional<NotSentReason> obstacle =
        new ReleaseExchange(task, lane.get(), contents, completions, outcome -> {})
            .obstacle(timers.nanos());
    obstacle.ifPresent(reason -> services.observer().notSent(task.server(), reason));
    return obstacle;
  }

  /** The burst of requests, or of datagrams, is over: sends what waits and tells what is known. */
  @Override
  public void burstEnd() {
    wakeUp.ifPresent(Timers.Timer::cancel);
    pump();
  }

  /**
   * One datagram from one of the sockets. {@link #burstEnd} follows it, or the end of the loop's
   * task does.
   *
   * @param source where it came from
   */
  @Override
  public void onDatagram(Octets datagram, InetSocketAddress source) {
    dispatcher.onDatagram(datagram, source);
  }

  /**
   * One datagram from another relay, at one of the addresses of {@link
   * ForwardingParameters#listen}.
   *
   * @param source where it came from
   * @param arrivedAt the socket that it came to; the answer leaves from there
   */
  @Override
  public void onForwardable(Octets datagram, InetSocketAddress source, DatagramPort arrivedAt) {
    forwarder.onRequest(datagram, source, arrivedAt);
  }

  /** The configured server with this DUID, configured or learned; empty: none is known to be it. */
  public Optional<DhcpServer> serverOf(Duid duid) {
    for (DhcpServer server : parameters.servers()) {
      if (duidOf(server).equals(Optional.of(duid))) {
        return Optional.of(server);
      }
    }
    return Optional.empty();
  }

  /** The DUID of a server, configured or learned from its answers. */
  public Optional<Duid> duidOf(DhcpServer server) {
    return laneOf(server).flatMap(ServerLane::serverDuid);
  }

  /**
   * Takes a permit of a server's rate limit, for a datagram to it that is no exchange of the
   * agent's and leaves at once; never waits.
   */
  public boolean mayPass(DhcpServer server) {
    return laneOf(server).filter(lane -> lane.mayPass(timers.nanos())).isPresent();
  }

  /** The servers, in configured order. */
  public List<DhcpServer> servers() {
    return parameters.servers();
  }

  /**
   * What one server's lane looks like now.
   *
   * @param reachable it answers, or was never asked; not so from what it left unanswered until it
   *     is heard again
   * @param waitedFor whether anybody waits for it: it is reachable, or long enough ago it was not
   * @param underWay messages that were sent and not answered
   * @param waiting messages that wait to be sent
   */
  public record LaneStatus(
      DhcpServer server, boolean reachable, boolean waitedFor, int underWay, int waiting) {}

  /** All servers' lanes, in configured order. */
  public List<LaneStatus> status() {
    List<LaneStatus> status = new ArrayList<>();
    for (DhcpServer server : parameters.servers()) {
      ServerLane lane = lanes.get(server.name());
      status.add(
          new LaneStatus(
              server,
              !lane.isSilent(),
              !lane.isDead(timers.nanos()),
              lane.underWay(),
              lane.waiting()));
    }
    return status;
  }

  /** Messages that wait to be sent or for an answer, over all servers; 0: drained. */
  public int inFlight() {
    int sum = 0;
    for (ServerLane lane : lanes.values()) {
      sum += lane.underWay() + lane.waiting();
    }
    for (ServerLane lane : retired) {
      sum += lane.underWay() + lane.waiting();
    }
    return sum;
  }

  private Optional<ServerLane> laneOf(DhcpServer server) {
    return Optional.ofNullable(lanes.get(server.name()));
  }

  private void wakeUp() {
    if (wakeUp.isEmpty()) {
      wakeUp = Optional.of(timers.after(0, this::pump));
    }
  }

  private void pump() {
    wakeUp = Optional.empty();
    completions.tellAll(); // what is told may bring new tasks for the same flush
    long now = timers.nanos();
    for (ServerLane lane : lanes.values()) {
      lane.flush(now);
    }
    for (ServerLane lane : retired) {
      lane.flush(now);
    }
    if (somethingIsUnused) {
      letUnusedGo();
    }
  }

  /** Makes contents with the settings in force. */
  private final class Contents implements ReconfigureExchange.Lanes, ReleaseExchange.Contents {
    private final MessageContents made;

    Contents(RelayParameters parameters) {
      made = new MessageContents(parameters);
    }

    @Override
    public Optional<ServerLane> laneOf(DhcpServer server) {
      return RelayAgent.this.laneOf(server);
    }

    @Override
    public MessageContent contentFor(ServerLane lane, ReconfigureTask task) {
      return made.reconfigureRequest(lane, task);
    }

    @Override
    public Optional<MessageContent> releaseRequest(ServerLane lane, Duid serverDuid) {
      return made.releaseRequest(lane, serverDuid);
    }

    @Override
    public MessageContent relayedRelease(ServerLane lane, Duid serverDuid, ReleaseTask task) {
      return made.relayedRelease(lane, serverDuid, task);
    }
  }
}
