package io.coagateway.radsec;

import io.coagateway.radius.Secret;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;

/**
 * How a client comes over TLS.
 *
 * @param certificates what its certificate must show, at least one of them; empty: every
 *     certificate that is trusted will do
 * @param secret for the authenticators inside; {@link #RADSEC} unless both sides agreed on another
 * @param connect where we open a connection to, so that its requests come back over it
 *     (draft-ietf-radext-reverse-coa); empty: it comes to us
 */
public record TlsPeer(
    List<CertificateRule> certificates, Secret secret, List<InetSocketAddress> connect) {
  /** RFC 6614 section 2.3 fixes this: TLS protects, the secret inside means nothing. */
  public static final Secret RADSEC = Secret.of("radsec");

  /** Refuses a connection to somebody who cannot be told from others. */
  public TlsPeer {
    Objects.requireNonNull(secret);
    certificates = List.copyOf(certificates);
    connect = List.copyOf(connect);
    if (!connect.isEmpty() && certificates.isEmpty()) {
      throw new IllegalArgumentException(
          "a server that is connected to needs a certificate rule (RFC 6614 section 2.3)");
    }
  }

  /** Whether the certificate shows what it must. */
  public boolean accepts(X509Certificate certificate) {
    return certificates.isEmpty() || certificates.stream().anyMatch(r -> r.matches(certificate));
  }
}
