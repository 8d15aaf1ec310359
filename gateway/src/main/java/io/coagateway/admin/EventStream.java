package io.coagateway.admin;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * {@code /events}: server-sent events (the WHATWG event stream). A listener that reads more slowly
 * than things happen is cut off after {@value #MAX_QUEUED} events that it has not taken, rather
 * than held in memory; it reconnects and reads the table.
 */
final class EventStream {
  static final String PATH = "/events";

  /** Events on their way to one listener. */
  static final int MAX_QUEUED = 1024;

  /** A comment line that often keeps proxies and dead peers honest. */
  private static final long HEARTBEAT_SECONDS = 15;

  private final EventSource source;

  EventStream(EventSource source) {
    this.source = source;
  }

  /**
   * What HEAD gets: the header of a stream, and none begins (RFC 9110 section 9.3.2).
   *
   * @param asked the request's version
   */
  static HttpResponse head(HttpVersion asked) {
    HttpResponse response =
        new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
    describe(response.headers(), asked);
    return response;
  }

  /**
   * Who asks by a version before 1.1 does not know the chunked coding; the connection's end is then
   * the stream's (RFC 9112 sections 6.1 and 6.3).
   */
  private static void describe(HttpHeaders headers, HttpVersion asked) {
    AdminHandler.harden(headers);
    headers.set(HttpHeaderNames.CONTENT_TYPE, "text/event-stream; charset=utf-8");
    if (asked.compareTo(HttpVersion.HTTP_1_1) < 0) {
      headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    } else {
      headers.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
    }
  }

  /**
   * Turns the connection into a stream that ends when either side closes it.
   *
   * @param asked the request's version
   */
  void start(ChannelHandlerContext context, HttpVersion asked) {
    HttpResponse response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
    describe(response.headers(), asked);
    if (context.pipeline().get(ExchangeTimer.class) != null) {
      context.pipeline().remove(ExchangeTimer.class);
    }
    context.channel().config().setAutoRead(true); // to see the peer's close
    ChannelFuture head = context.write(response);
    head.addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
    write(context, ": open\n\n").addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
    AtomicInteger queued = new AtomicInteger();
    EventSource.Subscription subscription =
        source.listen(event -> offer(source, context, queued, event));
    var heartbeat =
        context
            .executor()
            .scheduleAtFixedRate(
                () -> write(context, ":\n\n").addListener(ChannelFutureListener.CLOSE_ON_FAILURE),
                HEARTBEAT_SECONDS,
                HEARTBEAT_SECONDS,
                TimeUnit.SECONDS);
    context
        .channel()
        .closeFuture()
        .addListener(
            closed -> {
              heartbeat.cancel(false);
              subscription.close();
            });
  }

  private static void offer(
      EventSource source,
      ChannelHandlerContext context,
      AtomicInteger queued,
      EventSource.Event event) {
    int waiting = queued.incrementAndGet();
    if (waiting > MAX_QUEUED) {
      if (waiting == MAX_QUEUED + 1) {
        source.tooSlow();
      }
      ChannelFuture unused = context.close();
      return;
    }
    write(context, "event: " + event.name() + "\ndata: " + event.json() + "\n\n")
        .addListener(written -> queued.decrementAndGet());
  }

  private static ChannelFuture write(ChannelHandlerContext context, String text) {
    return context.writeAndFlush(
        new DefaultHttpContent(Unpooled.copiedBuffer(text, StandardCharsets.UTF_8)));
  }
}
