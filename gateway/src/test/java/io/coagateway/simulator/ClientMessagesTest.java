package io.coagateway.simulator;

import static io.coagateway.simulator.Bench.ALICE;
import static io.coagateway.simulator.Bench.ALICE_ADDRESS;
import static io.coagateway.simulator.Bench.ALICE_PREFIX;
import static io.coagateway.simulator.Bench.BOB;
import static io.coagateway.simulator.Bench.RELAY;
import static io.coagateway.simulator.Bench.SERVER;
import static io.coagateway.simulator.Bench.STRANGER;
import static io.coagateway.simulator.Bench.accepting;
import static io.coagateway.simulator.Bench.relayed;
import static io.coagateway.simulator.Bench.status;
import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.dhcpv6.AftrNameOption;
import io.coagateway.dhcpv6.AuthOption;
import io.coagateway.dhcpv6.ClientIdOption;
import io.coagateway.dhcpv6.ClientServerMessage;
import io.coagateway.dhcpv6.DomainName;
import io.coagateway.dhcpv6.ElapsedTimeOption;
import io.coagateway.dhcpv6.EroOption;
import io.coagateway.dhcpv6.ErpLocalDomainNameOption;
import io.coagateway.dhcpv6.IaAddressOption;
import io.coagateway.dhcpv6.IaNaOption;
import io.coagateway.dhcpv6.IaPdOption;
import io.coagateway.dhcpv6.IaPrefixOption;
import io.coagateway.dhcpv6.InterfaceIdOption;
import io.coagateway.dhcpv6.Message;
import io.coagateway.dhcpv6.MessageType;
import io.coagateway.dhcpv6.Option;
import io.coagateway.dhcpv6.OptionCode;
import io.coagateway.dhcpv6.OptionList;
import io.coagateway.dhcpv6.OroOption;
import io.coagateway.dhcpv6.ReconfigureAcceptOption;
import io.coagateway.dhcpv6.RelayMessage;
import io.coagateway.dhcpv6.RelayPortOption;
import io.coagateway.dhcpv6.RsooOption;
import io.coagateway.dhcpv6.ServerIdOption;
import io.coagateway.dhcpv6.StatusCode;
import io.coagateway.dhcpv6.StatusCodeOption;
import io.coagateway.dhcpv6.SubscriberIdOption;
import io.coagateway.simulator.Reception.DropReason;
import io.coagateway.simulator.SimulatorParameters.Policy;
import io.coagateway.simulator.SimulatorParameters.UnknownClients;
import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.Octets;
import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** RELEASE, RENEW, REBIND and INFORMATION-REQUEST through a relay, and leases from a file. */
class ClientMessagesTest {
  private static final Option ORO =
      new OroOption(List.of(OptionCode.AFTR_NAME, OptionCode.ERP_LOCAL_DOMAIN_NAME));

  private final Bench bench = new Bench(accepting());

  private static ClientServerMessage message(MessageType type, Option... options) {
    return new ClientServerMessage(type, 0x0d0e0f, OptionList.of(options));
  }

  private static Option iaNa(long iaid) {
    return new IaNaOption(
        iaid,
        0,
        0,
        OptionList.of(
            new IaAddressOption(ALICE_ADDRESS.prefix().address(), 0, 0, OptionList.EMPTY)));
  }

  private ClientServerMessage inner(Message relayed) {
    return (ClientServerMessage)
        ((RelayMessage) bench.answer(relayed).message()).relayed().orElseThrow();
  }

  private static ClientServerMessage release(long iaid) {
    return message(
        MessageType.RELEASE,
        new ClientIdOption(ALICE),
        new ServerIdOption(SERVER),
        new ElapsedTimeOption(0),
        iaNa(iaid));
  }

  @Test
  void aReleaseInRelayForwFreesTheLease() { // RFC 8415 section 18.3.7
    Message asked =
        relayed(
            release(1),
            new InterfaceIdOption(Octets.ofUtf8("ge-0/0/1.100")),
            new RelayPortOption(0));
    RelayMessage outer = (RelayMessage) bench.answer(asked).message();
    assertThat(outer.options())
        .startsWith(new InterfaceIdOption(Octets.ofUtf8("ge-0/0/1.100")), new RelayPortOption(0));
    assertThat(outer.relayed())
        .contains(
            message(
                MessageType.REPLY,
                new ServerIdOption(SERVER),
                new ClientIdOption(ALICE),
                new StatusCodeOption(StatusCode.SUCCESS)));
    assertThat(bench.leases.leases(ALICE)).containsExactly(ALICE_PREFIX);
  }

  @Test
  void aReleaseOfAnUnknownAssociationComesBackWithNoBinding() { // RFC 8415 section 18.3.7
    ClientServerMessage answer = inner(relayed(release(9)));
    assertThat(status(answer)).isEqualTo(StatusCode.SUCCESS);
    assertThat(answer.options().first(IaNaOption.class))
        .contains(
            new IaNaOption(9, 0, 0, OptionList.of(new StatusCodeOption(StatusCode.NO_BINDING))));
    assertThat(bench.leases.leases(ALICE)).hasSize(2);
  }

  @Test
  void aReleaseOfAnAssociationWithoutLeasesFreesNone() { // RFC 8415 section 18.3.7
    Option none = new IaNaOption(1, 0, 0, OptionList.EMPTY);
    inner(
        relayed(
            message(
                MessageType.RELEASE, new ClientIdOption(ALICE), new ServerIdOption(SERVER), none)));
    assertThat(bench.leases.leases(ALICE)).hasSize(2);
  }

  @Test
  void aBareReleaseIsSentToMulticast() { // RFC 8415 section 18.4
    assertThat(status(bench.bareAnswer(release(1)))).isEqualTo(StatusCode.USE_MULTICAST);
    assertThat(bench.leases.leases(ALICE)).hasSize(2);
  }

  @Test
  void invalidReleasesAreDropped() { // RFC 8415 section 16.9
    ClientServerMessage good = release(1);
    bench.dropped(
        relayed(good.with(good.options().without(OptionCode.CLIENTID))), DropReason.INVALID);
    bench.dropped(
        relayed(good.with(good.options().without(OptionCode.SERVERID))), DropReason.INVALID);
    bench.dropped(
        relayed(
            good.with(good.options().without(OptionCode.SERVERID).plus(new ServerIdOption(RELAY)))),
        DropReason.INVALID);
    new Bench(accepting().releases(Policy.SILENT)).dropped(relayed(good), DropReason.SILENT);
  }

  private static Option erp(String name) {
    return new ErpLocalDomainNameOption(DomainName.ofText(name));
  }

  private static Option rsoo(Option... options) {
    return new RsooOption(OptionList.of(options));
  }

  private static ClientServerMessage renew(Option... more) {
    return message(
            MessageType.RENEW, new ClientIdOption(ALICE), new ServerIdOption(SERVER), iaNa(1))
        .with(
            OptionList.of(new ClientIdOption(ALICE), new ServerIdOption(SERVER), iaNa(1))
                .plus(OptionList.of(more)));
  }

  @Test
  void aRenewBringsWhatTheRelaySupplies() { // RFC 6422 section 6: 65 alone, and what is asked for
    Option aftr = new AftrNameOption(DomainName.ofText("aftr.example.com"));
    ClientServerMessage answer = inner(relayed(renew(ORO), rsoo(erp("one.example"), aftr)));
    assertThat(answer.type()).isEqualTo(MessageType.REPLY);
    assertThat(answer.options()).contains(erp("one.example")).doesNotContain(aftr);
    assertThat(answer.options().first(IaNaOption.class).orElseThrow())
        .isEqualTo(
            new IaNaOption(
                1,
                1800,
                2880,
                OptionList.of(
                    new IaAddressOption(
                        ALICE_ADDRESS.prefix().address(), 3600, 7200, OptionList.EMPTY))));
    assertThat(inner(relayed(renew(), rsoo(erp("one.example")))).options())
        .doesNotContain(erp("one.example"));
  }

  @Test
  void aReplyNamesServerAndClientAndRenewsPrefixesToo() { // RFC 8415 section 18.3.5
    Option asked =
        new IaPdOption(
            2,
            0,
            0,
            OptionList.of(new IaPrefixOption(0, 0, ALICE_PREFIX.prefix(), OptionList.EMPTY)));
    assertThat(
            inner(relayed(message(MessageType.REBIND, new ClientIdOption(ALICE), asked))).options())
        .containsExactly(
            new ServerIdOption(SERVER),
            new ClientIdOption(ALICE),
            new IaPdOption(
                2,
                1800,
                2880,
                OptionList.of(
                    new IaPrefixOption(3600, 7200, ALICE_PREFIX.prefix(), OptionList.EMPTY))));
    assertThat(bench.leases.find(ALICE).orElseThrow().reconfigure())
        .as("as it was")
        .isEqualTo(LeaseTable.Reconfigure.ACCEPTED);
  }

  @Test
  void aBareRenewIsAnsweredAndSaysNothingOfThePlace() {
    assertThat(bench.bareAnswer(renew()).options().has(OptionCode.IA_NA)).isTrue();
    LeaseTable.Client alice = bench.leases.find(ALICE).orElseThrow();
    assertThat(alice.link()).contains(Bench.LINK);
    assertThat(alice.relay()).isEmpty();
  }

  @Test
  void aReconfigureGoesThroughTheRelaysThatTheClientWasHeardThrough() { // RFC 8415 section 19.3
    InterfaceIdOption line = new InterfaceIdOption(Octets.ofUtf8("dslam 3/4"));
    bench.answer(relayed(relayed(renew(), line), new RelayPortOption(0)));
    bench.answer(Bench.reconfigureRequest(ALICE));
    RelayMessage outer = (RelayMessage) bench.server.dueReconfigures(0).get(0).message();
    assertThat(outer.options()).startsWith(new RelayPortOption(0));
    RelayMessage inner = (RelayMessage) outer.relayed().orElseThrow();
    assertThat(inner.options()).startsWith(line);
    assertThat(inner.relayed().orElseThrow().type()).isEqualTo(MessageType.RECONFIGURE);
  }

  @Test
  void theServersListOfRelaySuppliedOptionsIsConfigured() { // RFC 6422 section 6
    Option aftr = new AftrNameOption(DomainName.ofText("aftr.example.com"));
    Bench liberal = new Bench(accepting().relaySuppliedOptions(Set.of(OptionCode.AFTR_NAME)));
    RelayMessage answer =
        (RelayMessage)
            liberal.answer(relayed(renew(ORO), rsoo(erp("one.example"), aftr))).message();
    assertThat(answer.relayed().orElseThrow().options())
        .contains(aftr)
        .doesNotContain(erp("one.example"));
  }

  @Test
  void theServersOwnValueWinsThenTheInnermostRelays() { // RFC 6422 section 6
    Message nested =
        relayed(relayed(renew(ORO), rsoo(erp("near.example"))), rsoo(erp("far.example")));
    RelayMessage outer = (RelayMessage) bench.answer(nested).message();
    RelayMessage next = (RelayMessage) outer.relayed().orElseThrow();
    assertThat(next.relayed().orElseThrow().options())
        .contains(erp("near.example"))
        .doesNotContain(erp("far.example"));
    Bench own = new Bench(accepting().ownOptions(OptionList.of(erp("own.example"))));
    RelayMessage answer =
        (RelayMessage) own.answer(relayed(renew(ORO), rsoo(erp("near.example")))).message();
    assertThat(answer.relayed().orElseThrow().options())
        .contains(erp("own.example"))
        .doesNotContain(erp("near.example"));
    assertThat(own.bareAnswer(renew()).options())
        .as("not asked for")
        .doesNotContain(erp("own.example"));
  }

  @Test
  void aClientThatAcceptsReconfigureGetsAKeyOnce() { // RFC 8415 section 20.4.2
    Message asked =
        relayed(
            message(MessageType.REBIND, new ClientIdOption(BOB), new ReconfigureAcceptOption()));
    OptionList answer = inner(asked).options();
    assertThat(answer.has(OptionCode.RECONF_ACCEPT)).isTrue();
    AuthOption auth = answer.first(AuthOption.class).orElseThrow();
    assertThat(auth.reconfigureKey()).isEqualTo(bench.leases.find(BOB).orElseThrow().key());
    assertThat(inner(asked).options().first(AuthOption.class)).isEmpty();
    assertThat(bench.bareAnswer(Bench.reconfigureRequest(BOB)).options().has(OptionCode.CLIENTID))
        .isFalse();
    Reply reconfigure = bench.server.dueReconfigures(0).get(0);
    RelayMessage around = (RelayMessage) reconfigure.message();
    assertThat(around.peerAddress()).isEqualTo(Bench.ALICE_PEER);
    AuthOption digest =
        around.relayed().orElseThrow().options().first(AuthOption.class).orElseThrow();
    assertThat(Long.compareUnsigned(digest.replayDetection(), auth.replayDetection()))
        .as("RFC 8415 section 20.3: only what is greater is accepted")
        .isPositive();
  }

  @Test
  void unknownBindingsGetNoBindingOrAreBelieved() { // RFC 8415 section 18.3.4
    Message asked = relayed(message(MessageType.REBIND, new ClientIdOption(STRANGER), iaNa(7)));
    IaNaOption ia = inner(asked).options().first(IaNaOption.class).orElseThrow();
    assertThat(ia.options().first(StatusCodeOption.class))
        .contains(new StatusCodeOption(StatusCode.NO_BINDING));
    assertThat(bench.leases.knows(STRANGER)).isFalse();
    Bench credulous = new Bench(accepting().unknownClients(UnknownClients.BELIEVE));
    credulous.answer(asked);
    assertThat(credulous.leases.leases(STRANGER)).hasSize(1);
    assertThat(credulous.leases.find(STRANGER).orElseThrow().reconfigure())
        .isEqualTo(LeaseTable.Reconfigure.REFUSED);
    Option another =
        new IaNaOption(
            7,
            0,
            0,
            OptionList.of(
                new IaAddressOption(Ipv6Address.parse("2001:db8::9"), 0, 0, OptionList.EMPTY)));
    credulous.answer(relayed(message(MessageType.REBIND, new ClientIdOption(STRANGER), another)));
    assertThat(credulous.leases.leases(STRANGER)).as("it has a binding").hasSize(1);
  }

  @Test
  void informationRequestNeedsNoClientAndBringsOptions() { // RFC 8415 section 18.3.6
    ClientServerMessage answer =
        inner(relayed(message(MessageType.INFORMATION_REQUEST, ORO), rsoo(erp("one.example"))));
    assertThat(answer.options()).contains(erp("one.example"));
    bench.dropped(
        relayed(message(MessageType.INFORMATION_REQUEST, ORO, iaNa(1))), DropReason.INVALID);
  }

  @Test
  void invalidRenewsAndRebindsAreDropped() { // RFC 8415 sections 16.6 and 16.7
    bench.dropped(
        relayed(message(MessageType.RENEW, new ClientIdOption(ALICE))), DropReason.INVALID);
    bench.dropped(
        relayed(message(MessageType.RENEW, new ServerIdOption(SERVER))), DropReason.INVALID);
    bench.dropped(
        relayed(message(MessageType.RENEW, new ClientIdOption(ALICE), new ServerIdOption(RELAY))),
        DropReason.INVALID);
    bench.dropped(
        relayed(message(MessageType.REBIND, new ClientIdOption(ALICE), new ServerIdOption(SERVER))),
        DropReason.INVALID);
  }

  @Test
  void whatARelayAsksToHaveEchoedComesBack() { // RFC 4994
    SubscriberIdOption subscriber = new SubscriberIdOption(Octets.ofUtf8("alice"));
    RelayMessage answer =
        (RelayMessage)
            bench
                .answer(
                    relayed(renew(), subscriber, new EroOption(List.of(OptionCode.SUBSCRIBER_ID))))
                .message();
    assertThat(answer.options().first(SubscriberIdOption.class)).contains(subscriber);
  }

  @Test
  void leasesAreReadFromTheSubscriberExport() throws IOException {
    LeaseTable table = new LeaseTable();
    String lines =
        """
        {"id":"a","duid":"0003000102005e005301","linkAddress":"2001:db8:1::1","peerAddress":"fe80::1","interfaceId":{"text":"ge-0/0/1"},"reconfigureAccept":false,"ias":[{"type":"IA_NA","iaid":1,"leases":["2001:db8:1::100"]},{"type":"IA_PD","leases":["2001:db8:100::/56"]}]}

        {"id":"b","duid":"0003000102005e005302","serverDuid":"0003000102005e0000ff"}
        """;
    assertThat(LeaseFile.load(new StringReader(lines), "f", SERVER, table))
        .isEqualTo(new LeaseFile.Loaded(1, 1));
    assertThat(table.leases(ALICE)).contains(ALICE_ADDRESS).hasSize(2);
    LeaseTable.Client alice = table.find(ALICE).orElseThrow();
    assertThat(alice.reconfigure()).isEqualTo(LeaseTable.Reconfigure.REFUSED);
    assertThat(alice.interfaceId()).contains(Octets.ofUtf8("ge-0/0/1"));
    assertThat(table.knows(BOB)).isFalse();
    assertThat(loadError("{}")).isEqualTo("f:1: duid is missing");
    assertThat(loadError("\n[")).startsWith("f:2: not JSON: ");
    assertThat(loadError("{\"duid\":\"00\"}")).startsWith("f:1: \"00\" is not a DUID");
    assertThat(loadError("{\"duid\":\"000300\",\"ias\":[{\"type\":\"X\"}]}"))
        .isEqualTo("f:1: ias: type \"X\" is not IA_NA, IA_TA or IA_PD");
  }

  private static String loadError(String text) throws IOException {
    try {
      LeaseFile.load(new StringReader(text), "f", SERVER, new LeaseTable());
      throw new AssertionError("accepted: " + text);
    } catch (IllegalArgumentException e) {
      return e.getMessage();
    }
  }
}
