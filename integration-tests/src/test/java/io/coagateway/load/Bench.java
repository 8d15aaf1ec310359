package io.coagateway.load;

import io.coagateway.lab.FreeRadius;
import io.coagateway.lab.Lab;
import io.coagateway.lab.Peer;
import io.coagateway.lab.Place;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * Measures side by side, in one run on one machine: FreeRADIUS as a bare CoA listener (a), a plain
 * Netty echo (b), the gateway with one client in each DHCPv6 message (single) and with as many as
 * come together (batched). Prints medians over the rounds and ratios to (a).
 *
 * <p>{@code --help} lists the settings. Only ratios inside one run mean anything.
 */
final class Bench {
  private static final String SECRET = "testing123";

  private enum Target {
    FREERADIUS,
    ECHO,
    /** A Python script with pyrad: the same work without durability. */
    PYRAD,
    /** The gateway's RADIUS side alone: nobody matches, NAK 503. */
    REFUSED,
    SINGLE,
    BATCHED;

    boolean isGateway() {
      return this == REFUSED || this == SINGLE || this == BATCHED;
    }
  }

  /** One measurement. */
  private record Sample(
      Generator.Outcome outcome,
      double cpuMicros,
      double allocatedBytes,
      double collectedMillis,
      double residentMebibytes,
      double responderSeconds,
      Responder.Counters server) {
    double rate() {
      return outcome.answered() / outcome.seconds();
    }

    /** Share of one core that the generator took. */
    double generatorPercent() {
      return 100 * outcome.cpuSeconds() / outcome.seconds();
    }

    double responderPercent() {
      return 100 * responderSeconds / outcome.seconds();
    }
  }

  private final BenchSettings settings;
  private final Lab lab;
  private final Map<Target, Peer> peers = new LinkedHashMap<>();
  private final Map<Target, Integer> ports = new LinkedHashMap<>();
  private final InetSocketAddress responder;
  private Optional<Peer> responding = Optional.empty();
  private GatewayUnderLoad gateway;
  private int requestsMade;

  private Bench(BenchSettings settings) throws IOException {
    this.settings = settings;
    this.lab = Lab.standalone("bench", settings.database().directory());
    this.responder =
        new InetSocketAddress(InetAddress.getByAddress(Responder.loopback()), lab.freePort());
  }

  /** Runs the benchmark. */
  public static void main(String[] arguments) throws IOException {
    BenchSettings settings = BenchSettings.parse(arguments);
    if (settings.help()) {
      System.out.println(BenchSettings.HELP);
      return;
    }
    if (settings.curve().isEmpty()) {
      runOnce(settings);
    }
    for (int subscribers : settings.curve()) {
      runOnce(settings.withSubscribers(subscribers));
    }
  }

  private static void runOnce(BenchSettings settings) throws IOException {
    Bench bench = new Bench(settings);
    try {
      bench.run();
      if (settings.record().isPresent() && bench.gateway != null) {
        bench.gateway.peer().stop(Duration.ofSeconds(60)); // it writes the recording on its way out
        Recording.print(settings.record().get().resolve(GatewayUnderLoad.RECORDING));
      }
    } finally {
      bench.lab.discard();
    }
  }

  private void run() throws IOException {
    System.out.printf(
        "%d cores, Linux %s, Java %s; %d subscribers, links: %d, %d requests, %d rounds, %s%n",
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("os.version"),
        Runtime.version(),
        settings.subscribers(),
        settings.links(),
        settings.requests(),
        settings.rounds(),
        "database: " + settings.database());
    start();
    Map<String, List<Sample>> samples = new LinkedHashMap<>();
    for (Target target : peers.keySet()) {
      measure(target, 64, settings.warmUp()); // not counted: a JVM compiles for so long
    }
    for (int round = 0; round < settings.rounds(); round++) {
      for (int window : settings.windows()) {
        for (Target target : peers.keySet()) {
          samples
              .computeIfAbsent(target + " " + window, key -> new ArrayList<>())
              .add(measure(target, window, settings.requests()));
        }
      }
    }
    print(samples);
  }

  private void start() {
    for (String name : settings.targets()) {
      Target target = Target.valueOf(name.toUpperCase(java.util.Locale.ROOT));
      switch (target) {
        case FREERADIUS -> {
          ports.put(target, lab.freePort());
          peers.put(target, FreeRadius.acknowledging(lab, Place.HERE, ports.get(target)));
        }
        case ECHO -> {
          ports.put(target, lab.freePort());
          peers.put(target, java("echo", ports.get(target), Echo.class));
        }
        case PYRAD -> {
          ports.put(target, lab.freePort());
          respond();
          peers.put(target, pyrad(ports.get(target)));
        }
        case REFUSED, SINGLE, BATCHED -> {
          if (gateway == null) {
            respond();
            Path records = lab.directory().resolve("records.ndjson");
            workload(target).writeRecords(records);
            gateway = GatewayUnderLoad.start(lab, settings, responder.getPort(), records);
          }
          ports.put(target, gateway.radiusPort());
          peers.put(target, gateway.peer());
        }
      }
    }
  }

  private void respond() {
    if (responding.isEmpty()) {
      responding = Optional.of(java("responder", responder.getPort(), Responder.class));
    }
  }

  private Peer pyrad(int port) {
    return lab.start(
            "pyrad",
            Place.HERE,
            "/usr/bin/python3",
            lab.resource("gateway.py").toString(),
            Integer.toString(port),
            Integer.toString(responder.getPort()))
        .awaitUdp(port);
  }

  private Peer java(String name, int port, Class<?> main) {
    return lab.start(
            name,
            Place.HERE,
            "java",
            "-Xmx128m",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            main.getName(),
            Integer.toString(port))
        .awaitUdp(port);
  }

  private Workload workload(Target target) {
    return new Workload(settings.subscribers(), settings.links(), target != Target.BATCHED);
  }

  private Sample measure(Target target, int window, int requests) throws IOException {
    int[] chosen = workload(target).choose(requests, requestsMade + 1L);
    if (target == Target.REFUSED) {
      Arrays.setAll(chosen, i -> chosen[i] + settings.subscribers()); // behind the last one
    }
    return measure(target, window, chosen, settings.rate());
  }

  private Sample measure(Target target, int window, int[] chosen, int rate) throws IOException {
    Generator generator =
        new Generator(
            new InetSocketAddress(
                InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), ports.get(target)),
            target == Target.ECHO ? Generator.Judge.ECHO : Generator.Judge.RADIUS,
            SECRET,
            Duration.ofSeconds(3));
    Generator.Requests requests = generator.build(workload(target), chosen, window, requestsMade);
    requestsMade += chosen.length;
    boolean isGateway = target.isGateway();
    boolean usesServer = isGateway || target == Target.PYRAD;
    if (usesServer) {
      Responder.ask(responder);
    }
    double responderBefore = responderSeconds();
    long pid = peers.get(target).pid();
    GatewayUnderLoad.Heap heapBefore = isGateway ? gateway.heap() : GatewayUnderLoad.Heap.NONE;
    Probe before = Probe.of(pid);
    Generator.Outcome outcome =
        rate == 0 ? generator.closedLoop(requests) : generator.openLoop(requests, rate);
    Probe after = Probe.of(pid);
    GatewayUnderLoad.Heap heapAfter = isGateway ? gateway.heap() : GatewayUnderLoad.Heap.NONE;
    double answered = Math.max(1, outcome.answered());
    return new Sample(
        outcome,
        (after.cpuSeconds() - before.cpuSeconds()) * 1e6 / answered,
        (heapAfter.allocatedBytes() - heapBefore.allocatedBytes()) / answered,
        heapAfter.collectedMillis() - heapBefore.collectedMillis(),
        after.residentMebibytes(),
        responderSeconds() - responderBefore,
        usesServer ? Responder.ask(responder) : new Responder.Counters(0, 0, 0, 0, 0));
  }

  private double responderSeconds() {
    return responding.map(peer -> Probe.of(peer.pid()).cpuSeconds()).orElse(0.0);
  }

  private void print(Map<String, List<Sample>> samples) {
    System.out.printf(
        "%n%-11s %6s %9s %15s %6s %7s %5s %6s %7s %6s %7s %7s %7s %7s %5s  %s%n",
        "target",
        "window",
        "per s",
        "min..max",
        "ratio",
        "CPU us",
        "gen %",
        "resp %",
        "alloc B",
        "GC ms",
        "p50 ms",
        "p90",
        "p99",
        "p99.9",
        "MiB",
        "answers");
    for (int window : settings.windows()) {
      double base = Double.NaN;
      for (Target target : peers.keySet()) {
        List<Sample> rounds = samples.get(target + " " + window);
        double rate = median(rounds, Sample::rate);
        if (target == Target.FREERADIUS) {
          base = rate;
        }
        System.out.printf(
            "%-11s %6d %9.0f %15s %6s %7.1f %5.0f %6.0f %7.0f %6.0f %7.3f %7.3f %7.3f %7.3f %5.0f  %s%n",
            target.toString().toLowerCase(java.util.Locale.ROOT),
            window,
            rate,
            "%.0f..%.0f"
                .formatted(
                    rounds.stream().mapToDouble(Sample::rate).min().orElse(0),
                    rounds.stream().mapToDouble(Sample::rate).max().orElse(0)),
            Double.isNaN(base) ? "-" : "%.2f".formatted(rate / base),
            median(rounds, Sample::cpuMicros),
            median(rounds, Sample::generatorPercent),
            median(rounds, Sample::responderPercent),
            median(rounds, Sample::allocatedBytes),
            median(rounds, Sample::collectedMillis),
            median(rounds, sample -> sample.outcome().latencies().percentile(0.5)),
            median(rounds, sample -> sample.outcome().latencies().percentile(0.9)),
            median(rounds, sample -> sample.outcome().latencies().percentile(0.99)),
            median(rounds, sample -> sample.outcome().latencies().percentile(0.999)),
            median(rounds, Sample::residentMebibytes),
            answers(rounds));
      }
    }
    System.out.println(
        "ratio: to FreeRADIUS at the same window; CPU us: of the target's process for each answer;"
            + " gen %, resp %: share of one core that generator and DHCPv6 responder took;"
            + " alloc B: garbage for each answer; MiB: resident");
  }

  /** All rounds together, in words; clients per message show how far batching went. */
  private static String answers(List<Sample> rounds) {
    long[] sums = new long[8];
    for (Sample sample : rounds) {
      Generator.Outcome outcome = sample.outcome();
      Responder.Counters server = sample.server();
      long[] here = {
        outcome.acknowledged(),
        outcome.refused(),
        outcome.wrong(),
        outcome.lost(),
        outcome.late(),
        server.messages(),
        server.clients(),
        server.violations()
      };
      Arrays.setAll(sums, i -> sums[i] + here[i]);
    }
    String text =
        "%d ACK, %d NAK, %d wrong, %d lost, %d late"
            .formatted(sums[0], sums[1], sums[2], sums[3], sums[4]);
    return sums[5] == 0
        ? text
        : text
            + "; %.1f clients a message, %d violations"
                .formatted((double) sums[6] / sums[5], sums[7]);
  }

  private static double median(List<Sample> samples, ToDoubleFunction<Sample> value) {
    double[] sorted = samples.stream().mapToDouble(value).sorted().toArray();
    return sorted[sorted.length / 2];
  }
}
