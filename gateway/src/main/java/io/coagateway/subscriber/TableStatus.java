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
 * @param failure why the last write failed; empty when it succeeded
 */
public record TableStatus(
    int records,
    long keys,
    boolean indexComplete,
    int queued,
    int queueLimit,
    int unmerged,
    Optional<String> failure) {}
