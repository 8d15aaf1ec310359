package io.coagateway.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.accounting.AccountingObserver;
import io.coagateway.dhcpv6.InterfaceIdOption;
import io.coagateway.dhcpv6.MessageType;
import io.coagateway.dhcpv6.Option;
import io.coagateway.dhcpv6.OptionList;
import io.coagateway.dhcpv6.RelayMessage;
import io.coagateway.relay.DhcpServer;
import io.coagateway.relay.NotSentReason;
import io.coagateway.relay.ReplyDiscard;
import io.coagateway.subscriber.JoinRule;
import io.coagateway.subscriber.TableUnavailableException;
import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.Octets;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
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
  @DisplayName("RFC 8415 section 19.2: where the peer is, as dhcpv6.interfaces takes it")
  void ofAReconfigureThatNobodyCanBeHanded() {
    assertThat(undeliverable(new InterfaceIdOption(Octets.ofUtf8("1/1/7"))))
        .isEqualTo(UNDELIVERABLE + "interface-id=\"1/1/7\"");
    for (String hex : List.of("0001", "612062", "612262", "5c", "30783161", "c3a4", "7f", "")) {
      assertThat(undeliverable(new InterfaceIdOption(Octets.ofHex(hex))))
          .isEqualTo(UNDELIVERABLE + "interface-id=0x" + hex);
    }
    assertThat(undeliverable()).isEqualTo(UNDELIVERABLE + "link-address=2001:db8:0:7::1");
  }

  private static final String UNDELIVERABLE =
      "undeliverable server=dhcp-1 type=RECONFIGURE peer=fe80::7 ";

  private static String undeliverable(Option... options) {
    RelayMessage reply =
        new RelayMessage(
            MessageType.RELAY_REPL,
            0,
            Ipv6Address.parse("2001:db8:0:7::1"),
            Ipv6Address.parse("fe80::7"),
            OptionList.of(options));
    DhcpServer server = DhcpServer.builder("dhcp-1", SERVER).build();
    List<String> lines =
        Logged.lines(
            "coa-gateway.dhcpv6",
            () -> new RelayLog(() -> 0).undeliverable(server, MessageType.RECONFIGURE, reply));
    assertThat(lines).hasSize(1);
    return lines.get(0);
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
