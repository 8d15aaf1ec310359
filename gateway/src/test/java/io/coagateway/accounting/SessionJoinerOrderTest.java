package io.coagateway.accounting;

import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.config.DictionaryFiles;
import io.coagateway.dhcpv6.Duid;
import io.coagateway.radius.Attribute;
import io.coagateway.radius.AttributeDictionary;
import io.coagateway.radius.AttributeId;
import io.coagateway.radius.AttributeList;
import io.coagateway.radius.Attributes;
import io.coagateway.subscriber.IdentityAssociation;
import io.coagateway.subscriber.RecordEdit;
import io.coagateway.subscriber.SubscriberRecord;
import io.coagateway.time.ManualTime;
import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.Ipv6Prefix;
import io.coagateway.wire.Label;
import io.coagateway.wire.Octets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is told while the table is still at work on what was told before. */
class SessionJoinerOrderTest {
  private static final AttributeDictionary DICTIONARY = DictionaryFiles.builtIn();

  private final ManualTime time = new ManualTime();
  private final FewRecords table = new FewRecords();
  private final List<String> results = new ArrayList<>();
  private final SessionJoiner joiner =
      new SessionJoiner(
          JoinedByPort.parameters(10),
          table,
          Set.of(),
          time,
          new AccountingObserver() {
            @Override
            public void done(Result result) {
              results.add(Label.of(result));
            }
          });

  private SubscriberRecord client(String port) {
    SubscriberRecord record =
        SubscriberRecord.builder(
                "nas1",
                port,
                Duid.ofHex("0003000102" + "%010x".formatted(port.hashCode() & 0xffffffffL)),
                Ipv6Address.parse("2001:db8:0:7::1"))
            .interfaceId(Octets.ofUtf8(port))
            .ia(
                new IdentityAssociation(
                    IdentityAssociation.Type.IA_NA,
                    OptionalLong.of(1),
                    List.of(Ipv6Prefix.parse("2001:db8:0:7::1000/128"))))
            .build();
    table.put(port, record);
    return record;
  }

  private void tell(String status, String... more) {
    List<String> all = new ArrayList<>(List.of("NAS-Identifier = n1"));
    all.addAll(List.of(more));
    tellAs(status, all);
  }

  private void tellAs(String status, List<String> more) {
    List<Attribute> attributes = new ArrayList<>();
    attributes.add(DICTIONARY.parse("Acct-Status-Type = " + status));
    for (String one : more) {
      attributes.add(DICTIONARY.parse(one));
    }
    joiner.handle(AccountingRequest.of(AttributeList.of(attributes), DICTIONARY));
  }

  private void session(String status, String id, String port) {
    tell(status, "Acct-Session-Id = " + id, "NAS-Port-Id = " + port);
  }

  private List<String> sessions() {
    List<String> all = new ArrayList<>();
    for (SubscriberRecord record : table.all()) {
      record.session().values(Attributes.ACCT_SESSION_ID).forEach(id -> all.add(id.toUtf8()));
    }
    return all;
  }

  private void slowly(Runnable what) {
    table.behave(true, false);
    what.run();
    table.catchUpInTurn();
  }

  @Test
  void aStopDoesNotComePastItsStart() {
    client("p1");
    slowly(
        () -> {
          session("Start", "s1", "p1");
          session("Stop", "s1", "p1");
        });
    assertThat(results).containsExactlyInAnyOrder("joined", "stopped");
    assertThat(sessions()).isEmpty();
  }

  @Test
  void aStopDoesNotComePastTheWayOfAWaitingSessionToItsClient() {
    session("Start", "s1", "p1");
    slowly(
        () -> {
          joiner.recordAppeared(client("p1"));
          session("Stop", "s1", "p1");
        });
    assertThat(results).containsExactly("unjoined", "stopped");
    assertThat(sessions()).isEmpty();
    assertThat(joiner.waiting()).isZero();
  }

  /** RFC 2866 section 5.2: the Start got lost and is repeated; Acct-Delay-Time tells its age. */
  @Test
  void whatIsOlderThanTheStopDoesNotBeginTheSessionAgain() {
    client("p1");
    time.pass(Duration.ofSeconds(3));
    session("Stop", "s1", "p1");
    time.pass(Duration.ofSeconds(2));
    for (String status : List.of("Start", "Interim-Update")) {
      tell(status, "Acct-Session-Id = s1", "NAS-Port-Id = p1", "Acct-Delay-Time = 4");
    }
    assertThat(results).containsExactly("nothing", "nothing", "nothing");
    assertThat(sessions()).isEmpty();

    tell("Start", "Acct-Session-Id = s1", "NAS-Port-Id = p1", "Acct-Delay-Time = 1");
    assertThat(sessions()).as("a new one of the same name").containsExactly("s1");
    session("Stop", "s1", "p1");
    time.pass(Duration.ofSeconds(1));
    session("Start", "s1", "p1");
    assertThat(sessions()).as("of unknown age").containsExactly("s1");
  }

  @Test
  void aNasThatBeginsAnewEndsWhatIsOnItsWay() {
    client("p1");
    slowly(
        () -> {
          session("Start", "s1", "p1");
          tell("Accounting-On");
        });
    assertThat(sessions()).isEmpty();
  }

  /** Some hundreds of sessions are ended at a time, and new ones begin meanwhile. */
  @Test
  void aNasThatBeginsAnewDoesNotEndWhatBeginsAfterwards() {
    for (int i = 0; i < 1200; i++) {
      client("p" + i);
      session("Start", "old" + i, "p" + i);
    }
    client("new");
    slowly(
        () -> {
          tell("Accounting-On");
          session("Start", "s1", "new");
          session("Start", "s2", "p7");
        });
    assertThat(sessions()).containsExactlyInAnyOrder("s1", "s2");
  }

  /** RFC 2866 section 5.2: with Acct-Delay-Time a repetition is a packet of its own. */
  @Test
  void aRepeatedAccountingOnDoesNotEndWhatHasBegunSince() {
    client("p1");
    session("Start", "before", "p1");
    tell("Accounting-On", "Acct-Delay-Time = 0");
    time.pass(Duration.ofSeconds(4));
    session("Start", "s1", "p1");
    time.pass(Duration.ofSeconds(2));
    tell("Accounting-On", "Acct-Delay-Time = 5");
    assertThat(results).endsWith("stopped", "joined", "duplicate");
    assertThat(sessions()).containsExactly("s1");

    time.pass(Duration.ofSeconds(4));
    tell("Accounting-Off", "Acct-Delay-Time = 10"); // another event
    assertThat(sessions()).isEmpty();
    session("Start", "s2", "p1");
    tell("Accounting-On", "Acct-Delay-Time = 0"); // the NAS has begun anew once more
    assertThat(sessions()).isEmpty();
  }

  /** Also of one that is still being worked on, which takes longer than a NAS is patient. */
  @Test
  void anAccountingOnIsRepeatedWhileItIsWorkedOn() {
    client("p1");
    session("Start", "before", "p1");
    slowly(
        () -> {
          tell("Accounting-On");
          time.pass(Duration.ofSeconds(5));
          session("Start", "s1", "p1");
          tell("Accounting-On", "Acct-Delay-Time = 5");
        });
    assertThat(sessions()).containsExactly("s1");
  }

  @Test
  void anAccountingOnThatFailedIsCarriedOutWhenItComesAgain() {
    client("p1");
    session("Start", "s1", "p1");
    table.behave(false, true);
    tell("Accounting-On", "Acct-Delay-Time = 0");
    table.behave(false, false);
    assertThat(sessions()).containsExactly("s1");
    time.pass(Duration.ofSeconds(5));
    tell("Accounting-On", "Acct-Delay-Time = 5");
    assertThat(sessions()).isEmpty();
  }

  /** Then nothing tells that the repetition is one, but for its age. */
  @Test
  void anAccountingOnThatWasLostDoesNotEndWhatHasBegunSince() {
    for (String port : List.of("p1", "p2", "p3")) {
      client(port);
    }
    session("Start", "before", "p1");
    session("Start", "goesOn", "p2");
    session("Start", "waitedBefore", "p4");
    time.pass(Duration.ofSeconds(5)); // the On is sent in the first of them
    session("Interim-Update", "goesOn", "p2");
    session("Start", "s1", "p3");
    session("Start", "waits", "p5");
    time.pass(Duration.ofSeconds(1));
    tell("Accounting-On", "Acct-Delay-Time = 5");
    assertThat(results).endsWith("stopped");
    assertThat(sessions()).containsExactlyInAnyOrder("goesOn", "s1");
    assertThat(joiner.waiting()).isEqualTo(1);
    joiner.recordAppeared(client("p4"));
    joiner.recordAppeared(client("p5"));
    assertThat(sessions()).containsExactlyInAnyOrder("goesOn", "s1", "waits");

    tell("Accounting-On", "Acct-Delay-Time = 0");
    assertThat(sessions()).as("the next one").isEmpty();
  }

  @Test
  void anAccountingOnThatFailedDoesNotEndWhatHasBegunSince() {
    client("p1");
    client("p2");
    session("Start", "before", "p1");
    table.behave(false, true);
    tell("Accounting-On", "Acct-Delay-Time = 0");
    table.behave(false, false);
    time.pass(Duration.ofSeconds(4));
    session("Start", "s1", "p2");
    time.pass(Duration.ofSeconds(1));
    tell("Accounting-On", "Acct-Delay-Time = 5");
    assertThat(sessions()).containsExactly("s1");
  }

  /** More than one step of the table's work on either side. */
  @Test
  void aLateAccountingOnFindsTheOldAmongManyNew() {
    for (int i = 0; i < 1200; i++) {
      client("p" + i);
    }
    for (int i = 0; i < 1200; i += 2) {
      session("Start", "old" + i, "p" + i);
    }
    time.pass(Duration.ofSeconds(4));
    List<String> since = new ArrayList<>();
    for (int i = 0; i < 1200; i++) {
      if (i % 2 != 0) {
        session("Start", "new" + i, "p" + i);
        since.add("new" + i);
      }
    }
    tell("Accounting-On", "Acct-Delay-Time = 3");
    assertThat(results).endsWith("stopped");
    assertThat(sessions()).containsExactlyInAnyOrderElementsOf(since);
  }

  @Test
  void aLateAccountingOnThatFindsTheOldBehindAWholeStepOfNewHasStoppedIt() {
    for (int i = 0; i <= 500; i++) {
      client("p" + i);
    }
    session("Start", "old", "p500");
    time.pass(Duration.ofSeconds(4));
    for (int i = 0; i < 500; i++) {
      session("Start", "new" + i, "p" + i);
    }
    tell("Accounting-On", "Acct-Delay-Time = 3");
    assertThat(results).endsWith("stopped");
    assertThat(sessions()).hasSize(500).doesNotContain("old");
  }

  @Test
  void anAccountingOffThatTheOnHasOvertakenEndsNothing() {
    client("p1");
    session("Start", "before", "p1");
    time.pass(Duration.ofSeconds(3));
    tell("Accounting-On", "Acct-Delay-Time = 0");
    session("Start", "s1", "p1");
    session("Start", "waits", "p2");
    time.pass(Duration.ofSeconds(2));
    tell("Accounting-Off", "Acct-Delay-Time = 4");
    assertThat(results).containsExactly("joined", "stopped", "joined", "unjoined", "nothing");
    assertThat(sessions()).containsExactly("s1");
    assertThat(joiner.waiting()).isEqualTo(1);

    tell("Accounting-Off", "Acct-Delay-Time = 1");
    assertThat(sessions()).as("one that happened after the On").isEmpty();
    assertThat(joiner.waiting()).isZero();
  }

  /** Sessions are named by NAS-Identifier then, the On by the address alone. */
  @Test
  void aLateAccountingOnKnowsSessionsByTheirOwnNames() {
    client("p1");
    client("p2");
    String address = "NAS-IP-Address = 192.0.2.7";
    tell("Start", "Acct-Session-Id = before", "NAS-Port-Id = p1", address);
    time.pass(Duration.ofSeconds(4));
    tell("Start", "Acct-Session-Id = s1", "NAS-Port-Id = p2", address);
    tellAs("Accounting-On", List.of(address, "Acct-Delay-Time = 3"));
    assertThat(sessions()).containsExactly("s1");
  }

  /** Between the search for the sessions of a NAS and their end. */
  @Test
  void aNasThatBeginsAnewDoesNotEndASessionOfAnother() {
    client("p1");
    session("Start", "s1", "p1");
    slowly(
        () -> {
          session("Interim-Update", "s1", "p1");
          tellAs(
              "Start", List.of("NAS-Identifier = n2", "Acct-Session-Id = s2", "NAS-Port-Id = p1"));
          tell("Accounting-On");
        });
    assertThat(sessions()).containsExactly("s2");
  }

  @Test
  void aNasThatBeginsAnewHasNoWaitingSessionsEither() {
    session("Start", "s1", "p1");
    tell("Accounting-On");
    assertThat(results).containsExactly("unjoined", "stopped");
    assertThat(joiner.waiting()).isZero();
    joiner.recordAppeared(client("p1"));
    assertThat(sessions()).isEmpty();
  }

  @Test
  void aSessionWhoseRecordHasJustGoneWaitsForTheNext() {
    SubscriberRecord client = client("p1");
    session("Start", "s1", "p1");
    slowly(
        () -> {
          session("Interim-Update", "s1", "p1");
          table.edit("nas1", client.duid(), there -> new RecordEdit.Changes(List.of(), there));
        });
    assertThat(results).containsExactly("joined", "unjoined");
    assertThat(sessions()).isEmpty();
    joiner.recordAppeared(client("p1"));
    assertThat(sessions()).containsExactly("s1");
  }

  /** RFC 2866 section 5.5: an Acct-Session-Id is unique on one NAS alone. */
  @Test
  void aStopDoesNotEndTheSessionOfTheSameNameOnAnotherNas() {
    client("p1");
    session("Start", "s1", "p1");
    tellAs("Stop", List.of("NAS-Identifier = n2", "Acct-Session-Id = s1"));
    assertThat(results).containsExactly("joined", "nothing");
    assertThat(sessions()).containsExactly("s1");
  }

  @Test
  void aSessionThatFindsItsClientByItselfWaitsNoMore() {
    session("Start", "s1", "p1");
    client("p1");
    session("Interim-Update", "s1", "p1");
    assertThat(results).containsExactly("unjoined", "joined");
    assertThat(joiner.waiting()).isZero();
  }

  /** The second asks for nothing while the first is at work. */
  @Test
  void anAccountingOnWaitsForTheOneThatItRepeats() {
    client("p1");
    session("Start", "before", "p1");
    slowly(
        () -> {
          tell("Accounting-On", "Acct-Delay-Time = 0");
          time.pass(Duration.ofSeconds(5));
          tell("Accounting-On", "Acct-Delay-Time = 5");
        });
    assertThat(results).containsExactly("joined", "stopped", "duplicate");
  }

  /** The answer says that the table has it (RFC 2866 section 2). */
  @Test
  void anAccountingOnWhoseSessionsTheTableKeepsIsNotCarriedOut() {
    client("p1");
    session("Start", "s1", "p1");
    table.refuseEdits(true);
    tell("Accounting-On", "Acct-Delay-Time = 0");
    assertThat(results).containsExactly("joined");
    table.refuseEdits(false);
    time.pass(Duration.ofSeconds(5));
    tell("Accounting-On", "Acct-Delay-Time = 5");
    assertThat(results).containsExactly("joined", "stopped");
    assertThat(sessions()).isEmpty();
  }

  @Test
  void whatIsConfiguredToIdentifyIsKept() {
    client("p1");
    SessionJoiner other =
        new SessionJoiner(
            JoinedByPort.parameters(10, AttributeId.vendor(9, 2)),
            table,
            Set.of(AttributeId.vendor(9, 1)),
            time,
            AccountingObserver.NONE);
    List<Attribute> start = new ArrayList<>();
    for (String attribute :
        List.of(
            "Acct-Status-Type = Start",
            "Acct-Session-Id = s1",
            "NAS-Port-Id = p1",
            "Attr-26.9.1 = 0x61",
            "Attr-26.9.2 = 0x62",
            "Attr-26.9.3 = 0x63")) {
      start.add(DICTIONARY.parse(attribute));
    }
    other.handle(AccountingRequest.of(AttributeList.of(start), DICTIONARY));
    assertThat(table.all().get(0).session().asMap().keySet())
        .contains(AttributeId.vendor(9, 1), AttributeId.vendor(9, 2))
        .doesNotContain(AttributeId.vendor(9, 3));
  }

  @Test
  void aSessionThatCouldNotBeWrittenGoesOnWaiting() {
    session("Start", "s1", "p1");
    table.behave(false, true);
    joiner.recordAppeared(client("p1"));
    assertThat(sessions()).isEmpty();
    assertThat(joiner.waiting()).isOne();
    table.behave(false, false);
    slowly(() -> joiner.recordAppeared(client("p1")));
    assertThat(sessions()).containsExactly("s1");
    assertThat(joiner.waiting()).isZero();
  }

  @Test
  void aSessionThatItsInterimUpdateHasJoinedWaitsNoMore() {
    session("Start", "s1", "p1");
    client("p1"); // of which nobody tells
    session("Interim-Update", "s1", "p1");
    assertThat(results).containsExactly("unjoined", "joined");
    assertThat(joiner.waiting()).isZero();
  }

  @Test
  void aRecordThatIsFoundTwiceIsOne() {
    client("p1");
    tell("Start", "Acct-Session-Id = s1", "NAS-Port-Id = p1", "NAS-Port-Id = p1");
    assertThat(sessions()).containsExactly("s1");
  }

  @Test
  void aRecordWithASessionAloneStays() {
    SubscriberRecord client = client("p1");
    table.put("p1", client.toBuilder().ias(List.of()).build());
    session("Start", "s1", "p1");
    assertThat(sessions()).containsExactly("s1");
  }

  @Test
  void thereIsAnEndToWhatMayBeUnderWay() {
    table.behave(true, false);
    for (int i = 0; i < Turns.MOST; i++) {
      session("Start", "s", "p1");
    }
    AccountingRequest more =
        AccountingRequest.of(
            AttributeList.of(
                DICTIONARY.parse("Acct-Status-Type = Start"),
                DICTIONARY.parse("Acct-Session-Id = t")),
            DICTIONARY);
    assertThat(joiner.handle(more).toCompletableFuture()).isCompletedExceptionally();
    client("p1");
    table.catchUp();
    assertThat(results).hasSize(Turns.MOST);
    assertThat(sessions()).containsExactly("s");
    assertThat(joiner.handle(more).toCompletableFuture()).isCompleted();
  }
}
