package io.coagateway.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.time.ManualTime;
import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.Octets;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Where a RECONFIGURE that came back to us goes (RFC 8415 section 19.2). */
class LinkDeliveryTest {
  private static final Ipv6Address LINK = Ipv6Address.parse("2001:db8:0:7::1");
  private static final Ipv6Address PEER = Ipv6Address.parse("fe80::7");
  private static final Octets MESSAGE = Octets.ofHex("0a000000");

  private final ManualTime time = new ManualTime();
  private final List<InetSocketAddress> sent = new ArrayList<>();
  private final Map<String, Integer> byName = new HashMap<>(Map.of("eth7", 7));
  private final Map<Ipv6Address, Integer> byAddress = new HashMap<>(Map.of(LINK, 8));
  private int lookedUp;

  private final LinkDelivery delivery =
      new LinkDelivery(
          new DatagramPort() {
            @Override
            public void send(Octets datagram, InetSocketAddress to) {
              assertThat(datagram).isEqualTo(MESSAGE);
              sent.add(to);
            }

            @Override
            public void flush() {}

            @Override
            public InetSocketAddress local() {
              return new InetSocketAddress("::", 40000);
            }
          },
          time,
          new LinkDelivery.Interfaces() {
            @Override
            public OptionalInt named(String name) {
              return index(byName.get(name));
            }

            @Override
            public OptionalInt withAddress(Ipv6Address address) {
              return index(byAddress.get(address));
            }

            private OptionalInt index(Integer found) {
              lookedUp++;
              return found == null ? OptionalInt.empty() : OptionalInt.of(found);
            }
          });

  private int deliver(Optional<String> interfaceName, Ipv6Address linkAddress) {
    sent.clear();
    if (delivery.deliver(MESSAGE, PEER, 546, interfaceName, linkAddress)
        == ClientDelivery.Delivery.NO_INTERFACE) {
      assertThat(sent).isEmpty();
      return -1;
    }
    assertThat(sent).hasSize(1);
    assertThat(sent.get(0).getPort()).isEqualTo(546);
    Inet6Address to = (Inet6Address) sent.get(0).getAddress();
    assertThat(Ipv6Address.of(to)).contains(PEER);
    return to.getScopeId();
  }

  @Test
  @DisplayName("by Interface-Id where there is one, else by link-address")
  void findsTheLink() {
    assertThat(deliver(Optional.of("eth7"), LINK)).isEqualTo(7);
    assertThat(deliver(Optional.empty(), LINK)).isEqualTo(8);
    assertThat(deliver(Optional.empty(), Ipv6Address.UNSPECIFIED)).isEqualTo(-1);
    assertThat(deliver(Optional.empty(), Ipv6Address.parse("2001:db8:0:9::1"))).isEqualTo(-1);
  }

  @Test
  @DisplayName("an Interface-Id that names none is not passed over for the link-address")
  void anUnknownInterfaceIdIsNoLink() {
    assertThat(deliver(Optional.of("1/1/7"), LINK)).isEqualTo(-1);
    assertThat(deliver(Optional.of(""), LINK)).isEqualTo(-1);
  }

  @Test
  void aGlobalAddressNeedsNoLink() {
    Ipv6Address global = Ipv6Address.parse("2001:db8::77");
    assertThat(delivery.deliver(MESSAGE, global, 547, Optional.empty(), Ipv6Address.UNSPECIFIED))
        .isEqualTo(ClientDelivery.Delivery.SENT);
    assertThat(sent).containsExactly(new InetSocketAddress(global.toInetAddress(), 547));
    assertThat(lookedUp).isZero();
  }

  @Test
  void whatWasFoundOrNotIsKnownForTenSeconds() {
    assertThat(deliver(Optional.empty(), LINK)).isEqualTo(8);
    assertThat(deliver(Optional.of("eth9"), LINK)).isEqualTo(-1);
    byAddress.put(LINK, 9);
    byName.put("eth9", 10);
    time.pass(Duration.ofMillis(9_999));
    assertThat(deliver(Optional.empty(), LINK)).isEqualTo(8);
    assertThat(deliver(Optional.of("eth9"), LINK)).isEqualTo(-1);
    assertThat(lookedUp).isEqualTo(2);
    time.pass(Duration.ofMillis(1));
    assertThat(deliver(Optional.empty(), LINK)).isEqualTo(9);
    assertThat(deliver(Optional.of("eth9"), LINK)).isEqualTo(10);
  }

  /** On a NAS all interfaces may have fe80::1 (RFC 4007 section 6). */
  @Test
  void aLinkLocalAddressNamesALinkWhenOneInterfaceHasIt() throws SocketException {
    assertThat(LinkDelivery.onlyOne()).isEmpty();
    assertThat(LinkDelivery.onlyOne(7)).hasValue(7);
    assertThat(LinkDelivery.onlyOne(7, 8)).isEmpty();
    LinkDelivery.Interfaces here = LinkDelivery.here();
    assertThat(here.withAddress(Ipv6Address.parse("fe80::dead:1"))).isEmpty();
    Map<Ipv6Address, List<Integer>> having = new HashMap<>();
    for (NetworkInterface one : Collections.list(NetworkInterface.getNetworkInterfaces())) {
      one.inetAddresses()
          .filter(InetAddress::isLinkLocalAddress)
          .flatMap(address -> Ipv6Address.of(address).stream())
          .forEach(
              address ->
                  having.computeIfAbsent(address, a -> new ArrayList<>()).add(one.getIndex()));
    }
    for (Map.Entry<Ipv6Address, List<Integer>> one : having.entrySet()) {
      OptionalInt expected =
          one.getValue().size() == 1 ? OptionalInt.of(one.getValue().get(0)) : OptionalInt.empty();
      assertThat(here.withAddress(one.getKey())).isEqualTo(expected);
    }
  }

  @Test
  @DisplayName("on this machine: loopback by name; by its address not, as no client is there")
  void asksTheSystem() throws SocketException {
    Ipv6Address loopback = Ipv6Address.parse("::1");
    NetworkInterface named = NetworkInterface.getByInetAddress(loopback.toInetAddress());
    LinkDelivery.Interfaces here = LinkDelivery.here();
    assertThat(here.named(named.getName())).hasValue(named.getIndex());
    assertThat(here.named("")).isEmpty();
    assertThat(here.named("no-such-if")).isEmpty();
    assertThat(here.withAddress(loopback)).isEmpty();
    assertThat(here.withAddress(LINK)).isEmpty();
  }
}
