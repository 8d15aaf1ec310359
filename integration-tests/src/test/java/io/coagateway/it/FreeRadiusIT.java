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
import java.util.List;
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
