package io.coagateway.relay;

/**
 * Whether a server seems dead. It is still asked; only nobody waits for it when another server has
 * answered. What counts against it is an exchange that ended unanswered, or the first waits of
 * several messages, and both only when nothing at all was heard from it since the message was first
 * sent: a datagram lost among answered ones says nothing.
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
   * @param memoryNanos how long it is remembered as dead after the last silence
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

  /** The first wait for an answer to a message sent at {@code sentNanos} is over. */
  void onFirstWaitOver(long sentNanos, long now) {
    if (isSilentSince(sentNanos) && ++silentWaits >= WAITS_UNTIL_DEAD) {
      die(now);
    }
  }

  /** An exchange whose first message was sent at {@code firstSentNanos} ended unanswered. */
  void onUnanswered(long firstSentNanos, long now) {
    if (isSilentSince(firstSentNanos)) {
      die(now);
    }
  }

  private boolean isSilentSince(long nanos) {
    return !heard || lastHeardNanos - nanos < 0;
  }

  private void die(long now) {
    dead = true;
    deadUntilNanos = now + memoryNanos;
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
