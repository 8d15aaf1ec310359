package io.coagateway.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.dhcpv6.Duid;
import io.coagateway.dhcpv6.OptionCode;
import io.coagateway.dhcpv6.OptionList;
import io.coagateway.dhcpv6.RemoteIdOption;
import io.coagateway.dhcpv6.SubscriberIdOption;
import io.coagateway.time.ManualTime;
import io.coagateway.vectors.Vector;
import io.coagateway.vectors.VectorFile;
import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.Ipv6Prefix;
import io.coagateway.wire.MalformedException;
import io.coagateway.wire.Octets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The messages we build, octet for octet. */
class MessageVectorTest {
  static List<Vector> reconfigureRequests() {
    return VectorFile.file("relay/reconfigure-request.txt");
  }

  static List<Vector> releases() {
    return VectorFile.file("relay/release.txt");
  }

  @ParameterizedTest
  @MethodSource("reconfigureRequests")
  void buildsReconfigureRequest(Vector vector) throws MalformedException {
    DhcpServer server =
        server(vector)
            .carryOptions(
                vector.find("carry").map(MessageVectorTest::carrier).orElse(OptionCarrier.RSOO))
            .rsooOptions(
                Arrays.stream(vector.get("rsoo").split(" "))
                    .map(code -> new OptionCode(Integer.parseInt(code)))
                    .collect(Collectors.toSet()))
            .relayed(vector.find("relayed").isPresent())
            .build();
    ReconfigureTask task =
        new ReconfigureTask(
            RelayLab.client(1),
            Ipv6Address.parse(vector.get("link")),
            vector.find("interface-id").map(Octets::ofHex),
            remoteId(vector),
            vector.find("subscriber-id").map(Octets::ofHex).map(SubscriberIdOption::new),
            OptionList.parse(Octets.ofHex(vector.find("supplied").orElse(""))),
            List.of(server),
            0);
    ServerLane lane = lane(server, vector);
    MessageContent content =
        new MessageContents(parameters(vector, server)).reconfigureRequest(lane, task);
    List<Place> places = new ArrayList<>();
    for (String client : vector.all("client")) {
      places.add(new UntoldPlace(Duid.ofHex(client)));
    }
    assertEncodes(vector, content, places, 0);
  }

  @ParameterizedTest
  @MethodSource("releases")
  void buildsRelease(Vector vector) {
    DhcpServer server =
        server(vector)
            .withoutIaid(
                vector
                    .find("without-iaid")
                    .map(text -> WithoutIaid.valueOf(text.toUpperCase(Locale.ROOT)))
                    .orElse(WithoutIaid.SKIP))
            .build();
    ServerLane lane = lane(server, vector);
    MessageContents contents = new MessageContents(parameters(vector, server));
    List<Place> places = new ArrayList<>();
    List<ReleaseTask> tasks = tasks(vector, server);
    for (ReleaseTask task : tasks) {
      places.add(new ReleasePlace(task, task.ias(), result -> {}));
    }
    Duid serverDuid = vector.find("server-duid").map(Duid::ofHex).orElse(RelayLab.SERVER);
    MessageContent content =
        vector.get("form").equals("request")
            ? contents.releaseRequest(lane, serverDuid).orElseThrow()
            : contents.relayedRelease(lane, serverDuid, tasks.get(0));
    long elapsed = vector.find("elapsed").map(Long::parseLong).orElse(0L) * 10_000_000L;
    assertEncodes(vector, content, places, elapsed);
  }

  private static void assertEncodes(
      Vector vector, MessageContent content, List<Place> places, long elapsedNanos) {
    int transactionId = Integer.parseInt(vector.get("xid"), 16);
    Octets datagram = content.encode(transactionId, places, elapsedNanos);
    assertThat(datagram).isEqualTo(vector.hex("hex"));
    int counted = content.fixedOctets();
    for (Place place : places) {
      counted += content.octetsOf(place);
    }
    assertThat(datagram.length()).as("room that was counted").isLessThanOrEqualTo(counted);
  }

  /** Clients, each with the ia lines and the interface-id of the same place in their lists. */
  private static List<ReleaseTask> tasks(Vector vector, DhcpServer server) {
    List<String> clients = vector.all("client");
    List<String> interfaceIds = vector.all("interface-id");
    List<List<LeasedIa>> ias = new ArrayList<>();
    for (int i = 0; i < clients.size(); i++) {
      ias.add(new ArrayList<>());
    }
    List<String> lines = vector.all("ia");
    for (int i = 0; i < lines.size(); i++) {
      ias.get(i * clients.size() / lines.size()).add(ia(lines.get(i)));
    }
    List<ReleaseTask> tasks = new ArrayList<>();
    for (int i = 0; i < clients.size(); i++) {
      tasks.add(
          new ReleaseTask(
              Duid.ofHex(clients.get(i)),
              server,
              Optional.empty(),
              vector.find("link").map(Ipv6Address::parse).orElse(RelayLab.LINK),
              vector.find("peer").map(Ipv6Address::parse),
              interfaceIds.size() > i
                  ? Optional.of(Octets.ofHex(interfaceIds.get(i)))
                  : Optional.empty(),
              remoteId(vector),
              Optional.empty(),
              ias.get(i),
              0));
    }
    return tasks;
  }

  private static LeasedIa ia(String line) {
    String[] words = line.split(" +");
    OptionalLong iaid =
        words[1].equals("-") ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(words[1]));
    List<Ipv6Prefix> leases = Arrays.stream(words).skip(2).map(Ipv6Prefix::parse).toList();
    return new LeasedIa(LeasedIa.Type.valueOf(words[0]), iaid, leases);
  }

  private static Optional<RemoteIdOption> remoteId(Vector vector) {
    return vector
        .find("remote-id")
        .map(Octets::ofHex)
        .map(octets -> new RemoteIdOption(octets.u32(0), octets.from(4)));
  }

  private static OptionCarrier carrier(String text) {
    return OptionCarrier.valueOf(text.toUpperCase(Locale.ROOT));
  }

  private static RelayParameters parameters(Vector vector, DhcpServer server) {
    RelayParameters lab = RelayLab.parameters(server);
    return new RelayParameters(
        lab.bind(),
        vector.find("relay-id").map(Duid::ofHex).orElse(lab.relayId()),
        lab.interfaces(),
        lab.servers(),
        lab.maxMessageSize(),
        lab.releaseTypes(),
        lab.reconfigureRetransmission(),
        lab.releaseRetransmission(),
        lab.reconfigureMessageType(),
        lab.forwarding(),
        lab.deadServerMemory());
  }

  private static DhcpServer.Builder server(Vector vector) {
    Set<Include> include =
        Arrays.stream(vector.find("include").orElse("").split(" "))
            .filter(word -> !word.isEmpty())
            .map(word -> Include.valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_')))
            .collect(Collectors.toSet());
    return RelayLab.server(1).include(include);
  }

  private static ServerLane lane(DhcpServer server, Vector vector) {
    RelayLab lab = new RelayLab(server);
    lab.localPort = vector.find("local-port").map(Integer::parseInt).orElse(40000);
    ServerLane.Services services =
        new ServerLane.Services(
            new TimerWheel(new ManualTime()), RelayObserver.NONE, () -> 0, () -> {}, () -> {});
    return new ServerLane(
        services, new TransactionIds(new Random(1)), new ServerHealth(1), server, lab.port(), 1232);
  }

  /** A place whose result nobody wants. */
  private static final class UntoldPlace extends Place {
    UntoldPlace(Duid client) {
      super(client, Long.MAX_VALUE);
    }

    @Override
    void onResult(ServerResult result) {}
  }
}
