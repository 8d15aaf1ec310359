package io.coagateway.simulator;

import io.coagateway.datagram.DatagramChannels;
import io.coagateway.time.ExecutorTimers;
import io.coagateway.time.Timers;
import io.coagateway.wire.Octets;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A {@link SimulatedServer} on one UDP socket. Everything of the server happens on the event loop
 * given: other threads reach it through {@link #run}.
 */
public final class SimulatedServerChannel {
  private static final int MAX_DATAGRAM = 65535;
  private static final int SOCKET_BUFFER = 4 << 20;

  private final SimulatedServer server;
  private final Duration delay;
  private final SimulatorObserver observer;
  private final EventLoop loop;
  private final Timers timers;
  private Channel channel;
  private boolean reconfigureTimerRuns;

  private SimulatedServerChannel(
      SimulatedServer server, Duration delay, SimulatorObserver observer, EventLoop loop) {
    this.server = server;
    this.delay = delay;
    this.observer = observer;
    this.loop = loop;
    this.timers = new ExecutorTimers(loop);
  }

  /**
   * Binds the socket.
   *
   * @param server owned by the event loop from here on
   * @param listen address and port; port 0 for any
   * @param delay before each reply, zero or more
   * @param observer called on the event loop
   * @param loop of NIO or epoll; the caller shuts its group down
   * @return completes on the event loop, or fails with {@link java.io.IOException} when the port is
   *     taken
   */
  public static CompletionStage<SimulatedServerChannel> open(
      SimulatedServer server,
      InetSocketAddress listen,
      Duration delay,
      SimulatorObserver observer,
      EventLoop loop) {
    SimulatedServerChannel opened = new SimulatedServerChannel(server, delay, observer, loop);
    CompletableFuture<SimulatedServerChannel> ready = new CompletableFuture<>();
    new Bootstrap()
        .group(loop)
        .channelFactory(DatagramChannels.factory(loop, listen.getAddress()))
        .option(ChannelOption.SO_RCVBUF, SOCKET_BUFFER)
        .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(MAX_DATAGRAM))
        .handler(opened.new Receiver())
        .bind(listen)
        .addListener(
            future -> {
              if (future.isSuccess()) {
                ready.complete(opened);
              } else {
                ready.completeExceptionally(future.cause());
              }
            });
    return ready;
  }

  /** Where it listens. */
  public InetSocketAddress localAddress() {
    return (InetSocketAddress) channel.localAddress();
  }

  /** Runs a task on the event loop, where the server and its leases may be touched. */
  public CompletionStage<Void> run(Runnable task) {
    return CompletableFuture.runAsync(task, loop);
  }

  /** Closes the socket; replies that were delayed are lost. */
  public CompletionStage<Void> close() {
    CompletableFuture<Void> closed = new CompletableFuture<>();
    channel.close().addListener(future -> closed.complete(null));
    return closed;
  }

  private final class Receiver extends SimpleChannelInboundHandler<DatagramPacket> {
    @Override
    public void handlerAdded(ChannelHandlerContext context) {
      channel = context.channel();
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, DatagramPacket packet) {
      ByteBuf content = packet.content();
      byte[] octets = new byte[content.readableBytes()];
      content.readBytes(octets);
      receive(Octets.wrap(octets), packet.sender());
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      // UDP: an ICMP error of an earlier reply. The socket stays good; senders retransmit.
    }
  }

  private void receive(Octets datagram, InetSocketAddress from) {
    Reception reception = server.receive(datagram, from, timers.nanos());
    if (reception.drop().isPresent()) {
      observer.dropped(reception, datagram, from);
      return;
    }
    reception.message().ifPresent(message -> observer.received(message, from));
    for (Reply reply : reception.replies()) {
      if (delay.isZero()) {
        send(reply);
      } else {
        timers.after(delay.toNanos(), () -> send(reply));
      }
    }
    sendReconfigures();
  }

  private void sendReconfigures() {
    for (Reply reply : server.dueReconfigures(timers.nanos())) {
      send(reply);
    }
    OptionalLong next = server.nextReconfigureNanos();
    if (next.isPresent() && !reconfigureTimerRuns) {
      reconfigureTimerRuns = true;
      timers.after(
          next.getAsLong() - timers.nanos(),
          () -> {
            reconfigureTimerRuns = false;
            sendReconfigures();
          });
    }
  }

  private void send(Reply reply) {
    if (!channel.isActive()) {
      return;
    }
    DatagramPacket packet =
        new DatagramPacket(Unpooled.wrappedBuffer(reply.datagram().toArray()), reply.to());
    channel
        .writeAndFlush(packet)
        .addListener(
            future -> {
              if (future.isSuccess()) {
                observer.sent(reply);
              } else {
                observer.sendFailed(reply, future.cause());
              }
            });
  }
}
