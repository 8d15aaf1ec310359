package io.coagateway.radsec;

/** Why nothing came of a connection that somebody opened to us. */
public enum RefusalReason {
  /** No client with TLS may come from this address. */
  UNKNOWN_ADDRESS,
  /** As many connections as there may be are open. */
  TOO_MANY_CONNECTIONS,
  /** As many handshakes as there may be are under way. */
  TOO_MANY_HANDSHAKES,
  /** The handshake failed: no certificate, one that is not trusted, an old version of TLS. */
  HANDSHAKE,
  /** The certificate is trusted, but belongs to no client that may come from this address. */
  UNKNOWN_CERTIFICATE
}
