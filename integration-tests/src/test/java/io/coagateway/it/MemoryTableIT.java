package io.coagateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.coagateway.lab.Command;
import io.coagateway.lab.Gateway;
import io.coagateway.lab.GatewayConfiguration;
import io.coagateway.lab.Lab;
import io.coagateway.lab.Needs;
import io.coagateway.lab.Peer;
import io.coagateway.lab.Place;
import io.coagateway.lab.Radclient;
import io.coagateway.lab.Subscriber;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code database: memory}: a file brings the subscribers, and nothing is left on the disk. */
@Needs("radclient")
class MemoryTableIT {
  private static final Subscriber ALICE = new Subscriber(1);
  private static final Subscriber BOB = new Subscriber(2);
  private static final Subscriber CAROL = new Subscriber(3);

  /** AFTR_NAME aftr.example.net in RFC 1035's form. */
  private static final String AFTR = "\"64\":\"0461667472076578616d706c65036e657400\"";

  private static final String TOKEN = "0123456789abcdef0123456789abcdef";

  private final HttpClient http = HttpClient.newHttpClient();

  @Test
  void changesAndReleasesWhomAFileNames(Lab lab) throws Exception {
    int serverPort = lab.freePort();
    int admin = lab.freePort();
    Path file = lab.write("sessions.ndjson", ALICE.line() + BOB.line());
    GatewayConfiguration configuration =
        new GatewayConfiguration(lab)
            .server(
                "dhcp-1",
                "[::1]:" + serverPort,
                "rsoo-options",
                List.of("aftr-name"),
                "release",
                "release-request")
            .set("subscribers.database", "memory")
            .set("subscribers.file", file.toString())
            .set("subscribers.file-interval", "100ms")
            .set("admin.listen", "127.0.0.1:" + admin)
            .set("admin.token", TOKEN);
    Gateway gateway = new Gateway(lab, Place.HERE.asOrdinaryUser());
    Peer server =
        SimulatedServers.start(
            gateway, "server", serverPort, ALICE.line() + BOB.line() + CAROL.line());
    Peer running = gateway.run(configuration);
    assertThat(running.output()).contains("table-file-read lines=2 written=2 removed=0 bad=0");
    Radclient radclient = Radclient.to(Place.HERE, configuration.radiusAddress());

    Radclient.Answer changed = radclient.coa(ALICE, "aftr.example.net");
    assertThat(changed.verdict()).as(changed.text()).isEqualTo("CoA-ACK");
    server.awaitOutput("RECONFIGURE-REQUEST");
    assertThat(subscribers(admin)).contains(AFTR);

    Radclient.Answer released = radclient.disconnect("User-Name = " + BOB.userName());
    assertThat(released.verdict()).as(released.text()).isEqualTo("Disconnect-ACK");
    Radclient.Answer again = // with the same identifier by chance it would be a repetition
        radclient.disconnect("User-Name = " + BOB.userName(), "Proxy-State = 0x01");
    assertThat(again.verdict()).as(again.text()).isEqualTo("Disconnect-NAK 503");

    Files.writeString(file, CAROL.line(), StandardOpenOption.APPEND);
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> subscribers(admin).contains(CAROL.userName()));
    assertThat(radclient.coa(CAROL, "aftr.example.net").verdict()).isEqualTo("CoA-ACK");

    Command.Result export =
        gateway.command("table", "--config", configuration.write().toString(), "export");
    assertThat(export.exit()).isEqualTo(2);
    assertThat(export.err())
        .contains("in the memory of the running gateway")
        .contains("/subscribers");
    try (var files = Files.list(lab.directory())) {
      assertThat(files).noneMatch(path -> path.toString().contains(".db"));
    }

    running.stop(Duration.ofSeconds(20));
    Path state = Files.createDirectory(lab.directory().resolve("state")); // as systemd gives one
    Files.setPosixFilePermissions(state, PosixFilePermissions.fromString("rwxrwxrwx"));
    Peer second =
        gateway
            .runBy("again", List.of("env", "STATE_DIRECTORY=" + state), configuration)
            .awaitTcp(admin);
    second.awaitOutput("table-file-read lines=3 written=3 removed=0 bad=0");
    assertThat(subscribers(admin)).contains(BOB.userName()).doesNotContain(AFTR);
    second.stop(Duration.ofSeconds(20));
    assertThat(state).isDirectoryContaining("glob:**replay-memory*");
  }

  private String subscribers(int admin) throws IOException, InterruptedException {
    StringBuilder all = new StringBuilder();
    for (Subscriber one : List.of(ALICE, BOB, CAROL)) {
      HttpRequest asked =
          HttpRequest.newBuilder(
                  URI.create(
                      "http://127.0.0.1:%d/subscribers?User-Name=%s"
                          .formatted(admin, one.userName())))
              .header("Authorization", "Bearer " + TOKEN)
              .build();
      all.append(http.send(asked, HttpResponse.BodyHandlers.ofString()).body());
    }
    return all.toString();
  }
}
