package io.coagateway.relay;

import io.coagateway.time.Timers;

/**
 * Many timers on top of one. Nearly every exchange is answered long before its retransmission is
 * due, so starting and cancelling must cost next to nothing: both are O(1) here and, once a node
 * exists, allocate nothing. A timer never fires early, and late by at most one tick ({@value
 * #TICK_NANOS} ns), which is far inside the jitter that RFC 8415 section 15 asks for. Not
 * thread-safe: one event loop.
 */
final class TimerWheel {
  /** The resolution: 10 ms. */
  static final long TICK_NANOS = 10_000_000L;

  private static final int SLOTS = 512;

  /** Something that waits for one moment at a time. */
  abstract static class Node {
    private Node previous;
    private Node next;
    private long dueTick;

    /** Whether it is waiting. */
    final boolean isWaiting() {
      return previous != null;
    }

    /** The moment has come; {@code nowNanos} is the wheel's time. May start this node again. */
    abstract void onTimer(long nowNanos);
  }

  private static final class Head extends Node {
    Head() {
      super.previous = this;
      super.next = this;
    }

    @Override
    void onTimer(long nowNanos) {
      throw new IllegalStateException("the head of a slot never waits");
    }
  }

  private final Timers timers;
  private final long startNanos;
  private final Node[] slots = new Node[SLOTS];
  private final Node due = new Head();
  private long tick;
  private int waiting;
  private boolean armed;
  private boolean turning;

  TimerWheel(Timers timers) {
    this.timers = timers;
    startNanos = timers.nanos();
    for (int i = 0; i < SLOTS; i++) {
      slots[i] = new Head();
    }
  }

  /** Monotonic now. */
  long nanos() {
    return timers.nanos();
  }

  /** Fires {@code node} once {@code dueNanos} has come; a node that waits already moves there. */
  void start(Node node, long dueNanos) {
    cancel(node);
    if (waiting == 0 && !turning) {
      tick = tickAt(timers.nanos()); // the slots that time has passed meanwhile are empty
    }
    long due = Math.floorDiv(dueNanos - startNanos + TICK_NANOS - 1, TICK_NANOS);
    node.dueTick = Math.max(due, tick + 1);
    link(node, slots[(int) (node.dueTick % SLOTS)]);
    arm();
  }

  /** Never fires after this. Harmless when it is not waiting. */
  void cancel(Node node) {
    if (node.previous == null) {
      return;
    }
    node.previous.next = node.next;
    node.next.previous = node.previous;
    node.previous = null;
    node.next = null;
    waiting--;
  }

  /** How many nodes wait. */
  int waiting() {
    return waiting;
  }

  private void arm() {
    if (!armed && waiting > 0) {
      armed = true;
      timers.after(startNanos + (tick + 1) * TICK_NANOS - timers.nanos(), this::turn);
    }
  }

  private void turn() {
    armed = false;
    long now = timers.nanos();
    turning = true;
    for (long last = tickAt(now); tick < last && waiting > 0; ) {
      tick++;
      fire(slots[(int) (tick % SLOTS)], now);
    }
    turning = false;
    arm();
  }

  private void fire(Node head, long now) {
    for (Node node = head.next; node != head; ) {
      Node following = node.next;
      if (node.dueTick <= tick) {
        cancel(node);
        link(node, due);
      }
      node = following;
    }
    while (due.next != due) { // what fires may start and cancel any node, those here too
      Node node = due.next;
      cancel(node);
      node.onTimer(now);
    }
  }

  private void link(Node node, Node head) {
    node.previous = head.previous;
    node.next = head;
    head.previous.next = node;
    head.previous = node;
    waiting++;
  }

  private long tickAt(long nanos) {
    return (nanos - startNanos) / TICK_NANOS;
  }
}
