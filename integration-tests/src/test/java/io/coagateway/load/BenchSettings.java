package io.coagateway.load;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What the bench shall do; {@link #HELP} says it in words.
 *
 * @param rate requests a second of an open loop; 0: a closed loop
 * @param serverLimit the gateway's rate limit towards the DHCPv6 server, as the configuration has
 *     it
 */
record BenchSettings(
    List<String> targets,
    List<Integer> windows,
    int rounds,
    int requests,
    int warmUp,
    int subscribers,
    int links,
    int rate,
    String serverLimit,
    Database database,
    String javaOptions,
    Optional<Path> record,
    List<Integer> curve,
    boolean help) {
  static final String HELP =
      """
      Load side by side, in one run on one machine: only ratios inside one run mean anything.

      --targets freeradius,echo,single,batched   what to measure, in this order; also: pyrad, what a
                                                 user would script; refused, the gateway's RADIUS
                                                 side alone (lookup, NAK 503)
      --windows 16,64,256,1024                   requests kept unanswered
      --rounds 5                                 medians are taken over the rounds
      --requests 100000                          in each measurement
      --warm-up 200000                           requests before, to each target, not counted
      --subscribers 100000                       in the gateway's table
      --links 1                                  on how many links they are
      --rate 0                                   open loop: so many requests a second (use --windows 4096)
      --server-limit 1000000/s                   the gateway's rate limit towards the DHCPv6 server
      --database disk                            or shm: SQLite's file on /dev/shm; memory: none
      --heap SIZE                                of the gateway, not the package's
      --java-options ''                          for the gateway's JVM, behind those of the package's unit
      --record DIR                               a flight recording of the gateway there, its top printed
      --curve 10000,100000,1000000               instead of one: a run for each number of subscribers

      The generator and the DHCPv6 responder share the machine with what they measure. "gen %" and
      "resp %" are how much of one core they took at that rate: far below 100 means that they were
      waiting for the target and not the other way round. echo shows what rate the generator reaches
      (it judges those answers less). FreeRADIUS acknowledges everything and does no DHCPv6 work.\
      """;

  static BenchSettings parse(String[] arguments) {
    List<String> words = new ArrayList<>(Arrays.asList(arguments));
    words.removeIf(String::isBlank);
    boolean help = words.remove("--help");
    String heap = take(words, "--heap", "");
    String options = take(words, "--java-options", "");
    BenchSettings settings =
        new BenchSettings(
            Arrays.asList(
                take(words, "--targets", "freeradius,echo,single,batched").split(",", -1)),
            Arrays.stream(take(words, "--windows", "16,64,256,1024").split(",", -1))
                .map(Integer::valueOf)
                .toList(),
            Integer.parseInt(take(words, "--rounds", "5")),
            Integer.parseInt(take(words, "--requests", "100000")),
            Integer.parseInt(take(words, "--warm-up", "200000")),
            Integer.parseInt(take(words, "--subscribers", "100000")),
            Integer.parseInt(take(words, "--links", "1")),
            Integer.parseInt(take(words, "--rate", "0")),
            take(words, "--server-limit", "1000000/s"),
            Database.take(words),
            (heap.isEmpty() ? options : "-Xmx" + heap + " " + options).strip(),
            Optional.of(take(words, "--record", ""))
                .filter(directory -> !directory.isEmpty())
                .map(Path::of),
            Arrays.stream(take(words, "--curve", "").split(",", -1))
                .filter(number -> !number.isEmpty())
                .map(Integer::valueOf)
                .toList(),
            help);
    if (!words.isEmpty()) {
      throw new IllegalArgumentException("not understood: " + words + "\n" + HELP);
    }
    return settings;
  }

  /** The same with another number of subscribers. */
  BenchSettings withSubscribers(int number) {
    return new BenchSettings(
        targets,
        windows,
        rounds,
        requests,
        warmUp,
        number,
        links,
        rate,
        serverLimit,
        database,
        javaOptions,
        record,
        curve,
        help);
  }

  static String take(List<String> words, String name, String otherwise) {
    int at = words.indexOf(name);
    if (at < 0) {
      return otherwise;
    }
    if (at + 1 == words.size()) {
      throw new IllegalArgumentException(name + " needs a value\n" + HELP);
    }
    words.remove(at);
    return words.remove(at);
  }
}
