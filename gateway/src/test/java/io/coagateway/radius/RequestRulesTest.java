package io.coagateway.radius;

import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.radius.DynamicAuthorizationRequest.Kind;
import io.coagateway.radius.RequestParameters.OtherAttributes;
import io.coagateway.vectors.Vector;
import io.coagateway.vectors.VectorFile;
import io.coagateway.wire.OctetWriter;
import io.coagateway.wire.Octets;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RequestRulesTest {
  private static final AttributeDictionary DICTIONARY = TestDictionary.INSTANCE;
  private static final Set<AttributeId> SUPPORTED =
      Set.of(
          Attributes.DS_LITE_TUNNEL_NAME,
          Attributes.DNS_SERVER_IPV6_ADDRESS,
          Attributes.DHCPV6_OPTIONS,
          Attributes.DELEGATED_IPV6_PREFIX,
          Attributes.SOFTWIRE46_CONFIGURATION);

  static List<Vector> requests() {
    return Stream.of("nas-identification", "session-identification", "service-and-state", "changes")
        .flatMap(name -> VectorFile.file("radius/" + name + ".txt").stream())
        .toList();
  }

  static List<Vector> tables() {
    return Stream.of("table-coa", "table-disconnect")
        .flatMap(name -> VectorFile.file("radius/" + name + ".txt").stream())
        .toList();
  }

  @ParameterizedTest
  @MethodSource
  void requests(Vector vector) throws Exception {
    Set<AttributeId> supported = new HashSet<>(SUPPORTED);
    vector.all("supports").forEach(name -> supported.add(id(name)));
    Set<InetAddress> addresses = new HashSet<>();
    for (String address : vector.all("our-address")) {
      addresses.add(InetAddress.getByAddress(NetUtil.createByteArrayFromIpAddressString(address)));
    }
    RequestParameters parameters =
        new RequestParameters(
            Set.copyOf(vector.all("our-name")),
            addresses,
            vector.find("other").isPresent() ? OtherAttributes.IGNORE : OtherAttributes.REJECT,
            vector.find("strict").isPresent(),
            Set.copyOf(vector.all("identify").stream().map(RequestRulesTest::id).toList()),
            supported::contains);
    Octets octets =
        vector.find("hex").isPresent()
            ? vector.hex("hex")
            : AttributeList.of(vector.all("attr").stream().map(DICTIONARY::parse).toList())
                .encode(DICTIONARY);
    RequestReading reading = new RequestRules(parameters, DICTIONARY).read(request(vector, octets));
    assertThat(describe(reading)).isEqualTo(expected(vector));
  }

  private static List<String> expected(Vector vector) {
    List<String> lines = new ArrayList<>();
    vector.all("refused").forEach(text -> lines.add("refused " + text));
    vector.all("session").forEach(text -> lines.add("session " + text));
    vector.all("change").forEach(text -> lines.add("change " + text));
    vector
        .find("ignored")
        .ifPresent(names -> List.of(names.split(" ", -1)).forEach(n -> lines.add("ignored " + n)));
    return lines;
  }

  private static List<String> describe(RequestReading reading) {
    List<String> lines = new ArrayList<>();
    if (reading instanceof Refusal refusal) {
      lines.add("refused " + refusal.cause().number() + " " + refusal.reason());
    } else if (reading instanceof ReadRequest read) {
      read.session().forEach(a -> lines.add("session " + DICTIONARY.print(a)));
      read.changes().forEach(a -> lines.add("change " + DICTIONARY.print(a)));
      read.ignored().forEach(id -> lines.add("ignored " + DICTIONARY.nameOf(id)));
    }
    return lines;
  }

  /** Each row of the tables, once and twice in a request. */
  @ParameterizedTest
  @MethodSource
  void tables(Vector vector) {
    AttributeId id = AttributeId.parse(vector.get("row"));
    AttributeRule row = AttributeTables.rule(kind(vector), id).orElseThrow();
    assertThat(row.id()).isEqualTo(id);
    assertThat(
            String.format(
                "request %s, ack %s, nak %s",
                text(row.request()), text(row.ack()), text(row.nak())))
        .isEqualTo(vector.get("occurs"));
    RequestRules rules = new RequestRules(RequestParameters.defaults(any -> true), DICTIONARY);
    Octets once = wire(id, vector.hex("value"));
    Octets session =
        id.equals(Attributes.ACCT_SESSION_ID)
            ? Octets.EMPTY
            : wire(Attributes.ACCT_SESSION_ID, Octets.ofHex("61"));
    assertThat(verdict(rules.read(request(vector, session.plus(once)))))
        .isEqualTo(vector.get("once"));
    assertThat(verdict(rules.read(request(vector, session.plus(once).plus(once)))))
        .isEqualTo(vector.get("twice"));
  }

  @Test
  void everyRowOfTheTablesIsNamedByAVector() {
    for (Kind kind : Kind.values()) {
      Set<String> named = new HashSet<>();
      tables().stream().filter(v -> kind(v) == kind).forEach(v -> named.add(v.get("row")));
      assertThat(AttributeTables.rules(kind).stream().map(row -> row.id().toString()))
          .containsExactlyInAnyOrderElementsOf(named);
    }
  }

  @Test
  void everyCauseThatTheRulesGiveMayStandInTheAnswer() {
    for (Vector vector : requests()) {
      vector
          .find("refused")
          .map(text -> Long.parseLong(text.substring(0, 3)))
          .flatMap(ErrorCause::ofNumber)
          .ifPresent(
              cause ->
                  assertThat(
                          cause.mayAppearIn(kind(vector), DynamicAuthorizationAnswer.Verdict.NAK))
                      .as(vector.toString())
                      .isTrue());
    }
  }

  private static Octets wire(AttributeId id, Octets value) {
    OctetWriter out = new OctetWriter();
    int header = id.isLongExtended() ? 4 : id.isExtended() ? 3 : 2;
    out.u8(id.type()).u8(value.length() + header);
    if (id.isExtended()) {
      out.u8(id.extendedType());
    }
    if (id.isLongExtended()) {
      out.u8(0);
    }
    return out.octets(value).toOctets();
  }

  private static String text(AttributeRule.Occurs occurs) {
    return switch (occurs) {
      case NEVER -> "0";
      case AT_MOST_ONCE -> "0-1";
      case ANY_NUMBER -> "0+";
    };
  }

  private static String verdict(RequestReading reading) {
    return reading instanceof Refusal refusal ? "" + refusal.cause().number() : "read";
  }

  private static DynamicAuthorizationRequest request(Vector vector, Octets attributes) {
    return new DynamicAuthorizationRequest(
        kind(vector),
        7,
        "dac-1",
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 40000),
        Instant.EPOCH,
        0,
        AttributeList.parse(attributes, DICTIONARY));
  }

  private static Kind kind(Vector vector) {
    return Kind.valueOf(vector.get("kind").toUpperCase(Locale.ROOT));
  }

  private static AttributeId id(String name) {
    return DICTIONARY.idOf(name).orElseThrow();
  }
}
