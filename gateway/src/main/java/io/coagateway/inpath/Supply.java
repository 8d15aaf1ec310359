package io.coagateway.inpath;

/**
 * Why a client's message was forwarded with or without options. Only the first adds any; all others
 * forward what the relay sent as it is.
 */
public enum Supply {
  /** The options of the client's record were added. */
  SUPPLIED,
  /** The record has no option that this server takes from a relay. */
  NOTHING_TO_SUPPLY,
  /** The relay itself supplies all of them. */
  RELAY_SUPPLIES,
  /** The message asks for no configuration (CONFIRM, RELEASE, a leasequery), or for nobody. */
  NOT_ASKED,
  /** No record has this client's DUID. */
  NO_RECORD,
  /** The records with this DUID are those of other links or lines. */
  OTHER_LINK,
  /** Several records of one link have this DUID. */
  AMBIGUOUS,
  /** With the options the packet would be larger than {@code dhcpv6.max-message-size}. */
  TOO_BIG,
  /** The table could not be asked. */
  TABLE_UNAVAILABLE,
  /** The table did not answer in time, or too many messages waited for it. */
  TABLE_SLOW,
  /** What the relay sent on behalf of the client cannot be read. */
  MALFORMED
}
