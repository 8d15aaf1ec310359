package io.coagateway.admin;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Closes a connection whose next step takes too long: a whole request, headers and body, from the
 * connection's start or the last answer on; then the whole answer. Single octets do not prolong it,
 * so nobody holds a connection by dripping them. Stands where requests come in whole.
 */
final class ExchangeTimer extends ChannelDuplexHandler {
  private final Duration patience;
  private Optional<Future<?>> deadline = Optional.empty();

  /**
   * @param patience for one step
   */
  ExchangeTimer(Duration patience) {
    this.patience = patience;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    restart(context);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object request) {
    restart(context);
    context.fireChannelRead(request);
  }

  @Override
  public void write(ChannelHandlerContext context, Object answer, ChannelPromise promise) {
    ChannelFuture unused =
        context.write(answer, promise.unvoid().addListener(written -> restart(context)));
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    stop();
  }

  private void restart(ChannelHandlerContext context) {
    stop();
    if (!context.isRemoved()) {
      deadline =
          Optional.of(
              context
                  .executor()
                  .schedule(() -> close(context), patience.toMillis(), TimeUnit.MILLISECONDS));
    }
  }

  private static void close(ChannelHandlerContext context) {
    ChannelFuture unused = context.close();
  }

  private void stop() {
    deadline.ifPresent(timer -> timer.cancel(false));
    deadline = Optional.empty();
  }
}
