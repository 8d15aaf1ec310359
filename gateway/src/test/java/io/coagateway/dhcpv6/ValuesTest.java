package io.coagateway.dhcpv6;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.Ipv6Prefix;
import io.coagateway.wire.MalformedException;
import io.coagateway.wire.Octets;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ValuesTest {
  @Test
  void duidsAreBuiltByType() {
    Octets mac = Octets.ofHex("02005e005301");
    assertThat(Duid.linkLayerTime(1, 0x2a1b2c3dL, mac))
        .isEqualTo(Duid.ofHex("00:01:00:01:2a1b2c3d 02005e005301"));
    assertThat(Duid.enterprise(32473, Octets.ofHex("0cc084d3")))
        .hasToString("000200007ed90cc084d3");
    assertThat(Duid.linkLayer(1, mac)).hasToString("0003000102005e005301");
    UUID uuid = UUID.fromString("00112233-4455-6677-8899-aabbccddeeff");
    assertThat(Duid.uuid(uuid).describe()).isEqualTo("DUID-UUID " + uuid);
  }

  @Test
  void duidsAreThreeTo130Octets() { // RFC 8415 section 11.1
    assertThat(new Duid(Octets.wrap(new byte[130])).octets().length()).isEqualTo(130);
    assertThatThrownBy(() -> new Duid(Octets.wrap(new byte[131])))
        .hasMessageContaining("a DUID has 3 to 130 octets")
        .hasMessageEndingWith("has 131");
    assertThatThrownBy(() -> Duid.ofHex("0003"))
        .hasMessageStartingWith("\"0003\" is not a DUID: a DUID has 3 to 130 octets");
    assertThatThrownBy(() -> Duid.ofHex("zz")).hasMessageStartingWith("\"zz\" is not a DUID: ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a..b", ".a", "a b", "\u00e4.example", "a\\", "a\\256"})
  void refusesTextThatIsNoName(String text) {
    assertThatThrownBy(() -> DomainName.ofText(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("\"" + text + "\" is not a domain name: ")
        .hasMessageEndingWith("Give one like aftr.example.com");
  }

  @Test
  void refusesNamesOverTheLimits() { // RFC 1035 section 2.3.4
    assertThatThrownBy(() -> DomainName.ofText("a".repeat(64)))
        .hasMessageContaining("a label is over 63 octets");
    assertThatThrownBy(() -> DomainName.ofText("a.".repeat(128)))
        .hasMessageContaining("it is over 255 octets");
    assertThat(DomainName.ofText("a.".repeat(127)).wire().length()).isEqualTo(255);
    assertThat(DomainName.ofText("a.example.")).isEqualTo(DomainName.ofText("a.example"));
    assertThat(DomainName.ofText(".").isRoot()).isTrue();
  }

  @Test
  void recordsRefuseWhatTheWireCannotHold() {
    Ipv6Prefix loose = new Ipv6Prefix(Ipv6Address.parse("2001:db8::1"), 32);
    assertThatThrownBy(() -> new S46DmrOption(loose)).hasMessageContaining("write 2001:db8::/32");
    assertThatThrownBy(() -> new IaNaOption(1L << 32, 0, 0, OptionList.EMPTY))
        .hasMessage("iaid 4294967296 is not 0 to 4294967295");
    assertThatThrownBy(() -> new ElapsedTimeOption(65536))
        .hasMessage("elapsed-time 65536 is not 0 to 65535");
    assertThatThrownBy(() -> new S46PortParametersOption(16, 0, 0))
        .hasMessage("offset 16 is not 0 to 15");
    assertThatThrownBy(() -> new RadiusOption(Octets.ofHex("1901")))
        .hasMessageContaining("is not a list of whole RADIUS attributes");
    assertThatThrownBy(() -> new AftrNameOption(DomainName.ofText("a")))
        .hasMessageContaining("AFTR_NAME needs");
    assertThatThrownBy(() -> new ClientServerMessage(MessageType.RELAY_FORW, 0, OptionList.EMPTY))
        .hasMessageContaining("RELAY-FORW has the relay format");
    assertThatThrownBy(
            () -> new ClientServerMessage(MessageType.SOLICIT, 1 << 24, OptionList.EMPTY))
        .hasMessage("transaction-id 16777216 is not 0 to 16777215");
    assertThatThrownBy(
            () -> new V6DnrOption(1, DomainName.ofText("a"), List.of(), Octets.ofHex("00")))
        .hasMessageContaining("only with addresses");
  }

  @Test
  void optionListsAreValues() throws MalformedException {
    Option first = new ReconfigureMessageOption(MessageType.RENEW);
    Option second = new ElapsedTimeOption(7);
    OptionList list = OptionList.of(first).plus(second);
    assertThat(list).isEqualTo(OptionList.of(List.of(first, second))).hasSameHashCodeAs(list);
    assertThat(list.without(OptionCode.RECONF_MSG)).isEqualTo(OptionList.of(second));
    assertThat(list.without(OptionCode.AUTH)).isSameAs(list);
    assertThat(list.first(ElapsedTimeOption.class)).contains(new ElapsedTimeOption(7));
    assertThat(list.first(OptionCode.AUTH)).isEmpty();
    assertThat(list.has(OptionCode.ELAPSED_TIME)).isTrue();
    assertThat(list.plus(list).count(OptionCode.ELAPSED_TIME)).isEqualTo(2);
    assertThat(list.plus(list).all(ElapsedTimeOption.class)).hasSize(2);
    assertThat(Option.parse(OptionCode.ELAPSED_TIME, Octets.ofHex("0007"))).isEqualTo(second);
    assertThat(second.encodeBody()).isEqualTo(Octets.ofHex("0007"));
    assertThatThrownBy(() -> Option.parse(OptionCode.ELAPSED_TIME, Octets.ofHex("00")))
        .hasMessage("ELAPSED_TIME: elapsed-time needs 2 octets at offset 0, found 1");
  }

  @Test
  void rkapValuesAreToldApart() { // RFC 8415 section 20.4.1
    Octets value = Octets.ofHex("000102030405060708090a0b0c0d0e0f");
    assertThat(AuthOption.rkapKey(5, value).reconfigureKey()).contains(value);
    assertThat(AuthOption.rkapKey(5, value).reconfigureDigest()).isEmpty();
    assertThat(AuthOption.rkapDigest(5, value).reconfigureDigest()).contains(value);
    assertThatThrownBy(() -> AuthOption.rkapKey(5, Octets.ofHex("00")))
        .hasMessage("an RKAP value has 16 octets, not 1");
  }
}
