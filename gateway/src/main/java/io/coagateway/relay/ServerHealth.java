package io.coagateway.relay;

/**
 * Whether a server is silent, and whether it seems dead. Silent is what people are told: it left
 * something unanswered, and has not been heard since, however long nobody asks it. Dead is what is
 * decided by, and forgotten after a while so that it is waited for again. It is still asked; only
 * nobody waits for it when another server has answered. What counts against it is an exchange that
 * ended unanswered, or several messages that were sent twice in vain, and both only when nothing at
 * all was heard from it since the message was first sent: a datagram lost among answered ones says
 * nothing. Twice, because a server that is only late must not be given up: with the times of RFC
 * 6977 it has about three seconds. An exchange that its clients' deadline cut short of them, or
 * that nobody waited for any longer because another server had answered, says nothing either, but
 * several within so long do.
 */
final class ServerHealth {
  private static final int MESSAGES_UNTIL_DEAD = 3;

  /** What a server has that is asked twice with the times of RFC 6977. */
  static final long PATIENCE_NANOS = 3_000_000_000L;

  private final long memoryNanos;
  private int silentMessages;
  private int cutShort;
  private long cutShortSinceNanos;
  private boolean heard;
  private long lastHeardNanos;
  private boolean silent;
  private boolean dead;
  private long deadUntilNanos;

  /**
   * @param memoryNanos how long it is remembered as dead after the last silence
   */
  ServerHealth(long memoryNanos) {
    this.memoryNanos = memoryNanos;
  }

  /** A valid answer came, perhaps too late. */
  void onHeard(long now) {
    heard = true;
    lastHeardNanos = now;
    forget();
  }

  /**
   * It is asked for other things, or otherwise, from now on: what it left unanswered says nothing.
   */
  void forget() {
    silent = false;
    revive();
  }

  private void revive() {
    dead = false;
    silentMessages = 0;
    cutShort = 0;
  }

  /** A message first sent at {@code sentNanos} was sent twice, and both waits are over. */
  void onSentTwiceInVain(long sentNanos, long now) {
    if (isSilentSince(sentNanos) && ++silentMessages >= MESSAGES_UNTIL_DEAD) {
      die(now);
    }
  }

  /** An exchange whose first message was sent at {@code firstSentNanos} ended unanswered. */
  void onUnanswered(long firstSentNanos, long now) {
    if (isSilentSince(firstSentNanos)) {
      die(now);
    }
  }

  /**
   * An exchange whose first message was sent at {@code firstSentNanos} was cut short by its
   * clients' deadline, or because they left. Where all deadlines are short, or another server is
   * always faster, nothing else would tell of a dead server.
   */
  void onCutShort(long firstSentNanos, long now) {
    if (!isSilentSince(firstSentNanos)) {
      return;
    }
    if (cutShort++ == 0) {
      cutShortSinceNanos = firstSentNanos;
    }
    if (cutShort >= MESSAGES_UNTIL_DEAD && now - cutShortSinceNanos >= PATIENCE_NANOS) {
      die(now);
    }
  }

  private boolean isSilentSince(long nanos) {
    return !heard || lastHeardNanos - nanos < 0;
  }

  private void die(long now) {
    silent = true;
    dead = true;
    deadUntilNanos = now + memoryNanos;
  }

  /** Whether it was silent too often, and nothing was heard from it since. */
  boolean isSilent() {
    return silent;
  }

  /** Whether it has been silent too often too lately. */
  boolean isDead(long now) {
    if (dead && now - deadUntilNanos >= 0) {
      revive();
    }
    return dead;
  }
}
