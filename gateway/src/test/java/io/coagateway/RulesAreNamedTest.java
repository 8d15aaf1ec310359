package io.coagateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Every rule of RFC 6977 (RQ-n) and of the release draft (RL-n), as RULES.md lists them, is named
 * by a test, or by the README's limits where it is not a program's to keep.
 */
class RulesAreNamedTest {
  /** One number, or the first and last of a range. */
  private static final Pattern RULE = Pattern.compile("(R[QL])-(\\d+)(?:\\.\\.(\\d+))?");

  /** What a test is called where its method has no name that a person would read. */
  private static final Pattern DISPLAY_NAME =
      Pattern.compile("@DisplayName\\(\\s*((?:\"[^\"]*\"[\\s+]*)+)\\)");

  private static final Pattern VECTOR_NAME = Pattern.compile("(?m)^name (.*)$");

  private static final Pattern ROW = Pattern.compile("^\\| (R[QL]-\\d+) \\|", Pattern.MULTILINE);

  @Test
  void everyRuleIsNamedByATestOrTheLimits() throws IOException {
    Set<String> named = new TreeSet<>();
    try (Stream<Path> files = Files.walk(Path.of("src/test"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = file.getFileName().toString();
        if (name.endsWith(".java")) {
          collectNames(DISPLAY_NAME, file, named);
        } else if (name.endsWith(".txt")) {
          collectNames(VECTOR_NAME, file, named);
        }
      }
    }
    String readme = Files.readString(Path.of("../README.md"));
    collect(readme.substring(readme.indexOf("## Limits known today")), named);
    Set<String> missing = rules();
    assertThat(missing).hasSize(92);
    missing.removeAll(named);
    assertThat(missing).isEmpty();
  }

  /** Names of tests alone: what a comment says is not run. */
  private static void collectNames(Pattern names, Path file, Set<String> named) throws IOException {
    Matcher name = names.matcher(Files.readString(file));
    while (name.find()) {
      collect(name.group(1), named);
    }
  }

  /** A number that the code or its tests speak of can be looked up. */
  @Test
  void everyRuleThatIsNamedIsInTheDocument() throws IOException {
    Set<String> named = new TreeSet<>();
    try (Stream<Path> files = Files.walk(Path.of("src"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
        collect(Files.readString(file), named);
      }
    }
    assertThat(rules()).containsAll(named);
  }

  private static Set<String> rules() throws IOException {
    return ROW.matcher(Files.readString(Path.of("RULES.md")))
        .results()
        .map(row -> row.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static void collect(String text, Set<String> named) {
    Matcher rule = RULE.matcher(text);
    while (rule.find()) {
      int first = Integer.parseInt(rule.group(2));
      int last = rule.group(3) == null ? first : Integer.parseInt(rule.group(3));
      rules(rule.group(1), first, last).forEach(named::add);
    }
  }

  private static Stream<String> rules(String prefix, int first, int last) {
    return IntStream.rangeClosed(first, last).mapToObj(n -> prefix + "-" + n);
  }
}
