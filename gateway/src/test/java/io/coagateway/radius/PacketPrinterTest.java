package io.coagateway.radius;

import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.wire.MalformedException;
import io.coagateway.wire.Octets;
import org.junit.jupiter.api.Test;

class PacketPrinterTest {
  private static String print(String hex) throws MalformedException {
    return new PacketPrinter(TestDictionary.INSTANCE).print(RadiusPacket.parse(Octets.ofHex(hex)));
  }

  @Test
  void printsOneAttributeALine() throws MalformedException {
    assertThat(
            print(
                """
                2b07002908d594ddbeddb0c64ea0f619147b2de8
                0107616c696365 370668000000 21047031 21047032
                """))
        .isEqualTo(
            """
            CoA-Request id 7 length 41 authenticator 0x08d594ddbeddb0c64ea0f619147b2de8
              User-Name = "alice"
              Event-Timestamp = "Apr 16 2025 19:07:44 UTC"
              Proxy-State = 0x7031
              Proxy-State = 0x7032
            """);
  }

  @Test
  void indentsTlvsAndNamesWhatIsWrong() throws MalformedException {
    assertThat(
            print(
                """
                28010033 00000000000000000000000000000000
                f1 17 09 0114 0612 20010db8ffff00000000000000000001
                f1 08 09 0105 0604 ff
                """))
        .isEqualTo(
            """
            Disconnect-Request id 1 length 51 authenticator 0x00000000000000000000000000000000
              Softwire46-Configuration
                Softwire46-MAP-E
                  Softwire46-MAP-E-BR = 2001:db8:ffff::1
              malformed: Softwire46-Configuration at offset 48: Softwire46-MAP-E: TLV 6 at offset 0 has length 4, more than the 3 that are left
            """);
  }
}
