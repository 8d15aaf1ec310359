package io.coagateway.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.lab.Gateway;
import io.coagateway.lab.GatewayConfiguration;
import io.coagateway.lab.Lab;
import io.coagateway.lab.Needs;
import io.coagateway.lab.Peer;
import io.coagateway.lab.Place;
import io.coagateway.lab.Radclient;
import io.coagateway.lab.Subscriber;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The database fails under the gateway: requests are refused, it is said, and it recovers. */
class DatabaseFaultsIT {
  private static final Subscriber ALICE = new Subscriber(1);

  private final HttpClient http = HttpClient.newHttpClient();
  private String admin;

  private GatewayConfiguration configuration(Lab lab, String database) {
    admin = "127.0.0.1:" + lab.freePort();
    return new GatewayConfiguration(lab)
        .set("admin.listen", admin)
        .set("subscribers.database", "jdbc:sqlite:" + database)
        .set("subscribers.lock-timeout", "500ms")
        .server(
            "dhcp-1",
            "[::1]:" + lab.freePort(),
            "reconfigure",
            "at-renew", // acknowledged as soon as it is stored
            "release",
            "none",
            "rsoo-options",
            List.of("aftr-name"));
  }

  private static String coa(GatewayConfiguration configuration, int n) {
    return Radclient.to(Place.HERE, configuration.radiusAddress())
        .coa(
            "User-Name = \"" + ALICE.userName() + "\"",
            "DS-Lite-Tunnel-Name = \"aftr%d.example.net\"".formatted(n))
        .verdict();
  }

  private int health() {
    try {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://" + admin + "/health")).build();
      return http.send(request, HttpResponse.BodyHandlers.ofString()).statusCode();
    } catch (IOException e) {
      throw new AssertionError("/health", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private void refusesThenRecovers(GatewayConfiguration configuration, Fault fault)
      throws Exception {
    assertThat(coa(configuration, 1)).isEqualTo("CoA-ACK");
    assertThat(health()).isEqualTo(200);
    try (Ending present = fault.begin()) {
      assertThat(present).isNotNull();
      assertThat(coa(configuration, 2)).isEqualTo("CoA-NAK 506");
      Awaitility.await()
          .atMost(Duration.ofSeconds(10))
          .untilAsserted(() -> assertThat(health()).isEqualTo(503));
      assertThat(coa(configuration, 3)).isEqualTo("CoA-NAK 506");
    }
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(health()).isEqualTo(200));
    assertThat(coa(configuration, 4)).isEqualTo("CoA-ACK");
  }

  private interface Fault {
    /** Lasts until it is closed. */
    Ending begin() throws Exception;
  }

  private interface Ending extends AutoCloseable {
    @Override
    void close() throws IOException, SQLException;
  }

  @Test
  @Needs("radclient")
  void anotherProcessHoldsTheDatabase(Lab lab) throws Exception {
    GatewayConfiguration configuration = configuration(lab, "subscribers.db");
    Gateway gateway = new Gateway(lab, Place.HERE.asOrdinaryUser());
    gateway.importSubscribers(configuration.write(), ALICE.line());
    gateway.run(configuration);
    Path file = lab.directory().resolve("subscribers.db");

    refusesThenRecovers(
        configuration,
        () -> {
          Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
          try (Statement statement = connection.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
          }
          return connection::close; // which rolls back
        });

    assertThat(gateway.export(configuration.write())).contains(aftr4());
  }

  /** A file system of 24 MiB fills up under load: by the load itself, and by another's file. */
  @Test
  @Needs(
      value = {"radclient", "unshare", "nsenter"},
      root = true)
  void theDiskIsFull(Lab lab) throws Exception {
    Peer disk = lab.smallDisk("disk", 24);
    GatewayConfiguration configuration = configuration(lab, "disk/subscribers.db");
    List<Subscriber> others = IntStream.rangeClosed(101, 120).mapToObj(Subscriber::new).toList();
    Gateway gateway = new Gateway(lab, Place.HERE.asOrdinaryUser().seeing(disk));
    gateway.importSubscribers(
        configuration.write(),
        ALICE.line() + others.stream().map(Subscriber::line).collect(Collectors.joining()));
    gateway.run(configuration);
    Path there = Path.of("/proc", Long.toString(disk.pid()), "root").resolve("." + lab.directory());
    Path filler = there.resolve("disk/filler");

    Map<Integer, LoadDac.Known> known = new ConcurrentHashMap<>();
    try (LoadDac dac =
        new LoadDac(
            configuration.radiusPort(),
            known,
            new AtomicLong(100),
            LoadDac.once(Duration.ofSeconds(20)))) {
      dac.start(others);
      refusesThenRecovers(
          configuration,
          () -> {
            fill(filler);
            return () -> Files.delete(filler);
          });
      assertThat(dac.acknowledged()).isPositive();
      assertThat(dac.refusals().keySet()).containsExactly("506");
    }

    String export = gateway.export(configuration.write());
    assertThat(export).contains(aftr4());
    for (Subscriber other : others) {
      LoadDac.Known said = known.get(other.n());
      assertThat(inForce(export, other))
          .as(other.userName())
          .isBetween(said.acknowledged(), said.asked());
    }
  }

  private static void fill(Path file) throws IOException {
    byte[] zeros = new byte[64 << 10];
    try (OutputStream out = Files.newOutputStream(file)) {
      while (true) {
        out.write(zeros);
      }
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("No space left"); // so it is full
    }
    try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.APPEND)) {
      while (true) {
        out.write(0); // and the rest of the last page
      }
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("No space left");
    }
  }

  /** The number in the AFTR name of a subscriber in an exported table. */
  private static long inForce(String export, Subscriber subscriber) {
    String line =
        export
            .lines()
            .filter(l -> l.contains('"' + subscriber.userName() + '"'))
            .findFirst()
            .orElseThrow();
    String aftr = HexFormat.of().formatHex("aftr-".getBytes(StandardCharsets.US_ASCII));
    Matcher digits = Pattern.compile(aftr + "((?:3[0-9])+)").matcher(line);
    assertThat(digits.find()).as(line).isTrue();
    byte[] number = HexFormat.of().parseHex(digits.group(1));
    return Long.parseLong(new String(number, StandardCharsets.US_ASCII));
  }

  private static String aftr4() {
    return HexFormat.of().formatHex("aftr4".getBytes(StandardCharsets.US_ASCII));
  }
}
