package io.coagateway.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.lab.Capture;
import io.coagateway.lab.Command;
import io.coagateway.lab.Gateway;
import io.coagateway.lab.GatewayConfiguration;
import io.coagateway.lab.IscDhcpd;
import io.coagateway.lab.Isp;
import io.coagateway.lab.Kea;
import io.coagateway.lab.Lab;
import io.coagateway.lab.Needs;
import io.coagateway.lab.Packet;
import io.coagateway.lab.Place;
import io.coagateway.lab.Radclient;
import io.coagateway.lab.Subscriber;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A Disconnect with servers that know neither draft: the lease must really be gone. */
class RelayedReleaseIT {
  @Test
  @Needs({"kea-dhcp6", "radclient"})
  void keaFreesAddressAndPrefix(Lab lab) {
    Subscriber alice = new Subscriber(1);
    Subscriber bob = new Subscriber(2);
    int serverPort = lab.freePort();
    Kea kea = Kea.start(lab, Place.HERE, "lo/::1", serverPort);
    for (Subscriber subscriber : List.of(alice, bob)) {
      kea.lease(subscriber.address(), subscriber.duidWithColons(), 1);
      kea.delegate(subscriber.prefix(), subscriber.duidWithColons(), 1);
    }
    GatewayConfiguration configuration =
        new GatewayConfiguration(lab)
            .server(
                "kea",
                "[::1]:" + serverPort,
                "release",
                "relayed-release",
                "honours-relay-port",
                true);
    Gateway gateway = new Gateway(lab, Place.HERE.asOrdinaryUser());
    gateway.importSubscribers(configuration.write(), alice.line() + bob.line());
    gateway.run(configuration);

    Radclient.Answer answer =
        Radclient.to(Place.HERE, configuration.radiusAddress())
            .disconnect("Acct-Session-Id = \"" + alice.session() + "\"");

    assertThat(answer.verdict()).as(answer.text()).isEqualTo("Disconnect-ACK");
    assertThat(kea.hasLease("IA_NA", alice.address())).isFalse();
    assertThat(kea.hasLease("IA_PD", alice.prefix())).isFalse();
    assertThat(kea.lifetimesInFile(alice.address())).containsExactly(4000, 0);
    assertThat(kea.lifetimesInFile(alice.prefix())).containsExactly(4000, 0);
    assertThat(kea.hasLease("IA_NA", bob.address())).isTrue();
    assertThat(gateway.export(configuration.write()))
        .doesNotContain(alice.duid())
        .contains(bob.duid());
  }

  @Test
  @Needs(
      value = {"dhcrelay", "ip", "ethtool"},
      root = true)
  void theAddressThatDhcrelaySendsFromIsRefusedAtStart(Lab lab) {
    Isp isp = Isp.build(lab);
    isp.relay(lab);
    GatewayConfiguration configuration =
        new GatewayConfiguration(lab)
            .server(
                "isc",
                "[" + Isp.SERVER_ADDRESS + "]:547",
                "bind",
                "[2001:db8:547::1]:547",
                "release",
                "relayed-release");

    Command.Result result =
        new Gateway(lab, isp.nas().place().asOrdinaryUser())
            .command("run", "--config", configuration.write().toString());

    assertThat(result.exit()).as(result.everything()).isEqualTo(1);
    assertThat(result.everything())
        .contains("[2001:db8:547::1]:547 ", "the relay on this machine", "an address of its own");
  }

  @Test
  @Needs(
      value = {"dhcpd", "dhcrelay", "dhclient", "radclient", "tshark", "tcpdump", "ip", "ethtool"},
      root = true)
  void iscDhcpdFreesWhatDhclientHadGotThroughDhcrelay(Lab lab) {
    Isp isp = Isp.build(lab);
    Place nas = isp.nas().place();
    Capture core = lab.capture(nas, "core0", "udp port 547");
    IscDhcpd dhcpd = IscDhcpd.start(lab, isp.server().place(), "srv0");
    isp.relay(lab);
    isp.lease(lab);
    assertThat(dhcpd.leases()).hasSize(2);
    Gateway gateway = new Gateway(lab, nas.asOrdinaryUser());
    GatewayConfiguration configuration =
        new GatewayConfiguration(lab)
            .server(
                "isc",
                "[" + Isp.SERVER_ADDRESS + "]:547",
                "bind",
                "[" + Isp.GATEWAY_ADDRESS + "]:547",
                "release",
                "relayed-release");
    gateway.importSubscribers(
        configuration.write(), RelayedLease.record(core.packets(), dhcpd.leases()));
    gateway.run(configuration);

    Radclient.Answer answer =
        Radclient.to(nas, configuration.radiusAddress())
            .disconnect("User-Name = \"alice@example.net\"");

    assertThat(answer.verdict()).as(answer.text()).isEqualTo("Disconnect-ACK");
    assertThat(dhcpd.leases())
        .allSatisfy(lease -> assertThat(dhcpd.bindingState(lease)).hasValue("released"));
    List<Packet> ours =
        core.packets().stream()
            .filter(packet -> packet.has("ipv6.src", Isp.GATEWAY_ADDRESS))
            .filter(packet -> packet.speaks("dhcpv6"))
            .toList();
    assertThat(ours).isNotEmpty();
    assertThat(ours)
        .allSatisfy(
            packet -> {
              assertThat(packet.complaints()).isEmpty();
              assertThat(packet.has("udp.checksum.status", "1")).isTrue();
              assertThat(packet.values("dhcpv6.msgtype")).containsExactly("12", "8");
              assertThat(packet.values("dhcpv6.linkaddr")).contains(Isp.LINK_ADDRESS);
            });
  }
}
