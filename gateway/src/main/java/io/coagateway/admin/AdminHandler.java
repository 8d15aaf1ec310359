package io.coagateway.admin;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection: checks a request, hands it to its route, writes the answer, then reads the next.
 * The checks in order: well-formed, Host, path, guard, method.
 */
final class AdminHandler extends SimpleChannelInboundHandler<FullHttpRequest> {
  private static final Logger LOG = LoggerFactory.getLogger(AdminHandler.class);

  private final Map<String, AdminRoute> routes;
  private final Optional<EventStream> events;
  private final Optional<AdminToken> token;
  private final Optional<HostCheck> hosts;
  private boolean streams; // until the connection ends: nothing that comes is answered

  /**
   * @param routes by path
   * @param events answers {@code /events}
   * @param token what opens guarded paths; empty: nothing does, unless {@code hosts} is empty
   * @param hosts empty on the Unix socket, where neither Host nor token is asked for
   */
  AdminHandler(
      Map<String, AdminRoute> routes,
      Optional<EventStream> events,
      Optional<AdminToken> token,
      Optional<HostCheck> hosts) {
    this.routes = routes;
    this.events = events;
    this.token = token;
    this.hosts = hosts;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
    if (streams) {
      return;
    }
    context.channel().config().setAutoRead(false);
    if (request.decoderResult().isFailure()) {
      write(context, unreadable(request.decoderResult().cause()))
          .addListener(ChannelFutureListener.CLOSE);
      return;
    }
    RequestTarget target = RequestTarget.of(request.uri());
    QueryStringDecoder uri;
    try {
      uri = new QueryStringDecoder(target.pathAndQuery());
      uri.parameters();
      uri.path();
    } catch (IllegalArgumentException e) {
      done(context, AdminResponse.plain(HttpResponseStatus.BAD_REQUEST, "The address is garbled."));
      return;
    }
    Optional<AdminResponse> refusal = refusal(request, target, uri.path());
    if (refusal.isPresent()) {
      done(context, refusal.get());
      return;
    }
    if (uri.path().equals(EventStream.PATH) && events.isPresent()) {
      if (request.method().equals(HttpMethod.HEAD)) {
        sent(context, context.writeAndFlush(EventStream.head(request.protocolVersion())));
      } else {
        streams = true;
        events.get().start(context, request.protocolVersion());
      }
      return;
    }
    Optional<String> body = text(request.content());
    if (body.isEmpty()) {
      done(
          context,
          AdminResponse.plain(
              HttpResponseStatus.BAD_REQUEST, "The body is not UTF-8. Send UTF-8."));
      return;
    }
    answer(routes.get(uri.path()), typed(request, uri, body.get()))
        .thenAccept(answer -> context.executor().execute(() -> done(context, answer)));
  }

  /** The edge of the event loop: whatever goes wrong behind it, who asks gets an answer. */
  private static CompletionStage<AdminResponse> answer(AdminRoute route, AdminRequest request) {
    CompletionStage<AdminResponse> answer;
    try {
      answer = route.answer(request);
    } catch (RuntimeException e) {
      answer = CompletableFuture.failedFuture(e);
    }
    return answer.exceptionally(
        failure -> {
          LOG.debug("admin-request-failed path={}", request.path(), failure);
          return AdminResponse.plain(
              HttpResponseStatus.INTERNAL_SERVER_ERROR,
              "The gateway failed. With logging.level: debug its log says how.");
        });
  }

  /** A browser sends the cookies of every port of a host, so its headers may grow long here. */
  private static AdminResponse unreadable(Throwable why) {
    if (why instanceof TooLongHttpHeaderException) {
      return AdminResponse.plain(
          HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
          "The headers are longer than "
              + AdminSite.MAX_HEADER
              + " octets. In a browser remove the cookies of this host, or take a private window.");
    }
    return AdminResponse.plain(
        HttpResponseStatus.BAD_REQUEST,
        why instanceof TooLongHttpLineException
            ? "The request line is longer than " + AdminSite.MAX_LINE + " octets."
            : "This is not HTTP.");
  }

  /**
   * Strictly decoded (RFC 8259 section 8.1): a value with a replacement character matches nothing.
   */
  private static Optional<String> text(ByteBuf body) {
    try {
      return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(body.nioBuffer()).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  private static AdminRequest typed(FullHttpRequest request, QueryStringDecoder uri, String body) {
    return new AdminRequest(
        request.method().equals(HttpMethod.HEAD) ? "GET" : request.method().name(),
        uri.path(),
        uri.parameters(),
        request.headers().get(HttpHeaderNames.ACCEPT, ""),
        Optional.ofNullable(request.headers().get(HttpHeaderNames.IF_MATCH)),
        body);
  }

  /** What can be looked at; the rest is for the forms of the page. */
  private List<String> paths() {
    List<String> paths = new ArrayList<>(routes.keySet());
    paths.removeIf(path -> !routes.get(path).methods().contains("GET"));
    events.ifPresent(stream -> paths.add(EventStream.PATH));
    return paths;
  }

  private Optional<AdminResponse> refusal(
      FullHttpRequest request, RequestTarget target, String path) {
    List<String> named = request.headers().getAll(HttpHeaderNames.HOST);
    if (hosts.isPresent() && !isOneHost(request.protocolVersion(), named)) {
      return Optional.of(
          AdminResponse.plain(
              HttpResponseStatus.BAD_REQUEST,
              "There must be one Host header, and in it a host, with or without a port."));
    }
    List<String> host = target.authority().map(List::of).orElse(named);
    if (hosts.isPresent() && (host.isEmpty() || !hosts.get().allows(host.get(0)))) {
      return Optional.of(
          AdminResponse.plain(
              HttpResponseStatus.MISDIRECTED_REQUEST,
              "The Host header names somebody else. Use an address or localhost, or add the name"
                  + " to admin.hosts in the configuration."));
    }
    AdminRoute route = routes.get(path);
    boolean stream = path.equals(EventStream.PATH) && events.isPresent();
    if (route == null && !stream) {
      return Optional.of(
          AdminResponse.plain(
              HttpResponseStatus.NOT_FOUND, "Here are: " + String.join(" ", paths())));
    }
    if ((stream || route.guard() == AdminRoute.Guard.TOKEN) && hosts.isPresent()) {
      Optional<AdminResponse> closed = closed(request.headers());
      if (closed.isPresent()) {
        return closed;
      }
    }
    String method = request.method().equals(HttpMethod.HEAD) ? "GET" : request.method().name();
    if (stream ? !method.equals("GET") : !route.methods().contains(method)) {
      String allowed = stream ? "GET" : String.join(", ", route.methods());
      return Optional.of(
          new AdminResponse(
              HttpResponseStatus.METHOD_NOT_ALLOWED,
              AdminResponse.PLAIN,
              "Only " + allowed + " here.\n",
              Map.of("Allow", allowed)));
    }
    return Optional.empty();
  }

  /**
   * RFC 9112 section 3.2: anything else is answered 400; only before HTTP/1.1 it may be missing.
   */
  private static boolean isOneHost(HttpVersion version, List<String> named) {
    return named.isEmpty()
        ? version.compareTo(HttpVersion.HTTP_1_1) < 0
        : named.size() == 1 && HostCheck.isWellFormed(named.get(0));
  }

  private Optional<AdminResponse> closed(HttpHeaders headers) {
    if (token.isEmpty()) {
      return Optional.of(
          AdminResponse.plain(
              HttpResponseStatus.FORBIDDEN,
              "Closed on this port. Set admin.token in the configuration, or use admin.socket."));
    }
    if (token.get().isIn(headers.get(HttpHeaderNames.AUTHORIZATION, ""))) {
      return Optional.empty();
    }
    return Optional.of(
        new AdminResponse(
            HttpResponseStatus.UNAUTHORIZED,
            AdminResponse.PLAIN,
            "Send the token of admin.token: Authorization: Bearer ...\n",
            Map.of("WWW-Authenticate", "Bearer")));
  }

  private static void done(ChannelHandlerContext context, AdminResponse answer) {
    sent(context, write(context, answer));
  }

  /**
   * Lets the connection's next request in once the answer has left: who asks again and again and
   * takes nothing would have all the answers wait here.
   */
  private static void sent(ChannelHandlerContext context, ChannelFuture answer) {
    answer
        .addListener(ChannelFutureListener.CLOSE_ON_FAILURE)
        .addListener(left -> context.channel().config().setAutoRead(true));
  }

  private static ChannelFuture write(ChannelHandlerContext context, AdminResponse answer) {
    ByteBuf body = Unpooled.copiedBuffer(answer.body(), StandardCharsets.UTF_8);
    FullHttpResponse response =
        new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, answer.status(), body);
    HttpHeaders headers = response.headers();
    headers.set(HttpHeaderNames.CONTENT_TYPE, answer.contentType());
    headers.set(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
    harden(headers);
    answer.headers().forEach(headers::set);
    return context.writeAndFlush(response);
  }

  /** Nothing is cached, framed, sniffed or loaded from elsewhere. */
  static void harden(HttpHeaders headers) {
    headers.set(HttpHeaderNames.CACHE_CONTROL, "no-store");
    headers.set("X-Content-Type-Options", "nosniff");
    headers.set("Referrer-Policy", "no-referrer");
    headers.set(
        "Content-Security-Policy",
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none';"
            + " form-action 'self'");
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    LOG.debug("admin-connection-failed cause=\"{}\"", cause.toString());
    ChannelFuture unused = context.close();
  }
}
