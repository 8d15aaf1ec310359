package io.coagateway.load;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

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
    String database,
    String heap,
    String javaOptions,
    boolean everyone,
    boolean help) {
  static final String HELP =
      """
      --targets freeradius,echo,single,batched   what to measure, in this order; also: refused,
                                                 the RADIUS side alone (lookup, NAK 503)
      --windows 16,64,256,1024                   requests kept unanswered
      --rounds 5                                 medians are taken over the rounds
      --requests 100000                          in each measurement
      --warm-up 200000                           requests before, to each target, not counted
      --subscribers 100000                       in the gateway's table
      --links 1                                  on how many links they are
      --rate 0                                   open loop: so many requests a second (use --windows 4096)
      --server-limit 1000000/s                   the gateway's rate limit towards the DHCPv6 server
      --database disk                            or memory: SQLite's file on /dev/shm
      --heap 512m                                of the gateway
      --java-options ''                          more options for the gateway's JVM
      --everyone                                 instead: one CoA for every subscriber, once\
      """;

  static BenchSettings parse(String[] arguments) {
    List<String> words = new ArrayList<>(Arrays.asList(arguments));
    words.removeIf(String::isBlank);
    boolean everyone = words.remove("--everyone");
    boolean help = words.remove("--help");
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
            take(words, "--database", "disk"),
            take(words, "--heap", "512m"),
            take(words, "--java-options", ""),
            everyone,
            help);
    if (!words.isEmpty()) {
      throw new IllegalArgumentException("not understood: " + words + "\n" + HELP);
    }
    return settings;
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
