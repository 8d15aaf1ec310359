package io.coagateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The package table of the README, held against the imports of src/main. An arrow changes together
 * with this table, or not at all.
 */
class ArchitectureTest {
  private static final Set<String> OPEN_TO_ALL = Set.of("wire", "time");

  private static final Map<String, Set<String>> ARROWS =
      Map.ofEntries(
          Map.entry("wire", Set.of()),
          Map.entry("time", Set.of()),
          Map.entry("dhcpv6", Set.of()),
          Map.entry("radius", Set.of()),
          Map.entry("ratelimit", Set.of()),
          Map.entry("listen", Set.of()),
          Map.entry("datagram", Set.of()),
          Map.entry("subscriber", Set.of("radius", "dhcpv6")),
          Map.entry("accounting", Set.of("radius", "das", "datagram", "dhcpv6", "subscriber")),
          Map.entry("capture", Set.of()),
          Map.entry("learn", Set.of("capture", "dhcpv6", "subscriber")),
          Map.entry("mapping", Set.of("radius", "dhcpv6", "subscriber")),
          Map.entry("relay", Set.of("dhcpv6", "ratelimit", "datagram")),
          Map.entry("leasequery", Set.of("radius", "dhcpv6", "subscriber", "accounting", "relay")),
          Map.entry("inpath", Set.of("dhcpv6", "relay", "subscriber")),
          Map.entry("radsec", Set.of("radius", "ratelimit", "listen")),
          Map.entry("das", Set.of("radius", "ratelimit", "datagram", "radsec")),
          Map.entry("dynauth", Set.of("radius", "dhcpv6", "subscriber", "mapping", "relay")),
          Map.entry(
              "metrics",
              Set.of(
                  "radius",
                  "dhcpv6",
                  "das",
                  "listen",
                  "radsec",
                  "relay",
                  "inpath",
                  "dynauth",
                  "subscriber",
                  "ratelimit",
                  "accounting",
                  "capture",
                  "learn",
                  "leasequery")),
          Map.entry(
              "admin",
              Set.of(
                  "radius", "dhcpv6", "subscriber", "relay", "das", "listen", "radsec", "dynauth")),
          Map.entry(
              "config",
              Set.of(
                  "radius",
                  "accounting",
                  "dhcpv6",
                  "das",
                  "radsec",
                  "dynauth",
                  "relay",
                  "inpath",
                  "leasequery",
                  "subscriber",
                  "mapping",
                  "ratelimit",
                  "admin")),
          Map.entry("simulator", Set.of("dhcpv6", "datagram")),
          Map.entry("dac", Set.of("radius", "datagram")),
          Map.entry(
              "app",
              Set.of(
                  "radius",
                  "dhcpv6",
                  "das",
                  "listen",
                  "radsec",
                  "dynauth",
                  "relay",
                  "inpath",
                  "leasequery",
                  "subscriber",
                  "mapping",
                  "ratelimit",
                  "admin",
                  "accounting",
                  "capture",
                  "learn",
                  "metrics",
                  "config")),
          Map.entry(
              "cli",
              Set.of(
                  "radius",
                  "dhcpv6",
                  "das",
                  "radsec",
                  "dynauth",
                  "relay",
                  "inpath",
                  "leasequery",
                  "subscriber",
                  "mapping",
                  "ratelimit",
                  "admin",
                  "metrics",
                  "accounting",
                  "capture",
                  "learn",
                  "config",
                  "app",
                  "simulator",
                  "dac")));

  /** Netty's buffers and tinyradius stop where datagrams come in (style: typed values inside). */
  private static final Set<String> NO_BUFFERS =
      Set.of("dhcpv6", "radius", "ratelimit", "subscriber", "mapping", "dynauth");

  private static final Pattern IMPORT =
      Pattern.compile("^import (?:static )?io\\.coagateway\\.([a-z0-9]+)\\.", Pattern.MULTILINE);

  @Test
  void importsFollowThePackageTable() throws IOException {
    Set<String> strays = new TreeSet<>();
    for (Path file : sources()) {
      String from = file.getParent().getFileName().toString();
      Matcher imports = IMPORT.matcher(Files.readString(file));
      while (imports.find()) {
        String to = imports.group(1);
        boolean allowed =
            to.equals(from)
                || OPEN_TO_ALL.contains(to)
                || ARROWS.getOrDefault(from, Set.of()).contains(to);
        if (!allowed) {
          strays.add(from + " -> " + to + " in " + file.getFileName());
        }
      }
    }
    assertThat(strays).isEmpty();
  }

  @Test
  void everyPackageIsInTheTableAndSaysWhatItIsFor() throws IOException {
    Set<String> packages = new TreeSet<>();
    for (Path file : sources()) {
      packages.add(file.getParent().getFileName().toString());
      assertThat(file.resolveSibling("package-info.java")).exists();
    }
    assertThat(ARROWS.keySet()).containsAll(packages);
  }

  @Test
  void buffersAndTinyradiusStopAtTheEdge() throws IOException {
    Set<String> strays = new TreeSet<>();
    for (Path file : sources()) {
      String text = Files.readString(file);
      if (NO_BUFFERS.contains(file.getParent().getFileName().toString())
          && (text.contains("import io.netty.buffer") || text.contains("import org.tinyradius"))) {
        strays.add(file.getFileName().toString());
      }
    }
    assertThat(strays).isEmpty();
  }

  private static List<Path> sources() throws IOException {
    Path top = Path.of("src/main/java/io/coagateway");
    try (Stream<Path> files = Files.walk(top)) {
      return files.filter(f -> f.toString().endsWith(".java")).toList();
    }
  }
}
