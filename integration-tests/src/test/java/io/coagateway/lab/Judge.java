package io.coagateway.lab;

import java.util.List;
import java.util.Optional;

/**
 * Watches what a gateway sends in a test, whatever the test is about: tshark must have nothing
 * against any of its answers or DHCPv6 messages. The requests are captured with them, without which
 * tshark cannot check a Response Authenticator; they may be as bad as the test wants.
 */
final class Judge {
  /** More than a test sends that is not about load; a sample is enough there. */
  private static final int AT_MOST = 3000;

  private final Capture capture;
  private final String ours;

  private Judge(Capture capture, String ours) {
    this.capture = capture;
    this.ours = ours;
  }

  /** Starts to watch, if this machine lets us; it is no judge of a gateway behind other rights. */
  static Optional<Judge> watch(Lab lab, Place place, GatewayConfiguration configuration) {
    if (!Machine.isRoot()
        || Machine.find("tcpdump").isEmpty()
        || Machine.find("tshark").isEmpty()) {
      return Optional.empty();
    }
    StringBuilder filter = new StringBuilder("udp port " + configuration.radiusPort());
    StringBuilder ours = new StringBuilder("udp.srcport==" + configuration.radiusPort());
    for (int port : configuration.serverPorts()) {
      filter.append(" or udp dst port ").append(port);
      ours.append(" or udp.dstport==").append(port);
    }
    String where = place.namespace().isPresent() ? "any" : "lo";
    Capture capture =
        lab.capture(place.asRoot(), where, filter.toString()).radiusOn(configuration.radiusPort());
    configuration.serverPorts().forEach(capture::dhcpv6On);
    if (!configuration.hasOneSecret()) {
      capture.withoutSecret();
    }
    return Optional.of(new Judge(capture, ours.toString()));
  }

  /** How many packets of the gateway tshark dissected. */
  record Verdict(int packets, List<String> complaints) {}

  /** Dissects what the gateway sent. */
  Verdict verdict() {
    List<Packet> packets = capture.packets(ours, AT_MOST);
    List<String> complaints =
        packets.stream()
            .filter(packet -> !packet.complaints().isEmpty())
            .map(packet -> packet.complaints() + " in " + packet)
            .toList();
    return new Verdict(packets.size(), complaints);
  }
}
