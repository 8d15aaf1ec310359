package io.coagateway.ratelimit;

import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import java.time.Duration;
import java.util.Arrays;

/**
 * A limit that is true over <em>any</em> second, not only over seconds that start where a cycle
 * does.
 *
 * <p>resilience4j's limiter counts in cycles that lie on a fixed grid, so two bursts on either side
 * of an edge may be as close as one likes: with a cycle of one second it lets twice the limit
 * through within moments. Here its cycle is a hundredth of a second and bounds the burst; above it
 * stands a judge that remembers how many each of the last cycles was granted. A span of one second
 * that starts anywhere touches at most {@value #WINDOW} cycles (its start lies in cycle <i>c</i>,
 * its end in cycle <i>c</i> + {@value #CYCLES_PER_SECOND}), so the judge grants only while the sum
 * over {@value #WINDOW} cycles stays within the limit. What was granted in one cycle and
 * {@linkplain #happened happened} in a later one counts in the later one. The price: under constant
 * pressure the mean is 100/101 of the limit. The memory is the same for every limit.
 *
 * <p>Time comes with each question, resilience4j's too, so tests move it by hand.
 */
final class SlidingSecondLimiter implements Limiter {
  /** How many cycles a second has. */
  static final int CYCLES_PER_SECOND = 100;

  /** How many cycles a span of one second can touch. */
  static final int WINDOW = CYCLES_PER_SECOND + 1;

  private static final long CYCLE_NANOS = 1_000_000_000L / CYCLES_PER_SECOND;

  private final int perSecond;
  private final RateLimiter burst;
  private final int[] granted = new int[WINDOW];
  private int grantedInWindow;
  private int unreported;
  private long unreportedCycle;
  private long cycle;
  private long elapsed;
  private long start;
  private boolean started;

  SlidingSecondLimiter(RateLimit limit) {
    perSecond = limit.perSecond();
    RateLimiterConfig config =
        RateLimiterConfig.custom()
            .limitRefreshPeriod(Duration.ofNanos(CYCLE_NANOS))
            .limitForPeriod(limit.burst())
            .timeoutDuration(Duration.ZERO)
            .build();
    burst = RateLimiter.of("burst", config, () -> elapsed);
  }

  @Override
  public long tryAcquire(int permits, long nowNanos) {
    if (permits < 1 || permits > perSecond) {
      throw new IllegalArgumentException(permits + " permits are not 1 to " + perSecond);
    }
    moveTo(nowNanos);
    if (grantedInWindow + permits > perSecond) {
      return nanosUntilCycle(firstCycleWithRoomFor(permits));
    }
    // With a timeout of zero this reserves now or not at all, and never parks the thread.
    if (burst.reservePermission(permits) != 0) {
      return nanosUntilCycle(cycle + 1);
    }
    count(permits);
    unreported = unreportedCycle == cycle ? unreported + permits : permits;
    unreportedCycle = cycle;
    return GRANTED;
  }

  @Override
  public void happened(long nowNanos) {
    if (unreported == 0) {
      return;
    }
    moveTo(nowNanos);
    if (cycle != unreportedCycle) {
      if (cycle - unreportedCycle < WINDOW) {
        granted[slot(unreportedCycle)] -= unreported;
        grantedInWindow -= unreported;
      }
      count(unreported);
    }
    unreported = 0;
  }

  private void count(int permits) {
    granted[slot(cycle)] += permits;
    grantedInWindow += permits;
  }

  private void moveTo(long nowNanos) {
    if (!started) {
      started = true;
      start = nowNanos;
    }
    elapsed = Math.max(elapsed, nowNanos - start);
    long now = elapsed / CYCLE_NANOS;
    if (now - cycle >= WINDOW) {
      Arrays.fill(granted, 0);
      grantedInWindow = 0;
      cycle = now;
    }
    while (cycle < now) {
      cycle++;
      grantedInWindow -= granted[slot(cycle)]; // the cycle that is now out of every such second
      granted[slot(cycle)] = 0;
    }
  }

  private long firstCycleWithRoomFor(int permits) {
    int left = grantedInWindow;
    long next = cycle;
    while (left + permits > perSecond) {
      next++;
      left -= granted[slot(next)];
    }
    return next;
  }

  private long nanosUntilCycle(long target) {
    return target * CYCLE_NANOS - elapsed;
  }

  private static int slot(long cycle) {
    return (int) (cycle % WINDOW);
  }
}
