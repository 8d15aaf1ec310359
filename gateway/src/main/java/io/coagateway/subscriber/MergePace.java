package io.coagateway.subscriber;

/**
 * When acknowledged marks are merged, and how many: as far as possible while nobody waits for the
 * writer, since between two requests the thread often rests for a moment even under load.
 */
final class MergePace {
  /**
   * Marks that may wait: their index stays a few pages, which is why they are fast, and in the
   * order of their keys a page of records has some of them.
   */
  static final int KEPT = 1024;

  /** More are merged whoever waits. */
  static final int MOST = 4096;

  /** Merged at a time while nobody waits: a quarter of a millisecond, or somebody comes. */
  static final int SLICE = 32;

  private static final int DUE_SLICE = 128;

  private MergePace() {}

  /**
   * How many have to be merged after a transaction, whoever waits.
   *
   * @param unmerged how many marks wait
   * @param came how many of them came with that transaction
   */
  static int due(int unmerged, int came) {
    return unmerged > MOST ? Math.max(DUE_SLICE, 2 * came) : 0; // more than came, so that it ends
  }

  /**
   * Whether to merge while nobody waits.
   *
   * @param idle nobody has come for a while
   */
  static boolean isWorthwhile(int unmerged, boolean idle) {
    return unmerged > (idle ? 0 : KEPT);
  }
}
