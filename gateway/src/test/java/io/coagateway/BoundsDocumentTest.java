package io.coagateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** BOUNDS.md names everything that can grow in the packages that talk to somebody. */
class BoundsDocumentTest {
  private static final List<String> PACKAGES =
      List.of(
          "accounting",
          "admin",
          "app",
          "capture",
          "das",
          "datagram",
          "dynauth",
          "inpath",
          "learn",
          "leasequery",
          "metrics",
          "radsec",
          "relay",
          "subscriber");

  /** A field of a class, not of one nested in it, made as an empty collection of some kind. */
  private static final Pattern FIELD =
      Pattern.compile(
          "^  (?:private |protected |static |final |volatile )*"
              + "\\w*(?:Map|Deque|Queue|List|Set|ChannelGroup)(?:<[^=;(]*>)?\\s+(\\w+)\\s*=\\s*"
              + "(?:new (?!EnumMap)|ConcurrentHashMap\\.newKeySet)",
          Pattern.MULTILINE);

  private static final Pattern NAMED = Pattern.compile("`([A-Z]\\w+\\.[a-z]\\w+)`");

  /** Made while classes are taken apart or put together, and gone with the call. */
  private static final Set<String> SHORT_LIVED = Set.of("PemFile.blocks");

  @Test
  void namesWhatTheCodeHas() throws IOException {
    Set<String> inCode = new TreeSet<>();
    for (String name : PACKAGES) {
      try (Stream<Path> files = Files.list(Path.of("src/main/java/io/coagateway", name))) {
        for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
          Matcher fields = FIELD.matcher(Files.readString(file));
          while (fields.find()) {
            inCode.add(file.getFileName().toString().replace(".java", "") + "." + fields.group(1));
          }
        }
      }
    }
    inCode.removeAll(SHORT_LIVED);
    Set<String> inDocument = new TreeSet<>();
    Matcher names = NAMED.matcher(Files.readString(Path.of("BOUNDS.md")));
    while (names.find()) {
      inDocument.add(names.group(1));
    }
    assertThat(inCode).hasSizeGreaterThan(30);
    assertThat(inDocument).as("rows of gateway/BOUNDS.md").isEqualTo(inCode);
  }

  /** A row behind a blank line belongs to no table, and is shown as text. */
  @Test
  void everyRowStandsInATable() throws IOException {
    String document = Files.readString(Path.of("BOUNDS.md"));
    assertThat(document.split("\n{2,}", -1))
        .filteredOn(part -> part.startsWith("|"))
        .hasSizeGreaterThan(5)
        .allSatisfy(table -> assertThat(table).matches("(?s)\\|[^\n]*\n(\\|---)+\\|\n.*"));
    List<String> rows = document.lines().filter(line -> line.startsWith("|")).toList();
    assertThat(rows)
        .allSatisfy(row -> assertThat(row.chars().filter(c -> c == '|').count()).isEqualTo(6));
  }
}
