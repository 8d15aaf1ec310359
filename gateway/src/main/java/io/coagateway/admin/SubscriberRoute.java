package io.coagateway.admin;

import io.coagateway.admin.SubscriberSource.Condition;
import io.coagateway.admin.SubscriberSource.Expected;
import io.coagateway.admin.SubscriberSource.RefusedException;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * {@code /subscribers}: GET with conditions as the query, PUT of one record, DELETE by id. PUT and
 * DELETE honour If-Match (RFC 9110 section 13.1.1), whose tag is the record's version.
 */
final class SubscriberRoute implements AdminRoute {
  private static final int DEFAULT_LIMIT = 100;
  private static final int MAX_LIMIT = 10_000;

  private final SubscriberSource source;

  SubscriberRoute(SubscriberSource source) {
    this.source = source;
  }

  @Override
  public Guard guard() {
    return Guard.TOKEN;
  }

  @Override
  public Set<String> methods() {
    return Set.of("GET", "PUT", "DELETE");
  }

  @Override
  public CompletionStage<AdminResponse> answer(AdminRequest request) {
    try {
      return switch (request.method()) {
        case "PUT" -> put(request);
        case "DELETE" -> delete(request);
        default -> find(request);
      };
    } catch (RefusedException e) {
      return CompletableFuture.completedFuture(refusal(e));
    }
  }

  private CompletionStage<AdminResponse> find(AdminRequest request) throws RefusedException {
    List<Condition> conditions = new ArrayList<>();
    int limit = DEFAULT_LIMIT;
    for (Map.Entry<String, List<String>> entry : request.query().entrySet()) {
      if (entry.getKey().equals("limit")) {
        limit = limit(entry.getValue());
        continue;
      }
      entry.getValue().forEach(value -> conditions.add(new Condition(entry.getKey(), value)));
    }
    if (conditions.isEmpty()) {
      throw bad("Give what to look for, like ?User-Name=alice@example.net or ?id=port-1/1/7.");
    }
    return source
        .find(conditions, limit)
        .handle(
            (lines, failure) ->
                failure != null
                    ? failed(failure)
                    : AdminResponse.of(
                        HttpResponseStatus.OK,
                        AdminResponse.NDJSON,
                        lines.isEmpty() ? "" : String.join("\n", lines) + "\n"));
  }

  private CompletionStage<AdminResponse> put(AdminRequest request) throws RefusedException {
    String line = request.body().strip();
    if (line.isEmpty() || line.indexOf('\n') >= 0) {
      throw bad("Send one record as one line of JSON.");
    }
    return source
        .put(line, expected(request.ifMatch()))
        .handle(
            (version, failure) ->
                failure != null
                    ? failed(failure)
                    : new AdminResponse(
                        HttpResponseStatus.OK,
                        AdminResponse.JSON,
                        "{\"version\":" + version + "}\n",
                        Map.of("ETag", "\"" + version + "\"")));
  }

  private CompletionStage<AdminResponse> delete(AdminRequest request) throws RefusedException {
    List<String> ids = request.query().getOrDefault("id", List.of());
    if (ids.size() != 1 || request.query().size() != 1) {
      throw bad("Give the record's id, like ?id=port-1/1/7.");
    }
    return source
        .remove(ids.get(0), expected(request.ifMatch()))
        .handle(
            (nothing, failure) ->
                failure != null
                    ? failed(failure)
                    : AdminResponse.plain(HttpResponseStatus.OK, "Removed."));
  }

  private static int limit(List<String> values) throws RefusedException {
    try {
      int limit = Integer.parseInt(values.get(0));
      if (limit >= 1 && limit <= MAX_LIMIT) {
        return limit;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw bad("\"" + values.get(0) + "\" is no limit. Give 1 to " + MAX_LIMIT + ".");
  }

  private static Expected expected(Optional<String> ifMatch) throws RefusedException {
    if (ifMatch.isEmpty()) {
      return Expected.NOTHING;
    }
    if (ifMatch.get().equals("*")) {
      return Expected.ANY_VERSION;
    }
    try {
      return Expected.version(Long.parseLong(ifMatch.get().replace("\"", "")));
    } catch (NumberFormatException e) {
      throw bad("If-Match: give the version, like \"12\", or *.");
    }
  }

  private static RefusedException bad(String message) {
    return new RefusedException(RefusedException.Reason.BAD_INPUT, message);
  }

  private static AdminResponse failed(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return cause instanceof RefusedException refused
        ? refusal(refused)
        : AdminResponse.plain(
            HttpResponseStatus.INTERNAL_SERVER_ERROR, "The gateway failed: " + cause);
  }

  private static AdminResponse refusal(RefusedException e) {
    return AdminResponse.plain(status(e.reason()), e.getMessage());
  }

  static HttpResponseStatus status(RefusedException.Reason reason) {
    return switch (reason) {
      case BAD_INPUT -> HttpResponseStatus.BAD_REQUEST;
      case NOT_FOUND -> HttpResponseStatus.NOT_FOUND;
      case STALE -> HttpResponseStatus.PRECONDITION_FAILED;
      case UNAVAILABLE -> HttpResponseStatus.SERVICE_UNAVAILABLE;
    };
  }
}
