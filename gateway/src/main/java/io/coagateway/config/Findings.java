package io.coagateway.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What was found while one configuration was read: problems, warnings, and the values in force. */
final class Findings {
  private final Path file;
  private final List<Problem> problems = new ArrayList<>();
  private final List<Problem> warnings = new ArrayList<>();
  private final List<Setting> settings = new ArrayList<>();

  private boolean muted;

  Findings(Path file) {
    this.file = file;
  }

  void problem(int line, String keyPath, String message) {
    add(problems, new Problem(file, line, keyPath, Optional.empty(), message));
  }

  void problem(int line, String keyPath, String value, String message) {
    add(problems, new Problem(file, line, keyPath, Optional.of(value), message));
  }

  void warning(int line, String keyPath, String message) {
    add(warnings, new Problem(file, line, keyPath, Optional.empty(), message));
  }

  /** A problem in another file, such as a dictionary. */
  void add(Problem problem) {
    add(problems, problem);
  }

  private void add(List<Problem> to, Problem found) {
    if (!muted) {
      to.add(found);
    }
  }

  void setting(String keyPath, String value, Setting.Origin origin) {
    settings.add(new Setting(keyPath, value, origin));
  }

  /** While a group of the wrong shape is read as if it were empty, nothing more is said of it. */
  void mute(boolean on) {
    muted = on;
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
