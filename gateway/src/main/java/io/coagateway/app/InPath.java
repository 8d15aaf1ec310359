package io.coagateway.app;

import io.coagateway.admin.Health;
import io.coagateway.dhcpv6.MessageType;
import io.coagateway.inpath.InPathObserver;
import io.coagateway.inpath.InPathParameters;
import io.coagateway.inpath.InPathRelay;
import io.coagateway.inpath.InPathSockets;
import io.coagateway.inpath.OptionsInForce;
import io.coagateway.inpath.Supply;
import io.coagateway.learn.BindingLearner;
import io.coagateway.relay.DhcpServer;
import io.coagateway.subscriber.SubscriberTable;
import io.coagateway.time.ExecutorTimers;
import io.coagateway.time.MonotonicClock;
import io.netty.channel.IoEventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The path with its event loop and sockets. It starts first and stops last: the access network
 * needs it more than anybody needs a CoA.
 */
final class InPath implements AutoCloseable {
  private static final long LOOP_END_SECONDS = 5;

  /** How long {@code /health} tells of a message that the table had no answer for. */
  private static final long TROUBLE_NANOS = TimeUnit.SECONDS.toNanos(60);

  private final MultiThreadIoEventLoopGroup loops = Transport.inUse().loops(1, "in-path");
  private final IoEventLoop loop = loops.next();
  private final Trouble trouble = new Trouble();
  private final PathLearning learning = new PathLearning(loop, InstantSource.system());
  private final OptionsInForce options;
  private final InPathRelay relay;
  private final InPathSockets sockets;

  private InPath(InPathParameters parameters, OptionsInForce options, InPathObserver observer) {
    this.options = options;
    relay =
        new InPathRelay(
            parameters,
            new ExecutorTimers(loop),
            loop,
            options,
            new FanOut.InPath(new FanOut.InPath(observer, trouble), learning));
    sockets = new InPathSockets(loop, relay);
  }

  /**
   * Starts to forward; without options until {@link #tableIs}.
   *
   * @throws IOException naming the address that could not be bound; then nothing is left
   */
  static InPath start(InPathParameters parameters, OptionsInForce options, InPathObserver observer)
      throws IOException {
    InPath path = new InPath(parameters, options, observer);
    try {
      options.listen(parameters.isOn());
      path.sockets.open(parameters.listen());
      return path;
    } catch (IOException e) {
      path.close();
      throw e;
    }
  }

  /** Has what passes learned, too. */
  void learn(BindingLearner learner) {
    learning.begin(learner);
  }

  void tableIs(SubscriberTable table) {
    loop.execute(() -> relay.tableIs(table));
  }

  /**
   * Opens what changed settings need.
   *
   * @throws IOException naming the address that could not be bound; nothing has changed
   */
  void prepare(InPathParameters next) throws IOException {
    sockets.open(next.listen());
  }

  /** Takes prepared settings over, or goes back to those in force. */
  void reload(InPathParameters next) {
    options.listen(next.isOn());
    loop.submit(() -> relay.reload(next)).syncUninterruptibly();
    sockets.closeAllBut(next.listen());
  }

  /** What a person should know although everything is forwarded. */
  List<Health.Reason> notes() {
    return trouble.note().map(List::of).orElse(List.of());
  }

  @Override
  public void close() {
    sockets.close();
    loops
        .shutdownGracefully(0, LOOP_END_SECONDS, TimeUnit.SECONDS)
        .awaitUninterruptibly(LOOP_END_SECONDS, TimeUnit.SECONDS);
  }

  /** Remembers the last message that went without options because of the table. */
  private static final class Trouble implements InPathObserver {
    private record Last(long atNanos, Supply why, String detail) {}

    private volatile Optional<Last> last = Optional.empty();

    @Override
    public void forwarded(
        DhcpServer server, MessageType type, Supply supply, InetSocketAddress from, String detail) {
      if (supply == Supply.TABLE_UNAVAILABLE || supply == Supply.TABLE_SLOW) {
        last = Optional.of(new Last(MonotonicClock.nanos(), supply, detail));
      }
    }

    Optional<Health.Reason> note() {
      return last.filter(l -> MonotonicClock.nanos() - l.atNanos() < TROUBLE_NANOS)
          .map(
              l ->
                  new Health.Reason(
                      "in-path",
                      "clients' messages are forwarded without options: " + l.detail(),
                      "Look at the table; clients get them at the Renew after it is back. Some keep"
                          + " what they have until then, some do without (RFC 9915 18.2.10.5)."));
    }
  }
}
