package io.coagateway.radius;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coagateway.wire.MalformedException;
import io.coagateway.wire.Octets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RadiusPacketTest {
  private static final String AUTHENTICATOR = "000102030405060708090a0b0c0d0e0f";

  @Test
  void showsEveryField() throws MalformedException {
    RadiusPacket packet = packet("2b 11 001f" + AUTHENTICATOR + "21047031 0103 61 21047032");
    assertThat(packet.code()).isEqualTo(43);
    assertThat(packet.identifier()).isEqualTo(17);
    assertThat(packet.length()).isEqualTo(31);
    assertThat(packet.authenticator().toHex()).isEqualTo(AUTHENTICATOR);
    assertThat(packet.attributes().toHex()).isEqualTo("2104703101036121047032");
    assertThat(packet).hasToString("CoA-Request id 17");
  }

  @Test
  void walksItsAttributesInOrder() throws MalformedException {
    RadiusPacket packet = packet("2b 11 001f" + AUTHENTICATOR + "21047031 0103 61 21047032");
    List<String> seen = new ArrayList<>();
    for (int at = packet.firstAttribute(); at != RadiusPacket.NONE; at = packet.nextAttribute(at)) {
      seen.add(packet.type(at) + "=" + packet.value(at) + "/" + packet.valueLength(at));
    }
    assertThat(seen).containsExactly("33=7031/2", "1=61/1", "33=7032/2");
    int second = packet.next(33, packet.first(33));
    assertThat(packet.attribute(second).toHex()).isEqualTo("21047032");
    assertThat(packet.next(33, second)).isEqualTo(RadiusPacket.NONE);
    assertThat(packet.first(2)).isEqualTo(RadiusPacket.NONE);
  }

  @Test
  @DisplayName("RFC 2865 section 5.33: all attributes of a type, in order, with their headers")
  void givesAllOfOneType() throws MalformedException {
    RadiusPacket packet =
        packet("2b 07 0020" + "00".repeat(16) + "2103 61 0103 62 2103 63 2103 64");
    assertThat(packet.all(2)).isEqualTo(Octets.EMPTY);
    assertThat(packet.all(1)).isEqualTo(Octets.ofHex("0103 62"));
    assertThat(packet.all(33)).isEqualTo(Octets.ofHex("2103 61 2103 63 2103 64"));
  }

  @Test
  void ignoresPaddingAfterLength() throws MalformedException {
    assertThat(packet("28 01 0014" + AUTHENTICATOR + "ffffff").octets().length()).isEqualTo(20);
    assertThat(packet("28 01 0014" + AUTHENTICATOR + "ff").firstAttribute())
        .isEqualTo(RadiusPacket.NONE);
  }

  @ParameterizedTest
  @CsvSource({
    "'', 'a packet has at least 20 octets, found 0'",
    "28010014000102030405060708090a0b0c0d0e, 'a packet has at least 20 octets, found 19'",
    "28010013000102030405060708090a0b0c0d0e0f, Length 19 at offset 2 is not 20 to 4096",
    "28011001000102030405060708090a0b0c0d0e0f, Length 4097 at offset 2 is not 20 to 4096",
    "28010015000102030405060708090a0b0c0d0e0f,"
        + " Length 21 at offset 2 exceeds the datagram of 20",
  })
  void refusesWhatIsNoPacket(String hex, String message) {
    assertThatThrownBy(() -> packet(hex)).hasMessage(message);
  }

  @ParameterizedTest
  @CsvSource({
    "2b 11 0014, '', -1",
    "2b 11 0016, 2102, -1",
    "2b 11 0015, 21, 20",
    "2b 11 0016, 2101, 20",
    "2b 11 0016, 2100, 20",
    "2b 11 0016, 2103, 20",
    "2b 11 0019, 2103702103, 23",
  })
  void findsTheFirstAttributeThatDoesNotFit(String header, String attributes, int at)
      throws MalformedException {
    assertThat(packet(header + AUTHENTICATOR + attributes).attributeDefect()).isEqualTo(at);
  }

  @ParameterizedTest
  @CsvSource({
    "DISCONNECT_REQUEST, 40, Disconnect-ACK, Disconnect-NAK",
    "COA_REQUEST, 43, CoA-ACK, CoA-NAK"
  })
  void requestsKnowTheirAnswers(PacketCode request, int number, String ack, String nak) {
    assertThat(request.number()).isEqualTo(number);
    assertThat(request.ack()).hasToString(ack);
    assertThat(request.nak()).hasToString(nak);
    assertThat(PacketCode.of(number)).contains(request);
    assertThatThrownBy(() -> request.ack().ack()).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void otherCodesHaveNoName() {
    assertThat(PacketCode.of(1)).isEmpty();
    assertThat(PacketCode.of(39)).isEmpty();
    assertThat(PacketCode.of(46)).isEmpty();
    assertThat(PacketCode.nameOf(1)).isEqualTo("code 1");
  }

  @Test
  void secretsDoNotShowThemselves() {
    assertThat(Secret.of("testing123")).hasToString("(secret)").isEqualTo(Secret.of("testing123"));
    assertThat(Secret.of("testing123")).isNotEqualTo(Secret.of("testing124"));
    assertThat(Secret.of("twelve octet").weakness()).get().asString().contains("only 12 octets");
    assertThat(Secret.of("thirteen octe").weakness()).isEmpty();
    assertThat(Secret.of("ümlaut-secret").weakness()).isEmpty();
    assertThatThrownBy(() -> Secret.of(""))
        .hasMessageContaining("empty")
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static RadiusPacket packet(String hex) throws MalformedException {
    return RadiusPacket.parse(Octets.ofHex(hex));
  }
}
