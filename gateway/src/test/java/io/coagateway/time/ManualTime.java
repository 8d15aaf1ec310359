package io.coagateway.time;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * Time that tests move by hand: {@link #pass} moves both clocks and fires what falls due, in order
 * of due time, then of start.
 */
public final class ManualTime implements Timers, InstantSource {
  private record Entry(long due, long order, Runnable action) {}

  private final PriorityQueue<Entry> entries =
      new PriorityQueue<>(Comparator.comparingLong(Entry::due).thenComparingLong(Entry::order));
  private final long origin;
  private long elapsed;
  private long started;
  private Instant wall = Instant.ofEpochSecond(0x68000000L);

  /** {@link #nanos} begins at 0, so that it tells how much time has passed. */
  public ManualTime() {
    this(0);
  }

  /**
   * {@link #nanos} begins anywhere, as {@link System#nanoTime} does: what compares two of them, and
   * not how far they are apart, is found out by an origin just before the numbers run over.
   */
  public ManualTime(long origin) {
    this.origin = origin;
  }

  @Override
  public long nanos() {
    return origin + elapsed;
  }

  @Override
  public Instant instant() {
    return wall;
  }

  @Override
  public Timer after(long delayNanos, Runnable action) {
    Entry entry = new Entry(elapsed + Math.max(0, delayNanos), started++, action);
    entries.add(entry);
    return () -> entries.remove(entry);
  }

  /** Moves time on, firing what falls due on the way at its own time. */
  public void pass(Duration duration) {
    long end = elapsed + duration.toNanos();
    while (!entries.isEmpty() && entries.peek().due() <= end) {
      Entry next = entries.remove();
      moveTo(Math.max(elapsed, next.due()));
      next.action().run();
    }
    moveTo(end);
  }

  /** Fires what is due now. */
  public void settle() {
    pass(Duration.ZERO);
  }

  /** Sets the wall clock alone, as an operator or NTP would. */
  public void setWallClock(Instant instant) {
    wall = instant;
  }

  /** How many timers are waiting. */
  public int waiting() {
    return entries.size();
  }

  private void moveTo(long to) {
    wall = wall.plusNanos(to - elapsed);
    elapsed = to;
  }
}
