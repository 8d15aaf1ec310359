package io.coagateway.listen;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * The end of a listening channel's pipeline, behind Netty's acceptor. When {@code accept} fails,
 * the acceptor stops reading for a second (a listening socket stays readable, and the loop would
 * spin) and passes the failure on to here: at most one a second.
 */
public final class AcceptFailures extends ChannelInboundHandlerAdapter {
  private final AcceptObserver observer;

  private AcceptFailures(AcceptObserver observer) {
    this.observer = observer;
  }

  /**
   * Tells {@code observer} from now on.
   *
   * @param listener bound, so that the acceptor is in its pipeline
   */
  public static void watch(Channel listener, AcceptObserver observer) {
    listener.pipeline().addLast(new AcceptFailures(observer));
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    observer.notAccepted(context.channel().localAddress(), String.valueOf(cause.getMessage()));
  }
}
