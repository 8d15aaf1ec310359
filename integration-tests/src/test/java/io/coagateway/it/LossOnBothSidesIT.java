package io.coagateway.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.coagateway.dhcpv6.DomainName;
import io.coagateway.dhcpv6.Duid;
import io.coagateway.lab.Forwarder;
import io.coagateway.lab.Forwarder.Weather;
import io.coagateway.lab.Gateway;
import io.coagateway.lab.GatewayConfiguration;
import io.coagateway.lab.Lab;
import io.coagateway.lab.Needs;
import io.coagateway.lab.Place;
import io.coagateway.lab.Subscriber;
import io.coagateway.wire.OctetWriter;
import io.coagateway.wire.Octets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * A bad network on either side of the gateway: three in ten datagrams are lost each way, one in ten
 * comes twice, they overtake each other, and on the RADIUS side one in twenty has a bit turned over
 * (DHCPv6 has nothing but UDP's checksum against that). CoA- and Disconnect-Requests, of which the
 * server refuses some and some run out of time.
 */
@Needs
@Isolated("loses so much that the time left is short")
class LossOnBothSidesIT {
  private static final int SUBSCRIBERS = 200;
  private static final Weather BAD = new Weather(0.3, 0.1, 40);
  private static final Weather WORSE = new Weather(0.3, 0.1, 0.05, 40);
  private static final long PATIENCE_NANOS = 40_000_000_000L;
  private static final int DISCONNECT_REQUEST = 40;
  private static final int DISCONNECT_ACK = 41;
  private static final int COA_REQUEST = 43;
  private static final int COA_ACK = 44;

  private final List<Subscriber> subscribers =
      IntStream.rangeClosed(1, SUBSCRIBERS).mapToObj(Subscriber::new).toList();

  /** Every fourth is disconnected, the others get a new AFTR. */
  private static boolean isDisconnected(Subscriber subscriber) {
    return subscriber.n() % 4 == 0;
  }

  /** The server will not do it for every tenth. */
  private static boolean isRefused(Subscriber subscriber) {
    return subscriber.n() % 10 == 0 || subscriber.n() % 10 == 3;
  }

  private static String aftr(Subscriber subscriber) {
    return "aftr%d.example.net".formatted(subscriber.n());
  }

  @Test
  void everyRequestHasOneVerdictThatServerAndTableAgreeWith(Lab lab) throws Exception {
    String records = subscribers.stream().map(Subscriber::line).collect(Collectors.joining());
    Set<Duid> refused =
        subscribers.stream()
            .filter(LossOnBothSidesIT::isRefused)
            .map(subscriber -> Duid.ofHex(subscriber.duid()))
            .collect(Collectors.toSet());
    WatchedServer server = WatchedServer.start(lab, records, refused, refused);
    Forwarder dhcpNetwork = Forwarder.to(lab, server.port(), BAD, 4711);
    GatewayConfiguration configuration =
        new GatewayConfiguration(lab)
            .set("radius.response-deadline", "5s") // transmissions at 0, 1, 3 s: some get no answer
            .server(
                "dhcp-1",
                "[::1]:" + dhcpNetwork.port(),
                "release",
                "release-request",
                "rate-limit",
                "1000/s",
                "rsoo-options",
                List.of("aftr-name"));
    Gateway gateway = new Gateway(lab, Place.HERE.asOrdinaryUser());
    gateway.importSubscribers(configuration.write(), records);
    Map<String, JsonNode> before = table(gateway, configuration);
    // Not judged by tshark: it takes a damaged request for the one that an answer belongs to.
    gateway.run(configuration.write(), configuration.radiusPort());
    Forwarder radiusNetwork = Forwarder.to(lab, configuration.radiusPort(), WORSE, 815);

    Map<Subscriber, Integer> identifiers = new HashMap<>();
    try (RepeatingClient client = new RepeatingClient(radiusNetwork.port(), "testing123")) {
      for (Subscriber subscriber : subscribers) {
        Octets content =
            isDisconnected(subscriber)
                ? CoaAttributes.user(subscriber.userName())
                : CoaAttributes.aftr(subscriber.userName(), aftr(subscriber));
        Octets timestamp = CoaAttributes.eventTimestamp();
        Octets attributes =
            new OctetWriter(content.length() + timestamp.length())
                .octets(content)
                .octets(timestamp)
                .toOctets();
        int code = isDisconnected(subscriber) ? DISCONNECT_REQUEST : COA_REQUEST;
        identifiers.put(subscriber, client.add(code, attributes));
      }
      client.sendAll(PATIENCE_NANOS);
      client.repeatAll(8); // later than the answer by more than a second: from the memory

      Map<String, JsonNode> after = table(gateway, configuration);
      Map<String, Integer> verdicts = new TreeMap<>();
      for (Subscriber subscriber : subscribers) {
        Set<Octets> answers = client.answersTo(identifiers.get(subscriber));
        assertThat(answers).as("different answers to " + subscriber).hasSize(1);
        String verdict = verdict(answers.iterator().next());
        verdicts.merge(verdict, 1, Integer::sum);
        judge(subscriber, verdict, server, before, after);
      }
      System.out.printf(
          "Loss on both sides: %d requests, %s; RADIUS: %d sent, %d answers came; DHCPv6: %d"
              + " messages reached the server;%n  lost on the way: %d and %d, doubled: %d and %d, corrupted: %d; answers that prove nothing: %d%n",
          SUBSCRIBERS,
          verdicts,
          client.transmissions(),
          client.received(),
          server.requests(),
          radiusNetwork.lost(),
          dhcpNetwork.lost(),
          radiusNetwork.duplicated(),
          dhcpNetwork.duplicated(),
          radiusNetwork.corrupted(),
          client.unproven());
      assertThat(radiusNetwork.corrupted()).isGreaterThan(20);
      assertThat((long) client.unproven()).isLessThanOrEqualTo(2 * radiusNetwork.corrupted());
      assertThat(client.received()).as("repeats were answered too").isGreaterThan(2 * SUBSCRIBERS);
      assertThat(verdicts).containsKeys("CoA-ACK", "CoA-NAK 501", "Disconnect-ACK");
    }
  }

  private static void judge(
      Subscriber subscriber,
      String verdict,
      WatchedServer server,
      Map<String, JsonNode> before,
      Map<String, JsonNode> after)
      throws Exception {
    JsonNode now = after.get(subscriber.duid());
    switch (verdict) {
      case "CoA-ACK" -> {
        String body = DomainName.ofText(aftr(subscriber)).wire().toHex();
        assertThat(isRefused(subscriber)).isFalse();
        assertThat(server.hasAccepted(subscriber.duid(), body)).as(subscriber.duid()).isTrue();
        assertThat(now.path("options").path("64").asText()).isEqualTo(body);
      }
      case "Disconnect-ACK" -> {
        assertThat(isRefused(subscriber)).isFalse();
        assertThat(server.hasLeases(subscriber.duid())).as(subscriber.duid()).isFalse();
        assertThat(now).as("record of " + subscriber).isNull();
      }
      case "CoA-NAK 501", "CoA-NAK 506", "Disconnect-NAK 504" -> {
        if (verdict.equals("CoA-NAK 501")) {
          assertThat(isRefused(subscriber)).isTrue();
        }
        // As before but for the version, which rises with every write.
        JsonNode then = before.get(subscriber.duid());
        for (String member : List.of("id", "duid", "session", "ias", "options", "serverDuid")) {
          assertThat(now.path(member))
              .as(member + " of " + subscriber)
              .isEqualTo(then.path(member));
        }
      }
      default -> throw new AssertionError(subscriber + ": " + verdict);
    }
  }

  private static String verdict(Octets answer) {
    String name =
        switch (answer.u8(0)) {
          case DISCONNECT_ACK -> "Disconnect-ACK";
          case 42 -> "Disconnect-NAK";
          case COA_ACK -> "CoA-ACK";
          case 45 -> "CoA-NAK";
          default -> throw new AssertionError(answer);
        };
    for (int at = 20; at < answer.length(); at += answer.u8(at + 1)) {
      if (answer.u8(at) == 101) {
        return name + " " + answer.u32(at + 2);
      }
    }
    return name;
  }

  private static Map<String, JsonNode> table(Gateway gateway, GatewayConfiguration configuration)
      throws Exception {
    Map<String, JsonNode> records = new HashMap<>();
    ObjectMapper mapper = new ObjectMapper();
    for (String line : gateway.export(configuration.write()).lines().toList()) {
      JsonNode record = mapper.readTree(line);
      records.put(record.path("duid").asText(), record);
    }
    return records;
  }
}
