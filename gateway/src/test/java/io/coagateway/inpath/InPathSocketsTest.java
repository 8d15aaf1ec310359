package io.coagateway.inpath;

import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.relay.DatagramPort;
import io.coagateway.relay.DatagramReceiver;
import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.Octets;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class InPathSocketsTest {
  private static final DatagramReceiver NOBODY =
      new DatagramReceiver() {
        @Override
        public void onDatagram(Octets datagram, InetSocketAddress source) {}

        @Override
        public void onForwardable(
            Octets datagram, InetSocketAddress source, DatagramPort arrivedAt) {}

        @Override
        public void burstEnd() {}
      };

  private static InetSocketAddress loopbackIn(int zone) throws IOException {
    byte[] octets = Ipv6Address.parse("::1").toOctets().toArray();
    InetAddress address = Inet6Address.getByAddress(null, octets, zone);
    return new InetSocketAddress(address, 0);
  }

  /** On a NAS all interfaces may have fe80::1. Here the kernel does not look at the zone. */
  @Test
  void oneAddressInTwoZonesIsTwoSockets() throws Exception {
    MultiThreadIoEventLoopGroup group =
        new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    try (InPathSockets sockets = new InPathSockets(group.next(), NOBODY)) {
      List<InetSocketAddress> both = List.of(loopbackIn(1), loopbackIn(2));
      sockets.open(both);
      assertThat(sockets.size()).isEqualTo(2);
      sockets.open(both); // as a reload does
      assertThat(sockets.size()).isEqualTo(2);
      sockets.closeAllBut(both.subList(1, 2));
      assertThat(sockets.size()).isEqualTo(1);
    } finally {
      group.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
    }
  }
}
