package io.coagateway.radsec;

import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertStore;
import java.security.cert.CertificateException;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CRL;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/**
 * Who we are and whom we trust, read from files once: our certificate with its chain, its private
 * key, the authorities that vouch for others, and what they have revoked. Never prints its key.
 */
public final class TlsCredentials {
  /** The least version of TLS. Below 1.2 there is none (RFC 9325 section 3.1.1). */
  public enum Version {
    /** TLS 1.2 and 1.3. */
    TLS_1_2,
    /** TLS 1.3 alone. */
    TLS_1_3;

    private List<String> protocols() {
      return switch (this) {
        case TLS_1_2 -> List.of("TLSv1.3", "TLSv1.2");
        case TLS_1_3 -> List.of("TLSv1.3");
      };
    }
  }

  /** Forward secrecy and authenticated encryption alone (RFC 9325 section 4.2). */
  private static final List<String> CIPHERS =
      List.of(
          "TLS_AES_128_GCM_SHA256",
          "TLS_AES_256_GCM_SHA384",
          "TLS_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

  private final List<X509Certificate> chain;
  private final PrivateKey key;
  private final List<X509Certificate> trusted;
  private final List<X509CRL> revoked;
  private final Version least;
  private final X509TrustManager trustManager;
  private final SslContext server;
  private final SslContext client;

  /**
   * @param chain our certificate first, then those that lead to its authority
   * @param key that of the first certificate
   * @param trusted the authorities that vouch for the others, at least one
   * @param revoked their revocation lists; empty: revocation is not checked
   * @throws IllegalArgumentException when key and certificate do not belong together, or TLS cannot
   *     use them
   */
  public TlsCredentials(
      List<X509Certificate> chain,
      PrivateKey key,
      List<X509Certificate> trusted,
      List<X509CRL> revoked,
      Version least) {
    this.chain = List.copyOf(chain);
    this.key = key;
    this.trusted = List.copyOf(trusted);
    this.revoked = List.copyOf(revoked);
    this.least = least;
    if (!belongTogether(key, this.chain.get(0).getPublicKey())) {
      throw new IllegalArgumentException("the private key is not that of the certificate");
    }
    try {
      this.trustManager = newTrustManager();
      this.server =
          common(SslContextBuilder.forServer(key, this.chain))
              .clientAuth(ClientAuth.REQUIRE)
              .build();
      this.client =
          common(SslContextBuilder.forClient().keyManager(key, this.chain))
              .endpointIdentificationAlgorithm(null) // CertificateRule does, by our own rules
              .build();
    } catch (SSLException | GeneralSecurityException e) {
      throw new IllegalArgumentException("TLS cannot use this certificate: " + e.getMessage(), e);
    }
  }

  private SslContextBuilder common(SslContextBuilder builder) {
    return builder
        .sslProvider(SslProvider.JDK)
        .protocols(least.protocols())
        .ciphers(CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
        .trustManager(trustManager);
  }

  private X509TrustManager newTrustManager() throws GeneralSecurityException {
    TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
    factory.init(new CertPathTrustManagerParameters(pathParameters()));
    for (TrustManager manager : factory.getTrustManagers()) {
      if (manager instanceof X509TrustManager x509) {
        return x509;
      }
    }
    throw new IllegalStateException("every JVM has a PKIX trust manager");
  }

  private PKIXBuilderParameters pathParameters() throws InvalidAlgorithmParameterException {
    Set<TrustAnchor> anchors =
        trusted.stream().map(c -> new TrustAnchor(c, null)).collect(Collectors.toSet());
    PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors, new X509CertSelector());
    parameters.setRevocationEnabled(!revoked.isEmpty());
    if (!revoked.isEmpty()) {
      try {
        parameters.addCertStore(
            CertStore.getInstance("Collection", new CollectionCertStoreParameters(revoked)));
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("every JVM has collections", e);
      }
    }
    return parameters;
  }

  /** Signs something and verifies it. */
  private static boolean belongTogether(PrivateKey key, PublicKey certified) {
    String algorithm =
        switch (key.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          case "RSASSA-PSS" -> "RSASSA-PSS";
          default -> "Ed25519";
        };
    if (algorithm.equals("RSASSA-PSS")) {
      return true; // needs parameters of its own; the handshake will show it
    }
    try {
      Signature signature = Signature.getInstance(algorithm);
      signature.initSign(key);
      signature.update(certified.getEncoded());
      byte[] signed = signature.sign();
      signature.initVerify(certified);
      signature.update(certified.getEncoded());
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      return false; // another kind of key
    }
  }

  /** Our own certificate. */
  public X509Certificate certificate() {
    return chain.get(0);
  }

  /** When the first certificate of our chain ends. */
  public Instant expires() {
    return chain.stream().map(c -> c.getNotAfter().toInstant()).min(Instant::compareTo).get();
  }

  /** Whether these vouch for others just as {@code other} do. */
  boolean trustsAs(TlsCredentials other) {
    return trusted.equals(other.trusted) && revoked.equals(other.revoked);
  }

  /**
   * Whether a chain that was trusted still is; takes milliseconds, not for the event loop.
   *
   * @param shown the chain that the other end showed
   * @param fromServer whether we had connected to it
   */
  boolean trusts(List<X509Certificate> shown, boolean fromServer) {
    X509Certificate[] certificates = shown.toArray(X509Certificate[]::new);
    try {
      if (fromServer) {
        trustManager.checkServerTrusted(certificates, "UNKNOWN");
      } else {
        trustManager.checkClientTrusted(certificates, "UNKNOWN");
      }
      return true;
    } catch (CertificateException e) {
      return false;
    }
  }

  SslContext server() {
    return server;
  }

  SslContext client() {
    return client;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TlsCredentials that
        && chain.equals(that.chain)
        && Arrays.equals(key.getEncoded(), that.key.getEncoded())
        && trustsAs(that)
        && least == that.least;
  }

  @Override
  public int hashCode() {
    return chain.hashCode();
  }

  @Override
  public String toString() {
    return "TLS credentials of " + certificate().getSubjectX500Principal();
  }
}
