package io.coagateway.dac;

import io.coagateway.datagram.DatagramChannels;
import io.coagateway.radius.Authenticators;
import io.coagateway.radius.RadiusPacket;
import io.coagateway.radius.Secret;
import io.coagateway.time.ExecutorTimers;
import io.coagateway.time.Timers;
import io.coagateway.wire.MalformedException;
import io.coagateway.wire.Octets;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramPacket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Sends CoA-Requests and Disconnect-Requests to one server from one socket, and proves the answers.
 *
 * <p>One socket has 256 Identifiers, so at most 256 requests may wait at a time. They are used in
 * turn from a random start: the server takes an Identifier that comes again with other octets for a
 * new request (RFC 5080 section 2.2.2).
 */
public final class DynamicAuthorizationClient implements AutoCloseable {
  private static final int IDENTIFIERS = 256;

  private final InetSocketAddress server;
  private final Secret secret;
  private final Retransmission retransmission;
  private final Consumer<RadiusPacket> onTransmission;
  private final IoEventLoopGroup group;
  private final EventLoop loop;
  private final Timers timers;
  private final Channel channel;

  // On the loop.
  private final Authenticators authenticators = new Authenticators();
  private final RequestExchange[] waiting = new RequestExchange[IDENTIFIERS];
  private int next = ThreadLocalRandom.current().nextInt(IDENTIFIERS);

  private DynamicAuthorizationClient(
      InetSocketAddress server,
      Secret secret,
      Retransmission retransmission,
      Consumer<RadiusPacket> onTransmission)
      throws IOException {
    this.server = server;
    this.secret = secret;
    this.retransmission = retransmission;
    this.onTransmission = onTransmission;
    this.group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    this.loop = group.next();
    this.timers = new ExecutorTimers(loop);
    // Connected: the kernel lets nothing in but what comes from the address that was asked.
    ChannelFuture connected =
        new Bootstrap()
            .group(loop)
            .channelFactory(DatagramChannels.factory(loop, server.getAddress()))
            .option(
                ChannelOption.RECVBUF_ALLOCATOR,
                new FixedRecvByteBufAllocator(RadiusPacket.MAX_LENGTH))
            .handler(new Answers())
            .connect(server)
            .awaitUninterruptibly();
    if (!connected.isSuccess()) {
      group.shutdownGracefully(0, 0, TimeUnit.SECONDS).awaitUninterruptibly();
      throw new IOException(
          "Cannot send to " + server + ": " + connected.cause().getMessage(), connected.cause());
    }
    this.channel = connected.channel();
  }

  /**
   * Opens a socket.
   *
   * @param onTransmission told of every transmission, repeated ones too, on the client's own thread
   * @throws IOException when the server's address cannot be reached from here
   */
  public static DynamicAuthorizationClient open(
      InetSocketAddress server,
      Secret secret,
      Retransmission retransmission,
      Consumer<RadiusPacket> onTransmission)
      throws IOException {
    if (server.isUnresolved()) {
      throw new IOException("the name \"" + server.getHostString() + "\" has no address");
    }
    return new DynamicAuthorizationClient(server, secret, retransmission, onTransmission);
  }

  /** As above, repeating as RFC 5080 says. */
  public static DynamicAuthorizationClient open(InetSocketAddress server, Secret secret)
      throws IOException {
    return open(server, secret, Retransmission.RFC_5080, packet -> {});
  }

  /** Our own address and port. */
  public InetSocketAddress local() {
    return (InetSocketAddress) channel.localAddress();
  }

  /** Sends with the next free Identifier. */
  public CompletionStage<Outcome> send(RequestContent content) {
    return send(content, OptionalInt.empty());
  }

  /**
   * Sends a request and repeats it until its outcome.
   *
   * @param identifier 0 to 255; empty: the next free one
   * @return completes on the client's own thread; exceptionally with an IllegalStateException when
   *     the Identifier, or all 256, are waiting for their answers
   */
  public CompletionStage<Outcome> send(RequestContent content, OptionalInt identifier) {
    CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    loop.execute(() -> begin(content, identifier, outcome));
    return outcome;
  }

  private void begin(
      RequestContent content, OptionalInt wanted, CompletableFuture<Outcome> outcome) {
    int identifier = wanted.orElseGet(this::nextFree);
    if (waiting[identifier] != null) {
      outcome.completeExceptionally(
          new IllegalStateException(
              wanted.isPresent()
                  ? "Identifier " + identifier + " is waiting for its answer"
                  : "all 256 Identifiers of this socket are waiting for their answers"));
      return;
    }
    RequestExchange exchange =
        new RequestExchange(
            content.sign(identifier, secret, authenticators),
            secret,
            retransmission,
            authenticators,
            timers,
            InstantSource.system(),
            () -> ThreadLocalRandom.current().nextDouble(-0.1, 0.1),
            this::transmit,
            result -> {
              waiting[identifier] = null;
              outcome.complete(result);
            });
    waiting[identifier] = exchange;
    exchange.begin();
  }

  private int nextFree() {
    for (int i = 0; i < IDENTIFIERS && waiting[next] != null; i++) {
      next = (next + 1) % IDENTIFIERS;
    }
    int free = next;
    next = (next + 1) % IDENTIFIERS;
    return free;
  }

  @SuppressWarnings("FutureReturnValueIgnored") // a datagram that is not sent is a lost one
  private void transmit(RadiusPacket packet) {
    onTransmission.accept(packet);
    channel.writeAndFlush(
        new DatagramPacket(Unpooled.wrappedBuffer(packet.octets().toArray()), server));
  }

  /** Closes the socket; what still waits never completes. */
  @Override
  public void close() {
    channel.close().awaitUninterruptibly();
    group.shutdownGracefully(0, 0, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  private final class Answers extends SimpleChannelInboundHandler<DatagramPacket> {
    @Override
    protected void channelRead0(ChannelHandlerContext context, DatagramPacket datagram) {
      Octets octets = Octets.wrap(ByteBufUtil.getBytes(datagram.content()));
      try {
        RadiusPacket answer = RadiusPacket.parse(octets);
        RequestExchange exchange = waiting[answer.identifier()];
        if (exchange != null) {
          exchange.onAnswer(answer);
        } else {
          toAll(WrongAnswer.IDENTIFIER);
        }
      } catch (MalformedException e) {
        toAll(WrongAnswer.MALFORMED);
      }
    }

    /** Nobody knows whose it was. */
    private void toAll(WrongAnswer reason) {
      for (RequestExchange exchange : waiting) {
        if (exchange != null) {
          exchange.onWrongAnswer(reason);
        }
      }
    }

    /** An ICMP error, say that the port is unreachable: repeat, the server may be starting. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      // Silence, as RFC 5080 has it: only the timers decide.
    }
  }
}
