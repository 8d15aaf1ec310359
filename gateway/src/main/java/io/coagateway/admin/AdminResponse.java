package io.coagateway.admin;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.Map;

/**
 * An answer.
 *
 * @param status 200, 404, ...
 * @param contentType with charset
 * @param body the whole text
 * @param headers besides the usual ones
 */
record AdminResponse(
    HttpResponseStatus status, String contentType, String body, Map<String, String> headers) {
  static final String PLAIN = "text/plain; charset=utf-8";
  static final String JSON = "application/json; charset=utf-8";
  static final String NDJSON = "application/x-ndjson; charset=utf-8";
  static final String HTML = "text/html; charset=utf-8";

  static AdminResponse of(HttpResponseStatus status, String contentType, String body) {
    return new AdminResponse(status, contentType, body, Map.of());
  }

  static AdminResponse plain(HttpResponseStatus status, String line) {
    return of(status, PLAIN, line + "\n");
  }
}
