package io.coagateway.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.coagateway.admin.SubscriberSource.Condition;
import io.coagateway.admin.SubscriberSource.RefusedException;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * {@code /search}: the subscriber search of the status page, for a browser without scripts. What it
 * shows is personal data, so the form asks for the token each time and sends it in the body, where
 * no log, history or foreign page gets it; nothing is kept. Programs use {@code /subscribers}.
 */
final class SearchRoute implements AdminRoute {
  static final String PATH = "/search";

  private static final int MAX_RECORDS = 20;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final SubscriberSource source;
  private final AdminToken token;

  /**
   * @param token what the form must hold
   */
  SearchRoute(SubscriberSource source, AdminToken token) {
    this.source = source;
    this.token = token;
  }

  /** The token is in the form, so whoever reaches the port may send one. */
  @Override
  public Guard guard() {
    return Guard.OPEN;
  }

  @Override
  public Set<String> methods() {
    return Set.of("POST");
  }

  @Override
  public CompletionStage<AdminResponse> answer(AdminRequest request) {
    Map<String, List<String>> form;
    try {
      form = new QueryStringDecoder(request.body(), false).parameters();
    } catch (IllegalArgumentException e) {
      return page(HttpResponseStatus.BAD_REQUEST, "", "", Optional.of("The form is garbled."));
    }
    String attribute = field(form, "attribute").strip();
    String value = field(form, "value").strip();
    if (!token.isIn("Bearer " + field(form, "token"))) {
      return page(
          HttpResponseStatus.FORBIDDEN,
          attribute,
          value,
          Optional.of("This is not the token of admin.token."));
    }
    if (attribute.isEmpty() || value.isEmpty()) {
      return page(
          HttpResponseStatus.BAD_REQUEST,
          attribute,
          value,
          Optional.of("Give an attribute, like User-Name, and its value."));
    }
    return source
        .find(List.of(new Condition(attribute, value)), MAX_RECORDS)
        .handle(
            (lines, failure) ->
                failure == null
                    ? found(attribute, value, lines)
                    : failed(attribute, value, failure));
  }

  private static String field(Map<String, List<String>> form, String name) {
    return form.getOrDefault(name, List.of("")).get(0);
  }

  private static AdminResponse failed(String attribute, String value, Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    HttpResponseStatus status = HttpResponseStatus.INTERNAL_SERVER_ERROR;
    String words = "The gateway failed: " + cause;
    if (cause instanceof RefusedException refused) {
      status = SubscriberRoute.status(refused.reason());
      words = refused.getMessage();
    }
    return html(status, attribute, value, Optional.of(words), List.of());
  }

  private static AdminResponse found(String attribute, String value, List<String> lines) {
    List<JsonNode> records = new ArrayList<>();
    try {
      for (String line : lines) {
        records.add(JSON.readTree(line));
      }
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the table prints JSON", e);
    }
    Optional<String> note =
        records.isEmpty()
            ? Optional.of("Nobody has this value.")
            : records.size() == MAX_RECORDS
                ? Optional.of("The first " + MAX_RECORDS + "; `coa-gateway table find` shows all.")
                : Optional.empty();
    return html(HttpResponseStatus.OK, attribute, value, note, records);
  }

  private static CompletionStage<AdminResponse> page(
      HttpResponseStatus status, String attribute, String value, Optional<String> note) {
    return CompletableFuture.completedFuture(html(status, attribute, value, note, List.of()));
  }

  private static AdminResponse html(
      HttpResponseStatus status,
      String attribute,
      String value,
      Optional<String> note,
      List<JsonNode> records) {
    return AdminResponse.of(
        status, AdminResponse.HTML, new SearchPage(attribute, value, note, records).render());
  }
}
