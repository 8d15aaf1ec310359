package io.coagateway.datagram;

import io.netty.channel.ChannelFactory;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoop;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioDatagramChannel;
import java.net.Inet4Address;
import java.net.InetAddress;

/** The UDP channels that an event loop can serve: those of epoll, or the JDK's. */
public final class DatagramChannels {
  private DatagramChannels() {}

  /**
   * Makes channels for one address, not yet bound or connected.
   *
   * @param address where the channel will be bound or connected. An IPv4 address gets an IPv4
   *     socket, so that peers show their IPv4 addresses; an IPv6 address an IPv6 socket.
   */
  public static ChannelFactory<DatagramChannel> factory(EventLoop loop, InetAddress address) {
    SocketProtocolFamily family =
        address instanceof Inet4Address ? SocketProtocolFamily.INET : SocketProtocolFamily.INET6;
    return isEpoll(loop)
        ? () -> new EpollDatagramChannel(family)
        : () -> new NioDatagramChannel(family);
  }

  /** Whether the channels are those of epoll, which read many datagrams by one system call. */
  public static boolean isEpoll(EventLoop loop) {
    return loop instanceof IoEventLoop io && io.isIoType(EpollIoHandler.class);
  }
}
