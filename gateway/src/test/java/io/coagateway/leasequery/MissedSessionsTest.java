package io.coagateway.leasequery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.coagateway.config.DictionaryFiles;
import io.coagateway.dhcpv6.Duid;
import io.coagateway.leasequery.MissParameters.Unverified;
import io.coagateway.radius.Attribute;
import io.coagateway.radius.AttributeId;
import io.coagateway.radius.Attributes;
import io.coagateway.subscriber.IdentityAssociation;
import io.coagateway.subscriber.SessionAttributes;
import io.coagateway.subscriber.SessionKey;
import io.coagateway.subscriber.SessionQuery;
import io.coagateway.subscriber.SubscriberRecord;
import io.coagateway.subscriber.SubscriberTable;
import io.coagateway.subscriber.SubscriberTables;
import io.coagateway.subscriber.TableObserver;
import io.coagateway.subscriber.TableParameters;
import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.Ipv6Prefix;
import io.coagateway.wire.Octets;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Misses, what the servers say, and what the table makes of it: a real table. */
class MissedSessionsTest {
  private static final Duid SERVER = Duid.ofHex("0003000102005e0000aa");
  private static final Duid ALICE = Duid.ofHex("0003000102005e100007");
  private static final Ipv6Address LINK = Ipv6Address.parse("2001:db8:0:7::1");
  private static final Ipv6Prefix ADDRESS = Ipv6Prefix.parse("2001:db8:0:7::1000/128");
  private static final Ipv6Prefix DELEGATED = Ipv6Prefix.parse("2001:db8:4200::/56");
  private static final AttributeId DUID_ATTRIBUTE = AttributeId.vendor(32473, 1);

  private static final SessionKey PREFIX =
      key(Attributes.FRAMED_IPV6_PREFIX, "004020010db800000007");
  private static final SessionKey IDENTIFIER =
      key(Attributes.FRAMED_INTERFACE_ID, "0000000000001000");
  private static final SessionKey DUID = key(DUID_ATTRIBUTE, "0003000102005e100007");
  private static final SessionKey USER =
      new SessionKey(Attributes.USER_NAME, Octets.ofUtf8("alice@example.net"));

  @TempDir private Path directory;
  private SubscriberTable table;
  private final List<String> asked = new ArrayList<>();
  private LeaseAnswer answer = new LeaseAnswer(LeaseAnswer.Kind.NOTHING_KNOWN, "");

  private static SessionKey key(AttributeId id, String hex) {
    return new SessionKey(id, Octets.ofHex(hex));
  }

  @BeforeEach
  void open() throws Exception {
    table =
        SubscriberTables.open(
            TableParameters.of("jdbc:sqlite:" + directory.resolve("s.db")).withClientKeys(),
            DictionaryFiles.builtIn(),
            TableObserver.NONE,
            Runnable::run,
            System::nanoTime);
    await().atMost(Duration.ofSeconds(20)).until(() -> table.status().indexComplete());
  }

  @AfterEach
  void close() {
    table.close();
  }

  private MissedSessions missed(Unverified unverified, Ipv6Address... links) {
    MissParameters parameters =
        new MissParameters(
            true,
            true,
            new InetSocketAddress("::", 546),
            List.of(),
            SERVER,
            "nas1",
            List.of(links),
            List.of(DUID_ATTRIBUTE),
            unverified,
            Duration.ofSeconds(30),
            10);
    return new MissedSessions(
        parameters,
        table,
        (query, deadline) -> {
          asked.add(query.words());
          return CompletableFuture.completedFuture(answer);
        });
  }

  private Optional<String> find(MissedSessions sessions, SessionKey... keys) {
    return get(sessions.find(new SessionQuery("nas1", List.of(keys)), 0));
  }

  private static <T> T get(CompletionStage<T> stage) {
    await().atMost(Duration.ofSeconds(20)).until(stage.toCompletableFuture()::isDone);
    return stage.toCompletableFuture().join();
  }

  private List<SubscriberRecord> inTable(SessionKey... keys) {
    return get(table.find(new SessionQuery("nas1", List.of(keys)), 10));
  }

  private static LeasedClient leased(Optional<Ipv6Address> link) {
    return new LeasedClient(
        ALICE,
        SERVER,
        link,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of(ADDRESS),
        List.of(DELEGATED));
  }

  private void tell(LeasedClient client) {
    answer = new LeaseAnswer(LeaseAnswer.Kind.FOUND, List.of(client), "");
  }

  private void put(String id, SessionAttributes session) {
    get(
        table.put(
            SubscriberRecord.builder("nas1", id, ALICE, LINK)
                .session(session)
                .ia(
                    new IdentityAssociation(
                        IdentityAssociation.Type.IA_NA, OptionalLong.of(1), List.of(ADDRESS)))
                .build()));
  }

  @Test
  void learnsASessionByItsAddress() {
    tell(leased(Optional.of(LINK)));
    assertThat(find(missed(Unverified.REJECT), PREFIX, IDENTIFIER)).isEmpty();
    assertThat(asked).containsExactly("address 2001:db8:0:7::1000");
    List<SubscriberRecord> found = inTable(PREFIX, IDENTIFIER);
    assertThat(found).hasSize(1);
    assertThat(found.get(0).duid()).isEqualTo(ALICE);
    assertThat(found.get(0).serverDuid()).contains(SERVER);
    assertThat(found.get(0).ias()).allMatch(ia -> ia.iaid().isEmpty());
  }

  @Test
  void learnsASessionByItsClient() {
    tell(leased(Optional.of(LINK)));
    assertThat(find(missed(Unverified.REJECT), PREFIX, DUID)).isEmpty();
    assertThat(asked).containsExactly("client " + ALICE);
    assertThat(inTable(DUID)).hasSize(1);
  }

  @Test
  void whatNobodyCanConfirmIsBelievedOnlyWhenToldSo() {
    tell(leased(Optional.of(LINK)));
    assertThat(find(missed(Unverified.REJECT), USER, DUID).orElseThrow())
        .contains("nobody can confirm attribute 1");
    assertThat(inTable(USER)).isEmpty();
    assertThat(get(table.findClient("nas1", ALICE, 2))).hasSize(1); // its leases are known now

    assertThat(find(missed(Unverified.BELIEVE), USER, DUID)).isEmpty();
    assertThat(inTable(USER, DUID)).hasSize(1);
    assertThat(asked).hasSize(1); // the second time the table knew the client
  }

  @Test
  void aRecordOfAnotherSessionIsNotTaken() {
    put("port-1", SessionAttributes.of(Attributes.USER_NAME, Octets.ofUtf8("bob@example.net")));
    assertThat(find(missed(Unverified.BELIEVE), USER, PREFIX, IDENTIFIER).orElseThrow())
        .contains("another session has its binding");
    assertThat(inTable(USER)).isEmpty();
    assertThat(asked).isEmpty();
  }

  /** What the client of ADDRESS, of DELEGATED and of ALICE's DUID does not have. */
  private static List<List<SessionKey>> contradictions() {
    return List.of(
        List.of(PREFIX, IDENTIFIER, station("02-00-5E-10-00-08")),
        List.of(PREFIX, IDENTIFIER, key(DUID_ATTRIBUTE, "0003000102005e100008")),
        List.of(PREFIX, IDENTIFIER, key(Attributes.DELEGATED_IPV6_PREFIX, "003820010db8420100")),
        List.of(
            PREFIX,
            IDENTIFIER,
            key(Attributes.FRAMED_IPV6_ADDRESS, "20010db8000000070000000000001001")),
        List.of(DUID, PREFIX, key(Attributes.FRAMED_INTERFACE_ID, "0000000000001001")),
        List.of(DUID, key(Attributes.FRAMED_IPV6_PREFIX, "004020010db800000008")));
  }

  private static SessionKey station(String mac) {
    return SessionKey.of(Attributes.CALLING_STATION_ID, Octets.ofUtf8(mac));
  }

  @ParameterizedTest
  @MethodSource("contradictions")
  @DisplayName("RFC 5176 section 3: all must match; the lease is another client's by now")
  void whatTheBindingContradictsIsNeverBelieved(List<SessionKey> named) {
    tell(leased(Optional.of(LINK)));
    List<SessionKey> all = new ArrayList<>(named);
    all.add(USER);
    MissedSessions sessions = missed(Unverified.BELIEVE);
    for (int i = 0; i < 2; i++) { // of a server's word, and of a record
      assertThat(find(sessions, all.toArray(SessionKey[]::new)).orElseThrow())
          .startsWith("client ")
          .contains("another value than attribute");
      assertThat(inTable(USER)).isEmpty();
    }
  }

  @Test
  void whatTheBindingDoesNotTellIsBelieved() {
    LeasedClient told = leased(Optional.of(LINK));
    tell(
        new LeasedClient(
            Duid.ofHex("0002000000090cc084d303000912"), // no link-layer address in it
            SERVER,
            told.link(),
            Optional.empty(),
            Optional.of(Octets.ofUtf8("ge-0/0/1.100")),
            Optional.empty(),
            Optional.empty(),
            List.of(ADDRESS),
            List.of()));
    assertThat(
            find(
                missed(Unverified.BELIEVE),
                USER,
                PREFIX,
                IDENTIFIER,
                station("02-00-5E-10-00-08"),
                key(Attributes.DELEGATED_IPV6_PREFIX, "003820010db8420100"),
                // one line, as its NAS and its relay spell it
                new SessionKey(Attributes.NAS_PORT_ID, Octets.ofUtf8("slot 0 port 1 vlan 100"))))
        .isEmpty();
    assertThat(inTable(USER)).hasSize(1);
  }

  @Test
  void whatTheSessionSaysOfItselfCountsMoreThanTheDuid() {
    SessionKey wan = station("02-00-5E-10-00-08"); // the DUID was made of the LAN interface's
    put("port-1", SessionAttributes.of(wan.attribute(), Octets.ofUtf8("02:00:5e:10:00:08")));
    assertThat(find(missed(Unverified.BELIEVE), USER, PREFIX, IDENTIFIER, wan)).isEmpty();
    assertThat(inTable(USER, wan)).hasSize(1);
  }

  @Test
  void aRecordWithoutThatAttributeIsFoundWithoutAskingAnybody() {
    put("port-1", SessionAttributes.of(Attributes.USER_NAME, Octets.ofUtf8("alice@example.net")));
    assertThat(find(missed(Unverified.REJECT), USER, PREFIX, IDENTIFIER)).isEmpty();
    assertThat(inTable(USER, PREFIX, IDENTIFIER))
        .extracting(SubscriberRecord::id)
        .containsExactly("port-1");
    assertThat(asked).isEmpty();
  }

  @Test
  void asksForAnAddressInWhateverAttributeItStands() {
    String address = "20010db8000000070000000000001000";
    tell(leased(Optional.of(LINK)));
    SessionKey framed = key(Attributes.FRAMED_IPV6_ADDRESS, address);
    SessionKey whole = key(Attributes.FRAMED_IPV6_PREFIX, "0080" + address);
    for (SessionKey one : List.of(framed, whole)) {
      assertThat(find(missed(Unverified.REJECT), one)).isEmpty();
      assertThat(inTable(one)).hasSize(1);
      get(table.remove("nas1", inTable(one).get(0).id()));
    }
    assertThat(asked).hasSize(2).containsOnly("address 2001:db8:0:7::1000");
  }

  @Test
  void aNetworkIsNoAddressNorIsAnotherPrefixWithAnIdentifier() {
    SessionKey shorter = key(Attributes.FRAMED_IPV6_PREFIX, "003820010db800000007");
    assertThat(find(missed(Unverified.BELIEVE), PREFIX).orElseThrow()).contains("names no address");
    assertThat(find(missed(Unverified.BELIEVE), shorter, IDENTIFIER).orElseThrow())
        .contains("names no address");
    assertThat(asked).isEmpty();
  }

  @Test
  void aNameAloneCannotBeAskedFor() {
    assertThat(find(missed(Unverified.BELIEVE), USER).orElseThrow()).contains("names no address");
    assertThat(asked).isEmpty();
  }

  /** ALICE on another link, where she was given something else. */
  private static LeasedClient elsewhere() {
    return new LeasedClient(
        ALICE,
        SERVER,
        Optional.of(Ipv6Address.parse("2001:db8:0:8::1")),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of(Ipv6Prefix.parse("2001:db8:0:8::1000/128")),
        List.of());
  }

  @Test
  void aClientOfTwoLinksIsFoundOnTheOneThatIsMeantInWhateverOrder() {
    answer =
        new LeaseAnswer(
            LeaseAnswer.Kind.FOUND, List.of(leased(Optional.of(LINK)), elsewhere()), "");
    assertThat(find(missed(Unverified.REJECT), DUID, PREFIX)).isEmpty();
    assertThat(inTable(DUID, PREFIX))
        .extracting(SubscriberRecord::linkAddress)
        .containsExactly(LINK);
    assertThat(get(table.findClient("nas1", ALICE, 3))).hasSize(2); // both are known now
  }

  @Test
  void aClientOfTwoLinksIsNotFoundWhenNeitherIsMeant() {
    answer =
        new LeaseAnswer(
            LeaseAnswer.Kind.FOUND, List.of(leased(Optional.of(LINK)), elsewhere()), "");
    SessionKey third = key(Attributes.FRAMED_IPV6_PREFIX, "004020010db800000009");
    assertThat(find(missed(Unverified.REJECT), DUID, third)).isPresent();
    assertThat(inTable(DUID)).isEmpty();
  }

  @Test
  void theServersWordIsPassedOn() {
    answer = new LeaseAnswer(LeaseAnswer.Kind.REFUSED, "isc: NotAllowed");
    assertThat(find(missed(Unverified.REJECT), DUID))
        .contains("leasequery: refused, isc: NotAllowed");
  }

  @Test
  void theLinkIsTheOneThatHoldsTheAddressWhereTheServerDoesNotSay() {
    tell(leased(Optional.empty()));
    assertThat(find(missed(Unverified.REJECT), DUID).orElseThrow()).contains("on which link");
    Ipv6Address other = Ipv6Address.parse("2001:db8:0:8::1");
    assertThat(find(missed(Unverified.REJECT, other, LINK), DUID)).isEmpty();
    assertThat(inTable(DUID).get(0).linkAddress()).isEqualTo(LINK);
  }

  @Test
  void accountingHearsOfTheClientOnTheLinkThatItNames() {
    answer =
        new LeaseAnswer(
            LeaseAnswer.Kind.FOUND, List.of(leased(Optional.of(LINK)), elsewhere()), "");
    List<Attribute> session =
        List.of(
            new Attribute(DUID.attribute(), DUID.value()),
            new Attribute(PREFIX.attribute(), PREFIX.value()));
    SubscriberRecord record = get(missed(Unverified.REJECT).client(session, 0)).orElseThrow();
    assertThat(record.linkAddress()).isEqualTo(LINK);
    assertThat(record.session().isEmpty()).isTrue();
  }

  @Test
  void accountingHearsOfTheClient() {
    tell(leased(Optional.of(LINK)));
    List<Attribute> session =
        List.of(
            new Attribute(Attributes.USER_NAME, USER.value()),
            new Attribute(Attributes.DELEGATED_IPV6_PREFIX, Octets.ofHex("003820010db8420000")));
    SubscriberRecord record = get(missed(Unverified.REJECT).client(session, 0)).orElseThrow();
    assertThat(asked).containsExactly("address 2001:db8:4200::");
    assertThat(record.duid()).isEqualTo(ALICE);
    assertThat(record.session().isEmpty()).isTrue(); // accounting joins it by its own rules
  }
}
