package io.coagateway.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.dac.DynamicAuthorizationClient;
import io.coagateway.dac.Outcome;
import io.coagateway.dac.RequestContent;
import io.coagateway.lab.Gateway;
import io.coagateway.lab.GatewayConfiguration;
import io.coagateway.lab.Lab;
import io.coagateway.lab.Needs;
import io.coagateway.lab.Place;
import io.coagateway.lab.Subscriber;
import io.coagateway.radius.DynamicAuthorizationRequest.Kind;
import io.coagateway.radius.RadiusPacket;
import io.coagateway.radius.Secret;
import java.io.IOException;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Three servers: one dead, one that lists every second client, one that answers after two seconds
 * and lists every sixth. A client is handled when one reply does not list it (RFC 6977 section 6.6,
 * RQ-36); nobody waits for the dead one.
 */
@Needs
@Isolated("a server answers after two seconds, and whom a CoA waits for is judged by the clock")
class ThreeServersIT {
  private static final int SUBSCRIBERS = 60;
  private static final int LATE_MILLIS = 2000;
  private static final int COA_ACK = 44;
  private static final int COA_NAK = 45;

  /** What must become of a client, by who lists it. */
  private enum Fate {
    ACCEPTED_AT_ONCE,
    ACCEPTED_LATE,
    REFUSED_BY_BOTH;

    static Fate of(Subscriber subscriber) {
      if (subscriber.n() % 2 != 0) {
        return ACCEPTED_AT_ONCE;
      }
      return subscriber.n() % 6 != 0 ? ACCEPTED_LATE : REFUSED_BY_BOTH;
    }
  }

  private final List<Subscriber> subscribers =
      IntStream.rangeClosed(1, SUBSCRIBERS).mapToObj(Subscriber::new).toList();

  @Test
  void everyCoaGetsItsVerdictAndTheDeadServerDelaysNone(Lab lab) throws Exception {
    int dead = deadServer(lab);
    int listing = lab.freePort();
    int late = lab.freePort();
    GatewayConfiguration configuration = configuration(lab, dead, listing, late);
    Gateway gateway = new Gateway(lab, Place.HERE.asOrdinaryUser());
    gateway.importSubscribers(
        configuration.write(),
        subscribers.stream().map(Subscriber::line).collect(Collectors.joining()));
    startServer(gateway, "listing", listing, Subscriber.SERVER_DUID, 0, 2);
    startServer(gateway, "late", late, "0003000102005e0000bb", LATE_MILLIS, 6);
    gateway.run(configuration);

    try (DynamicAuthorizationClient client =
        DynamicAuthorizationClient.open(
            Loopback.port(configuration.radiusPort()), Secret.of("testing123"))) {
      Map<Fate, List<Double>> unknowing = round(client, "one");
      print("while nobody knows that the server is dead", unknowing);
      Map<Fate, List<Double>> knowing = round(client, "two");
      print("once it is known to be dead", knowing);

      // Not even the two seconds of the late one; and the dead one would have cost 25.
      assertThat(median(knowing.get(Fate.ACCEPTED_AT_ONCE))).isLessThan(LATE_MILLIS / 2.0);
      assertThat(knowing.get(Fate.ACCEPTED_LATE))
          .allSatisfy(millis -> assertThat(millis).isBetween(0.95 * LATE_MILLIS, 10_000.0));
      assertThat(median(knowing.get(Fate.REFUSED_BY_BOTH)))
          .as("a refusal waits for the late server only")
          .isCloseTo(
              median(knowing.get(Fate.ACCEPTED_LATE)),
              org.assertj.core.data.Offset.offset(LATE_MILLIS / 2.0));
      assertThat(unknowing.values())
          .allSatisfy(
              all -> assertThat(all).allSatisfy(millis -> assertThat(millis).isLessThan(12_000.0)));
    }
    assertThat(gateway.export(configuration.write()).lines())
        .hasSize(SUBSCRIBERS)
        .allSatisfy(
            line ->
                assertThat(line.contains("\"options\":{}"))
                    .isEqualTo(Fate.of(subscriberOf(line)) == Fate.REFUSED_BY_BOTH));
  }

  private Subscriber subscriberOf(String line) {
    return subscribers.stream()
        .filter(subscriber -> line.contains("\"" + subscriber.duid() + "\""))
        .findFirst()
        .orElseThrow();
  }

  /** A port that takes everything and never says a word; not even ICMP tells that it is dead. */
  private static int deadServer(Lab lab) throws IOException {
    DatagramChannel channel = lab.add(DatagramChannel.open());
    channel.bind(Loopback.port(0));
    return channel.socket().getLocalPort();
  }

  private static GatewayConfiguration configuration(Lab lab, int... ports) {
    GatewayConfiguration configuration = new GatewayConfiguration(lab);
    String[] names = {"dead", "listing", "late"};
    for (int i = 0; i < names.length; i++) {
      configuration.server(
          names[i],
          "[::1]:" + ports[i],
          "release",
          "release-request",
          "rate-limit",
          "1000/s",
          "rsoo-options",
          List.of("aftr-name"));
    }
    return configuration;
  }

  /** A simulated server that lists every {@code listed}th subscriber. */
  private void startServer(
      Gateway gateway, String name, int port, String duid, int delayMillis, int listed) {
    List<String> words = new ArrayList<>(List.of("simulate-server"));
    words.addAll(List.of("--listen", "[::1]:" + port, "--server-duid", duid));
    words.addAll(List.of("--accept-unknown-clients", "--rsoo-option", "aftr-name"));
    words.addAll(List.of("--delay", Integer.toString(delayMillis), "--no-reconfigure"));
    for (Subscriber subscriber : subscribers) {
      if (subscriber.n() % listed == 0) {
        words.addAll(List.of("--list-client", subscriber.duid()));
      }
    }
    gateway.start(name, port, words.toArray(String[]::new));
  }

  /** A CoA for each, all at once, each with a name of its own; milliseconds to the answers. */
  private Map<Fate, List<Double>> round(DynamicAuthorizationClient client, String name)
      throws Exception {
    Map<Subscriber, CompletableFuture<Outcome>> asked = new LinkedHashMap<>();
    for (Subscriber subscriber : subscribers) {
      String aftr = "aftr%d-%s.example.net".formatted(subscriber.n(), name);
      RequestContent request =
          RequestContent.of(Kind.COA, CoaAttributes.aftr(subscriber.userName(), aftr));
      asked.put(subscriber, client.send(request).toCompletableFuture());
    }
    Map<Fate, List<Double>> millis = new LinkedHashMap<>();
    for (Map.Entry<Subscriber, CompletableFuture<Outcome>> entry : asked.entrySet()) {
      Outcome outcome = entry.getValue().get(60, TimeUnit.SECONDS);
      assertThat(outcome).isInstanceOf(Outcome.Answered.class);
      Outcome.Answered answered = (Outcome.Answered) outcome;
      Fate fate = Fate.of(entry.getKey());
      RadiusPacket answer = answered.answer();
      assertThat(answer.code())
          .as(entry.getKey() + ", " + fate)
          .isEqualTo(fate == Fate.REFUSED_BY_BOTH ? COA_NAK : COA_ACK);
      if (fate == Fate.REFUSED_BY_BOTH) {
        assertThat(answer.octets().toString()).contains("6506000001f5"); // Error-Cause 501
      }
      millis.computeIfAbsent(fate, f -> new ArrayList<>()).add(answered.nanos() / 1e6);
    }
    return millis;
  }

  private static void print(String when, Map<Fate, List<Double>> millis) {
    System.out.println("Three servers, one dead: milliseconds to the answer, " + when);
    millis.forEach(
        (fate, all) ->
            System.out.printf(
                "  %-16s %3d CoAs: first %5.0f, median %5.0f, last %5.0f%n",
                fate.toString().toLowerCase(java.util.Locale.ROOT).replace('_', ' '),
                all.size(),
                all.stream().min(Double::compare).orElseThrow(),
                median(all),
                all.stream().max(Double::compare).orElseThrow()));
  }

  private static double median(List<Double> all) {
    return all.stream().sorted().toList().get(all.size() / 2);
  }
}
