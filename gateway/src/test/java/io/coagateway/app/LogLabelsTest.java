package io.coagateway.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.accounting.AccountingObserver;
import io.coagateway.relay.DhcpServer;
import io.coagateway.relay.NotSentReason;
import io.coagateway.relay.ReplyDiscard;
import io.coagateway.subscriber.JoinRule;
import io.coagateway.subscriber.TableUnavailableException;
import io.coagateway.wire.Octets;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

/** Reasons are written in the log as conf/MESSAGES.md and the labels of the metrics have them. */
class LogLabelsTest {
  private static final InetSocketAddress SERVER =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 547);

  @Test
  void ofADiscardedReply() {
    assertThat(
            Logged.lines(
                "coa-gateway.dhcpv6",
                () ->
                    new RelayLog(() -> 0)
                        .discarded(ReplyDiscard.WRONG_TYPE, SERVER, Octets.EMPTY, "ADVERTISE")))
        .containsExactly("reply-discarded reason=wrong-type source=127.0.0.1:547 ADVERTISE");
  }

  @Test
  void ofADiscardedReplyOfWhichNothingMoreIsToBeSaid() {
    assertThat(
            Logged.lines(
                "coa-gateway.dhcpv6",
                () -> new RelayLog(() -> 0).discarded(ReplyDiscard.LATE, SERVER, Octets.EMPTY, "")))
        .containsExactly("reply-discarded reason=late source=127.0.0.1:547");
  }

  @Test
  void ofAMessageThatWasNotSent() {
    DhcpServer server = DhcpServer.builder("dhcp-1", SERVER).build();
    assertThat(
            Logged.lines(
                "coa-gateway.dhcpv6",
                () -> new RelayLog(() -> 0).notSent(server, NotSentReason.QUEUE_FULL)))
        .containsExactly("not-sent server=dhcp-1 reason=queue-full");
  }

  @Test
  void ofATableThatIsNotAvailable() {
    assertThat(
            Logged.lines(
                "coa-gateway.table",
                () ->
                    new TableLog(() -> 0)
                        .unavailable(TableUnavailableException.Reason.QUEUE_FULL, 3)))
        .containsExactly("table-unavailable reason=queue-full requests=3");
  }

  @Test
  void ofADefectAtTheTableOnceForEachStack() {
    RuntimeException one = new IllegalStateException("one");
    RuntimeException other = new IllegalStateException("other");
    assertThat(
            Logged.lines(
                "coa-gateway.table",
                () -> {
                  TableLog log = new TableLog(() -> 0);
                  log.defect(one);
                  log.defect(one);
                  log.defect(other);
                }))
        .containsExactly("table-defect", "table-defect");
  }

  @Test
  void ofADefectInAccountingOnceASecond() {
    assertThat(
            Logged.lines(
                "coa-gateway.accounting",
                () -> {
                  AccountingLog log = new AccountingLog(() -> 0);
                  log.defect(new IllegalStateException("one"));
                  log.defect(new IllegalStateException("other"));
                }))
        .containsExactly("accounting-defect java.lang.IllegalStateException: one");
  }

  @Test
  void ofADroppedAccountingPacketForEachReason() {
    assertThat(
            Logged.lines(
                "coa-gateway.accounting",
                () -> {
                  AccountingLog log = new AccountingLog(() -> 0);
                  for (int i = 0; i < 10; i++) { // strangers
                    log.dropped(AccountingObserver.Drop.UNKNOWN_SOURCE, SERVER);
                  }
                  log.dropped(AccountingObserver.Drop.TABLE_UNAVAILABLE, SERVER);
                  log.ambiguous(JoinRule.INTERFACE_ID, "s1");
                }))
        .hasSize(7)
        .startsWith("accounting-dropped reason=unknown-source source=127.0.0.1:547")
        .endsWith(
            "accounting-dropped reason=table-unavailable source=127.0.0.1:547",
            "accounting-ambiguous rule=interface-id session=s1");
  }
}
