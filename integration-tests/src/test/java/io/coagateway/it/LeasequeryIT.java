package io.coagateway.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.lab.Capture;
import io.coagateway.lab.Command;
import io.coagateway.lab.Gateway;
import io.coagateway.lab.GatewayConfiguration;
import io.coagateway.lab.Lab;
import io.coagateway.lab.Needs;
import io.coagateway.lab.Packet;
import io.coagateway.lab.Peer;
import io.coagateway.lab.Place;
import io.coagateway.lab.Radclient;
import io.coagateway.lab.Subscriber;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Recovery by BULK LEASEQUERY (RFC 5460), judged by tshark: its dissector is the only foreign
 * program on Debian 12 that knows the protocol.
 */
@Needs(
    value = {"tshark", "tcpdump"},
    root = true)
class LeasequeryIT {
  private static final Subscriber ALICE = new Subscriber(1);
  private static final Subscriber BOB = new Subscriber(2);
  private static final String RELAY_DUID = "0003000102005e0000bb";

  private static final int LEASEQUERY = 14;
  private static final int LEASEQUERY_REPLY = 15;
  private static final int LEASEQUERY_DONE = 16;

  @Test
  void recoverAsksByRelayIdAndTakesWhatTheServerKnows(Lab lab) {
    Setting setting = Setting.of(lab);
    setting.server(ALICE.line() + BOB.line());

    Command.Result result = setting.gateway.command("table", "--config", setting.file(), "recover");

    assertThat(result.exit()).as(result.everything()).isEqualTo(0);
    assertThat(result.out()).contains("clients told of: 4, records written: ");
    String table = setting.gateway.export(setting.configuration.write());
    assertThat(table).contains(ALICE.duid(), BOB.duid(), ALICE.address(), BOB.prefix());
    assertThat(table.lines()).hasSize(2).noneMatch(line -> line.contains("\"iaid\""));

    List<Packet> packets = setting.capture.await(1, packet -> isOf(packet, LEASEQUERY_DONE));
    Packet query = one(packets, LEASEQUERY);
    assertThat(query.value("dhcpv6.lq_query")).isEqualTo("3"); // by relay-id: RFC 5460 6.2
    assertThat(query.value("dhcpv6.lq_query_link_address")).isEqualTo("::");
    assertThat(query.value("tcp.dstport")).isEqualTo(Integer.toString(setting.port));
    assertThat(query.value("dhcpv6.bulk_leasequery.size"))
        .isEqualTo(Integer.toString(query.octets("tcp.payload") - 2)); // not counting itself
    assertThat(query.values("dhcpv6.option.type"))
        .containsExactly("1", "44", "53", "6"); // ORO inside the query
    assertThat(query.values("dhcpv6.duid.bytes").get(0).replace(":", "")).isEqualTo(RELAY_DUID);
    assertThat(query.payload("tcp.payload")).contains("0035000a" + RELAY_DUID);
    assertThat(query.values("dhcpv6.requested_option_code")).contains("47");
    assertNothingIsWrong(packets);
  }

  @Test
  void recoverGoesOnByLinkWhereTheServerKnowsNothingOfTheRelay(Lab lab) {
    Setting setting = Setting.of(lab);
    setting.server("");

    Command.Result result =
        setting.gateway.command(
            "table", "--config", setting.file(), "recover", "--remote-id", "9:0a0b0c");

    assertThat(result.exit()).as(result.everything()).isEqualTo(3); // by remote-id: refused
    assertThat(result.err())
        .contains("relay-id " + RELAY_DUID + ": nothing known")
        .contains("link-address 2001:db8:0:7::1: nothing known")
        .contains("remote-id", "refused, UnknownQueryType");
    List<Packet> packets =
        setting.capture.await(3, packet -> isOf(packet, LEASEQUERY_REPLY)).stream()
            .filter(packet -> isOf(packet, LEASEQUERY))
            .toList();
    assertThat(packets.stream().map(packet -> packet.value("dhcpv6.lq_query")))
        .containsExactly("3", "4", "5");
    assertThat(packets.stream().map(packet -> packet.value("dhcpv6.lq_query_link_address")))
        .containsExactly("::", "2001:db8:0:7::1", "::");
    assertThat(packets.get(2).payload("tcp.payload")).contains("00250007" + "00000009" + "0a0b0c");
    assertNothingIsWrong(packets);
  }

  @Test
  void anEmptyTableIsRecoveredAtStartAndAFullOneIsNot(Lab lab) {
    Setting setting = Setting.of(lab);
    setting.configuration.set("dhcpv6.leasequery.at-start", true);
    setting.server(ALICE.line() + BOB.line());

    Peer first = setting.gateway.run(setting.configuration);
    first.awaitOutput("recovery-ended clients=4 records=\\d+ incomplete=0");
    first.close();
    Peer second = setting.gateway.run(setting.configuration);
    String table =
        setting.gateway.export(setting.configuration.write()); // takes longer than asking
    second.close();

    assertThat(table).contains(ALICE.duid(), BOB.duid());
    assertThat(Pattern.compile("recovery-started").matcher(second.output()).results()).hasSize(1);
    List<Packet> packets = setting.capture.packets();
    assertThat(packets.stream().filter(packet -> isOf(packet, LEASEQUERY))).hasSize(1);
    assertNothingIsWrong(packets);
  }

  @Test
  @Needs("radclient")
  void whatWasRecoveredIsReleasedWithoutIaidWhereTheServerMayBeAsked(Lab lab) {
    Setting setting = Setting.of(lab, "release", "release-request", "without-iaid", "bare");
    setting.configuration.set("dhcpv6.leasequery.on-miss", "requests");
    setting.configuration.set("dhcpv6.leasequery.bind", "[::1]:" + lab.freePort());
    setting.server(ALICE.line() + BOB.line());
    setting.gateway.command("table", "--config", setting.file(), "recover").orFail();
    Capture udp = lab.capture(Place.HERE, "lo", "udp port " + setting.port);
    setting.gateway.run(setting.configuration);

    // by its address: the record is there, and nothing but its session was missing
    Radclient.Answer answer =
        Radclient.to(Place.HERE, setting.configuration.radiusAddress())
            .disconnect(FramedAddress.attributes(ALICE.address()));

    assertThat(answer.verdict()).as(answer.text()).isEqualTo("Disconnect-ACK");
    assertThat(setting.gateway.export(setting.configuration.write()))
        .doesNotContain(ALICE.duid())
        .contains(BOB.duid());
    List<Packet> sent = udp.dhcpv6On(setting.port).await(2, packet -> packet.speaks("dhcpv6"));
    // RELEASE-REQUEST, with IAADDR and IAPREFIX bare in CLIENT_DATA (RL-8, without-iaid: bare)
    assertThat(sent.get(0).payload())
        .startsWith("fa")
        .contains("0001000a" + ALICE.duid() + "00050018" + "20010db8000000070000000000001001")
        .doesNotContain("0003" + "0028");
  }

  private static boolean isOf(Packet packet, int type) {
    return packet.has("dhcpv6.bulk_leasequery.msgtype", type);
  }

  private static Packet one(List<Packet> packets, int type) {
    List<Packet> found = packets.stream().filter(packet -> isOf(packet, type)).toList();
    assertThat(found).hasSize(1);
    return found.get(0);
  }

  /** What we sent, that is: this tshark takes the message within LQ_RELAY_DATA for a text. */
  private static void assertNothingIsWrong(List<Packet> packets) {
    assertThat(packets.stream().filter(packet -> isOf(packet, LEASEQUERY)))
        .isNotEmpty()
        .allSatisfy(packet -> assertThat(packet.complaints()).isEmpty());
  }

  /** A gateway, and where its simulated server shall be. */
  private record Setting(
      Gateway gateway, GatewayConfiguration configuration, int port, Capture capture) {
    static Setting of(Lab lab, String... server) {
      int port = lab.freePort();
      GatewayConfiguration configuration =
          new GatewayConfiguration(lab)
              .server("sim", "[::1]:" + port, (Object[]) server)
              .set("dhcpv6.relay-id", RELAY_DUID)
              .set("dhcpv6.leasequery.port", port)
              .set("dhcpv6.leasequery.links", List.of("2001:db8:0:7::1"));
      return new Setting(
          new Gateway(lab, Place.HERE.asOrdinaryUser()),
          configuration,
          port,
          lab.capture(Place.HERE, "lo", "tcp port " + port).leasequeryOn(port));
    }

    void server(String records) {
      SimulatedServers.start(gateway, "sim", port, records, "--bulk-leasequery").awaitTcp(port);
    }

    String file() {
      return configuration.write().toString();
    }
  }
}
