package io.coagateway.relay;

/** One task under way, for whoever started it. Only on the loop. */
public interface Exchange {
  /**
   * Takes the client out of all messages that were not sent yet and of every retransmission
   * (RQ-17); a message with no client left is never sent again (RQ-19). Nobody can be added
   * (RQ-18).
   *
   * <p>Before the outcome is known, the outcome becomes "cancelled" with this reason. After it, the
   * exchanges with further servers stop running in the background. Never drop a client whose CoA is
   * still to be answered from the replies: the reply to a shortened message does not name it.
   */
  void drop(DropReason reason);

  /** Gives up: {@link #drop} with {@link DropReason#CANCELLED}. */
  default void cancel() {
    drop(DropReason.CANCELLED);
  }
}
