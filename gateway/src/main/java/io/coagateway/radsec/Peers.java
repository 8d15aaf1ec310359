package io.coagateway.radsec;

import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.util.Optional;

/** Knows who may be at the other end of a connection. Called on the event loop. */
public interface Peers {
  /**
   * Who shows this certificate, which {@link TlsCredentials#trusted} vouches for, and comes from
   * this address; empty: nobody whom we know.
   */
  Optional<Peer> identify(X509Certificate certificate, InetAddress source);

  /** Whether anybody at all may come from this address; if not, no handshake is begun. */
  boolean mayComeFrom(InetAddress source);
}
