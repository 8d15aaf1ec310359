package io.coagateway.leasequery;

import static io.coagateway.fuzz.Property.equal;
import static io.coagateway.fuzz.Property.require;

import io.coagateway.dhcpv6.ClientServerMessage;
import io.coagateway.dhcpv6.Duid;
import io.coagateway.dhcpv6.Message;
import io.coagateway.dhcpv6.MessageType;
import io.coagateway.fuzz.Seeds;
import io.coagateway.fuzz.Steps;
import io.coagateway.leasequery.MissParameters.Unverified;
import io.coagateway.relay.DhcpServer;
import io.coagateway.time.ManualTime;
import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.MalformedException;
import io.coagateway.wire.Octets;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionStage;

/**
 * Any answers over UDP to questions that are really open: every question ends exactly once, asks no
 * more than it may, leaves nothing waiting, and what it found can go into the table.
 *
 * <p>Two servers are asked by address and by client. The first octet of a step says where its
 * datagram goes:
 *
 * <pre>
 *   0x07  which of the queries that have left it answers
 *   0x08  put the transaction id of that query in
 *   0x10  it comes from elsewhere
 *   0x20  time goes past the next retransmission before it
 *   0x40  the octets are options alone: the rest of a good reply to that query goes before them
 *   0x80  both questions are put again after it
 * </pre>
 */
public final class MissFuzz {
  private static final Duid RELAY = Duid.ofHex("0003000102005e0000bb");
  private static final String IDS = "0002000a0003000102005e0000aa" + "0001000a0003000102005e0000bb";
  private static final InetSocketAddress ELSEWHERE = new InetSocketAddress("2001:db8:66::1", 547);
  private static final List<LeaseQuery> QUERIES =
      List.of(
          LeaseQuery.byAddress(Ipv6Address.parse("2001:db8:0:7::1000")),
          LeaseQuery.byClient(Duid.ofHex("0003000102005e100007")));
  private static final int SERVERS = 2;

  /** LQ_MAX_RC to each server, on all links and on each of eight. */
  private static final int MOST_QUERIES = SERVERS * 5 * (1 + 8);

  private final ManualTime time = new ManualTime();
  private final SentQueries port = new SentQueries();
  private final List<Octets> sent = port.queries();
  private final List<LeaseAnswer> ended = new ArrayList<>();
  private final List<CompletionStage<LeaseAnswer>> asked = new ArrayList<>();
  private final LeasequeryClient client;

  private MissFuzz() {
    List<DhcpServer> servers = new ArrayList<>();
    for (int i = 1; i <= SERVERS; i++) {
      InetSocketAddress address = new InetSocketAddress("2001:db8:547::" + i, 547);
      servers.add(DhcpServer.builder("dhcp-" + i, address).build());
    }
    MissParameters parameters =
        new MissParameters(
            true,
            true,
            new InetSocketAddress("::", 546),
            servers,
            RELAY,
            "nas1",
            List.of(),
            List.of(),
            Unverified.REJECT,
            Duration.ofMinutes(5),
            QUERIES.size());
    client =
        new LeasequeryClient(parameters, port, server -> true, time, new Random(1), new Ended());
  }

  /** Where to start: answers of every kind, whole and as options, one after the other too. */
  public static Seeds seeds() {
    String lease = "00050018" + "20010db8000000070000000000001000" + "00000bb800000fa0";
    String prefix = "001a0019" + "00000bb800000fa0" + "3820010db8004200000000000000000000";
    String alice = "0001000a0003000102005e100007";
    String seen = "002e000400000005";
    String relayed =
        "002f0046"
            + "fe80000000000000000000fffe000009" // whom the server heard
            + ("0c00" + "20010db8000000070000000000000001" + "fe80000000000000000000fffe000007")
            + ("0012000401020304" + "0025000800000009") // Interface-Id, Remote-Id
            + "aabbccdd";
    List<String> answers =
        List.of(
            "",
            data(alice + lease + seen),
            data(alice + prefix + lease + seen + relayed),
            data(alice + lease + seen) + data(alice + prefix + seen) + relayed,
            data(alice + lease),
            data(lease + seen),
            "000d0004000a6e6f",
            "000d00020000" + data(alice + lease + seen),
            "00300020" + "20010db8000000070000000000000001" + "20010db8000000080000000000000001",
            "00300010" + "0".repeat(32));
    Seeds seeds = Seeds.of("miss-leasequery");
    for (int i = 0; i < answers.size(); i++) {
      Octets options = Octets.ofHex(answers.get(i));
      Octets links = Octets.ofHex(answers.get(8));
      seeds.add(Seeds.step(0x40 | i % 4, options));
      seeds.add(Seeds.step(0x08 | i % 4, Octets.ofHex("0f000000" + IDS + answers.get(i))));
      seeds.add(
          Octets.wrap(Seeds.step(0x42, links))
              .plus(Octets.wrap(Seeds.step(0x64, options)))
              .plus(Octets.wrap(Seeds.step(0xc5, options)))
              .toArray());
      Octets fromAll = Octets.EMPTY;
      for (int query = 0; query < SERVERS * QUERIES.size(); query++) {
        fromAll = fromAll.plus(Octets.wrap(Seeds.step(0x40 | query, options)));
      }
      seeds.add(fromAll.plus(Octets.wrap(Seeds.step(0x90, Octets.EMPTY))).toArray());
    }
    return seeds.hex("dhcpv6", "message", octets -> Seeds.step(0x88, octets));
  }

  private static String data(String options) {
    return "002d%04x".formatted(options.length() / 2) + options;
  }

  /** One input. */
  public static void fuzzerTestOneInput(byte[] input) {
    new MissFuzz().run(new Steps(input));
  }

  private void run(Steps steps) {
    askBoth();
    equal(sent.size(), SERVERS * QUERIES.size(), "queries at first");
    while (steps.next()) {
      if (steps.has(0x20)) {
        time.pass(Duration.ofMillis(1_300));
      }
      int query = (steps.what() & 7) % sent.size();
      InetSocketAddress source = steps.has(0x10) ? ELSEWHERE : port.servers().get(query);
      client.onDatagram(datagram(steps, sent.get(query)), source);
      if (steps.has(0x80)) {
        askBoth();
      }
    }
    time.pass(Duration.ofMinutes(2));
    judge();
  }

  private void askBoth() {
    for (LeaseQuery query : QUERIES) {
      int before = sent.size();
      boolean wasInVain =
          ended.stream().anyMatch(answer -> answer.kind() != LeaseAnswer.Kind.FOUND);
      CompletionStage<LeaseAnswer> answer =
          client.ask(query, time.nanos() + Duration.ofMinutes(1).toNanos());
      asked.add(answer);
      boolean isDone = answer.toCompletableFuture().isDone();
      require(!isDone || wasInVain, () -> "answered by what was not in vain");
      require(!isDone || sent.size() == before, () -> "asked for what is remembered");
    }
  }

  private static Octets datagram(Steps steps, Octets query) {
    String id = query.slice(1, 4).toHex();
    Octets start = Octets.ofHex("0f" + id + IDS);
    byte[] datagram = (steps.has(0x40) ? start.plus(steps.octets()) : steps.octets()).toArray();
    if (steps.has(0x08) && datagram.length >= 4) {
      query.slice(1, 4).copyTo(datagram, 1);
    }
    return Octets.wrap(datagram);
  }

  private void judge() {
    equal(client.outstanding(), 0, "open questions");
    equal(time.waiting(), 0, "timers");
    for (CompletionStage<LeaseAnswer> one : asked) {
      require(one.toCompletableFuture().isDone(), () -> "a question has no answer");
      judge(one.toCompletableFuture().join());
    }
    require(ended.size() <= asked.size(), () -> ended.size() + " ends of " + asked.size());
    require(sent.size() <= ended.size() * MOST_QUERIES, () -> sent.size() + " queries");
    for (Octets query : sent) {
      try {
        ClientServerMessage message = (ClientServerMessage) Message.parse(query);
        equal(message.type(), MessageType.LEASEQUERY, "type");
      } catch (MalformedException e) {
        throw new AssertionError("sent malformed", e);
      }
    }
  }

  private static void judge(LeaseAnswer answer) {
    equal(!answer.clients().isEmpty(), answer.kind() == LeaseAnswer.Kind.FOUND, "found");
    require(answer.kind() != LeaseAnswer.Kind.NOT_ASKED, () -> "nothing kept us from asking");
    for (LeasedClient one : answer.clients()) {
      require(one.addresses().size() + one.prefixes().size() > 0, () -> one + " has no lease");
    }
    LeasequeryFuzz.mergeAll(answer.clients());
  }

  /** What came of them. */
  private final class Ended implements LeasequeryObserver {
    @Override
    public void ended(LeaseQuery query, LeaseAnswer answer) {
      ended.add(answer);
    }
  }
}
