package io.coagateway.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.dynauth.RequestReport;
import io.coagateway.dynauth.RequestReport.Result;
import io.coagateway.dynauth.RequestReport.ServerPart;
import io.coagateway.radius.AttributeList;
import io.coagateway.radius.DynamicAuthorizationRequest;
import io.coagateway.radius.DynamicAuthorizationRequest.Kind;
import io.coagateway.radius.ErrorCause;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RequestLogTest {
  private static RequestReport report(
      Kind kind, Optional<ErrorCause> cause, String reason, List<String> ids, ServerPart... parts) {
    return new RequestReport(
        new DynamicAuthorizationRequest(
            kind,
            17,
            "dac-1",
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 40000),
            Instant.EPOCH,
            0,
            AttributeList.EMPTY),
        cause.isPresent() ? Result.NAK : Result.ACK,
        cause,
        reason,
        ids,
        List.of(parts),
        false,
        Duration.ofNanos(3_250_000));
  }

  @Test
  void saysAnAcknowledgedRequestInOneLine() {
    assertThat(
            RequestLog.line(
                report(
                    Kind.COA,
                    Optional.empty(),
                    "",
                    List.of("port-1"),
                    new ServerPart("dhcp-1", "port-1", "accepted", 1))))
        .isEqualTo(
            "request client=dac-1 id=17 type=coa sessions=port-1 servers=dhcp-1:accepted/1"
                + " result=ACK ms=3.2");
  }

  @Test
  void saysWhyARequestWasRefused() {
    assertThat(
            RequestLog.line(
                report(
                    Kind.DISCONNECT,
                    Optional.of(ErrorCause.SESSION_CONTEXT_NOT_REMOVABLE),
                    "port-2: released; port-3: dhcp-1 no-answer",
                    List.of("port-2", "port-3"),
                    new ServerPart("dhcp-1", "port-2", "accepted", 1),
                    new ServerPart("dhcp-1", "port-3", "no-answer", 4))))
        .isEqualTo(
            "request client=dac-1 id=17 type=disconnect sessions=port-2,port-3"
                + " servers=dhcp-1:accepted/1,dhcp-1:no-answer/4 result=NAK cause=504 ms=3.2"
                + " reason=\"port-2: released; port-3: dhcp-1 no-answer\"");
  }

  @Test
  void aNameCannotEndTheLineOrTheQuotes() {
    assertThat(
            RequestLog.line(
                report(
                    Kind.COA,
                    Optional.of(ErrorCause.INVALID_ATTRIBUTE_VALUE),
                    "\"x\ny\"",
                    List.of("a\nresult=ACK"))))
        .contains("sessions=a?result=ACK ")
        .endsWith("reason=\"\\\"x?y\\\"\"");
  }
}
