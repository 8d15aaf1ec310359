package io.coagateway.accounting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.coagateway.config.DictionaryFiles;
import io.coagateway.das.AddressRange;
import io.coagateway.das.DasClient;
import io.coagateway.das.Requirement;
import io.coagateway.das.SignAnswers;
import io.coagateway.dhcpv6.Duid;
import io.coagateway.dhcpv6.OptionCode;
import io.coagateway.dhcpv6.OptionList;
import io.coagateway.dhcpv6.RawOption;
import io.coagateway.radius.Attribute;
import io.coagateway.radius.AttributeDictionary;
import io.coagateway.radius.AttributeId;
import io.coagateway.radius.AttributeList;
import io.coagateway.radius.Attributes;
import io.coagateway.radius.Authenticators;
import io.coagateway.radius.DynamicAuthorizationRequest;
import io.coagateway.radius.RadiusPacket;
import io.coagateway.radius.Secret;
import io.coagateway.radsec.TlsPeer;
import io.coagateway.subscriber.IdentityAssociation;
import io.coagateway.subscriber.JoinRule;
import io.coagateway.subscriber.RecordEdit;
import io.coagateway.subscriber.SubscriberRecord;
import io.coagateway.subscriber.SubscriberTable;
import io.coagateway.subscriber.SubscriberTables;
import io.coagateway.subscriber.TableObserver;
import io.coagateway.subscriber.TableParameters;
import io.coagateway.subscriber.TableStatus;
import io.coagateway.subscriber.UnaskedTable;
import io.coagateway.time.ManualTime;
import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.Ipv6Prefix;
import io.coagateway.wire.Label;
import io.coagateway.wire.OctetWriter;
import io.coagateway.wire.Octets;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Packets in, answers and records out, on a real table. */
class AccountingTest {
  private static final AttributeDictionary DICTIONARY = DictionaryFiles.builtIn();
  private static final Secret SECRET = Secret.of("testing123");
  private static final InetSocketAddress NAS = new InetSocketAddress("192.0.2.1", 40_000);
  private static final Ipv6Prefix PREFIX = Ipv6Prefix.parse("2001:db8:4200::/56");
  private static final String DELEGATED = "7b 0b 00 38 20010db8420000"; // 9 octets of value

  /** The Status-Server of RFC 5997 section 6.2. */
  private static final Octets STATUS_SERVER =
      Octets.ofHex(
          "0cb30026 925f6b66dd5fed571fcb1db7ad388260 5012e8d6eabda910875cd91fdade26367858");

  private static final String STATUS_SECRET = "xyzzy5461";

  @TempDir private Path directory;
  private final LinkedBlockingQueue<Runnable> loop = new LinkedBlockingQueue<>();
  private final ManualTime time = new ManualTime();
  private final List<String> told = new ArrayList<>();
  private final List<List<Attribute>> unjoined = new ArrayList<>();
  private final List<Octets> sent = new ArrayList<>();
  private SubscriberTable table;
  private SessionJoiner joiner;
  private AccountingReceiver receiver;
  private AccountingObserver observer;
  private int identifier;

  @BeforeEach
  void open() throws Exception {
    table =
        SubscriberTables.open(
            TableParameters.of("jdbc:sqlite:" + directory.resolve("s.db")).withClientKeys(),
            DICTIONARY,
            TableObserver.NONE,
            loop::add,
            time::nanos);
    await().atMost(Duration.ofSeconds(20)).until(() -> table.status().indexComplete());
    AccountingParameters parameters =
        parameters(DasClient.of("nas", List.of(AddressRange.parse("192.0.2.1")), SECRET));
    observer =
        new AccountingObserver() {
          @Override
          public void dropped(Drop why, InetSocketAddress source) {
            told.add(Label.of(why));
          }

          @Override
          public void defect(Throwable defect) {
            told.add("defect " + defect.getClass().getSimpleName());
          }

          @Override
          public void done(Result result) {
            told.add(Label.of(result));
          }

          @Override
          public void joined(Optional<JoinRule> rule, String recordId, String session) {
            told.add(session + " to " + recordId + " by " + rule.map(JoinRule::label).orElse("-"));
          }

          @Override
          public void unjoined(List<Attribute> session) {
            unjoined.add(session);
          }

          @Override
          public void ambiguous(JoinRule rule, String session) {
            told.add("ambiguous " + rule.label());
          }
        };
    joiner = new SessionJoiner(parameters, table, java.util.Set.of(), time, observer);
    receiver = new AccountingReceiver(parameters, DICTIONARY, joiner, time, observer);
  }

  private static AccountingParameters parameters(DasClient... clients) {
    return new AccountingParameters(
        List.of(),
        List.of(clients),
        "nas1",
        List.of(JoinRule.values()),
        List.of(AttributeId.parse("26.9.1")),
        2,
        Duration.ofHours(1));
  }

  @AfterEach
  void close() {
    table.close();
  }

  private void runUntil(java.util.function.BooleanSupplier done) {
    await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () -> {
              for (Runnable task = loop.poll(); task != null; task = loop.poll()) {
                task.run();
              }
              return done.getAsBoolean();
            });
  }

  private <T> T get(CompletionStage<T> stage) {
    AtomicReference<T> value = new AtomicReference<>();
    stage.thenAccept(value::set);
    runUntil(() -> value.get() != null);
    return value.get();
  }

  private static Octets packet(int id, String... attributes) {
    Octets body = Octets.ofHex(String.join("", attributes).replace(" ", ""));
    byte[] octets =
        new OctetWriter(64)
            .u8(4)
            .u8(id)
            .u16(20 + body.length())
            .octets(Octets.wrap(new byte[16]))
            .octets(body)
            .toArray();
    new Authenticators().signRequest(octets, SECRET);
    return Octets.wrap(octets);
  }

  private static String text(int type, String value) {
    Octets octets = Octets.ofUtf8(value);
    return "%02x%02x%s".formatted(type, octets.length() + 2, octets);
  }

  private static String status(int status) {
    return "2806%08x".formatted(status);
  }

  /** Start (1), Stop (2) or Interim-Update (3) of a session of NAS-Identifier n1. */
  private Octets session(int status, String id, String... more) {
    return packet(
        identifier++ & 0xff, status(status), text(44, id), text(32, "n1"), String.join("", more));
  }

  private void send(Octets packet) {
    int before = sent.size();
    receiver.receive(packet, NAS, sent::add);
    runUntil(() -> sent.size() > before);
  }

  private SubscriberRecord stored(String id, String duid, Ipv6Prefix prefix) {
    return get(
        table.put(
            SubscriberRecord.builder(
                    "nas1", id, Duid.ofHex(duid), Ipv6Address.parse("2001:db8:0:7::1"))
                .interfaceId(Octets.ofUtf8("1/1/" + id))
                .ia(
                    new IdentityAssociation(
                        IdentityAssociation.Type.IA_PD, OptionalLong.of(1), List.of(prefix)))
                .build()));
  }

  private SubscriberRecord record(String id) {
    return get(table.get("nas1", id)).orElseThrow();
  }

  @Test
  void aSessionComesIntoItsRecordAndGoesAtStop() throws Exception {
    stored("7", "0003000102005e100007", PREFIX);

    Octets start = session(1, "s1", text(1, "alice"), DELEGATED, "2103aa"); // Proxy-State
    send(start);

    assertThat(told).containsExactly("s1 to 7 by delegated-prefix", "joined");
    assertThat(record("7").session().values(Attributes.USER_NAME))
        .containsExactly(Octets.ofUtf8("alice"));
    RadiusPacket answer = RadiusPacket.parse(sent.get(0));
    assertThat(answer.code()).isEqualTo(5);
    assertThat(answer.attributes()).isEqualTo(Octets.ofHex("2103aa"));
    assertThat(
            new Authenticators()
                .responseAuthenticatorMatches(
                    answer, RadiusPacket.parse(start).authenticator(), SECRET))
        .isTrue();

    send(session(3, "s1", text(89, "cui"))); // an Interim-Update that tells less
    assertThat(record("7").session().values(Attributes.USER_NAME)).hasSize(1);
    assertThat(record("7").session().values(Attributes.CHARGEABLE_USER_IDENTITY)).hasSize(1);

    send(session(2, "s1"));
    assertThat(record("7").session().isEmpty()).isTrue();
    assertThat(record("7").ias()).hasSize(1); // Stop ends the session, not the lease
    assertThat(told).endsWith("stopped");
  }

  @Test
  void aDisconnectRemovesARecordWhoseLeasesHaveJustGone() {
    // radclient sends a /56 in 18 octets; the database gives it back in 9
    stored("7", "0003000102005e100007", PREFIX);
    send(session(1, "s1", "7b 14 0038 20010db8420000000000000000000000"));
    SubscriberRecord joined =
        get(table.findClient("nas1", Duid.ofHex("0003000102005e100007"), 2)).get(0);

    get(
        table.edit(
            "nas1",
            joined.duid(),
            there -> RecordEdit.Changes.put(there.get(0).toBuilder().ias(List.of()).build())));
    CompletionStage<Void> released = table.release(List.of(joined));
    runUntil(() -> released.toCompletableFuture().isDone());

    assertThat(get(table.get("nas1", "7"))).isEmpty();
  }

  @Test
  void aSessionWithoutAClientIsToldOfOnceForEachRequest() {
    send(session(1, "s1", DELEGATED));
    assertThat(told).containsExactly("unjoined");
    assertThat(unjoined).hasSize(1);
    assertThat(unjoined.get(0))
        .extracting(Attribute::id)
        .contains(Attributes.DELEGATED_IPV6_PREFIX);

    // whoever looked for it found a client that no rule joins: nobody looks again for that
    joiner.recordAppeared(
        SubscriberRecord.builder(
                "nas1",
                "7",
                Duid.ofHex("0003000102005e100007"),
                Ipv6Address.parse("2001:db8:0:7::1"))
            .ia(
                new IdentityAssociation(
                    IdentityAssociation.Type.IA_PD, OptionalLong.empty(), List.of(PREFIX)))
            .build());
    runUntil(() -> joiner.waiting() == 1);
    assertThat(unjoined).hasSize(1);

    stored("7", "0003000102005e100007", PREFIX);
    send(session(3, "s1", DELEGATED));
    assertThat(told).endsWith("joined");
    assertThat(unjoined).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource(JoinRule.class)
  void everyRuleAloneFindsItsRecord(JoinRule rule) {
    get(table.put(withAllKeys()));
    String attribute =
        switch (rule) {
          case CLIENT_DUID -> "1a10 00000009 010a 0004aabbccddeeff";
          case DELEGATED_PREFIX -> DELEGATED;
          case FRAMED_ADDRESS -> "a812 20010db8000000070000000000001000";
          case FRAMED_PREFIX -> "610c 0040 20010db800000007";
          case INTERFACE_ID -> text(87, "port-9");
          case LINK_LAYER_ADDRESS -> text(31, "02:00:5e:10:00:07");
        };
    send(session(1, "s1", attribute));
    assertThat(told).containsExactly("s1 to a by " + rule.label(), "joined");
  }

  private static SubscriberRecord withAllKeys() {
    Ipv6Prefix address = Ipv6Prefix.parse("2001:db8:0:7::1000/128");
    return SubscriberRecord.builder(
            "nas1", "a", Duid.ofHex("0004aabbccddeeff"), Ipv6Address.parse("2001:db8:0:7::1"))
        .peerAddress(Ipv6Address.parse("fe80::5eff:fe10:7"))
        .interfaceId(Octets.ofUtf8("port-9"))
        .ia(
            new IdentityAssociation(
                IdentityAssociation.Type.IA_NA, OptionalLong.of(1), List.of(address)))
        .ia(
            new IdentityAssociation(
                IdentityAssociation.Type.IA_PD, OptionalLong.of(1), List.of(PREFIX)))
        .build();
  }

  @Test
  void everyRuleFindsItsRecord() {
    get(table.put(withAllKeys()));
    send(session(1, "s1", "a812 20010db8000000070000000000001000"));
    send(session(1, "s2", "610c 0040 20010db800000007"));
    send(session(1, "s3", text(87, "port-9")));
    send(session(1, "s4", text(31, "02:00:5e:10:00:07")));

    assertThat(told)
        .filteredOn(line -> line.contains(" by "))
        .containsExactly(
            "s1 to a by framed-address",
            "s2 to a by framed-prefix",
            "s3 to a by interface-id",
            "s4 to a by link-layer-address");
    assertThat(record("a").session().values(Attributes.ACCT_SESSION_ID))
        .containsExactly(Octets.ofUtf8("s4")); // the newest session has the client
    assertThat(SessionJoiner.explain(record("a"), List.of(JoinRule.values()), List.of()))
        .containsExactly(JoinRule.LINK_LAYER_ADDRESS);
  }

  @Test
  void accountingBeforeDhcpv6WaitsForTheClient() {
    send(session(1, "s1", text(1, "alice"), DELEGATED));
    assertThat(told).containsExactly("unjoined");
    assertThat(joiner.waiting()).isEqualTo(1);

    joiner.recordAppeared(stored("7", "0003000102005e100007", PREFIX));
    runUntil(() -> told.size() == 2);

    assertThat(told).endsWith("s1 to 7 by delegated-prefix");
    assertThat(record("7").session().values(Attributes.USER_NAME)).hasSize(1);
    assertThat(joiner.waiting()).isZero();
  }

  @Test
  void waitingSessionsAreBoundedInNumberAndTimeAndEndAtStop() {
    send(session(1, "s1", text(87, "a")));
    send(session(1, "s2", text(87, "b")));
    send(session(1, "s3", text(87, "c")));
    assertThat(joiner.waiting()).isEqualTo(2);
    send(session(2, "s3"));
    assertThat(joiner.waiting()).isEqualTo(1);
    time.pass(Duration.ofMinutes(61));
    send(session(1, "s4", text(87, "d")));
    assertThat(joiner.waiting()).isEqualTo(1);
  }

  @Test
  void aRuleThatFindsSeveralRecordsDoesNotDecide() {
    stored("7", "0003000102005e100007", PREFIX);
    stored("8", "0003000102005e100008", PREFIX); // a contradiction: one prefix, two clients

    send(session(1, "s1", DELEGATED, text(31, "0200.5e10.0008")));

    assertThat(told)
        .containsExactly("ambiguous delegated-prefix", "s1 to 8 by link-layer-address", "joined");
  }

  @Test
  void aNasThatStartsAnewHasNoSessions() {
    stored("7", "0003000102005e100007", PREFIX);
    stored("8", "0003000102005e100008", Ipv6Prefix.parse("2001:db8:4300::/56"));
    send(session(1, "s1", text(31, "02005e100007")));
    send(session(1, "s2", text(31, "02005e100008")));

    send(packet(99, status(7), text(32, "other-nas")));
    assertThat(record("7").session().isEmpty()).isFalse();
    send(packet(100, status(7), text(32, "n1"))); // Accounting-On

    assertThat(record("7").session().isEmpty()).isTrue();
    assertThat(record("8").session().isEmpty()).isTrue();
  }

  @Test
  void anotherSessionsStopDoesNotEndTheNewOne() {
    stored("7", "0003000102005e100007", PREFIX);
    send(session(1, "s1", text(31, "02005e100007")));
    send(session(1, "s2", text(31, "02005e100007")));
    send(session(2, "s1"));

    assertThat(record("7").session().values(Attributes.ACCT_SESSION_ID))
        .containsExactly(Octets.ofUtf8("s2"));
  }

  @Test
  void aRecordThatHoldsNothingAfterStopIsRemovedAndOneWithOptionsStays() {
    SubscriberRecord bare = stored("7", "0003000102005e100007", PREFIX);
    send(session(1, "s1", DELEGATED));
    get(table.put(record("7").toBuilder().ias(List.of()).build()));
    send(session(2, "s1"));
    assertThat(get(table.get("nas1", "7"))).isEmpty();

    get(
        table.put(
            bare.toBuilder()
                .options(OptionList.of(new RawOption(new OptionCode(1000), Octets.ofHex("00"))))
                .build()));
    send(session(1, "s2", DELEGATED));
    send(session(2, "s2"));
    assertThat(get(table.get("nas1", "7"))).isPresent();
  }

  @Test
  void theSameRequestAgainGetsTheSameAnswerAndDoesNothing() {
    stored("7", "0003000102005e100007", PREFIX);
    Octets start = session(1, "s1", DELEGATED);
    receiver.receive(start, NAS, sent::add);
    receiver.receive(start, NAS, sent::add); // before the table has it
    runUntil(() -> sent.size() == 1);
    send(start);

    assertThat(told)
        .containsExactly(
            "duplicate-in-progress", "s1 to 7 by delegated-prefix", "joined", "duplicate");
    assertThat(sent.get(1)).isEqualTo(sent.get(0));
  }

  /** RFC 2866 section 5.2: without Acct-Delay-Time a repetition is the same packet, at any time. */
  @Test
  void anAccountingOnThatIsRepeatedForMinutesEndsNothingThatHasBegunSince() {
    stored("7", "0003000102005e100007", PREFIX);
    Octets on = packet(100, status(7), text(32, "n1"));
    send(on);
    send(session(1, "s1", DELEGATED));
    for (int i = 0; i < 10; i++) { // none of the answers arrives
      time.pass(Duration.ofSeconds(20));
      send(on);
      assertThat(told).endsWith("duplicate");
    }
    assertThat(record("7").session().values(Attributes.ACCT_SESSION_ID)).hasSize(1);

    time.pass(Duration.ofSeconds(31));
    send(on); // a NAS that numbers its packets from the start again
    assertThat(record("7").session().isEmpty()).isTrue();
  }

  /** As long as a client repeats; its Identifier may mean another request then. */
  @Test
  void anAnswerIsRememberedForHalfAMinute() {
    Octets other = packet(7, status(99));
    send(other);
    time.pass(Duration.ofSeconds(29));
    send(other);
    assertThat(told).containsExactly("nothing", "duplicate");
    time.pass(Duration.ofSeconds(31));
    send(other);
    assertThat(told).containsExactly("nothing", "duplicate", "nothing");
  }

  @Test
  void theOldestAnswersAreForgottenWhenThereAreMany() {
    for (int i = 0; i < 16_384; i++) {
      receiver.receive(packet(i & 0xff, status(99), text(44, "s" + i)), NAS, sent::add);
    }
    told.clear();
    send(packet(1, status(99), text(44, "s1")));
    assertThat(told).containsExactly("duplicate");
    send(packet(0, status(99), text(44, "one more")));
    send(packet(0, status(99), text(44, "s0")));
    assertThat(told).containsExactly("duplicate", "nothing", "nothing");
  }

  /** As for CoA: a DAC that comes over TLS alone has no secret that could be tried. */
  @Test
  void aClientWithoutSecretDoesNotStandBeforeOneThatHas() {
    DasClient overTls =
        new DasClient(
            "dac",
            List.of(AddressRange.parse("192.0.2.1")),
            List.of(),
            Requirement.WHEN_PRESENT,
            SignAnswers.WHEN_REQUESTED,
            Requirement.WHEN_PRESENT,
            Optional.empty(),
            java.util.Set.of(DynamicAuthorizationRequest.Kind.COA),
            List.of(),
            Optional.of(new TlsPeer(List.of(), TlsPeer.RADSEC, List.of())));
    DasClient nas = DasClient.of("nas", List.of(AddressRange.parse("192.0.2.0/24")), SECRET);
    receiver = new AccountingReceiver(parameters(overTls, nas), DICTIONARY, joiner, time, observer);
    send(session(1, "s1", DELEGATED));
    assertThat(told).containsExactly("unjoined");
  }

  /** As for CoA, RFC 5176 section 6.1: the address says which secret, and no other is tried. */
  @Test
  void theLongestPrefixSaysWhichSecret() {
    DasClient net = DasClient.of("net", List.of(AddressRange.parse("192.0.2.0/24")), SECRET);
    DasClient one =
        DasClient.of("one", List.of(AddressRange.parse("192.0.2.1")), Secret.of("another-secret"));
    receiver = new AccountingReceiver(parameters(one, net), DICTIONARY, joiner, time, observer);
    receiver.receive(session(1, "s1"), NAS, sent::add);
    receiver.receive(session(1, "s2"), new InetSocketAddress("192.0.2.2", 1), sent::add);
    runUntil(() -> !sent.isEmpty());
    assertThat(told).containsExactly("authenticator", "unjoined");
  }

  @Test
  void whatIsNotProvenGetsNoAnswer() throws NoSuchAlgorithmException {
    Octets good = session(1, "s1");
    receiver.receive(good, new InetSocketAddress("192.0.2.9", 1), sent::add);
    receiver.receive(good.slice(0, 19), NAS, sent::add);
    byte[] wrong = good.toArray();
    wrong[wrong.length - 1]++;
    receiver.receive(Octets.wrap(wrong), NAS, sent::add);
    byte[] access = good.toArray();
    access[0] = 1;
    receiver.receive(Octets.wrap(access), NAS, sent::add);
    receiver.receive(wronglySigned(), NAS, sent::add);

    assertThat(sent).isEmpty();
    assertThat(told)
        .containsExactly(
            "unknown-source", "malformed", "authenticator", "unexpected-code", "authenticator");
  }

  /** A Message-Authenticator that does not match, under a Request Authenticator that does. */
  private static Octets wronglySigned() throws NoSuchAlgorithmException {
    byte[] octets = Octets.ofHex("04090026" + "00".repeat(16) + "5012" + "00".repeat(16)).toArray();
    MessageDigest digest = MessageDigest.getInstance("MD5"); // RFC 2866 section 3
    digest.update(octets);
    digest.update("testing123".getBytes(StandardCharsets.US_ASCII));
    System.arraycopy(digest.digest(), 0, octets, 4, 16);
    return Octets.wrap(octets);
  }

  /** RFC 5997 section 6.2, with its secret; FreeRADIUS sends the same with status_check. */
  @Test
  void aStatusServerIsAnswered() throws Exception {
    Secret secret = Secret.of(STATUS_SECRET);
    receiver = forStatusServer(table);
    RadiusPacket asked = RadiusPacket.parse(STATUS_SERVER);
    receiver.receive(asked.octets(), NAS, sent::add);
    receiver.receive(asked.octets(), NAS, sent::add); // nothing is remembered of it

    assertThat(told).containsExactly("status", "status");
    assertThat(sent).hasSize(2);
    RadiusPacket answer = RadiusPacket.parse(sent.get(0));
    assertThat(answer.code()).isEqualTo(5);
    assertThat(answer.identifier()).isEqualTo(0xb3);
    Authenticators authenticators = new Authenticators();
    assertThat(authenticators.responseAuthenticatorMatches(answer, asked.authenticator(), secret))
        .isTrue();
    assertThat(
            authenticators.messageAuthenticatorMatches(answer, 20, asked.authenticator(), secret))
        .isTrue();
  }

  /** A proxy that heard one would send accounting here, hear nothing, and begin anew. */
  @Test
  void aStatusServerGetsNoAnswerWhileTheTableIsInTrouble() {
    AtomicReference<Optional<String>> failure =
        new AtomicReference<>(Optional.of("the disk is full"));
    receiver =
        forStatusServer(
            new UnaskedTable() {
              @Override
              public TableStatus status() {
                return new TableStatus(
                    0, 0, true, 0, 1, 0, new TableStatus.Lookups(0, 0), failure.get());
              }
            });
    receiver.receive(STATUS_SERVER, NAS, sent::add);
    assertThat(told).containsExactly("table-unavailable");
    assertThat(sent).isEmpty();

    failure.set(Optional.empty());
    receiver.receive(STATUS_SERVER, NAS, sent::add);
    assertThat(told).containsExactly("table-unavailable", "status");
    assertThat(sent).hasSize(1);
  }

  private AccountingReceiver forStatusServer(SubscriberTable table) {
    DasClient proxy =
        DasClient.of("proxy", List.of(AddressRange.parse("192.0.2.1")), Secret.of(STATUS_SECRET));
    AccountingParameters parameters = parameters(proxy);
    SessionJoiner joining =
        new SessionJoiner(parameters, table, java.util.Set.of(), time, observer);
    return new AccountingReceiver(parameters, DICTIONARY, joining, time, observer);
  }

  /** RFC 5997 section 3: it must have a Message-Authenticator, for nothing else proves it. */
  @Test
  void aStatusServerThatIsNotProvenGetsNoAnswer() {
    String header = "0cb3%s925f6b66dd5fed571fcb1db7ad388260";
    receiver.receive(Octets.ofHex(header.formatted("0014")), NAS, sent::add);
    String signed = "5012e8d6eabda910875cd91fdade26367858"; // with another secret
    receiver.receive(Octets.ofHex(header.formatted("0026") + signed), NAS, sent::add);
    receiver.receive(Octets.ofHex(header.formatted("0016") + "5003"), NAS, sent::add);
    receiver.receive(Octets.ofHex(header.formatted("0017") + "5003aa"), NAS, sent::add);

    assertThat(sent).isEmpty();
    assertThat(told)
        .containsExactly("authenticator", "authenticator", "malformed", "authenticator");
  }

  @Test
  void theTableThatCannotWriteMeansNoAnswerAndTheNextRepetitionCounts() throws SQLException {
    stored("7", "0003000102005e100007", PREFIX);
    Octets start = session(1, "s1", DELEGATED);
    execute(
        "CREATE TRIGGER refused BEFORE INSERT ON subscriber_base"
            + " BEGIN SELECT RAISE(ABORT, 'refused'); END");
    receiver.receive(start, NAS, sent::add);
    runUntil(() -> !told.isEmpty());
    assertThat(told).containsExactly("table-unavailable");
    assertThat(sent).isEmpty();
    execute("DROP TRIGGER refused");

    send(start);
    assertThat(told).containsExactly("table-unavailable", "s1 to 7 by delegated-prefix", "joined");
    send(start);
    assertThat(told).endsWith("duplicate");
    assertThat(sent).hasSize(2);
  }

  /** As it would be under a table whose code has one. */
  @Test
  void aDefectIsToldOfAndTheNextRepetitionCounts() {
    AccountingParameters parameters =
        parameters(DasClient.of("nas", List.of(AddressRange.parse("192.0.2.1")), SECRET));
    joiner =
        new SessionJoiner(parameters, new UnaskedTable() {}, java.util.Set.of(), time, observer);
    receiver = new AccountingReceiver(parameters, DICTIONARY, joiner, time, observer);
    Octets start = session(1, "s1", DELEGATED);
    receiver.receive(start, NAS, sent::add);
    receiver.receive(start, NAS, sent::add);

    assertThat(told)
        .containsExactly("defect AssertionError", "failed", "defect AssertionError", "failed");
    assertThat(sent).isEmpty();
  }

  @Test
  void aDefectOnTheWayOfAWaitingSessionIsToldOfToo() {
    FewRecords records = new FewRecords();
    joiner =
        new SessionJoiner(
            parameters(DasClient.of("nas", List.of(AddressRange.parse("192.0.2.1")), SECRET)),
            records,
            java.util.Set.of(),
            time,
            observer);
    AttributeList start =
        AttributeList.parse(
            Octets.ofHex((status(1) + text(44, "s1") + DELEGATED).replace(" ", "")), DICTIONARY);
    joiner.handle(AccountingRequest.of(start, DICTIONARY));
    records.breakDown();
    joiner.recordAppeared(withAllKeys());

    assertThat(told).containsExactly("unjoined", "defect IllegalStateException");
    assertThat(joiner.waiting()).isEqualTo(1);
  }

  /** As another program with the database. */
  private void execute(String sql) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("s.db"));
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA busy_timeout = 5000");
      statement.execute(sql);
    }
  }

  @Test
  void aClosedTableMeansNoAnswer() {
    stored("7", "0003000102005e100007", PREFIX);
    Octets start = session(1, "s1", DELEGATED);
    table.close();
    receiver.receive(start, NAS, sent::add);
    runUntil(() -> !told.isEmpty());

    assertThat(told).endsWith("table-unavailable");
    assertThat(sent).isEmpty();
  }
}
