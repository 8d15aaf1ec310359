package io.coagateway.dynauth;

import static io.coagateway.dynauth.FakeExchanges.notSent;
import static io.coagateway.dynauth.FakeExchanges.result;
import static io.coagateway.dynauth.FakeExchanges.status;
import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.dhcpv6.StatusCode;
import io.coagateway.radius.DynamicAuthorizationRequest.Kind;
import io.coagateway.radius.ErrorCause;
import io.coagateway.relay.DhcpServer;
import io.coagateway.relay.NotSentReason;
import io.coagateway.relay.ServerResult;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** interface.md section 4: from what servers said to a row of the table. */
class OutcomesTest {
  private final DhcpServer server =
      DhcpServer.builder("dhcp-1", new InetSocketAddress(InetAddress.getLoopbackAddress(), 10547))
          .build();

  @Test
  void theFirstRowThatAnyServerEarnedCountsWhoeverSaidItFirst() {
    ServerResult listed = result(server, ServerResult.Kind.LISTED);
    ServerResult failed = status(server, StatusCode.UNSPEC_FAIL);
    ServerResult full = notSent(server, NotSentReason.QUEUE_FULL);
    assertThat(Outcomes.finding(List.of(listed, failed, full))).isEqualTo(Finding.SERVER_PROHIBITS);
    assertThat(Outcomes.finding(List.of(full, failed, listed))).isEqualTo(Finding.SERVER_PROHIBITS);
    assertThat(Outcomes.finding(List.of(full, failed))).isEqualTo(Finding.SERVER_FAILED);
    assertThat(Outcomes.finding(List.of(full))).isEqualTo(Finding.OWN_LIMITS);
  }

  @Test
  void whoWasNotHeardEarnsNothing() {
    assertThat(Outcomes.finding(List.of())).isEqualTo(Finding.NO_ANSWER);
    assertThat(
            Outcomes.finding(
                List.of(
                    result(server, ServerResult.Kind.DROPPED),
                    notSent(server, NotSentReason.DEADLINE))))
        .isEqualTo(Finding.OWN_LIMITS);
  }

  @ParameterizedTest
  @CsvSource({
    "QUEUE_FULL, OWN_LIMITS",
    "DEADLINE, OWN_LIMITS",
    "TOO_LARGE, OWN_LIMITS",
    "NO_IAID, RECORD_INCOMPLETE",
    "NO_SERVER_DUID, RECORD_INCOMPLETE",
    "SWITCHED_OFF, PROHIBITED"
  })
  void whatWasNotSentIsOneRowForEachReason(NotSentReason reason, Finding finding) {
    assertThat(Outcomes.finding(List.of(notSent(server, reason)))).isEqualTo(finding);
  }

  @Test
  void wordsNameServerResultAndDetail() {
    ServerResult detailed =
        new ServerResult(
            server,
            ServerResult.Kind.STATUS,
            Optional.of(StatusCode.NOT_ALLOWED),
            Optional.empty(),
            "not this one",
            2,
            List.of());
    assertThat(Outcomes.words(List.of(detailed, result(server, ServerResult.Kind.NO_ANSWER))))
        .isEqualTo("dhcp-1 NotAllowed (not this one), dhcp-1 no-answer");
  }

  @Test
  void answersOfTheConfigurationStandForTheirKindOfRequestAlone() {
    AnswerTable table =
        new AnswerTable(
            Map.of(Finding.NO_ANSWER, ErrorCause.SESSION_CONTEXT_NOT_FOUND),
            Map.of(Finding.SERVER_FAILED, ErrorCause.RESOURCES_UNAVAILABLE));
    assertThat(table.cause(Kind.COA, Finding.NO_ANSWER))
        .isEqualTo(ErrorCause.SESSION_CONTEXT_NOT_FOUND);
    assertThat(table.cause(Kind.DISCONNECT, Finding.NO_ANSWER))
        .isEqualTo(ErrorCause.SESSION_CONTEXT_NOT_REMOVABLE);
    assertThat(table.cause(Kind.COA, Finding.SERVER_FAILED)).isEqualTo(ErrorCause.INVALID_REQUEST);
    assertThat(table.cause(Kind.DISCONNECT, Finding.SERVER_FAILED))
        .isEqualTo(ErrorCause.RESOURCES_UNAVAILABLE);
  }
}
