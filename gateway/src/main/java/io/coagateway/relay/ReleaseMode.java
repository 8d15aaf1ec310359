package io.coagateway.relay;

/** How the bindings of one server are released. */
public enum ReleaseMode {
  /** The release request of draft-gandhewar-dhc-v6-relay-initiated-release (RL-1). */
  RELEASE_REQUEST,
  /** An ordinary RELEASE on the client's behalf inside RELAY-FORW; every server knows it. */
  RELAYED_RELEASE,
  /** The release request, and beside it after one unanswered second the relayed RELEASE. */
  AUTO,
  /** Nothing is sent. */
  NONE
}
