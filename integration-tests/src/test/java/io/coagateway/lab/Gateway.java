package io.coagateway.lab;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The gateway's jar, run as a program like any other peer.
 *
 * @param lab where it runs
 * @param place in which namespace and as whom
 * @param processors how many it believes to have, which decides how many event loops it has; 0: the
 *     machine's
 */
public record Gateway(Lab lab, Place place, int processors) {
  /** Processors with which RADIUS shares the gateway's event loop. */
  public static final int ONE_LOOP = 1;

  /** Processors with which it has one of its own. */
  public static final int TWO_LOOPS = 4;

  /** How much heap every command gets: enough, and the same everywhere. */
  private static final String HEAP = "-Xmx256m";

  /** One with the machine's processors. */
  public Gateway(Lab lab, Place place) {
    this(lab, place, 0);
  }

  /** The jar under test. */
  public static Path jar() {
    return Path.of(System.getProperty("gateway.jar", "../gateway/target/coa-gateway.jar"))
        .toAbsolutePath()
        .normalize();
  }

  /** The project's top directory. */
  public static Path top() {
    return Path.of(System.getProperty("gateway.top", "..")).toAbsolutePath().normalize();
  }

  /** Runs a command to its end, in the lab's directory. */
  public Command.Result command(String... arguments) {
    return command("", arguments);
  }

  /** Runs a command to its end, in the lab's directory, with something to read. */
  public Command.Result command(String input, String[] arguments) {
    return Command.run(place, lab.directory(), input, Duration.ofSeconds(60), words(arguments));
  }

  /** Starts a command that stays, and waits until it has a UDP socket on {@code port}. */
  public Peer start(String name, int port, String... arguments) {
    return lab.start(name, place, words(arguments)).awaitUdp(port);
  }

  /** Starts {@code run} with a configuration and waits until it answers on its RADIUS port. */
  public Peer run(Path configuration, int radiusPort) {
    return start("gateway", radiusPort, "run", "--config", configuration.toString());
  }

  /** Starts {@code run} with a configuration of {@link GatewayConfiguration}. */
  public Peer run(GatewayConfiguration configuration) {
    lab.judge(place, configuration);
    return run(configuration.write(), configuration.radiusPort());
  }

  /** The same, by way of a program that becomes the gateway, as {@code prlimit --nofile=200}. */
  public Peer runBy(String name, List<String> starter, GatewayConfiguration configuration) {
    List<String> words = new ArrayList<>(starter);
    words.addAll(words("run", "--config", configuration.write().toString()));
    return lab.start(name, place, words).awaitUdp(configuration.radiusPort());
  }

  /** Imports subscribers; the lines are records as in conf/example-subscribers.ndjson. */
  public void importSubscribers(Path configuration, String lines) {
    Path file = lab.write("subscribers.ndjson", lines);
    command("table", "--config", configuration.toString(), "import", file.toString()).orFail();
  }

  /** The whole table, one record a line. */
  public String export(Path configuration) {
    return command("table", "--config", configuration.toString(), "export").orFail().out();
  }

  private List<String> words(String... arguments) {
    List<String> words = new ArrayList<>(List.of("java", HEAP));
    // Beside others on few cores: a short start matters more than the best code.
    words.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    if (processors > 0) {
      words.add("-XX:ActiveProcessorCount=" + processors);
    }
    words.add("-Djava.io.tmpdir=" + lab.temporary());
    words.add("-Dio.netty.leakDetection.level=paranoid");
    words.addAll(List.of("-jar", readableJar().toString()));
    words.addAll(List.of(arguments));
    return words;
  }

  /** The jar where an ordinary user may read it too, whatever directory the project is in. */
  private Path readableJar() {
    Path copy = lab.directory().resolve(jar().getFileName());
    return java.nio.file.Files.exists(copy) ? copy : lab.copy(jar());
  }
}
