package io.coagateway.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.lab.Command;
import io.coagateway.lab.Gateway;
import io.coagateway.lab.GatewayConfiguration;
import io.coagateway.lab.Lab;
import io.coagateway.lab.Needs;
import io.coagateway.lab.Place;
import io.coagateway.lab.Subscriber;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Requests that radclient cannot make, by Debian's pyrad: {@code lab/cases.py}. */
@Needs({"/usr/bin/python3", "/usr/lib/python3/dist-packages/pyrad"})
class PyradCasesIT {
  private static final Subscriber ALICE = new Subscriber(1);

  @Test
  void eachCaseGetsTheAnswerOfTheRfc(Lab lab) {
    int serverPort = lab.freePort();
    GatewayConfiguration configuration =
        new GatewayConfiguration(lab)
            .server(
                "dhcp-1",
                "[::1]:" + serverPort,
                "release",
                "release-request",
                "rsoo-options",
                List.of("aftr-name"),
                "rate-limit",
                "10000/s");
    Gateway gateway = new Gateway(lab, Place.HERE.asOrdinaryUser());
    gateway.importSubscribers(configuration.write(), ALICE.line());
    SimulatedServers.start(gateway, "server", serverPort, ALICE.line());
    gateway.run(configuration);
    Path script = lab.resource("cases.py");

    Command.Result result =
        Command.run(
            Place.HERE,
            lab.directory(),
            "",
            Duration.ofMinutes(2),
            List.of(
                "/usr/bin/python3",
                script.toString(),
                Integer.toString(configuration.radiusPort()),
                "testing123",
                ALICE.session()));

    assertThat(result.out().lines())
        .as(result.everything())
        .containsExactly(
            "signed request, signed answer: CoA-ACK signed",
            "unsigned request, unsigned answer: CoA-ACK",
            "two Message-Authenticators: none",
            "wrong Message-Authenticator: none",
            "padding after Length: CoA-ACK signed",
            "cut before Length: none",
            "attribute with Length 1: none",
            "Access-Request: none",
            "Proxy-State in order: CoA-ACK p1 signed",
            "first time: CoA-ACK signed",
            "the same again: CoA-ACK signed",
            "the same octets: True",
            "the same Identifier, another request: CoA-ACK signed",
            "a replay from another port: CoA-ACK signed",
            "256 Identifiers from one port: 256 answers, ['CoA-ACK signed']");
  }
}
