package io.coagateway.learn;

import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.dhcpv6.ClientIdOption;
import io.coagateway.dhcpv6.ClientLinkLayerAddressOption;
import io.coagateway.dhcpv6.ClientServerMessage;
import io.coagateway.dhcpv6.Duid;
import io.coagateway.dhcpv6.IaAddressOption;
import io.coagateway.dhcpv6.IaNaOption;
import io.coagateway.dhcpv6.IaPdOption;
import io.coagateway.dhcpv6.IaPrefixOption;
import io.coagateway.dhcpv6.IaTaOption;
import io.coagateway.dhcpv6.InterfaceIdOption;
import io.coagateway.dhcpv6.Message;
import io.coagateway.dhcpv6.MessageType;
import io.coagateway.dhcpv6.Option;
import io.coagateway.dhcpv6.OptionList;
import io.coagateway.dhcpv6.ReconfigureAcceptOption;
import io.coagateway.dhcpv6.RelayMessage;
import io.coagateway.dhcpv6.RelayMessageOption;
import io.coagateway.dhcpv6.RemoteIdOption;
import io.coagateway.dhcpv6.ServerIdOption;
import io.coagateway.dhcpv6.StatusCode;
import io.coagateway.dhcpv6.StatusCodeOption;
import io.coagateway.dhcpv6.SubscriberIdOption;
import io.coagateway.subscriber.IdentityAssociation;
import io.coagateway.subscriber.ReconfigureAccept;
import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.Ipv6Prefix;
import io.coagateway.wire.Octets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BindingLearnerTest {
  private static final Instant NOW = Instant.parse("2026-11-21T20:00:00Z");
  private static final Ipv6Address SERVER = Ipv6Address.parse("2001:db8::547");
  private static final Ipv6Address RELAY = Ipv6Address.parse("2001:db8::1");
  private static final Ipv6Address LINK = Ipv6Address.parse("2001:db8:0:7::1");
  private static final Ipv6Address PEER = Ipv6Address.parse("fe80::7");
  private static final Ipv6Address ADDRESS = Ipv6Address.parse("2001:db8:0:7::1000");
  private static final Ipv6Prefix PREFIX = Ipv6Prefix.parse("2001:db8:4200::/56");
  private static final Duid CLIENT = Duid.ofHex("0003000102005e100007");
  private static final Duid SERVER_DUID = Duid.ofHex("0003000102005e0000aa");
  private static final IdentityAssociation.Type NA = IdentityAssociation.Type.IA_NA;
  private static final IdentityAssociation.Type PD = IdentityAssociation.Type.IA_PD;
  private static final Ipv6Prefix LEASE = new Ipv6Prefix(ADDRESS, 128);

  private final List<BindingChange> changes = new ArrayList<>();
  private final List<SkipReason> skipped = new ArrayList<>();
  private final List<String> cameBack = new ArrayList<>();
  private int seen;
  private final BindingLearner learner =
      new BindingLearner(
          new LearnParameters(3, Duration.ofSeconds(60), Duration.ofSeconds(1)),
          SERVER::equals,
          changes::add,
          new LearnObserver() {
            @Override
            public void seen() {
              seen++;
            }

            @Override
            public void skipped(SkipReason reason, String detail) {
              skipped.add(reason);
            }

            @Override
            public void cameBack(RelayedClient client, OptionList reply, Instant seen) {
              cameBack.add(client.duid() + " at " + client.linkAddress());
            }
          });

  private static ClientServerMessage message(MessageType type, int xid, Option... options) {
    return new ClientServerMessage(
        type, xid, OptionList.of(new ClientIdOption(CLIENT)).plus(OptionList.of(options)));
  }

  private static ClientServerMessage reply(int xid, Option... options) {
    return message(MessageType.REPLY, xid, options)
        .with(
            message(MessageType.REPLY, xid, options)
                .options()
                .plus(new ServerIdOption(SERVER_DUID)));
  }

  private static RelayMessage relayed(MessageType type, Message inner, Option... options) {
    return new RelayMessage(
        type,
        0,
        LINK,
        PEER,
        OptionList.of(options)
            .plus(new InterfaceIdOption(Octets.ofUtf8("1/1/7")))
            .plus(new RelayMessageOption(inner)));
  }

  private void forward(Message inner, Option... options) {
    learner.datagram(relayed(MessageType.RELAY_FORW, inner, options).encode(), RELAY, NOW);
  }

  private void back(Message inner, Instant at) {
    learner.datagram(relayed(MessageType.RELAY_REPL, inner).encode(), SERVER, at);
  }

  private void back(Message inner) {
    back(inner, NOW);
  }

  private static IaNaOption ia(long valid) {
    return new IaNaOption(
        1, 300, 480, OptionList.of(new IaAddressOption(ADDRESS, valid, valid, OptionList.EMPTY)));
  }

  private static IaPdOption pd(long valid) {
    return new IaPdOption(
        2, 300, 480, OptionList.of(new IaPrefixOption(valid, valid, PREFIX, OptionList.EMPTY)));
  }

  @Test
  void learnsAllThatRequestAndReplyTell() {
    forward(
        message(MessageType.REQUEST, 5, new ReconfigureAcceptOption()),
        new RemoteIdOption(9, Octets.ofUtf8("line-7")),
        new SubscriberIdOption(Octets.ofUtf8("alice")),
        new ClientLinkLayerAddressOption(1, Octets.ofHex("02005e100007")));
    back(reply(5, ia(600), pd(0xffffffffL)), NOW.plusMillis(1700));

    assertThat(changes)
        .containsExactly(
            new BindingChange(
                new RelayedClient(
                    CLIENT,
                    LINK,
                    PEER,
                    Optional.of(Octets.ofUtf8("1/1/7")),
                    Optional.of(new RemoteIdOption(9, Octets.ofUtf8("line-7"))),
                    Optional.of(Octets.ofUtf8("alice")),
                    Optional.of(new ClientLinkLayerAddressOption(1, Octets.ofHex("02005e100007")))),
                SERVER_DUID,
                ReconfigureAccept.YES,
                List.of(
                    new LeaseChange.Granted(NA, 1, LEASE, NOW.plusSeconds(601)),
                    new LeaseChange.Granted(PD, 2, PREFIX, IdentityAssociation.FOREVER))));
    assertThat(skipped).isEmpty();
    assertThat(cameBack).containsExactly(CLIENT + " at " + LINK);
    assertThat(learner.openRequests()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 5, 6, 11}) // REQUEST, RENEW, REBIND, INFORMATION-REQUEST
  void aClientThatWasRefusedHasFetchedNothing(int type) {
    MessageType asked = MessageType.of(type);
    forward(message(asked, 5));
    back(reply(5, new StatusCodeOption(StatusCode.UNSPEC_FAIL)));
    assertThat(cameBack).isEmpty();

    forward(message(asked, 6));
    back(reply(6, new StatusCodeOption(StatusCode.SUCCESS)));
    assertThat(cameBack).containsExactly(CLIENT + " at " + LINK);
  }

  @Test
  void reconfigureAcceptIsToldBySolicitAndRequestAlone() {
    forward(message(MessageType.REQUEST, 5));
    back(reply(5, ia(600)));
    forward(message(MessageType.RENEW, 6));
    back(reply(6, ia(600)));

    assertThat(changes)
        .extracting(BindingChange::reconfigureAccept)
        .containsExactly(ReconfigureAccept.NO, ReconfigureAccept.UNKNOWN);
  }

  @Test
  void aCopyOfAPacketChangesNothing() {
    forward(message(MessageType.REQUEST, 5));
    forward(message(MessageType.REQUEST, 5));
    back(reply(5, ia(600)));
    back(reply(5, ia(600)), NOW.plusMillis(3));

    assertThat(changes).hasSize(1);
    assertThat(skipped).containsExactly(SkipReason.COPY);
  }

  @Test
  void anotherAnswerToTheSameRequestIsNoCopy() {
    forward(message(MessageType.RENEW, 5));
    back(reply(5, ia(600)));
    back(reply(5, ia(600), pd(600)), NOW.plusMillis(3));

    assertThat(skipped).isEmpty();
    assertThat(changes).hasSize(2);
  }

  @Test
  void theRepliesOfTheLastMomentsAreBounded() {
    back(reply(0, ia(600)));
    for (int xid = 1; xid < 4096; xid++) {
      back(reply(xid));
    }
    back(reply(0, ia(600)));
    assertThat(changes).as("a copy").hasSize(1);
    back(reply(4096));
    back(reply(0, ia(600)));
    assertThat(changes).as("forgotten").hasSize(2);
  }

  @Test
  void theSameAnswerLaterIsANewAnswer() {
    forward(message(MessageType.RENEW, 5));
    back(reply(5, ia(600)));
    forward(message(MessageType.RENEW, 5)); // retransmitted: the REPLY was lost
    back(reply(5, ia(600)), NOW.plusSeconds(2));

    assertThat(changes).hasSize(2);
  }

  @Test
  void aReleaseEndsTheLeasesWhenTheServerSaysSo() {
    forward(message(MessageType.RELEASE, 5, ia(0), pd(0)));
    assertThat(changes).isEmpty();

    back(reply(5, new StatusCodeOption(StatusCode.SUCCESS)));

    assertThat(changes).hasSize(1);
    assertThat(changes.get(0).leases())
        .containsExactly(new LeaseChange.Gone(NA, 1, LEASE), new LeaseChange.Gone(PD, 2, PREFIX));
    assertThat(cameBack).isEmpty();
  }

  @Test
  void aRefusedReleaseEndsNothing() {
    forward(message(MessageType.RELEASE, 5, ia(0)));
    back(reply(5, new StatusCodeOption(StatusCode.UNSPEC_FAIL)));

    assertThat(changes).isEmpty();
    assertThat(skipped).containsExactly(SkipReason.REFUSED);
  }

  @Test
  void theStatusOfAnIaCountsMoreThanThatOfTheMessage() {
    forward(message(MessageType.RELEASE, 5, ia(0), pd(0)));
    back(
        reply(
            5,
            new StatusCodeOption(StatusCode.SUCCESS),
            new IaNaOption(1, 0, 0, OptionList.of(new StatusCodeOption(StatusCode.UNSPEC_FAIL)))));

    assertThat(changes.get(0).leases()).containsExactly(new LeaseChange.Gone(PD, 2, PREFIX));
    assertThat(skipped).containsExactly(SkipReason.REFUSED);
  }

  @Test
  void theStatusOfAnIaSaysNothingOfAnother() {
    forward(message(MessageType.RELEASE, 5, ia(0), pd(0)));
    OptionList refused = OptionList.of(new StatusCodeOption(StatusCode.UNSPEC_FAIL));
    back(reply(5, new IaNaOption(7, 0, 0, refused), new IaPdOption(1, 0, 0, refused)));

    assertThat(changes.get(0).leases())
        .containsExactly(new LeaseChange.Gone(NA, 1, LEASE), new LeaseChange.Gone(PD, 2, PREFIX));
  }

  @Test
  void aMessageThatIsRefusedAsAWholeEndsNothingWhateverItsIasSay() {
    forward(message(MessageType.RELEASE, 5, ia(0)));
    OptionList success = OptionList.of(new StatusCodeOption(StatusCode.SUCCESS));
    back(reply(5, new StatusCodeOption(StatusCode.UNSPEC_FAIL), new IaNaOption(1, 0, 0, success)));

    assertThat(changes).isEmpty();
    assertThat(skipped).containsExactly(SkipReason.REFUSED);
  }

  @Test
  void nothingIsGrantedInAReplyThatRefuses() {
    forward(message(MessageType.REQUEST, 5));
    back(reply(5, new StatusCodeOption(StatusCode.NOT_ON_LINK), ia(600), pd(600)));

    assertThat(changes).isEmpty();
    assertThat(skipped).containsExactly(SkipReason.REFUSED);
  }

  @Test
  void nothingIsGrantedInAnAssociationOrALeaseThatIsRefused() {
    forward(message(MessageType.REQUEST, 5));
    StatusCodeOption none = new StatusCodeOption(StatusCode.NO_ADDRS_AVAIL);
    StatusCodeOption failed = new StatusCodeOption(StatusCode.UNSPEC_FAIL);
    IaPrefixOption prefix = new IaPrefixOption(600, 600, PREFIX, OptionList.of(failed));
    back(
        reply(
            5,
            new IaNaOption(1, 0, 0, ia(600).options().plus(none)),
            new IaPdOption(2, 0, 0, OptionList.of(prefix))));

    assertThat(changes).isEmpty();
    assertThat(skipped).containsExactly(SkipReason.REFUSED, SkipReason.REFUSED);
  }

  /** IA_TA is obsolete by RFC 9915; servers that lease such addresses have them to be released. */
  @Test
  void temporaryAddressesAreLearnedAndReleased() {
    IaTaOption ta = new IaTaOption(1, ia(600).options());
    forward(message(MessageType.REQUEST, 5));
    back(reply(5, ta));
    forward(message(MessageType.RELEASE, 6, ta));
    back(reply(6));

    IdentityAssociation.Type type = IdentityAssociation.Type.IA_TA;
    assertThat(changes)
        .extracting(BindingChange::leases)
        .containsExactly(
            List.of(new LeaseChange.Granted(type, 1, LEASE, NOW.plusSeconds(600))),
            List.of(new LeaseChange.Gone(type, 1, LEASE)));
  }

  @Test
  void whatStandsBesideTheLeasesOfAReleaseIsNone() {
    OptionList leases = ia(0).options().plus(new StatusCodeOption(StatusCode.SUCCESS));
    forward(message(MessageType.RELEASE, 5, new IaNaOption(1, 0, 0, leases)));
    back(reply(5));

    assertThat(changes.get(0).leases()).containsExactly(new LeaseChange.Gone(NA, 1, LEASE));
  }

  @Test
  void aDeclinedAddressIsGone() {
    forward(message(MessageType.DECLINE, 5, ia(0)));
    back(reply(5, new StatusCodeOption(StatusCode.SUCCESS)));

    assertThat(changes.get(0).leases()).containsExactly(new LeaseChange.Gone(NA, 1, LEASE));
  }

  @Test
  void lifetimeZeroIsGoneAndNoBindingEndsTheWholeAssociation() {
    forward(message(MessageType.RENEW, 5));
    back(
        reply(
            5,
            ia(0),
            new IaPdOption(2, 0, 0, OptionList.of(new StatusCodeOption(StatusCode.NO_BINDING)))));

    assertThat(changes.get(0).leases())
        .containsExactly(new LeaseChange.Gone(NA, 1, LEASE), new LeaseChange.NoBinding(PD, 2));
  }

  @Test
  void whoOnlyConfirmsItsAddressesHasFetchedNothing() {
    forward(message(MessageType.CONFIRM, 5, ia(0)));
    back(reply(5, new StatusCodeOption(StatusCode.SUCCESS)));

    assertThat(changes).isEmpty();
    assertThat(cameBack).isEmpty();
    assertThat(skipped).isEmpty();
    assertThat(seen).isEqualTo(2);
  }

  @Test
  void aRequestIsForgottenWhenItsReplyDoesNotCome() {
    forward(message(MessageType.RELEASE, 5, ia(0)));
    learner.datagram(
        relayed(MessageType.RELAY_FORW, message(MessageType.RENEW, 6)).encode(),
        RELAY,
        NOW.plusSeconds(60).plusNanos(1));

    assertThat(learner.openRequests()).isEqualTo(1);
    back(reply(5, new StatusCodeOption(StatusCode.SUCCESS)), NOW.plusSeconds(61));
    assertThat(changes).isEmpty();
    assertThat(skipped).containsExactly(SkipReason.NO_REQUEST);
  }

  @Test
  void anAdvertiseAndARequestWithoutAnswerBindNothing() {
    forward(message(MessageType.SOLICIT, 5, ia(0)));
    back(message(MessageType.ADVERTISE, 5, ia(600), new ServerIdOption(SERVER_DUID)));
    forward(message(MessageType.REQUEST, 6, ia(0)));

    assertThat(changes).isEmpty();
  }

  @Test
  void aReplyWhoseRequestWasNotSeenGrantsButTakesNothing() {
    back(reply(5, ia(600), pd(0)));
    back(reply(6, new StatusCodeOption(StatusCode.SUCCESS)));

    assertThat(changes).hasSize(1);
    assertThat(changes.get(0).leases())
        .containsExactly(new LeaseChange.Granted(NA, 1, LEASE, NOW.plusSeconds(600)));
    assertThat(changes.get(0).reconfigureAccept()).isEqualTo(ReconfigureAccept.UNKNOWN);
    assertThat(skipped).containsExactly(SkipReason.NO_REQUEST);
  }

  @Test
  void theMessagesOfTheGatewayItselfAreNoBindings() {
    // RQ-57, RL-25: RECONFIGURE-REQUEST, RELEASE-REQUEST and their replies are on the same wire
    for (int type : List.of(18, 19, 250, 251)) {
      learner.datagram(message(new MessageType(type), 5, ia(600)).encode(), SERVER, NOW);
    }
    forward(message(MessageType.RECONFIGURE_REQUEST, 5, ia(600)));
    back(message(MessageType.RECONFIGURE_REPLY, 5, ia(600), new ServerIdOption(SERVER_DUID)));
    back(message(MessageType.RECONFIGURE, 0, new ServerIdOption(SERVER_DUID)));

    assertThat(changes).isEmpty();
    assertThat(skipped).hasSize(7).containsOnly(SkipReason.OTHER_MESSAGE);
  }

  @Test
  void whatClientsSendThemselvesIsNotBelieved() {
    learner.datagram(message(MessageType.INFORMATION_REQUEST, 5).encode(), PEER, NOW);
    learner.datagram(reply(5, ia(600)).encode(), SERVER, NOW);
    learner.datagram(
        relayed(MessageType.RELAY_REPL, reply(5, ia(600))).encode(), PEER, NOW); // forged

    assertThat(changes).isEmpty();
    assertThat(skipped)
        .containsExactly(SkipReason.NOT_RELAYED, SkipReason.NOT_RELAYED, SkipReason.UNKNOWN_SERVER);
  }

  @Test
  void theRelayNextToTheClientTellsPortAndTheNextOneTheLink() {
    // RFC 6221: a lightweight relay on the access node has no link-address
    RelayMessage inner =
        new RelayMessage(
            MessageType.RELAY_FORW,
            0,
            Ipv6Address.UNSPECIFIED,
            PEER,
            OptionList.of(
                new InterfaceIdOption(Octets.ofUtf8("dslam 3/4")),
                new RelayMessageOption(message(MessageType.REQUEST, 5))));
    forward(inner, new RemoteIdOption(9, Octets.ofUtf8("outer")));
    RelayMessage answer =
        new RelayMessage(
            MessageType.RELAY_REPL,
            0,
            Ipv6Address.UNSPECIFIED,
            PEER,
            OptionList.of(
                new InterfaceIdOption(Octets.ofUtf8("dslam 3/4")),
                new RelayMessageOption(reply(5, ia(600)))));
    back(answer);
    learner.message(answer, NOW); // the same, seen a hop nearer to the client

    assertThat(changes).hasSize(1);
    assertThat(changes.get(0).client().linkAddress()).isEqualTo(LINK);
    assertThat(changes.get(0).client().interfaceId()).contains(Octets.ofUtf8("dslam 3/4"));
    assertThat(changes.get(0).client().remoteId()).isPresent();
  }

  /** RFC 6221: lightweight relays alone, the server next to them. */
  @Test
  void whereNoRelayTellsALinkThereIsNone() {
    for (RelayMessage hop :
        List.of(
            relayed(MessageType.RELAY_FORW, message(MessageType.REQUEST, 5)),
            relayed(MessageType.RELAY_REPL, reply(5, ia(600))))) {
      learner.message(
          new RelayMessage(hop.type(), 0, Ipv6Address.UNSPECIFIED, PEER, hop.options()), NOW);
    }

    assertThat(changes)
        .extracting(change -> change.client().linkAddress())
        .containsExactly(Ipv6Address.UNSPECIFIED);
  }

  @Test
  void oneTransactionIdMayBeUsedByTwoClients() {
    forward(message(MessageType.RELEASE, 5, ia(0)));
    RelayMessage other =
        new RelayMessage(
            MessageType.RELAY_REPL,
            0,
            LINK,
            Ipv6Address.parse("fe80::8"),
            OptionList.of(
                new RelayMessageOption(reply(5, new StatusCodeOption(StatusCode.SUCCESS)))));
    learner.message(other, NOW);

    assertThat(changes).isEmpty();
  }

  @Test
  void aReplyToAnotherClientThanAskedIsNotBelieved() {
    forward(message(MessageType.REQUEST, 5));
    back(
        new ClientServerMessage(
            MessageType.REPLY,
            5,
            OptionList.of(
                new ClientIdOption(Duid.ofHex("0003000102005e100008")),
                new ServerIdOption(SERVER_DUID),
                ia(600))));

    assertThat(changes).isEmpty();
    assertThat(skipped).containsExactly(SkipReason.OTHER_CLIENT);
  }

  @Test
  void leasesThatAClientMustDiscardAreSkipped() {
    forward(message(MessageType.REQUEST, 5));
    back(
        reply(
            5,
            new IaNaOption(
                1, 0, 0, OptionList.of(new IaAddressOption(ADDRESS, 700, 600, OptionList.EMPTY))),
            new IaPdOption(
                2,
                0,
                0,
                OptionList.of(
                    new IaPrefixOption(
                        600, 600, Ipv6Prefix.parse("2001:db8::1/56"), OptionList.EMPTY),
                    new IaPrefixOption(600, 600, Ipv6Prefix.parse("::/0"), OptionList.EMPTY)))));

    assertThat(changes).isEmpty();
    assertThat(skipped).hasSize(3).containsOnly(SkipReason.BAD_LEASE);
  }

  /** RFC 8415 sections 21.6 and 21.22: each kind of lease has its place. */
  @Test
  void anAddressUnderAPrefixAssociationAndAPrefixUnderAnAddressOneAreNotLearned() {
    forward(message(MessageType.REQUEST, 5));
    back(
        reply(
            5,
            new IaNaOption(1, 0, 0, pd(600).options()),
            new IaPdOption(2, 0, 0, ia(600).options())));

    assertThat(changes).isEmpty();
  }

  @ParameterizedTest(name = "T1 {0}, T2 {1}: learned {2}")
  @CsvSource({
    "481, 480, false", // RFC 8415 sections 21.4 and 21.21: the client discards the association
    "480, 480, true",
    "300, 0, true", // 0: when, is for the client to say
    "0, 480, true"
  })
  void anAssociationThatTheClientDiscardsIsNotLearned(long t1, long t2, boolean learned) {
    forward(message(MessageType.REQUEST, 5));
    back(
        reply(
            5,
            new IaNaOption(1, t1, t2, ia(600).options()),
            new IaPdOption(2, t1, t2, pd(600).options())));
    assertThat(changes).hasSize(learned ? 1 : 0);
    assertThat(skipped)
        .isEqualTo(learned ? List.of() : List.of(SkipReason.BAD_LEASE, SkipReason.BAD_LEASE));
    assertThat(cameBack).as("the rest of the REPLY is for the client").hasSize(1);
  }

  @Test
  void theRestOfAReplyIsLearnedBesideAnAssociationThatTheClientDiscards() {
    forward(message(MessageType.RENEW, 5));
    back(reply(5, new IaNaOption(1, 481, 480, ia(600).options()), pd(600)));
    assertThat(changes)
        .singleElement()
        .extracting(BindingChange::leases)
        .isEqualTo(List.of(new LeaseChange.Granted(PD, 2, PREFIX, NOW.plusSeconds(600))));
    assertThat(skipped).containsExactly(SkipReason.BAD_LEASE);
  }

  @Test
  void openRequestsAreBoundedInNumberAndTime() {
    for (int xid = 1; xid <= 4; xid++) {
      forward(message(MessageType.RELEASE, xid, ia(0)));
    }
    assertThat(learner.openRequests()).isEqualTo(3);

    back(reply(1, new StatusCodeOption(StatusCode.SUCCESS))); // pushed out by the fourth
    back(reply(4, new StatusCodeOption(StatusCode.SUCCESS)), NOW.plusSeconds(61)); // too late

    assertThat(changes).isEmpty();
    assertThat(learner.openRequests()).isZero();
  }

  @Test
  void brokenDatagramsAreNamedAndCounted() {
    learner.datagram(Octets.EMPTY, RELAY, NOW);
    learner.datagram(Octets.ofHex("0c00"), RELAY, NOW);
    learner.datagram(
        new RelayMessage(MessageType.RELAY_FORW, 0, LINK, PEER, OptionList.EMPTY).encode(),
        RELAY,
        NOW);
    forward(new ClientServerMessage(MessageType.REQUEST, 5, OptionList.EMPTY));
    back(message(MessageType.REPLY, 5, ia(600))); // no Server Identifier
    OptionList anonymous = OptionList.of(new ServerIdOption(SERVER_DUID), ia(600));
    back(new ClientServerMessage(MessageType.REPLY, 5, anonymous));

    assertThat(skipped)
        .containsExactly(
            SkipReason.MALFORMED,
            SkipReason.MALFORMED,
            SkipReason.OTHER_MESSAGE,
            SkipReason.NO_IDENTIFIER,
            SkipReason.NO_IDENTIFIER,
            SkipReason.NO_IDENTIFIER);
    assertThat(changes).isEmpty();
  }
}
