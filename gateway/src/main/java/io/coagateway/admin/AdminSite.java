package io.coagateway.admin;

import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpServerKeepAliveHandler;
import io.netty.handler.flow.FlowControlHandler;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What is served, on whatever connection. Bounded: so long a request line, header and body, so much
 * time for each request.
 */
final class AdminSite {
  static final int MAX_LINE = 4096;
  static final int MAX_HEADER = 8192;

  /** One subscriber record is far smaller. */
  static final int MAX_BODY = 256 * 1024;

  /** For a whole request to come in, and for an answer to leave. */
  static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Map<String, AdminRoute> routes = new LinkedHashMap<>();
  private final Optional<EventStream> events;
  private final Optional<AdminToken> token;

  /**
   * @param token what opens guarded paths
   */
  AdminSite(Optional<AdminToken> token, AdminSources sources) {
    this.token = token;
    Optional<SearchRoute> search =
        sources.subscribers().flatMap(s -> token.map(t -> new SearchRoute(s, t)));
    routes.put(
        "/",
        new StatusRoute(
            sources.status(),
            sources.health(),
            search.isPresent() ? StatusPage.Search.OPEN : StatusPage.Search.CLOSED));
    search.ifPresent(route -> routes.put(SearchRoute.PATH, route));
    routes.put("/health", new HealthRoute(sources.health()));
    routes.put("/metrics", new MetricsRoute(sources.metrics()));
    sources.subscribers().ifPresent(s -> routes.put("/subscribers", new SubscriberRoute(s)));
    events = sources.events().map(EventStream::new);
  }

  /**
   * Equips a new connection.
   *
   * @param hosts under which names it may be addressed; empty on the Unix socket
   */
  void serve(ChannelPipeline connection, Optional<HostCheck> hosts) {
    connection
        .addLast(new HttpServerCodec(MAX_LINE, MAX_HEADER, MAX_HEADER))
        .addLast(new FlowControlHandler()) // a request is not looked at before the last is answered
        .addLast(new HttpServerKeepAliveHandler())
        .addLast(new HttpObjectAggregator(MAX_BODY, true))
        .addLast(new ExchangeTimer(PATIENCE))
        .addLast(new AdminHandler(routes, events, token, hosts));
  }
}
