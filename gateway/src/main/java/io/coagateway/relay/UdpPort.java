package io.coagateway.relay;

import io.coagateway.wire.Octets;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import java.net.InetSocketAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One UDP socket on the loop. */
final class UdpPort implements DatagramPort {
  private static final Logger LOG = LoggerFactory.getLogger(UdpPort.class);

  private final Channel channel;
  private final InetSocketAddress local;

  UdpPort(Channel channel) {
    this.channel = channel;
    local = (InetSocketAddress) channel.localAddress();
  }

  Channel channel() {
    return channel;
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

  /** Starts to read; what comes goes to {@code receiver}. */
  void start(DatagramReceiver receiver, boolean forOtherRelays) {
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
      LOG.debug("event=relay-socket-error local={} error={}", local, cause.toString(), cause);
    }
  }
}
