package io.coagateway.das;

import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.wire.Octets;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

/** The line that says why a datagram got no answer. */
class DropLogTest {
  /** So that the address in it finds the one in the file: RFC 5952, not Java's long form. */
  @Test
  void writesAddressesAsTheConfigurationDoes() throws Exception {
    InetSocketAddress source = new InetSocketAddress(InetAddress.getByName("2001:db8::9"), 4711);
    assertThat(DropLog.text(DropReason.UNKNOWN_SOURCE, Octets.ofHex("2b07"), source, "", 3))
        .startsWith(
            "request-dropped reason=unknown-source: CoA-Request id 7 from 2001:db8::9 port 4711: ")
        .endsWith(" (3 more such lines were left out.)");
  }
}
