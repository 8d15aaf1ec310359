package io.coagateway.leasequery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coagateway.dhcpv6.Duid;
import io.coagateway.dhcpv6.StatusCode;
import io.coagateway.machine.TestMachine;
import io.coagateway.subscriber.IdentityAssociation;
import io.coagateway.subscriber.RecordEdit;
import io.coagateway.subscriber.SubscriberRecord;
import io.coagateway.subscriber.TableUnavailableException;
import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.Ipv6Prefix;
import io.coagateway.wire.Octets;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 5460 from the requestor's side: octets of the stream in, records out. */
class BulkLeasequeryTest {
  private static final Duid RELAY = Duid.ofHex("000300010200 5e0000bb".replace(" ", ""));
  private static final Duid SERVER = Duid.ofHex("0003000102005e0000aa");
  private static final Duid ALICE = Duid.ofHex("0003000102005e100007");
  private static final Ipv6Address LINK = Ipv6Address.parse("2001:db8:0:7::1");
  private static final Ipv6Prefix ADDRESS = Ipv6Prefix.parse("2001:db8:0:7::1000/128");
  private static final Ipv6Prefix PREFIX = Ipv6Prefix.parse("2001:db8:4200::/56");

  // worked by hand from RFC 5007 section 4.1 and RFC 5460 section 5
  private static final String IDS = "0002000a0003000102005e0000aa" + "0001000a0003000102005e0000bb";
  private static final String CLIENT = "0001000a0003000102005e100007";
  private static final String IAADDR =
      "00050018" + "20010db8000000070000000000001000" + "00000bb800000fa0";
  private static final String IAPREFIX =
      "001a0019" + "00000bb800000fa0" + "38" + "20010db8420000000000000000000000";
  private static final String CLT = "002e000400000005";
  private static final String RELAY_DATA =
      "002f003a"
          + "fe80000000000000000000fffe100007"
          + ("0c00" + "20010db8000000070000000000000001" + "fe80000000000000000000fffe100007")
          + ("00120004" + "61636330");
  static final String FIRST = clientData(CLIENT + IAADDR + CLT + RELAY_DATA);
  static final String SECOND = clientData(CLIENT + IAPREFIX + CLT + RELAY_DATA);
  private static final String XID = "000001";

  private final List<LeasedClient> told = new ArrayList<>();

  /** A LEASEQUERY-REPLY to {@link #RELAY}, in hex. */
  static String reply(String options) {
    return "0f" + XID + IDS + options;
  }

  static String data(String options) {
    return "11" + XID + options;
  }

  static String done(String options) {
    return "10" + XID + options;
  }

  private static String clientData(String options) {
    return "002d" + "%04x".formatted(options.length() / 2) + options;
  }

  private BulkExchange exchange(String... messages) throws TableUnavailableException {
    BulkExchange exchange = new BulkExchange(1, RELAY, told::add);
    for (String message : messages) {
      exchange.onMessage(Octets.ofHex(message));
    }
    return exchange;
  }

  private QueryOutcome outcomeOf(String... messages) throws TableUnavailableException {
    return exchange(messages).outcome().orElseThrow();
  }

  @Test
  @DisplayName("protocol.md 6.2: the vector of QUERY_BY_RELAY_ID, with Remote- and Subscriber-Id")
  void asksByRelayIdAsTheVectorDoes() {
    Octets query = LeaseQuery.byRelayId(RELAY).message(1, RELAY).encode();
    assertThat(MessageStream.frame(query).toHex())
        .isEqualTo(
            "003f"
                + "0e000001"
                + "0001000a0003000102005e0000bb"
                + "002c0029"
                + "0300000000000000000000000000000000"
                + "0035000a0003000102005e0000bb"
                + "00060006002f00250026");
  }

  @Test
  @DisplayName("RFC 5460 section 6.3: REPLY, DATA, DONE")
  void readsAWholeAnswer() throws TableUnavailableException {
    QueryOutcome outcome = outcomeOf(reply(FIRST), data(SECOND), done(""));

    assertThat(outcome.kind()).isEqualTo(QueryOutcome.Kind.COMPLETE);
    assertThat(outcome.clients()).isEqualTo(2);
    assertThat(told)
        .containsExactly(
            new LeasedClient(
                ALICE,
                SERVER,
                Optional.of(LINK),
                Optional.of(Ipv6Address.parse("fe80::ff:fe10:7")),
                Optional.of(Octets.ofUtf8("acc0")),
                Optional.empty(),
                Optional.empty(),
                List.of(ADDRESS),
                List.of()),
            new LeasedClient(
                ALICE,
                SERVER,
                Optional.of(LINK),
                Optional.of(Ipv6Address.parse("fe80::ff:fe10:7")),
                Optional.of(Octets.ofUtf8("acc0")),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                List.of(PREFIX)));
  }

  @Test
  void aReplyWithoutDataIsTheWholeAnswer() throws TableUnavailableException {
    assertThat(outcomeOf(reply("")).kind()).isEqualTo(QueryOutcome.Kind.NOTHING_KNOWN);
    QueryOutcome refused = outcomeOf(reply("000d0004" + "000a" + "6e6f"));
    assertThat(refused.kind()).isEqualTo(QueryOutcome.Kind.REFUSED);
    assertThat(refused.status()).contains(StatusCode.NOT_ALLOWED);
  }

  @Test
  @DisplayName("RFC 5460 section 5.3: DONE with an error status: the result is incomplete")
  void anErrorAtTheEndMakesItIncomplete() throws TableUnavailableException {
    QueryOutcome outcome = outcomeOf(reply(FIRST), done("000d0002" + "000b"));
    assertThat(outcome.kind()).isEqualTo(QueryOutcome.Kind.ABORTED);
    assertThat(outcome.status()).contains(StatusCode.QUERY_TERMINATED);
    assertThat(told).hasSize(1);
  }

  @Test
  @DisplayName("RFC 5460 section 6.3: DATA without CLIENT_DATA is discarded")
  void discardsDataWithoutAClient() throws TableUnavailableException {
    BulkExchange exchange = exchange(reply(FIRST), data(""), data(clientData(IAADDR)), done(""));
    assertThat(exchange.discarded()).isEqualTo(2);
    assertThat(exchange.outcome().orElseThrow().kind()).isEqualTo(QueryOutcome.Kind.COMPLETE);
  }

  @ParameterizedTest
  @CsvSource({
    "DONE of another query, 0f000001, 10000002",
    "DATA before the REPLY, 11000001, ",
    "a REPLY twice, 0f000001, 0f000001",
    "a REPLY without Server Identifier, 0f000001000100, ",
    "no message, 0f, ",
    "a relay message, 0c00000000000000000000000000000000000000000000000000000000000000000000, ",
  })
  void namesWhatIsNotBulkLeasequeryAndStopsReading(String what, String first, String second)
      throws TableUnavailableException {
    String reply = first.equals("0f000001") ? first + IDS + FIRST : first;
    BulkExchange exchange = exchange(reply);
    if (second != null) {
      exchange.onMessage(Octets.ofHex(second.equals("0f000001") ? second + IDS + FIRST : second));
    }
    QueryOutcome outcome = exchange.outcome().orElseThrow();
    assertThat(outcome.kind()).as(what).isEqualTo(QueryOutcome.Kind.MALFORMED);
    assertThat(outcome.detail()).isNotEmpty();
  }

  @Test
  @DisplayName("RFC 5007 section 4.2.2: a REPLY names its server and us; and what else is in words")
  void saysWhatIsWrong() throws TableUnavailableException {
    String server = "0002000a0003000102005e0000aa";
    String us = "0001000a0003000102005e0000bb";
    String other = "0001000a0003000102005e0000bc";
    for (String ids : List.of(us, server, server + other)) {
      assertThat(outcomeOf("0f" + XID + ids + FIRST))
          .as(ids)
          .isEqualTo(
              new QueryOutcome(
                  QueryOutcome.Kind.MALFORMED,
                  Optional.empty(),
                  "a REPLY without Server Identifier, or for another requestor",
                  0));
    }
    assertThat(told).isEmpty();
    assertThat(outcomeOf("0c00" + "00".repeat(32)).detail()).isEqualTo("a relay message");
    assertThat(outcomeOf(data(FIRST)).detail()).isEqualTo("LEASEQUERY-DATA before the REPLY");
    assertThat(outcomeOf(reply(FIRST), reply(FIRST)).detail())
        .isEqualTo("LEASEQUERY-REPLY after the REPLY");
  }

  @Test
  void theFirstEndOfAQueryStands() throws TableUnavailableException {
    BulkExchange exchange = exchange(reply(FIRST), done(""));
    exchange.onEnd("the connection ended");
    assertThat(exchange.outcome().orElseThrow().kind()).isEqualTo(QueryOutcome.Kind.COMPLETE);
  }

  @Test
  void cutsTheStreamAtItsSizesHoweverItArrives() {
    byte[] octets =
        MessageStream.frame(Octets.ofHex("0f000001"))
            .plus(MessageStream.frame(Octets.EMPTY))
            .plus(MessageStream.frame(Octets.wrap(new byte[65_535])))
            .toArray();
    Random random = new Random(7);
    for (int round = 0; round < 50; round++) {
      MessageStream stream = new MessageStream();
      List<Integer> sizes = new ArrayList<>();
      for (int at = 0; at < octets.length; ) {
        int part =
            Math.min(1 + random.nextInt(9000), Math.min(stream.wanted(), octets.length - at));
        System.arraycopy(octets, at, stream.buffer(), stream.filled(), part);
        stream.took(part).ifPresent(message -> sizes.add(message.length()));
        at += part;
      }
      assertThat(sizes).containsExactly(4, 0, 65_535);
      assertThat(stream.isInTheMiddle()).isFalse();
    }
  }

  /** Records by id, as a table would keep them. */
  private static final class Kept implements Recovery.Records {
    private final Map<String, SubscriberRecord> records = new LinkedHashMap<>();

    @Override
    public RecordEdit.Changes edit(String nas, Duid duid, RecordEdit edit) {
      RecordEdit.Changes changes = edit.apply(List.copyOf(records.values()));
      assertThat(changes.removed()).as("nothing is ever deleted").isEmpty();
      List<SubscriberRecord> put =
          changes.put().stream().filter(r -> !r.equals(records.get(r.id()))).toList();
      put.forEach(record -> records.put(record.id(), record));
      return new RecordEdit.Changes(put, List.of());
    }
  }

  /** A server that answers each connection with octets of its own, and then closes it. */
  private static ServerSocket scripted(String... answers) throws IOException {
    ServerSocket listening = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    Thread serving =
        new Thread(
            () -> {
              for (String answer : answers) {
                try (Socket socket = listening.accept()) {
                  DataInputStream in = new DataInputStream(socket.getInputStream());
                  byte[] query = new byte[in.readUnsignedShort()];
                  in.readFully(query);
                  String xid = Octets.wrap(query).toHex().substring(2, 8);
                  OutputStream out = socket.getOutputStream();
                  for (String message : answer.split(",", -1)) {
                    boolean cut = message.endsWith("CUT");
                    byte[] framed =
                        MessageStream.frame(
                                Octets.ofHex(message.replace("CUT", "").replace("XID", xid)))
                            .toArray();
                    out.write(framed, 0, cut ? framed.length - 9 : framed.length);
                  }
                  out.flush();
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              }
            });
    serving.setDaemon(true);
    serving.start();
    return listening;
  }

  private final List<String> asked = new ArrayList<>();

  private Recovery.Report recover(Kept kept, List<Ipv6Address> links, ServerSocket... servers)
      throws TableUnavailableException {
    RecoveryParameters parameters =
        new RecoveryParameters(
            Arrays.stream(servers)
                .map(
                    s ->
                        new RecoveryParameters.Server(
                            "s", (InetSocketAddress) s.getLocalSocketAddress()))
                .toList(),
            RELAY,
            "nas1",
            links,
            List.of(),
            Duration.ofSeconds(20));
    Recovery.Listener listener =
        (server, query, outcome) -> asked.add(query.type() + " " + outcome.kind());
    return new Recovery(parameters, kept, listener, new Random(1)).run();
  }

  private static final String WHOLE =
      "0fXID" + IDS + FIRST + ",11XID" + SECOND + ",11XID" + FIRST + ",10XID";

  @Test
  @DisplayName("merges the leases of a client into one record, marked by having no IAID")
  void rebuildsARecordFromNothing() throws Exception {
    Kept kept = new Kept();
    try (ServerSocket server = scripted(WHOLE)) {
      Recovery.Report report = recover(kept, List.of(), server);
      assertThat(report).isEqualTo(new Recovery.Report(3, 2, 0));
    }
    SubscriberRecord record = kept.records.values().iterator().next();
    assertThat(kept.records).hasSize(1);
    assertThat(record.id()).isEqualTo(ALICE + "@2001:db8:0:7::1/acc0");
    assertThat(record.nas()).isEqualTo("nas1");
    assertThat(record.serverDuid()).contains(SERVER);
    assertThat(record.interfaceId()).contains(Octets.ofUtf8("acc0"));
    assertThat(record.ias())
        .containsExactly(
            new IdentityAssociation(
                IdentityAssociation.Type.IA_NA, OptionalLong.empty(), List.of(ADDRESS)),
            new IdentityAssociation(
                IdentityAssociation.Type.IA_PD, OptionalLong.empty(), List.of(PREFIX)));
  }

  @Test
  void leavesWhatTheTableKnowsBetter() throws Exception {
    Kept kept = new Kept();
    SubscriberRecord before =
        SubscriberRecord.builder("nas1", "port-7", ALICE, LINK)
            .serverDuid(Duid.ofHex("0003000102005e0000ff"))
            .ia(
                new IdentityAssociation(
                    IdentityAssociation.Type.IA_NA, OptionalLong.of(1), List.of(ADDRESS)))
            .build();
    kept.records.put("port-7", before);
    try (ServerSocket server = scripted(WHOLE)) {
      recover(kept, List.of(), server);
    }
    SubscriberRecord after = kept.records.get("port-7");
    assertThat(kept.records).hasSize(1);
    assertThat(after.serverDuid()).isEqualTo(before.serverDuid());
    assertThat(after.ias().get(0)).isEqualTo(before.ias().get(0));
    assertThat(after.ias().get(1).iaid()).isEmpty();
  }

  @Test
  @DisplayName("protocol.md 6.3: by relay-id, then by link-address")
  void asksByLinkWhereARelayIdSaysNothing() throws Exception {
    Kept kept = new Kept();
    String withoutRelay = clientData(CLIENT + IAADDR + CLT);
    try (ServerSocket server =
        scripted(
            "0fXID" + IDS + "000d00020007",
            "0fXID" + IDS + withoutRelay + ",10XID",
            "0fXID" + IDS)) {
      Recovery.Report report =
          recover(kept, List.of(LINK, Ipv6Address.parse("2001:db8:0:8::1")), server);
      assertThat(report.incomplete()).isZero();
    }
    assertThat(asked).containsExactly("3 REFUSED", "4 COMPLETE", "4 NOTHING_KNOWN");
    assertThat(kept.records.keySet()).containsExactly(ALICE + "@2001:db8:0:7::1");
  }

  @ParameterizedTest
  @CsvSource({"0fXID, ABORTED", "0fXID CUT, ABORTED"})
  @DisplayName("an answer that breaks off keeps what came and deletes nothing")
  void keepsWhatCameBeforeTheConnectionEnded(String second, String kind) throws Exception {
    Kept kept = new Kept();
    String data = second.endsWith("CUT") ? ",11XID" + SECOND + "CUT" : "";
    try (ServerSocket server = scripted("0fXID" + IDS + FIRST + data)) {
      Recovery.Report report = recover(kept, List.of(), server);
      assertThat(report).isEqualTo(new Recovery.Report(1, 1, 1));
    }
    assertThat(asked).containsExactly("3 " + kind);
    assertThat(kept.records).hasSize(1);
  }

  @Test
  void goesOnWithTheNextServerWhenOneIsNotThere() throws Exception {
    Kept kept = new Kept();
    InetSocketAddress nobody =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), TestMachine.freePort());
    try (ServerSocket server = scripted(WHOLE)) {
      RecoveryParameters.Server dead = new RecoveryParameters.Server("dead", nobody);
      RecoveryParameters.Server alive =
          new RecoveryParameters.Server(
              "alive", (InetSocketAddress) server.getLocalSocketAddress());
      Recovery.Report report =
          new Recovery(
                  new RecoveryParameters(
                      List.of(dead, alive),
                      RELAY,
                      "nas1",
                      List.of(),
                      List.of(),
                      Duration.ofSeconds(20)),
                  kept,
                  (s, query, outcome) -> asked.add(s.name() + " " + outcome.kind()),
                  new Random(1))
              .run();
      assertThat(report.incomplete()).isEqualTo(1);
    }
    assertThat(asked).containsExactly("dead ABORTED", "alive COMPLETE");
    assertThat(kept.records).hasSize(1);
  }

  @Test
  void stopsWhenTheTableCannotBeWritten() throws Exception {
    try (ServerSocket server = scripted(WHOLE)) {
      RecoveryParameters parameters =
          new RecoveryParameters(
              List.of(
                  new RecoveryParameters.Server(
                      "s", (InetSocketAddress) server.getLocalSocketAddress())),
              RELAY,
              "",
              List.of(),
              List.of(),
              Duration.ofSeconds(20));
      Recovery recovery =
          new Recovery(
              parameters,
              (nas, duid, edit) -> {
                throw new TableUnavailableException(
                    TableUnavailableException.Reason.FULL, "the disk is full");
              },
              (s, query, outcome) -> {},
              new Random(1));
      assertThatThrownBy(recovery::run).isInstanceOf(TableUnavailableException.class);
    }
  }
}
