package io.coagateway.it;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;

/** The database fails under the gateway: requests are refused, it is said, and it recovers. */
class DatabaseFaultsIT {
  private static final Subscriber ALICE = new Subscriber(1);
  private static final int LAST = 999_999;
  private static final String DATABASE = "disk/subscribers.db"; // from the lab's directory

  private final HttpClient http = HttpClient.newHttpClient();
  private String admin;

  private GatewayConfiguration configuration(Lab lab, String database) {
    admin = "127.0.0.1:" + lab.freePort();
    return new GatewayConfiguration(lab)
        .set("admin.listen", admin)
        .set("subscribers.database", "jdbc:sqlite:" + database)
        .set("subscribers.lock-timeout", "500ms")
        .serverAtRenew("dhcp-1", "[::1]:" + lab.freePort());
  }

  private static String coa(GatewayConfiguration configuration, int n) {
    return Radclient.to(Place.HERE, configuration.radiusAddress())
        .coa(ALICE, "aftr%d.example.net".formatted(n))
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

    assertThat(gateway.export(configuration.write())).contains(aftr(4));
  }

  /**
   * A file system without a free page, under load. An open snapshot keeps the gateway from
   * beginning its log anew, so every change needs new pages sooner or later, and cannot have them.
   */
  @Test
  @Needs(
      value = {"radclient", "sqlite3", "unshare", "nsenter"},
      root = true)
  void theDiskIsFull(Lab lab) throws Exception {
    Peer disk = lab.smallDisk("disk", 24);
    Place seeing = Place.HERE.seeing(disk);
    GatewayConfiguration configuration = configuration(lab, DATABASE);
    List<Subscriber> others = IntStream.rangeClosed(101, 120).mapToObj(Subscriber::new).toList();
    Gateway gateway = new Gateway(lab, seeing.asOrdinaryUser());
    gateway.importSubscribers(
        configuration.write(),
        ALICE.line() + others.stream().map(Subscriber::line).collect(Collectors.joining()));
    gateway.run(configuration);
    Path filler =
        Path.of("/proc", Long.toString(disk.pid()), "root")
            .resolve("." + lab.directory())
            .resolve("disk/filler");

    Map<Integer, LoadDac.Known> known = new ConcurrentHashMap<>();
    try (LoadDac dac =
        new LoadDac(
            configuration.radiusPort(),
            known,
            new AtomicLong(100),
            LoadDac.once(Duration.ofSeconds(20)))) {
      dac.start(others);
      await().untilAsserted(() -> assertThat(dac.acknowledged()).isGreaterThan(100));
      assertThat(health()).isEqualTo(200);

      Peer snapshot = snapshot(lab, seeing);
      fill(filler);
      AtomicInteger asked = new AtomicInteger(); // another value each time, so that it is written
      await()
          .untilAsserted(
              () ->
                  assertThat(coa(configuration, asked.incrementAndGet())).isEqualTo("CoA-NAK 506"));
      await().untilAsserted(() -> assertThat(health()).isEqualTo(503));
      everyAckIsTrue(seeing, known);
      snapshot.kill();
      Files.delete(filler);

      await().untilAsserted(() -> assertThat(health()).isEqualTo(200));
      assertThat(coa(configuration, LAST)).isEqualTo("CoA-ACK");
      int before = dac.acknowledged();
      await().untilAsserted(() -> assertThat(dac.acknowledged()).isGreaterThan(before + 100));
      assertThat(dac.refusals().keySet()).containsExactly("506");
    }
    everyAckIsTrue(seeing, known);
    assertThat(gateway.export(configuration.write())).contains(aftr(LAST));
  }

  private static ConditionFactory await() {
    return Awaitility.await().atMost(Duration.ofSeconds(30));
  }

  /** A reader in the middle of its work, until it is killed; it waits for a writer of its pipe. */
  private static Peer snapshot(Lab lab, Place place) {
    return lab.start(
            "snapshot",
            place,
            "sh",
            "-c",
            "mkfifo pipe && exec sqlite3 \"$1\" BEGIN 'SELECT count(*) FROM subscriber'"
                + " '.system echo taken' '.read pipe'",
            "sh",
            DATABASE)
        .awaitOutput("taken");
  }

  /** The relay supplies nothing older than what was acknowledged before, nothing not asked for. */
  private static void everyAckIsTrue(Place place, Map<Integer, LoadDac.Known> known) {
    Map<Integer, LoadDac.Known> before = Map.copyOf(known);
    Map<Integer, Long> inForce =
        Command.run(
                place,
                "sqlite3",
                "-readonly",
                DATABASE,
                "SELECT substr(id, 10), hex(options) FROM relay_options WHERE options <> x''")
            .orFail()
            .out()
            .lines()
            .map(line -> line.split("\\|", -1))
            .collect(Collectors.toMap(w -> Integer.valueOf(w[0]), w -> number(w[1])));
    before.forEach(
        (n, said) ->
            assertThat(inForce.getOrDefault(n, 0L))
                .as("subscriber " + n)
                .isBetween(said.acknowledged(), known.get(n).asked()));
  }

  private static long number(String hex) {
    return LoadDac.number(new String(HexFormat.of().parseHex(hex), StandardCharsets.US_ASCII));
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

  private static String aftr(int n) {
    return HexFormat.of().formatHex(("aftr" + n).getBytes(StandardCharsets.US_ASCII));
  }
}
