package io.coagateway.it;

import io.coagateway.lab.Isp;
import io.coagateway.lab.Packet;
import java.util.List;
import java.util.Set;

/** What a relay saw of one client's first lease, as tshark dissects it. */
final class RelayedLease {
  private static final int RELAY_FORW = 12;

  private RelayedLease() {}

  /** The record as a relay would have learned it from the client's own messages. */
  static String record(List<Packet> packets, Set<String> leases) {
    Packet request =
        packets.stream()
            .filter(packet -> packet.isDhcpv6(RELAY_FORW) && packet.isDhcpv6(3))
            .findFirst()
            .orElseThrow(() -> new AssertionError("no relayed REQUEST"));
    List<String> duids = request.values("dhcpv6.duid.bytes");
    String server =
        duids.stream()
            .map(duid -> duid.replace(":", ""))
            .filter(duid -> !duid.equals(Isp.CLIENT_DUID))
            .findFirst()
            .orElseThrow(() -> new AssertionError("no Server-Id in " + duids));
    String prefix = leases.stream().filter(lease -> lease.contains("/")).findFirst().orElseThrow();
    String address =
        leases.stream().filter(lease -> !lease.contains("/")).findFirst().orElseThrow();
    List<String> iaids = request.values("dhcpv6.iaid");
    return """
        {"id":"acc0","duid":"%s","linkAddress":"%s","peerAddress":"%s","serverDuid":"%s",\
        "session":{"User-Name":["alice@example.net"]},\
        "ias":[{"type":"IA_NA","iaid":%d,"leases":["%s"]},\
        {"type":"IA_PD","iaid":%d,"leases":["%s"]}],"options":{}}
        """
        .formatted(
            Isp.CLIENT_DUID,
            Isp.LINK_ADDRESS,
            request.values("dhcpv6.peeraddr").get(0),
            server,
            Long.decode("0x" + iaids.get(0).replace("0x", "").replace(":", "")),
            address,
            Long.decode("0x" + iaids.get(1).replace("0x", "").replace(":", "")),
            prefix);
  }
}
