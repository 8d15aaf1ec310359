package io.coagateway.load;

import io.coagateway.config.ConfigurationException;
import io.coagateway.config.GatewayConfig;
import io.coagateway.lab.Command;
import io.coagateway.lab.Gateway;
import io.coagateway.lab.Lab;
import io.coagateway.lab.Peer;
import io.coagateway.lab.Place;
import io.coagateway.radius.Attributes;
import io.coagateway.subscriber.SessionKey;
import io.coagateway.subscriber.SessionQuery;
import io.coagateway.subscriber.SubscriberTables;
import io.coagateway.subscriber.TableTransfer;
import io.coagateway.subscriber.TableUnavailableException;
import io.coagateway.wire.Octets;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A table of a million subscribers in SQLite: how fast it is filled, how large it is, how soon a
 * gateway that starts on it answers, how much memory that gateway then has under load, and how long
 * a question to the database alone takes.
 *
 * <p>{@code integration-tests/bench table --help} lists the settings of the command.
 */
public final class TableBench {
  private static final String HELP =
      """
      Fills a table, starts the gateway on it with the Debian package's flags for Java, waits for
      its first answer, loads it, and prints figures. The heap's flags are those of
      gateway/src/deb/coa-gateway.service.

      --subscribers 1000000
      --requests 100000     CoA-Requests of the load, each for another subscriber
      --window 256          requests kept unanswered\
      """;

  private static final Pattern FLAGS =
      Pattern.compile("^Environment=\"JAVA_OPTIONS=([^\"]*)\"", Pattern.MULTILINE);
  private static final Pattern RESIDENT =
      Pattern.compile("^(VmRSS|VmHWM):\\s+(\\d+) kB", Pattern.MULTILINE);
  private static final int QUESTIONS = 20_000;
  private static final Duration IMPORT = Duration.ofMinutes(10);

  private final Lab lab;
  private final int subscribers;
  private final int requests;
  private final int window;
  private Path configuration;

  private TableBench(Lab lab, int subscribers, int requests, int window) {
    this.lab = lab;
    this.subscribers = subscribers;
    this.requests = requests;
    this.window = window;
  }

  /** The command. */
  public static void main(String[] arguments) throws Exception {
    List<String> words = new ArrayList<>(Arrays.asList(arguments));
    words.removeIf(String::isBlank);
    if (words.remove("--help")) {
      System.out.println(HELP);
      return;
    }
    int subscribers = Integer.parseInt(BenchSettings.take(words, "--subscribers", "1000000"));
    int requests = Integer.parseInt(BenchSettings.take(words, "--requests", "100000"));
    int window = Integer.parseInt(BenchSettings.take(words, "--window", "256"));
    if (!words.isEmpty()) {
      throw new IllegalArgumentException("not understood: " + words + "\n" + HELP);
    }
    Lab lab = Lab.standalone("table", Path.of("/var/tmp"));
    try {
      new TableBench(lab, subscribers, requests, window).measure();
    } finally {
      lab.discard();
    }
  }

  private void measure() throws Exception {
    int serverPort = Responder.start(lab);
    int radiusPort = lab.freePort();
    Workload workload = new Workload(subscribers, 1000, false);
    Path records = lab.directory().resolve("records.ndjson");
    workload.writeRecords(records);
    BenchSettings settings =
        BenchSettings.parse(
            new String[] {
              "--subscribers", Integer.toString(subscribers), "--server-limit", "1000000/s"
            });
    configuration = GatewayUnderLoad.configure(lab, settings, radiusPort, serverPort, records);

    fill("import --replace", "--replace", records);
    fill("the same again, merged", "", records);
    Path database = lab.directory().resolve("subscribers.db");
    System.out.printf("database file: %d MiB%n", Files.size(database) >> 20);

    long began = System.nanoTime();
    Peer gateway = lab.start("gateway", Place.HERE, command());
    firstAnswer(workload, radiusPort);
    System.out.printf("start to first answer: %.2f s%n", (System.nanoTime() - began) / 1e9);
    long patience = System.nanoTime() + IMPORT.toNanos();
    while (!gateway.output().contains("table-loaded") && System.nanoTime() < patience) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
    }
    Matcher loaded =
        Pattern.compile("table-loaded records=(\\d+) ms=(\\d+)").matcher(gateway.output());
    if (loaded.find()) {
      System.out.printf(
          "index of %s records complete after %s ms%n", loaded.group(1), loaded.group(2));
    }
    System.out.println("resident with the index loaded: " + resident(gateway));
    Crowd crowd = new Crowd(loopback(radiusPort), "testing123");
    Crowd.Outcome outcome = crowd.ask(new Workload(requests, 1000, false), window);
    System.out.printf(
        "%d CoA in %.1f s (%.0f/s): %d ACK, %d NAK, %d unanswered; answered after (ms) median %.1f,"
            + " 99 %% %.1f%n",
        requests,
        outcome.seconds(),
        requests / outcome.seconds(),
        outcome.acknowledged(),
        outcome.refused(),
        outcome.unanswered(),
        outcome.percentile(0.5),
        outcome.percentile(0.99));
    System.out.println("resident under that load: " + resident(gateway));
    askDatabase();
  }

  private void fill(String what, String option, Path records) {
    List<String> words =
        new ArrayList<>(
            List.of("java", "-XX:+UseSerialGC", "-Xmx256m", "-jar", Gateway.jar().toString()));
    words.addAll(List.of("table", "--config", configuration.toString(), "import"));
    if (!option.isEmpty()) {
      words.add(option);
    }
    words.add(records.toString());
    long began = System.nanoTime();
    Command.run(Place.HERE, lab.directory(), "", IMPORT, words).orFail();
    double seconds = (System.nanoTime() - began) / 1e9;
    System.out.printf("%s: %.1f s, %.0f records/s%n", what, seconds, subscribers / seconds);
  }

  /** The service's command, its directories apart. */
  private List<String> command() throws IOException {
    String unit = Files.readString(Gateway.top().resolve("gateway/src/deb/coa-gateway.service"));
    Matcher flags = FLAGS.matcher(unit);
    if (!flags.find()) {
      throw new IOException("coa-gateway.service has no JAVA_OPTIONS");
    }
    List<String> words = new ArrayList<>(List.of("java"));
    Arrays.stream(flags.group(1).split(" ", -1))
        .filter(flag -> flag.startsWith("-X"))
        .forEach(words::add);
    words.addAll(List.of("-jar", Gateway.jar().toString()));
    words.addAll(List.of("run", "--config", configuration.toString()));
    System.out.println("gateway: " + String.join(" ", words.subList(0, words.size() - 5)));
    return words;
  }

  private static InetSocketAddress loopback(int port) throws IOException {
    return new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port);
  }

  /** Asks for the last subscriber every 20 ms until an answer comes. */
  private void firstAnswer(Workload workload, int port) throws IOException {
    RadiusOctets octets = new RadiusOctets("testing123");
    byte[] request = workload.request(0, 1, subscribers - 1, octets);
    try (java.net.DatagramSocket socket = new java.net.DatagramSocket()) {
      socket.setSoTimeout(20);
      java.net.DatagramPacket answer = new java.net.DatagramPacket(new byte[4096], 4096);
      for (int i = 0; i < 6000; i++) {
        socket.send(new java.net.DatagramPacket(request, request.length, loopback(port)));
        try {
          socket.receive(answer);
          if (answer.getData()[0] != 44) {
            throw new IOException("the first answer is no ACK: code " + answer.getData()[0]);
          }
          return;
        } catch (SocketTimeoutException e) {
          // not up yet
        }
      }
    }
    throw new IOException("no answer within two minutes");
  }

  private static String resident(Peer peer) throws IOException {
    Matcher line =
        RESIDENT.matcher(Files.readString(Path.of("/proc", Long.toString(peer.pid()), "status")));
    StringBuilder out = new StringBuilder();
    while (line.find()) {
      out.append(out.length() == 0 ? "" : ", ")
          .append(line.group(1).equals("VmRSS") ? "now " : "at most ")
          .append(Long.parseLong(line.group(2)) >> 10)
          .append(" MiB");
    }
    return out.toString();
  }

  /** One question after the other, to SQLite alone, as while the index is not loaded. */
  private void askDatabase() throws ConfigurationException, TableUnavailableException {
    GatewayConfig config = GatewayConfig.load(configuration);
    long[] nanos = new long[QUESTIONS];
    Random random = new Random(4711);
    try (TableTransfer table =
        SubscriberTables.transfer(
            config.subscribers().table(), config.attributes(), problems -> {})) {
      for (int i = 0; i < QUESTIONS * 2; i++) {
        Octets user = Octets.ofUtf8(Workload.userName(random.nextInt(subscribers)));
        SessionQuery query =
            new SessionQuery("", List.of(SessionKey.of(Attributes.USER_NAME, user)));
        long began = System.nanoTime();
        if (table.find(query, 2).size() != 1) {
          throw new IllegalStateException("not found: " + user.toUtf8());
        }
        nanos[i % QUESTIONS] = System.nanoTime() - began; // the first half warms up
      }
    }
    Arrays.sort(nanos);
    System.out.printf(
        "lookup in the database alone (us): median %.0f, 99 %% %.0f, longest %.0f%n",
        nanos[QUESTIONS / 2] / 1e3, nanos[QUESTIONS * 99 / 100] / 1e3, nanos[QUESTIONS - 1] / 1e3);
  }
}
