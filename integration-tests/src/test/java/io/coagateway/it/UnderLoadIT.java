package io.coagateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.coagateway.lab.Gateway;
import io.coagateway.lab.GatewayConfiguration;
import io.coagateway.lab.Lab;
import io.coagateway.lab.Needs;
import io.coagateway.lab.Peer;
import io.coagateway.lab.Place;
import io.coagateway.lab.Radclient;
import io.coagateway.lab.Subscriber;
import io.coagateway.radius.PacketCode;
import io.coagateway.wire.MalformedException;
import io.coagateway.wire.Octets;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The gateway is reconfigured, or restarted, while requests come: none is lost, none is answered in
 * two ways, none is executed twice.
 */
@Needs("radclient")
class UnderLoadIT {
  private static final long PATIENCE_NANOS = 60_000_000_000L;
  private static final int DISCONNECT = PacketCode.DISCONNECT_REQUEST.number();
  private static final int COA = PacketCode.COA_REQUEST.number();
  private static final String OLD_SECRET = "the-old-secret-of-some-length";
  private static final String NEW_SECRET = "the-new-secret-of-some-length";

  /** Each executed request says so once, at its end. */
  private static final Pattern EXECUTED = Pattern.compile("(?m)request client=\\S+ id=");

  private final ExecutorService load = Executors.newCachedThreadPool();

  @AfterEach
  void stop() {
    load.shutdownNow();
  }

  private static String records(int subscribers) {
    return IntStream.rangeClosed(1, subscribers)
        .mapToObj(n -> new Subscriber(n).line())
        .collect(Collectors.joining());
  }

  private static long executed(Peer gateway) {
    return EXECUTED.matcher(gateway.output()).results().count();
  }

  private static Map<String, Object> client(String name, String address, Object secrets) {
    Map<String, Object> client = new LinkedHashMap<>();
    client.put("name", name);
    client.put("addresses", List.of(address));
    client.put("secrets", secrets);
    return client;
  }

  /** One after the other until told to stop; each round changes 50 subscribers. */
  private static final class Rounds implements Callable<Integer> {
    private final int port;
    private final String secret;
    private volatile boolean enough;

    Rounds(int port, String secret) {
      this.port = port;
      this.secret = secret;
    }

    void enough() {
      enough = true;
    }

    /** How many requests were sent, each with an ACK that fits its secret. */
    @Override
    public Integer call() throws Exception {
      int requests = 0;
      for (int round = 0; !enough; round++) {
        try (RepeatingClient client = new RepeatingClient(port, secret)) {
          for (int n = 1; n <= 50; n++) {
            String aftr = "aftr%d-%d.example.net".formatted(round, secret.hashCode() & 0xff);
            client.add(COA, CoaAttributes.aftr(new Subscriber(n).userName(), aftr));
          }
          client.sendAll(PATIENCE_NANOS);
          for (int n = 0; n < 50; n++) {
            Set<Octets> answers = client.answersTo(n);
            assertThat(answers).as("answers in round " + round).hasSize(1);
            assertThat(answers.iterator().next().u8(0)).isEqualTo(PacketCode.COA_ACK.number());
          }
          requests += 50;
        }
      }
      return requests;
    }
  }

  /** SIGHUP adds a DAC, rotates a secret in the way that the file recommends, changes limits. */
  @ParameterizedTest(name = "{0} processors")
  @ValueSource(ints = {Gateway.ONE_LOOP, Gateway.TWO_LOOPS})
  void aReloadUnderLoadLosesNothing(int processors, Lab lab) throws Exception {
    int serverPort = lab.freePort();
    String records = records(50);
    GatewayConfiguration configuration =
        new GatewayConfiguration(lab)
            .set("radius.clients", List.of(client("dac-1", "::1/128", List.of(OLD_SECRET))))
            .server(
                "dhcp-1",
                "[::1]:" + serverPort,
                "rate-limit",
                "50/s",
                "rsoo-options",
                List.of("aftr-name"));
    Gateway gateway = new Gateway(lab, Place.HERE.asOrdinaryUser(), processors);
    gateway.importSubscribers(configuration.write(), records);
    SimulatedServers.start(gateway, "server", serverPort, records);
    Peer running = gateway.run(configuration);
    Rounds old = new Rounds(configuration.radiusPort(), OLD_SECRET);
    Future<Integer> withOld = load.submit(old);
    awaitExecuted(running, 100);

    reload(
        running,
        1,
        configuration.set(
            "radius.clients",
            List.of(
                client("dac-1", "::1/128", List.of(NEW_SECRET, OLD_SECRET)),
                client("dac-2", "127.0.0.1/32", List.of("testing123-of-the-second-dac")))));
    Rounds fresh = new Rounds(configuration.radiusPort(), NEW_SECRET);
    Future<Integer> withNew = load.submit(fresh);
    Radclient.Answer second =
        Radclient.to(Place.HERE, configuration.radiusAddress())
            .withSecret("testing123-of-the-second-dac")
            .coa("User-Name = \"nobody@example.net\"", "DS-Lite-Tunnel-Name = \"a.example.net\"");
    assertThat(second.verdict()).as(second.text()).isEqualTo("CoA-NAK 503");
    old.enough();
    int requests = withOld.get(60, TimeUnit.SECONDS);

    Map<String, Object> limited = client("dac-1", "::1/128", List.of(NEW_SECRET));
    limited.put("rate-limit", "5000/s");
    reload(running, 2, configuration.set("radius.clients", List.of(limited)));
    awaitExecuted(running, executed(running) + 100);
    fresh.enough();
    requests += withNew.get(60, TimeUnit.SECONDS);

    assertThat(running.output())
        .doesNotContain("request-dropped")
        .doesNotContain("result=NAK cause=506");
    assertThat(executed(running)).as("each once, and the second DAC's").isEqualTo(requests + 1);
  }

  private static void reload(Peer running, int times, GatewayConfiguration configuration) {
    configuration.write();
    running.signal("HUP");
    running.await(
        "has reloaded",
        () -> Pattern.compile(" reloaded ").matcher(running.output()).results().count() == times);
  }

  private static void awaitExecuted(Peer running, long requests) {
    running.await("executes " + requests, () -> executed(running) >= requests);
  }

  /**
   * Two restarts while requests come, half of them Disconnects: what is in flight ends, what comes
   * meanwhile is left to its repetition, and the next process knows what was answered.
   */
  @ParameterizedTest(name = "{0} processors")
  @ValueSource(ints = {Gateway.ONE_LOOP, Gateway.TWO_LOOPS})
  void restartsUnderLoadExecuteNothingTwice(int processors, Lab lab) throws Exception {
    int groups = 4;
    int size = 60;
    String records = records(groups * size);
    int serverPort = lab.freePort();
    GatewayConfiguration configuration =
        new GatewayConfiguration(lab)
            .server(
                "dhcp-1",
                "[::1]:" + serverPort,
                "release",
                "release-request",
                "rate-limit",
                "15/s",
                "rsoo-options",
                List.of("aftr-name"));
    Gateway gateway = new Gateway(lab, Place.HERE.asOrdinaryUser(), processors);
    gateway.importSubscribers(configuration.write(), records);
    SimulatedServers.start(gateway, "server", serverPort, records);
    Peer first = gateway.run(configuration);
    List<RepeatingClient> clients = new ArrayList<>();
    for (int group = 0; group < groups; group++) {
      clients.add(lab.add(requests(configuration.radiusPort(), group * size, size)));
    }
    Future<?> answered =
        load.submit(
            () -> {
              for (RepeatingClient client : clients) {
                client.sendAll(PATIENCE_NANOS);
              }
              return null;
            });
    awaitExecuted(first, 20);
    assertThat(first.stop(Duration.ofSeconds(30))).as("a clean stop").isZero();
    await("some come while no gateway is there")
        .atMost(Duration.ofSeconds(20))
        .until(() -> unreachable(clients) > 0);
    Peer second = gateway.run(configuration);
    awaitExecuted(second, executed(second) + 20);
    assertThat(second.stop(Duration.ofSeconds(30))).isZero();
    Peer third = gateway.run(configuration);
    answered.get(90, TimeUnit.SECONDS);

    for (RepeatingClient client : clients) {
      client.repeatAll(1);
      for (int i = 0; i < size; i++) {
        assertThat(client.answersTo(i)).as("different answers to one request").hasSize(1);
        int code = client.answersTo(i).iterator().next().u8(0);
        assertThat(PacketCode.of(code))
            .hasValue(i % 2 == 0 ? PacketCode.DISCONNECT_ACK : PacketCode.COA_ACK);
      }
    }
    // All three write to one log.
    assertThat(executed(third)).as("each once, by one of three").isEqualTo((long) groups * size);
    assertThat(third.output())
        .contains("replay-memory-taken-over")
        .doesNotContain("stopped-undrained")
        .doesNotContain("result=NAK");
    assertThat(gateway.export(configuration.write()).lines()).hasSize(groups * size / 2);
  }

  private static int unreachable(List<RepeatingClient> clients) {
    return clients.stream().mapToInt(RepeatingClient::unreachable).sum();
  }

  private static RepeatingClient requests(int port, int from, int size)
      throws IOException, MalformedException {
    RepeatingClient client = new RepeatingClient(port, "testing123");
    for (int i = 0; i < size; i++) {
      String user = new Subscriber(from + i + 1).userName();
      Octets content =
          i % 2 == 0
              ? CoaAttributes.user(user)
              : CoaAttributes.aftr(user, "aftr%d.example.net".formatted(i));
      client.add(i % 2 == 0 ? DISCONNECT : COA, content.plus(CoaAttributes.eventTimestamp()));
    }
    return client;
  }
}
