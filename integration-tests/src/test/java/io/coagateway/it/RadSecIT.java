package io.coagateway.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.it.TlsPeers.OpenSsl;
import io.coagateway.lab.Command;
import io.coagateway.lab.FreeRadius;
import io.coagateway.lab.Gateway;
import io.coagateway.lab.GatewayConfiguration;
import io.coagateway.lab.Lab;
import io.coagateway.lab.Needs;
import io.coagateway.lab.Peer;
import io.coagateway.lab.Place;
import io.coagateway.lab.Radclient;
import io.coagateway.lab.Subscriber;
import io.coagateway.radius.Authenticators;
import io.coagateway.radius.RadiusPacket;
import io.coagateway.wire.OctetWriter;
import io.coagateway.wire.Octets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** RADIUS over TLS (RFC 6614) and the reverse connection, with OpenSSL at the other end. */
@Needs("openssl")
class RadSecIT {
  private static final Subscriber ALICE = new Subscriber(1);
  private static final int COA_REQUEST = 43;
  private static final int COA_ACK = 44;
  private static final int COA_NAK = 45;
  private static final int STATUS_SERVER = 12;
  private static final int ACCESS_ACCEPT = 2;

  /** DS-Lite-Tunnel-Name aftr.example.net. */
  private static final Octets AFTR = Octets.ofHex("9012").plus(Octets.ofUtf8("aftr.example.net"));

  private static GatewayConfiguration configuration(Lab lab, int serverPort) {
    return new GatewayConfiguration(lab)
        .server("dhcp-1", "[::1]:" + serverPort, "rsoo-options", List.of("aftr-name"));
  }

  /** With a TLS listener for the DAC of that certificate. */
  private static GatewayConfiguration listening(Lab lab, int serverPort, int tls) {
    return TlsPeers.addTo(
        configuration(lab, serverPort),
        lab,
        tls,
        Map.of("certificate", List.of("dac.example.net")));
  }

  private static Gateway gateway(Lab lab, GatewayConfiguration configuration, int serverPort) {
    Gateway gateway = new Gateway(lab, Place.HERE.asOrdinaryUser(), Gateway.TWO_LOOPS);
    gateway.importSubscribers(configuration.write(), ALICE.line());
    SimulatedServers.start(gateway, "server", serverPort, ALICE.line());
    return gateway;
  }

  /** Mutual TLS 1.3 and 1.2; several packets over one connection; refusals of three kinds. */
  @Test
  void aClientWithItsCertificateIsServedAndOthersAreNot(Lab lab) throws Exception {
    int serverPort = lab.freePort();
    int tls = lab.freePort();
    GatewayConfiguration configuration = listening(lab, serverPort, tls);
    Gateway gateway = gateway(lab, configuration, serverPort);
    Peer running = gateway.run(configuration).awaitTcp(tls);

    try (OpenSsl dac = OpenSsl.client(tls, "dac")) {
      byte[] known = TlsPeers.request(COA_REQUEST, 1, ALICE.userName(), AFTR);
      byte[] unknown = TlsPeers.request(COA_REQUEST, 2, "nobody@example.net", AFTR);
      dac.send(
          new OctetWriter(8192).octets(Octets.wrap(known)).octets(Octets.wrap(unknown)).toArray());
      RadiusPacket one = dac.receive();
      RadiusPacket two = dac.receive();
      RadiusPacket ack = one.identifier() == 1 ? one : two;
      RadiusPacket nak = one.identifier() == 1 ? two : one;
      assertThat(ack.code()).isEqualTo(COA_ACK);
      assertThat(TlsPeers.isSigned(ack, known)).isTrue();
      assertThat(nak.code()).isEqualTo(COA_NAK);
      assertThat(TlsPeers.isSigned(nak, unknown)).isTrue();
    }
    try (OpenSsl old = OpenSsl.client(tls, "dac", "-tls1_2")) {
      byte[] request = TlsPeers.request(COA_REQUEST, 3, "nobody@example.net", AFTR);
      old.send(request);
      assertThat(TlsPeers.isSigned(old.receive(), request)).isTrue();
    }
    running.awaitOutput("tls-connected client=dac-tls direction=incoming .* protocol=TLSv1.3 ");
    running.awaitOutput("tls-connected client=dac-tls .* protocol=TLSv1.2 ");
    running.awaitOutput("tls-closed client=dac-tls .* reason=peer");

    try (OpenSsl ancient = OpenSsl.client(tls, "dac", "-tls1_1", "-cipher", "ALL@SECLEVEL=0")) {
      assertThat(ancient.end()).isNotZero();
    }
    running.awaitOutput("tls-refused .* reason=handshake .*TLSv1.1");
    try (OpenSsl intruder = OpenSsl.client(tls, "intruder", "-tls1_2")) {
      assertThat(intruder.end()).isNotZero();
    }
    running.awaitOutput("tls-refused .* reason=handshake .*certification path");
    try (OpenSsl stranger = OpenSsl.client(tls, "stranger")) {
      stranger.end();
    }
    running.awaitOutput("tls-refused .* reason=unknown-certificate .*CN=stranger");
    assertThat(gateway.export(configuration.write())).contains("\"64\":\"0461667472");
  }

  /** A new certificate, by SIGHUP: new connections get it, and the open one goes on. */
  @Test
  void aReloadTakesTheNewCertificate(Lab lab) throws Exception {
    int serverPort = lab.freePort();
    int tls = lab.freePort();
    GatewayConfiguration configuration = listening(lab, serverPort, tls);
    Gateway gateway = new Gateway(lab, Place.HERE.asOrdinaryUser(), Gateway.TWO_LOOPS);
    Peer running = gateway.run(configuration).awaitTcp(tls);
    try (OpenSsl open = OpenSsl.client(tls, "dac")) {
      open.send(TlsPeers.request(COA_REQUEST, 1, "nobody@example.net", AFTR));
      assertThat(open.receive().code()).isEqualTo(COA_NAK);

      lab.copy(TlsPeers.certificate("wildcard.pem"));
      lab.copy(TlsPeers.certificate("wildcard.key"));
      configuration
          .set("radius.tls.certificate", "wildcard.pem")
          .set("radius.tls.key", "wildcard.key")
          .write();
      running.signal("HUP");
      running.awaitOutput("reloaded");

      open.send(TlsPeers.request(COA_REQUEST, 2, "nobody@example.net", AFTR));
      assertThat(open.receive().code()).isEqualTo(COA_NAK);
    }
    String shown =
        Command.run(
                Place.HERE,
                "sh",
                "-c",
                "openssl s_client -connect 127.0.0.1:"
                    + tls
                    + " -cert "
                    + TlsPeers.certificate("dac.pem")
                    + " -key "
                    + TlsPeers.certificate("dac.key")
                    + " </dev/null 2>/dev/null | openssl x509 -noout -subject")
            .out();
    assertThat(shown).contains("CN = wildcard");
  }

  /** FreeRADIUS 3.2 with a TLS home server of type coa: its CoA comes over TLS, and is answered. */
  @Test
  @Needs({"freeradius", "radclient"})
  void freeRadiusIsServedOverTls(Lab lab) throws Exception {
    int serverPort = lab.freePort();
    int tls = lab.freePort();
    int proxy = lab.freePort();
    GatewayConfiguration configuration = listening(lab, serverPort, tls);
    lab.copy(TlsPeers.certificate("dac.pem"));
    lab.copy(TlsPeers.certificate("dac.key"));
    Gateway gateway = gateway(lab, configuration, serverPort);
    Peer running = gateway.run(configuration).awaitTcp(tls);
    FreeRadius.proxyingToTls(lab, Place.HERE, proxy, tls);
    Radclient dac = Radclient.to(Place.HERE, "127.0.0.1:" + proxy);

    Radclient.Answer ack = dac.coa(ALICE, "aftr.example.net");
    assertThat(ack.verdict()).as(ack.text()).isEqualTo("CoA-ACK");
    Radclient.Answer nak = dac.coa("User-Name = \"nobody@example.net\"", "Session-Timeout = 1");
    assertThat(nak.verdict()).as(nak.text()).isEqualTo("CoA-NAK 401");
    running.awaitOutput("tls-connected client=dac-tls direction=incoming");
    running.awaitOutput("request client=dac-tls .* result=ACK");
  }

  /** draft-ietf-radext-reverse-coa: OpenSSL is the RADIUS server that the gateway connects to. */
  @Test
  void aCoaComesBackOverTheConnectionThatTheGatewayOpened(Lab lab) throws Exception {
    int serverPort = lab.freePort();
    int radiusServer = lab.freePort();
    GatewayConfiguration configuration =
        TlsPeers.addTo(
            configuration(lab, serverPort).set("nas.identifier", "nas1.example.net"),
            lab,
            0,
            Map.of(
                "certificate",
                List.of("dac.example.net"),
                "connect",
                List.of("127.0.0.1:" + radiusServer)));
    Gateway gateway = gateway(lab, configuration, serverPort);
    Peer running = gateway.run(configuration);
    running.awaitOutput("tls-not-connected client=dac-tls server=127.0.0.1:" + radiusServer);

    try (OpenSsl server =
        new OpenSsl(
            "s_server",
            "-quiet",
            "-accept",
            "127.0.0.1:" + radiusServer,
            "-cert",
            TlsPeers.certificate("dac.pem").toString(),
            "-key",
            TlsPeers.certificate("dac.key").toString(),
            "-CAfile",
            TlsPeers.certificate("ca.pem").toString(),
            "-Verify",
            "1",
            "-verify_return_error")) {
      RadiusPacket watchdog = server.receive();
      assertThat(watchdog.code()).isEqualTo(STATUS_SERVER);
      assertThat(watchdog.attributes().toHex()).endsWith(Octets.ofUtf8("nas1.example.net").toHex());
      server.send(accept(watchdog));

      byte[] request = TlsPeers.request(COA_REQUEST, 7, ALICE.userName(), AFTR);
      server.send(request);
      RadiusPacket ack = server.receive();
      assertThat(ack.code()).isEqualTo(COA_ACK);
      assertThat(TlsPeers.isSigned(ack, request)).isTrue();
      running.awaitOutput("tls-connected client=dac-tls direction=reverse");
    }
    running.awaitOutput("tls-closed client=dac-tls direction=reverse .* reason=");
  }

  /** An Access-Accept to a Status-Server (RFC 5997 section 4.1), without any attribute. */
  private static byte[] accept(RadiusPacket watchdog) {
    byte[] answer =
        new OctetWriter(20).u8(ACCESS_ACCEPT).u8(watchdog.identifier()).u16(20).zeros(16).toArray();
    new Authenticators().signResponse(answer, watchdog.authenticator(), TlsPeers.RADSEC);
    return answer;
  }
}
