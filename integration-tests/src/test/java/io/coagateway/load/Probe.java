package io.coagateway.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a process has used so far, from /proc.
 *
 * @param cpuSeconds in user and kernel mode, all threads
 * @param residentMebibytes its resident memory now
 */
record Probe(double cpuSeconds, double residentMebibytes) {
  private static final double TICKS_PER_SECOND = 100;
  private static final double PAGES_PER_MEBIBYTE = 256;

  /** Looks at a process. */
  static Probe of(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
      // Behind the name in brackets: field 3 is the state, 14 and 15 the times, 24 the pages.
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      double ticks = Double.parseDouble(fields[11]) + Double.parseDouble(fields[12]);
      return new Probe(
          ticks / TICKS_PER_SECOND, Double.parseDouble(fields[21]) / PAGES_PER_MEBIBYTE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Datagrams that the kernel dropped at the sockets of a local IPv4 port, since they are open. */
  static long dropsAt(int port) {
    try {
      String local = ":%04X ".formatted(port);
      return Files.readAllLines(Path.of("/proc/net/udp")).stream()
          .filter(line -> line.contains(local) && line.indexOf(local) < 16)
          .mapToLong(line -> Long.parseLong(line.strip().replaceAll(".* ", "")))
          .sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
