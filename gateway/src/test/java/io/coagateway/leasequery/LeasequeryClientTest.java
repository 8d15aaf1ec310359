package io.coagateway.leasequery;

import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.dhcpv6.Duid;
import io.coagateway.dhcpv6.InterfaceIdOption;
import io.coagateway.dhcpv6.LqRelayDataOption;
import io.coagateway.dhcpv6.MessageType;
import io.coagateway.dhcpv6.OptionList;
import io.coagateway.dhcpv6.RelayMessage;
import io.coagateway.dhcpv6.RelayMessageOption;
import io.coagateway.dhcpv6.RemoteIdOption;
import io.coagateway.dhcpv6.SubscriberIdOption;
import io.coagateway.leasequery.MissParameters.Unverified;
import io.coagateway.relay.DhcpServer;
import io.coagateway.time.ManualTime;
import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.Ipv6Prefix;
import io.coagateway.wire.Octets;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** RFC 5007 from the requestor's side: datagrams out, datagrams in, answers out. */
class LeasequeryClientTest {
  private static final Duid RELAY = Duid.ofHex("0003000102005e0000bb");
  private static final Duid ALICE = Duid.ofHex("0003000102005e100007");
  private static final Ipv6Address ADDRESS = Ipv6Address.parse("2001:db8:0:7::1000");
  private static final LeaseQuery BY_ADDRESS = LeaseQuery.byAddress(ADDRESS);
  private static final InetSocketAddress FIRST = new InetSocketAddress("2001:db8:547::1", 547);
  private static final InetSocketAddress SECOND = new InetSocketAddress("2001:db8:547::2", 547);

  // worked by hand from RFC 5007 section 4.1
  private static final String IDS = "0002000a0003000102005e0000aa" + "0001000a0003000102005e0000bb";
  private static final String IAADDR =
      "00050018" + "20010db8000000070000000000001000" + "00000bb800000fa0";
  private static final String CLT = "002e000400000005";
  private static final String ALICES = "0001000a0003000102005e100007" + IAADDR;
  private static final String DATA = clientData(ALICES + CLT);
  private static final String LINKS =
      "00300020" + "20010db8000000070000000000000001" + "20010db8000000080000000000000001";

  private final ManualTime time = new ManualTime();
  private final SentQueries port = new SentQueries();
  private final List<Octets> sent = port.queries();
  private final List<InetSocketAddress> to = port.servers();
  private final List<String> told = new ArrayList<>();
  private boolean limited;

  private static String clientData(String options) {
    return "002d" + "%04x".formatted(options.length() / 2) + options;
  }

  private LeasequeryClient client(InetSocketAddress... servers) {
    List<DhcpServer> all = new ArrayList<>();
    for (InetSocketAddress server : servers) {
      all.add(DhcpServer.builder("dhcp-" + (all.size() + 1), server).build());
    }
    MissParameters parameters =
        new MissParameters(
            true,
            true,
            new InetSocketAddress("::", 546),
            all,
            RELAY,
            "nas1",
            List.of(),
            List.of(),
            Unverified.REJECT,
            Duration.ofSeconds(30),
            2);
    return new LeasequeryClient(
        parameters, port, server -> !limited, time, new Random(1), new Told());
  }

  private LeaseAnswer answer(CompletionStage<LeaseAnswer> asked) {
    assertThat(asked.toCompletableFuture()).isDone();
    return asked.toCompletableFuture().join();
  }

  private boolean isOpen(CompletionStage<LeaseAnswer> asked) {
    return !asked.toCompletableFuture().isDone();
  }

  private CompletionStage<LeaseAnswer> ask(LeasequeryClient client, LeaseQuery query) {
    return client.ask(query, time.nanos() + Duration.ofSeconds(8).toNanos());
  }

  private String xid(int query) {
    return sent.get(query).toHex().substring(2, 8);
  }

  private void reply(LeasequeryClient client, int query, String options) {
    client.onDatagram(
        Octets.ofHex("0f" + xid(query) + IDS + options),
        new InetSocketAddress(to.get(query).getAddress(), 34567));
  }

  @Test
  @DisplayName("RFC 5007 section 4.1.2.1: QUERY_BY_ADDRESS, with our DUID and an ORO inside")
  void asksByAddress() {
    ask(client(FIRST), BY_ADDRESS);
    assertThat(sent.get(0).toHex().substring(8))
        .isEqualTo(
            "0001000a0003000102005e0000bb"
                + "002c0037"
                + "0100000000000000000000000000000000"
                + "0005001820010db80000000700000000000010000000000000000000"
                + "00060006002f00250026");
    assertThat(sent.get(0).toHex()).startsWith("0e");
    assertThat(to).containsExactly(FIRST);
    assertThat(port.flushed()).isEqualTo(1);
  }

  @Test
  @DisplayName("RFC 5007 section 4.1.2.1: QUERY_BY_CLIENTID, on all links")
  void asksByClient() {
    ask(client(FIRST), LeaseQuery.byClient(ALICE));
    assertThat(sent.get(0).toHex().substring(8))
        .isEqualTo(
            "0001000a0003000102005e0000bb"
                + "002c0029"
                + "0200000000000000000000000000000000"
                + "0001000a0003000102005e100007"
                + "00060006002f00250026");
  }

  @Test
  void theFirstServerThatTellsOfAClientEndsIt() {
    LeasequeryClient client = client(FIRST, SECOND);
    CompletionStage<LeaseAnswer> asked = ask(client, BY_ADDRESS);
    assertThat(to).containsExactly(FIRST, SECOND);

    reply(client, 0, "");
    assertThat(isOpen(asked)).isTrue();
    reply(client, 1, DATA);

    LeaseAnswer answer = answer(asked);
    assertThat(answer.kind()).isEqualTo(LeaseAnswer.Kind.FOUND);
    assertThat(answer.clients()).extracting(LeasedClient::duid).containsExactly(ALICE);
    assertThat(client.outstanding()).isZero();
    assertThat(time.waiting()).isZero();
    assertThat(told).containsExactly("ended found");
  }

  @Test
  @DisplayName("RFC 5007 section 4.1.4: LQ_TIMEOUT 1 s, LQ_MAX_RT 10 s, LQ_MAX_RC 5")
  void sendsAgainUntilNobodyIsThere() {
    LeasequeryClient client = client(FIRST);
    CompletionStage<LeaseAnswer> asked =
        client.ask(BY_ADDRESS, time.nanos() + Duration.ofMinutes(2).toNanos());
    time.pass(Duration.ofMillis(1_200));
    assertThat(sent).hasSize(2);
    time.pass(Duration.ofMillis(2_400));
    assertThat(sent).hasSize(3);
    time.pass(Duration.ofSeconds(60));
    assertThat(sent).hasSize(5).allMatch(sent.get(0)::equals);
    assertThat(answer(asked).kind()).isEqualTo(LeaseAnswer.Kind.NO_ANSWER);
    assertThat(answer(asked).detail()).isEqualTo("dhcp-1: no answer to 5 queries");
  }

  @Test
  void endsWithTheDeadline() {
    LeasequeryClient client = client(FIRST);
    CompletionStage<LeaseAnswer> asked = ask(client, BY_ADDRESS);
    time.pass(Duration.ofSeconds(8));
    assertThat(answer(asked).kind()).isEqualTo(LeaseAnswer.Kind.NO_ANSWER);
    assertThat(time.waiting()).isZero();
    reply(client, 0, DATA);
    assertThat(told).containsExactly("ended no-answer", "discarded unknown-transaction");
  }

  @Test
  @DisplayName("RFC 5007 section 4.1.2.5: a client on several links is asked for on each")
  void asksOnEachLink() {
    LeasequeryClient client = client(FIRST);
    CompletionStage<LeaseAnswer> asked = ask(client, LeaseQuery.byClient(ALICE));
    reply(client, 0, LINKS);
    assertThat(sent).hasSize(3);
    assertThat(sent.get(1).toHex())
        .contains("002c0029" + "02" + "20010db8000000070000000000000001");
    assertThat(sent.get(2).toHex())
        .contains("002c0029" + "02" + "20010db8000000080000000000000001");

    reply(client, 1, DATA);
    assertThat(isOpen(asked)).isTrue();
    reply(client, 2, LINKS); // a server that never comes to the point: nothing more is asked

    assertThat(sent).hasSize(3);
    assertThat(answer(asked).clients())
        .extracting(LeasedClient::link)
        .containsExactly(Optional.of(Ipv6Address.parse("2001:db8:0:7::1")));
  }

  @Test
  @DisplayName("RFC 5007 section 4.2.2: replies that are not valid are discarded")
  void discardsWhatIsNotAnAnswer() {
    LeasequeryClient client = client(FIRST);
    CompletionStage<LeaseAnswer> asked = ask(client, BY_ADDRESS);
    String server = "0002000a0003000102005e0000aa";
    client.onDatagram(Octets.ofHex("0f" + xid(0) + server + DATA), FIRST);
    client.onDatagram(
        Octets.ofHex("0f" + xid(0) + server + "0001000a0003000102005e0000bc" + DATA), FIRST);
    client.onDatagram(Octets.ofHex("0f" + xid(0) + "0001000a0003000102005e0000bb" + DATA), FIRST);
    client.onDatagram(Octets.ofHex("0f" + xid(0) + IDS + DATA), SECOND);
    client.onDatagram(Octets.ofHex("07" + xid(0) + IDS + DATA), FIRST);
    client.onDatagram(Octets.ofHex("0f" + xid(0) + IDS + "002d00ff"), FIRST);
    client.onDatagram(Octets.EMPTY, FIRST);
    assertThat(told)
        .containsExactly(
            "discarded not-for-us",
            "discarded not-for-us",
            "discarded not-for-us",
            "discarded unknown-source",
            "discarded other-message",
            "discarded malformed",
            "discarded malformed");
    assertThat(isOpen(asked)).isTrue();
  }

  @Test
  @DisplayName("RFC 5007 section 4.3.3: data without CLT_TIME is ignored; a refusal has its status")
  void readsNegativeAnswers() {
    LeasequeryClient client = client(FIRST, SECOND);
    CompletionStage<LeaseAnswer> asked = ask(client, BY_ADDRESS);
    reply(client, 0, clientData(ALICES));
    reply(client, 1, "000d0004" + "000a" + "6e6f");
    assertThat(answer(asked))
        .isEqualTo(
            new LeaseAnswer(
                LeaseAnswer.Kind.REFUSED,
                "dhcp-1: CLIENT_DATA without client, lease or CLT_TIME; dhcp-2: NotAllowed no"));
  }

  @Test
  @DisplayName("RFC 5007 section 5: what was asked in vain is not asked again for a while")
  void remembersWhatWasInVain() {
    LeasequeryClient client = client(FIRST);
    CompletionStage<LeaseAnswer> asked = ask(client, BY_ADDRESS);
    reply(client, 0, "");
    assertThat(answer(asked).kind()).isEqualTo(LeaseAnswer.Kind.NOTHING_KNOWN);

    time.pass(Duration.ofSeconds(29));
    assertThat(answer(ask(client, BY_ADDRESS)).kind()).isEqualTo(LeaseAnswer.Kind.NOTHING_KNOWN);
    assertThat(sent).hasSize(1);
    assertThat(told).containsExactly("ended nothing-known", "remembered");

    time.pass(Duration.ofSeconds(1));
    assertThat(isOpen(ask(client, BY_ADDRESS))).isTrue();
    assertThat(sent).hasSize(2);
  }

  @Test
  void asksTheSameOnlyOnceAndSoManyAtOnce() {
    LeasequeryClient client = client(FIRST);
    CompletionStage<LeaseAnswer> one = ask(client, BY_ADDRESS);
    CompletionStage<LeaseAnswer> same = ask(client, BY_ADDRESS);
    ask(client, LeaseQuery.byClient(ALICE));
    CompletionStage<LeaseAnswer> tooMany = ask(client, LeaseQuery.byClient(RELAY));

    assertThat(sent).hasSize(2);
    assertThat(answer(tooMany).kind()).isEqualTo(LeaseAnswer.Kind.NOT_ASKED);
    reply(client, 0, DATA);
    assertThat(answer(one)).isEqualTo(answer(same));
    assertThat(isOpen(ask(client, LeaseQuery.byClient(RELAY)))).isTrue(); // was not remembered
  }

  @Test
  void keepsTheServersRateLimit() {
    LeasequeryClient client = client(FIRST);
    limited = true;
    CompletionStage<LeaseAnswer> asked = ask(client, BY_ADDRESS);
    assertThat(sent).isEmpty();
    limited = false;
    time.pass(Duration.ofMillis(1_200));
    assertThat(sent).hasSize(1);
    assertThat(isOpen(asked)).isTrue();

    limited = true;
    CompletionStage<LeaseAnswer> never = ask(client, LeaseQuery.byClient(ALICE));
    time.pass(Duration.ofSeconds(8));
    assertThat(answer(never).kind()).isEqualTo(LeaseAnswer.Kind.NOT_ASKED);
  }

  @Test
  void whatTheRateLimitKeptBackIsAskedAnew() {
    LeasequeryClient client = client(FIRST);
    limited = true;
    CompletionStage<LeaseAnswer> never = ask(client, BY_ADDRESS);
    time.pass(Duration.ofSeconds(8));
    assertThat(answer(never).kind()).isEqualTo(LeaseAnswer.Kind.NOT_ASKED);
    limited = false;
    assertThat(isOpen(ask(client, BY_ADDRESS))).isTrue();
    assertThat(sent).hasSize(1);
  }

  @Test
  @DisplayName("RFC 6221: a lightweight relay names the line, the next one the link; as learned")
  void readsAllRelaysThatTheServerTellsOf() {
    Ipv6Address peer = Ipv6Address.parse("fe80::7");
    RelayMessage lightweight =
        new RelayMessage(
            MessageType.RELAY_FORW,
            0,
            Ipv6Address.UNSPECIFIED,
            peer,
            OptionList.of(new InterfaceIdOption(Octets.ofUtf8("dslam 3/4"))));
    RelayMessage outer =
        new RelayMessage(
            MessageType.RELAY_FORW,
            1,
            Ipv6Address.parse("2001:db8:0:9::1"),
            Ipv6Address.parse("fe80::3"),
            OptionList.of(
                new InterfaceIdOption(Octets.ofUtf8("ge-0/0/1")),
                new RemoteIdOption(9, Octets.ofUtf8("outer")),
                new SubscriberIdOption(Octets.ofUtf8("alice")),
                new RelayMessageOption(lightweight)));
    String relays = OptionList.of(new LqRelayDataOption(peer, outer)).encode().toHex();
    LeasequeryClient client = client(FIRST);
    CompletionStage<LeaseAnswer> asked = ask(client, BY_ADDRESS);
    reply(client, 0, clientData(ALICES + CLT + relays));
    assertThat(answer(asked).clients())
        .containsExactly(
            new LeasedClient(
                ALICE,
                Duid.ofHex("0003000102005e0000aa"),
                Optional.of(Ipv6Address.parse("2001:db8:0:9::1")),
                Optional.of(peer),
                Optional.of(Octets.ofUtf8("dslam 3/4")),
                Optional.of(new RemoteIdOption(9, Octets.ofUtf8("outer"))),
                Optional.of(Octets.ofUtf8("alice")),
                List.of(new Ipv6Prefix(ADDRESS, 128)),
                List.of()));
  }

  @Test
  void whatNeverLeftIsNoSilenceOfTheServer() {
    LeasequeryClient client = client(FIRST);
    limited = true;
    CompletionStage<LeaseAnswer> never =
        client.ask(BY_ADDRESS, time.nanos() + Duration.ofMinutes(2).toNanos());
    time.pass(Duration.ofSeconds(60));
    assertThat(answer(never))
        .isEqualTo(
            new LeaseAnswer(
                LeaseAnswer.Kind.NOT_ASKED, "dhcp-1: its rate-limit let no query leave"));
  }

  @Test
  void dataWithoutClientOrLeaseTellsNothing() {
    String alice = "0001000a0003000102005e100007";
    for (String without : List.of(IAADDR + CLT, alice + CLT)) {
      LeasequeryClient client = client(FIRST);
      CompletionStage<LeaseAnswer> asked = ask(client, BY_ADDRESS);
      reply(client, sent.size() - 1, clientData(without));
      assertThat(answer(asked))
          .isEqualTo(
              new LeaseAnswer(
                  LeaseAnswer.Kind.NOTHING_KNOWN,
                  "dhcp-1: CLIENT_DATA without client, lease or CLT_TIME"));
    }
  }

  @Test
  @DisplayName("the link that the relay told counts more than the one that was asked for")
  void believesTheRelayOnTheLink() {
    LeasequeryClient client = client(FIRST);
    CompletionStage<LeaseAnswer> asked = ask(client, LeaseQuery.byClient(ALICE));
    reply(client, 0, LINKS);
    String relay = "0c00" + "20010db8000000090000000000000001" + "fe800000000000000000000000000007";
    String relayData = "002f0032" + "fe800000000000000000000000000007" + relay;
    reply(client, 1, clientData(ALICES + CLT + relayData));
    reply(client, 2, DATA);
    assertThat(answer(asked).clients())
        .extracting(LeasedClient::link)
        .containsExactly(
            Optional.of(Ipv6Address.parse("2001:db8:0:9::1")),
            Optional.of(Ipv6Address.parse("2001:db8:0:8::1")));
  }

  @Test
  void aServerThatIsNotNeededAnyLongerIsLeftAlone() {
    LeasequeryClient client = client(FIRST, SECOND);
    ask(client, BY_ADDRESS);
    assertThat(client.outstanding()).isEqualTo(1);
    reply(client, 1, DATA);
    assertThat(client.outstanding()).isZero();
    assertThat(time.waiting()).isZero();
    time.pass(Duration.ofSeconds(30));
    assertThat(sent).hasSize(2);
    reply(client, 0, DATA);
    assertThat(told).containsExactly("ended found", "discarded unknown-transaction");
  }

  @Test
  void allLinksOfAServerThatToldOfOneAreWaitedForAndNoOtherServer() {
    LeasequeryClient client = client(FIRST, SECOND);
    CompletionStage<LeaseAnswer> asked = ask(client, LeaseQuery.byClient(ALICE));
    reply(client, 0, LINKS);
    assertThat(to).containsExactly(FIRST, SECOND, FIRST, FIRST);
    reply(client, 2, DATA);
    assertThat(isOpen(asked)).isTrue();
    reply(client, 3, DATA);
    assertThat(answer(asked).clients()).hasSize(2);
    assertThat(time.waiting()).isZero();
  }

  @Test
  void theDeadlineEndsWithWhatWasTold() {
    LeasequeryClient client = client(FIRST);
    CompletionStage<LeaseAnswer> asked = ask(client, LeaseQuery.byClient(ALICE));
    reply(client, 0, LINKS);
    reply(client, 1, DATA);
    time.pass(Duration.ofSeconds(8));
    assertThat(answer(asked).kind()).isEqualTo(LeaseAnswer.Kind.FOUND);
    assertThat(answer(asked).clients()).hasSize(1);
    assertThat(time.waiting()).isZero();
    assertThat(told).containsExactly("ended found");
  }

  @Test
  @DisplayName("a client on more links than anybody has is asked for on eight, on each once")
  void asksOnSoManyLinksAndNoMore() {
    LeasequeryClient client = client(FIRST);
    ask(client, LeaseQuery.byClient(ALICE));
    StringBuilder links = new StringBuilder("0".repeat(32)); // :: is none
    for (int link = 1; link <= 9; link++) {
      links.append(("20010db80000%04x" + "0".repeat(15) + "1").formatted(link).repeat(2));
    }
    reply(client, 0, "0030" + "%04x".formatted(links.length() / 2) + links);
    assertThat(sent).hasSize(1 + 8).doesNotHaveDuplicates();
  }

  @Test
  void withNobodyToAskNothingIsKnown() {
    CompletionStage<LeaseAnswer> asked = ask(client(), BY_ADDRESS);
    assertThat(answer(asked)).isEqualTo(new LeaseAnswer(LeaseAnswer.Kind.NOTHING_KNOWN, ""));
    LeasequeryClient client = client(FIRST);
    CompletionStage<LeaseAnswer> nowhere = ask(client, LeaseQuery.byClient(ALICE));
    reply(client, 0, "00300010" + "0".repeat(32)); // on no link
    assertThat(answer(nowhere)).isEqualTo(new LeaseAnswer(LeaseAnswer.Kind.NOTHING_KNOWN, ""));
  }

  @Test
  void namesThoseServersAloneThatSaidWhy() {
    LeasequeryClient client = client(FIRST, SECOND);
    CompletionStage<LeaseAnswer> asked = ask(client, BY_ADDRESS);
    reply(client, 0, "");
    reply(client, 1, "000d0004" + "000a" + "6e6f");
    assertThat(answer(asked))
        .isEqualTo(new LeaseAnswer(LeaseAnswer.Kind.REFUSED, "dhcp-2: NotAllowed no"));
  }

  @Test
  @DisplayName("RFC 5007 section 5: of what was in vain the oldest is forgotten beyond 10,000")
  void remembersSoMuchAndNoMore() {
    LeasequeryClient client = client(FIRST);
    for (int i = 0; i <= 10_000; i++) {
      ask(client, LeaseQuery.byAddress(Ipv6Address.parse("2001:db8::%x".formatted(i + 1))));
      reply(client, i, "");
    }
    int before = sent.size();
    ask(client, LeaseQuery.byAddress(Ipv6Address.parse("2001:db8::2")));
    assertThat(sent).as("remembered").hasSize(before);
    ask(client, LeaseQuery.byAddress(Ipv6Address.parse("2001:db8::1")));
    assertThat(sent).as("forgotten").hasSize(before + 1);
  }

  @Test
  void tellsWhatIsNotAskedAndWhatIsNoAnswer() {
    LeasequeryClient client = client(FIRST);
    ask(client, BY_ADDRESS);
    ask(client, LeaseQuery.byClient(ALICE));
    ask(client, LeaseQuery.byClient(RELAY));
    client.onForwardable(Octets.ofHex("0f" + xid(0) + IDS + DATA), FIRST, port);
    assertThat(told).containsExactly("ended not-asked", "discarded other-message");
    assertThat(client.outstanding()).isEqualTo(2);
  }

  /** What the operator hears. */
  private final class Told implements LeasequeryObserver {
    @Override
    public void discarded(Discard reason, String detail) {
      told.add("discarded " + reason.label());
    }

    @Override
    public void ended(LeaseQuery query, LeaseAnswer answer) {
      told.add("ended " + answer.kind().label());
    }

    @Override
    public void remembered(LeaseQuery query) {
      told.add("remembered");
    }
  }
}
