package io.coagateway.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.admin.GatewayStatus.Reachability;
import io.coagateway.dhcpv6.MessageType;
import io.coagateway.dynauth.RequestReport;
import io.coagateway.dynauth.RequestReport.Result;
import io.coagateway.dynauth.RequestReport.ServerPart;
import io.coagateway.radius.AttributeList;
import io.coagateway.radius.DynamicAuthorizationRequest;
import io.coagateway.radius.DynamicAuthorizationRequest.Kind;
import io.coagateway.radius.ErrorCause;
import io.coagateway.relay.DhcpServer;
import io.coagateway.time.ManualTime;
import io.coagateway.wire.Octets;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StatusBoardTest {
  private final DhcpServer server =
      DhcpServer.builder("dhcp-1", new InetSocketAddress(InetAddress.getLoopbackAddress(), 547))
          .build();
  private final ManualTime time = new ManualTime();
  private final StatusBoard board = new StatusBoard(time);

  private DynamicAuthorizationRequest request(int identifier) {
    return new DynamicAuthorizationRequest(
        Kind.COA,
        identifier,
        "dac-1",
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 40000),
        time.instant(),
        time.nanos(),
        AttributeList.EMPTY);
  }

  private static RequestReport report(
      DynamicAuthorizationRequest request, Optional<ErrorCause> cause, ServerPart... parts) {
    return new RequestReport(
        request,
        cause.isPresent() ? Result.NAK : Result.ACK,
        cause,
        "no session matches User-Name = \"alice\"",
        List.of("alice-1", "alice-2"),
        List.of(parts),
        false,
        Duration.ofMillis(1));
  }

  @Test
  void showsTheOldestInFlightFirst() {
    board.started(request(1), () -> "dhcp-1");
    time.pass(Duration.ofSeconds(2));
    DynamicAuthorizationRequest second = request(2);
    board.started(second, () -> "the subscriber table");
    assertThat(board.inFlight()).extracting("identifier").containsExactly(1, 2);
    assertThat(board.inFlight().get(0).age()).isEqualTo(Duration.ofSeconds(2));
    assertThat(board.inFlight())
        .extracting("waitsFor")
        .containsExactly("dhcp-1", "the subscriber table");
    board.finished(report(second, Optional.empty()));
    assertThat(board.inFlightCount()).isEqualTo(1);
    assertThat(board.client("dac-1").acks).isEqualTo(1);
  }

  @Test
  void saysWhatServersSaidAndNamesNoSubscriber() {
    board.finished(
        report(
            request(1),
            Optional.of(ErrorCause.ADMINISTRATIVELY_PROHIBITED),
            new ServerPart("dhcp-1", "alice-1", "listed", 1),
            new ServerPart("dhcp-1", "alice-2", "listed", 1),
            new ServerPart("dhcp-2", "alice-1", "no-answer", 5)));
    board.finished(report(request(2), Optional.of(ErrorCause.SESSION_CONTEXT_NOT_FOUND)));
    assertThat(board.refusals())
        .extracting("reason")
        .containsExactly("2 sessions", "2 sessions; dhcp-1 listed (2 times); dhcp-2 no-answer");
    assertThat(board.refusals().toString()).doesNotContain("alice");
  }

  @Test
  void keepsTheLastTwentyRefusals() {
    for (int i = 0; i < 30; i++) {
      board.finished(report(request(i), Optional.of(ErrorCause.RESOURCES_UNAVAILABLE)));
    }
    assertThat(board.refusals()).hasSize(20);
    assertThat(board.refusals().get(0).identifier()).isEqualTo(29);
  }

  /** Its exchange may be dropped because another server has answered. */
  @Test
  void aServerThatWasAskedInVainIsNotSaidToBeUntried() {
    assertThat(board.server("dhcp-1").reachability).isEqualTo(Reachability.UNTRIED);
    board.sent(server, MessageType.RECONFIGURE_REQUEST, 1, 1, Octets.EMPTY);
    assertThat(board.server("dhcp-1").reachability).isEqualTo(Reachability.ASKED);
    board.unanswered(server, MessageType.RECONFIGURE_REQUEST, 5);
    board.sent(server, MessageType.RECONFIGURE_REQUEST, 1, 1, Octets.EMPTY);
    assertThat(board.server("dhcp-1").reachability).isEqualTo(Reachability.SILENT);
  }

  /** Another server has answered before, or the deadline of the request had come. */
  @Test
  void aServerThatAnswersTooLateIsSaidToAnswerLate() {
    board.sent(server, MessageType.RECONFIGURE_REQUEST, 1, 1, Octets.EMPTY);
    board.answeredLate(server);
    assertThat(board.server("dhcp-1").reachability).isEqualTo(Reachability.LATE);
    board.unanswered(server, MessageType.RECONFIGURE_REQUEST, 5);
    assertThat(board.server("dhcp-1").reachability).isEqualTo(Reachability.SILENT);
    board.answeredLate(server);
    board.serverReachable(server, true); // as a lane tells it: after the answer
    board.sent(server, MessageType.RECONFIGURE_REQUEST, 1, 1, Octets.EMPTY);
    assertThat(board.server("dhcp-1").reachability).isEqualTo(Reachability.LATE);
    board.answered(server, MessageType.RECONFIGURE_REPLY, 1, Octets.EMPTY);
    board.answeredLate(server); // to what was repeated meanwhile
    assertThat(board.server("dhcp-1").reachability).isEqualTo(Reachability.ANSWERS);
    board.unsupported(server, MessageType.RECONFIGURE_REQUEST);
    board.answeredLate(server);
    assertThat(board.server("dhcp-1").reachability).isEqualTo(Reachability.UNSUPPORTING);
  }

  /** Messages that nobody waits for any longer tell of it, too. */
  @Test
  void aServerThatFallsSilentIsShownSoUntilItIsHeard() {
    board.sent(server, MessageType.RECONFIGURE_REQUEST, 1, 1, Octets.EMPTY);
    board.serverReachable(server, false);
    assertThat(board.server("dhcp-1").reachability).isEqualTo(Reachability.SILENT);
    board.serverReachable(server, true);
    assertThat(board.server("dhcp-1").reachability).isEqualTo(Reachability.ANSWERS);
  }
}
