package io.coagateway.config;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A configuration that cannot be used. It holds all of its problems; the message has one a line.
 */
public final class ConfigurationException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient List<Problem> problems;
  private final transient List<Problem> warnings;

  /**
   * @param problems at least one
   * @param warnings what was doubtful besides
   */
  public ConfigurationException(List<Problem> problems, List<Problem> warnings) {
    super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
    this.warnings = List.copyOf(warnings);
  }

  /** What makes the configuration unusable, in the order of the file. */
  public List<Problem> problems() {
    return problems;
  }

  /** Whether all of it may go away by itself, so that it is worth trying again. */
  public boolean mayPass() {
    return problems.stream().allMatch(Problem::mayPass);
  }

  /** What is doubtful but would do. */
  public List<Problem> warnings() {
    return warnings;
  }

  /** Problems and warnings together. */
  public Stream<Problem> all() {
    return Stream.concat(problems.stream(), warnings.stream());
  }
}
