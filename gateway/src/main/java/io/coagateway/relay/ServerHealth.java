package io.coagateway.relay;

/**
 * Whether a server seems dead. It is still asked; only nobody waits for it when another server has
 * answered. A wait counts against it when nothing at all was heard from it since the message was
 * first sent, so that a lost datagram among answered ones does not.
 */
final class ServerHealth {
  private static final int WAITS_UNTIL_DEAD = 3;

  private final long memoryNanos;
  private int silentWaits;
  private boolean heard;
  private long lastHeardNanos;
  private boolean dead;
  private long deadUntilNanos;

  /**
   * @param memoryNanos how long it is remembered as dead after the last silent wait
   */
  ServerHealth(long memoryNanos) {
    this.memoryNanos = memoryNanos;
  }

  /** A valid answer came. */
  void onHeard(long now) {
    heard = true;
    lastHeardNanos = now;
    silentWaits = 0;
    dead = false;
  }

  /** The wait for an answer to a message first sent at {@code firstSentNanos} is over. */
  void onSilence(long firstSentNanos, long now) {
    if (heard && lastHeardNanos - firstSentNanos >= 0) {
      return;
    }
    silentWaits++;
    if (silentWaits >= WAITS_UNTIL_DEAD) {
      dead = true;
      deadUntilNanos = now + memoryNanos;
    }
  }

  /** Whether it has been silent too often too lately. */
  boolean isDead(long now) {
    if (dead && now - deadUntilNanos >= 0) {
      dead = false;
      silentWaits = 0;
    }
    return dead;
  }
}
