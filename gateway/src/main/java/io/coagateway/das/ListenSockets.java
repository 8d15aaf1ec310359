package io.coagateway.das;

import io.coagateway.datagram.DatagramChannels;
import io.coagateway.datagram.DatagramCodec;
import io.coagateway.datagram.ReceiveBuffer;
import io.coagateway.datagram.ReceiveMemory;
import io.coagateway.listen.ListenFailure;
import io.coagateway.wire.AddressText;
import io.coagateway.wire.ZonedSocket;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.socket.DatagramChannel;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sockets that are open, one for each address. Netty cannot choose the source address of a
 * single datagram, so a wildcard stands for every address of the machine at that time, and {@link
 * #follow} keeps up as they come and go.
 *
 * <p>Opening and closing is serialized by the caller; it may block and is not done on the loop.
 */
final class ListenSockets {
  private static final Logger LOG = LoggerFactory.getLogger(ListenSockets.class);

  /** The largest packet; what a larger datagram has after it is padding at best. */
  private static final int BUFFER = 4096;

  /** How many datagrams make up a burst at most; one system call brings them. */
  private static final int DATAGRAMS_PER_BURST = 64;

  private static final WriteBufferWaterMark WATER_MARK =
      new WriteBufferWaterMark(512 << 10, 1 << 20);

  private final EventLoop loop;
  private final Function<InetSocketAddress, DasSocket> sockets;
  private final ReceiveMemory memory;
  private final LocalAddresses local;
  private final Map<ZonedSocket, Channel> open = new LinkedHashMap<>();
  private final Set<ZonedSocket> failing = new HashSet<>();
  private List<InetSocketAddress> listen = List.of();
  private int receiveBuffer;

  /** What a wildcard stands for. */
  @FunctionalInterface
  interface LocalAddresses {
    /** The addresses of this machine's interfaces, with their zones. */
    Stream<InetAddress> now() throws SocketException;
  }

  ListenSockets(EventLoop loop, Function<InetSocketAddress, DasSocket> sockets) {
    this(
        loop,
        sockets,
        () -> NetworkInterface.networkInterfaces().flatMap(NetworkInterface::inetAddresses));
  }

  ListenSockets(
      EventLoop loop, Function<InetSocketAddress, DasSocket> sockets, LocalAddresses local) {
    this.loop = loop;
    this.sockets = sockets;
    this.local = local;
    this.memory =
        new ReceiveMemory(
            BUFFER, DatagramChannels.isEpoll(loop) ? DATAGRAMS_PER_BURST : 1, DATAGRAMS_PER_BURST);
  }

  /** Whether one of these addresses is a wildcard, whose sockets come and go. */
  static boolean hasWildcard(List<InetSocketAddress> listen) {
    return listen.stream().anyMatch(a -> a.getAddress().isAnyLocalAddress());
  }

  /**
   * Opens what is missing; only when all could be opened, closes what is not wanted any more and
   * gives what stays open the new receive buffer.
   *
   * @param nextReceiveBuffer octets for each socket (SO_RCVBUF)
   * @throws IOException naming the address that could not be opened; then nothing has changed
   */
  void change(List<InetSocketAddress> nextListen, int nextReceiveBuffer) throws IOException {
    Set<ZonedSocket> wanted = expand(nextListen);
    Map<ZonedSocket, Channel> opened = new LinkedHashMap<>();
    for (ZonedSocket socket : wanted) {
      if (open.containsKey(socket)) {
        continue;
      }
      InetSocketAddress address = socket.address();
      ChannelFuture bound = bind(address, nextReceiveBuffer);
      if (bound.isSuccess()) {
        opened.put(socket, bound.channel());
      } else if (!isListed(socket, nextListen) && isNotUsableYet(bound.cause())) {
        warnOnce(socket, bound.cause());
      } else {
        opened.values().forEach(ListenSockets::close);
        throw new IOException(
            ListenFailure.message(address, AddressText.of(address), bound.cause(), "radius.listen"),
            bound.cause());
      }
    }
    if (!open.isEmpty()) { // at the start it is one line with everything else
      opened.keySet().forEach(ListenSockets::tellBegun);
    }
    closeAllBut(wanted);
    if (nextReceiveBuffer != receiveBuffer) {
      open.forEach((socket, channel) -> resize(socket.address(), channel, nextReceiveBuffer));
    }
    listen = nextListen;
    receiveBuffer = nextReceiveBuffer;
    open.putAll(opened);
  }

  /**
   * Opens and closes what the wildcards stand for now that addresses came or went; failures are
   * tried again next time.
   */
  void follow() {
    Set<ZonedSocket> wanted;
    try {
      wanted = expand(listen);
    } catch (IOException e) {
      LOG.warn("addresses-unreadable {}", e.getMessage());
      return;
    }
    for (ZonedSocket socket : wanted) {
      if (open.containsKey(socket)) {
        continue;
      }
      ChannelFuture bound = bind(socket.address(), receiveBuffer);
      if (bound.isSuccess()) {
        open.put(socket, bound.channel());
        failing.remove(socket);
        tellBegun(socket);
      } else {
        warnOnce(socket, bound.cause());
      }
    }
    failing.retainAll(wanted);
    closeAllBut(wanted);
  }

  /** The addresses that are open, with the ports that they got. */
  List<InetSocketAddress> addresses() {
    return open.values().stream().map(c -> (InetSocketAddress) c.localAddress()).toList();
  }

  /** Closes all and waits for it. */
  void close() {
    List<Channel> all = new ArrayList<>(open.values());
    open.clear();
    all.forEach(ListenSockets::close);
  }

  private static void close(Channel channel) {
    channel.close().awaitUninterruptibly();
  }

  private void closeAllBut(Set<ZonedSocket> wanted) {
    open.entrySet()
        .removeIf(
            entry -> {
              if (wanted.contains(entry.getKey())) {
                return false;
              }
              LOG.info("listening-ended address={}", AddressText.of(entry.getKey().address()));
              close(entry.getValue());
              return true;
            });
  }

  private ChannelFuture bind(InetSocketAddress address, int octets) {
    Bootstrap bootstrap =
        new Bootstrap()
            .group(loop)
            .channelFactory(DatagramChannels.factory(loop, address.getAddress()))
            .option(ChannelOption.SO_RCVBUF, octets)
            .option(ChannelOption.RECVBUF_ALLOCATOR, memory)
            .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
            .handler(
                new ChannelInitializer<DatagramChannel>() {
                  @Override
                  protected void initChannel(DatagramChannel channel) {
                    channel.pipeline().addLast(new DatagramCodec(), sockets.apply(address));
                  }
                });
    if (DatagramChannels.isEpoll(loop)) {
      bootstrap.option(EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE, BUFFER); // recvmmsg
    }
    ChannelFuture bound = bootstrap.bind(address).awaitUninterruptibly();
    if (bound.isSuccess()) {
      insist(address, bound.channel(), octets);
    }
    return bound;
  }

  /** What waits to be read stays, even in a buffer that is too small for it now. */
  private static void resize(InetSocketAddress address, Channel channel, int octets) {
    channel.config().setOption(ChannelOption.SO_RCVBUF, octets);
    insist(address, channel, octets);
  }

  /** Where SO_RCVBUF got less than was asked for. */
  private static void insist(InetSocketAddress address, Channel channel, int octets) {
    if (ReceiveBuffer.granted(channel) < octets) {
      KernelSocket.of(channel).ifPresent(kernel -> kernel.tryReceiveBuffer(octets));
    }
    ReceiveBuffer.warnIfLess(channel, AddressText.of(address), octets);
  }

  private static void tellBegun(ZonedSocket socket) {
    LOG.info("listening-begun address={}", AddressText.of(socket.address()));
  }

  private void warnOnce(ZonedSocket socket, Throwable cause) {
    if (failing.add(socket)) {
      LOG.warn(
          "listening-failed address={}: {}", AddressText.of(socket.address()), cause.getMessage());
    }
  }

  /** An address that is still being probed for duplicates (RFC 4862 section 5.4), or is gone. */
  private static boolean isNotUsableYet(Throwable cause) {
    String message = String.valueOf(cause.getMessage());
    return message.contains("Cannot assign requested address");
  }

  private static boolean isListed(ZonedSocket socket, List<InetSocketAddress> listen) {
    return listen.stream().map(ZonedSocket::ofUnicast).anyMatch(socket::equals);
  }

  private Set<ZonedSocket> expand(List<InetSocketAddress> listen) throws SocketException {
    Set<ZonedSocket> all = new LinkedHashSet<>();
    for (InetSocketAddress address : listen) {
      if (!address.getAddress().isAnyLocalAddress()) {
        all.add(ZonedSocket.ofUnicast(address));
        continue;
      }
      boolean ipv4 = address.getAddress() instanceof Inet4Address;
      local
          .now()
          .filter(one -> one instanceof Inet4Address == ipv4)
          .map(one -> new InetSocketAddress(one, address.getPort()))
          .forEach(one -> all.add(ZonedSocket.ofUnicast(one)));
    }
    return all;
  }
}
