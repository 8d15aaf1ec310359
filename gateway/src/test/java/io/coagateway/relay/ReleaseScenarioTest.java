package io.coagateway.relay;

import static io.coagateway.relay.RelayLab.LINK;
import static io.coagateway.relay.RelayLab.PEER;
import static io.coagateway.relay.RelayLab.SERVER;
import static io.coagateway.relay.RelayLab.TYPES;
import static io.coagateway.relay.RelayLab.address;
import static io.coagateway.relay.RelayLab.client;
import static io.coagateway.relay.RelayLab.includes;
import static io.coagateway.relay.RelayLab.prefix;
import static io.coagateway.relay.RelayLab.server;
import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.dhcpv6.ClientDataOption;
import io.coagateway.dhcpv6.ClientIdOption;
import io.coagateway.dhcpv6.ClientServerMessage;
import io.coagateway.dhcpv6.Duid;
import io.coagateway.dhcpv6.ElapsedTimeOption;
import io.coagateway.dhcpv6.IaAddressOption;
import io.coagateway.dhcpv6.IaNaOption;
import io.coagateway.dhcpv6.IaPdOption;
import io.coagateway.dhcpv6.IaPrefixOption;
import io.coagateway.dhcpv6.IaTaOption;
import io.coagateway.dhcpv6.InterfaceIdOption;
import io.coagateway.dhcpv6.MessageType;
import io.coagateway.dhcpv6.Option;
import io.coagateway.dhcpv6.OptionCode;
import io.coagateway.dhcpv6.OptionList;
import io.coagateway.dhcpv6.RelayMessage;
import io.coagateway.dhcpv6.RelayMessageOption;
import io.coagateway.dhcpv6.ServerIdOption;
import io.coagateway.dhcpv6.StatusCode;
import io.coagateway.dhcpv6.StatusCodeOption;
import io.coagateway.ratelimit.RateLimit;
import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.Ipv6Prefix;
import io.coagateway.wire.Octets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReleaseScenarioTest {
  private static final LeasedIa NA = address(1, "2001:db8:1::100");
  private static final LeasedIa PD = prefix(2, "2001:db8:100::/56");

  private static StatusCodeOption status(StatusCode code) {
    return new StatusCodeOption(code);
  }

  private static ClientDataOption clientData(int client, Option... options) {
    return new ClientDataOption(
        OptionList.of(new ClientIdOption(client(client))).plus(OptionList.of(options)));
  }

  /** The same task at another server. */
  private static ReleaseTask at(Optional<Duid> serverDuid, ReleaseTask task) {
    return changed(task, serverDuid, task.deadlineNanos());
  }

  private static ReleaseTask within(RelayLab lab, Duration left, ReleaseTask task) {
    return changed(task, task.serverDuid(), lab.deadline(left));
  }

  private static ReleaseTask changed(
      ReleaseTask task, Optional<Duid> serverDuid, long deadlineNanos) {
    return new ReleaseTask(
        task.client(),
        task.server(),
        serverDuid,
        task.linkAddress(),
        task.peerAddress(),
        task.interfaceId(),
        task.remoteId(),
        task.subscriberId(),
        task.ias(),
        deadlineNanos);
  }

  private static IaNaOption na(int iaid, Option... options) {
    return new IaNaOption(iaid, 0, 0, OptionList.of(options));
  }

  private static IaPdOption pd(int iaid, Option... options) {
    return new IaPdOption(iaid, 0, 0, OptionList.of(options));
  }

  private static ExchangeOutcome only(RelayLab lab) {
    assertThat(lab.released).hasSize(1);
    return lab.released.get(0);
  }

  @Nested
  class ReleaseRequests {
    private final RelayLab lab = new RelayLab(server(1).build());

    private ExchangeOutcome outcomeOf(StatusCode top, Option... more) {
      lab.released.clear();
      lab.release(lab.releaseTask(1, NA, PD));
      lab.releaseReply(lab.takeOne(), top, more);
      return only(lab);
    }

    private StatusCode refusal(ExchangeOutcome outcome) {
      assertThat(outcome.kind()).isEqualTo(ExchangeOutcome.Kind.REFUSED);
      return outcome.results().get(0).status().orElseThrow();
    }

    private boolean isResidual(ExchangeOutcome outcome) {
      return ((ExchangeOutcome.Accepted) outcome).residual();
    }

    @Test
    @DisplayName("RL-1 RL-22 RL-24: Success without CLIENT_DATA clears everything")
    void releases() {
      ExchangeOutcome outcome = outcomeOf(StatusCode.SUCCESS);
      assertThat(outcome.kind()).isEqualTo(ExchangeOutcome.Kind.ACCEPTED);
      assertThat(isResidual(outcome)).isFalse();
      lab.pass(Duration.ofSeconds(20));
      assertThat(lab.takeSent()).isEmpty();
    }

    @Test
    @DisplayName("RL-14: NoBinding on any level is no error; all of them: residual")
    void takesNoBindingAsGone() {
      assertThat(isResidual(outcomeOf(StatusCode.NO_BINDING))).isTrue();
      assertThat(
              isResidual(
                  outcomeOf(StatusCode.SUCCESS, clientData(1, status(StatusCode.NO_BINDING)))))
          .isTrue();
      assertThat(
              isResidual(
                  outcomeOf(
                      StatusCode.SUCCESS, clientData(1, pd(2, status(StatusCode.NO_BINDING))))))
          .isFalse();
    }

    @Test
    @DisplayName(
        "RL-14: NoBinding to a retransmission is not residual: the first may have freed it")
    void mayHaveFreedItItself() {
      lab.release(lab.releaseTask(1, NA));
      lab.pass(Duration.ofMillis(1020));
      List<RelayLab.Sent> sent = lab.takeSent();
      assertThat(sent).hasSize(2);
      lab.releaseReply(sent.get(1), StatusCode.NO_BINDING);
      assertThat(isResidual(only(lab))).isFalse();
    }

    @Test
    @DisplayName("5.4 RL-23: the inner status overrides the outer one, down to the single lease")
    void evaluatesInsideOut() {
      assertThat(refusal(outcomeOf(StatusCode.NOT_CONFIGURED)))
          .isEqualTo(StatusCode.NOT_CONFIGURED);
      assertThat(
              refusal(outcomeOf(StatusCode.SUCCESS, clientData(1, status(StatusCode.NOT_ON_LINK)))))
          .isEqualTo(StatusCode.NOT_ON_LINK);
      assertThat(
              refusal(
                  outcomeOf(
                      StatusCode.SUCCESS, clientData(1, na(1, status(StatusCode.UNSPEC_FAIL))))))
          .isEqualTo(StatusCode.UNSPEC_FAIL);
      IaAddressOption lease =
          new IaAddressOption(
              Ipv6Address.parse("2001:db8:1::100"),
              0,
              0,
              OptionList.of(status(StatusCode.NO_BINDING)));
      assertThat(
              outcomeOf(
                      StatusCode.SUCCESS,
                      clientData(1, na(1, status(StatusCode.UNSPEC_FAIL), lease)))
                  .kind())
          .isEqualTo(ExchangeOutcome.Kind.ACCEPTED);
      assertThat(
              outcomeOf(StatusCode.NOT_ALLOWED, clientData(1, status(StatusCode.SUCCESS))).kind())
          .isEqualTo(ExchangeOutcome.Kind.ACCEPTED);
      assertThat(
              outcomeOf(
                      StatusCode.SUCCESS,
                      clientData(1, status(StatusCode.UNSPEC_FAIL), lease, na(1), pd(2)))
                  .kind())
          .isEqualTo(ExchangeOutcome.Kind.REFUSED);
    }

    private List<LeasedIa> freed(ExchangeOutcome outcome) {
      return outcome.results().get(0).freed();
    }

    @Test
    @DisplayName("RL-24: what is not refused is freed, though the rest of the client is not")
    void freesWhatIsNotRefused() {
      assertThat(freed(outcomeOf(StatusCode.SUCCESS))).containsExactly(NA, PD);
      ExchangeOutcome kept =
          outcomeOf(StatusCode.SUCCESS, clientData(1, pd(2, status(StatusCode.UNSPEC_FAIL))));
      assertThat(kept.kind()).isEqualTo(ExchangeOutcome.Kind.REFUSED);
      assertThat(freed(kept)).containsExactly(NA);
      assertThat(
              freed(
                  outcomeOf(
                      StatusCode.NOT_ALLOWED, clientData(1, na(1, status(StatusCode.NO_BINDING))))))
          .containsExactly(NA);
      assertThat(freed(outcomeOf(StatusCode.NOT_CONFIGURED))).isEmpty();
    }

    private static IaAddressOption lease(String address, StatusCode code) {
      return new IaAddressOption(Ipv6Address.parse(address), 0, 0, OptionList.of(status(code)));
    }

    @Test
    @DisplayName("RL-23: a server may tell of each lease by itself: one that it keeps is kept")
    void readsAllThatIsSaidOfAnIa() {
      LeasedIa two = address(1, "2001:db8:1::1", "2001:db8:1::2");
      Option gone = na(1, lease("2001:db8:1::1", StatusCode.NO_BINDING));
      Option kept = na(1, lease("2001:db8:1::2", StatusCode.NOT_ALLOWED));
      lab.release(lab.releaseTask(1, two));
      lab.releaseReply(lab.takeOne(), StatusCode.SUCCESS, clientData(1, gone), clientData(1, kept));
      assertThat(refusal(only(lab))).isEqualTo(StatusCode.NOT_ALLOWED);
      assertThat(freed(only(lab))).containsExactly(address(1, "2001:db8:1::1"));
    }

    @Test
    @DisplayName("RL-23: of two statuses that contradict each other the one that refuses counts")
    void believesTheRefusalOfTwoStatuses() {
      Option success = status(StatusCode.SUCCESS);
      Option refused = status(StatusCode.NOT_ON_LINK);
      for (Option[] answer :
          List.of(
              new Option[] {clientData(1, success), clientData(1, refused)},
              new Option[] {clientData(1, success, refused)},
              new Option[] {clientData(1, na(1, success, refused))},
              new Option[] {clientData(1, na(1, success), na(1, refused))},
              new Option[] {
                clientData(
                    1,
                    lease("2001:db8:1::100", StatusCode.SUCCESS),
                    lease("2001:db8:1::100", StatusCode.NOT_ON_LINK))
              })) {
        assertThat(refusal(outcomeOf(StatusCode.SUCCESS, answer)))
            .as(List.of(answer).toString())
            .isEqualTo(StatusCode.NOT_ON_LINK);
      }
    }

    @Test
    @DisplayName("5.4 RL-23: of several leases of one association each is judged by its own status")
    void judgesEachLease() {
      LeasedIa addresses = RelayLab.address(1, "2001:db8:1::100", "2001:db8:1::101");
      LeasedIa prefixes = RelayLab.prefix(2, "2001:db8:4200::/56", "2001:db8:4201::/56");
      lab.release(lab.releaseTask(1, addresses, prefixes));
      lab.releaseReply(
          lab.takeOne(),
          StatusCode.SUCCESS,
          clientData(
              1,
              na(1, addressWith("2001:db8:1::100", StatusCode.UNSPEC_FAIL)),
              pd(2, prefixWith("2001:db8:4201::/56", StatusCode.NOT_ALLOWED))));
      assertThat(only(lab).kind()).isEqualTo(ExchangeOutcome.Kind.REFUSED);
      assertThat(freed(only(lab)))
          .containsExactly(
              RelayLab.address(1, "2001:db8:1::101"), RelayLab.prefix(2, "2001:db8:4200::/56"));
      lab.released.clear();

      lab.release(lab.releaseTask(1, addresses, prefixes));
      lab.releaseReply(
          lab.takeOne(),
          StatusCode.NOT_ALLOWED,
          clientData(
              1,
              na(1, addressWith("2001:db8:1::101", StatusCode.SUCCESS)),
              pd(
                  2,
                  status(StatusCode.UNSPEC_FAIL),
                  prefixWith("2001:db8:4200::/56", StatusCode.NO_BINDING))));
      assertThat(freed(only(lab)))
          .containsExactly(
              RelayLab.address(1, "2001:db8:1::101"), RelayLab.prefix(2, "2001:db8:4200::/56"));
    }

    private IaAddressOption addressWith(String address, StatusCode code) {
      return new IaAddressOption(Ipv6Address.parse(address), 0, 0, OptionList.of(status(code)));
    }

    private IaPrefixOption prefixWith(String prefix, StatusCode code) {
      return new IaPrefixOption(0, 0, Ipv6Prefix.parse(prefix), OptionList.of(status(code)));
    }

    @Test
    @DisplayName("5.4: an IA_TA is judged by its own status, and by no other kind's of its IAID")
    void judgesTemporaryAddresses() {
      LeasedIa ta =
          new LeasedIa(
              LeasedIa.Type.IA_TA,
              OptionalLong.of(7),
              List.of(Ipv6Prefix.parse("2001:db8:1::7/128")));
      for (Option kept :
          List.of(
              new IaTaOption(7, OptionList.of(status(StatusCode.UNSPEC_FAIL))),
              na(7, status(StatusCode.UNSPEC_FAIL)))) {
        lab.release(lab.releaseTask(1, ta));
        lab.releaseReply(lab.takeOne(), StatusCode.SUCCESS, clientData(1, kept));
      }
      assertThat(lab.released)
          .extracting(ExchangeOutcome::kind)
          .containsExactly(ExchangeOutcome.Kind.REFUSED, ExchangeOutcome.Kind.ACCEPTED);
    }

    @Test
    @DisplayName("RL-4 RL-11: the server that gave the leases is named, whoever answers there now")
    void namesTheServerOfTheRecord() {
      Duid before = Duid.ofHex("0003000102005e0000cc");
      lab.reconfigure(1);
      lab.reply(lab.takeOne(), StatusCode.SUCCESS); // SERVER is learned
      ReleaseTask task = lab.releaseTask(1, NA);
      lab.release(at(Optional.of(before), task));
      assertThat(lab.takeOne().inner().options().first(ServerIdOption.class))
          .contains(new ServerIdOption(before));
    }

    @Test
    @DisplayName("5.4: unknown clients and IAs in the answer are reported and ignored")
    void ignoresStrangers() {
      ExchangeOutcome outcome =
          outcomeOf(
              StatusCode.SUCCESS,
              clientData(9, status(StatusCode.UNSPEC_FAIL)),
              new ClientDataOption(OptionList.EMPTY),
              clientData(1, na(7, status(StatusCode.UNSPEC_FAIL))));
      assertThat(outcome.kind()).isEqualTo(ExchangeOutcome.Kind.ACCEPTED);
      assertThat(lab.events).filteredOn(e -> e.startsWith("unknown")).hasSize(3);
    }

    @Test
    @DisplayName("RL-20 RL-21 RL-25: wrong xid, no status on top, another SERVERID are discarded")
    void discardsInvalidReplies() {
      lab.release(lab.releaseTask(1, NA));
      RelayLab.Sent request = lab.takeOne();
      int id = request.transactionId();
      Duid other = Duid.ofHex("0003000102005e0000cc");
      Option success = status(StatusCode.SUCCESS);
      lab.receive(request, new ClientServerMessage(TYPES.reply(), id ^ 2, OptionList.of(success)));
      lab.receive(request, new ClientServerMessage(TYPES.reply(), id, OptionList.EMPTY));
      lab.receive(
          request,
          new ClientServerMessage(
              TYPES.reply(), id, OptionList.of(new ServerIdOption(other), success)));
      lab.receive(
          request,
          new ClientServerMessage(
              MessageType.RECONFIGURE_REPLY,
              id,
              OptionList.of(new ServerIdOption(SERVER), success)));
      assertThat(lab.discarded)
          .extracting(RelayLab.Discarded::reason)
          .containsExactly(
              ReplyDiscard.UNKNOWN_TRANSACTION,
              ReplyDiscard.NO_STATUS,
              ReplyDiscard.WRONG_SERVER_ID,
              ReplyDiscard.WRONG_TYPE);
      assertThat(lab.released).isEmpty();
      // unlike RECONFIGURE-REPLY, no SERVERID is needed
      lab.receive(request, new ClientServerMessage(TYPES.reply(), id, OptionList.of(success)));
      assertThat(only(lab).kind()).isEqualTo(ExchangeOutcome.Kind.ACCEPTED);
    }

    @Test
    @DisplayName("RL-12 RL-13: 0, 1, 3, 7 s, silence at 15 s")
    void retransmits() {
      lab.release(lab.releaseTask(1, NA));
      lab.pass(Duration.ofMillis(14_900));
      assertThat(lab.released).isEmpty();
      lab.pass(Duration.ofMillis(200));
      assertThat(lab.takeSent())
          .extracting(s -> Math.round(s.atMillis() / 100.0))
          .containsExactly(0L, 10L, 30L, 70L);
      assertThat(only(lab).kind()).isEqualTo(ExchangeOutcome.Kind.NO_ANSWER);
      assertThat(only(lab).transmissions()).isEqualTo(4);
    }

    @Test
    @DisplayName("RL-6: clients of one server share a message; another server DUID needs another")
    void batchesByServer() {
      lab.release(lab.releaseTask(1, NA));
      lab.release(lab.releaseTask(2, PD));
      ReleaseTask task = lab.releaseTask(3, PD);
      lab.release(at(Optional.of(Duid.ofHex("0003000102005e0000cc")), task));
      List<RelayLab.Sent> sent = lab.takeSent();
      assertThat(sent).hasSize(2);
      assertThat(sent.get(0).inner().options().all(ClientDataOption.class)).hasSize(2);
      lab.releaseReply(
          sent.get(0), StatusCode.SUCCESS, clientData(2, status(StatusCode.NOT_ON_LINK)));
      assertThat(lab.released)
          .extracting(ExchangeOutcome::kind)
          .containsExactly(ExchangeOutcome.Kind.ACCEPTED, ExchangeOutcome.Kind.REFUSED);
    }

    @Test
    @DisplayName("RL-37: one DUID on two lines takes two messages, so that each has its answer")
    void keepsSessionsOfOneDuidApart() {
      lab.release(lab.releaseTask(1, NA));
      lab.release(lab.releaseTask(1, address(1, "2001:db8:2::100")));
      lab.release(lab.releaseTask(2, PD));
      List<RelayLab.Sent> sent = lab.takeSent();
      assertThat(sent)
          .extracting(s -> s.inner().options().all(ClientDataOption.class).size())
          .containsExactly(1, 2);
      lab.releaseReply(
          sent.get(0), StatusCode.SUCCESS, clientData(1, na(1, status(StatusCode.NO_BINDING))));
      lab.releaseReply(
          sent.get(1), StatusCode.SUCCESS, clientData(1, na(1, status(StatusCode.UNSPEC_FAIL))));
      assertThat(lab.released)
          .extracting(ExchangeOutcome::kind)
          .containsExactly(
              ExchangeOutcome.Kind.ACCEPTED,
              ExchangeOutcome.Kind.REFUSED,
              ExchangeOutcome.Kind.ACCEPTED);
    }

    @Test
    @DisplayName("UnspecFail on top: once more without Interface-Id, then halves")
    void correctsThenHalves() {
      RelayLab include = new RelayLab(server(1).include(includes(Include.INTERFACE_ID)).build());
      for (int i = 1; i <= 2; i++) {
        ReleaseTask task = include.releaseTask(i, NA);
        include.release(
            new ReleaseTask(
                task.client(),
                task.server(),
                task.serverDuid(),
                LINK,
                Optional.of(PEER),
                Optional.of(Octets.ofUtf8("if")),
                Optional.empty(),
                Optional.empty(),
                task.ias(),
                task.deadlineNanos()));
      }
      RelayLab.Sent first = include.takeOne();
      assertThat(first.inner().options().has(OptionCode.INTERFACE_ID)).isTrue();
      include.releaseReply(first, StatusCode.UNSPEC_FAIL);
      RelayLab.Sent second = include.takeOne();
      assertThat(second.inner().options().has(OptionCode.INTERFACE_ID)).isFalse();
      include.releaseReply(second, StatusCode.UNSPEC_FAIL);
      List<RelayLab.Sent> halves = include.takeSent();
      assertThat(halves).hasSize(2);
      include.releaseReply(halves.get(0), StatusCode.SUCCESS);
      include.releaseReply(halves.get(1), StatusCode.UNSPEC_FAIL);
      assertThat(include.released)
          .extracting(ExchangeOutcome::kind)
          .containsExactly(ExchangeOutcome.Kind.ACCEPTED, ExchangeOutcome.Kind.REFUSED);
      assertThat(include.takeSent()).isEmpty();
    }

    @Test
    @DisplayName("5.4 RL-24: below UnspecFail on top, too, the inner status counts")
    void looksInsideAnUnspecFail() {
      assertThat(
              outcomeOf(StatusCode.UNSPEC_FAIL, clientData(1, status(StatusCode.SUCCESS))).kind())
          .isEqualTo(ExchangeOutcome.Kind.ACCEPTED);
      ExchangeOutcome kept =
          outcomeOf(StatusCode.UNSPEC_FAIL, clientData(1, na(1, status(StatusCode.SUCCESS))));
      assertThat(refusal(kept)).isEqualTo(StatusCode.UNSPEC_FAIL);
      assertThat(freed(kept)).containsExactly(NA);
      assertThat(lab.takeSent()).isEmpty();
    }

    @Test
    @DisplayName("RL-24: what each of two answers refuses, the other has freed: nothing is left")
    void addsUpWhatTwoAnswersFree() {
      for (int i = 1; i <= 2; i++) {
        lab.release(lab.releaseTask(i, NA, PD));
      }
      lab.releaseReply(
          lab.takeOne(),
          StatusCode.UNSPEC_FAIL,
          clientData(1, na(1, status(StatusCode.SUCCESS))),
          clientData(2, na(1, status(StatusCode.SUCCESS))));
      List<RelayLab.Sent> halves = lab.takeSent();
      lab.releaseReply(
          halves.get(0), StatusCode.UNSPEC_FAIL, clientData(1, pd(2, status(StatusCode.SUCCESS))));
      lab.releaseReply(
          halves.get(1), StatusCode.UNSPEC_FAIL, clientData(2, na(1, status(StatusCode.SUCCESS))));
      assertThat(lab.released)
          .extracting(ExchangeOutcome::kind)
          .containsExactly(ExchangeOutcome.Kind.ACCEPTED, ExchangeOutcome.Kind.REFUSED);
      assertThat(freed(lab.released.get(0))).containsExactlyInAnyOrder(NA, PD);
      assertThat(freed(lab.released.get(1))).as("once").containsExactly(NA);
    }

    @Test
    @DisplayName("RL-24: what an UnspecFail frees is not asked for again, nor forgotten after it")
    void keepsWhatAnUnspecFailHasFreed() {
      for (int i = 1; i <= 3; i++) {
        lab.release(lab.releaseTask(i, NA, PD));
      }
      lab.releaseReply(
          lab.takeOne(),
          StatusCode.UNSPEC_FAIL,
          clientData(1, status(StatusCode.SUCCESS)),
          clientData(2, na(1, status(StatusCode.NO_BINDING))),
          clientData(3, pd(2, status(StatusCode.SUCCESS))));
      List<RelayLab.Sent> halves = lab.takeSent();
      assertThat(halves)
          .extracting(s -> s.inner().options().all(ClientDataOption.class).size())
          .containsExactly(1, 1);
      lab.releaseReply(halves.get(0), StatusCode.UNSPEC_FAIL);
      lab.pass(Duration.ofSeconds(20)); // nothing more is heard of the other
      assertThat(lab.released)
          .extracting(ExchangeOutcome::kind)
          .containsExactly(
              ExchangeOutcome.Kind.ACCEPTED,
              ExchangeOutcome.Kind.REFUSED,
              ExchangeOutcome.Kind.REFUSED);
      assertThat(freed(lab.released.get(1))).containsExactly(NA);
      assertThat(freed(lab.released.get(2))).containsExactly(PD);
    }

    @Test
    @DisplayName(
        "5.5: a lease without IAID is skipped unless the server's settings say bare or all")
    void doesNotGuessAnIaid() {
      LeasedIa unknown =
          new LeasedIa(
              LeasedIa.Type.IA_NA,
              OptionalLong.empty(),
              List.of(Ipv6Prefix.parse("2001:db8:1::100/128")));
      lab.release(lab.releaseTask(1, unknown, PD));
      assertThat(lab.takeSent()).isEmpty();
      assertThat(only(lab))
          .isInstanceOfSatisfying(
              ExchangeOutcome.NotSent.class,
              o -> assertThat(o.reason()).isEqualTo(NotSentReason.NO_IAID));
      assertThat(lab.events).containsExactly("not-sent dhcp-1 NO_IAID");
      RelayLab bare = new RelayLab(server(1).withoutIaid(WithoutIaid.BARE).build());
      bare.release(bare.releaseTask(1, unknown, PD));
      RelayLab.Sent request = bare.takeOne();
      bare.releaseReply(
          request,
          StatusCode.SUCCESS,
          clientData(
              1,
              new IaAddressOption(
                  Ipv6Address.parse("2001:db8:1::100"),
                  0,
                  0,
                  OptionList.of(status(StatusCode.UNSPEC_FAIL)))));
      assertThat(refusal(only(bare))).isEqualTo(StatusCode.UNSPEC_FAIL);
    }

    @Nested
    class WithoutIaids {
      private final LeasedIa unknown =
          new LeasedIa(
              LeasedIa.Type.IA_NA,
              OptionalLong.empty(),
              List.of(Ipv6Prefix.parse("2001:db8:1::100/128")));

      private ExchangeOutcome outcomeOf(WithoutIaid mode, StatusCode top, Option... ofClient) {
        RelayLab lab = new RelayLab(server(1).withoutIaid(mode).build());
        lab.release(lab.releaseTask(1, unknown));
        lab.releaseReply(lab.takeOne(), top, clientData(1, ofClient));
        assertThat(lab.events).filteredOn(e -> e.startsWith("unknown")).isEmpty();
        return only(lab);
      }

      private StatusCode refusalOf(WithoutIaid mode, Option... ofClient) {
        return refusal(outcomeOf(mode, StatusCode.SUCCESS, ofClient));
      }

      private IaPrefixOption prefixWith(StatusCode code) {
        return new IaPrefixOption(
            0, 0, Ipv6Prefix.parse("2001:db8:7::/56"), OptionList.of(status(code)));
      }

      @Test
      @DisplayName("RL-23 all: everything was named, so any association that is kept refuses")
      void everyAssociationCounts() {
        assertThat(refusalOf(WithoutIaid.ALL, pd(7, status(StatusCode.UNSPEC_FAIL))))
            .isEqualTo(StatusCode.UNSPEC_FAIL);
        assertThat(
                refusalOf(
                    WithoutIaid.ALL,
                    na(3, status(StatusCode.SUCCESS)),
                    pd(7, prefixWith(StatusCode.NOT_ALLOWED))))
            .isEqualTo(StatusCode.NOT_ALLOWED);
        assertThat(refusalOf(WithoutIaid.ALL, prefixWith(StatusCode.UNSPEC_FAIL)))
            .isEqualTo(StatusCode.UNSPEC_FAIL);
      }

      @Test
      @DisplayName("RL-23: a refusal for an IAID that nobody knew may be for any of its type")
      void nothingInDoubtIsFreed() {
        Option kept = na(7, status(StatusCode.UNSPEC_FAIL));
        assertThat(freedOf(WithoutIaid.ALL, kept)).isEmpty();
        assertThat(freedOf(WithoutIaid.ALL, pd(2, status(StatusCode.UNSPEC_FAIL))))
            .containsExactly(unknown);
        assertThat(freedOf(WithoutIaid.BARE, kept)).containsExactly(PD);
        assertThat(freedOf(WithoutIaid.BARE, pd(2, status(StatusCode.UNSPEC_FAIL))))
            .containsExactly(unknown);
        assertThat(freedOf(WithoutIaid.BARE, na(7, status(StatusCode.NO_BINDING))))
            .containsExactly(unknown, PD);
      }

      private List<LeasedIa> freedOf(WithoutIaid mode, Option ofClient) {
        RelayLab lab = new RelayLab(server(1).withoutIaid(mode).build());
        lab.release(lab.releaseTask(1, unknown, PD));
        lab.releaseReply(lab.takeOne(), StatusCode.SUCCESS, clientData(1, ofClient));
        return freed(only(lab));
      }

      @Test
      @DisplayName("RL-24 all: Success and NoBinding free; residual only when nothing was there")
      void everyAssociationIsGone() {
        ExchangeOutcome some =
            outcomeOf(
                WithoutIaid.ALL,
                StatusCode.NO_BINDING,
                na(3, status(StatusCode.NO_BINDING)),
                pd(7, status(StatusCode.SUCCESS)));
        assertThat(isResidual(some)).isFalse();
        ExchangeOutcome none =
            outcomeOf(WithoutIaid.ALL, StatusCode.NO_BINDING, na(3, status(StatusCode.NO_BINDING)));
        assertThat(isResidual(none)).isTrue();
      }

      @Test
      @DisplayName(
          "5.5 bare: an answer in a container of that type counts, another type's does not")
      void containersOfTheTypeCount() {
        assertThat(refusalOf(WithoutIaid.BARE, na(3, status(StatusCode.UNSPEC_FAIL))))
            .isEqualTo(StatusCode.UNSPEC_FAIL);
        RelayLab bare = new RelayLab(server(1).withoutIaid(WithoutIaid.BARE).build());
        bare.release(bare.releaseTask(1, unknown));
        bare.releaseReply(
            bare.takeOne(),
            StatusCode.SUCCESS,
            clientData(1, pd(7, status(StatusCode.UNSPEC_FAIL))));
        assertThat(only(bare).kind()).isEqualTo(ExchangeOutcome.Kind.ACCEPTED);
        assertThat(bare.events).filteredOn(e -> e.startsWith("unknown")).hasSize(1);
      }
    }

    @Test
    @DisplayName(
        "RL-1 RL-4 RQ-23: not without the server's DUID, without room, or when release is none")
    void refusesWhatItCannotSend() {
      ReleaseTask task = lab.releaseTask(1, NA);
      ReleaseTask nameless = at(Optional.empty(), task);
      lab.release(nameless);
      lab.time.settle();
      assertThat(((ExchangeOutcome.NotSent) only(lab)).reason())
          .isEqualTo(NotSentReason.NO_SERVER_DUID);
      assertThat(lab.events).containsExactly("not-sent dhcp-1 NO_SERVER_DUID");
      lab.reconfigure(1);
      lab.reply(lab.takeOne(), StatusCode.SUCCESS); // the DUID is learned
      lab.release(nameless);
      assertThat(lab.takeOne().inner().options().first(ServerIdOption.class))
          .contains(new ServerIdOption(SERVER));
      RelayLab full = new RelayLab(server(1).queueLimit(1).build());
      full.reconfigure(1);
      full.release(full.releaseTask(1, NA));
      full.time.settle();
      assertThat(((ExchangeOutcome.NotSent) only(full)).reason())
          .isEqualTo(NotSentReason.QUEUE_FULL);
      RelayLab none = new RelayLab(server(1).release(ReleaseMode.NONE).build());
      none.release(none.releaseTask(1, NA));
      none.time.settle();
      assertThat(((ExchangeOutcome.NotSent) only(none)).reason())
          .isEqualTo(NotSentReason.SWITCHED_OFF);
    }

    @Test
    @DisplayName("RL-1 RL-4: what keeps a release from leaving is known before it is to leave")
    void knowsWhatIsInTheWay() {
      ReleaseTask task = lab.releaseTask(1, NA);
      assertThat(lab.agent.obstacleTo(task)).isEmpty();
      ReleaseTask nameless = at(Optional.empty(), task);
      assertThat(lab.agent.obstacleTo(nameless)).contains(NotSentReason.NO_SERVER_DUID);
      assertThat(lab.events).containsExactly("not-sent dhcp-1 NO_SERVER_DUID");
      lab.reconfigure(1);
      lab.reply(lab.takeOne(), StatusCode.SUCCESS); // the DUID is learned
      assertThat(lab.agent.obstacleTo(nameless)).isEmpty();
      RelayLab none = new RelayLab(server(1).release(ReleaseMode.NONE).build());
      assertThat(none.agent.obstacleTo(none.releaseTask(1, NA)))
          .contains(NotSentReason.SWITCHED_OFF);
      assertThat(lab.takeSent()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
        value = ReleaseMode.class,
        names = {"RELEASE_REQUEST", "RELAYED_RELEASE", "AUTO"})
    @DisplayName("RQ-22 RQ-23: no room in the queue is known before it is to leave, too")
    void knowsThatThereIsNoRoom(ReleaseMode mode) {
      DhcpServer narrow =
          server(1).release(mode).rateLimit(RateLimit.perSecond(1)).queueLimit(1).build();
      RelayLab lab = new RelayLab(narrow);
      ReleaseTask task = lab.releaseTask(1, NA);
      lab.reconfigure(2);
      assertThat(lab.agent.obstacleTo(task)).contains(NotSentReason.QUEUE_FULL);
      lab.time.settle(); // it leaves, and with it the second's permit
      lab.reload(narrow.toBuilder().queueLimit(99).build());
      lab.reconfigure(3);
      lab.time.settle();
      assertThat(lab.agent.obstacleTo(task)).isEmpty();
      assertThat(lab.agent.obstacleTo(within(lab, Duration.ofMillis(500), task)))
          .contains(NotSentReason.DEADLINE);
      assertThat(lab.events).endsWith("not-sent dhcp-1 DEADLINE");
    }

    @Test
    @DisplayName("RQ-9 RQ-23: a release that can join one that waits has its room")
    void knowsThatThereIsRoomBesideAnother() {
      RelayLab lab =
          new RelayLab(server(1).release(ReleaseMode.RELEASE_REQUEST).queueLimit(1).build());
      lab.release(lab.releaseTask(1, NA));
      assertThat(lab.agent.obstacleTo(lab.releaseTask(2, NA))).isEmpty();
      lab.release(lab.releaseTask(2, NA));
      assertThat(lab.takeOne().inner().options().all(ClientDataOption.class)).hasSize(2);
    }

    @ParameterizedTest
    @EnumSource(
        value = ReleaseMode.class,
        names = {"RELEASE_REQUEST", "RELAYED_RELEASE", "AUTO"})
    @DisplayName("RQ-12: more than max-message-size holds is known before it is to leave, too")
    void knowsWhatIsTooLong(ReleaseMode mode) {
      RelayLab lab = new RelayLab(server(1).release(mode).build());
      LeasedIa[] each = new LeasedIa[59];
      for (int i = 0; i < each.length; i++) {
        each[i] =
            new LeasedIa(
                LeasedIa.Type.IA_NA,
                OptionalLong.of(i),
                List.of(Ipv6Prefix.parse("2001:db8:1::" + i + "/128")));
      }
      ReleaseTask task = lab.releaseTask(1, each);
      assertThat(lab.agent.obstacleTo(task)).contains(NotSentReason.TOO_LARGE);
      assertThat(lab.agent.obstacleTo(lab.releaseTask(1, Arrays.copyOf(each, 10)))).isEmpty();
      lab.release(task);
      lab.time.settle();
      assertThat(((ExchangeOutcome.NotSent) only(lab)).reason()).isEqualTo(NotSentReason.TOO_LARGE);
    }

    @Test
    @DisplayName("RQ-12 7.4: auto has a RELEASE for each, where one request does not hold them all")
    void autoFindsRoomForEach() {
      RelayLab lab = new RelayLab(server(1).release(ReleaseMode.AUTO).build());
      List<Ipv6Prefix> leases =
          IntStream.range(0, 59)
              .mapToObj(i -> Ipv6Prefix.parse("2001:db8:1::" + i + "/128"))
              .toList();
      ReleaseTask task =
          lab.releaseTask(1, new LeasedIa(LeasedIa.Type.IA_NA, OptionalLong.of(1), leases));
      assertThat(lab.agent.obstacleTo(task)).isEmpty();
      lab.release(task);
      assertThat(lab.takeSent())
          .hasSize(leases.size())
          .allMatch(sent -> sent.inner().type().equals(MessageType.RELEASE));
    }

    @Test
    @DisplayName("drop before the outcome cancels")
    void cancels() {
      Exchange exchange = lab.release(lab.releaseTask(1, NA));
      lab.takeOne();
      exchange.cancel();
      lab.pass(Duration.ofSeconds(30));
      assertThat(lab.takeSent()).isEmpty();
      assertThat(only(lab).kind()).isEqualTo(ExchangeOutcome.Kind.CANCELLED);
    }
  }

  @Nested
  class RelayedReleases {
    private final RelayLab lab =
        new RelayLab(server(1).release(ReleaseMode.RELAYED_RELEASE).build());

    @Test
    @DisplayName("7.1: the same xid again, ELAPSED_TIME counted on")
    void tellsTheElapsedTime() {
      lab.release(lab.releaseTask(1, NA));
      lab.pass(Duration.ofSeconds(16));
      List<RelayLab.Sent> sent = lab.takeSent();
      assertThat(sent)
          .extracting(
              s -> s.inner().options().first(ElapsedTimeOption.class).orElseThrow().hundredths())
          .containsExactly(0, 100, 300, 700);
      Set<Integer> ids = new HashSet<>();
      sent.forEach(s -> ids.add(s.transactionId()));
      assertThat(ids).hasSize(1);
      assertThat(only(lab).kind()).isEqualTo(ExchangeOutcome.Kind.NO_ANSWER);
    }

    @Test
    @DisplayName("7.3: Success on top alone, as most servers answer, or in every IA, as Kea does")
    void releases() {
      lab.release(lab.releaseTask(1, NA, PD));
      RelayLab.Sent request = lab.takeOne();
      assertThat(request.inner().type()).isEqualTo(MessageType.RELEASE);
      lab.relayedReply(request, StatusCode.SUCCESS, new ClientIdOption(client(1)));
      lab.release(lab.releaseTask(2, NA, PD));
      lab.relayedReply(
          lab.takeOne(),
          StatusCode.SUCCESS,
          na(1, status(StatusCode.SUCCESS)),
          pd(2, status(StatusCode.SUCCESS)));
      assertThat(lab.released)
          .extracting(ExchangeOutcome::kind)
          .containsOnly(ExchangeOutcome.Kind.ACCEPTED);
    }

    @Test
    @DisplayName("7.3: judged per IA: Kea's NoBinding on top does not hide an IA that failed")
    void judgesEachIa() {
      lab.release(lab.releaseTask(1, NA, PD));
      lab.relayedReply(
          lab.takeOne(),
          StatusCode.NO_BINDING,
          na(1, status(StatusCode.NO_BINDING)),
          pd(2, status(StatusCode.UNSPEC_FAIL)));
      assertThat(only(lab).kind()).isEqualTo(ExchangeOutcome.Kind.REFUSED);
      lab.released.clear();
      lab.release(lab.releaseTask(1, NA, PD));
      lab.relayedReply(lab.takeOne(), StatusCode.SUCCESS, na(1, status(StatusCode.NO_BINDING)));
      assertThat(only(lab).kind()).isEqualTo(ExchangeOutcome.Kind.ACCEPTED);
      assertThat(((ExchangeOutcome.Accepted) only(lab)).residual()).isFalse();
    }

    @Test
    @DisplayName("7.3: judged per IA: UnspecFail on top does not hide that both are released")
    void judgesEachIaBeforeTheTop() {
      lab.release(lab.releaseTask(1, NA, PD));
      lab.relayedReply(
          lab.takeOne(),
          StatusCode.UNSPEC_FAIL,
          na(1, status(StatusCode.SUCCESS)),
          pd(2, status(StatusCode.SUCCESS)));
      assertThat(only(lab).kind()).isEqualTo(ExchangeOutcome.Kind.ACCEPTED);
    }

    @Test
    @DisplayName("RL-14 7.3: NoBinding is residual only if no RELEASE was sent twice")
    void isResidualAfterOneTransmissionOnly() {
      LeasedIa two = address(1, "2001:db8:1::1", "2001:db8:1::2");
      lab.release(lab.releaseTask(1, two));
      lab.takeSent().forEach(request -> lab.relayedReply(request, StatusCode.NO_BINDING));
      assertThat(((ExchangeOutcome.Accepted) only(lab)).residual()).isTrue();
      lab.released.clear();
      lab.release(lab.releaseTask(1, two));
      List<RelayLab.Sent> sent = lab.takeSent();
      lab.relayedReply(sent.get(0), StatusCode.NO_BINDING);
      lab.pass(Duration.ofMillis(1020));
      lab.relayedReply(lab.takeOne(), StatusCode.NO_BINDING);
      assertThat(((ExchangeOutcome.Accepted) only(lab)).residual()).isFalse();
    }

    @Test
    @DisplayName("7.3: an IA with several leases takes one RELEASE per lease; all must succeed")
    void sendsOneReleasePerLease() {
      LeasedIa three = address(1, "2001:db8:1::1", "2001:db8:1::2", "2001:db8:1::3");
      lab.release(lab.releaseTask(1, three, PD));
      List<RelayLab.Sent> sent = lab.takeSent();
      assertThat(sent).hasSize(3);
      assertThat(sent.get(0).inner().options().has(OptionCode.IA_PD)).isTrue();
      assertThat(sent.get(1).inner().options().has(OptionCode.IA_PD)).isFalse();
      lab.relayedReply(sent.get(0), StatusCode.SUCCESS);
      lab.relayedReply(sent.get(2), StatusCode.SUCCESS);
      assertThat(lab.released).isEmpty();
      lab.relayedReply(sent.get(1), StatusCode.NO_BINDING);
      assertThat(only(lab).kind()).isEqualTo(ExchangeOutcome.Kind.ACCEPTED);
      assertThat(only(lab).transmissions()).isEqualTo(3);
    }

    @Test
    @DisplayName("RL-24: each lease's own RELEASE frees it, though another's is refused or silent")
    void freesLeaseByLease() {
      LeasedIa three = address(1, "2001:db8:1::1", "2001:db8:1::2", "2001:db8:1::3");
      lab.release(lab.releaseTask(1, three, PD));
      List<RelayLab.Sent> sent = lab.takeSent();
      lab.relayedReply(sent.get(0), StatusCode.SUCCESS);
      lab.relayedReply(sent.get(1), StatusCode.NOT_CONFIGURED);
      lab.pass(Duration.ofSeconds(16));
      assertThat(only(lab).kind()).isEqualTo(ExchangeOutcome.Kind.REFUSED);
      assertThat(only(lab).results().get(0).freed())
          .containsExactly(address(1, "2001:db8:1::1"), PD);
    }

    @Test
    @DisplayName("what was sent for all leases is counted together, silence and all")
    void countsAllTransmissions() {
      LeasedIa two = address(1, "2001:db8:1::1", "2001:db8:1::2");
      lab.release(lab.releaseTask(1, two));
      lab.relayedReply(lab.takeSent().get(0), StatusCode.SUCCESS);
      lab.pass(Duration.ofSeconds(16));
      assertThat(only(lab).kind()).isEqualTo(ExchangeOutcome.Kind.NO_ANSWER);
      assertThat(only(lab).transmissions()).isEqualTo(1 + 4);
    }

    @Test
    @DisplayName("a lease that was asked for in vain says more than one that was not sent")
    void silenceCountsMoreThanOurOwnLimits() {
      RelayLab narrow =
          new RelayLab(server(1).release(ReleaseMode.RELAYED_RELEASE).queueLimit(1).build());
      narrow.release(narrow.releaseTask(1, address(1, "2001:db8:1::1", "2001:db8:1::2")));
      assertThat(narrow.takeSent()).hasSize(1);
      assertThat(narrow.events).containsExactly("not-sent dhcp-1 QUEUE_FULL");
      narrow.pass(Duration.ofSeconds(16));
      assertThat(only(narrow).kind()).isEqualTo(ExchangeOutcome.Kind.NO_ANSWER);
      assertThat(only(narrow).results())
          .extracting(ServerResult::kind)
          .containsExactly(ServerResult.Kind.NO_ANSWER);
    }

    @Test
    @DisplayName("drop before the outcome stops every one of its RELEASEs")
    void cancelsAll() {
      Exchange exchange =
          lab.release(lab.releaseTask(1, address(1, "2001:db8:1::1", "2001:db8:1::2")));
      assertThat(lab.takeSent()).hasSize(2);
      exchange.cancel();
      lab.pass(Duration.ofSeconds(30));
      assertThat(lab.takeSent()).isEmpty();
      assertThat(only(lab).kind()).isEqualTo(ExchangeOutcome.Kind.CANCELLED);
    }

    @Test
    @DisplayName("3.9: outer peer and link are checked; bare or misdirected answers are discarded")
    void checksTheWrapper() {
      lab.release(lab.releaseTask(1, NA));
      RelayLab.Sent request = lab.takeOne();
      ClientServerMessage reply = RelayLab.answer(MessageType.REPLY, request, StatusCode.SUCCESS);
      lab.receive(request, reply);
      for (Ipv6Address wrong : List.of(LINK, PEER)) {
        lab.receive(
            request,
            new RelayMessage(
                MessageType.RELAY_REPL,
                0,
                wrong,
                wrong,
                OptionList.of(new RelayMessageOption(reply))));
      }
      lab.receive(
          request,
          RelayLab.relayReply(
              request,
              RelayLab.answer(
                  MessageType.REPLY, request, StatusCode.SUCCESS, new ClientIdOption(client(2)))));
      assertThat(lab.discarded)
          .extracting(RelayLab.Discarded::reason)
          .containsExactly(
              ReplyDiscard.WRONG_WRAPPER,
              ReplyDiscard.WRONG_WRAPPER,
              ReplyDiscard.WRONG_WRAPPER,
              ReplyDiscard.WRONG_CLIENT_ID);
      assertThat(lab.released).isEmpty();
    }

    @Test
    @DisplayName("3.9: an Interface-Id that comes back must be ours; its absence is forgiven")
    void checksTheInterfaceId() {
      ReleaseTask task = lab.releaseTask(1, NA);
      lab.release(
          new ReleaseTask(
              task.client(),
              task.server(),
              task.serverDuid(),
              task.linkAddress(),
              task.peerAddress(),
              Optional.of(Octets.ofUtf8("1/1/7")),
              task.remoteId(),
              task.subscriberId(),
              task.ias(),
              task.deadlineNanos()));
      RelayLab.Sent request = lab.takeOne();
      RelayMessage reply =
          RelayLab.relayReply(
              request,
              RelayLab.answer(
                  MessageType.REPLY, request, StatusCode.SUCCESS, new ClientIdOption(client(1))));
      lab.receive(
          request, reply.with(reply.options().plus(new InterfaceIdOption(Octets.ofUtf8("1/1/8")))));
      assertThat(lab.discarded)
          .extracting(RelayLab.Discarded::reason)
          .containsExactly(ReplyDiscard.WRONG_WRAPPER);
      assertThat(lab.released).isEmpty();
      lab.receive(request, reply);
      assertThat(only(lab).kind()).isEqualTo(ExchangeOutcome.Kind.ACCEPTED);
    }

    @Test
    @DisplayName("7.3: a REPLY without Server or Client Identifier is discarded, the timer goes on")
    void discardsAnonymousReplies() {
      lab.release(lab.releaseTask(1, NA));
      RelayLab.Sent request = lab.takeOne();
      for (Option only : List.of(new ServerIdOption(SERVER), new ClientIdOption(client(1)))) {
        lab.receive(
            request,
            RelayLab.relayReply(
                request,
                new ClientServerMessage(
                    MessageType.REPLY,
                    request.transactionId(),
                    OptionList.of(only, status(StatusCode.SUCCESS)))));
      }
      assertThat(lab.discarded)
          .extracting(RelayLab.Discarded::reason)
          .containsExactly(ReplyDiscard.WRONG_CLIENT_ID, ReplyDiscard.NO_SERVER_ID);
      assertThat(lab.released).isEmpty();
      lab.pass(Duration.ofMillis(1020));
      lab.relayedReply(lab.takeOne(), StatusCode.SUCCESS);
      assertThat(only(lab).kind()).isEqualTo(ExchangeOutcome.Kind.ACCEPTED);
    }

    @Test
    @DisplayName("7.4: without IAID there is no relayed RELEASE")
    void needsTheIaid() {
      LeasedIa unknown =
          new LeasedIa(
              LeasedIa.Type.IA_NA,
              OptionalLong.empty(),
              List.of(Ipv6Prefix.parse("2001:db8:1::100/128")));
      lab.release(lab.releaseTask(1, unknown));
      assertThat(lab.takeSent()).isEmpty();
      assertThat(((ExchangeOutcome.NotSent) only(lab)).reason()).isEqualTo(NotSentReason.NO_IAID);
      assertThat(lab.events).containsExactly("not-sent dhcp-1 NO_IAID");
    }
  }

  @Nested
  class Auto {
    private final RelayLab lab = new RelayLab(server(1).release(ReleaseMode.AUTO).build());

    @Test
    @DisplayName("7.4: after one unanswered second the relayed RELEASE goes beside the request")
    void triesBothAndRemembersTheRelayedOne() {
      lab.release(lab.releaseTask(1, NA));
      assertThat(lab.takeOne().inner().type()).isEqualTo(TYPES.request());
      lab.pass(Duration.ofMillis(1020));
      List<RelayLab.Sent> sent = lab.takeSent();
      assertThat(sent)
          .extracting(s -> s.inner().type())
          .containsExactlyInAnyOrder(TYPES.request(), MessageType.RELEASE);
      RelayLab.Sent relayed =
          sent.stream()
              .filter(s -> s.inner().type().equals(MessageType.RELEASE))
              .findFirst()
              .orElseThrow();
      lab.relayedReply(relayed, StatusCode.NO_BINDING);
      assertThat(only(lab).kind()).isEqualTo(ExchangeOutcome.Kind.ACCEPTED);
      assertThat(((ExchangeOutcome.Accepted) only(lab)).residual())
          .as("the request may have freed it")
          .isFalse();
      lab.pass(Duration.ofSeconds(20));
      assertThat(lab.takeSent()).as("the request stops").isEmpty();
      lab.release(lab.releaseTask(2, NA));
      assertThat(lab.takeOne().inner().type()).as("remembered").isEqualTo(MessageType.RELEASE);
    }

    @Test
    @DisplayName("7.4: an answered request is remembered: no relayed RELEASE beside it")
    void remembersTheRequest() {
      lab.release(lab.releaseTask(1, NA));
      lab.releaseReply(lab.takeOne(), StatusCode.SUCCESS);
      lab.release(lab.releaseTask(2, NA));
      lab.pass(Duration.ofSeconds(5));
      assertThat(lab.takeSent())
          .extracting(s -> s.inner().type())
          .containsExactly(TYPES.request(), TYPES.request(), TYPES.request());
      lab.pass(Duration.ofSeconds(20));
      assertThat(lab.released.get(1).kind()).isEqualTo(ExchangeOutcome.Kind.NO_ANSWER);
      lab.takeSent();
      lab.release(lab.releaseTask(3, NA));
      lab.pass(Duration.ofMillis(1020));
      assertThat(lab.takeSent()).as("forgotten after a failure").hasSize(3);
    }

    @Test
    @DisplayName("7.4: an answer to the request stops the relayed RELEASE beside it")
    void anAnsweredRequestStopsTheRelayedOne() {
      lab.release(lab.releaseTask(1, NA));
      RelayLab.Sent request = lab.takeOne();
      lab.pass(Duration.ofMillis(1020));
      assertThat(lab.takeSent()).hasSize(2);
      lab.releaseReply(request, StatusCode.SUCCESS);
      assertThat(only(lab).kind()).isEqualTo(ExchangeOutcome.Kind.ACCEPTED);
      lab.pass(Duration.ofSeconds(20));
      assertThat(lab.takeSent()).isEmpty();
      assertThat(lab.agent.inFlight()).isZero();
    }

    @Test
    @DisplayName("7.4: a refused or unsupported request brings the relayed RELEASE at once")
    void goesOnAfterARefusal() {
      lab.release(lab.releaseTask(1, NA));
      lab.releaseReply(lab.takeOne(), StatusCode.NOT_CONFIGURED);
      assertThat(lab.released).isEmpty();
      lab.relayedReply(lab.takeOne(), StatusCode.SUCCESS);
      assertThat(only(lab).kind()).isEqualTo(ExchangeOutcome.Kind.ACCEPTED);
      assertThat(only(lab).results())
          .extracting(ServerResult::kind)
          .containsExactly(ServerResult.Kind.STATUS, ServerResult.Kind.ACCEPTED);
    }

    @Test
    @DisplayName("RL-37: whom the answer lists was asked for, though the other form was faster")
    void knowsWhomTheRequestHadNamed() {
      lab.release(lab.releaseTask(1, NA));
      RelayLab.Sent request = lab.takeOne();
      lab.pass(Duration.ofMillis(1020));
      for (RelayLab.Sent sent : lab.takeSent()) {
        if (sent.inner().type().equals(MessageType.RELEASE)) {
          lab.relayedReply(sent, StatusCode.SUCCESS);
        }
      }
      assertThat(only(lab).kind()).isEqualTo(ExchangeOutcome.Kind.ACCEPTED);
      lab.releaseReply(
          request,
          StatusCode.SUCCESS,
          clientData(1, status(StatusCode.NO_BINDING)),
          clientData(9, status(StatusCode.NO_BINDING)));
      assertThat(lab.events).filteredOn(event -> event.startsWith("unknown")).hasSize(1);
    }

    @Test
    @DisplayName("5.5 7.4: without IAID the request alone would do, while it is not known to fail")
    void knowsThatTheRelayedOneNeedsTheIaid() {
      LeasedIa unknown =
          new LeasedIa(
              LeasedIa.Type.IA_NA,
              OptionalLong.empty(),
              List.of(Ipv6Prefix.parse("2001:db8:1::100/128")));
      assertThat(lab.agent.obstacleTo(lab.releaseTask(1, unknown))).contains(NotSentReason.NO_IAID);
      RelayLab bare =
          new RelayLab(server(1).release(ReleaseMode.AUTO).withoutIaid(WithoutIaid.BARE).build());
      assertThat(bare.agent.obstacleTo(bare.releaseTask(1, unknown))).isEmpty();
      bare.release(bare.releaseTask(2, NA));
      bare.releaseReply(bare.takeOne(), StatusCode.NOT_CONFIGURED);
      bare.relayedReply(bare.takeOne(), StatusCode.SUCCESS);
      assertThat(bare.agent.obstacleTo(bare.releaseTask(1, unknown)))
          .as("the relayed form is remembered")
          .contains(NotSentReason.NO_IAID);
      assertThat(bare.agent.obstacleTo(bare.releaseTask(1, NA))).isEmpty();
    }

    @Test
    @DisplayName(
        "7.4: a RELEASE refused by the server is no reason to forget that it answers those")
    void aRefusalIsNotForgottenFor() {
      lab.release(lab.releaseTask(1, NA));
      lab.pass(Duration.ofMillis(1020));
      for (RelayLab.Sent sent : lab.takeSent()) {
        if (sent.inner().type().equals(MessageType.RELEASE)) {
          lab.relayedReply(sent, StatusCode.SUCCESS);
        }
      }
      assertThat(only(lab).results())
          .extracting(ServerResult::kind)
          .as("the request is told of, too")
          .containsExactly(ServerResult.Kind.PENDING, ServerResult.Kind.ACCEPTED);
      for (int client = 2; client <= 3; client++) {
        lab.release(lab.releaseTask(client, NA));
        RelayLab.Sent relayed = lab.takeOne();
        assertThat(relayed.inner().type()).isEqualTo(MessageType.RELEASE);
        lab.relayedReply(relayed, StatusCode.UNSPEC_FAIL);
      }
    }

    @Test
    @DisplayName("7.4 RQ-23: the request refused and no room for a RELEASE: refused at once")
    void findsNoRoomBesideTheRefusal() {
      RelayLab full =
          new RelayLab(
              server(1)
                  .release(ReleaseMode.AUTO)
                  .rateLimit(RateLimit.perSecond(1))
                  .queueLimit(1)
                  .build());
      full.release(full.releaseTask(1, NA));
      RelayLab.Sent request = full.takeOne();
      full.reconfigure(2); // takes the place in the queue
      full.releaseReply(request, StatusCode.NOT_CONFIGURED);
      assertThat(only(full).kind()).isEqualTo(ExchangeOutcome.Kind.REFUSED);
      assertThat(only(full).results())
          .extracting(ServerResult::kind)
          .containsExactly(ServerResult.Kind.STATUS, ServerResult.Kind.NOT_SENT);
    }

    @Test
    @DisplayName("both refused: refused, with both results")
    void reportsBothRefusals() {
      lab.release(lab.releaseTask(1, NA));
      RelayLab.Sent request = lab.takeOne();
      lab.receive(request, RelayLab.answer(MessageType.REPLY, request, StatusCode.UNSPEC_FAIL));
      lab.relayedReply(lab.takeOne(), StatusCode.UNSPEC_FAIL);
      assertThat(only(lab).kind()).isEqualTo(ExchangeOutcome.Kind.REFUSED);
      assertThat(only(lab).results())
          .extracting(ServerResult::kind)
          .containsExactly(ServerResult.Kind.UNSUPPORTED, ServerResult.Kind.STATUS);
    }
  }
}
