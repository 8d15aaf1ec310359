package io.coagateway.relay;

/** What a release request says for a lease whose IAID nobody knows (a record from leasequery). */
public enum WithoutIaid {
  /** Do not guess: the release is not sent. */
  SKIP,
  /** IAADDR and IAPREFIX directly in CLIENT_DATA (section 3.1.1 of the draft). */
  BARE,
  /** No lease at all, which releases everything of the client (section 4.1.1 of the draft). */
  ALL
}
