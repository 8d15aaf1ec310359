package io.coagateway.dynauth;

import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.dynauth.Gateway.Asked;
import io.coagateway.radius.Attribute;
import io.coagateway.radius.Attributes;
import io.coagateway.radius.DynamicAuthorizationRequest.Kind;
import io.coagateway.subscriber.HeldElsewhereException;
import io.coagateway.subscriber.Hold;
import io.coagateway.subscriber.StaleRecordException;
import io.coagateway.wire.Octets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What CoA and Disconnect do alike. */
class OperationTest {
  private static final Hold HOLD = new Hold(List.of(7L));

  private final Gateway gateway = new Gateway();

  private void nextHoldFails(Throwable why) {
    gateway.table.nextHolds.add(CompletableFuture.failedFuture(why));
  }

  @Test
  @DisplayName("a record that others change each time it is read is given up: NAK 506")
  void givesUpARecordThatNeverStays() {
    gateway.start();
    gateway.table.staleEachTime("port-1");
    Asked coa = gateway.coa("alice", "new.example.net");
    assertThat(coa.verdict()).isEqualTo("NAK 506");
    assertThat(gateway.table.asked).hasSize(8).containsOnly("begin [port-1]");
    assertThat(gateway.reports.get(0).reason())
        .isEqualTo("the record was changed by others each time it was read");
    assertThat(gateway.busy()).isZero();
  }

  @Test
  @DisplayName("as many sessions as the ceiling allows are changed")
  void takesAsManyAsAllowed() {
    gateway.maxSessions = 2;
    gateway.start();
    Asked coa = gateway.coa("bob", "new.example.net");
    gateway.reconfigure(0).accept();
    gateway.reconfigure(1).accept();
    assertThat(coa.verdict()).isEqualTo("ACK");
  }

  @Test
  @DisplayName("of a short response deadline a tenth is left for the table")
  void leavesATenthOfAShortDeadline() {
    gateway.responseDeadline = Duration.ofSeconds(2);
    gateway.start();
    gateway.coa("alice", "new.example.net");
    assertThat(gateway.reconfigure(0).task.deadlineNanos())
        .isEqualTo(Duration.ofMillis(1_800).toNanos());
  }

  @Test
  @DisplayName("what waited for two sessions has no place in the line of the one that went")
  void leavesTheLineOfASessionThatWent() {
    gateway.start();
    gateway.table.has(
        gateway
            .record("port-3", "bob", 3)
            .session(
                gateway
                    .table
                    .records
                    .get("port-3")
                    .session()
                    .plus(Attributes.ACCT_SESSION_ID, Octets.ofUtf8("8A3F0003")))
            .build());
    gateway.ask(
        Kind.COA,
        Attribute.ofText(Attributes.ACCT_SESSION_ID, "8A3F0003"),
        Attribute.ofText(Attributes.DS_LITE_TUNNEL_NAME, "first.example.net"));
    Asked both = gateway.coa("bob", "new.example.net");
    gateway.table.records.remove("port-2");
    gateway.reconfigure(0).accept();
    gateway.settle();
    assertThat(gateway.busy()).isEqualTo(1);
    gateway.reconfigure(1).accept();
    gateway.settle();
    assertThat(both.verdict()).isEqualTo("ACK");
    assertThat(gateway.busy()).isZero();
  }

  @Test
  @DisplayName("one whose deadline passes while it waits leaves the line")
  void leavesTheLineAtItsDeadline() {
    gateway.start();
    gateway.table.hold();
    gateway.coa("alice", "first.example.net");
    gateway.pass(Duration.ofSeconds(10));
    Asked waiting = gateway.coa("alice", "second.example.net");
    gateway.pass(Duration.ofSeconds(25));
    assertThat(waiting.verdict()).isEqualTo("NAK 506");
    gateway.pass(Duration.ofSeconds(15)); // the first one gives up
    assertThat(gateway.busy()).isZero();
  }

  @Test
  @DisplayName("a shared table: what was held is let go before a stale record is held anew")
  void letsGoBeforeItReadsAgain() {
    gateway.start();
    gateway.table.holds = HOLD;
    gateway.table.staleOnce("port-1");
    gateway.coa("alice", "new.example.net");
    assertThat(gateway.table.asked)
        .containsExactly("begin [port-1]", "letGo [7]", "begin [port-1]");
  }

  @Test
  @DisplayName("a shared table: the session is held until the confirmation, a Disconnect or not")
  void holdsUntilTheConfirmation() {
    gateway.start();
    gateway.table.holds = HOLD;
    Asked coa = gateway.coa("alice", "new.example.net");
    gateway.table.hold();
    gateway.reconfigure(0).accept();
    gateway.disconnect("alice");
    assertThat(coa.verdict()).isEqualTo("ACK");
    assertThat(gateway.table.asked).containsExactly("begin [port-1]", "confirm [port-1]");
    gateway.table.finishOne();
    gateway.settle();
    assertThat(gateway.table.asked).endsWith("letGo [7]");
  }

  @Test
  @DisplayName("a shared table: nobody joins a request that has been answered")
  void joinsNothingThatIsOver() {
    gateway.start();
    gateway.table.holds = HOLD;
    gateway.coa("alice", "new.example.net");
    gateway.table.hold();
    gateway.reconfigure(0).accept(); // ACK; the confirmation is under way
    Asked second = gateway.coa("alice", "new.example.net");
    gateway.table.finishOne();
    gateway.settle();
    gateway.pass(Duration.ofMillis(20));
    assertThat(gateway.joined).isEmpty();
    gateway.reconfigure(1).accept();
    assertThat(second.verdict()).isEqualTo("ACK");
  }

  @Test
  @DisplayName("a shared table: a hold that comes after the deadline is let go at once")
  void letsALateHoldGo() {
    gateway.start();
    CompletableFuture<Hold> hold = new CompletableFuture<>();
    gateway.table.nextHolds.add(hold);
    Asked coa = gateway.coa("alice", "new.example.net");
    gateway.pass(Duration.ofSeconds(25));
    assertThat(coa.verdict()).isEqualTo("NAK 506");
    hold.complete(HOLD);
    gateway.settle();
    assertThat(gateway.table.asked).containsExactly("letGo [7]");
    assertThat(gateway.busy()).isZero();
  }

  @Test
  @DisplayName("a session that another gateway has is asked for after 20 ms, then each 40 ms")
  void asksAgainForWhatAnotherGatewayHas() {
    gateway.start();
    for (int i = 0; i < 20; i++) {
      nextHoldFails(new HeldElsewhereException("gw-2"));
    }
    Asked coa = gateway.coa("alice", "new.example.net");
    assertThat(gateway.table.nextHolds).hasSize(19);
    assertThat(gateway.underWay.get(0).waitsFor())
        .isEqualTo("another gateway that has the session");
    gateway.pass(Duration.ofMillis(20));
    assertThat(gateway.table.nextHolds).hasSize(18);
    gateway.pass(Duration.ofMillis(39));
    assertThat(gateway.table.nextHolds).hasSize(18);
    gateway.pass(Duration.ofMillis(1));
    assertThat(gateway.table.nextHolds).hasSize(17);
    gateway.pass(Duration.ofMillis(40));
    assertThat(gateway.table.nextHolds).hasSize(16);

    gateway.pass(Duration.ofSeconds(1)); // it is not our turn, however often
    gateway.reconfigure(0).accept();
    assertThat(coa.verdict()).isEqualTo("ACK");
  }

  @Test
  @DisplayName("a session that another gateway keeps: NAK 506 that names it, for a Disconnect too")
  void saysWhoHasTheSession() {
    gateway.start();
    nextHoldFails(new HeldElsewhereException("gw-2"));
    gateway.table.nextHolds.add(new CompletableFuture<>());
    Asked disconnect = gateway.disconnect("alice");
    gateway.pass(Duration.ofSeconds(25));
    assertThat(disconnect.verdict()).isEqualTo("NAK 506");
    assertThat(gateway.reports.get(0).reason())
        .isEqualTo(
            "no verdict within the response deadline, gateway gw-2 is at work on the subscriber");
    assertThat(gateway.busy()).isZero();
  }

  @Test
  @DisplayName("no verdict in time: the reason names the state that was reached")
  void saysHowFarItCame() {
    gateway.start();
    gateway.table.nextHolds.add(new CompletableFuture<>());
    Asked disconnect = gateway.disconnect("alice");
    gateway.pass(Duration.ofSeconds(25));
    assertThat(disconnect.verdict()).isEqualTo("NAK 504");
    assertThat(gateway.reports.get(0).reason())
        .isEqualTo("no verdict within the response deadline, state held");
  }

  @Test
  @DisplayName("the table fails in a way that nobody foresaw: NAK 506, and it is noted")
  void notesAFailureOfTheTable() {
    gateway.start();
    gateway.table.failNext(new IllegalStateException("out of luck"));
    assertThat(gateway.coa("alice", "new.example.net").verdict()).isEqualTo("NAK 506");
    nextHoldFails(new IllegalStateException("out of holds"));
    assertThat(gateway.coa("alice", "new.example.net").verdict()).isEqualTo("NAK 506");
    assertThat(gateway.notes)
        .containsExactly(
            "table-failure java.lang.IllegalStateException: out of luck",
            "table-failure java.lang.IllegalStateException: out of holds");
    assertThat(gateway.reports.get(0).reason())
        .isEqualTo("the subscriber table failed: out of luck");
  }

  @Test
  @DisplayName("a table that fails after the answer leaves the session free")
  void isOverWhenTheTableFailsAfterTheAnswer() {
    gateway.start();
    gateway.table.hold();
    Asked coa = gateway.coa("alice", "new.example.net");
    gateway.pass(Duration.ofSeconds(25));
    gateway.table.failOne(new StaleRecordException("nas-1", "port-1", 1));
    gateway.settle();
    assertThat(coa.verdict()).isEqualTo("NAK 506");
    assertThat(gateway.table.asked).containsExactly("begin [port-1]");
    assertThat(gateway.busy()).isZero();
  }

  @Test
  @DisplayName("one that joined and was answered by its deadline is not tried again")
  void doesNotTryAgainWhatIsAnswered() {
    gateway.start();
    gateway.disconnect("alice");
    gateway.reload();
    gateway.onTheWay = Duration.ofSeconds(10);
    Asked second = gateway.disconnect("alice");
    assertThat(gateway.joined).hasSize(1);
    gateway.pass(Duration.ofSeconds(15));
    assertThat(second.verdict()).isEqualTo("NAK 504");
    gateway.release(0).noAnswer();
    gateway.settle();
    assertThat(second.verdict()).isEqualTo("NAK 504");
    assertThat(gateway.exchanges.releases).hasSize(1);
    assertThat(gateway.busy()).isZero();
  }

  @Test
  @DisplayName("a request that cannot be read is reported, with the time since it came")
  void reportsWhatItRefusesAtOnce() {
    gateway.start();
    gateway.pass(Duration.ofSeconds(60));
    gateway.onTheWay = Duration.ofSeconds(3);
    assertThat(
            gateway.ask(Kind.COA, Attribute.ofText(Attributes.DS_LITE_TUNNEL_NAME, "x")).verdict())
        .isEqualTo("NAK 402");
    assertThat(gateway.underWay).hasSize(1);
    assertThat(gateway.reports)
        .singleElement()
        .extracting(RequestReport::took)
        .isEqualTo(Duration.ofSeconds(3));
  }
}
