package io.coagateway.dhcpv6;

import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.MalformedException;
import io.coagateway.wire.Octets;
import org.junit.jupiter.api.Test;

/** The two exchanges built from objects, compared with octets worked by hand. */
class MessageTest {
  @Test
  void buildsReconfigureRequest() throws MalformedException {
    Message request =
        new ClientServerMessage(
            MessageType.RECONFIGURE_REQUEST,
            0x010203,
            OptionList.of(
                new ClientIdOption(Duid.ofHex("0003000102005e005301")),
                new ClientIdOption(Duid.ofHex("0003000102005e005302")),
                new LinkAddressOption(Ipv6Address.parse("2001:db8:1::1")),
                new RelayIdOption(Duid.ofHex("0003000102005e0000bb")),
                new RsooOption(
                    OptionList.of(new ErpLocalDomainNameOption(DomainName.ofText("example.com")))),
                new ReconfigureMessageOption(MessageType.RENEW)));
    Octets expected =
        Octets.ofHex(
            "12010203 0001000a 0003000102005e005301 0001000a 0003000102005e005302"
                + " 00500010 20010db8000100000000000000000001"
                + " 0035000a 0003000102005e0000bb"
                + " 00420011 0041000d 076578616d706c6503636f6d00 00130001 05");
    assertThat(request.encode()).isEqualTo(expected);
    assertThat(request.encodedLength()).isEqualTo(92);
    assertThat(Message.parse(expected)).isEqualTo(request);
  }
}
