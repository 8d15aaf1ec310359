package io.coagateway.radsec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coagateway.radsec.TlsCredentials.Version;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of certificates and keys, and what an operator is told about those that cannot be used. */
class PemFileTest {
  @TempDir Path directory;

  private static PemFile file(String name) throws UnusableFileException {
    return PemFile.read(TestCertificates.path(name));
  }

  @Test
  void aChainIsReadInItsOrder() throws Exception {
    assertThat(file("chain.pem").certificates())
        .extracting(c -> c.getSubjectX500Principal().getName())
        .containsExactly("CN=dac,O=Example ISP", "CN=Example Authority,O=Example ISP");
  }

  @Test
  void anEncryptedKeyOpensWithItsPassword() throws Exception {
    assertThat(file("encrypted.key").privateKey(Optional.of("open-sesame")))
        .isEqualTo(file("dac.key").privateKey(Optional.empty()));
    assertThatThrownBy(() -> file("encrypted.key").privateKey(Optional.of("open-barley")))
        .hasMessageContaining("key-password does not open");
    assertThatThrownBy(() -> file("encrypted.key").privateKey(Optional.empty()))
        .hasMessageContaining("Give key-password");
  }

  @Test
  void eachComplaintSaysWhatToDo() throws Exception {
    assertThatThrownBy(() -> file("none.pem")).hasMessageContaining("does not exist. Create it");
    assertThatThrownBy(() -> PemFile.read(directory)).hasMessageContaining("is not a file");
    assertThatThrownBy(() -> file("dac.key").certificates())
        .hasMessageContaining("holds no certificate");
    assertThatThrownBy(() -> file("dac.pem").privateKey(Optional.empty()))
        .hasMessageContaining("holds no private key");
    assertThatThrownBy(() -> file("dac.pem").revocationLists())
        .hasMessageContaining("holds no revocation list");
    assertThatThrownBy(() -> file("old-form.key").privateKey(Optional.empty()))
        .hasMessageContaining("openssl pkcs8 -topk8 -nocrypt -in");
    Path damaged = directory.resolve("damaged.pem");
    Files.writeString(damaged, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    assertThatThrownBy(() -> PemFile.read(damaged).certificates())
        .hasMessageContaining("openssl x509 -text");
  }

  @Test
  void aKeyOfAnotherCertificateIsRefused() throws Exception {
    assertThatThrownBy(
            () ->
                new TlsCredentials(
                    file("dac.pem").certificates(),
                    file("gateway.key").privateKey(Optional.empty()),
                    file("ca.pem").certificates(),
                    List.of(),
                    Version.TLS_1_2))
        .hasMessage("the private key is not that of the certificate");
  }

  @Test
  void credentialsAreEqualByWhatTheyHoldAndNeverShowTheKey() {
    TlsCredentials credentials = TestCertificates.gateway();
    assertThat(credentials).isEqualTo(TestCertificates.gateway());
    assertThat(credentials).isNotEqualTo(TestCertificates.credentials("dac", "ca", false));
    assertThat(credentials).hasToString("TLS credentials of CN=gateway");
  }

  @Test
  void whatWasRevokedOrHasExpiredIsNotTrusted() {
    TlsCredentials careful = TestCertificates.credentials("gateway", "ca", true);
    assertThat(careful.trusts(List.of(TestCertificates.certificate("dac")), false)).isTrue();
    assertThat(careful.trusts(List.of(TestCertificates.certificate("revoked")), false)).isFalse();
    assertThat(careful.trusts(List.of(TestCertificates.certificate("expired")), false)).isFalse();
    assertThat(careful.trusts(List.of(TestCertificates.certificate("intruder")), true)).isFalse();
    assertThat(
            TestCertificates.gateway()
                .trusts(List.of(TestCertificates.certificate("revoked")), false))
        .isTrue();
  }
}
