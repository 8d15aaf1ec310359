package io.coagateway.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.lab.Gateway;
import io.coagateway.lab.GatewayConfiguration;
import io.coagateway.lab.Lab;
import io.coagateway.radius.Authenticators;
import io.coagateway.radius.RadiusPacket;
import io.coagateway.radius.Secret;
import io.coagateway.wire.MalformedException;
import io.coagateway.wire.OctetWriter;
import io.coagateway.wire.Octets;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What the tests of RADIUS over TLS need: certificates, configuration, OpenSSL, packets. */
final class TlsPeers {
  static final Secret RADSEC = Secret.of("radsec");

  private static final Authenticators AUTHENTICATORS = new Authenticators();

  private TlsPeers() {}

  /** The certificates that make-certificates has made, in the unit tests' resources. */
  static Path certificate(String file) {
    return Gateway.top().resolve("gateway/src/test/resources/tls").resolve(file);
  }

  /** Adds {@code radius.tls} and one client that comes over TLS alone. */
  static GatewayConfiguration addTo(
      GatewayConfiguration configuration, Lab lab, int port, Map<String, Object> clientsTls) {
    Map<String, Object> client = new LinkedHashMap<>();
    client.put("name", "dac-tls");
    client.put("tls", clientsTls);
    List<Object> clients = new ArrayList<>();
    clients.add(
        Map.of(
            "name",
            "dac-1",
            "addresses",
            List.of("127.0.0.1/32", "::1/128"),
            "secret",
            "testing123"));
    clients.add(client);
    for (String file : List.of("gateway.pem", "gateway.key", "ca.pem")) {
      lab.copy(certificate(file));
    }
    configuration.set("radius.clients", clients);
    if (port != 0) {
      configuration.set("radius.tls.listen", List.of("127.0.0.1:" + port));
    }
    return configuration
        .set("radius.tls.certificate", "gateway.pem")
        .set("radius.tls.key", "gateway.key")
        .set("radius.tls.trusted", List.of("ca.pem"));
  }

  /** {@code openssl s_client} or {@code s_server}, with its ends in our hands. */
  static final class OpenSsl implements AutoCloseable {
    private final Process process;
    private final Path complaints;

    OpenSsl(String... words) throws IOException {
      List<String> command = new ArrayList<>(List.of("openssl"));
      command.addAll(List.of(words));
      complaints = Files.createTempFile("openssl", ".err");
      process = new ProcessBuilder(command).redirectError(complaints.toFile()).start();
    }

    /** A client with a certificate of the test's, that verifies the gateway's. */
    static OpenSsl client(int port, String certificate, String... more) throws IOException {
      List<String> words =
          new ArrayList<>(
              List.of("s_client", "-quiet", "-connect", "127.0.0.1:" + port, "-CAfile"));
      words.add(certificate("ca.pem").toString());
      words.addAll(List.of("-verify_return_error", "-verify_hostname", "gateway.example.net"));
      words.addAll(List.of("-cert", certificate(certificate + ".pem").toString()));
      words.addAll(List.of("-key", certificate(certificate + ".key").toString()));
      words.addAll(List.of(more));
      return new OpenSsl(words.toArray(String[]::new));
    }

    void send(byte[] octets) throws IOException {
      process.getOutputStream().write(octets);
      process.getOutputStream().flush();
    }

    /** The next packet that comes. */
    RadiusPacket receive() throws IOException, MalformedException {
      InputStream in = process.getInputStream();
      CompletableFuture<Octets> packet =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  Octets header = Octets.wrap(in.readNBytes(4));
                  return header.length() < 4
                      ? header
                      : header.plus(Octets.wrap(in.readNBytes(header.u16(2) - 4)));
                } catch (IOException e) {
                  return Octets.EMPTY;
                }
              });
      try {
        Octets octets = packet.get(20, TimeUnit.SECONDS);
        if (octets.isEmpty()) {
          throw new AssertionError(
              "openssl ended with " + end() + ": " + Files.readString(complaints));
        }
        return RadiusPacket.parse(octets);
      } catch (InterruptedException | ExecutionException | TimeoutException e) {
        throw new AssertionError("no packet came: " + Files.readString(complaints), e);
      }
    }

    /** The exit code once it has ended. */
    int end() throws InterruptedException {
      assertThat(process.waitFor(20, TimeUnit.SECONDS)).as("openssl ends").isTrue();
      return process.exitValue();
    }

    @Override
    public void close() throws IOException {
      process.destroyForcibly();
      Files.deleteIfExists(complaints);
    }
  }

  /** A signed CoA-Request or Disconnect-Request with an Event-Timestamp. */
  static byte[] request(int code, int identifier, String userName, Octets more) {
    Octets name = Octets.ofUtf8(userName);
    int length = 20 + 18 + 6 + 2 + name.length() + more.length();
    OctetWriter out = new OctetWriter(length);
    out.u8(code).u8(identifier).u16(length).zeros(16).u8(80).u8(18).zeros(16);
    out.u8(55).u8(6).u32(Instant.now().getEpochSecond());
    out.u8(1).u8(2 + name.length()).octets(name).octets(more);
    byte[] packet = out.toArray();
    AUTHENTICATORS.signRequest(packet, RADSEC);
    return packet;
  }

  /** Whether an answer belongs to a request. */
  static boolean isSigned(RadiusPacket answer, byte[] request) {
    return AUTHENTICATORS.responseAuthenticatorMatches(
        answer, Octets.copyOf(request).slice(4, 20), RADSEC);
  }
}
