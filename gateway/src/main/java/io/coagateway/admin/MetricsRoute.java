package io.coagateway.admin;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** {@code /metrics}, in the form that Prometheus asks for. */
final class MetricsRoute implements AdminRoute {
  private final MetricsSource source;

  MetricsRoute(MetricsSource source) {
    this.source = source;
  }

  @Override
  public Guard guard() {
    return Guard.OPEN;
  }

  @Override
  public Set<String> methods() {
    return Set.of("GET");
  }

  @Override
  public CompletionStage<AdminResponse> answer(AdminRequest request) {
    String type =
        request.accept().contains("application/openmetrics-text")
            ? MetricsSource.OPEN_METRICS
            : MetricsSource.TEXT;
    return CompletableFuture.completedFuture(
        AdminResponse.of(HttpResponseStatus.OK, type, source.scrape(type)));
  }
}
