package io.coagateway.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.lab.Capture;
import io.coagateway.lab.FreeRadius;
import io.coagateway.lab.Kea;
import io.coagateway.lab.Lab;
import io.coagateway.lab.Needs;
import io.coagateway.lab.Netns;
import io.coagateway.lab.Packet;
import io.coagateway.lab.Place;
import io.coagateway.lab.Radclient;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The lab itself, on peers that talk to each other without us. */
class LabIT {
  @Test
  @Needs({"freeradius", "radclient"})
  void radclientIsAcknowledgedByFreeRadius(Lab lab) {
    int port = lab.freePort();
    FreeRadius.acknowledging(lab, Place.HERE, port);

    Radclient.Answer answer =
        Radclient.to(Place.HERE, "127.0.0.1:" + port).coa("User-Name = \"alice\"");

    assertThat(answer.verdict()).as(answer.text()).isEqualTo("CoA-ACK");
  }

  @Test
  @Needs({"freeradius", "radclient"})
  void aWrongSecretGetsNoAnswer(Lab lab) {
    int port = lab.freePort();
    FreeRadius.acknowledging(lab, Place.HERE, port);

    Radclient.Answer answer =
        Radclient.to(Place.HERE, "127.0.0.1:" + port)
            .withSecret("wrong")
            .sending(1, 1)
            .disconnect("User-Name = \"alice\"");

    assertThat(answer.verdict()).as(answer.text()).isEqualTo("none");
  }

  @Test
  @Needs(
      value = {"freeradius", "radclient", "tshark", "tcpdump", "ip", "ethtool"},
      root = true)
  void tsharkJudgesWhatRunsInANamespace(Lab lab) {
    Netns namespace = lab.namespace();
    Capture capture = lab.capture(namespace.place(), "lo", "udp");
    FreeRadius.acknowledging(lab, namespace.place(), 3799);

    Radclient.Answer answer =
        Radclient.to(namespace.place(), "127.0.0.1:3799")
            .coa("User-Name = \"alice\"", "Message-Authenticator = 0x00");

    assertThat(answer.verdict()).as(answer.text()).isEqualTo("CoA-ACK");
    List<Packet> packets = capture.await(1, packet -> packet.isRadius(44));
    assertThat(packets).hasSize(2);
    assertThat(packets.get(0).isRadius(43)).isTrue();
    assertThat(packets.get(0).values("radius.User_Name")).containsExactly("alice");
    assertThat(packets).allSatisfy(packet -> assertThat(packet.complaints()).isEmpty());
    // The judge must be able to find fault: with another secret the answer does not verify.
    assertThat(capture.secret("other").packets().get(1).complaints()).isNotEmpty();
  }

  @Test
  @Needs("kea-dhcp6")
  void keaKeepsLeasesInItsFile(Lab lab) {
    Kea kea = Kea.start(lab, Place.HERE, "lo/::1", lab.freePort());

    kea.lease("2001:db8:0:7::1000", "00:03:00:01:02:00:5e:10:00:07", 1);

    assertThat(kea.hasLease("IA_NA", "2001:db8:0:7::1000")).isTrue();
    assertThat(kea.hasLease("IA_NA", "2001:db8:0:7::1001")).isFalse();
    assertThat(kea.lifetimesInFile("2001:db8:0:7::1000")).containsExactly(4000);
  }
}
