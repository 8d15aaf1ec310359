package io.coagateway.radsec;

import io.coagateway.wire.Octets;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.security.auth.x500.X500Principal;

/**
 * One thing that a certificate may show, as the operator writes it:
 *
 * <ul>
 *   <li>{@code dac.example.net} or {@code *.example.net}: a DNS name in subjectAltName, or the CN
 *       when subjectAltName has none (RFC 6614 section 2.3, RFC 6125 section 6.4)
 *   <li>{@code 192.0.2.7} or {@code 2001:db8::7}: an iPAddress in subjectAltName, or the CN when
 *       there is none
 *   <li>{@code subject:CN=dac,O=Example}: the whole subject
 *   <li>{@code sha256:…} or {@code sha1:…}: the fingerprint of the certificate
 * </ul>
 */
public final class CertificateRule {
  private enum Kind {
    NAME,
    ADDRESS,
    SUBJECT,
    SHA_256,
    SHA_1
  }

  private static final int DNS_NAME = 2;
  private static final int IP_ADDRESS = 7;
  private static final int ALT_NAME_TYPE = 0;
  private static final int ALT_NAME_VALUE = 1;

  private final Kind kind;
  private final String text;

  private CertificateRule(Kind kind, String text) {
    this.kind = kind;
    this.text = text;
  }

  /**
   * Reads a rule.
   *
   * @throws IllegalArgumentException when it is none, saying what to write
   */
  public static CertificateRule parse(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    if (lower.startsWith("subject:")) {
      return subject(text.substring("subject:".length()).strip());
    }
    if (lower.startsWith("sha256:")) {
      return fingerprint(Kind.SHA_256, lower.substring("sha256:".length()), 32);
    }
    if (lower.startsWith("sha1:")) {
      return fingerprint(Kind.SHA_1, lower.substring("sha1:".length()), 20);
    }
    if (NetUtil.isValidIpV4Address(text) || NetUtil.isValidIpV6Address(text)) {
      return new CertificateRule(
          Kind.ADDRESS,
          NetUtil.toAddressString(NetUtil.createInetAddressFromIpAddressString(text)));
    }
    if (!lower.matches("(\\*\\.)?[a-z0-9_-]+(\\.[a-z0-9_-]+)*") || lower.length() > 253) {
      throw new IllegalArgumentException(
          "is nothing that a certificate shows. Give a name like dac.example.net, an address,"
              + " subject:CN=…, or sha256: and the fingerprint.");
    }
    return new CertificateRule(Kind.NAME, lower);
  }

  private static CertificateRule subject(String text) {
    try {
      return new CertificateRule(Kind.SUBJECT, new X500Principal(text).getName());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "is no subject. Write it as `openssl x509 -noout -subject -nameopt RFC2253` does.", e);
    }
  }

  private static CertificateRule fingerprint(Kind kind, String text, int octets) {
    String hex = text.replace(":", "").strip();
    if (!hex.matches("[0-9a-f]{" + 2 * octets + "}")) {
      throw new IllegalArgumentException(
          "is no fingerprint of "
              + octets
              + " octets. `openssl x509 -noout -fingerprint -sha256` prints one.");
    }
    return new CertificateRule(kind, hex);
  }

  /** Whether a certificate shows this. */
  public boolean matches(X509Certificate certificate) {
    return switch (kind) {
      case NAME -> names(certificate, DNS_NAME).stream().anyMatch(this::isCovered);
      case ADDRESS -> names(certificate, IP_ADDRESS).stream().anyMatch(text::equals);
      case SUBJECT -> certificate.getSubjectX500Principal().getName().equals(text);
      case SHA_256 -> digest("SHA-256", certificate).equals(text);
      case SHA_1 -> digest("SHA-1", certificate).equals(text);
    };
  }

  /** The DNS name to say in the handshake (SNI), when this is one. */
  Optional<String> serverName() {
    return kind == Kind.NAME && !text.startsWith("*") ? Optional.of(text) : Optional.empty();
  }

  /**
   * Equal, or the one of both that begins with {@code *.} stands for exactly one more label (RFC
   * 6125 section 6.4.3).
   */
  private boolean isCovered(String shown) {
    String name = shown.toLowerCase(Locale.ROOT);
    return name.equals(text) || hasWildcardFor(name, text) || hasWildcardFor(text, name);
  }

  private static boolean hasWildcardFor(String pattern, String name) {
    int dot = name.indexOf('.');
    return pattern.startsWith("*.")
        && dot > 0
        && !name.startsWith("*")
        && pattern.indexOf('.', 2) > 0
        && name.substring(dot).equals(pattern.substring(1));
  }

  /** Names of one kind in subjectAltName; the CNs when it has none of that kind. */
  private static List<String> names(X509Certificate certificate, int type) {
    List<String> found = new ArrayList<>();
    try {
      Collection<List<?>> all = certificate.getSubjectAlternativeNames();
      for (List<?> one : all == null ? List.<List<?>>of() : all) {
        if (one.get(ALT_NAME_TYPE) instanceof Integer number && number == type) {
          found.add(canonical(String.valueOf(one.get(ALT_NAME_VALUE)), type));
        }
      }
    } catch (CertificateParsingException e) {
      return List.of(); // an unreadable subjectAltName proves nothing, nor does the CN then
    }
    return found.isEmpty() ? commonNames(certificate, type) : found;
  }

  private static List<String> commonNames(X509Certificate certificate, int type) {
    List<String> found = new ArrayList<>();
    try {
      for (Rdn rdn : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
        if (rdn.getType().equalsIgnoreCase("CN")) {
          found.add(canonical(String.valueOf(rdn.getValue()), type));
        }
      }
    } catch (InvalidNameException e) {
      return List.of();
    }
    return found;
  }

  private static String canonical(String name, int type) {
    if (type != IP_ADDRESS || !isAddress(name)) {
      return name;
    }
    try {
      return NetUtil.toAddressString(InetAddress.getByAddress(octets(name)));
    } catch (UnknownHostException e) {
      return name;
    }
  }

  private static boolean isAddress(String text) {
    return NetUtil.isValidIpV4Address(text) || NetUtil.isValidIpV6Address(text);
  }

  private static byte[] octets(String address) {
    return NetUtil.createByteArrayFromIpAddressString(address);
  }

  private static String digest(String algorithm, X509Certificate certificate) {
    try {
      return Octets.wrap(MessageDigest.getInstance(algorithm).digest(certificate.getEncoded()))
          .toHex();
    } catch (NoSuchAlgorithmException | CertificateEncodingException e) {
      throw new IllegalStateException("every JVM has " + algorithm, e);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CertificateRule rule && rule.kind == kind && rule.text.equals(text);
  }

  @Override
  public int hashCode() {
    return 31 * kind.hashCode() + text.hashCode();
  }

  /** As it may be written. */
  @Override
  public String toString() {
    return switch (kind) {
      case NAME, ADDRESS -> text;
      case SUBJECT -> "subject:" + text;
      case SHA_256 -> "sha256:" + text;
      case SHA_1 -> "sha1:" + text;
    };
  }
}
