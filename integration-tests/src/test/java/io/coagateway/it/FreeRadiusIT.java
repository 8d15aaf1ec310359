package io.coagateway.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.lab.FreeRadius;
import io.coagateway.lab.Gateway;
import io.coagateway.lab.GatewayConfiguration;
import io.coagateway.lab.Lab;
import io.coagateway.lab.Needs;
import io.coagateway.lab.Peer;
import io.coagateway.lab.Place;
import io.coagateway.lab.Radclient;
import io.coagateway.lab.Subscriber;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** FreeRADIUS as the dynamic authorization client: accounting makes it originate requests. */
@Needs({"freeradius", "radclient"})
class FreeRadiusIT {
  private static final Subscriber ALICE = new Subscriber(1);

  /** The lab's FreeRADIUS, with its like as the server: what the tests below rely on. */
  @Test
  void itOriginatesCoaAndDisconnectFromAccounting(Lab lab) {
    int port = lab.freePort();
    FreeRadius.acknowledging(lab, Place.HERE, port);
    originate(lab, port);
  }

  @Test
  void itsCoaAndDisconnectAreAcknowledgedByTheGateway(Lab lab) {
    int serverPort = lab.freePort();
    GatewayConfiguration configuration =
        new GatewayConfiguration(lab)
            .server(
                "dhcp-1",
                "[::1]:" + serverPort,
                "release",
                "release-request",
                "rsoo-options",
                List.of("aftr-name"));
    Gateway gateway = new Gateway(lab, Place.HERE.asOrdinaryUser());
    gateway.importSubscribers(configuration.write(), ALICE.line());
    SimulatedServers.start(gateway, "server", serverPort, ALICE.line());
    gateway.run(configuration);
    originate(lab, configuration.radiusPort());
  }

  @Test
  @DisplayName("README, With FreeRADIUS and Kea: what it tells to write into FreeRADIUS")
  void whatTheReadmeSaysOriginatesACoaAndADisconnect(Lab lab) throws IOException {
    int dasPort = lab.freePort();
    FreeRadius.acknowledging(lab, Place.HERE, dasPort);
    List<String> blocks =
        Pattern.compile("(?ms)^```text\\n(.*?)^```$")
            .matcher(Files.readString(Gateway.top().resolve("README.md")))
            .results()
            .map(block -> block.group(1))
            .toList();
    assertThat(blocks).hasSize(2);
    String homeServers =
        blocks.get(0).replace("192.0.2.1", "127.0.0.1").replace("3799", String.valueOf(dasPort));
    assertThat(homeServers).contains("127.0.0.1", String.valueOf(dasPort));
    String disconnect =
        blocks
            .get(1)
            .replace("update coa", "update disconnect")
            .replaceAll("(?m)^.*DS-Lite-Tunnel-Name.*\\n", "");
    String accounting =
        "if (&Class == 0x636f61) {\n%s}\nelse {\n%s}".formatted(blocks.get(1), disconnect);
    int accountingPort = lab.freePort();
    Peer freeRadius =
        FreeRadius.asDocumented(lab, Place.HERE, accountingPort, homeServers, accounting);
    Radclient nas = Radclient.to(Place.HERE, "127.0.0.1:" + accountingPort);

    account(nas, "0x636f61");
    freeRadius.awaitOutput("Received CoA-ACK Id \\d+ from 127.0.0.1:" + dasPort);
    account(nas, "0x646973");
    freeRadius.awaitOutput("Received Disconnect-ACK Id \\d+ from 127.0.0.1:" + dasPort);
  }

  private static void originate(Lab lab, int dasPort) {
    int accountingPort = lab.freePort();
    Peer freeRadius = FreeRadius.originating(lab, Place.HERE, accountingPort, dasPort);
    Radclient nas = Radclient.to(Place.HERE, "127.0.0.1:" + accountingPort);

    account(nas, "0x636f61");
    freeRadius.awaitOutput("Received CoA-ACK Id \\d+ from 127.0.0.1:" + dasPort);
    account(nas, "0x646973");
    freeRadius.awaitOutput("Received Disconnect-ACK Id \\d+ from 127.0.0.1:" + dasPort);
  }

  private static void account(Radclient nas, String reason) {
    Radclient.Answer answer =
        nas.accounting(
            "User-Name = \"" + ALICE.userName() + "\"",
            "Acct-Session-Id = \"" + ALICE.session() + "\"",
            "Acct-Status-Type = Interim-Update",
            "NAS-Identifier = \"nas1.example.net\"",
            "Filter-Id = \"aftr.example.net\"",
            "Class = " + reason);
    assertThat(answer.verdict()).as(answer.text()).isEqualTo("Accounting-Response");
  }
}
