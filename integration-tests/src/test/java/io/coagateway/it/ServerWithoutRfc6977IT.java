package io.coagateway.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.lab.Gateway;
import io.coagateway.lab.GatewayConfiguration;
import io.coagateway.lab.Kea;
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
import java.util.List;
import org.junit.jupiter.api.Test;

/** Kea knows no message of type 18: it counts it and stays silent. The operator must be told. */
@Needs({"kea-dhcp6", "radclient"})
class ServerWithoutRfc6977IT {
  private static final Subscriber ALICE = new Subscriber(1);

  @Test
  void theCoaIsRefusedInTimeAndTheOperatorIsTold(Lab lab) throws IOException, InterruptedException {
    int serverPort = lab.freePort();
    int adminPort = lab.freePort();
    Kea kea = Kea.start(lab, Place.HERE, "lo/::1", serverPort);
    kea.lease(ALICE.address(), ALICE.duidWithColons(), 1);
    GatewayConfiguration configuration =
        new GatewayConfiguration(lab)
            .set("admin.listen", "127.0.0.1:" + adminPort)
            .set("radius.response-deadline", "5s")
            .server(
                "kea",
                "[::1]:" + serverPort,
                "rsoo-options",
                List.of("aftr-name"),
                "release",
                "none");
    Gateway gateway = new Gateway(lab, Place.HERE.asOrdinaryUser());
    gateway.importSubscribers(configuration.write(), ALICE.line());
    Peer process = gateway.run(configuration);

    long began = System.nanoTime();
    Radclient.Answer answer =
        Radclient.to(Place.HERE, configuration.radiusAddress()).coa(ALICE, "aftr.example.net");

    assertThat(answer.verdict()).as(answer.text()).isEqualTo("CoA-NAK 506");
    assertThat((System.nanoTime() - began) / 1e9).isBetween(4.0, 7.0);
    assertThat(kea.control("statistic-get", "{ \"name\": \"pkt6-unknown-received\" }").toString())
        .doesNotContain("[[0,"); // Kea did get it
    assertThat(gateway.export(configuration.write())).contains("\"options\":{}");
    process.awaitOutput("server-silent server=kea");
    String health =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + adminPort + "/health"))
                    .build(),
                HttpResponse.BodyHandlers.ofString())
            .body();
    assertThat(health).contains("kea", "does not know the message", "reconfigure: at-renew");
  }
}
