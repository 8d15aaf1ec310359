package io.coagateway.radsec;

/** Why a connection ended. {@link #name} is the stable name in metrics and log lines. */
public enum CloseReason {
  /** The other end closed it. */
  PEER,
  /** A Length that no packet has: where the next packet begins is not known any more. */
  BAD_LENGTH,
  /** Attributes that do not fill their packet. */
  MALFORMED_ATTRIBUTES,
  /** An authenticator or Message-Authenticator that does not match. */
  NOT_AUTHENTIC,
  /** No packet for as long as the idle timeout. */
  IDLE,
  /** A packet began and did not end in time. */
  INCOMPLETE_PACKET,
  /** The other end takes no answers. */
  NOT_READING,
  /** The other end of a connection that we opened does not answer Status-Server. */
  WATCHDOG,
  /** A reload took away the client, its certificate rule or address, or the trust. */
  NO_LONGER_ALLOWED,
  /** The connection broke. */
  FAILED,
  /** The gateway stops. */
  STOPPING
}
