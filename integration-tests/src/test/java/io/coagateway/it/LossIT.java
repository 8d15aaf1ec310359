package io.coagateway.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.lab.Command;
import io.coagateway.lab.Forwarder;
import io.coagateway.lab.Gateway;
import io.coagateway.lab.GatewayConfiguration;
import io.coagateway.lab.Lab;
import io.coagateway.lab.Needs;
import io.coagateway.lab.Place;
import io.coagateway.lab.Subscriber;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** A bad network between gateway and DHCPv6 server. */
@Needs("radclient")
@Isolated("loses so much that the time left is short")
class LossIT {
  private static final int SUBSCRIBERS = 40;

  @Test
  void everyRequestGetsOneAnswerThatTheTableAgreesWith(Lab lab) {
    int serverPort = lab.freePort();
    Forwarder network =
        Forwarder.to(lab, serverPort, new Forwarder.Weather(0.2, 0.1, 30), 20261121);
    GatewayConfiguration configuration =
        new GatewayConfiguration(lab)
            .set("radius.response-deadline", "10s")
            .server(
                "dhcp-1",
                "[::1]:" + network.port(),
                "release",
                "release-request",
                "rsoo-options",
                List.of("aftr-name"));
    Gateway gateway = new Gateway(lab, Place.HERE.asOrdinaryUser());
    List<Subscriber> subscribers =
        IntStream.rangeClosed(1, SUBSCRIBERS).mapToObj(Subscriber::new).toList();
    String lines = subscribers.stream().map(Subscriber::line).collect(Collectors.joining());
    gateway.importSubscribers(configuration.write(), lines);
    SimulatedServers.start(gateway, "server", serverPort, lines);
    gateway.run(configuration);

    // Each with a name of its own, so that no two share a message; all at once, sent once each.
    String requests =
        subscribers.stream()
            .map(
                subscriber ->
                    "User-Name = \"%s\"\nDS-Lite-Tunnel-Name = \"aftr%d.example.net\"\n\n"
                        .formatted(subscriber.userName(), subscriber.n()))
            .collect(Collectors.joining());
    Path file = lab.write("requests", requests);
    Command.Result result =
        Command.run(
            Place.HERE,
            lab.directory(),
            "",
            Duration.ofSeconds(60),
            List.of(
                "radclient",
                "-x",
                "-r",
                "1",
                "-t",
                "15",
                "-p",
                "64",
                "-f",
                file.toString(),
                configuration.radiusAddress(),
                "coa",
                "testing123"));

    long acknowledged = count(result.out(), "Received CoA-ACK");
    long refused = count(result.out(), "Received CoA-NAK");
    assertThat(acknowledged + refused).as(result.everything()).isEqualTo(SUBSCRIBERS);
    assertThat(network.lost()).isPositive();
    assertThat(network.duplicated()).isPositive();
    String table = gateway.export(configuration.write());
    assertThat(count(table, "\"64\":\"")).isEqualTo(acknowledged);
    // With five transmissions and 36 % of the round trips lost, a refusal is rare: 0.6 %.
    assertThat(acknowledged).isGreaterThan(SUBSCRIBERS * 3 / 4);
  }

  private static long count(String text, String part) {
    return Pattern.compile(Pattern.quote(part)).matcher(text).results().count();
  }
}
