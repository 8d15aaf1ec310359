package io.coagateway.app;

import io.coagateway.time.ExecutorTimers;
import io.coagateway.time.MonotonicClock;
import io.coagateway.time.Timers;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainDatagramChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells systemd how the service is doing, in the protocol of sd_notify(3): datagrams of {@code
 * NAME=value} lines to the Unix socket named by {@code NOTIFY_SOCKET}. Under no service manager it
 * does nothing.
 *
 * <p>The watchdog's signs of life go through all of the gateway's event loops, at half the interval
 * that sd_watchdog_enabled(3) recommends: when one hangs there are none, and systemd starts the
 * gateway anew.
 */
public final class SdNotify implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger("coa-gateway");

  /** What stopping may take beyond the requests in flight: database, sockets, threads. */
  private static final Duration CLOSING = Duration.ofSeconds(10);

  private final Optional<Channel> channel;
  private final String socket;

  private SdNotify(Optional<Channel> channel, String socket) {
    this.channel = channel;
    this.socket = socket;
  }

  /**
   * Opens the way to the service manager that the environment names.
   *
   * @param environment {@code NOTIFY_SOCKET}: a path, or {@code @} and an abstract name; {@code
   *     WATCHDOG_USEC}: microseconds; {@code WATCHDOG_PID}: for whom that is meant
   * @param loop sends, and proves by it that it runs; of epoll, otherwise a line in the log says
   *     that the manager cannot be told
   * @param other proves that it runs, too
   */
  static SdNotify open(Map<String, String> environment, EventLoop loop, EventLoop other) {
    String name = environment.getOrDefault("NOTIFY_SOCKET", "");
    if (name.isEmpty()) {
      return new SdNotify(Optional.empty(), name);
    }
    if (!Epoll.isAvailable()) {
      LOG.warn("service-manager-unreachable socket={}: Netty's epoll does not load here", name);
      return new SdNotify(Optional.empty(), name);
    }
    DomainSocketAddress manager =
        new DomainSocketAddress(name.startsWith("@") ? "\0" + name.substring(1) : name);
    ChannelFuture connected =
        new Bootstrap()
            .group(loop)
            .channel(EpollDomainDatagramChannel.class)
            .handler(new ChannelInboundHandlerAdapter())
            .connect(manager)
            .awaitUninterruptibly();
    if (!connected.isSuccess()) {
      LOG.warn("service-manager-unreachable socket={}: {}", name, connected.cause().toString());
      return new SdNotify(Optional.empty(), name);
    }
    SdNotify notify = new SdNotify(Optional.of(connected.channel()), name);
    notify
        .watchdog(environment)
        .ifPresent(half -> notify.keepAlive(new ExecutorTimers(loop), other, half));
    return notify;
  }

  /** Half of the watchdog's interval, when it is meant for this process. */
  private Optional<Duration> watchdog(Map<String, String> environment) {
    try {
      long micros = Long.parseLong(environment.getOrDefault("WATCHDOG_USEC", "0"));
      String pid = environment.getOrDefault("WATCHDOG_PID", "");
      boolean ours = pid.isEmpty() || Long.parseLong(pid) == ProcessHandle.current().pid();
      return micros > 0 && ours
          ? Optional.of(Duration.ofNanos(micros * 1_000 / 2))
          : Optional.empty();
    } catch (NumberFormatException e) {
      LOG.warn("service-manager-unreachable WATCHDOG_USEC or WATCHDOG_PID is no number");
      return Optional.empty();
    }
  }

  private void keepAlive(Timers timers, Executor other, Duration interval) {
    timers.after(
        interval.toNanos(),
        () -> {
          if (channel.filter(Channel::isOpen).isPresent()) {
            other.execute(() -> send("WATCHDOG=1"));
            keepAlive(timers, other, interval);
          }
        });
  }

  /**
   * The service answers.
   *
   * @param status one line for {@code systemctl status}
   */
  public void ready(String status) {
    send("READY=1\nSTATUS=" + status);
  }

  /** It reads its configuration again; {@link #ready} follows, whether that was taken or not. */
  public void reloading() {
    send("RELOADING=1\nMONOTONIC_USEC=" + MonotonicClock.nanos() / 1_000);
  }

  /**
   * It begins to stop.
   *
   * @param patience how long requests in flight may take; the manager waits that long and some
   *     seconds, whatever its TimeoutStopSec is
   */
  public void stopping(Duration patience) {
    send(
        "STOPPING=1\nSTATUS=finishing what is in flight\nEXTEND_TIMEOUT_USEC="
            + patience.plus(CLOSING).toNanos() / 1_000);
  }

  private void send(String state) {
    channel.ifPresent(
        c ->
            c.writeAndFlush(Unpooled.copiedBuffer(state, StandardCharsets.UTF_8))
                .addListener(
                    sent -> {
                      if (!sent.isSuccess()) {
                        LOG.warn(
                            "service-manager-unreachable socket={}: {}",
                            socket,
                            sent.cause().toString());
                      }
                    }));
  }

  /** After the gateway has stopped its event loop, which closes the socket too, or before. */
  @Override
  public void close() {
    channel
        .filter(c -> c.isOpen() && !c.eventLoop().isShuttingDown())
        .ifPresent(c -> c.close().syncUninterruptibly());
  }
}
