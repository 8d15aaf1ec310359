package io.coagateway.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.lab.Capture;
import io.coagateway.lab.IscDhcpd;
import io.coagateway.lab.Isp;
import io.coagateway.lab.Lab;
import io.coagateway.lab.Needs;
import org.junit.jupiter.api.Test;

/** The lab's ISP without us: a first lease from ISC dhcpd through dhcrelay. */
@Needs(
    value = {"dhcpd", "dhcrelay", "dhclient", "tshark", "tcpdump", "ip", "ethtool"},
    root = true)
class IspIT {
  @Test
  void aSubscriberGetsAnAddressAndAPrefix(Lab lab) {
    Isp isp = Isp.build(lab);
    Capture core = lab.capture(isp.nas().place(), "core0", "udp port 547");
    IscDhcpd server = IscDhcpd.start(lab, isp.server().place(), "srv0");
    isp.relay(lab);

    isp.lease(lab);

    assertThat(server.leases()).hasSize(2);
    assertThat(server.leases())
        .allSatisfy(lease -> assertThat(server.bindingState(lease)).hasValue("active"));
    assertThat(core.packets())
        .isNotEmpty()
        .allSatisfy(packet -> assertThat(packet.complaints()).isEmpty());
  }
}
