package io.coagateway.dynauth;

import static io.coagateway.dynauth.FakeExchanges.result;
import static io.coagateway.dynauth.FakeExchanges.status;
import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.dhcpv6.Duid;
import io.coagateway.dhcpv6.Option;
import io.coagateway.dhcpv6.OptionCode;
import io.coagateway.dhcpv6.OptionList;
import io.coagateway.dhcpv6.RawOption;
import io.coagateway.dhcpv6.StatusCode;
import io.coagateway.dynauth.Gateway.Asked;
import io.coagateway.radius.Attribute;
import io.coagateway.radius.AttributeId;
import io.coagateway.radius.Attributes;
import io.coagateway.radius.DynamicAuthorizationRequest.Kind;
import io.coagateway.radius.RequestParameters.OtherAttributes;
import io.coagateway.relay.DhcpServer;
import io.coagateway.relay.DropReason;
import io.coagateway.relay.NotSentReason;
import io.coagateway.relay.ReconfigureMode;
import io.coagateway.relay.ServerResult;
import io.coagateway.subscriber.Hold;
import io.coagateway.subscriber.ReconfigureAccept;
import io.coagateway.subscriber.StaleRecordException;
import io.coagateway.subscriber.SubscriberRecord;
import io.coagateway.subscriber.TableUnavailableException;
import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.Label;
import io.coagateway.wire.Octets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CoaOperationTest {
  private final Gateway gateway = new Gateway();

  @Test
  @DisplayName("the new options are written before the message leaves; ACK; then confirmed")
  void writesAsksAndConfirms() {
    gateway.start();
    gateway.table.hold();
    Asked coa = gateway.coa("alice", "new.example.net");
    assertThat(gateway.exchanges.reconfigures).isEmpty();
    gateway.table.finishOne();
    gateway.settle();
    assertThat(gateway.options("port-1")).isEqualTo(Gateway.NEW);
    assertThat(gateway.reconfigure(0).task.supplied()).isEqualTo(Gateway.NEW);
    assertThat(coa.verdict()).isEqualTo("open");
    gateway.reconfigure(0).accept();
    assertThat(coa.verdict()).isEqualTo("ACK");
    gateway.table.finishOne();
    gateway.settle();
    assertThat(gateway.table.asked).containsExactly("begin [port-1]", "confirm [port-1]");
    assertThat(gateway.busy()).isZero();
    assertThat(gateway.time.waiting()).as("the response deadline").isZero();
    assertThat(gateway.reports.get(0).result()).isEqualTo(RequestReport.Result.ACK);
  }

  @Test
  @DisplayName("the next request for the subscriber waits for the ACK, not for its confirmation")
  void leavesItsPlaceWithTheAck() {
    gateway.start();
    Asked first = gateway.coa("alice", "new.example.net");
    gateway.table.hold();
    gateway.reconfigure(0).accept();
    assertThat(first.verdict()).isEqualTo("ACK");
    Asked second = gateway.coa("alice", "second.example.net");
    assertThat(gateway.table.asked)
        .containsExactly("begin [port-1]", "confirm [port-1]", "begin [port-1]");
    gateway.table.finishOne();
    gateway.table.finishOne();
    gateway.settle();
    gateway.reconfigure(1).accept();
    assertThat(second.verdict()).isEqualTo("ACK");
    assertThat(gateway.options("port-1")).isEqualTo(Gateway.aftr("second.example.net"));
  }

  @Test
  @DisplayName(
      "a subscriber of a shared table is let go, and left to others before the next request")
  void leavesSubscribersToOtherGateways() {
    gateway.start();
    gateway.table.holds = new Hold(List.of(7L));
    Asked first = gateway.coa("alice", "new.example.net");
    gateway.reconfigure(0).accept();
    Asked second = gateway.coa("alice", "second.example.net");
    assertThat(first.verdict()).isEqualTo("ACK");
    assertThat(gateway.table.asked)
        .containsExactly("begin [port-1]", "confirm [port-1]", "letGo [7]");
    gateway.pass(Duration.ofMillis(19));
    assertThat(gateway.table.asked).hasSize(3);
    gateway.pass(Duration.ofMillis(1));
    assertThat(gateway.table.asked).endsWith("letGo [7]", "begin [port-1]");
    gateway.reconfigure(1).accept();
    assertThat(second.verdict()).isEqualTo("ACK");
  }

  @Test
  @DisplayName("a NAK leaves only when the old options are durably back")
  void putsBackBeforeTheNak() {
    gateway.start();
    Asked coa = gateway.coa("alice", "new.example.net");
    gateway.table.hold();
    gateway.reconfigure(0).refuse(status(gateway.server, StatusCode.NOT_ALLOWED));
    assertThat(coa.verdict()).isEqualTo("open");
    gateway.table.finishOne();
    gateway.settle();
    assertThat(coa.verdict()).isEqualTo("NAK 501");
    assertThat(gateway.options("port-1")).isEqualTo(Gateway.OLD);
    assertThat(gateway.busy()).isZero();
  }

  @Test
  @DisplayName(
      "answers: listed 501, NotConfigured 501, UnspecFail 404, other status 404, silence 506, own limits 506")
  void answersByTheTable() {
    gateway.start();
    ServerResult listed = result(gateway.server, ServerResult.Kind.LISTED);
    assertThat(refused(0, listed)).isEqualTo("NAK 501");
    assertThat(refused(1, status(gateway.server, StatusCode.NOT_CONFIGURED))).isEqualTo("NAK 501");
    assertThat(refused(2, status(gateway.server, StatusCode.UNSPEC_FAIL))).isEqualTo("NAK 404");
    assertThat(refused(3, status(gateway.server, StatusCode.NO_BINDING))).isEqualTo("NAK 404");
    Asked silence = gateway.coa("alice", "new.example.net");
    gateway.reconfigure(4).noAnswer();
    assertThat(silence.verdict()).isEqualTo("NAK 506");
    Asked full = gateway.coa("alice", "new.example.net");
    gateway.reconfigure(5).notSent(NotSentReason.QUEUE_FULL);
    assertThat(full.verdict()).isEqualTo("NAK 506");
    assertThat(gateway.options("port-1")).isEqualTo(Gateway.OLD);
  }

  @Test
  @DisplayName("what the session's own server does not take is named, attribute and option")
  void namesWhatTheServerDoesNotTake() {
    DhcpServer own =
        DhcpServer.builder("dhcp-2", gateway.server.address())
            .reconfigure(ReconfigureMode.AT_RENEW)
            .build();
    gateway.servers = List.of(gateway.server, own);
    gateway.exchanges.known.put(Gateway.SERVER_DUID, own);
    gateway.start();
    assertThat(gateway.coa("alice", "new.example.net").verdict()).isEqualTo("NAK 401");
    assertThat(gateway.reports.get(0).reason())
        .isEqualTo("Attr-144: no server of this session takes AFTR_NAME from the relay");
  }

  private String refused(int index, ServerResult... results) {
    Asked coa = gateway.coa("alice", "new.example.net");
    gateway.reconfigure(index).refuse(results);
    return coa.verdict();
  }

  @Test
  @DisplayName(
      "several servers that all refuse: the first row of the table that any of them earned")
  void theFirstRowWins() {
    gateway.start();
    assertThat(
            refused(
                0,
                result(gateway.server, ServerResult.Kind.NO_ANSWER),
                status(gateway.server, StatusCode.UNSPEC_FAIL),
                result(gateway.server, ServerResult.Kind.LISTED)))
        .isEqualTo("NAK 501");
  }

  @Test
  @DisplayName("no session 503; more than the ceiling 508; no identification 402")
  void refusesWhatItCannotFind() {
    gateway.maxSessions = 1;
    gateway.start();
    assertThat(gateway.coa("carol", "x.example").verdict()).isEqualTo("NAK 503");
    assertThat(gateway.coa("bob", "x.example").verdict()).isEqualTo("NAK 508");
    assertThat(
            gateway.ask(Kind.COA, Attribute.ofText(Attributes.DS_LITE_TUNNEL_NAME, "x")).verdict())
        .isEqualTo("NAK 402");
    assertThat(gateway.exchanges.reconfigures).isEmpty();
    assertThat(gateway.busy()).isZero();
  }

  @Test
  @DisplayName("a value that cannot be used: NAK 407, nothing written, nothing sent")
  void refusesABadValue() {
    gateway.start();
    assertThat(gateway.coa("alice", "no name").verdict()).isEqualTo("NAK 407");
    assertThat(gateway.table.asked).isEmpty();
    assertThat(gateway.exchanges.reconfigures).isEmpty();
    assertThat(gateway.busy()).isZero();
  }

  @Test
  @DisplayName(
      "the client does not accept Reconfigure: NAK 501, nothing sent; unknown: it is tried")
  void doesNotAskForAClientThatRefuses() {
    gateway.start();
    gateway.table.records.put(
        "port-1",
        gateway.record("port-1", "alice", 1).reconfigureAccept(ReconfigureAccept.NO).build());
    assertThat(gateway.coa("alice", "new.example.net").verdict()).isEqualTo("NAK 501");
    assertThat(gateway.exchanges.reconfigures).isEmpty();
  }

  @Test
  @DisplayName("RFC 5176 2.3: several sessions are one decision; accepted ones are asked once more")
  void allOrNothing() {
    gateway.start();
    Asked coa = gateway.coa("bob", "new.example.net");
    assertThat(gateway.table.asked).containsExactly("begin [port-2, port-3]");
    gateway.reconfigure(0).accept();
    assertThat(coa.verdict()).isEqualTo("open");
    gateway.reconfigure(1).refuse(result(gateway.server, ServerResult.Kind.LISTED));
    assertThat(coa.verdict()).isEqualTo("NAK 501");
    assertThat(gateway.options("port-2")).isEqualTo(Gateway.OLD);
    assertThat(gateway.options("port-3")).isEqualTo(Gateway.OLD);
    assertThat(gateway.exchanges.reconfigures).hasSize(3);
    assertThat(gateway.reconfigure(2).task.client())
        .isEqualTo(gateway.reconfigure(0).task.client());
    assertThat(gateway.reconfigure(2).task.supplied()).isEqualTo(Gateway.OLD);
    assertThat(gateway.reports.get(0).reason())
        .contains("port-3: dhcp-1 listed")
        .contains("1 of 2 sessions had been accepted and were put back")
        .doesNotContain("port-2");
  }

  @Test
  @DisplayName(
      "RFC 5176 2.3: one session that cannot be changed refuses all before anything is sent")
  void checksAllBeforeTheFirstMessage() {
    gateway.start();
    gateway.table.records.put(
        "port-3",
        gateway.record("port-3", "bob", 3).reconfigureAccept(ReconfigureAccept.NO).build());
    assertThat(gateway.coa("bob", "new.example.net").verdict()).isEqualTo("NAK 501");
    assertThat(gateway.table.asked).isEmpty();
    assertThat(gateway.exchanges.reconfigures).isEmpty();
  }

  @ParameterizedTest(name = "the first {0}, the second {1}")
  @CsvSource({"NO_ANSWER, LISTED", "LISTED, NO_ANSWER"})
  @DisplayName("RFC 5176 2.3: of sessions that are all refused the first row of the table counts")
  void theFirstRowOfAllSessionsWins(ServerResult.Kind first, ServerResult.Kind second) {
    gateway.start();
    Asked coa = gateway.coa("bob", "new.example.net");
    gateway.reconfigure(0).refuse(result(gateway.server, first));
    gateway.reconfigure(1).refuse(result(gateway.server, second));
    assertThat(coa.verdict()).isEqualTo("NAK 501");
    assertThat(gateway.reports.get(0).reason())
        .isEqualTo(
            "port-2: dhcp-1 %s; port-3: dhcp-1 %s".formatted(Label.of(first), Label.of(second)));
    assertThat(gateway.exchanges.reconfigures).as("nobody was accepted").hasSize(2);
  }

  @Test
  @DisplayName(
      "RFC 5176 2.3, spec 1.8: no room for one session's message, and none leaves: NAK 506")
  void withdrawsTheOthers() {
    gateway.start();
    Asked coa = gateway.coa("bob", "new.example.net");
    gateway.reconfigure(1).notSent(NotSentReason.DEADLINE);
    assertThat(gateway.reconfigure(0).why).isEqualTo(DropReason.CANCELLED);
    assertThat(coa.verdict()).isEqualTo("open");
    gateway.reconfigure(0).cancelled();
    assertThat(coa.verdict()).isEqualTo("NAK 506");
    assertThat(gateway.options("port-2")).isEqualTo(Gateway.OLD);
    assertThat(gateway.options("port-3")).isEqualTo(Gateway.OLD);
    assertThat(gateway.reports.get(0).reason())
        .isEqualTo("port-2: dhcp-1 dropped; port-3: dhcp-1 deadline");
    assertThat(gateway.exchanges.reconfigures).as("nobody has to come back").hasSize(2);
    assertThat(gateway.busy()).isZero();
  }

  @Test
  @DisplayName("all accepted: one ACK, all confirmed")
  void acknowledgesAll() {
    gateway.start();
    Asked coa = gateway.coa("bob", "new.example.net");
    gateway.reconfigure(1).accept();
    gateway.reconfigure(0).accept();
    assertThat(coa.verdict()).isEqualTo("ACK");
    assertThat(gateway.table.asked).endsWith("confirm [port-2, port-3]");
  }

  @Test
  @DisplayName(
      "the response deadline: NAK 506 whatever DHCPv6 does; a late success changes nothing")
  void answersByTheDeadline() {
    gateway.start();
    Asked coa = gateway.coa("alice", "new.example.net");
    gateway.pass(Duration.ofSeconds(25));
    assertThat(coa.verdict()).isEqualTo("NAK 506");
    assertThat(gateway.reconfigure(0).dropped).isTrue();
    gateway.reconfigure(0).accept();
    assertThat(coa.verdict()).isEqualTo("NAK 506");
    assertThat(gateway.options("port-1")).isEqualTo(Gateway.OLD);
    assertThat(gateway.busy()).isZero();
    gateway.pass(Duration.ofSeconds(25));
    assertThat(gateway.time.waiting()).isZero();
    assertThat(gateway.notes).isEmpty();
  }

  @Test
  @DisplayName("the response deadline counts from the arrival at the socket")
  void countsFromTheArrival() {
    gateway.onTheWay = Duration.ofSeconds(3);
    gateway.start();
    Asked coa = gateway.coa("alice", "new.example.net");
    assertThat(gateway.reconfigure(0).task.deadlineNanos())
        .isEqualTo(Duration.ofMillis(21_500).toNanos());
    gateway.pass(Duration.ofMillis(21_999));
    assertThat(coa.verdict()).isEqualTo("open");
    gateway.pass(Duration.ofMillis(1));
    assertThat(coa.verdict()).isEqualTo("NAK 506");

    gateway.onTheWay = Duration.ofSeconds(26);
    assertThat(gateway.coa("alice", "newer.example.net").verdict()).startsWith("NAK");
  }

  @Test
  @DisplayName("a table that never answers holds the line no longer than twice the deadline")
  void doesNotHoldTheLineForEver() {
    gateway.start();
    gateway.table.hold();
    assertThat(gateway.coa("alice", "first.example.net").verdict()).isEqualTo("open");
    gateway.pass(Duration.ofSeconds(25));
    assertThat(gateway.busy()).isEqualTo(1);
    gateway.pass(Duration.ofSeconds(25));
    assertThat(gateway.busy()).isZero();
    assertThat(gateway.notes).hasSize(1);
  }

  @Test
  @DisplayName("RQ-3, RQ-4: the link-address is the identical value that the relay recorded")
  void asksWithTheRelaysLinkAddress() {
    gateway.start();
    gateway.coa("alice", "new.example.net");
    gateway.coa("bob", "new.example.net");
    assertThat(gateway.exchanges.reconfigures)
        .extracting(reconfiguring -> reconfiguring.task.linkAddress().toString())
        .containsExactly("2001:db8:1::1", "2001:db8:2::1", "2001:db8:3::1");
    gateway.exchanges.reconfigures.forEach(FakeExchanges.Reconfiguring::accept);
    gateway.settle();
    gateway.disconnect("alice");
    gateway.disconnect("bob");
    assertThat(gateway.exchanges.releases)
        .extracting(releasing -> releasing.task.linkAddress().toString())
        .containsExactly("2001:db8:1::1", "2001:db8:2::1", "2001:db8:3::1");
  }

  @Test
  @DisplayName("DHCPv6 gets less time than the answer, so that the rollback fits in between")
  void leavesTimeForTheRollback() {
    gateway.start();
    gateway.coa("alice", "new.example.net");
    assertThat(gateway.reconfigure(0).task.deadlineNanos())
        .isEqualTo(Duration.ofMillis(24_500).toNanos());
  }

  @Test
  @DisplayName("a later CoA never overtakes an earlier one, and starts from what that one left")
  void keepsTheOrder() {
    gateway.start();
    Asked first = gateway.coa("alice", "first.example.net");
    Asked second = gateway.coa("alice", "second.example.net");
    assertThat(gateway.exchanges.reconfigures).hasSize(1);
    gateway.reconfigure(0).accept();
    gateway.settle();
    assertThat(first.verdict()).isEqualTo("ACK");
    assertThat(gateway.reconfigure(1).task.supplied())
        .isEqualTo(Gateway.aftr("second.example.net"));
    gateway.reconfigure(1).refuse(result(gateway.server, ServerResult.Kind.LISTED));
    assertThat(second.verdict()).isEqualTo("NAK 501");
    assertThat(gateway.options("port-1")).isEqualTo(Gateway.aftr("first.example.net"));
  }

  @Test
  @DisplayName("a repeated identical CoA joins the exchange under way")
  void joinsAnIdenticalOne() {
    gateway.start();
    Asked first = gateway.coa("alice", "new.example.net");
    Asked second = gateway.coa("alice", "new.example.net");
    assertThat(gateway.joined).hasSize(1);
    gateway.reconfigure(0).accept();
    gateway.settle();
    assertThat(first.verdict()).isEqualTo("ACK");
    assertThat(second.verdict()).isEqualTo("ACK");
    assertThat(gateway.reports).extracting(RequestReport::joined).containsExactly(false, true);
    assertThat(gateway.exchanges.reconfigures).hasSize(1);
    assertThat(gateway.reports).hasSize(2);
  }

  /** The old one was planned for servers and a mapping that the operator has just taken away. */
  @Test
  @DisplayName("an identical CoA that comes after a reload does not join one from before it")
  void doesNotJoinAcrossAReload() {
    gateway.start();
    Asked before = gateway.coa("alice", "new.example.net");
    gateway.mode(ReconfigureMode.AT_RENEW).reload();
    Asked after = gateway.coa("alice", "new.example.net");
    assertThat(gateway.joined).isEmpty();

    gateway.reconfigure(0).refuse(result(gateway.server, ServerResult.Kind.LISTED));
    gateway.settle();
    assertThat(before.verdict()).isEqualTo("NAK 501");
    assertThat(after.verdict()).isEqualTo("ACK");
    assertThat(gateway.exchanges.reconfigures).hasSize(1);
    assertThat(gateway.options("port-1")).isEqualTo(Gateway.aftr("new.example.net"));
  }

  @Test
  @DisplayName("one that would join past another for one of its sessions waits behind that")
  void doesNotJoinPastAnother() {
    gateway.start();
    named("port-3", "bob", 3, "8A3F0003");
    Asked first = gateway.coa("bob", "first.example.net");
    Asked between = coaBySessionId("8A3F0003", "second.example.net");
    Asked newest = gateway.coa("bob", "first.example.net");
    assertThat(gateway.joined).isEmpty();
    gateway.reconfigure(0).accept();
    gateway.reconfigure(1).accept();
    gateway.settle();
    assertThat(first.verdict()).isEqualTo("ACK");
    gateway.reconfigure(2).accept();
    gateway.settle();
    assertThat(between.verdict()).isEqualTo("ACK");
    assertThat(newest.verdict()).isEqualTo("open");
    gateway.reconfigure(3).accept();
    gateway.reconfigure(4).accept();
    assertThat(newest.verdict()).isEqualTo("ACK");
    assertThat(gateway.options("port-3")).isEqualTo(Gateway.aftr("first.example.net"));
  }

  @Test
  @DisplayName("one that names the session otherwise is decided for itself")
  void doesNotJoinOneThatLooksForTheSessionOtherwise() {
    gateway.start();
    named("port-1", "alice", 1, "8A3F0001");
    gateway.coa("alice", "first.example.net");
    Asked byName = gateway.coa("alice", "new.example.net");
    Asked bySessionId = coaBySessionId("8A3F0001", "new.example.net");
    named("port-1", "renamed", 1, "8A3F0001");
    gateway.reconfigure(0).accept();
    gateway.settle();
    assertThat(byName.verdict()).isEqualTo("NAK 503");
    assertThat(bySessionId.verdict()).isEqualTo("open");
    gateway.reconfigure(1).accept();
    assertThat(bySessionId.verdict()).isEqualTo("ACK");
    assertThat(gateway.options("port-1")).isEqualTo(Gateway.NEW);
  }

  /** The record of this subscriber, whose session accounting has named. */
  private void named(String id, String user, int iaid, String acctSessionId) {
    SubscriberRecord record = gateway.record(id, user, iaid).build();
    gateway.table.records.put(
        id,
        record.toBuilder()
            .session(
                record.session().plus(Attributes.ACCT_SESSION_ID, Octets.ofUtf8(acctSessionId)))
            .build());
  }

  private Asked coaBySessionId(String acctSessionId, String aftr) {
    return gateway.ask(
        Kind.COA,
        Attribute.ofText(Attributes.ACCT_SESSION_ID, acctSessionId),
        Attribute.ofText(Attributes.DS_LITE_TUNNEL_NAME, aftr));
  }

  @Test
  @DisplayName("one that joined is answered by its own deadline, too")
  void theFollowersDeadline() {
    gateway.start();
    gateway.table.hold();
    Asked first = gateway.coa("alice", "new.example.net");
    gateway.pass(Duration.ofSeconds(10));
    Asked second = gateway.coa("alice", "new.example.net");
    gateway.pass(Duration.ofSeconds(15));
    assertThat(first.verdict()).isEqualTo("NAK 506");
    assertThat(second.verdict()).isEqualTo("NAK 506");
    gateway.table.finishOne(); // begin
    gateway.settle();
    gateway.table.finishOne(); // rollBack
    gateway.settle();
    assertThat(gateway.busy()).isZero();
    assertThat(gateway.exchanges.reconfigures).isEmpty();
  }

  @Test
  @DisplayName("a record that somebody else wrote is read again")
  void readsAStaleRecordAgain() {
    gateway.start();
    gateway.table.staleOnce("port-1");
    Asked coa = gateway.coa("alice", "new.example.net");
    gateway.reconfigure(0).accept();
    assertThat(coa.verdict()).isEqualTo("ACK");
    assertThat(gateway.table.asked)
        .containsExactly("begin [port-1]", "begin [port-1]", "confirm [port-1]");
  }

  @Test
  @DisplayName("the database is down: NAK 506, nothing sent")
  void theTableIsNotAvailable() {
    gateway.start();
    gateway.table.failNext(
        new TableUnavailableException(TableUnavailableException.Reason.LOCKED, "locked"));
    assertThat(gateway.coa("alice", "new.example.net").verdict()).isEqualTo("NAK 506");
    assertThat(gateway.exchanges.reconfigures).isEmpty();
    assertThat(gateway.busy()).isZero();
  }

  @Test
  @DisplayName("reconfigure: at-renew: nothing is sent, stored is acknowledged")
  void storesForTheNextRenew() {
    gateway.mode(ReconfigureMode.AT_RENEW).start();
    assertThat(gateway.coa("alice", "new.example.net").verdict()).isEqualTo("ACK");
    assertThat(gateway.exchanges.reconfigures).isEmpty();
    assertThat(gateway.table.asked).containsExactly("begin [port-1]", "confirm [port-1]");
    assertThat(gateway.options("port-1")).isEqualTo(Gateway.NEW);
  }

  @Test
  @DisplayName("reconfigure: at-renew: a client that does not accept Reconfigure is none the worse")
  void storesForAClientThatRefusesReconfigure() {
    gateway.mode(ReconfigureMode.AT_RENEW).start();
    gateway.table.has(
        gateway.record("port-1", "alice", 1).reconfigureAccept(ReconfigureAccept.NO).build());
    assertThat(gateway.coa("alice", "new.example.net").verdict()).isEqualTo("ACK");
    assertThat(gateway.options("port-1")).isEqualTo(Gateway.NEW);
  }

  @Test
  @DisplayName(
      "RFC 5176 section 2.3: what was stored for the next Renew goes back; nothing is sent")
  void putsBackWhatWasStored() {
    Duid storing = new Duid(Octets.ofHex("0003000102005e0000bb"));
    gateway.exchanges.known.put(
        storing,
        DhcpServer.builder("dhcp-2", gateway.server.address())
            .rsooOptions(gateway.server.rsooOptions())
            .reconfigure(ReconfigureMode.AT_RENEW)
            .build());
    gateway.servers = List.of(gateway.server, gateway.exchanges.known.get(storing));
    gateway.start();
    gateway.table.has(gateway.record("port-3", "bob", 3).serverDuid(storing).build());
    Asked coa = gateway.coa("bob", "new.example.net");
    assertThat(gateway.options("port-3")).isEqualTo(Gateway.NEW);
    assertThat(gateway.reconfigure(0).task.client()).isEqualTo(gateway.duid("port-2"));
    gateway.reconfigure(0).noAnswer();
    gateway.settle();
    assertThat(coa.verdict()).isEqualTo("NAK 506");
    assertThat(gateway.options("port-3")).isEqualTo(Gateway.OLD);
    assertThat(gateway.exchanges.reconfigures).hasSize(1);
    assertThat(gateway.notes).isEmpty();
  }

  @Test
  @DisplayName("an unknown server, none that speaks RFC 6977: the options wait for the next Renew")
  void storesWhereNobodyCanBeAsked() {
    gateway.mode(ReconfigureMode.AT_RENEW).start();
    gateway.exchanges.known.clear();
    assertThat(gateway.coa("alice", "new.example.net").verdict()).isEqualTo("ACK");
    assertThat(gateway.exchanges.reconfigures).isEmpty();
    assertThat(gateway.options("port-1")).isEqualTo(Gateway.NEW);

    gateway.mode(ReconfigureMode.NONE).reload();
    gateway.exchanges.known.clear();
    assertThat(gateway.coa("alice", "newer.example.net").verdict()).isEqualTo("NAK 501");
  }

  @Test
  @DisplayName("RQ-14: all servers that speak RFC 6977 are asked, and no other")
  void asksThoseThatSpeakIt() {
    DhcpServer second = DhcpServer.builder("dhcp-2", gateway.server.address()).build();
    DhcpServer silent =
        DhcpServer.builder("dhcp-3", gateway.server.address())
            .reconfigure(ReconfigureMode.AT_RENEW)
            .build();
    gateway.servers = List.of(gateway.server, second, silent);
    gateway.start();
    gateway.coa("alice", "new.example.net");
    assertThat(gateway.reconfigure(0).task.servers()).containsExactly(gateway.server, second);
  }

  @Test
  @DisplayName("reconfigure: none: NAK 501")
  void prohibitsByMode() {
    gateway.mode(ReconfigureMode.NONE).start();
    assertThat(gateway.coa("alice", "new.example.net").verdict()).isEqualTo("NAK 501");
    assertThat(gateway.table.asked).isEmpty();
  }

  @Test
  @DisplayName("a CoA without any change asks the client to come back; nothing is written")
  void asksForWhatIsSuppliedAlready() {
    gateway.start();
    Asked coa = gateway.ask(Kind.COA, Attribute.ofText(Attributes.USER_NAME, "alice"));
    assertThat(gateway.reconfigure(0).task.supplied()).isEqualTo(Gateway.OLD);
    gateway.reconfigure(0).accept();
    assertThat(coa.verdict()).isEqualTo("ACK");
    assertThat(gateway.table.asked).isEmpty();
    assertThat(gateway.busy()).isZero();
  }

  @Test
  @DisplayName("other-attributes: ignore: what nothing can carry is told, and changes nothing")
  void tellsWhatIsIgnored() {
    AttributeId noMapping = AttributeId.vendor(9, 1);
    gateway.otherAttributes = OtherAttributes.IGNORE;
    gateway.with(gateway.server.toBuilder().rsooOptions(Set.of()).build()).start();
    Asked coa =
        gateway.ask(
            Kind.COA,
            Attribute.ofText(Attributes.USER_NAME, "alice"),
            Attribute.ofText(noMapping, "x"),
            Attribute.ofText(Attributes.DS_LITE_TUNNEL_NAME, "new.example.net"));
    assertThat(gateway.ignored).containsExactly(noMapping, Attributes.DS_LITE_TUNNEL_NAME);
    assertThat(gateway.reconfigure(0).task.supplied()).isEqualTo(Gateway.OLD);
    gateway.reconfigure(0).accept();
    assertThat(coa.verdict()).isEqualTo("ACK");
    assertThat(gateway.table.asked).isEmpty();
  }

  @Test
  @DisplayName("a Disconnect cancels a CoA at work: options back, NAK 503, then the release")
  void aDisconnectCancelsIt() {
    gateway.start();
    Asked coa = gateway.coa("alice", "new.example.net");
    Asked disconnect = gateway.disconnect("alice");
    assertThat(gateway.reconfigure(0).dropped).isTrue();
    assertThat(gateway.exchanges.releases).isEmpty();
    gateway.reconfigure(0).cancelled();
    gateway.settle();
    assertThat(coa.verdict()).isEqualTo("NAK 503");
    assertThat(gateway.options("port-1")).isEqualTo(Gateway.OLD);
    gateway.release(0).released(false);
    gateway.settle();
    assertThat(disconnect.verdict()).isEqualTo("ACK");
    assertThat(gateway.table.records).doesNotContainKey("port-1");
    assertThat(gateway.busy()).isZero();
  }

  @Test
  @DisplayName("a Disconnect comes while the new options are written: nothing is sent for them")
  void aDisconnectCancelsItBeforeItIsWritten() {
    gateway.start();
    gateway.table.hold();
    Asked coa = gateway.coa("alice", "new.example.net");
    gateway.disconnect("alice");
    gateway.table.finishOne(); // begin
    gateway.settle();
    gateway.table.finishOne(); // rollBack
    gateway.settle();
    assertThat(coa.verdict()).isEqualTo("NAK 503");
    assertThat(gateway.exchanges.reconfigures).isEmpty();
    assertThat(gateway.options("port-1")).isEqualTo(Gateway.OLD);
    assertThat(gateway.exchanges.releases).hasSize(1);
  }

  @Test
  @DisplayName("a Disconnect has cancelled it: a server that accepts after all changes nothing")
  void aLateSuccessDoesNotUndoTheCancel() {
    gateway.start();
    Asked coa = gateway.coa("alice", "new.example.net");
    gateway.disconnect("alice");
    gateway.reconfigure(0).accept();
    gateway.settle();
    assertThat(coa.verdict()).isEqualTo("NAK 503");
    assertThat(gateway.options("port-1")).isEqualTo(Gateway.OLD);
  }

  @Test
  @DisplayName("a Disconnect has cancelled it: the answer of its deadline is the only one")
  void isAnsweredOnceWhenItIsCancelledAndLate() {
    gateway.start();
    Asked coa = gateway.coa("alice", "new.example.net");
    gateway.disconnect("alice");
    gateway.pass(Duration.ofSeconds(25));
    assertThat(coa.verdict()).isEqualTo("NAK 506");
    gateway.reconfigure(0).cancelled();
    gateway.settle();
    assertThat(coa.verdict()).isEqualTo("NAK 506");
    assertThat(gateway.reports).extracting(RequestReport::took).hasSize(2);
  }

  @Test
  @DisplayName("the mark that cannot be taken away is noted; the ACK has left")
  void notesAConfirmationThatFails() {
    gateway.start();
    Asked coa = gateway.coa("alice", "new.example.net");
    gateway.table.failNext(
        new TableUnavailableException(TableUnavailableException.Reason.LOCKED, "locked"));
    gateway.reconfigure(0).accept();
    gateway.settle();
    assertThat(coa.verdict()).isEqualTo("ACK");
    assertThat(gateway.notes).containsExactly("confirm-failed locked");
    assertThat(gateway.busy()).isZero();
  }

  @Test
  @DisplayName("options that cannot be put back are noted; the NAK leaves all the same")
  void notesARollbackThatFails() {
    gateway.start();
    Asked coa = gateway.coa("alice", "new.example.net");
    gateway.table.failNext(
        new TableUnavailableException(TableUnavailableException.Reason.LOCKED, "locked"));
    gateway.reconfigure(0).refuse(result(gateway.server, ServerResult.Kind.LISTED));
    gateway.settle();
    assertThat(coa.verdict()).isEqualTo("NAK 501");
    assertThat(gateway.notes).containsExactly("rollback-failed locked");
    assertThat(gateway.busy()).isZero();
  }

  @Test
  @DisplayName(
      "a Disconnect for one of its sessions: accepted clients of the others are asked again")
  void asksTheOthersAgainWhenADisconnectCancelsIt() {
    gateway.start();
    named("port-3", "bob", 3, "8A3F0003");
    Asked coa = gateway.coa("bob", "new.example.net");
    gateway.reconfigure(0).accept();
    gateway.ask(Kind.DISCONNECT, Attribute.ofText(Attributes.ACCT_SESSION_ID, "8A3F0003"));
    gateway.reconfigure(1).cancelled();
    gateway.settle();
    assertThat(coa.verdict()).isEqualTo("NAK 503");
    assertThat(gateway.options("port-2")).isEqualTo(Gateway.OLD);
    assertThat(gateway.exchanges.reconfigures).hasSize(3);
    assertThat(gateway.reconfigure(2).task.client()).isEqualTo(gateway.duid("port-2"));
    assertThat(gateway.reconfigure(2).task.supplied()).isEqualTo(Gateway.OLD);
  }

  @Test
  @DisplayName("a Disconnect that is refused after all: its client is asked again, too")
  void asksAgainWhomARefusedDisconnectWasAbout() {
    gateway.start();
    named("port-3", "bob", 3, "8A3F0003");
    Asked coa = gateway.coa("bob", "new.example.net");
    gateway.reconfigure(1).accept();
    Asked disconnect =
        gateway.ask(Kind.DISCONNECT, Attribute.ofText(Attributes.ACCT_SESSION_ID, "8A3F0003"));
    gateway.reconfigure(0).cancelled();
    gateway.settle();
    assertThat(coa.verdict()).isEqualTo("NAK 503");
    assertThat(gateway.exchanges.reconfigures).as("the session is going").hasSize(2);
    gateway.release(0).noAnswer();
    gateway.settle();
    assertThat(disconnect.verdict()).startsWith("NAK");
    assertThat(gateway.exchanges.reconfigures).hasSize(3);
    assertThat(gateway.reconfigure(2).task.client()).isEqualTo(gateway.duid("port-3"));
    assertThat(gateway.reconfigure(2).task.supplied()).isEqualTo(Gateway.OLD);
  }

  @Test
  @DisplayName("the client that two Disconnects are about is not asked to come back")
  void doesNotAskThoseWhoAreDisconnected() {
    gateway.start();
    named("port-2", "bob", 2, "8A3F0002");
    named("port-3", "bob", 3, "8A3F0003");
    Asked coa = gateway.coa("bob", "new.example.net");
    gateway.reconfigure(1).accept();
    gateway.ask(Kind.DISCONNECT, Attribute.ofText(Attributes.ACCT_SESSION_ID, "8A3F0002"));
    gateway.ask(Kind.DISCONNECT, Attribute.ofText(Attributes.ACCT_SESSION_ID, "8A3F0003"));
    gateway.reconfigure(0).cancelled();
    gateway.settle();
    assertThat(coa.verdict()).isEqualTo("NAK 503");
    assertThat(gateway.exchanges.reconfigures).hasSize(2);
    assertThat(gateway.exchanges.releases).hasSize(2);
  }

  @Test
  @DisplayName(
      "a CoA that reads a stale record again is answered by the Disconnect that comes then")
  void isAnsweredWhileItReadsAgain() {
    gateway.start();
    named("port-2", "bob", 2, "8A3F0002");
    named("port-3", "bob", 3, "8A3F0003");
    gateway.table.hold();
    Asked coa = gateway.coa("bob", "new.example.net");
    gateway.ask(Kind.DISCONNECT, Attribute.ofText(Attributes.ACCT_SESSION_ID, "8A3F0002"));
    CompletableFuture<Hold> hold = new CompletableFuture<>();
    gateway.table.nextHolds.add(hold);
    gateway.table.failOne(new StaleRecordException("nas-1", "port-2", 2));
    gateway.settle();
    assertThat(coa.verdict()).isEqualTo("open");

    gateway.ask(Kind.DISCONNECT, Attribute.ofText(Attributes.ACCT_SESSION_ID, "8A3F0003"));

    assertThat(coa.verdict()).isEqualTo("NAK 503");
    gateway.settle();
    assertThat(gateway.exchanges.releases).hasSize(2);
    hold.complete(new Hold(List.of(7L)));
    gateway.settle();
    assertThat(gateway.table.asked).containsExactly("begin [port-2, port-3]", "letGo [7]");
  }

  @Test
  @DisplayName("RQ-17: once the DAC is answered, other servers do not hear of the client again")
  void dropsWhatIsAnswered() {
    gateway.start();
    gateway.coa("alice", "new.example.net");
    gateway.reconfigure(0).accept();
    assertThat(gateway.reconfigure(0).dropped).isTrue();
  }

  @Test
  @DisplayName("RQ-17: a client seen to have come back with the new options is taken out, ACK")
  void dropsThoseThatCameBack() {
    gateway.start();
    Asked coa = gateway.coa("alice", "new.example.net");
    gateway.cameBack("port-2", Gateway.NEW);
    gateway.cameBack("port-1", Gateway.OLD);
    gateway.cameBack("port-1", OptionList.EMPTY);
    assertThat(gateway.reconfigure(0).dropped).isFalse();

    gateway.cameBack("port-1", Gateway.NEW);

    assertThat(gateway.reconfigure(0).why).isEqualTo(DropReason.CAME_BACK);
    gateway.reconfigure(0).cancelled();
    gateway.settle();
    assertThat(coa.verdict()).isEqualTo("ACK");
    assertThat(gateway.options("port-1")).isEqualTo(Gateway.NEW);
    assertThat(gateway.returns.size()).isZero();
    assertThat(gateway.busy()).isZero();
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(booleans = {true, false})
  @DisplayName(
      "RQ-17: an option that is taken away: who fetches the others without it has come back")
  void seesThatAnOptionIsGone(boolean otherChanges) {
    Option old = Gateway.OLD.all().get(0);
    Option next = otherChanges ? Gateway.NEW.all().get(0) : old;
    Option taken = new RawOption(OptionCode.ERP_LOCAL_DOMAIN_NAME, Octets.ofHex("0361626300"));
    gateway.dhcpv6Options = Set.of(OptionCode.AFTR_NAME, OptionCode.ERP_LOCAL_DOMAIN_NAME);
    gateway.with(gateway.server.toBuilder().rsooOptions(gateway.dhcpv6Options).build());
    gateway.table.has(
        gateway.record("port-1", "alice", 1).options(OptionList.of(old, taken)).build());
    gateway.restart();
    Asked coa =
        gateway.ask(
            Kind.COA,
            Attribute.ofText(Attributes.USER_NAME, "alice"),
            new Attribute(Attributes.DHCPV6_OPTIONS, OptionList.of(next).encode()));
    assertThat(gateway.options("port-1")).isEqualTo(OptionList.of(next));
    gateway.cameBack("port-1", OptionList.of(next, taken));
    gateway.cameBack("port-1", OptionList.of(taken));
    assertThat(gateway.reconfigure(0).dropped).isFalse();

    gateway.cameBack("port-1", OptionList.of(next));

    assertThat(gateway.reconfigure(0).why).isEqualTo(DropReason.CAME_BACK);
    gateway.reconfigure(0).cancelled();
    gateway.settle();
    assertThat(coa.verdict()).isEqualTo("ACK");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "old.example.net"})
  @DisplayName("where nothing changes a REPLY proves nothing: the server's silence is a NAK")
  void aReplyProvesNothingWhereNothingChanges(String aftr) {
    gateway.start();
    Asked coa =
        aftr.isEmpty()
            ? gateway.ask(Kind.COA, Attribute.ofText(Attributes.USER_NAME, "alice"))
            : gateway.coa("alice", aftr);
    gateway.cameBack("port-1", Gateway.OLD);
    gateway.cameBack("port-1", OptionList.EMPTY);
    assertThat(gateway.reconfigure(0).dropped).isFalse();
    gateway.reconfigure(0).noAnswer();
    gateway.settle();
    assertThat(coa.verdict()).isEqualTo("NAK 506");
    assertThat(gateway.table.asked).isEmpty();
    assertThat(gateway.busy()).isZero();
  }

  @ParameterizedTest(name = "{0}, {1}: came back {2}")
  @CsvSource({
    "2001:db8:1::1, line-1, true",
    "2001:db8:1::1,       , true",
    "2001:db8:1::1, line-2, false",
    "2001:db8:2::1, line-1, false"
  })
  @DisplayName("RQ-17: a client of the same DUID on another line is not the one that is awaited")
  void tellsClientsOfOneDuidApartByTheirLine(String link, String line, boolean cameBack) {
    gateway.table.has(
        gateway.record("port-1", "alice", 1).interfaceId(Octets.ofUtf8("line-1")).build());
    gateway.restart();
    gateway.coa("alice", "new.example.net");
    gateway.returns.cameBack(
        gateway.duid("port-1"),
        Ipv6Address.parse(link),
        Optional.ofNullable(line).map(Octets::ofUtf8),
        Gateway.NEW);
    assertThat(gateway.reconfigure(0).dropped).isEqualTo(cameBack);
  }

  @Test
  @DisplayName("RQ-17: who came back is put back with the others when one of them is refused")
  void asksThoseThatCameBackAgainAfterARollback() {
    gateway.start();
    Asked coa = gateway.coa("bob", "new.example.net");
    gateway.cameBack("port-2", Gateway.NEW);
    gateway.reconfigure(0).cancelled();
    gateway.reconfigure(1).noAnswer();
    gateway.settle();
    assertThat(coa.verdict()).isEqualTo("NAK 506");
    assertThat(gateway.options("port-2")).isEqualTo(Gateway.OLD);
    assertThat(gateway.reconfigure(2).task.client()).isEqualTo(gateway.duid("port-2"));
  }

  @Test
  @DisplayName("RQ-17: a subscriber that left the table is taken out, NAK 503")
  void dropsThoseThatLeftTheTable() {
    gateway.maxSessions = 2;
    gateway.start();
    gateway.watch();
    Asked coa = gateway.coa("bob", "new.example.net");
    gateway.pass(Duration.ofMillis(1_500));
    assertThat(gateway.reconfigure(1).dropped).isFalse();
    gateway.table.records.remove("port-3");
    gateway.pass(Duration.ofSeconds(1));
    assertThat(gateway.reconfigure(0).dropped).isFalse();
    assertThat(gateway.reconfigure(1).dropped).isTrue();
    gateway.reconfigure(1).cancelled();
    gateway.reconfigure(0).accept();
    assertThat(coa.verdict()).isEqualTo("NAK 503");
    assertThat(gateway.options("port-2")).isEqualTo(Gateway.OLD);
  }

  @Test
  @DisplayName("port-1 of two NASes are two sessions: a Disconnect for one lets the other's CoA be")
  void aDisconnectOnAnotherNasDoesNotCancelIt() {
    startBesideTwoNases("bob", "alice");
    Asked coa = gateway.coa("bob", "new.example.net");
    Asked disconnect = gateway.disconnect("alice");
    assertThat(gateway.reconfigure(0).dropped).isFalse();
    assertThat(gateway.exchanges.releases).as("nobody waits for the other").hasSize(1);
    gateway.release(0).released(false);
    gateway.settle();
    assertThat(disconnect.verdict()).isEqualTo("ACK");
    gateway.reconfigure(0).accept();
    gateway.settle();
    assertThat(coa.verdict()).isEqualTo("ACK");
    assertThat(gateway.table.records).containsOnlyKeys("port-1");
    assertThat(gateway.options("port-1")).isEqualTo(Gateway.NEW);
    assertThat(gateway.busy()).isZero();
  }

  @Test
  @DisplayName("port-1 of two NASes in one CoA: it waits for one of them, and then has its turn")
  void waitsForOneOfTwoSessionsOfTheSameId() {
    startBesideTwoNases("bob", "bob");
    Asked first = coaBySessionId("8A3F0001", "first.example.net");
    Asked both = gateway.coa("bob", "new.example.net");
    assertThat(gateway.exchanges.reconfigures).hasSize(1);
    gateway.reconfigure(0).accept();
    gateway.settle();
    assertThat(first.verdict()).isEqualTo("ACK");
    assertThat(gateway.exchanges.reconfigures).hasSize(3);
    gateway.reconfigure(1).accept();
    gateway.reconfigure(2).accept();
    gateway.settle();
    assertThat(both.verdict()).isEqualTo("ACK");
    assertThat(gateway.reports.get(1).subscribers()).containsExactly("port-1", "port-1");
    assertThat(gateway.options("port-1")).isEqualTo(Gateway.NEW);
    assertThat(gateway.options("nas-2/port-1")).isEqualTo(Gateway.NEW);
    assertThat(gateway.busy()).isZero();
  }

  @Test
  @DisplayName("a Disconnect for port-1 of one NAS: the client of the other's is asked again")
  void asksTheClientOfTheSameIdAgain() {
    startBesideTwoNases("bob", "bob");
    Asked coa = gateway.coa("bob", "new.example.net");
    gateway.reconfigure(1).accept();
    gateway.ask(Kind.DISCONNECT, Attribute.ofText(Attributes.ACCT_SESSION_ID, "8A3F0001"));
    gateway.reconfigure(0).cancelled();
    gateway.settle();
    assertThat(coa.verdict()).isEqualTo("NAK 503");
    assertThat(gateway.exchanges.reconfigures).hasSize(3);
    assertThat(gateway.reconfigure(2).task.client()).isEqualTo(gateway.duid("nas-2/port-1"));
    assertThat(gateway.reconfigure(2).task.supplied()).isEqualTo(Gateway.OLD);
  }

  @Test
  @DisplayName("RQ-17: port-1 left the table on one NAS and is still there on the other")
  void dropsTheOneOfTwoThatLeftTheTable() {
    startBesideTwoNases("bob", "bob");
    gateway.watch();
    Asked coa = gateway.coa("bob", "new.example.net");
    gateway.table.records.remove("nas-2/port-1");
    gateway.pass(Duration.ofSeconds(1));
    assertThat(gateway.reconfigure(0).dropped).isFalse();
    assertThat(gateway.reconfigure(1).dropped).isTrue();
    gateway.reconfigure(1).cancelled();
    gateway.reconfigure(0).accept();
    assertThat(coa.verdict()).isEqualTo("NAK 503");
  }

  /**
   * Told of no NAS, the gateway sees those of all: port-1 of each, the first by Acct-Session-Id.
   */
  private void startBesideTwoNases(String first, String second) {
    gateway.nas = "";
    named("port-1", first, 1, "8A3F0001");
    gateway.table.has(gateway.record("nas-2", "port-1", second, 2).build());
    gateway.restart();
  }

  @Test
  @DisplayName("a Disconnect cancels a CoA that waits, at once")
  void aDisconnectCancelsOneThatWaits() {
    gateway.start();
    gateway.coa("alice", "first.example.net");
    Asked waiting = gateway.coa("alice", "second.example.net");
    gateway.disconnect("alice");
    assertThat(waiting.verdict()).isEqualTo("NAK 503");
  }

  @Test
  @DisplayName("after a crash: what was pending is kept, and its client asked once more")
  void repeatsWhatACrashLeft() {
    gateway.start();
    gateway.table.foundAtStart.add(
        new io.coagateway.subscriber.PendingChange(
            gateway.table.records.get("port-1"), Gateway.NEW, 7));
    gateway.repeatPending();
    assertThat(gateway.table.asked).containsExactly("confirm [port-1]");
    assertThat(gateway.reconfigure(0).task.supplied()).isEqualTo(Gateway.NEW);
    assertThat(gateway.reconfigure(0).task.deadlineNanos())
        .isEqualTo(Duration.ofMinutes(5).toNanos());
    gateway.reconfigure(0).noAnswer();
    assertThat(gateway.notes).containsExactly("repeated-after-crash port-1: dhcp-1 no-answer");
  }

  @Test
  @DisplayName("after a crash: where the options wait for the next Renew nothing is sent")
  void repeatsNothingForTheNextRenew() {
    gateway.mode(ReconfigureMode.AT_RENEW).start();
    gateway.table.foundAtStart.add(
        new io.coagateway.subscriber.PendingChange(
            gateway.table.records.get("port-1"), Gateway.NEW, 7));
    gateway.repeatPending();
    assertThat(gateway.table.asked).containsExactly("confirm [port-1]");
    assertThat(gateway.exchanges.reconfigures).isEmpty();
  }

  @Test
  @DisplayName("after a crash: its client is asked also when the mark cannot be taken away yet")
  void repeatsAlthoughTheTableFails() {
    gateway.start();
    gateway.table.foundAtStart.add(
        new io.coagateway.subscriber.PendingChange(
            gateway.table.records.get("port-1"), Gateway.NEW, 7));
    gateway.table.failNext(
        new TableUnavailableException(
            TableUnavailableException.Reason.LOCKED, "the database is locked"));
    gateway.repeatPending();
    assertThat(gateway.reconfigure(0).task.supplied()).isEqualTo(Gateway.NEW);
    gateway.reconfigure(0).accept();
    assertThat(gateway.notes)
        .containsExactly(
            "confirm-failed port-1: the database is locked",
            "repeated-after-crash port-1: dhcp-1 accepted");
  }

  @Test
  @DisplayName("the report names sessions, servers, transmissions, result and cause")
  void reports() {
    gateway.start();
    gateway.pass(Duration.ofSeconds(1));
    gateway.coa("alice", "new.example.net");
    gateway.pass(Duration.ofMillis(12));
    gateway.reconfigure(0).refuse(status(gateway.server, StatusCode.NOT_ALLOWED));
    RequestReport report = gateway.reports.get(0);
    assertThat(report.subscribers()).containsExactly("port-1");
    assertThat(report.servers())
        .containsExactly(new RequestReport.ServerPart("dhcp-1", "port-1", "NotAllowed", 1));
    assertThat(report.result()).isEqualTo(RequestReport.Result.NAK);
    assertThat(report.took()).isEqualTo(Duration.ofMillis(12));
    assertThat(report.reason()).isEqualTo("port-1: dhcp-1 NotAllowed");
  }
}
