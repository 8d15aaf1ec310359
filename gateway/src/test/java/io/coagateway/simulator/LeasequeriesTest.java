package io.coagateway.simulator;

import static io.coagateway.simulator.Bench.ALICE;
import static io.coagateway.simulator.Bench.ALICE_PEER;
import static io.coagateway.simulator.Bench.BOB;
import static io.coagateway.simulator.Bench.LINK;
import static io.coagateway.simulator.Bench.RELAY;
import static io.coagateway.simulator.Bench.SERVER;
import static io.coagateway.simulator.Bench.STRANGER;
import static io.coagateway.simulator.Bench.accepting;
import static io.coagateway.simulator.Bench.relayed;
import static io.coagateway.simulator.Bench.status;
import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.dhcpv6.ClientDataOption;
import io.coagateway.dhcpv6.ClientIdOption;
import io.coagateway.dhcpv6.ClientServerMessage;
import io.coagateway.dhcpv6.IaAddressOption;
import io.coagateway.dhcpv6.IaPrefixOption;
import io.coagateway.dhcpv6.LeasequeryOption;
import io.coagateway.dhcpv6.LqRelayDataOption;
import io.coagateway.dhcpv6.MessageType;
import io.coagateway.dhcpv6.Option;
import io.coagateway.dhcpv6.OptionCode;
import io.coagateway.dhcpv6.OptionList;
import io.coagateway.dhcpv6.OroOption;
import io.coagateway.dhcpv6.RelayMessage;
import io.coagateway.dhcpv6.ServerIdOption;
import io.coagateway.dhcpv6.StatusCode;
import io.coagateway.simulator.Reception.DropReason;
import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.Ipv6Prefix;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** LEASEQUERY over UDP: what is told, to whom, and what is refused. */
class LeasequeriesTest {
  private static final Ipv6Address ANY = Ipv6Address.UNSPECIFIED;
  private static final Option REQUESTOR = new ClientIdOption(RELAY);

  private final Bench bench = new Bench(accepting().leasequery(true));

  private static ClientServerMessage message(Option... options) {
    return new ClientServerMessage(MessageType.LEASEQUERY, 0x0e0f10, OptionList.of(options));
  }

  private static Option query(int type, Ipv6Address link, Option... inside) {
    return new LeasequeryOption(type, link, OptionList.of(inside));
  }

  private static Option address(String text) {
    return new IaAddressOption(Ipv6Address.parse(text), 0, 0, OptionList.EMPTY);
  }

  private static Optional<ClientDataOption> told(ClientServerMessage reply) {
    return reply.options().first(ClientDataOption.class);
  }

  @ParameterizedTest
  @DisplayName(
      "RFC 5007, 4.1.2.1 and 4.3: by address, also of a delegated prefix, all of the client's")
  @ValueSource(strings = {"2001:db8:1::100", "2001:db8:100:42::7"})
  void byAddress(String asked) {
    ClientServerMessage reply = bench.bareAnswer(message(REQUESTOR, query(1, ANY, address(asked))));

    assertThat(reply.type()).isEqualTo(MessageType.LEASEQUERY_REPLY);
    assertThat(reply.transactionId()).isEqualTo(0x0e0f10);
    assertThat(reply.options().first(ServerIdOption.class)).contains(new ServerIdOption(SERVER));
    assertThat(reply.options().first(ClientIdOption.class)).contains(new ClientIdOption(RELAY));
    assertThat(reply.options().has(OptionCode.STATUS_CODE)).isFalse();
    OptionList data = told(reply).orElseThrow().options();
    assertThat(data.first(ClientIdOption.class)).contains(new ClientIdOption(ALICE));
    assertThat(data.first(IaAddressOption.class).map(IaAddressOption::address))
        .contains(Ipv6Address.parse("2001:db8:1::100"));
    assertThat(data.first(IaPrefixOption.class).map(IaPrefixOption::prefix))
        .contains(Ipv6Prefix.parse("2001:db8:100::/56"));
    assertThat(data.has(OptionCode.CLT_TIME)).isTrue();
    assertThat(data.has(OptionCode.LQ_RELAY_DATA)).as("nobody asked for it").isFalse();
  }

  @Test
  @DisplayName("RFC 5007, 4.1.2.4: where the relay saw the client, for who asks for it")
  void relayDataWhenAskedFor() {
    Option wanted = new OroOption(List.of(OptionCode.LQ_RELAY_DATA));
    Option byClient = query(2, ANY, new ClientIdOption(ALICE), wanted);

    OptionList data = told(bench.bareAnswer(message(REQUESTOR, byClient))).orElseThrow().options();

    RelayMessage seen = (RelayMessage) data.first(LqRelayDataOption.class).orElseThrow().message();
    assertThat(seen.linkAddress()).isEqualTo(LINK);
    assertThat(seen.peerAddress()).isEqualTo(ALICE_PEER);
  }

  @ParameterizedTest
  @DisplayName("RFC 5007, 4.3: on the link that is asked for, and on all where none is")
  @CsvSource({"::, true", "2001:db8:1::1, true", "2001:db8:2::1, false"})
  void byClientOnALink(String link, boolean found) {
    Option byClient = query(2, Ipv6Address.parse(link), new ClientIdOption(ALICE));
    ClientServerMessage reply = bench.bareAnswer(message(REQUESTOR, byClient));
    assertThat(told(reply).isPresent()).isEqualTo(found);
    assertThat(reply.options().has(OptionCode.STATUS_CODE)).isFalse();
  }

  @Test
  @DisplayName("RFC 5007, 4.3: Success and neither data nor links where nothing is known")
  void nothingIsKnown() {
    for (Option asked :
        List.of(
            query(1, ANY, address("2001:db8:9::9")),
            query(2, ANY, new ClientIdOption(STRANGER)),
            query(2, ANY, new ClientIdOption(BOB)))) {
      ClientServerMessage reply = bench.bareAnswer(message(REQUESTOR, asked));
      assertThat(reply.options().all()).hasSize(2);
    }
  }

  @Test
  @DisplayName(
      "RFC 5007, 4.1.3 and RFC 5460, 5.4: what is wrong with a query is said by its status")
  void refusals() {
    assertThat(status(bench.bareAnswer(message(REQUESTOR, query(1, ANY)))))
        .isEqualTo(StatusCode.MALFORMED_QUERY);
    assertThat(status(bench.bareAnswer(message(REQUESTOR, query(2, ANY, address("::1"))))))
        .isEqualTo(StatusCode.MALFORMED_QUERY);
    for (int overTcpAlone : new int[] {3, 4, 5}) {
      assertThat(status(bench.bareAnswer(message(REQUESTOR, query(overTcpAlone, LINK)))))
          .isEqualTo(StatusCode.NOT_ALLOWED);
    }
    for (int unknown : new int[] {0, 6, 255}) {
      assertThat(status(bench.bareAnswer(message(REQUESTOR, query(unknown, LINK)))))
          .isEqualTo(StatusCode.UNKNOWN_QUERY_TYPE);
    }
    Option byAlice = query(2, LINK, new ClientIdOption(ALICE));
    Bench elsewhere =
        new Bench(accepting().leasequery(true).links(List.of(Ipv6Prefix.parse("2001:db8:7::/64"))));
    assertThat(status(elsewhere.bareAnswer(message(REQUESTOR, byAlice))))
        .isEqualTo(StatusCode.NOT_CONFIGURED);
    Bench closed =
        new Bench(
            accepting().leasequery(true).relays(List.of(Ipv6Prefix.parse("2001:db8:7::/64"))));
    assertThat(status(closed.bareAnswer(message(REQUESTOR, byAlice))))
        .isEqualTo(StatusCode.NOT_ALLOWED);
  }

  @Test
  @DisplayName("RFC 5007, 4.2.1: discarded without CLIENTID or LQ_QUERY, or for another server")
  void discards() {
    Option byAlice = query(2, ANY, new ClientIdOption(ALICE));
    bench.dropped(message(byAlice), DropReason.INVALID);
    bench.dropped(message(REQUESTOR), DropReason.INVALID);
    bench.dropped(message(REQUESTOR, new ServerIdOption(RELAY), byAlice), DropReason.INVALID);
    assertThat(told(bench.bareAnswer(message(REQUESTOR, new ServerIdOption(SERVER), byAlice))))
        .isPresent();
    new Bench(accepting()).dropped(message(REQUESTOR, byAlice), DropReason.NOT_FOR_SERVERS);
  }

  @Test
  @DisplayName("RFC 8415, 19.3: the answer to a relayed query goes back inside RELAY-REPL")
  void throughARelay() {
    Option byAlice = query(2, ANY, new ClientIdOption(ALICE));
    RelayMessage reply =
        (RelayMessage) bench.answer(relayed(message(REQUESTOR, byAlice))).message();
    assertThat(told((ClientServerMessage) reply.relayed().orElseThrow())).isPresent();
  }
}
