package io.coagateway.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** {@code /health}: 200 or 503, with reasons as JSON. */
final class HealthRoute implements AdminRoute {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HealthSource source;

  HealthRoute(HealthSource source) {
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
    Health health = source.health();
    ObjectNode out = JSON.createObjectNode();
    out.put("status", health.ok() ? "ok" : "failing");
    add(out.putArray("problems"), health.problems());
    add(out.putArray("notes"), health.notes());
    try {
      return CompletableFuture.completedFuture(
          AdminResponse.of(
              health.ok() ? HttpResponseStatus.OK : HttpResponseStatus.SERVICE_UNAVAILABLE,
              AdminResponse.JSON,
              JSON.writeValueAsString(out) + "\n"));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of strings can be written", e);
    }
  }

  private static void add(ArrayNode to, List<Health.Reason> reasons) {
    for (Health.Reason reason : reasons) {
      to.addObject()
          .put("part", reason.part())
          .put("what", reason.what())
          .put("cure", reason.cure());
    }
  }
}
