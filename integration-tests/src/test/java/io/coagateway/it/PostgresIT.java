package io.coagateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.coagateway.dac.Retransmission;
import io.coagateway.lab.Gateway;
import io.coagateway.lab.GatewayConfiguration;
import io.coagateway.lab.Lab;
import io.coagateway.lab.Needs;
import io.coagateway.lab.Peer;
import io.coagateway.lab.Place;
import io.coagateway.lab.Postgres;
import io.coagateway.lab.Subscriber;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The table in PostgreSQL: the server goes and comes back, and two gateways share it. */
@Needs("/usr/lib/postgresql")
class PostgresIT {
  private static final int SUBSCRIBERS = 20;
  private static final Retransmission ONCE = LoadDac.once(Duration.ofSeconds(10));
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final List<Subscriber> subscribers =
      IntStream.rangeClosed(1, SUBSCRIBERS).mapToObj(Subscriber::new).toList();
  private final String records =
      subscribers.stream().map(Subscriber::line).collect(Collectors.joining());
  private final Map<Integer, LoadDac.Known> known = new ConcurrentHashMap<>();
  private final AtomicLong numbers = new AtomicLong();

  private static GatewayConfiguration configuration(
      Lab lab, Postgres postgres, WatchedServer server, String name) {
    return postgres
        .in(new GatewayConfiguration(lab), name)
        .set("subscribers.connect-timeout", "500ms")
        .set("radius.response-deadline", "5s")
        .server(
            "dhcp-1",
            "[::1]:" + server.port(),
            "rate-limit",
            "5000/s",
            "rsoo-options",
            List.of("aftr-name"));
  }

  @Test
  void nothingAcknowledgedIsLostWhenTheServerGoesAndComesBackUnderLoad(Lab lab) throws Exception {
    Postgres postgres = Postgres.start(lab);
    WatchedServer server = WatchedServer.start(lab, records, Set.of(), Set.of());
    GatewayConfiguration configuration = configuration(lab, postgres, server, "one");
    Gateway gateway = new Gateway(lab, Place.HERE.asOrdinaryUser());
    gateway.importSubscribers(configuration.write(), records);
    Peer running = gateway.run(configuration);
    try (LoadDac dac = new LoadDac(configuration.radiusPort(), known, numbers, ONCE)) {
      dac.start(subscribers);
      await().atMost(PATIENCE).until(() -> dac.acknowledged() > 200);
      postgres.crash();
      int before = dac.acknowledged();
      await().atMost(PATIENCE).until(() -> dac.refusals().getOrDefault("506", 0) >= SUBSCRIBERS);
      assertThat(dac.refusals()).containsOnlyKeys("506");
      running.awaitOutput("database-away ");
      int without = dac.acknowledged();
      postgres.start();
      running.awaitOutput("database-back");
      await().atMost(PATIENCE).until(() -> dac.acknowledged() > without + 200);
      System.out.printf(
          "PostgreSQL away: %d acknowledged before, %d after it had stopped, %d in all; %d NAK %s%n",
          before, without - before, dac.acknowledged(), dac.refused(), dac.refusals());
    }
    await().atMost(PATIENCE).until(() -> postgres.ask("SELECT count(*) FROM pending").equals("0"));
    assertNothingIsLost(postgres);
    assertThat(running.output()).doesNotContain(Postgres.PASSWORD);
  }

  @Test
  void twoGatewaysNeverWorkOnOneSubscriberAtATime(Lab lab) throws Exception {
    Postgres postgres = Postgres.start(lab);
    WatchedServer server =
        WatchedServer.start(lab, records, Set.of(), Set.of(), Duration.ofMillis(20));
    GatewayConfiguration first = configuration(lab, postgres, server, "one");
    Gateway gateway = new Gateway(lab, Place.HERE.asOrdinaryUser());
    gateway.importSubscribers(first.write(), records);
    gateway.run(first);
    GatewayConfiguration second = configuration(lab, postgres, server, "two");
    gateway.start("gateway-two", second.radiusPort(), "run", "--config", second.write().toString());
    Map<Integer, LoadDac.Known> other = new ConcurrentHashMap<>();
    try (LoadDac one = new LoadDac(first.radiusPort(), known, numbers, ONCE);
        LoadDac two = new LoadDac(second.radiusPort(), other, numbers, ONCE)) {
      one.start(subscribers);
      two.start(subscribers);
      await().atMost(PATIENCE).until(() -> one.acknowledged() > 300 && two.acknowledged() > 300);
      System.out.printf(
          "Two gateways, %d subscribers: %d and %d acknowledged, %s and %s refused; %d messages, %d"
              + " exchanges of a client beside another%n",
          SUBSCRIBERS,
          one.acknowledged(),
          two.acknowledged(),
          one.refusals(),
          two.refusals(),
          server.requests(),
          server.overlaps());
    }
    assertThat(server.overlaps()).isZero();
    await().atMost(PATIENCE).until(() -> postgres.ask("SELECT count(*) FROM pending").equals("0"));
    for (Subscriber subscriber : subscribers) {
      Set<Long> possible = new HashSet<>();
      for (Map<Integer, LoadDac.Known> each : List.of(known, other)) {
        LoadDac.Known said = each.get(subscriber.n());
        possible.add(said.acknowledged());
        possible.add(said.asked()); // its answer may not have been waited for
      }
      assertThat(possible).as(subscriber.userName()).contains(inForce(postgres, subscriber));
    }
  }

  private void assertNothingIsLost(Postgres postgres) throws SQLException {
    for (Subscriber subscriber : subscribers) {
      LoadDac.Known said = known.get(subscriber.n());
      assertThat(inForce(postgres, subscriber))
          .as(subscriber.userName())
          .isBetween(said.acknowledged(), said.asked());
    }
  }

  /** The number in the AFTR name that the relay supplies, 0 when there is none. */
  private static long inForce(Postgres postgres, Subscriber subscriber) throws SQLException {
    String options =
        postgres.ask(
            "SELECT encode(options, 'escape') FROM relay_options WHERE id = 'port-1/1/%d'"
                .formatted(subscriber.n()));
    return LoadDac.number(options);
  }
}
