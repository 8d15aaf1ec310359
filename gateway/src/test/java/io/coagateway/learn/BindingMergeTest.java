package io.coagateway.learn;

import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.dhcpv6.AftrNameOption;
import io.coagateway.dhcpv6.DomainName;
import io.coagateway.dhcpv6.Duid;
import io.coagateway.dhcpv6.OptionList;
import io.coagateway.dhcpv6.RemoteIdOption;
import io.coagateway.radius.Attributes;
import io.coagateway.subscriber.IdentityAssociation;
import io.coagateway.subscriber.ReconfigureAccept;
import io.coagateway.subscriber.RecordEdit;
import io.coagateway.subscriber.SessionAttributes;
import io.coagateway.subscriber.SubscriberRecord;
import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.Ipv6Prefix;
import io.coagateway.wire.Octets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class BindingMergeTest {
  private static final Instant NOW = Instant.parse("2026-11-21T20:00:00Z");
  private static final Ipv6Address LINK = Ipv6Address.parse("2001:db8:0:7::1");
  private static final Ipv6Address OTHER_LINK = Ipv6Address.parse("2001:db8:0:8::1");
  private static final Ipv6Address PEER = Ipv6Address.parse("fe80::7");
  private static final Duid CLIENT = Duid.ofHex("0003000102005e100007");
  private static final Duid SERVER = Duid.ofHex("0003000102005e0000aa");
  private static final Ipv6Prefix ADDRESS = Ipv6Prefix.parse("2001:db8:0:7::1000/128");
  private static final Ipv6Prefix PREFIX = Ipv6Prefix.parse("2001:db8:4200::/56");
  private static final IdentityAssociation.Type NA = IdentityAssociation.Type.IA_NA;
  private static final IdentityAssociation.Type PD = IdentityAssociation.Type.IA_PD;
  private static final SessionAttributes ALICE =
      SessionAttributes.of(Attributes.USER_NAME, Octets.ofUtf8("alice"));

  private static final String LEARNED_ID = "0003000102005e100007@2001:db8:0:7::1/1/1/7";
  private static final OptionList SUPPLIED =
      OptionList.of(new AftrNameOption(DomainName.ofText("aftr.example.net")));

  private final BindingMerge merge = new BindingMerge("nas1");

  private static RelayedClient at(Ipv6Address link, String port) {
    return new RelayedClient(
        CLIENT,
        link,
        PEER,
        Optional.of(port).filter(p -> !p.isEmpty()).map(Octets::ofUtf8),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private static BindingChange change(RelayedClient client, LeaseChange... leases) {
    return new BindingChange(client, SERVER, ReconfigureAccept.YES, List.of(leases));
  }

  private static LeaseChange.Granted address(long iaid) {
    return new LeaseChange.Granted(NA, iaid, ADDRESS, NOW.plusSeconds(600));
  }

  private static IdentityAssociation ia(IdentityAssociation.Type type, long iaid, Ipv6Prefix... l) {
    return new IdentityAssociation(type, OptionalLong.of(iaid), List.of(l));
  }

  private static SubscriberRecord.Builder record(String id, Ipv6Address link) {
    return record("nas1", id, link);
  }

  private static SubscriberRecord.Builder record(String nas, String id, Ipv6Address link) {
    return SubscriberRecord.builder(nas, id, CLIENT, link).version(3);
  }

  /** A record as {@code merge} makes it of a client at port 1/1/7. */
  private static SubscriberRecord.Builder learned() {
    return record(LEARNED_ID, LINK).interfaceId(Octets.ofUtf8("1/1/7"));
  }

  @Test
  void aNewClientGetsARecordNamedAfterItAndItsPlace() {
    BindingMerge.Merged merged = merge.merge(List.of(), change(at(LINK, "1/1/7"), address(1)));

    assertThat(merged.result()).isEqualTo(LearnObserver.Result.LEARNED);
    assertThat(merged.changes().put())
        .containsExactly(
            SubscriberRecord.builder(
                    "nas1", "0003000102005e100007@2001:db8:0:7::1/1/1/7", CLIENT, LINK)
                .peerAddress(PEER)
                .interfaceId(Octets.ofUtf8("1/1/7"))
                .serverDuid(SERVER)
                .reconfigureAccept(ReconfigureAccept.YES)
                .ia(
                    new IdentityAssociation(
                        NA, OptionalLong.of(1), List.of(ADDRESS), List.of(NOW.plusSeconds(600))))
                .build());
  }

  @Test
  void anInterfaceIdThatIsNoTextStandsInHex() {
    RelayedClient client =
        new RelayedClient(
            CLIENT,
            LINK,
            PEER,
            Optional.of(Octets.ofHex("00000007")),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    assertThat(BindingMerge.idOf(client))
        .isEqualTo("0003000102005e100007@2001:db8:0:7::1/0x00000007");
    assertThat(BindingMerge.idOf(at(LINK, ""))).isEqualTo("0003000102005e100007@2001:db8:0:7::1");
  }

  @Test
  void theRecordAtTheClientsPlaceIsUpdatedAndKeepsIdAndSession() {
    SubscriberRecord port7 =
        record("port-7", LINK).interfaceId(Octets.ofUtf8("1/1/7")).session(ALICE).build();
    SubscriberRecord port8 = record("port-8", LINK).interfaceId(Octets.ofUtf8("1/1/8")).build();

    BindingMerge.Merged merged =
        merge.merge(List.of(port7, port8), change(at(LINK, "1/1/7"), address(1)));

    assertThat(merged.result()).isEqualTo(LearnObserver.Result.UPDATED);
    assertThat(merged.record()).map(SubscriberRecord::id).contains("port-7");
    assertThat(merged.record()).map(SubscriberRecord::session).contains(ALICE);
    assertThat(merged.record().orElseThrow().ias()).hasSize(1);
  }

  @Test
  void aClientThatMovesTakesItsRecordAlong() {
    // To the server a binding is client, kind and IAID (RFC 8415 section 12), wherever it is.
    SubscriberRecord before =
        record("alice", LINK)
            .interfaceId(Octets.ofUtf8("1/1/7"))
            .session(ALICE)
            .ia(ia(NA, 1, ADDRESS))
            .build();
    Ipv6Prefix there = Ipv6Prefix.parse("2001:db8:0:8::1000/128");

    BindingMerge.Merged merged =
        merge.merge(
            List.of(before),
            change(at(OTHER_LINK, ""), new LeaseChange.Granted(NA, 1, there, NOW.plusSeconds(60))));

    SubscriberRecord after = merged.record().orElseThrow();
    assertThat(after.id()).isEqualTo("alice");
    assertThat(after.linkAddress()).isEqualTo(OTHER_LINK);
    assertThat(after.interfaceId()).isEmpty();
    assertThat(after.ias().get(0).leases()).containsExactly(ADDRESS, there);
  }

  @Test
  void anotherIaidElsewhereIsAnotherSubscriber() {
    SubscriberRecord first = record("first", LINK).ia(ia(NA, 1, ADDRESS)).build();

    BindingMerge.Merged merged =
        merge.merge(List.of(first), change(at(OTHER_LINK, "x"), address(2)));

    assertThat(merged.result()).isEqualTo(LearnObserver.Result.LEARNED);
  }

  @Test
  void aLeaseKnownWithoutItsIaidGetsIt() {
    SubscriberRecord before =
        record("alice", LINK)
            .ia(new IdentityAssociation(NA, OptionalLong.empty(), List.of(ADDRESS)))
            .build();

    SubscriberRecord after =
        merge.merge(List.of(before), change(at(LINK, ""), address(5))).record().orElseThrow();

    assertThat(after.ias())
        .containsExactly(
            new IdentityAssociation(
                NA, OptionalLong.of(5), List.of(ADDRESS), List.of(NOW.plusSeconds(600))));
  }

  @Test
  void recordsThatContradictEachOtherAreNamedAndLeftAlone() {
    SubscriberRecord one = record("one", LINK).ia(ia(NA, 1, ADDRESS)).build();
    SubscriberRecord two = record("two", LINK).ia(ia(NA, 1, ADDRESS)).build();

    BindingMerge.Merged merged = merge.merge(List.of(one, two), change(at(LINK, ""), address(1)));

    assertThat(merged.changes()).isEqualTo(RecordEdit.Changes.NONE);
    assertThat(merged.contradiction())
        .contains(
            "2 records of client 0003000102005e100007 could be the one: one, two."
                + " Remove those that are wrong");
  }

  @Test
  void aRecordThatSomebodyWroteTakesOverWhatWasLearnedBefore() {
    SubscriberRecord learned = learned().ia(ia(NA, 1, ADDRESS)).ia(ia(PD, 2, PREFIX)).build();
    SubscriberRecord imported = record("alice", LINK).session(ALICE).build();
    BindingChange renewed = change(at(LINK, "1/1/7"), address(1));

    BindingMerge.Merged merged = merge.merge(List.of(learned, imported), renewed);

    assertThat(merged.result()).isEqualTo(LearnObserver.Result.UPDATED);
    assertThat(merged.changes().removed()).containsExactly(learned);
    assertThat(merged.changes().put()).hasSize(1);
    SubscriberRecord one = merged.changes().put().get(0);
    assertThat(one.id()).isEqualTo("alice");
    assertThat(one.session()).isEqualTo(ALICE);
    assertThat(one.interfaceId()).contains(Octets.ofUtf8("1/1/7"));
    assertThat(one.ias())
        .containsExactlyInAnyOrder(
            ia(PD, 2, PREFIX),
            new IdentityAssociation(
                NA, OptionalLong.of(1), List.of(ADDRESS), List.of(NOW.plusSeconds(600))));
    assertThat(merge.merge(List.of(one), renewed).result())
        .isEqualTo(LearnObserver.Result.UNCHANGED);
  }

  @Test
  void whatWasLearnedAndHasASessionOfItsOwnIsNotTakenOver() {
    SubscriberRecord learned = learned().session(ALICE).ia(ia(NA, 1, ADDRESS)).build();
    SubscriberRecord imported = record("alice", LINK).build();

    isNotTakenOver(learned, imported);
  }

  @Test
  void whatBothKnowOfAnAssociationStandsAsItWasWritten() {
    Ipv6Prefix older = Ipv6Prefix.parse("2001:db8:0:7::2000/128");
    SubscriberRecord learned =
        learned().ia(ia(NA, 1, older)).ia(ia(PD, 1, PREFIX)).ia(ia(NA, 2, older)).build();
    SubscriberRecord imported = record("alice", LINK).ia(ia(NA, 1, ADDRESS)).build();

    BindingMerge.Merged merged =
        merge.merge(
            List.of(learned, imported),
            change(at(LINK, "1/1/7"), new LeaseChange.NoBinding(NA, 9)));

    assertThat(merged.changes().put())
        .singleElement()
        .extracting(SubscriberRecord::ias)
        .isEqualTo(List.of(ia(NA, 1, ADDRESS), ia(PD, 1, PREFIX), ia(NA, 2, older)));
  }

  @Test
  void whatWasLearnedAndHasOptionsToSupplyIsNotTakenOver() {
    SubscriberRecord learned = learned().options(SUPPLIED).ia(ia(NA, 1, ADDRESS)).build();
    SubscriberRecord imported = record("alice", LINK).build();

    isNotTakenOver(learned, imported);
  }

  @Test
  void aRecordThatSomebodyWroteForAnotherLineTakesNothingOver() {
    SubscriberRecord learned = learned().ia(ia(NA, 1, ADDRESS)).build();
    SubscriberRecord clone =
        record("bob", LINK).interfaceId(Octets.ofUtf8("1/1/8")).session(ALICE).build();

    isNotTakenOver(learned, clone);
  }

  private void isNotTakenOver(SubscriberRecord learned, SubscriberRecord written) {
    BindingMerge.Merged merged =
        merge.merge(List.of(learned, written), change(at(LINK, "1/1/7"), address(1)));

    assertThat(merged.changes().removed()).isEmpty();
    assertThat(merged.record()).map(SubscriberRecord::id).contains(learned.id());
  }

  /** A gateway without a name of its own is shown the records of every NAS. */
  @Test
  void oneNasTakesNothingOverFromAnother() {
    BindingMerge nameless = new BindingMerge("");
    BindingChange renewed = change(at(LINK, "1/1/7"), address(1));
    SubscriberRecord.Builder learned =
        record("nas1", LEARNED_ID, LINK).interfaceId(Octets.ofUtf8("1/1/7")).ia(ia(NA, 1, ADDRESS));

    assertThat(
            nameless
                .merge(
                    List.of(learned.build(), record("", "alice", LINK).session(ALICE).build()),
                    renewed)
                .changes()
                .removed())
        .isEmpty();
    assertThat(
            nameless
                .merge(
                    List.of(
                        record("", LEARNED_ID, LINK).ia(ia(NA, 1, ADDRESS)).build(),
                        record("nas1", "alice", LINK).session(ALICE).build()),
                    renewed)
                .changes()
                .removed())
        .isEmpty();
  }

  @Test
  void aNameThatIsTakenAtAnotherNasIsFree() {
    SubscriberRecord elsewhere =
        record("nas1", "0003000102005e100007@2001:db8:0:7::1/1/1/7", OTHER_LINK)
            .session(ALICE)
            .build();

    BindingMerge.Merged merged =
        new BindingMerge("").merge(List.of(elsewhere), change(at(LINK, "1/1/7"), address(1)));

    assertThat(merged.result()).isEqualTo(LearnObserver.Result.LEARNED);
  }

  @Test
  void ofAClientThatIsGoneNeitherIsLeft() {
    SubscriberRecord learned = learned().ia(ia(PD, 2, PREFIX)).build();
    SubscriberRecord written = record("alice", LINK).build();

    BindingMerge.Merged merged =
        merge.merge(
            List.of(learned, written),
            change(at(LINK, "1/1/7"), new LeaseChange.Gone(PD, 2, PREFIX)));

    assertThat(merged.result()).isEqualTo(LearnObserver.Result.REMOVED);
    assertThat(merged.changes().put()).isEmpty();
    assertThat(merged.changes().removed()).containsExactly(learned, written);
  }

  @Test
  void aNameThatSomebodyElseHasIsNotTaken() {
    SubscriberRecord elsewhere =
        record("0003000102005e100007@2001:db8:0:7::1/1/1/7", OTHER_LINK).session(ALICE).build();

    BindingMerge.Merged merged =
        merge.merge(List.of(elsewhere), change(at(LINK, "1/1/7"), address(1)));

    assertThat(merged.changes()).isEqualTo(RecordEdit.Changes.NONE);
    assertThat(merged.contradiction())
        .contains(
            "record 0003000102005e100007@2001:db8:0:7::1/1/1/7 is named after a place where it is"
                + " not. Give it another id");
  }

  @Test
  void aLeaseKnownWithoutItsIaidTellsWhoseItIsWhereverTheClientIs() {
    SubscriberRecord moved =
        record("alice", OTHER_LINK)
            .ia(new IdentityAssociation(NA, OptionalLong.empty(), List.of(ADDRESS)))
            .build();
    LeaseChange other = new LeaseChange.Granted(PD, 1, PREFIX, NOW.plusSeconds(600));

    assertThat(merge.merge(List.of(moved), change(at(LINK, "x"), other, address(5))).record())
        .map(SubscriberRecord::id)
        .contains("alice");
    LeaseChange gone = new LeaseChange.Gone(NA, 5, ADDRESS);
    assertThat(merge.merge(List.of(moved), change(at(LINK, "x"), gone)).changes())
        .isEqualTo(RecordEdit.Changes.remove(moved));
    assertThat(merge.merge(List.of(moved), change(at(LINK, "x"), other)).result())
        .isEqualTo(LearnObserver.Result.LEARNED);
  }

  @Test
  void ofSeveralThatCouldBeTheOneThatIsExactlyThereIs() {
    SubscriberRecord here = record("here", LINK).interfaceId(Octets.ofUtf8("1/1/7")).build();
    SubscriberRecord perhaps = record("perhaps", LINK).build();
    SubscriberRecord there =
        record("there", OTHER_LINK).interfaceId(Octets.ofUtf8("1/1/7")).build();
    IdentityAssociation known = ia(NA, 1, ADDRESS);

    for (SubscriberRecord other : List.of(perhaps, there)) {
      List<SubscriberRecord> both =
          List.of(other.toBuilder().ia(known).build(), here.toBuilder().ia(known).build());
      assertThat(merge.merge(both, change(at(LINK, "1/1/7"), address(1))).record())
          .map(SubscriberRecord::id)
          .contains("here");
    }
    assertThat(merge.merge(List.of(perhaps, here), change(at(LINK, "1/1/7"), address(1))).record())
        .map(SubscriberRecord::id)
        .contains("here");
  }

  /** RFC 8415 section 12: IA_NA and IA_PD number their associations each for itself. */
  @Test
  void theSameIaidOfAnotherKindIsNotTheSameBinding() {
    SubscriberRecord elsewhere = record("alice", OTHER_LINK).ia(ia(PD, 1, PREFIX)).build();

    BindingMerge.Merged merged =
        merge.merge(List.of(elsewhere), change(at(LINK, "1/1/7"), address(1)));

    assertThat(merged.result()).isEqualTo(LearnObserver.Result.LEARNED);
  }

  @Test
  void whatIsGoneElsewhereIsNoConcernOfALeaseKnownWithoutItsIaid() {
    SubscriberRecord elsewhere =
        record("alice", OTHER_LINK)
            .ia(new IdentityAssociation(NA, OptionalLong.empty(), List.of(ADDRESS)))
            .build();
    Ipv6Prefix another = Ipv6Prefix.parse("2001:db8:0:7::2000/128");

    for (LeaseChange gone :
        List.of(new LeaseChange.Gone(NA, 5, another), new LeaseChange.NoBinding(NA, 5))) {
      assertThat(merge.merge(List.of(elsewhere), change(at(LINK, "1/1/7"), gone)).record())
          .as(gone.toString())
          .isEmpty();
    }
  }

  @Test
  void aGrantedAddressIsTakenFromNoAssociationOfAnotherKind() {
    SubscriberRecord before = record("alice", LINK).ia(ia(PD, 2, ADDRESS)).build(); // a /128

    assertThat(merge.merge(List.of(before), change(at(LINK, ""), address(1))).record())
        .map(SubscriberRecord::ias)
        .contains(
            List.of(
                ia(PD, 2, ADDRESS),
                new IdentityAssociation(
                    NA, OptionalLong.of(1), List.of(ADDRESS), List.of(NOW.plusSeconds(600)))));
  }

  @Test
  void anAssociationThatWasWrittenWithoutALeaseStays() {
    SubscriberRecord before = record("alice", LINK).ia(ia(PD, 2)).build();

    assertThat(merge.merge(List.of(before), change(at(LINK, ""), address(1))).record())
        .map(SubscriberRecord::ias)
        .contains(
            List.of(
                ia(PD, 2),
                new IdentityAssociation(
                    NA, OptionalLong.of(1), List.of(ADDRESS), List.of(NOW.plusSeconds(600)))));
  }

  @Test
  void oneAssociationOfSeveralIsEnoughToKnowTheRecordBy() {
    SubscriberRecord alice =
        record("alice", OTHER_LINK).ia(ia(NA, 7, ADDRESS)).ia(ia(PD, 1, PREFIX)).build();
    LeaseChange prefix = new LeaseChange.Granted(PD, 1, PREFIX, NOW.plusSeconds(600));

    assertThat(merge.merge(List.of(alice), change(at(LINK, ""), address(9), prefix)).record())
        .map(SubscriberRecord::id)
        .contains("alice");
  }

  @Test
  void whatAChangeKnowsNothingOfStays() {
    SubscriberRecord before =
        record("alice", LINK)
            .interfaceId(Octets.ofUtf8("1/1/7"))
            .remoteId(new RemoteIdOption(9, Octets.ofUtf8("line")))
            .subscriberId(Octets.ofUtf8("alice"))
            .reconfigureAccept(ReconfigureAccept.YES)
            .build();
    BindingChange renewed =
        new BindingChange(at(LINK, ""), SERVER, ReconfigureAccept.UNKNOWN, List.of(address(1)));

    SubscriberRecord after = merge.merge(List.of(before), renewed).record().orElseThrow();
    assertThat(after.interfaceId()).isEqualTo(before.interfaceId());
    assertThat(after.remoteId()).isEqualTo(before.remoteId());
    assertThat(after.subscriberId()).isEqualTo(before.subscriberId());
    assertThat(after.reconfigureAccept()).isEqualTo(ReconfigureAccept.YES);
    RelayedClient told =
        new RelayedClient(
            CLIENT,
            LINK,
            PEER,
            Optional.empty(),
            Optional.of(new RemoteIdOption(9, Octets.ofUtf8("other line"))),
            Optional.of(Octets.ofUtf8("bob")),
            Optional.empty());
    after = merge.merge(List.of(before), change(told, address(1))).record().orElseThrow();
    assertThat(after.remoteId()).contains(new RemoteIdOption(9, Octets.ofUtf8("other line")));
    assertThat(after.subscriberId()).contains(Octets.ofUtf8("bob"));
  }

  @Test
  void anEndThatMovesByTwoSecondsHasMovedAndOneThatBecomesInfinityToo() {
    for (Instant end : List.of(NOW.plusSeconds(600), IdentityAssociation.FOREVER)) {
      SubscriberRecord before =
          merge
              .merge(List.of(), change(at(LINK, ""), new LeaseChange.Granted(NA, 1, ADDRESS, end)))
              .record()
              .orElseThrow();
      for (Instant next :
          List.of(NOW.plusSeconds(598), NOW.plusSeconds(602), IdentityAssociation.FOREVER)) {
        BindingMerge.Merged merged =
            merge.merge(
                List.of(before),
                change(at(LINK, ""), new LeaseChange.Granted(NA, 1, ADDRESS, next)));
        assertThat(merged.record().orElseThrow().ias().get(0).validUntil())
            .as(end + " to " + next)
            .containsExactly(next);
      }
    }
  }

  @Test
  void aLeaseWhoseEndNobodySawHasNoneBesideOneWithAnEnd() {
    Ipv6Prefix second = Ipv6Prefix.parse("2001:db8:0:7::2000/128");
    SubscriberRecord before = record("alice", LINK).ia(ia(NA, 1, second)).build();

    assertThat(merge.merge(List.of(before), change(at(LINK, ""), address(1))).record())
        .map(SubscriberRecord::ias)
        .contains(
            List.of(
                new IdentityAssociation(
                    NA,
                    OptionalLong.of(1),
                    List.of(second, ADDRESS),
                    List.of(IdentityAssociation.FOREVER, NOW.plusSeconds(600)))));
  }

  @Test
  void aLeaseIsTakenFromItsOwnAssociationOrFromOneWithoutIaid() {
    IdentityAssociation unknown =
        new IdentityAssociation(NA, OptionalLong.empty(), List.of(ADDRESS));
    IdentityAssociation prefix =
        new IdentityAssociation(PD, OptionalLong.empty(), List.of(ADDRESS)); // a /128
    IdentityAssociation another = ia(NA, 2, ADDRESS);
    SubscriberRecord before =
        record("alice", LINK).session(ALICE).ia(unknown).ia(prefix).ia(another).build();

    assertThat(
            merge
                .merge(List.of(before), change(at(LINK, ""), new LeaseChange.Gone(NA, 1, ADDRESS)))
                .record())
        .map(SubscriberRecord::ias)
        .contains(List.of(prefix, another));
  }

  @Test
  void aSecondSightOfTheSameChangesNothing() {
    SubscriberRecord after =
        merge
            .merge(List.of(), change(at(LINK, "1/1/7"), address(1)))
            .record()
            .orElseThrow()
            .toBuilder()
            .version(9)
            .build();

    BindingMerge.Merged again =
        merge.merge(
            List.of(after),
            change(
                at(LINK, "1/1/7"),
                new LeaseChange.Granted(NA, 1, ADDRESS, NOW.plusSeconds(601)))); // a second's edge

    assertThat(again.result()).isEqualTo(LearnObserver.Result.UNCHANGED);
    assertThat(again.changes()).isEqualTo(RecordEdit.Changes.NONE);
  }

  @Test
  void theLastLeaseGoneRemovesARecordThatHoldsNothingElse() {
    SubscriberRecord bare = record("bare", LINK).ia(ia(PD, 2, PREFIX)).build();
    SubscriberRecord alice = bare.toBuilder().session(ALICE).build();
    SubscriberRecord supplied = bare.toBuilder().options(SUPPLIED).build();
    BindingChange gone = change(at(LINK, ""), new LeaseChange.Gone(PD, 2, PREFIX));

    assertThat(merge.merge(List.of(bare), gone).changes())
        .isEqualTo(RecordEdit.Changes.remove(bare));
    assertThat(merge.merge(List.of(bare), gone).result()).isEqualTo(LearnObserver.Result.REMOVED);
    SubscriberRecord left = merge.merge(List.of(alice), gone).record().orElseThrow();
    assertThat(left.ias()).isEmpty();
    assertThat(left.session()).isEqualTo(ALICE);
    left = merge.merge(List.of(supplied), gone).changes().put().get(0);
    assertThat(left.ias()).isEmpty();
    assertThat(left.options()).isEqualTo(SUPPLIED);
    assertThat(merge.merge(List.of(), gone).result()).isEqualTo(LearnObserver.Result.UNCHANGED);
  }

  @Test
  void noBindingEndsOneAssociationAndLeavesTheOther() {
    SubscriberRecord before =
        record("alice", LINK).ia(ia(NA, 1, ADDRESS)).ia(ia(PD, 1, PREFIX)).build();

    SubscriberRecord after =
        merge
            .merge(List.of(before), change(at(LINK, ""), new LeaseChange.NoBinding(PD, 1)))
            .record()
            .orElseThrow();

    assertThat(after.ias()).containsExactly(ia(NA, 1, ADDRESS));
    assertThat(after.peerAddress()).isEmpty(); // what takes away tells nothing of the place
  }

  @Test
  void leasesWhoseTimeIsOverAreTakenOut() {
    SubscriberRecord before =
        record("alice", LINK)
            .session(ALICE)
            .ia(
                new IdentityAssociation(
                    NA,
                    OptionalLong.of(1),
                    List.of(ADDRESS, Ipv6Prefix.parse("2001:db8:0:7::2000/128")),
                    List.of(NOW, NOW.plusSeconds(1))))
            .ia(ia(PD, 1, PREFIX)) // nobody saw its lifetime
            .build();

    RecordEdit.Changes changes = BindingMerge.expire(before, NOW);

    assertThat(changes.put()).hasSize(1);
    assertThat(changes.put().get(0).ias().get(0).leases())
        .containsExactly(Ipv6Prefix.parse("2001:db8:0:7::2000/128"));
    assertThat(changes.put().get(0).ias().get(1)).isEqualTo(ia(PD, 1, PREFIX));
    assertThat(BindingMerge.expire(before, NOW.minusSeconds(1))).isEqualTo(RecordEdit.Changes.NONE);
  }
}
