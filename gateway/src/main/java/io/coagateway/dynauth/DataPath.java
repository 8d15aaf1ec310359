package io.coagateway.dynauth;

import io.coagateway.subscriber.SubscriberRecord;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Cuts the data path of sessions before their bindings are released. A Disconnect-ACK promises that
 * the session is gone on the NAS, and an ordinary server would grant a released lease again at the
 * next Renew.
 */
public interface DataPath {
  /** Nothing to cut: somebody else does it, or hears of it by {@code /events}. */
  DataPath NOT_OURS = (sessions, atMost) -> CompletableFuture.completedFuture(new Cut());

  /**
   * Cuts the data path of all {@code sessions}. The stage never fails: what went wrong is a {@link
   * NotCut}.
   *
   * @param atMost for so long somebody waits for it. What has not begun by then must not begin any
   *     more: the Disconnect-NAK leaves, and promises that everything is as it was
   */
  CompletionStage<Result> cut(List<SubscriberRecord> sessions, Duration atMost);

  /** What came of it. */
  sealed interface Result {}

  /** The data path is cut. */
  record Cut() implements Result {}

  /**
   * It is not.
   *
   * @param reason why, in words for the log
   */
  record NotCut(String reason) implements Result {}
}
