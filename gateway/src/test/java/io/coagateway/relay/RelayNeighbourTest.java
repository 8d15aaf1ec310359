package io.coagateway.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.wire.Ipv6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RelayNeighbourTest {
  private static final InetAddress RELAYS = address("2001:db8:547::1");
  private static final InetAddress OWN = address("2001:db8:547::2");

  private static final String HEADER =
      "  sl  local_address                         remote_address        st tx_queue";
  private static final String RELAY =
      "  211: 00000000000000000000000000000000:0223 00000000000000000000000000000000:0000 07 0:0";
  private static final String CLIENT =
      "  210: 00000000000000000000000000000000:0222 00000000000000000000000000000000:0000 07 0:0";
  private static final String OTHER =
      "  209: B80D0120000047050000000002000000:0223 00000000000000000000000000000000:0000 07 0:0";

  private static final DhcpServer SERVER =
      DhcpServer.builder("isc", new InetSocketAddress(address("2001:db8:547::547"), 547)).build();

  private static InetAddress address(String text) {
    return Ipv6Address.parse(text).toInetAddress();
  }

  private static Optional<String> objection(InetAddress bind, int port, String... sockets) {
    return new RelayNeighbour(List.of(sockets), destination -> Optional.of(RELAYS))
        .objection(new InetSocketAddress(bind, port), SERVER);
  }

  @Test
  void objectsToTheAddressThatTheRelaySendsFrom() {
    assertThat(objection(RELAYS, 547, HEADER, CLIENT, RELAY))
        .hasValueSatisfying(
            words ->
                assertThat(words)
                    .contains("[2001:db8:547::1]:547 ", "server isc", "an address of its own"));
  }

  @Test
  void anAddressOfTheGatewaysOwnIsFree() {
    assertThat(objection(OWN, 547, HEADER, RELAY)).isEmpty();
  }

  @Test
  void anyAddressIsFreeWhereNoRelayIs() {
    assertThat(objection(RELAYS, 547, HEADER, CLIENT, OTHER)).isEmpty();
    assertThat(objection(RELAYS, 547)).isEmpty();
  }

  @Test
  void anotherPortTakesNothingFromTheRelay() {
    assertThat(objection(RELAYS, 10547, HEADER, RELAY)).isEmpty();
  }

  @Test
  void withoutARouteNothingCanBeSeen() {
    RelayNeighbour neighbour =
        new RelayNeighbour(List.of(HEADER, RELAY), destination -> Optional.empty());

    assertThat(neighbour.isThere()).isTrue();
    assertThat(neighbour.objection(new InetSocketAddress(RELAYS, 547), SERVER)).isEmpty();
  }
}
