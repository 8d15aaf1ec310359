package io.coagateway.admin;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** {@code /}: the status page. */
final class StatusRoute implements AdminRoute {
  private final StatusSource status;
  private final HealthSource health;
  private final StatusPage.Search search;

  StatusRoute(StatusSource status, HealthSource health, StatusPage.Search search) {
    this.status = status;
    this.health = health;
    this.search = search;
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
    boolean live = request.query().containsKey("live");
    String page = new StatusPage(status.status(), health.health(), search, live).render();
    return CompletableFuture.completedFuture(
        AdminResponse.of(HttpResponseStatus.OK, AdminResponse.HTML, page));
  }
}
