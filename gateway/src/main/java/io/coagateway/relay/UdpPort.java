package io.coagateway.relay;

import io.coagateway.datagram.Datagram;
import io.coagateway.datagram.DatagramChannels;
import io.coagateway.datagram.DatagramCodec;
import io.coagateway.datagram.ReceiveBuffer;
import io.coagateway.datagram.ReceiveMemory;
import io.coagateway.dhcpv6.RelayMessage;
import io.coagateway.wire.AddressText;
import io.coagateway.wire.Octets;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoEventLoop;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.unix.IntegerUnixChannelOption;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One UDP socket on an event loop. Opened and closed off the loop; used on it. */
public final class UdpPort implements DatagramPort, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(UdpPort.class);

  /** The default of the kernel lost packets at 256 exchanges in flight and more. */
  private static final int RECEIVE_BUFFER = 4 * 1024 * 1024;

  private static final int MESSAGES_PER_BURST = 64;

  /** What one system call may bring, in octets of datagrams of the largest size (recvmmsg). */
  private static final int OCTETS_PER_CALL = 256 * 1024;

  /** The limit of relays is also the hop limit of their multicast (RFC 8415 section 19). */
  private static final int MULTICAST_HOPS = RelayMessage.HOP_COUNT_LIMIT;

  /**
   * For epoll, where Netty makes of IP_MULTICAST_TTL the IP_TTL of IPv4, and IPv6's multicast would
   * leave with Hop Limit 1: no router forwards it to All_DHCP_Servers, ff05::1:3.
   */
  private static final IntegerUnixChannelOption IPV6_MULTICAST_HOPS =
      new IntegerUnixChannelOption("IPV6_MULTICAST_HOPS", 41, 18);

  private final Channel channel;
  private final InetSocketAddress local;

  private UdpPort(Channel channel) {
    this.channel = channel;
    local = (InetSocketAddress) channel.localAddress();
  }

  /**
   * How a socket is opened.
   *
   * @param address where it is bound; port 0: any
   * @param largestDatagram octets of the largest datagram that arrives whole
   * @param shared SO_REUSEADDR: beside another program's socket for any address. Whoever binds the
   *     same address and port with it takes the other's datagrams away.
   * @param multicastInterface where multicast leaves; empty: the system's choice
   */
  public record Settings(
      InetSocketAddress address,
      int largestDatagram,
      boolean shared,
      Optional<String> multicastInterface) {}

  /**
   * Opens a socket. Nothing is read before {@link #start}.
   *
   * @param loop must not be the calling thread
   * @throws IOException naming the address that could not be bound, and why
   */
  public static UdpPort open(IoEventLoop loop, Settings settings) throws IOException {
    boolean epoll = DatagramChannels.isEpoll(loop);
    int perCall = epoll ? Math.max(1, OCTETS_PER_CALL / settings.largestDatagram()) : 1;
    Bootstrap bootstrap =
        new Bootstrap()
            .group(loop)
            .channelFactory(DatagramChannels.factory(loop, settings.address().getAddress()))
            .option(ChannelOption.AUTO_READ, false)
            .option(ChannelOption.SO_RCVBUF, RECEIVE_BUFFER)
            .option(epoll ? IPV6_MULTICAST_HOPS : ChannelOption.IP_MULTICAST_TTL, MULTICAST_HOPS)
            .option(
                ChannelOption.RECVBUF_ALLOCATOR,
                new ReceiveMemory(settings.largestDatagram(), perCall, MESSAGES_PER_BURST))
            .handler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channel.pipeline().addLast(new DatagramCodec());
                  }
                });
    if (epoll) {
      bootstrap.option(EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE, settings.largestDatagram());
    }
    if (settings.shared()) {
      bootstrap.option(ChannelOption.SO_REUSEADDR, true);
    }
    if (settings.multicastInterface().isPresent()) {
      bootstrap.option(
          ChannelOption.IP_MULTICAST_IF, networkInterface(settings.multicastInterface().get()));
    }
    String address = AddressText.of(settings.address());
    ChannelFuture bound = bootstrap.bind(settings.address()).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new IOException(
          "cannot bind UDP " + address + ": " + bound.cause().getMessage(), bound.cause());
    }
    ReceiveBuffer.warnIfLess(bound.channel(), address, RECEIVE_BUFFER);
    return new UdpPort(bound.channel());
  }

  private static NetworkInterface networkInterface(String name) throws SocketException {
    NetworkInterface found = NetworkInterface.getByName(name);
    if (found == null) {
      throw new SocketException("there is no interface \"" + name + "\"");
    }
    return found;
  }

  /** Closes the socket and waits for it; off the loop. */
  @Override
  public void close() {
    channel.close().awaitUninterruptibly();
  }

  /** Closes the socket; on the loop, where it happens within the call. */
  void closeOnLoop() {
    var unused = channel.close();
  }

  @Override
  public void send(Octets datagram, InetSocketAddress to) {
    // A failure comes to exceptionCaught; a promise for each datagram would only cost.
    var unused = channel.write(new Datagram(datagram, to), channel.voidPromise());
  }

  @Override
  public void flush() {
    channel.flush();
  }

  @Override
  public InetSocketAddress local() {
    return local;
  }

  /** What the kernel says of the socket. */
  <T> T option(ChannelOption<T> option) {
    return channel.config().getOption(option);
  }

  /** Reads and forgets. */
  void drain() {
    channel.config().setAutoRead(true);
  }

  /**
   * Starts to read; what comes goes to {@code receiver}, on the loop.
   *
   * @param forOtherRelays whether datagrams are {@link DatagramReceiver#onForwardable}
   */
  public void start(DatagramReceiver receiver, boolean forOtherRelays) {
    channel.pipeline().addLast(new Inbound(receiver, forOtherRelays));
    channel.config().setAutoRead(true);
  }

  /** The last handler: hands datagrams over and says when a burst is over. */
  private final class Inbound extends SimpleChannelInboundHandler<Datagram> {
    private final DatagramReceiver receiver;
    private final boolean forOtherRelays;

    Inbound(DatagramReceiver receiver, boolean forOtherRelays) {
      super(Datagram.class);
      this.receiver = receiver;
      this.forOtherRelays = forOtherRelays;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, Datagram datagram) {
      if (forOtherRelays) {
        receiver.onForwardable(datagram.octets(), datagram.peer(), UdpPort.this);
      } else {
        receiver.onDatagram(datagram.octets(), datagram.peer());
      }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
      receiver.burstEnd();
    }

    /** A datagram that could not leave is as good as lost: retransmission is the cure. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      LOG.debug("relay-socket-error local={} error={}", local, cause.toString(), cause);
    }
  }
}
