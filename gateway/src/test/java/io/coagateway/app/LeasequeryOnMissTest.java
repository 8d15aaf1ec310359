package io.coagateway.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coagateway.dhcpv6.Duid;
import io.coagateway.leasequery.MissParameters;
import io.coagateway.metrics.GatewayMetrics;
import io.coagateway.subscriber.SubscriberTable;
import io.coagateway.time.ExecutorTimers;
import io.coagateway.wire.Ipv6Address;
import io.netty.channel.IoEventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The port that a DHCPv6 client of the same machine may have. */
class LeasequeryOnMissTest {
  private final MultiThreadIoEventLoopGroup loops = Transport.inUse().loops(1, "test");

  @AfterEach
  void close() {
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }

  @Test
  void aTakenPortIsSaidWithWhatToDo() throws IOException {
    InetSocketAddress here = new InetSocketAddress(Ipv6Address.parse("::1").toInetAddress(), 0);
    try (DatagramSocket client = new DatagramSocket(here)) {
      InetSocketAddress taken = new InetSocketAddress(here.getAddress(), client.getLocalPort());
      assertThatThrownBy(() -> open(taken))
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith(
              "dhcpv6.leasequery.bind: cannot have UDP [::1]:" + taken.getPort())
          .hasMessageContaining("port of DHCPv6 clients")
          .hasMessageContaining("an address of the gateway's own, like \"[2001:db8::2]:546\"")
          .hasMessageEndingWith("on-miss: none.");
      try (LeasequeryOnMiss free = open(here)) {
        assertThat(free.forRequests()).isNotNull();
      }
    }
  }

  private LeasequeryOnMiss open(InetSocketAddress bind) throws IOException {
    IoEventLoop loop = loops.next();
    MissParameters parameters =
        new MissParameters(
            true,
            false,
            bind,
            List.of(),
            Duid.ofHex("0003000102005e0000bb"),
            "nas1",
            List.of(),
            List.of(),
            MissParameters.Unverified.REJECT,
            Duration.ofSeconds(30),
            1);
    return LeasequeryOnMiss.open(
        loop,
        parameters,
        noTable(),
        server -> true,
        new ExecutorTimers(loop),
        new GatewayMetrics("test").leasequery());
  }

  private static SubscriberTable noTable() {
    return (SubscriberTable)
        Proxy.newProxyInstance(
            SubscriberTable.class.getClassLoader(),
            new Class<?>[] {SubscriberTable.class},
            (proxy, method, arguments) -> {
              throw new UnsupportedOperationException(method.getName());
            });
  }
}
