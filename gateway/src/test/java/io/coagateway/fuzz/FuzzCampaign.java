package io.coagateway.fuzz;

import io.coagateway.wire.Octets;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs Jazzer on the targets, each in a process of its own, and counts. */
@Command(
    name = "integration-tests/fuzz",
    mixinStandardHelpOptions = true,
    description = {
      "Fuzzes every decoder and the receive path with Jazzer, and prints how many inputs each"
          + " target took. Ends with 1 when there was a finding; its input is printed in hex, to"
          + " become a vector in gateway/src/test/resources/vectors/fuzz/<target>.txt."
    })
public final class FuzzCampaign implements Callable<Integer> {
  /** Below so many executions the optimizing compiler costs more than it saves. */
  private static final long LONG_ENOUGH_FOR_C2 = 20_000;

  private static final Pattern EXECUTED =
      Pattern.compile("stat::number_of_executed_units: (\\d+)|^#(\\d+)\\s.*");
  private static final Path FOLDER = Path.of("target/fuzz");

  @Option(names = "--executions", description = "Inputs for each target. Default: ${DEFAULT-VALUE}")
  private long executions = 1_000_000;

  @Option(
      names = "--jobs",
      description = "How many targets run at a time. Default: ${DEFAULT-VALUE}")
  private int jobs = 1;

  @Option(
      names = "--seed",
      description = "What the random numbers begin with; 0: the clock. Default: ${DEFAULT-VALUE}")
  private long seed;

  @Option(
      names = "--timeout",
      description =
          "Seconds of the clock after which one input is a finding; more for a process that is"
              + " stopped now and then. Default: ${DEFAULT-VALUE}")
  private int timeout = 60;

  @Parameters(
      paramLabel = "TARGET",
      description = "Which targets; all when none is named: ${COMPLETION-CANDIDATES}",
      completionCandidates = Names.class)
  private List<String> names = new ArrayList<>();

  /** The names of all targets, for the help. */
  private static final class Names implements Iterable<String> {
    @Override
    public java.util.Iterator<String> iterator() {
      return Arrays.stream(FuzzTarget.values()).map(FuzzTarget::commandName).iterator();
    }
  }

  /** What one target's run gave. */
  private record Result(long executed, long nanos, List<String> findings) {}

  /** Runs the command line. */
  public static void main(String[] arguments) {
    System.exit(
        new CommandLine(new FuzzCampaign())
            .setParameterExceptionHandler(
                (e, a) -> {
                  System.err.println(e.getMessage());
                  return 2;
                })
            .execute(arguments));
  }

  @Override
  public Integer call() throws InterruptedException, ExecutionException {
    List<FuzzTarget> targets =
        names.isEmpty()
            ? List.of(FuzzTarget.values())
            : names.stream().map(FuzzTarget::named).toList();
    ExecutorService pool = Executors.newFixedThreadPool(jobs);
    Map<FuzzTarget, Future<Result>> running = new LinkedHashMap<>();
    targets.forEach(target -> running.put(target, pool.submit(() -> run(target))));
    pool.shutdown();
    PrintStream out = System.out;
    out.printf(Locale.ROOT, "%-20s %12s %10s  %s%n", "target", "executions", "per s", "findings");
    long total = 0;
    int findings = 0;
    for (Map.Entry<FuzzTarget, Future<Result>> one : running.entrySet()) {
      Result result = one.getValue().get();
      total += result.executed();
      findings += result.findings().size();
      out.printf(
          Locale.ROOT,
          "%-20s %12d %10.0f  %d%n",
          one.getKey().commandName(),
          result.executed(),
          result.executed() * 1e9 / result.nanos(),
          result.findings().size());
      result.findings().forEach(out::println);
    }
    out.printf(Locale.ROOT, "%-20s %12d %10s  %d%n", "total", total, "", findings);
    return findings == 0 ? 0 : 1;
  }

  private Result run(FuzzTarget target) throws IOException, InterruptedException {
    Path folder = FOLDER.resolve(target.commandName());
    Path corpus = Files.createDirectories(folder.resolve("corpus"));
    Path seeds = Files.createDirectories(folder.resolve("seeds"));
    int number = 0;
    for (byte[] input : target.seeds()) {
      Files.write(seeds.resolve(String.format(Locale.ROOT, "%04d", number++)), input);
    }
    removeFindings(folder);
    long begun = System.nanoTime();
    Process process =
        new ProcessBuilder(command(target, folder, corpus, seeds))
            .redirectErrorStream(true)
            .start();
    long executed = 0;
    List<String> lines = new ArrayList<>();
    try (BufferedReader output = process.inputReader()) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        lines.add(line);
        Matcher matcher = EXECUTED.matcher(line);
        if (matcher.matches()) {
          executed = Long.parseLong(matcher.group(1) != null ? matcher.group(1) : matcher.group(2));
        }
      }
    }
    int exit = process.waitFor();
    Files.write(folder.resolve("log.txt"), lines);
    List<String> findings = findings(folder, lines);
    if (findings.isEmpty() && exit != 0) {
      findings = List.of("  ended with " + exit + ", see gateway/" + folder.resolve("log.txt"));
    }
    return new Result(executed, System.nanoTime() - begun, findings);
  }

  private List<String> command(FuzzTarget target, Path folder, Path corpus, Path seeds) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xmx512m", // what takes more for one input is a finding
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=" + (executions < LONG_ENOUGH_FOR_C2 ? 1 : 4),
        "-Dlogback.configurationFile=fuzz/logback.xml",
        "-cp",
        System.getProperty("java.class.path"),
        "com.code_intelligence.jazzer.Jazzer",
        "--target_class=" + target.className(),
        "--instrumentation_includes=io.coagateway.**",
        "--custom_hook_includes=io.coagateway.**",
        "--reproducer_path=" + folder,
        // Files that the configuration names are read, that is what it is for.
        "--disabled_hooks=com.code_intelligence.jazzer.sanitizers.FilePathTraversal",
        "-artifact_prefix=" + folder + "/",
        "-runs=" + executions,
        "-seed=" + seed,
        "-max_len=" + target.maxLength(),
        "-timeout=" + timeout,
        "-rss_limit_mb=0",
        "-print_final_stats=1",
        corpus.toString(),
        seeds.toString());
  }

  private static void removeFindings(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(FuzzCampaign::isFinding).toList()) {
        Files.delete(file);
      }
    }
  }

  private static boolean isFinding(Path file) {
    String name = file.getFileName().toString();
    return name.startsWith("crash-") || name.startsWith("timeout-") || name.startsWith("oom-");
  }

  private static List<String> findings(Path folder, List<String> log) throws IOException {
    List<String> findings = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(FuzzCampaign::isFinding).sorted().toList()) {
        String what =
            log.stream()
                .dropWhile(line -> !line.startsWith("== Java Exception"))
                .limit(6)
                .map(line -> "    " + line)
                .reduce("", (a, b) -> a + "\n" + b);
        findings.add("  input " + Octets.wrap(Files.readAllBytes(file)).toHex() + what);
      }
    }
    return findings;
  }
}
