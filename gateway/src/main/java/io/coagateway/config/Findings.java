package io.coagateway.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** What was found while one configuration was read: problems, warnings, and the values in force. */
final class Findings {
  private final Path file;
  private final List<Problem> problems = new ArrayList<>();
  private final List<Problem> warnings = new ArrayList<>();
  private final List<Setting> settings = new ArrayList<>();

  private int muted;

  Findings(Path file) {
    this.file = file;
  }

  void problem(int line, String keyPath, String message) {
    add(problems, found(line, keyPath, Optional.empty(), message, false));
  }

  void problem(int line, String keyPath, String value, String message) {
    add(problems, found(line, keyPath, Optional.of(value), message, false));
  }

  void problem(int line, String keyPath, String value, BadValue bad) {
    add(problems, found(line, keyPath, Optional.of(value), bad.getMessage(), bad.mayPass()));
  }

  void warning(int line, String keyPath, String message) {
    add(warnings, found(line, keyPath, Optional.empty(), message, false));
  }

  private Problem found(
      int line, String keyPath, Optional<String> value, String message, boolean mayPass) {
    return new Problem(
        file, line, keyPath, value.map(Shown::text), Shown.message(message), mayPass);
  }

  /** A problem in another file, such as a dictionary. */
  void add(Problem problem) {
    add(problems, problem);
  }

  private void add(List<Problem> to, Problem found) {
    if (muted == 0) {
      to.add(found);
    }
  }

  void setting(String keyPath, String value, Setting.Origin origin) {
    settings.add(new Setting(keyPath, Shown.text(value), origin));
  }

  /** Does {@code work}, of whose problems and warnings nothing is said. */
  <T> T muted(Supplier<T> work) {
    muted++;
    try {
      return work.get();
    } finally {
      muted--;
    }
  }

  boolean anyProblem() {
    return !problems.isEmpty();
  }

  /** In the order of the file. */
  List<Problem> problems() {
    return inOrder(problems);
  }

  /** In the order of the file. */
  List<Problem> warnings() {
    return inOrder(warnings);
  }

  List<Setting> settings() {
    return List.copyOf(settings);
  }

  private static List<Problem> inOrder(List<Problem> found) {
    return found.stream().sorted(Comparator.comparingInt(Problem::line)).toList();
  }
}
