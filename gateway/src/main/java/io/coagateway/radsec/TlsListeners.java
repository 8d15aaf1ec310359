package io.coagateway.radsec;

import io.coagateway.listen.AcceptFailures;
import io.coagateway.listen.AcceptObserver;
import io.coagateway.listen.ListenFailure;
import io.coagateway.wire.AddressText;
import io.coagateway.wire.ZonedSocket;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoop;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The TCP ports that are listened on. Opening and closing is serialized by the caller; it may block
 * and is not done on the event loop.
 */
final class TlsListeners {
  private static final int BACKLOG = 128;

  private final EventLoop loop;
  private final ChannelHandler onAccept;
  private final AcceptObserver observer;
  private final Map<ZonedSocket, Channel> open = new LinkedHashMap<>();

  /**
   * @param onAccept set up for each accepted connection; sharable
   * @param observer told of those that could not be accepted
   */
  TlsListeners(EventLoop loop, ChannelHandler onAccept, AcceptObserver observer) {
    this.loop = loop;
    this.onAccept = onAccept;
    this.observer = observer;
  }

  /**
   * Opens what is missing, for {@link #keep}.
   *
   * @return the new ones
   * @throws IOException naming the address that could not be opened; then nothing has changed
   */
  Map<ZonedSocket, Channel> openMissing(List<InetSocketAddress> wanted) throws IOException {
    Map<ZonedSocket, Channel> opened = new LinkedHashMap<>();
    for (InetSocketAddress address : wanted) {
      ZonedSocket socket = ZonedSocket.ofUnicast(address);
      if (open.containsKey(socket)) {
        continue;
      }
      ChannelFuture bound = bind(address);
      if (!bound.isSuccess()) {
        closeAll(opened);
        throw new IOException(
            ListenFailure.message(
                address, AddressText.of(address) + " (TCP)", bound.cause(), "radius.tls.listen"),
            bound.cause());
      }
      AcceptFailures.watch(bound.channel(), observer);
      opened.put(socket, bound.channel());
    }
    return opened;
  }

  /** Closes all but the wanted ones; connections that came in by them stay. */
  void keep(List<InetSocketAddress> wanted, Map<ZonedSocket, Channel> opened) {
    open.putAll(opened);
    Map<ZonedSocket, Channel> unwanted = new LinkedHashMap<>(open);
    wanted.forEach(address -> unwanted.remove(ZonedSocket.ofUnicast(address)));
    closeAll(unwanted);
    open.keySet().removeAll(unwanted.keySet());
  }

  /** Closes listeners. */
  static void closeAll(Map<ZonedSocket, Channel> listeners) {
    listeners.values().forEach(channel -> channel.close().syncUninterruptibly());
  }

  /** The addresses, with the ports that they got. */
  List<InetSocketAddress> addresses() {
    List<InetSocketAddress> bound = new ArrayList<>();
    open.values().forEach(channel -> bound.add((InetSocketAddress) channel.localAddress()));
    return bound;
  }

  /** Whether the loop serves channels of epoll, or the JDK's. */
  static boolean isEpoll(EventLoop loop) {
    return loop instanceof IoEventLoop io && io.isIoType(EpollIoHandler.class);
  }

  private ChannelFuture bind(InetSocketAddress address) {
    return new ServerBootstrap()
        .group(loop, loop)
        .channel(isEpoll(loop) ? EpollServerSocketChannel.class : NioServerSocketChannel.class)
        .option(ChannelOption.SO_REUSEADDR, true)
        .option(ChannelOption.SO_BACKLOG, BACKLOG)
        .childOption(ChannelOption.TCP_NODELAY, true)
        .childOption(ChannelOption.SO_KEEPALIVE, true)
        .childHandler(onAccept)
        .bind(address)
        .awaitUninterruptibly();
  }
}
