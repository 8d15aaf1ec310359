package io.coagateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.coagateway.lab.Gateway;
import io.coagateway.lab.GatewayConfiguration;
import io.coagateway.lab.Lab;
import io.coagateway.lab.Needs;
import io.coagateway.lab.Peer;
import io.coagateway.lab.Place;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** A refused SIGHUP is seen by who does not read the log. */
@Needs
class ReloadIT {
  private static final String REFUSED = "the last reload was refused";

  private final HttpClient http = HttpClient.newHttpClient();
  private int adminPort;

  private String get(String path) {
    try {
      return http.send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + adminPort + path)).build(),
              BodyHandlers.ofString())
          .body();
    } catch (IOException e) {
      throw new AssertionError(path, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(path, e);
    }
  }

  @Test
  void aRefusedReloadIsInHealthAndMetricsUntilOneSucceeds(Lab lab) throws Exception {
    adminPort = lab.freePort();
    GatewayConfiguration configuration =
        new GatewayConfiguration(lab)
            .set("admin.listen", "127.0.0.1:" + adminPort)
            .serverAtRenew("dhcp-1", "[::1]:" + lab.freePort());
    Path file = configuration.write();
    String good = Files.readString(file);
    Peer running = new Gateway(lab, Place.HERE.asOrdinaryUser()).run(configuration);
    running.awaitOutput("started"); // the admin port comes after those of RADIUS
    assertThat(get("/health")).contains("\"status\":\"ok\"").doesNotContain(REFUSED);
    assertThat(get("/metrics")).contains("\ngateway_config_reload_successful 1.0\n");

    Files.writeString(file, good.replace("\"dhcp-1\"", "\"no name\""));
    running.signal("HUP");
    running.awaitOutput("reload-refused");
    await().untilAsserted(() -> assertThat(get("/health")).contains("\"ok\"", REFUSED));
    assertThat(get("/health")).doesNotContain("no name");
    assertThat(get("/metrics")).contains("\ngateway_config_reload_successful 0.0\n");

    Files.writeString(file, good);
    running.signal("HUP");
    running.awaitOutput("reloaded");
    await().untilAsserted(() -> assertThat(get("/health")).doesNotContain(REFUSED));
    assertThat(get("/metrics")).contains("\ngateway_config_reload_successful 1.0\n");
  }
}
