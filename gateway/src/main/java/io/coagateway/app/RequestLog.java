package io.coagateway.app;

import io.coagateway.dynauth.RequestObserver;
import io.coagateway.dynauth.RequestReport;
import io.coagateway.dynauth.RequestReport.Result;
import io.coagateway.radius.AttributeId;
import io.coagateway.radius.DynamicAuthorizationRequest;
import io.coagateway.radius.DynamicAuthorizationRequest.Kind;
import io.coagateway.radius.ErrorCause;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One line for each request at its end: {@code request client=dac-1 id=17 type=coa sessions=port-1
 * servers=dhcp-1:accepted/1 result=ACK ms=3}.
 */
public final class RequestLog implements RequestObserver {
  private static final Logger LOG = LoggerFactory.getLogger("coa-gateway.request");
  private static final Logger EVENTS = LoggerFactory.getLogger("coa-gateway.event");
  private static final int MOST_SESSIONS = 16;

  @Override
  public void finished(RequestReport report) {
    if (LOG.isInfoEnabled()) {
      LOG.info(line(report));
    }
  }

  @Override
  public void ignored(DynamicAuthorizationRequest request, AttributeId attribute) {
    LOG.debug("attribute-ignored client={} attribute={}", request.client(), attribute);
  }

  @Override
  public void joined(DynamicAuthorizationRequest request) {
    LOG.debug("request-joined client={} id={}", request.client(), request.identifier());
  }

  @Override
  public void noted(String event, String words) {
    EVENTS.warn("{} {}", event, Quoted.text(words)); // ids and servers' texts may be in them
  }

  static String line(RequestReport report) {
    DynamicAuthorizationRequest request = report.request();
    StringBuilder line = new StringBuilder(160);
    line.append("request client=").append(request.client());
    line.append(" id=").append(request.identifier());
    line.append(" type=").append(request.kind() == Kind.COA ? "coa" : "disconnect");
    sessions(line, report.subscribers());
    servers(line, report.servers());
    line.append(" result=").append(report.result());
    report.cause().ifPresent(cause -> cause(line, cause));
    long micros = report.took().toNanos() / 1_000;
    line.append(" ms=").append(micros / 1_000).append('.').append(micros / 100 % 10);
    if (report.result() == Result.NAK) {
      line.append(" reason=\"");
      Quoted.append(line, report.reason());
      line.append('"');
    }
    return line.toString();
  }

  private static void sessions(StringBuilder line, List<String> sessions) {
    if (sessions.isEmpty()) {
      return;
    }
    line.append(" sessions=");
    for (int i = 0; i < Math.min(sessions.size(), MOST_SESSIONS); i++) {
      line.append(i == 0 ? "" : ",");
      Quoted.append(line, sessions.get(i));
    }
    if (sessions.size() > MOST_SESSIONS) {
      line.append("+").append(sessions.size() - MOST_SESSIONS);
    }
  }

  /** Each server once with its outcome and how often it was asked, added up over the sessions. */
  private static void servers(StringBuilder line, List<RequestReport.ServerPart> parts) {
    if (parts.isEmpty()) {
      return;
    }
    if (parts.size() == 1) {
      RequestReport.ServerPart part = parts.get(0);
      line.append(" servers=").append(part.server()).append(':').append(part.outcome());
      line.append('/').append(part.transmissions());
      return;
    }
    Map<String, Integer> transmissions = new HashMap<>();
    for (RequestReport.ServerPart part : parts) {
      transmissions.merge(part.server() + ":" + part.outcome(), part.transmissions(), Integer::sum);
    }
    String separator = " servers=";
    for (Map.Entry<String, Integer> entry : new java.util.TreeMap<>(transmissions).entrySet()) {
      line.append(separator).append(entry.getKey()).append('/').append(entry.getValue());
      separator = ",";
    }
  }

  private static void cause(StringBuilder line, ErrorCause cause) {
    line.append(" cause=").append(cause.number());
  }
}
