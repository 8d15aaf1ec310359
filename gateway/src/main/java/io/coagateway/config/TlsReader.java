package io.coagateway.config;

import io.coagateway.radius.Secret;
import io.coagateway.radsec.CertificateRule;
import io.coagateway.radsec.PemFile;
import io.coagateway.radsec.TlsCredentials;
import io.coagateway.radsec.TlsParameters;
import io.coagateway.radsec.TlsPeer;
import io.coagateway.radsec.UnusableFileException;
import io.coagateway.wire.AddressText;
import io.coagateway.wire.ZonedSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads {@code radius.tls}, and {@code tls} of a client. */
final class TlsReader {
  /** Soon enough for who has to ask somebody for a new one. */
  private static final Duration RENEWAL = Duration.ofDays(30);

  private static final Duration DAY = Duration.ofDays(1);

  private static final Form<TlsCredentials.Version> VERSION =
      Form.oneOf(
          TlsCredentials.Version.class,
          version ->
              switch (version) {
                case TLS_1_2 -> "1.2";
                case TLS_1_3 -> "1.3";
              });

  private static final Form<CertificateRule> RULE =
      Form.of(
          text -> {
            try {
              return CertificateRule.parse(text);
            } catch (IllegalArgumentException e) {
              throw new BadValue(e.getMessage());
            }
          });

  private static final Form<Secret> SECRET = Forms.TEXT.then(Secret::of, s -> "radsec");

  private final Optional<String> nasIdentifier;

  TlsReader(Optional<String> nasIdentifier) {
    this.nasIdentifier = nasIdentifier;
  }

  /** What a file of a kind holds; the path is relative to the configuration. */
  private interface Content<T> {
    T of(PemFile file) throws UnusableFileException;
  }

  private static <T> Form<T> content(Section section, Content<T> content) {
    return Forms.path(section.expansion())
        .then(
            path -> {
              try {
                return content.of(PemFile.read(path));
              } catch (UnusableFileException e) {
                throw new BadValue(e.getMessage());
              }
            },
            String::valueOf);
  }

  /** {@code radius.tls}; empty when it has a problem. */
  Optional<TlsParameters> read(Section tls) {
    List<InetSocketAddress> listen =
        tls.list("listen", Forms.socket(TlsParameters.PORT), List.of());
    checkListen(tls, listen);
    Optional<List<X509Certificate>> chain =
        tls.required(
            "certificate",
            content(tls, PemFile::certificates),
            "Give a PEM file: the gateway's certificate, then those of intermediate authorities.");
    Optional<PrivateKey> key = key(tls);
    List<List<X509Certificate>> trusted =
        tls.list("trusted", content(tls, PemFile::certificates), List.of());
    if (!tls.has("trusted")) {
      tls.missing("trusted", "Give the PEM files of the authorities that signed the clients.");
    } else if (tls.isEmptyList("trusted")) {
      tls.problemAt(
          "trusted", "is empty. Give the PEM files of the authorities that signed the clients.");
    }
    List<List<X509CRL>> revoked =
        tls.list("revoked", content(tls, PemFile::revocationLists), List.of());
    TlsCredentials.Version version =
        tls.value("min-version", VERSION, TlsCredentials.Version.TLS_1_2);
    int connections =
        tls.value(
            "max-connections",
            Forms.integer(1, TlsParameters.MAX_CONNECTIONS),
            TlsParameters.DEFAULT_MAX_CONNECTIONS);
    Duration idle =
        tls.value(
            "idle-timeout", Forms.duration(Duration.ZERO, DAY), TlsParameters.DEFAULT_IDLE_TIMEOUT);
    Duration packet =
        tls.value(
            "packet-timeout",
            Forms.duration(Duration.ofSeconds(1), Duration.ofMinutes(1)),
            TlsParameters.DEFAULT_PACKET_TIMEOUT);
    Duration watchdog = watchdog(tls);
    chain.ifPresent(c -> warnOfEnd(tls, "certificate", c));
    trusted.forEach(c -> warnOfEnd(tls, "trusted", c));
    revoked.forEach(lists -> warnOfEnd(tls, lists));
    if (chain.isEmpty() || key.isEmpty() || trusted.isEmpty()) {
      return Optional.empty();
    }
    try {
      TlsCredentials credentials =
          new TlsCredentials(
              chain.get(),
              key.get(),
              trusted.stream().flatMap(List::stream).toList(),
              revoked.stream().flatMap(List::stream).toList(),
              version);
      return Optional.of(
          new TlsParameters(
              listen, credentials, connections, idle, packet, watchdog, nasIdentifier));
    } catch (IllegalArgumentException e) {
      tls.problem("key", "cannot be used: " + e.getMessage() + ". Give the pair of both.");
      return Optional.empty();
    }
  }

  private static Duration watchdog(Section tls) {
    Duration watchdog =
        tls.value(
            "watchdog",
            Forms.duration(Duration.ZERO, Duration.ofMinutes(5)),
            TlsParameters.DEFAULT_WATCHDOG);
    if (!watchdog.isZero() && watchdog.compareTo(TlsParameters.MIN_WATCHDOG) < 0) {
      tls.problem(
          "watchdog", "is below the 6s of RFC 3539. Give 6s or more, or 0s for no watchdog.");
      return TlsParameters.DEFAULT_WATCHDOG;
    }
    return watchdog;
  }

  private static Optional<PrivateKey> key(Section tls) {
    Optional<String> password = tls.secret("key-password", Forms.TEXT);
    return tls.required(
        "key",
        Forms.path(tls.expansion())
            .then(
                path -> {
                  try {
                    PrivateKey key = PemFile.read(path).privateKey(password);
                    warnOfReaders(tls, path);
                    return key;
                  } catch (UnusableFileException e) {
                    throw new BadValue(e.getMessage());
                  }
                },
                k -> "(hidden)"),
        "Give the PEM file of the certificate's private key.");
  }

  private static void warnOfReaders(Section tls, Path file) {
    try {
      FileAccess.ofThisProcess()
          .doubt("The key " + file, file)
          .ifPresent(doubt -> tls.warning("key", doubt));
    } catch (IOException e) {
      // it was read a moment ago; there is nothing to say
    }
  }

  private static void checkListen(Section tls, List<InetSocketAddress> listen) {
    Set<ZonedSocket> seen = new HashSet<>();
    for (InetSocketAddress one : listen) {
      InetAddress address = one.getAddress();
      boolean covered =
          !address.isAnyLocalAddress()
              && listen.stream()
                  .anyMatch(
                      o -> o.getPort() == one.getPort() && o.getAddress().isAnyLocalAddress());
      if (!seen.add(ZonedSocket.ofUnicast(one)) || covered) {
        tls.problemAt(
            "listen",
            "names "
                + AddressText.of(one)
                + " twice, or beside the wildcard that includes it. Keep one of them.");
      }
    }
    long wildcards = listen.stream().filter(o -> o.getAddress().isAnyLocalAddress()).count();
    if (wildcards > 1) {
      tls.problemAt("listen", "names two wildcards. [::] takes IPv4 too: keep that one.");
    }
  }

  private static void warnOfEnd(Section tls, String key, List<X509Certificate> certificates) {
    Instant now = Instant.now();
    for (X509Certificate certificate : certificates) {
      Instant end = certificate.getNotAfter().toInstant();
      String of = "The certificate of " + certificate.getSubjectX500Principal().getName();
      if (end.isBefore(now)) {
        tls.warning(key, of + " has expired on " + end + ": nobody will accept it. Renew it.");
      } else if (end.isBefore(now.plus(RENEWAL))) {
        tls.warning(key, of + " expires on " + end + ". Renew it, then SIGHUP.");
      } else if (certificate.getNotBefore().toInstant().isAfter(now)) {
        tls.warning(
            key, of + " is not valid before " + certificate.getNotBefore().toInstant() + ".");
      }
    }
  }

  private static void warnOfEnd(Section tls, List<X509CRL> lists) {
    for (X509CRL list : lists) {
      if (list.getNextUpdate() != null
          && list.getNextUpdate().toInstant().isBefore(Instant.now())) {
        tls.warning(
            "revoked",
            "The list of "
                + list.getIssuerX500Principal().getName()
                + " should have been replaced on "
                + list.getNextUpdate().toInstant()
                + ": until it is, nobody with a certificate of that authority can connect.");
      }
    }
  }

  /** {@code tls} of a client. */
  Optional<TlsPeer> peer(Section tls) {
    List<CertificateRule> rules = tls.list("certificate", RULE, List.of());
    Secret secret = tls.secret("secret", SECRET).orElse(TlsPeer.RADSEC);
    List<InetSocketAddress> connect =
        tls.list("connect", Forms.socket(TlsParameters.PORT), List.of());
    if (tls.isEmptyList("certificate")) { // not "none": without a rule any is taken
      tls.problemAt(
          "certificate",
          "is empty. Give what its certificate shows, or leave it out for any that is trusted.");
      return Optional.empty();
    }
    if (tls.isWrong("certificate")) {
      return Optional.empty();
    }
    if (rules.isEmpty() && (!connect.isEmpty() || tls.isWrong("connect"))) {
      tls.missing("certificate", "Give what the server's certificate shows, like its name.");
      return Optional.empty();
    }
    return Optional.of(new TlsPeer(rules, secret, connect));
  }
}
