package io.coagateway.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.lab.Command;
import io.coagateway.lab.Gateway;
import io.coagateway.lab.GatewayConfiguration;
import io.coagateway.lab.Lab;
import io.coagateway.lab.Needs;
import io.coagateway.lab.Place;
import io.coagateway.lab.Subscriber;
import java.io.IOException;
import java.net.DatagramSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Users' mistakes: one line each with file, place, value and cure; no stack trace, no start. */
@Needs
class BadInputIT {
  private static Gateway gateway(Lab lab) {
    return new Gateway(lab, Place.HERE.asOrdinaryUser());
  }

  private static GatewayConfiguration good(Lab lab) {
    return new GatewayConfiguration(lab)
        .server("dhcp-1", "[::1]:" + lab.freePort(), "release", "release-request");
  }

  private static Command.Result run(Lab lab, GatewayConfiguration configuration) {
    return gateway(lab).command("run", "--config", configuration.write().toString());
  }

  /** One line of the output holds all the words, and nothing looks like a crash. */
  private static void assertOneLine(Command.Result result, int exit, String... words) {
    assertThat(result.exit()).as(result.everything()).isEqualTo(exit);
    assertThat((result.out() + result.err()).lines())
        .as("a line with " + List.of(words) + " in " + result.everything())
        .anyMatch(line -> Arrays.stream(words).allMatch(line::contains));
    assertThat(result.everything()).doesNotContain("Exception", "\tat ");
  }

  @Test
  void aWrongKey(Lab lab) {
    assertOneLine(
        run(lab, good(lab).set("radius.response-dedline", "25s")),
        2,
        "gateway.yaml",
        "radius.response-dedline",
        "response-deadline");
  }

  @Test
  void aWrongType(Lab lab) {
    assertOneLine(
        run(lab, good(lab).set("radius.response-deadline", "soon")),
        2,
        "gateway.yaml",
        "radius.response-deadline",
        "\"soon\"");
  }

  @Test
  void severalAtOnceAreAllNamed(Lab lab) {
    Command.Result result =
        gateway(lab)
            .command(
                "check-config",
                "--config",
                good(lab)
                    .set("radius.response-deadline", "soon")
                    .set("dhcpv6.max-message-size", "big")
                    .write()
                    .toString());
    assertOneLine(result, 2, "radius.response-deadline");
    assertOneLine(result, 2, "dhcpv6.max-message-size");
  }

  @Test
  void aTableThatAnotherGatewayHas(Lab lab) throws IOException {
    gateway(lab).run(good(lab));
    Path link = lab.directory().resolve("link.db");
    Files.createSymbolicLink(link, lab.directory().resolve("subscribers.db"));
    for (String name : List.of("subscribers.db", "link.db")) {
      assertOneLine(
          run(lab, good(lab).set("subscribers.database", "jdbc:sqlite:" + name)),
          1,
          "subscribers.database",
          "another gateway runs with the database",
          "Stop that one");
    }
  }

  @Test
  void aPortInUse(Lab lab) throws IOException {
    GatewayConfiguration configuration = good(lab);
    try (DatagramSocket taken = new DatagramSocket(configuration.radiusPort())) {
      assertThat(taken.isBound()).isTrue();
      assertOneLine(
          run(lab, configuration), 1, Integer.toString(configuration.radiusPort()), "in use");
    }
  }

  @Test
  void anUnreadableSecretFile(Lab lab) throws IOException {
    Path secret = Files.writeString(Files.createTempFile("coa-lab-", ".secret"), "testing123");
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("---------"));
    try {
      Map<String, Object> client = new LinkedHashMap<>();
      client.put("name", "dac-1");
      client.put("addresses", List.of("127.0.0.1/32"));
      client.put("secret", "${file:" + secret + "}");
      assertOneLine(
          run(lab, good(lab).set("radius.clients", List.of(client))),
          2,
          "gateway.yaml",
          "radius.clients[0].secret",
          secret.toString());
    } finally {
      Files.delete(secret);
    }
  }

  @Test
  void aConfigurationThatIsNotThere(Lab lab) {
    assertOneLine(
        gateway(lab).command("run", "--config", "nowhere.yaml"),
        2,
        lab.directory().resolve("nowhere.yaml").toString());
  }

  @Test
  void aRecordWithABadDuid(Lab lab) {
    Path records =
        lab.write(
            "bad.ndjson",
            new Subscriber(1).line()
                + new Subscriber(2).line().replace(new Subscriber(2).duid(), "0003zz"));
    assertOneLine(
        gateway(lab)
            .command(
                "table", "--config", good(lab).write().toString(), "import", records.toString()),
        2,
        "bad.ndjson:2",
        "duid",
        "0003zz");
  }
}
