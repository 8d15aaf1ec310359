package io.coagateway.app;

import io.coagateway.admin.Health;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/**
 * Since when the settings in force are, and whether later ones were refused: a reload that came to
 * nothing must be seen by others than the reader of the log. From any thread.
 */
final class SettingsInForce {
  private final InstantSource clock;
  private volatile State state;

  /**
   * @param since when they were taken over
   * @param refused why the last reload was not
   */
  private record State(Instant since, Optional<String> refused) {}

  /** The settings of the start. */
  SettingsInForce(InstantSource clock) {
    this.clock = clock;
    this.state = new State(clock.instant(), Optional.empty());
  }

  /** A reload has succeeded. */
  void replaced() {
    state = new State(clock.instant(), Optional.empty());
  }

  /**
   * A reload was refused; that is shown until one succeeds.
   *
   * @param why in words, without any value of the configuration: {@code /health} is open to all
   */
  void kept(String why) {
    state = new State(state.since(), Optional.of(why));
  }

  /** Whether what was read last is what is in force. */
  boolean areTheLastRead() {
    return state.refused().isEmpty();
  }

  /** Since when they are in force. */
  Instant since() {
    return state.since();
  }

  /** What {@code /health} says of it; nothing when all is well. */
  List<Health.Reason> notes() {
    State now = state;
    return now.refused().stream()
        .map(
            why ->
                new Health.Reason(
                    "configuration",
                    "the last reload was refused, the settings of "
                        + now.since().truncatedTo(ChronoUnit.SECONDS)
                        + " stay in force: "
                        + why,
                    "coa-gateway check-config and the log name each mistake; correct them, then"
                        + " reload."))
        .toList();
  }
}
