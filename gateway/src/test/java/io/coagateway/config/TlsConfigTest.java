package io.coagateway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.coagateway.das.DasClient;
import io.coagateway.radsec.TestCertificates;
import io.coagateway.radsec.TlsParameters;
import io.coagateway.radsec.TlsPeer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code radius.tls} and {@code tls} of clients. */
class TlsConfigTest {
  private static final String SERVER = "dhcpv6: {servers: [{name: s, address: \"::1\"}]}\n";

  private static final String TLS =
      """
      radius:
        tls:
          listen: ["127.0.0.1", "[::1]:12083"]
          certificate: gateway.pem
          key: gateway.key
          trusted: [ca.pem]
          revoked: [ca.crl]
          min-version: 1.3
          max-connections: 7
          idle-timeout: 0s
          packet-timeout: 5s
          watchdog: 0s
      """;

  @TempDir Path directory;

  @BeforeEach
  void files() throws IOException {
    for (String name :
        List.of("gateway.pem", "gateway.key", "ca.pem", "ca.crl", "dac.key", "expired.pem")) {
      Path file = directory.resolve(name);
      Files.copy(TestCertificates.path(name), file);
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    }
  }

  private GatewayConfig read(String yaml) throws IOException, ConfigurationException {
    Path file = directory.resolve("gateway.yaml");
    Files.writeString(file, yaml + SERVER);
    return GatewayConfig.check(file);
  }

  private List<String> problems(String yaml) {
    return catchThrowableOfType(ConfigurationException.class, () -> read(yaml)).problems().stream()
        .map(p -> p.toString().replace(directory.resolve("gateway.yaml") + ":", ""))
        .toList();
  }

  @Test
  void everySettingArrives() throws Exception {
    GatewayConfig config =
        read(
            TLS
                + """
                  clients:
                    - name: dac
                      tls: {certificate: [dac.example.net], secret: other, connect: [192.0.2.10]}
                    - name: by-address
                      addresses: [192.0.2.0/24]
                      tls: {}
                """);
    TlsParameters tls = config.das().tls().orElseThrow();
    assertThat(tls.listen())
        .extracting(a -> a.getPort())
        .containsExactly(TlsParameters.PORT, 12083);
    assertThat(tls.maxConnections()).isEqualTo(7);
    assertThat(tls.idleTimeout()).isZero();
    assertThat(tls.packetTimeout()).isEqualTo(Duration.ofSeconds(5));
    assertThat(tls.watchdog()).isZero();
    DasClient dac = config.das().clients().get(0);
    assertThat(dac.addresses()).isEmpty();
    assertThat(dac.secrets()).isEmpty();
    TlsPeer peer = dac.tls().orElseThrow();
    assertThat(peer.certificates()).extracting(Object::toString).containsExactly("dac.example.net");
    assertThat(peer.connect()).extracting(a -> a.getPort()).containsExactly(TlsParameters.PORT);
    assertThat(peer.secret()).isNotEqualTo(TlsPeer.RADSEC);
    assertThat(config.das().clients().get(1).tls().orElseThrow().secret())
        .isEqualTo(TlsPeer.RADSEC);
    assertThat(config.warnings()).noneMatch(w -> w.keyPath().contains("tls"));
  }

  @Test
  void eachMistakeHasItsLineAndItsCure() {
    assertThat(
            problems(
                """
                radius:
                  tls:
                    certificate: nowhere.pem
                    key: gateway.pem
                    trusted: []
                    watchdog: 3s
                    min-version: 1.1
                  clients:
                    - name: dac
                      tls: {certificate: ["http://dac"], connect: [192.0.2.10]}
                    - name: reverse
                      tls: {connect: [dac.example.net]}
                    - name: neither
                      tls: {}
                    - {name: any, addresses: [192.0.2.1], tls: {certificate: []}}
                """))
        .containsExactlyInAnyOrder(
            "3: radius.tls.certificate: \"nowhere.pem\" does not exist. Create it, or correct the"
                + " path.",
            "4: radius.tls.key: \"gateway.pem\" holds no private key. It must have a line BEGIN"
                + " PRIVATE KEY.",
            "5: radius.tls.trusted: is empty. Give the PEM files of the authorities that signed the"
                + " clients.",
            "6: radius.tls.watchdog: \"3s\" is below the 6s of RFC 3539. Give 6s or more, or 0s for"
                + " no watchdog.",
            "7: radius.tls.min-version: \"1.1\" is not one of the choices. Give 1.2 | 1.3.",
            "10: radius.clients[0].tls.certificate[0]: \"http://dac\" is nothing that a certificate"
                + " shows. Give a name like dac.example.net, an address, subject:CN=…, or sha256: and"
                + " the fingerprint.",
            "12: radius.clients[1].tls.certificate: is missing. Give what the server's certificate"
                + " shows, like its name.",
            "12: radius.clients[1].tls.connect[0]: \"dac.example.net\" is not an IP address. Give one"
                + " like 192.0.2.1 or 2001:db8::53; names are not looked up.",
            "13: radius.clients[2].addresses: is missing. Give where it sends from, like"
                + " [192.0.2.0/24].",
            "15: radius.clients[3].tls.certificate: is empty. Give what its certificate shows, or"
                + " leave it out for any that is trusted.");
  }

  @Test
  void keyAndCertificateMustBelongTogether() {
    assertThat(
            problems(
                TLS.replace("key: gateway.key", "key: dac.key")
                    + "  clients: [{name: dac, tls: {certificate: [dac.example.net]}}]\n"))
        .containsExactly(
            "5: radius.tls.key: \"dac.key\" cannot be used: the private key is not that of the"
                + " certificate. Give the pair of both.");
  }

  @Test
  void aClientWithTlsNeedsTheGatewaysCertificate() {
    assertThat(
            problems("radius: {clients: [{name: dac, tls: {certificate: [dac.example.net]}}]}\n"))
        .singleElement()
        .asString()
        .contains("needs radius.tls with certificate, key and trusted");
  }

  @Test
  void whatIsDoubtfulIsAWarning() throws Exception {
    Files.setPosixFilePermissions(
        directory.resolve("gateway.key"), PosixFilePermissions.fromString("rw-r--r--"));
    GatewayConfig config =
        read(
            TLS.replace("[ca.pem]", "[ca.pem, expired.pem]")
                + """
                  clients:
                    - name: both
                      addresses: [192.0.2.0/24]
                      secret: a-secret-of-24-octets--
                      tls: {}
                """);
    assertThat(config.warnings())
        .extracting(Problem::toString)
        .anyMatch(
            w ->
                w.matches(
                    ".*gateway.key can be read by every user of this machine. .*chmod 0600 .*"))
        .anyMatch(w -> w.contains("has expired on 2021-01-01T00:00:00Z"))
        .anyMatch(w -> w.contains("may also come over UDP, where nothing is encrypted"));
    assertThat(config.settings()).extracting(Setting::toString).noneMatch(s -> s.contains("BEGIN"));
  }
}
