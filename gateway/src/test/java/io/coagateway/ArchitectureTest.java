package io.coagateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
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
          Map.entry("accounting", Set.of("radius", "das", "datagram", "listen", "subscriber")),
          Map.entry("capture", Set.of()),
          Map.entry("learn", Set.of("capture", "dhcpv6", "subscriber")),
          Map.entry("mapping", Set.of("radius", "dhcpv6")),
          Map.entry("relay", Set.of("dhcpv6", "ratelimit", "datagram")),
          Map.entry("leasequery", Set.of("radius", "dhcpv6", "subscriber", "relay")),
          Map.entry("inpath", Set.of("dhcpv6", "relay", "subscriber")),
          Map.entry("radsec", Set.of("radius", "listen")),
          Map.entry("das", Set.of("radius", "ratelimit", "datagram", "listen", "radsec")),
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
                  "accounting",
                  "capture",
                  "learn",
                  "leasequery")),
          Map.entry("admin", Set.of("radius", "das", "listen", "radsec")),
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
                  "leasequery",
                  "subscriber",
                  "mapping",
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

  private static final Path TOP = Path.of("src/main/java/io/coagateway");

  /** The sentence of a package-info; an {@code io.coagateway} in it would end it too early. */
  private static final Pattern DEPENDS = Pattern.compile("(?:May depend|Depends) on [^.;]*");

  private static final Pattern WORD = Pattern.compile("[a-z0-9]+");

  private static final Pattern IMPORT =
      Pattern.compile("^import (?:static )?io\\.coagateway\\.([a-z0-9]+)\\.", Pattern.MULTILINE);

  @Test
  void importsAreThoseOfThePackageTable() throws IOException {
    Map<String, Set<String>> used = new TreeMap<>();
    ARROWS.keySet().forEach(name -> used.put(name, new TreeSet<>()));
    for (Path file : sources()) {
      String from = file.getParent().getFileName().toString();
      Matcher imports = IMPORT.matcher(Files.readString(file));
      while (imports.find()) {
        used.get(from).add(imports.group(1));
      }
    }
    used.forEach(
        (from, to) -> to.removeIf(name -> name.equals(from) || OPEN_TO_ALL.contains(name)));
    assertThat(used).isEqualTo(ARROWS);
  }

  /** Of app and cli, which may use nearly all, the sentence says what they may not. */
  @Test
  void everyPackageSaysWhatItDependsOn() throws IOException {
    Map<String, Set<String>> said = new TreeMap<>();
    for (String name : ARROWS.keySet()) {
      String text = Files.readString(TOP.resolve(name).resolve("package-info.java"));
      Matcher sentence = DEPENDS.matcher(text.replace("\n *", ""));
      assertThat(sentence.find()).as(name).isTrue();
      Set<String> names = new TreeSet<>();
      Matcher words = WORD.matcher(sentence.group());
      while (words.find()) {
        names.add(words.group());
      }
      names.retainAll(ARROWS.keySet());
      names.removeAll(OPEN_TO_ALL);
      if (sentence.group().contains("every package")
          && !sentence.group().contains("that owns parameters")) {
        names.add(name);
        assertThat(ARROWS.get(name)).as(name).doesNotContainAnyElementsOf(names);
      } else {
        said.put(name, names);
      }
    }
    assertThat(said).hasSize(ARROWS.size() - 2);
    assertThat(ARROWS).containsAllEntriesOf(said);
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
    try (Stream<Path> files = Files.walk(TOP)) {
      return files.filter(f -> f.toString().endsWith(".java")).toList();
    }
  }
}
