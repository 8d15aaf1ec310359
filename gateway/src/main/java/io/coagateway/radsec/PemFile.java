package io.coagateway.radsec;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CRLException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * What a PEM file holds (RFC 7468). Each complaint says what to do and never quotes the content.
 */
public final class PemFile {
  /** Larger is no certificate; reading /dev/zero must end. */
  private static final int MAX_OCTETS = 4 << 20;

  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]*)-----END \\1-----");

  private static final List<String> KEY_ALGORITHMS = List.of("RSA", "EC", "Ed25519", "RSASSA-PSS");

  private record Block(String label, Octets64 content) {}

  /** Base64 text, so that a stray toString shows no key. */
  private static final class Octets64 {
    private final String text;

    Octets64(String text) {
      this.text = text;
    }

    byte[] octets() throws UnusableFileException {
      try {
        return Base64.getMimeDecoder().decode(text);
      } catch (IllegalArgumentException e) {
        throw new UnusableFileException("is damaged: its base64 cannot be read. Copy it again.", e);
      }
    }
  }

  private final Path path;
  private final List<Block> blocks = new ArrayList<>();

  private PemFile(Path path, String text) {
    this.path = path;
    Matcher found = BLOCK.matcher(text);
    while (found.find()) {
      blocks.add(new Block(found.group(1), new Octets64(found.group(2))));
    }
  }

  /**
   * Reads a file.
   *
   * @throws UnusableFileException when it cannot be read
   */
  public static PemFile read(Path path) throws UnusableFileException {
    try {
      if (!Files.isRegularFile(path)) {
        throw new UnusableFileException(
            Files.notExists(path)
                ? "does not exist. Create it, or correct the path."
                : "is not a file. Give the path of a PEM file.");
      }
      if (Files.size(path) > MAX_OCTETS) {
        throw new UnusableFileException("is too large to be a PEM file. Correct the path.");
      }
      return new PemFile(path, new String(Files.readAllBytes(path), StandardCharsets.US_ASCII));
    } catch (NoSuchFileException e) {
      throw new UnusableFileException("does not exist. Create it, or correct the path.", e);
    } catch (IOException e) {
      throw new UnusableFileException(
          "may not be read by "
              + System.getProperty("user.name")
              + ". Give it a group of that user's: chgrp "
              + System.getProperty("user.name")
              + " "
              + path
              + " && chmod g+r "
              + path,
          e);
    }
  }

  /**
   * Its certificates, in its order, at least one.
   *
   * @throws UnusableFileException when there is none, or one that cannot be read
   */
  public List<X509Certificate> certificates() throws UnusableFileException {
    List<X509Certificate> out = new ArrayList<>();
    try {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      for (Block block : blocks) {
        if (block.label().endsWith("CERTIFICATE")) {
          out.add(
              (X509Certificate)
                  factory.generateCertificate(new ByteArrayInputStream(block.content().octets())));
        }
      }
    } catch (CertificateException e) {
      throw new UnusableFileException(
          "holds a certificate that cannot be read. Look at it with: openssl x509 -text -in "
              + path,
          e);
    }
    if (out.isEmpty()) {
      throw new UnusableFileException(
          "holds no certificate. It must have BEGIN CERTIFICATE lines; for a DER file run: openssl"
              + " x509 -inform der -in "
              + path
              + " -out cert.pem");
    }
    return out;
  }

  /**
   * Its revocation lists, at least one.
   *
   * @throws UnusableFileException when there is none, or one that cannot be read
   */
  public List<X509CRL> revocationLists() throws UnusableFileException {
    List<X509CRL> out = new ArrayList<>();
    try {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      for (Block block : blocks) {
        if (block.label().equals("X509 CRL")) {
          out.add(
              (X509CRL) factory.generateCRL(new ByteArrayInputStream(block.content().octets())));
        }
      }
    } catch (CertificateException | CRLException e) {
      throw new UnusableFileException(
          "holds a revocation list that cannot be read. Look at it with: openssl crl -text -in "
              + path,
          e);
    }
    if (out.isEmpty()) {
      throw new UnusableFileException(
          "holds no revocation list. It must have BEGIN X509 CRL lines.");
    }
    return out;
  }

  /**
   * Its private key.
   *
   * @param password of an encrypted key
   * @throws UnusableFileException when there is none, or one that cannot be read
   */
  public PrivateKey privateKey(Optional<String> password) throws UnusableFileException {
    for (Block block : blocks) {
      switch (block.label()) {
        case "PRIVATE KEY" -> {
          return privateKey(new PKCS8EncodedKeySpec(block.content().octets()));
        }
        case "ENCRYPTED PRIVATE KEY" -> {
          return privateKey(decrypted(block.content().octets(), password));
        }
        case "RSA PRIVATE KEY", "EC PRIVATE KEY", "DSA PRIVATE KEY" ->
            throw new UnusableFileException(
                "holds a key in the old form ("
                    + block.label()
                    + "). Convert it: openssl pkcs8 -topk8 -nocrypt -in "
                    + path
                    + " -out key.pem");
        default -> {
          // certificates may stand beside the key
        }
      }
    }
    throw new UnusableFileException("holds no private key. It must have a line BEGIN PRIVATE KEY.");
  }

  private static PrivateKey privateKey(PKCS8EncodedKeySpec encoded) throws UnusableFileException {
    for (String algorithm : KEY_ALGORITHMS) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(encoded);
      } catch (InvalidKeySpecException e) {
        // another algorithm's key
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("every JVM has " + algorithm, e);
      }
    }
    throw new UnusableFileException(
        "holds a key that is neither RSA, EC nor Ed25519. Make one with: openssl genpkey -algorithm"
            + " EC -pkeyopt ec_paramgen_curve:P-256");
  }

  private static PKCS8EncodedKeySpec decrypted(byte[] encoded, Optional<String> password)
      throws UnusableFileException {
    if (password.isEmpty()) {
      throw new UnusableFileException(
          "holds an encrypted key. Give key-password, or store the key unencrypted, for the gateway's user alone.");
    }
    try {
      EncryptedPrivateKeyInfo info = new EncryptedPrivateKeyInfo(encoded);
      // PBES2 says in its parameters which of its algorithms it is
      String name =
          info.getAlgName().equals("PBES2")
              ? String.valueOf(info.getAlgParameters())
              : info.getAlgName();
      PBEKeySpec secret = new PBEKeySpec(password.get().toCharArray());
      Cipher cipher = Cipher.getInstance(name);
      cipher.init(
          Cipher.DECRYPT_MODE,
          SecretKeyFactory.getInstance(name).generateSecret(secret),
          info.getAlgParameters());
      return info.getKeySpec(cipher);
    } catch (IOException | GeneralSecurityException e) {
      throw new UnusableFileException(
          "holds an encrypted key that key-password does not open. Try: openssl pkey -noout -in"
              + " the file",
          e);
    }
  }
}
