package io.coagateway.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.dhcpv6.StatusCode;
import io.coagateway.leasequery.LeaseAnswer;
import io.coagateway.leasequery.LeaseQuery;
import io.coagateway.leasequery.QueryOutcome;
import io.coagateway.leasequery.RecoveryParameters;
import io.coagateway.wire.Ipv6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a server or a record says stays within its log line (RFC 8415 section 21.13's text). */
class QuotedTest {
  private static final String FORGED = "no\nrequest client=dac-1 result=ACK\" x=\"";
  private static final String HARMLESS = "no?request client=dac-1 result=ACK\\\" x=\\\"";
  private static final LeaseQuery QUERY = LeaseQuery.byAddress(Ipv6Address.parse("2001:db8::1"));

  @ParameterizedTest
  @ValueSource(ints = {0, '\n', '\r', 0x1b, 0x7f, 0x80, 0x85, 0x9b, 0x9f, 0x2028, 0x2029})
  void whatEndsALineOrSteersATerminalBecomesAQuestionMark(int control) {
    assertThat(Quoted.text("a" + (char) control + "b")).isEqualTo("a?b");
  }

  @Test
  void wordsStayAsTheyAre() {
    String words = "m\u00fcller@example.net: dhcp-1 NotAllowed (\u00a0not now, 7\u20ac)";
    assertThat(Quoted.text(words)).isEqualTo(words);
  }

  @Test
  void aServersTextCannotEndTheLineOfAnEvent() {
    assertThat(
            Logged.lines(
                "coa-gateway.event",
                () ->
                    new RequestLog()
                        .noted("repeated-after-crash", "port-1: dhcp-1 NotAllowed (a\nb)")))
        .containsExactly("repeated-after-crash port-1: dhcp-1 NotAllowed (a?b)");
  }

  @Test
  void aServersTextCannotEndTheLineOfARecovery() {
    RecoveryParameters.Server server =
        new RecoveryParameters.Server(
            "dhcp-1", new InetSocketAddress(InetAddress.getLoopbackAddress(), 547));
    QueryOutcome refused =
        new QueryOutcome(QueryOutcome.Kind.REFUSED, Optional.of(StatusCode.NOT_ALLOWED), FORGED, 0);
    assertThat(
            Logged.lines(
                "coa-gateway.leasequery",
                () -> new RecoveryAtStart(null, null).asked(server, QUERY, refused)))
        .containsExactly(
            "recovery-asked server=dhcp-1 query=\"address 2001:db8::1\" outcome=refused"
                + " status=NotAllowed clients=0 detail=\""
                + HARMLESS
                + '"');
  }

  @Test
  void aServersTextCannotEndTheLineOfALeasequery() {
    LeaseAnswer refused = new LeaseAnswer(LeaseAnswer.Kind.REFUSED, List.of(), FORGED);
    assertThat(
            Logged.lines(
                "coa-gateway.leasequery", () -> new LeasequeryLog(() -> 0).ended(QUERY, refused)))
        .containsExactly(
            "leasequery-in-vain query=\"address 2001:db8::1\" outcome=refused detail=\""
                + HARMLESS
                + '"');
  }
}
