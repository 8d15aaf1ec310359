package io.coagateway.subscriber;

import java.util.Optional;

/**
 * How the table is, for {@code /health}, {@code /metrics} and the status page.
 *
 * @param records subscribers in the memory index
 * @param keys entries of the memory index
 * @param indexComplete whether lookups are answered from memory alone
 * @param queued requests that wait for the database
 * @param queueLimit at how many waiting requests the next one is refused
 * @param unmerged acknowledged changes whose record has not been rewritten yet
 * @param lookups how many look-ups of sessions there have been
 * @param failure why the last write failed; empty when it succeeded
 */
public record TableStatus(
    int records,
    long keys,
    boolean indexComplete,
    int queued,
    int queueLimit,
    int unmerged,
    Lookups lookups,
    Optional<String> failure) {
  /**
   * Look-ups of sessions since the start.
   *
   * @param inMemory answered from the memory index
   * @param inDatabase for which the database was asked: while the index is being filled, and for
   *     whom the index does not know
   */
  public record Lookups(long inMemory, long inDatabase) {}
}
