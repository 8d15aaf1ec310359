package io.coagateway.admin;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A request that passed every check.
 *
 * @param method GET for HEAD too
 * @param path decoded, starting with a slash
 * @param query decoded, in order
 * @param accept the Accept header, empty when there is none
 * @param ifMatch the If-Match header
 * @param body as text
 */
record AdminRequest(
    String method,
    String path,
    Map<String, List<String>> query,
    String accept,
    Optional<String> ifMatch,
    String body) {}
