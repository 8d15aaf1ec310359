package io.coagateway.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.machine.TestMachine;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollDomainDatagramChannel;
import io.netty.channel.unix.DomainDatagramPacket;
import io.netty.channel.unix.DomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the service manager hears, on real Unix datagram sockets: sd_notify(3). */
class SdNotifyTest {
  private static final long PATIENCE_SECONDS = 10;

  @TempDir Path directory;
  private final MultiThreadIoEventLoopGroup loops = Transport.inUse().loops(2, "notify");
  private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

  @BeforeEach
  void epoll() {
    TestMachine.needsEpoll();
  }

  @AfterEach
  void close() {
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  private Channel manager(String address) {
    return new Bootstrap()
        .group(loops.next())
        .channel(EpollDomainDatagramChannel.class)
        .handler(
            new SimpleChannelInboundHandler<DomainDatagramPacket>() {
              @Override
              protected void channelRead0(ChannelHandlerContext context, DomainDatagramPacket in) {
                heard.add(in.content().toString(StandardCharsets.UTF_8));
              }
            })
        .bind(new DomainSocketAddress(address))
        .syncUninterruptibly()
        .channel();
  }

  private String next() throws InterruptedException {
    return heard.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  @Test
  void readyReloadingStopping() throws Exception {
    String socket = directory.resolve("notify").toString();
    manager(socket);
    try (SdNotify notify =
        SdNotify.open(Map.of("NOTIFY_SOCKET", socket), loops.next(), loops.next())) {
      notify.ready("answering");
      assertThat(next()).isEqualTo("READY=1\nSTATUS=answering");
      notify.reloading();
      assertThat(next()).matches("RELOADING=1\nMONOTONIC_USEC=\\d+");
      notify.stopping(Duration.ofSeconds(26));
      assertThat(next()).startsWith("STOPPING=1\n").endsWith("\nEXTEND_TIMEOUT_USEC=36000000");
    }
  }

  @Test
  void anAbstractNameBeginsWithAnAt() throws Exception {
    String name = "coa-gateway-" + UUID.randomUUID();
    manager("\0" + name);
    try (SdNotify notify =
        SdNotify.open(Map.of("NOTIFY_SOCKET", "@" + name), loops.next(), loops.next())) {
      notify.ready("answering");
      assertThat(next()).startsWith("READY=1");
    }
  }

  @Test
  void theEventLoopGivesSignsOfLife() throws Exception {
    String socket = directory.resolve("notify").toString();
    manager(socket);
    Map<String, String> environment =
        Map.of(
            "NOTIFY_SOCKET",
            socket,
            "WATCHDOG_USEC",
            "2000",
            "WATCHDOG_PID",
            Long.toString(ProcessHandle.current().pid()));
    try (SdNotify notify = SdNotify.open(environment, loops.next(), loops.next())) {
      notify.ready("answering");
      assertThat(List.of(next(), next(), next()))
          .contains("READY=1\nSTATUS=answering", "WATCHDOG=1");
    }
  }

  @Test
  void aWatchdogForAnotherProcessIsNotOurs() throws Exception {
    String socket = directory.resolve("notify").toString();
    manager(socket);
    Map<String, String> environment =
        Map.of("NOTIFY_SOCKET", socket, "WATCHDOG_USEC", "2000", "WATCHDOG_PID", "1");
    try (SdNotify notify = SdNotify.open(environment, loops.next(), loops.next())) {
      assertThat(heard.poll(100, TimeUnit.MILLISECONDS)).isNull();
      notify.ready("answering");
      assertThat(next()).startsWith("READY=1");
    }
  }

  @Test
  void noManagerOrADeadOneIsNoTrouble() {
    try (SdNotify none = SdNotify.open(Map.of(), loops.next(), loops.next())) {
      none.ready("answering");
    }
    Map<String, String> dead =
        Map.of("NOTIFY_SOCKET", directory.resolve("nobody").toString(), "WATCHDOG_USEC", "x");
    try (SdNotify notify = SdNotify.open(dead, loops.next(), loops.next())) {
      notify.ready("answering");
      notify.stopping(Duration.ZERO);
    }
  }
}
