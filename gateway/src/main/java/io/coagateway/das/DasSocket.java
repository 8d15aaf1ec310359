package io.coagateway.das;

import io.coagateway.datagram.Datagram;
import io.coagateway.ratelimit.LogLimit;
import io.coagateway.time.Timers;
import io.coagateway.wire.Octets;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One UDP socket: hands datagrams to the pipeline and sends the answers of those that came in here.
 * Answers given while a burst of datagrams is read leave together at its end; answers given at
 * other times leave together at the end of the loop's current round.
 */
final class DasSocket extends SimpleChannelInboundHandler<Datagram>
    implements AnswerPort, FloodShield.Guarded {
  private static final Logger LOG = LoggerFactory.getLogger(DasSocket.class);

  private static final int FAILURES_PER_SECOND = 1;

  private final ReceivePipeline pipeline;
  private final FloodShield shield;
  private final OpenSockets open;
  private final Runnable onBurstEnd;
  private final InetSocketAddress local;
  private final LogLimit failures;
  private ChannelHandlerContext context;
  private boolean reading;
  private boolean flushDue;

  /**
   * @param local the socket's own address; with port 0 until {@link #channelActive}
   */
  DasSocket(
      ReceivePipeline pipeline,
      FloodShield shield,
      OpenSockets open,
      Runnable onBurstEnd,
      Timers timers,
      InetSocketAddress local) {
    this.pipeline = pipeline;
    this.shield = shield;
    this.open = open;
    this.onBurstEnd = onBurstEnd;
    this.local = local;
    failures = new LogLimit(FAILURES_PER_SECOND, timers::nanos);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    context = added;
  }

  @Override
  public void channelActive(ChannelHandlerContext active) {
    shield.opened(this);
    open.add(this);
    active.fireChannelActive();
  }

  @Override
  public void channelInactive(ChannelHandlerContext inactive) {
    shield.closed(this);
    open.remove(this);
    inactive.fireChannelInactive();
  }

  /** Whether datagrams are read, or left to the kernel until they are. */
  void read(boolean on) {
    context.channel().config().setAutoRead(on);
  }

  @Override
  protected void channelRead0(ChannelHandlerContext from, Datagram datagram) {
    reading = true;
    pipeline.receive(datagram.octets(), datagram.peer(), this);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext from) {
    try {
      onBurstEnd.run();
    } finally {
      reading = false;
      context.flush();
    }
  }

  @Override
  public InetSocketAddress local() {
    return local;
  }

  @Override
  public void accepted(String client, InetSocketAddress source) {
    shield.proven(client, source.getPort());
  }

  @Override
  public void dropped(DropReason reason, String client, InetSocketAddress source) {
    switch (reason) {
      case UNKNOWN_SOURCE -> shield.stranger();
      case RATE_LIMITED -> shield.overLimit(client);
      case REQUEST_AUTHENTICATOR, MESSAGE_AUTHENTICATOR_MISMATCH ->
          shield.forged(client, source.getPort(), this);
      default -> {
        // of what else is dropped there is never much: it bears the client's authenticator, or is
        // no request at all
      }
    }
  }

  @Override
  public void attach(SourceFilter filter) throws IOException {
    kernel().orElseThrow(() -> new IOException("this transport has no filters")).attach(filter);
  }

  @Override
  public void detach() throws IOException {
    if (kernel().isPresent()) {
      kernel().get().detach();
    }
  }

  @Override
  public int drops() {
    return kernel().map(KernelSocket::drops).orElse(0);
  }

  @Override
  public boolean isFillingUp() {
    return kernel().map(KernelSocket::isFillingUp).orElse(false);
  }

  private Optional<KernelSocket> kernel() {
    return KernelSocket.of(context.channel());
  }

  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // the void promise reports to exceptionCaught
  public Sending send(byte[] answer, InetSocketAddress to) {
    if (!context.channel().isWritable()) {
      context.flush();
    }
    if (!context.channel().isActive() || !context.channel().isWritable()) {
      return Sending.NOT_SENT;
    }
    context.write(new Datagram(Octets.wrap(answer), to), context.channel().voidPromise());
    if (!reading && !flushDue) {
      flushDue = true;
      context.executor().execute(this::flush);
    }
    return Sending.SENT;
  }

  private void flush() {
    flushDue = false;
    context.flush();
  }

  /** A datagram that could not be sent or received is lost, as datagrams may be. */
  @Override
  public void exceptionCaught(ChannelHandlerContext from, Throwable cause) {
    failures.line(
        more -> {
          LOG.warn(
              "radius-socket-error local={}: {}{}",
              from.channel().localAddress(),
              cause.toString(),
              more);
          LOG.debug("radius-socket-error in full", cause);
        });
  }
}
