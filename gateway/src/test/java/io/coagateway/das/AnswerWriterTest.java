package io.coagateway.das;

import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.radius.Attribute;
import io.coagateway.radius.AttributeId;
import io.coagateway.radius.AttributeList;
import io.coagateway.radius.AttributeRule.Occurs;
import io.coagateway.radius.AttributeTables;
import io.coagateway.radius.Attributes;
import io.coagateway.radius.Authenticators;
import io.coagateway.radius.DynamicAuthorizationAnswer;
import io.coagateway.radius.DynamicAuthorizationAnswer.Verdict;
import io.coagateway.radius.DynamicAuthorizationRequest.Kind;
import io.coagateway.radius.ErrorCause;
import io.coagateway.radius.PacketCode;
import io.coagateway.radius.RadiusPacket;
import io.coagateway.radius.Secret;
import io.coagateway.wire.MalformedException;
import io.coagateway.wire.OctetWriter;
import io.coagateway.wire.Octets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is in an answer, by the tables of RFC 5176 section 3.6; {@code vectors/das} has octets. */
class AnswerWriterTest {
  private final AnswerWriter writer = new AnswerWriter(new Authenticators(), Bench.DICTIONARY);

  /** A request with one of each type, two of Proxy-State: whatever could be echoed is there. */
  private static RadiusPacket everything(Kind kind) throws MalformedException {
    OctetWriter out = new OctetWriter(2048);
    PacketCode code = kind == Kind.COA ? PacketCode.COA_REQUEST : PacketCode.DISCONNECT_REQUEST;
    out.u8(code.number()).u8(7).u16(0).zeros(16);
    for (int type = 1; type < 241; type++) {
      int octets = type == Authenticators.MESSAGE_AUTHENTICATOR ? 16 : 4;
      out.u8(type).u8(2 + octets).zeros(octets);
    }
    out.u8(Attributes.PROXY_STATE.type()).u8(3).u8('p');
    out.putU16(2, out.length());
    return RadiusPacket.parse(out.toOctets());
  }

  private static Map<AttributeId, Integer> counts(byte[] answer) throws MalformedException {
    Map<AttributeId, Integer> counts = new LinkedHashMap<>();
    RadiusPacket packet = RadiusPacket.parse(Octets.wrap(answer));
    for (Attribute attribute : AttributeList.parse(packet.attributes(), Bench.DICTIONARY)) {
      counts.merge(attribute.id(), 1, Integer::sum);
    }
    return counts;
  }

  @ParameterizedTest
  @CsvSource({
    "COA, ACK, , 79, 80 79 24 55 33 33",
    "COA, NAK, 507, 6, 80 101 6 24 55 33 33",
    "DISCONNECT, ACK, 201, 49, 80 101 49 55 33 33",
    "DISCONNECT, NAK, 503, , 80 101 55 33 33",
  })
  void carriesWhatTheTablesAdmit(
      Kind kind, Verdict verdict, Integer cause, Integer own, String types)
      throws MalformedException {
    List<Attribute> further =
        Optional.ofNullable(own)
            .map(type -> new Attribute(AttributeId.of(type), Octets.ofHex("00000006")))
            .stream()
            .toList();
    byte[] answer =
        writer.write(
            new DynamicAuthorizationAnswer(
                kind,
                verdict,
                Optional.ofNullable(cause).map(n -> ErrorCause.ofNumber(n).orElseThrow()),
                further,
                ""),
            everything(kind),
            true,
            Secret.of("testing123"),
            0x68000000L);
    Map<AttributeId, Integer> counts = counts(answer);
    StringBuilder inOrder = new StringBuilder();
    counts.forEach((id, count) -> inOrder.append((id + " ").repeat(count)));
    assertThat(inOrder.toString().strip()).isEqualTo(types);
    counts.forEach(
        (id, count) -> {
          var rule = AttributeTables.rule(kind, id).orElseThrow();
          Occurs occurs = verdict == Verdict.ACK ? rule.ack() : rule.nak();
          // the tables have no Error-Cause in an ACK, section 3.5 has 201 in a Disconnect-ACK
          boolean residual = id.equals(Attributes.ERROR_CAUSE) && verdict == Verdict.ACK;
          assertThat(residual || occurs.allows(count)).as("%s %d times", id, count).isTrue();
        });
  }

  /** What is left out when what has to be echoed leaves so many octets, and what not. */
  @ParameterizedTest
  @CsvSource({
    "6, 101 24 33",
    "11, 101 24 33",
    "12, 101 6 24 33",
    "17, 101 6 24 33",
    "18, 80 24 33",
    "23, 80 24 33",
    "24, 80 101 24 33",
    "29, 80 101 24 33",
    "30, 80 101 6 24 33",
    "35, 80 101 6 24 33",
    "36, 80 101 6 24 55 33",
  })
  void leavesOutWhatHasNoRoom(int room, String types) throws MalformedException {
    RadiusPacket request = echoing(RadiusPacket.MAX_LENGTH - RadiusPacket.HEADER_LENGTH - room);
    Attribute own = new Attribute(Attributes.SERVICE_TYPE, Octets.ofHex("00000011"));
    byte[] answer =
        writer.write(
            new DynamicAuthorizationAnswer(
                Kind.COA, Verdict.NAK, Optional.of(ErrorCause.REQUEST_INITIATED), List.of(own), ""),
            request,
            true,
            Secret.of("testing123"),
            0x69a1b2c3L);
    RadiusPacket packet = RadiusPacket.parse(Octets.wrap(answer));
    String found =
        counts(answer).keySet().stream()
            .map(AttributeId::toString)
            .collect(Collectors.joining(" "));
    assertThat(found).isEqualTo(types);
    assertThat(packet.attribute(packet.first(24))).isEqualTo(request.attribute(request.first(24)));
    assertThat(packet.all(33)).isEqualTo(request.all(33));
    if (types.contains("55")) {
      assertThat(packet.value(packet.first(55)).toHex()).isEqualTo("69a1b2c3");
    }
    assertThat(
            new Authenticators()
                .responseAuthenticatorMatches(
                    packet, request.authenticator(), Secret.of("testing123")))
        .isTrue();
  }

  /** A CoA-Request with Event-Timestamp whose State and Proxy-States take so many octets. */
  private static RadiusPacket echoing(int octets) throws MalformedException {
    OctetWriter out = new OctetWriter(RadiusPacket.MAX_LENGTH);
    out.u8(PacketCode.COA_REQUEST.number()).u8(7).u16(0).zeros(16);
    out.u8(Attributes.EVENT_TIMESTAMP.type()).u8(6).u32(0x68000000L);
    out.u8(Attributes.STATE.type()).u8(52).zeros(50);
    int left = octets - 52;
    while (left > 0) {
      int next = left > 255 ? Math.min(255, left - 3) : left;
      out.u8(Attributes.PROXY_STATE.type()).u8(next).zeros(next - 2);
      left -= next;
    }
    out.putU16(2, out.length());
    return RadiusPacket.parse(out.toOctets());
  }
}
