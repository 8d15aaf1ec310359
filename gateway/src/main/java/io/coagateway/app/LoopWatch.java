package io.coagateway.app;

import io.coagateway.admin.Health;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Whether the event loops still run: what {@code /health} says was put together on one of them, and
 * would stay as it was for ever when that hangs.
 */
final class LoopWatch {
  /** Far longer than any collection of garbage. */
  static final Duration LONGEST = Duration.ofSeconds(10);

  private final LongSupplier nanos;
  private volatile long gatewayRan;
  private volatile long radiusRan;

  /**
   * @param nanos monotonic nanoseconds
   */
  LoopWatch(LongSupplier nanos) {
    this.nanos = nanos;
    gatewayRan();
    radiusRan();
  }

  /** About once a second, on the gateway loop. */
  void gatewayRan() {
    gatewayRan = nanos.getAsLong();
  }

  /** About once a second, on the RADIUS loop. */
  void radiusRan() {
    radiusRan = nanos.getAsLong();
  }

  /**
   * From any thread: {@code last}, what the gateway loop said, or that this is not true any more.
   */
  Health judge(Health last) {
    long now = nanos.getAsLong();
    List<Health.Reason> problems = new ArrayList<>(last.problems());
    if (isLate(gatewayRan, now)) {
      problems.add(hangs("gateway")); // the other one is asked by it
    } else if (isLate(radiusRan, now)) {
      problems.add(hangs("radius"));
    }
    return new Health(problems, last.notes());
  }

  private static boolean isLate(long ran, long now) {
    return now - ran > LONGEST.toNanos();
  }

  private static Health.Reason hangs(String loop) {
    return new Health.Reason(
        loop,
        "the event loop has not run for more than " + LONGEST.toSeconds() + " s",
        "Is the machine short of CPU or memory? If not, take a thread dump (jstack), restart the"
            + " gateway and report it.");
  }
}
