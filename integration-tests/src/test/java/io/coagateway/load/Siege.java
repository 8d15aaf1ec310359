package io.coagateway.load;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.coagateway.lab.Lab;
import io.coagateway.lab.Peer;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What hurts, measured: a flood of packets that prove nothing beside honest traffic; ten times as
 * many good requests as can be handled, from a client over its limit, beside one within; the same
 * traffic for long, to see whether memory grows. {@link #HELP} lists what can be set.
 */
public final class Siege {
  static final String HELP =
      """
      flood      honest requests of two clients beside as many unauthenticated packets as can be
                 sent, by strangers and in the name of the first client
      overload   requests of a client within its limit beside ten times the capacity of another's
      soak       traffic for long; the heap after each collection must not grow

      --seconds 30               how long each part lasts; of soak 900
      --subscribers 20000        in the gateway's table
      --rate 1000                honest requests a second, of flood and soak
      --kinds STRANGER,FORGED    which floods
      --flood-rate 0             packets a second; 0: as many as one core sends, of overload ten
                                 times the capacity if the core can
      --limit 500/s              of the client that floods, in overload; so many are served
      --database disk            or shm: SQLite's file on /dev/shm; memory: none
      --heap 512m                of the gateway
      --cores 0                  how much of the processors the gateway may have, as 0.4; 0: all. So
                                 ten times its capacity is what one core can send (root, cgroups)
      --java-options ''          more options for the gateway's JVM\
      """;

  private static final String SECRET = "testing123";
  private static final byte[] HONEST = {127, 0, 0, 1};
  private static final byte[] OTHER = {127, 0, 0, 2};
  private static final byte[] ALSO_HONEST = {127, 0, 0, 3};
  private static final int WINDOW = 256;
  private static final int MOST_WARM_UPS = 10;

  /** What the flood is made of. */
  private enum Kind {
    /** From an address that nobody has configured. */
    STRANGER,
    /** From a client's address, with a wrong authenticator. */
    FORGED,
    /** Good requests of another client, each only once. */
    OVER_LIMIT
  }

  /** {@link #HELP} says what they mean. */
  private record Settings(
      int seconds,
      int subscribers,
      int rate,
      List<Kind> kinds,
      int floodRate,
      String limit,
      Database database,
      String heap,
      double cores,
      String javaOptions) {
    static Settings parse(List<String> words, int seconds) {
      Settings settings =
          new Settings(
              Integer.parseInt(BenchSettings.take(words, "--seconds", Integer.toString(seconds))),
              Integer.parseInt(BenchSettings.take(words, "--subscribers", "20000")),
              Integer.parseInt(BenchSettings.take(words, "--rate", "1000")),
              Arrays.stream(BenchSettings.take(words, "--kinds", "STRANGER,FORGED").split(",", -1))
                  .map(Kind::valueOf)
                  .toList(),
              Integer.parseInt(BenchSettings.take(words, "--flood-rate", "0")),
              BenchSettings.take(words, "--limit", "500/s"),
              Database.take(words),
              BenchSettings.take(words, "--heap", "512m"),
              Double.parseDouble(BenchSettings.take(words, "--cores", "0")),
              BenchSettings.take(words, "--java-options", ""));
      if (!words.isEmpty()) {
        throw new IllegalArgumentException("not understood: " + words + "\n" + HELP);
      }
      return settings;
    }

    /** For the gateway. */
    BenchSettings ofGateway() {
      List<String> words =
          new ArrayList<>(
              List.of(
                  "--subscribers",
                  Integer.toString(subscribers),
                  "--database",
                  database.toString(),
                  "--heap",
                  heap));
      if (!javaOptions.isEmpty()) {
        words.addAll(List.of("--java-options", javaOptions));
      }
      return BenchSettings.parse(words.toArray(String[]::new));
    }
  }

  private final Lab lab;
  private final Settings settings;
  private final Workload workload;
  private final GatewayUnderLoad gateway;
  private int requestsMade;

  private Siege(Lab lab, Settings settings) throws IOException {
    this.lab = lab;
    this.settings = settings;
    this.workload = new Workload(settings.subscribers(), 10, false);
    int serverPort = Responder.start(lab);
    Path records = lab.directory().resolve("records.ndjson");
    workload.writeRecords(records);
    gateway = GatewayUnderLoad.start(lab, settings.ofGateway(), serverPort, records);
    if (settings.cores() > 0) {
      lab.add(CpuShare.limit(gateway.peer().pid(), settings.cores()));
    }
  }

  /** The command; ends with 1 when the figures are not what they must be. */
  public static void main(String[] arguments) throws Exception {
    List<String> words = new ArrayList<>(Arrays.asList(arguments));
    words.removeIf(String::isBlank);
    if (words.isEmpty() || words.contains("--help")) {
      System.out.println(HELP);
      return;
    }
    String what = words.remove(0);
    Settings settings = Settings.parse(words, what.equals("soak") ? 900 : 30);
    Lab lab = Lab.standalone("siege", settings.database().directory());
    boolean right;
    try {
      Siege siege = new Siege(lab, settings);
      right =
          switch (what) {
            case "flood" -> siege.flood();
            case "overload" -> siege.overload();
            case "soak" -> siege.soak();
            default -> throw new IllegalArgumentException(what + "?\n" + HELP);
          };
    } finally {
      lab.discard();
    }
    if (!right) {
      System.exit(1);
    }
  }

  private boolean flood() throws Exception {
    addClient(ALSO_HONEST, "1000000/s");
    List<InetAddress> both =
        List.of(InetAddress.getByAddress(HONEST), InetAddress.getByAddress(ALSO_HONEST));
    measure("warming up", () -> honest(both, settings.rate(), 10), Optional.empty());
    boolean right =
        measure(
                    "honest traffic alone",
                    () -> honest(both, settings.rate(), settings.seconds()),
                    Optional.empty())
                .lost()
            == 0;
    for (Kind kind : settings.kinds()) {
      try (Flood flood = flood(kind, gateway.radiusPort(), settings.floodRate())) {
        Generator.Outcome beside =
            measure(
                "beside a flood, " + kind,
                () -> honest(both, settings.rate(), settings.seconds()),
                Optional.of(flood));
        right &= beside.lost() + beside.refused() + beside.wrong() + beside.late() == 0;
      }
    }
    return right;
  }

  /**
   * The generator of the flood takes a core, and the machine has few. So the same flood goes to a
   * socket that nobody reads first: what is answered beside that is what the gateway could do, and
   * what it is judged by.
   */
  private boolean overload() throws Exception {
    addClient(OTHER, settings.limit());
    Generator.Outcome best = warmPeak("peak", Optional.empty());
    double capacity = best.answered() / best.seconds();
    double heapBefore = gateway.liveMebibytes();
    int tenfold = settings.floodRate() > 0 ? settings.floodRate() : (int) (10 * capacity);
    Generator.Outcome possible;
    try (DatagramSocket nobody = new DatagramSocket(0, InetAddress.getByAddress(HONEST));
        Flood flood = flood(Kind.OVER_LIMIT, nobody.getLocalPort(), tenfold)) {
      possible = measure("peak beside the flood, nobody reads it", this::peak, Optional.of(flood));
    }
    double rateThere = possible.answered() / possible.seconds();
    Generator.Outcome beside;
    try (Flood flood = flood(Kind.OVER_LIMIT, gateway.radiusPort(), tenfold)) {
      beside = warmPeak("peak beside the flood of one over its limit", Optional.of(flood));
    }
    double rateBeside = beside.answered() / beside.seconds();
    double ratio = rateBeside / rateThere;
    double heapAfter = gateway.liveMebibytes();
    System.out.printf(
        "ratio %.2f (must be 0.80; to the peak alone %.2f); live heap %.0f MiB before, %.0f MiB"
            + " after%n",
        ratio, rateBeside / capacity, heapBefore, heapAfter);
    return ratio >= 0.8 && heapAfter < heapBefore + 32;
  }

  /** The peak when the compiler has nothing more to make better, or has had its time. */
  private Generator.Outcome warmPeak(String what, Optional<Flood> flood) throws IOException {
    Generator.Outcome last = measure("warming up: " + what, this::peak, flood);
    for (int round = 1; round < MOST_WARM_UPS; round++) {
      Generator.Outcome next = measure(what, this::peak, flood);
      if (next.answered() / next.seconds() < 1.05 * last.answered() / last.seconds()) {
        return next;
      }
      last = next;
    }
    return last;
  }

  private Flood flood(Kind kind, int port, int perSecond) throws IOException {
    return Flood.start(packets(kind), source(kind), port, perSecond);
  }

  private boolean soak() throws Exception {
    measure("warming up", () -> honest(settings.rate(), 30), Optional.empty());
    List<Double> heaps = new ArrayList<>();
    boolean right = true;
    int part = 60;
    for (int second = 0; second < settings.seconds(); second += part) {
      System.out.printf("after %4d s: ", second + part);
      Generator.Outcome outcome =
          measure("soaking", () -> honest(settings.rate(), part), Optional.empty());
      heaps.add(gateway.liveMebibytes());
      right &= outcome.lost() + outcome.refused() + outcome.wrong() == 0;
      System.out.printf("    live heap %6.1f MiB%n", heaps.get(heaps.size() - 1));
    }
    // The replay memory fills for its window of five minutes: what comes after that is judged.
    int from = Math.min(heaps.size() - 1, 300 / part);
    double growth = heaps.get(heaps.size() - 1) - heaps.get(from);
    System.out.printf(
        "live heap grew by %.1f MiB from minute %d to minute %d (must be under 8)%n",
        growth, from + 1, heaps.size());
    return right && growth < 8;
  }

  private Generator.Outcome honest(int perSecond, int forSeconds) throws IOException {
    return honest(List.of(), perSecond, forSeconds);
  }

  private Generator.Outcome honest(List<InetAddress> sources, int perSecond, int forSeconds)
      throws IOException {
    Generator generator = generator(sources, Duration.ofSeconds(3));
    int count = perSecond * forSeconds;
    int[] chosen = workload.choose(count, requestsMade + 1L);
    Generator.Requests requests = generator.build(workload, chosen, 4096, requestsMade);
    requestsMade += count;
    return generator.openLoop(requests, perSecond);
  }

  private Generator.Outcome peak() throws IOException {
    Generator generator =
        generator(List.of(), Duration.ofMillis(500)); // what is lost holds up the window
    int count = 6_000 * settings.seconds();
    int[] chosen = workload.choose(count, requestsMade + 1L);
    Generator.Requests requests = generator.build(workload, chosen, WINDOW, requestsMade);
    requestsMade += count;
    return generator.closedLoop(requests);
  }

  private Generator generator(List<InetAddress> sources, Duration patience) throws IOException {
    return new Generator(
        new InetSocketAddress(InetAddress.getByAddress(HONEST), gateway.radiusPort()),
        sources,
        Generator.Judge.RADIUS,
        SECRET,
        patience);
  }

  /** A part of the siege. */
  private interface Part {
    Generator.Outcome run() throws IOException;
  }

  /** Runs a part and prints what came of it, and what it took. */
  private Generator.Outcome measure(String what, Part part, Optional<Flood> flood)
      throws IOException {
    long pid = gateway.peer().pid();
    Probe before = Probe.of(pid);
    long dropsBefore = Probe.dropsAt(gateway.radiusPort());
    long begun = System.nanoTime();
    Generator.Outcome outcome = part.run();
    double took = (System.nanoTime() - begun) / 1e9;
    Probe after = Probe.of(pid);
    System.out.printf(
        "%s: %.0f/s, %d ACK, %d NAK, %d wrong, %d lost %s, %d late; p50 %.2f ms, p99 %.2f ms; of a"
            + " core: generator %.0f %%, gateway %.0f %%%s; %d dropped by the kernel; resident"
            + " %.0f MiB%n",
        what,
        outcome.answered() / outcome.seconds(),
        outcome.acknowledged(),
        outcome.refused(),
        outcome.wrong(),
        outcome.lost(),
        outcome.lostOfSource(),
        outcome.late(),
        outcome.latencies().percentile(0.5),
        outcome.latencies().percentile(0.99),
        100 * outcome.cpuSeconds() / took,
        100 * (after.cpuSeconds() - before.cpuSeconds()) / took,
        flood.map(f -> "; flood %.0f/s".formatted(f.perSecond())).orElse(""),
        Probe.dropsAt(gateway.radiusPort()) - dropsBefore,
        after.residentMebibytes());
    return outcome;
  }

  private static byte[] source(Kind kind) {
    return kind == Kind.FORGED ? HONEST : OTHER;
  }

  /** Packets to send in turn; those over the limit differ, as a client's requests do. */
  private byte[][] packets(Kind kind) {
    RadiusOctets octets = new RadiusOctets(kind == Kind.FORGED ? "not the secret" : SECRET);
    byte[][] packets = new byte[kind == Kind.OVER_LIMIT ? 400_000 : 1024][];
    for (int i = 0; i < packets.length; i++) {
      packets[i] = workload.request((1 << 28) + i, i & 0xff, i % workload.subscribers(), octets);
    }
    return packets;
  }

  /** The other client comes with a reload, as it would in production. */
  private void addClient(byte[] address, String limit) throws Exception {
    Path file = lab.directory().resolve("conf/gateway.yaml");
    ObjectMapper yaml = new ObjectMapper(new YAMLFactory());
    ObjectNode root = (ObjectNode) yaml.readTree(Files.readString(file));
    ObjectNode client = root.withObjectProperty("radius").withArray("clients").addObject();
    client.put("name", "dac-2").put("secret", SECRET).put("rate-limit", limit);
    client.putArray("addresses").add(InetAddress.getByAddress(address).getHostAddress() + "/32");
    Files.writeString(file, yaml.writeValueAsString(root));
    Peer peer = gateway.peer();
    new ProcessBuilder("kill", "-HUP", Long.toString(peer.pid())).start().waitFor();
  }
}
