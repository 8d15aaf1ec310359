package io.coagateway.relay;

/** Why a client is taken out of messages (RQ-17). */
public enum DropReason {
  /** Its CoA or Disconnect has been answered. */
  ANSWERED,
  /** The subscriber has left the table. */
  LEFT_TABLE,
  /** The client was seen to have come back with the new options in the server's REPLY. */
  CAME_BACK,
  /** Nobody wants the outcome any more, for example because a Disconnect overtook a CoA. */
  CANCELLED
}
