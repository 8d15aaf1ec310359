package io.coagateway.radsec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 6614 section 2.3 (3): what a certificate shows, and which of its names count. */
class CertificateRuleTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          dac.example.net                       | dac         | true
          DAC.Example.Net                       | dac         | true
          dac                                   | dac         | false
          dac-2.example.net                     | dac         | false
          192.0.2.7                             | dac         | true
          2001:db8:0:0::7                       | dac         | true
          192.0.2.8                             | dac         | false
          old.example.net                       | common-name | true
          *.example.net                         | dac         | true
          *.example.net                         | common-name | true
          *.net                                 | dac         | false
          dac.example.net                       | wildcard    | true
          a.dac.example.net                     | wildcard    | false
          example.net                           | wildcard    | false
          subject:CN=dac,O=Example ISP          | dac         | true
          subject:CN=dac                        | dac         | false
          subject:CN=stranger                   | stranger    | true
          """)
  void aRuleMatchesWhatIsShown(String rule, String certificate, boolean matches) {
    assertThat(CertificateRule.parse(rule).matches(TestCertificates.certificate(certificate)))
        .isEqualTo(matches);
  }

  /** The CN counts only where subjectAltName has no name of that kind. */
  @Test
  void theCommonNameBesideASubjectAltNameIsNoName() {
    assertThat(CertificateRule.parse("stranger").matches(TestCertificates.certificate("stranger")))
        .isFalse();
  }

  @Test
  void aFingerprintMatchesOneCertificateAlone() throws Exception {
    byte[] digest =
        java.security.MessageDigest.getInstance("SHA-256")
            .digest(TestCertificates.certificate("dac").getEncoded());
    String hex = io.coagateway.wire.Octets.wrap(digest).toHex();
    CertificateRule rule =
        CertificateRule.parse(
            "SHA256:" + hex.toUpperCase(java.util.Locale.ROOT).replaceAll("..(?=.)", "$0:"));
    assertThat(rule.matches(TestCertificates.certificate("dac"))).isTrue();
    assertThat(rule.matches(TestCertificates.certificate("intruder"))).isFalse();
    assertThat(rule).isEqualTo(CertificateRule.parse(rule.toString()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "sha256:12", "subject:nothing", "*", "dac.*.net", "http://x"})
  void whatIsNothingThatACertificateShowsIsRefused(String text) {
    assertThatThrownBy(() -> CertificateRule.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .message()
        .matches("is n.*");
  }
}
