package io.coagateway.accounting;

import io.coagateway.datagram.Datagram;
import io.coagateway.datagram.DatagramChannels;
import io.coagateway.datagram.DatagramCodec;
import io.coagateway.listen.ListenFailure;
import io.coagateway.radius.AttributeDictionary;
import io.coagateway.radius.RadiusPacket;
import io.coagateway.time.ExecutorTimers;
import io.coagateway.wire.AddressText;
import io.coagateway.wire.Octets;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The sockets of the accounting listener, one for each address, on the gateway loop. */
public final class AccountingServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AccountingServer.class);
  private static final int RECEIVE_BUFFER = 1 << 20;

  private final List<Channel> open = new ArrayList<>();

  /**
   * Opens the sockets and begins to serve. Not on the loop.
   *
   * @throws IOException when an address cannot be listened on, naming it; then nothing is open
   */
  public AccountingServer(
      EventLoop loop,
      AccountingParameters parameters,
      AttributeDictionary dictionary,
      SessionJoiner joiner,
      AccountingObserver observer)
      throws IOException {
    AccountingReceiver receiver =
        new AccountingReceiver(parameters, dictionary, joiner, new ExecutorTimers(loop), observer);
    for (InetSocketAddress address : parameters.listen()) {
      ChannelFuture bound =
          new Bootstrap()
              .group(loop)
              .channelFactory(DatagramChannels.factory(loop, address.getAddress()))
              .option(ChannelOption.SO_RCVBUF, RECEIVE_BUFFER)
              .option(
                  ChannelOption.RECVBUF_ALLOCATOR,
                  new FixedRecvByteBufAllocator(RadiusPacket.MAX_LENGTH))
              .handler(
                  new ChannelInitializer<DatagramChannel>() {
                    @Override
                    protected void initChannel(DatagramChannel channel) {
                      channel
                          .pipeline()
                          .addLast(new DatagramCodec(), new Socket(receiver, observer));
                    }
                  })
              .bind(address)
              .awaitUninterruptibly();
      if (!bound.isSuccess()) {
        close();
        throw new IOException(
            ListenFailure.message(
                address, AddressText.of(address), bound.cause(), "radius.accounting.listen"),
            bound.cause());
      }
      open.add(bound.channel());
    }
  }

  /** The addresses that are listened on, with the ports that they got. */
  public List<InetSocketAddress> addresses() {
    return open.stream().map(channel -> (InetSocketAddress) channel.localAddress()).toList();
  }

  @Override
  public void close() {
    open.forEach(channel -> channel.close().awaitUninterruptibly());
    open.clear();
  }

  /** One socket. */
  private static final class Socket extends SimpleChannelInboundHandler<Datagram> {
    private final AccountingReceiver receiver;
    private final AccountingObserver observer;

    private Socket(AccountingReceiver receiver, AccountingObserver observer) {
      this.receiver = receiver;
      this.observer = observer;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, Datagram datagram) {
      InetSocketAddress source = datagram.peer();
      receiver.receive(datagram.octets(), source, answer -> send(context, answer, source));
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the void promise reports to exceptionCaught
    private static void send(ChannelHandlerContext context, Octets answer, InetSocketAddress to) {
      context.writeAndFlush(new Datagram(answer, to), context.channel().voidPromise());
    }

    /** A datagram that could not be sent or received is lost, as datagrams may be. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      if (cause instanceof IOException) {
        LOG.debug("accounting-socket-error local={}", context.channel().localAddress(), cause);
      } else {
        observer.defect(cause);
      }
    }
  }
}
