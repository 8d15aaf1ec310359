package io.coagateway.admin;

import java.util.ArrayList;
import java.util.List;

/**
 * Whether the gateway can do its work, and why not.
 *
 * @param problems what keeps it from working; none: healthy
 * @param notes what a person should know although it works, such as a server that is silent
 */
public record Health(List<Reason> problems, List<Reason> notes) {
  /** All is well. */
  public static final Health OK = new Health(List.of(), List.of());

  /** Copies the lists. */
  public Health {
    problems = List.copyOf(problems);
    notes = List.copyOf(notes);
  }

  /** The same, with more that a person should know. */
  public Health noting(List<Reason> more) {
    List<Reason> all = new ArrayList<>(notes);
    all.addAll(more);
    return new Health(problems, all);
  }

  /** Whether requests can be answered as they should. */
  public boolean ok() {
    return problems.isEmpty();
  }

  /**
   * One thing that is not as it should be.
   *
   * @param part which part, like {@code database} or {@code dhcp-1}
   * @param what what is wrong with it
   * @param cure what to do
   */
  public record Reason(String part, String what, String cure) {}
}
