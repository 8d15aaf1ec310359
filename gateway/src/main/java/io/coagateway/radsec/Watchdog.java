package io.coagateway.radsec;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * When to ask whether the other end lives, and when to give it up: the algorithm of RFC 3539
 * section 3.4, for a connection that has no other to fail over to. Silence for Tw (with jitter of 2
 * s either way) asks; two further Tw without a word end the connection. A pure machine: time is an
 * argument.
 *
 * <pre>
 *   QUIET --Tw--> ASKED --2 Tw--> GIVE_UP
 *     ^             |
 *     +-- anything heard
 * </pre>
 */
final class Watchdog {
  /** What to do now. */
  enum Step {
    NOTHING,
    ASK,
    GIVE_UP
  }

  private static final long JITTER_NANOS = Duration.ofSeconds(2).toNanos();

  private final RandomGenerator random;
  private final long intervalNanos;
  private long due;
  private boolean asked;

  /**
   * @param interval Tw; zero: never asks
   */
  Watchdog(Duration interval, RandomGenerator random, long nowNanos) {
    this.intervalNanos = interval.toNanos();
    this.random = random;
    this.due = nowNanos; // the first question at once: only its answer proves that we are welcome
  }

  /** Something authentic came from the other end. */
  void onHeard(long nowNanos) {
    asked = false;
    due = nowNanos + intervalNanos + random.nextLong(-JITTER_NANOS, JITTER_NANOS + 1);
  }

  /** Nothing was read for a while, so that nothing could be heard: an answer has its time anew. */
  void onReadAgain(long nowNanos) {
    if (asked) {
      due = nowNanos + 2 * intervalNanos;
    }
  }

  /** Time has passed in which the other end could be heard. */
  Step onTick(long nowNanos) {
    if (intervalNanos == 0 || nowNanos - due < 0) {
      return Step.NOTHING;
    }
    if (asked) {
      return Step.GIVE_UP;
    }
    asked = true;
    due = nowNanos + 2 * intervalNanos;
    return Step.ASK;
  }
}
