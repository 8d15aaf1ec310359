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
  private long nanos;
  private long started;
  private Instant wall = Instant.ofEpochSecond(0x68000000L);

  @Override
  public long nanos() {
    return nanos;
  }

  @Override
  public Instant instant() {
    return wall;
  }

  @Override
  public Timer after(long delayNanos, Runnable action) {
    Entry entry = new Entry(nanos + Math.max(0, delayNanos), started++, action);
    entries.add(entry);
    return () -> entries.remove(entry);
  }

  /** Moves time on, firing what falls due on the way at its own time. */
  public void pass(Duration duration) {
    long end = nanos + duration.toNanos();
    while (!entries.isEmpty() && entries.peek().due() <= end) {
      Entry next = entries.remove();
      moveTo(Math.max(nanos, next.due()));
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
    wall = wall.plusNanos(to - nanos);
    nanos = to;
  }
}
