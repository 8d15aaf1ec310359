package io.coagateway.radsec;

import io.coagateway.radsec.TlsCredentials.Version;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** The certificates under src/test/resources/tls, which make-certificates there has made. */
public final class TestCertificates {
  private static final Path DIRECTORY = Path.of("src", "test", "resources", "tls");
  private static final char[] NONE = new char[0];

  private TestCertificates() {}

  /** The path of one of the files. */
  public static Path path(String name) {
    return DIRECTORY.resolve(name);
  }

  /** The certificate {@code name}.pem. */
  public static X509Certificate certificate(String name) {
    try {
      return PemFile.read(path(name + ".pem")).certificates().get(0);
    } catch (UnusableFileException e) {
      throw new IllegalStateException(name, e);
    }
  }

  /** The gateway's credentials, which trust {@code ca}. */
  public static TlsCredentials gateway() {
    return credentials("gateway", "ca", false);
  }

  /** Credentials of our own kind. */
  public static TlsCredentials credentials(String name, String trusted, boolean revocation) {
    try {
      return new TlsCredentials(
          PemFile.read(path(name + ".pem")).certificates(),
          PemFile.read(path(name + ".key")).privateKey(Optional.empty()),
          List.of(certificate(trusted)),
          revocation ? PemFile.read(path("ca.crl")).revocationLists() : List.of(),
          Version.TLS_1_2);
    } catch (UnusableFileException e) {
      throw new IllegalStateException(name, e);
    }
  }

  /** The other end as the JDK has it: shows {@code name} (none when empty), trusts {@code ca}. */
  public static SSLContext peer(Optional<String> name) {
    try {
      KeyStore own = KeyStore.getInstance("PKCS12");
      own.load(null, NONE);
      if (name.isPresent()) {
        own.setKeyEntry(
            "own",
            PemFile.read(path(name.get() + ".key")).privateKey(Optional.empty()),
            NONE,
            new X509Certificate[] {certificate(name.get())});
      }
      KeyManagerFactory keys = KeyManagerFactory.getInstance("SunX509"); // shows it, asked or not
      keys.init(own, NONE);
      KeyStore trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, NONE);
      trusted.setCertificateEntry("ca", certificate("ca"));
      TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
      trust.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException | UnusableFileException e) {
      throw new IllegalStateException(e);
    }
  }
}
