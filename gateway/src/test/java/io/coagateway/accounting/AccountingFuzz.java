package io.coagateway.accounting;

import static io.coagateway.fuzz.Property.equal;
import static io.coagateway.fuzz.Property.require;

import io.coagateway.config.DictionaryFiles;
import io.coagateway.das.AddressRange;
import io.coagateway.das.DasClient;
import io.coagateway.dhcpv6.Duid;
import io.coagateway.fuzz.Seeds;
import io.coagateway.fuzz.Steps;
import io.coagateway.radius.AttributeDictionary;
import io.coagateway.radius.Authenticators;
import io.coagateway.radius.RadiusPacket;
import io.coagateway.radius.Secret;
import io.coagateway.subscriber.IdentityAssociation;
import io.coagateway.subscriber.JoinRule;
import io.coagateway.subscriber.SubscriberRecord;
import io.coagateway.time.ManualTime;
import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.Ipv6Prefix;
import io.coagateway.wire.MalformedException;
import io.coagateway.wire.Octets;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Any datagrams to the accounting port: each is dropped once or dealt with once, each that is dealt
 * with is answered once by an answer that its client can prove and that has its Proxy-States, few
 * sessions are kept waiting, and a record's leases stay whatever its sessions do.
 *
 * <p>The first octet of a step says what happens to its datagram:
 *
 * <pre>
 *   0x01  sign it: Code, Length and both authenticators are made right
 *   0x02  it comes from a stranger       0x04  the table answers when the next one has come
 *   0x08  the table fails                0x10  ten seconds pass before it
 *   0x20  it comes again at once         0x40  the client's record appears after it
 *   0x80  an hour passes before it
 * </pre>
 */
public final class AccountingFuzz {
  private static final AttributeDictionary DICTIONARY = DictionaryFiles.builtIn();
  private static final Secret SECRET = Secret.of("testing123");
  private static final InetSocketAddress NAS = new InetSocketAddress("192.0.2.1", 40_000);
  private static final InetSocketAddress STRANGER = new InetSocketAddress("203.0.113.1", 40_000);
  private static final SubscriberRecord ALICE = record("a", "0003000102005e100007", "4200");
  private static final SubscriberRecord BOB = record("b", "0003000102005e100008", "4300");
  private static final int WAITING = 4;
  private static final AccountingParameters PARAMETERS =
      new AccountingParameters(
          List.of(),
          List.of(DasClient.of("nas", List.of(AddressRange.parse("192.0.2.1")), SECRET)),
          "nas1",
          List.of(JoinRule.values()),
          List.of(),
          WAITING,
          Duration.ofHours(1));

  private final Authenticators authenticators = new Authenticators();
  private final ManualTime time = new ManualTime();
  private final FewRecords table = new FewRecords();
  private final SessionJoiner joiner;
  private final AccountingReceiver receiver;
  private int received;
  private int dropped;
  private int done;
  private int sent;

  private AccountingFuzz() {
    AccountingObserver counts =
        new AccountingObserver() {
          @Override
          public void dropped(Drop why, InetSocketAddress source) {
            dropped++;
          }

          @Override
          public void done(Result result) {
            done++;
          }
        };
    table.put("a", ALICE);
    joiner = new SessionJoiner(PARAMETERS, table, Set.of(), time, counts);
    receiver = new AccountingReceiver(PARAMETERS, DICTIONARY, joiner, time, counts);
  }

  private static SubscriberRecord record(String id, String duid, String prefix) {
    return SubscriberRecord.builder(
            "nas1", id, Duid.ofHex(duid), Ipv6Address.parse("2001:db8:0:7::1"))
        .interfaceId(Octets.ofUtf8("1/1/" + id))
        .ia(
            new IdentityAssociation(
                IdentityAssociation.Type.IA_PD,
                OptionalLong.of(1),
                List.of(Ipv6Prefix.parse("2001:db8:" + prefix + "::/56"))))
        .build();
  }

  /** Where to start: sessions that begin, go on and end, any attributes in one, Status-Server. */
  public static Seeds seeds() {
    Seeds seeds = Seeds.of("accounting");
    String header = "0407000000000000000000000000000000000000";
    String session = "2c047331" + "20046e31";
    String alice = "7b0b003820010db8420000"; // Delegated-IPv6-Prefix
    String bob = "7b0b003820010db8430000";
    byte[] start = Seeds.step(1, Octets.ofHex(header + "280600000001" + session + alice));
    byte[] stop = Seeds.step(1, Octets.ofHex(header + "280600000002" + session + "2103aa2103bb"));
    byte[] waits = Seeds.step(0x65, Octets.ofHex(header + "280600000003" + session + bob));
    byte[] off = Seeds.step(9, Octets.ofHex(header + "280600000008" + "20046e31"));
    Octets all = Octets.EMPTY;
    for (byte[] one : List.of(start, waits, stop, off)) {
      seeds.add(one);
      all = all.plus(Octets.wrap(one));
    }
    String signed = "5012" + "00".repeat(16);
    seeds.add(all.toArray()).add(Seeds.step(1, Octets.ofHex(header + signed)));
    seeds.add(Seeds.step(0x20, statusServer(signed + "2103aa")));
    Octets begun = Octets.ofHex(header + "280600000001" + session);
    return seeds.hex(
        "radius/attributes.txt", "hex", octets -> Seeds.step(0x21, begun.plus(octets)));
  }

  /** RFC 5997 section 3: its Message-Authenticator covers its own, random authenticator. */
  private static Octets statusServer(String attributes) {
    Octets random = Octets.ofHex("925f6b66dd5fed571fcb1db7ad388260");
    Octets body = Octets.ofHex(attributes);
    byte[] packet =
        Octets.ofHex("0c0700%02x".formatted(RadiusPacket.HEADER_LENGTH + body.length()))
            .plus(random)
            .plus(body)
            .toArray();
    new Authenticators().signResponse(packet, random, SECRET);
    random.copyTo(packet, RadiusPacket.AUTHENTICATOR_AT);
    return Octets.wrap(packet);
  }

  /** One input. */
  public static void fuzzerTestOneInput(byte[] input) {
    new AccountingFuzz().run(new Steps(input));
  }

  private void run(Steps steps) {
    while (steps.next()) {
      time.pass(Duration.ofSeconds(steps.has(0x80) ? 3600 : steps.has(0x10) ? 10 : 0));
      byte[] datagram = steps.octets().toArray();
      if (steps.has(1) && datagram.length >= RadiusPacket.HEADER_LENGTH) {
        int length = Math.min(datagram.length, RadiusPacket.MAX_LENGTH);
        datagram[0] = 4;
        datagram[2] = (byte) (length >> 8);
        datagram[3] = (byte) length;
        authenticators.signRequest(datagram, SECRET);
      }
      table.behave(steps.has(4), steps.has(8));
      for (int i = 0; i < (steps.has(0x20) ? 2 : 1); i++) {
        received++;
        receiver.receive(
            Octets.copyOf(datagram),
            steps.has(2) ? STRANGER : NAS,
            answer -> check(answer, Octets.wrap(datagram)));
      }
      if (!steps.has(4)) {
        table.catchUp();
      }
      if (steps.has(0x40)) {
        table.put("b", BOB);
        joiner.recordAppeared(BOB);
      }
    }
    table.catchUp();
    equal(dropped + done, received, "what became of all datagrams");
    equal(sent, done, "answers");
    require(joiner.waiting() <= WAITING, () -> joiner.waiting() + " sessions wait");
    for (SubscriberRecord record : table.all()) {
      equal(record.ias(), (record.id().equals("a") ? ALICE : BOB).ias(), "leases");
    }
  }

  private void check(Octets octets, Octets datagram) {
    sent++;
    try {
      RadiusPacket answer = RadiusPacket.parse(octets);
      RadiusPacket request = RadiusPacket.parse(datagram);
      equal(answer.length(), octets.length(), "length of the answer");
      equal(answer.code(), 5, "Code");
      equal(answer.identifier(), request.identifier(), "Identifier");
      equal(answer.attributeDefect(), RadiusPacket.NONE, "attributes of the answer");
      equal(proxyStates(answer), proxyStates(request), "Proxy-State");
      require(
          authenticators.responseAuthenticatorMatches(answer, request.authenticator(), SECRET),
          () -> "Response Authenticator");
    } catch (MalformedException e) {
      throw new AssertionError("a malformed packet", e);
    }
  }

  private static List<Octets> proxyStates(RadiusPacket packet) {
    List<Octets> all = new ArrayList<>();
    for (int at = packet.first(33); at != RadiusPacket.NONE; at = packet.next(33, at)) {
      all.add(packet.value(at));
    }
    return all;
  }
}
