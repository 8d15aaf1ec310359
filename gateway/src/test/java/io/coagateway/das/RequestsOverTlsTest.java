package io.coagateway.das;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.coagateway.radius.AnswerSink;
import io.coagateway.radius.Authenticators;
import io.coagateway.radius.DynamicAuthorizationAnswer;
import io.coagateway.radius.DynamicAuthorizationRequest;
import io.coagateway.radius.DynamicAuthorizationRequest.Kind;
import io.coagateway.radsec.CertificateRule;
import io.coagateway.radsec.TestCertificates;
import io.coagateway.radsec.TlsObserver;
import io.coagateway.radsec.TlsParameters;
import io.coagateway.radsec.TlsPeer;
import io.coagateway.wire.OctetWriter;
import io.coagateway.wire.Octets;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The rules of RFC 5176 for what comes over TLS: the same, but for what a repetition is. */
class RequestsOverTlsTest {
  private static final int COA_ACK = 44;
  private static final int MESSAGE_AUTHENTICATOR_AT = 20;

  private final MultiThreadIoEventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final ConcurrentLinkedQueue<DynamicAuthorizationRequest> executed =
      new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<DropReason> drops = new ConcurrentLinkedQueue<>();
  private final List<AutoCloseable> open = new ArrayList<>();
  private final DynamicAuthorizationServer server = server();

  private DynamicAuthorizationServer server() {
    return new DynamicAuthorizationServer(
        group.next(), Bench.DICTIONARY, this::execute, new Drops(), TlsObserver.NONE, () -> {});
  }

  private final class Drops implements DasObserver {
    @Override
    public void dropped(DropReason reason, String client, int code) {
      drops.add(reason);
    }
  }

  private void execute(DynamicAuthorizationRequest request, AnswerSink sink) {
    executed.add(request);
    sink.answer(DynamicAuthorizationAnswer.ack(request.kind()));
  }

  private static DasClient client(String name, String shows, AddressRange... addresses) {
    return new DasClient(
        name,
        List.of(addresses),
        List.of(),
        Requirement.WHEN_PRESENT,
        SignAnswers.WHEN_REQUESTED,
        Requirement.WHEN_PRESENT,
        Optional.empty(),
        Set.of(Kind.COA, Kind.DISCONNECT),
        List.of(),
        Optional.of(new TlsPeer(List.of(CertificateRule.parse(shows)), TlsPeer.RADSEC, List.of())));
  }

  private static DasParameters parameters(DasClient... clients) {
    return new DasParameters(
        List.of(Bench.socket("127.0.0.1", 0)),
        List.of(clients),
        DasParameters.DEFAULT_WINDOW,
        1024,
        8192,
        ShieldMode.AUTO,
        Optional.of(
            new TlsParameters(
                List.of(Bench.socket("127.0.0.1", 0)),
                TestCertificates.gateway(),
                16,
                TlsParameters.DEFAULT_IDLE_TIMEOUT,
                TlsParameters.DEFAULT_PACKET_TIMEOUT,
                TlsParameters.DEFAULT_WATCHDOG,
                Optional.empty())));
  }

  @BeforeEach
  void start() throws IOException {
    server.start(
        parameters(
            client("dac", "dac.example.net"),
            client("second", "dac-2.example.net"),
            client("elsewhere", "stranger.example.net", AddressRange.parse("192.0.2.0/24"))),
        Optional.empty());
  }

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable one : open) {
      one.close();
    }
    server.close();
    group.shutdownGracefully(0, 0, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  private SSLSocket connect(String certificate) throws IOException {
    InetSocketAddress address = server.tlsAddresses().get(0);
    SSLSocket socket =
        (SSLSocket)
            TestCertificates.peer(Optional.of(certificate)).getSocketFactory().createSocket();
    open.add(socket);
    socket.setSoTimeout(10_000);
    socket.connect(address);
    return socket;
  }

  /** A CoA-Request for alice, with a Message-Authenticator, perhaps with an Event-Timestamp. */
  private static byte[] coa(int identifier, boolean timestamped) {
    int length = 45 + (timestamped ? 6 : 0);
    OctetWriter out = new OctetWriter(length);
    out.u8(43).u8(identifier).u16(length).zeros(16).u8(80).u8(18).zeros(16);
    out.u8(1).u8(7).octets(Octets.ofUtf8("alice"));
    if (timestamped) {
      out.u8(55).u8(6).u32(Instant.now().getEpochSecond());
    }
    byte[] packet = out.toArray();
    new Authenticators().signRequest(packet, TlsPeer.RADSEC);
    return packet;
  }

  private static int answer(SSLSocket socket) throws IOException {
    byte[] header = socket.getInputStream().readNBytes(4);
    assertThat(header).as("an answer").hasSize(4);
    int length = Octets.wrap(header).u16(2);
    assertThat(socket.getInputStream().readNBytes(length - 4)).hasSize(length - 4);
    return header[0];
  }

  private static int ask(SSLSocket socket, byte[] request) throws IOException {
    socket.getOutputStream().write(request);
    return answer(socket);
  }

  @Test
  void aRequestIsExecutedForTheClientOfItsCertificate() throws Exception {
    assertThat(ask(connect("dac-2"), coa(1, true))).isEqualTo(COA_ACK);
    assertThat(executed).singleElement().satisfies(r -> assertThat(r.client()).isEqualTo("second"));
  }

  /** Over TLS all have the secret radsec: equal octets of two clients are two requests. */
  @Test
  void equalRequestsOfTwoClientsAreTwo() throws Exception {
    byte[] request = coa(1, true);
    ask(connect("dac"), request);
    ask(connect("dac-2"), request);
    assertThat(executed)
        .extracting(DynamicAuthorizationRequest::client)
        .containsExactly("dac", "second");
  }

  /** RFC 6613 section 2.6.1: what was not answered may be sent again over a new connection. */
  @Test
  void aTimestampedRequestOverANewConnectionGetsTheAnswerThatIsKept() throws Exception {
    byte[] request = coa(1, true);
    SSLSocket first = connect("dac");
    ask(first, request);
    first.close();
    assertThat(ask(connect("dac"), request)).isEqualTo(COA_ACK);
    assertThat(executed).hasSize(1);
  }

  @Test
  void itIsTheSameAfterARestart() throws Exception {
    byte[] request = coa(1, true);
    ask(connect("dac"), request);
    Octets kept = server.snapshot();
    server.close();
    DynamicAuthorizationServer next = server();
    open.add(next::close);
    next.start(parameters(client("dac", "dac.example.net")), Optional.of(kept));
    SSLSocket again =
        (SSLSocket) TestCertificates.peer(Optional.of("dac")).getSocketFactory().createSocket();
    open.add(0, again);
    again.setSoTimeout(10_000);
    again.connect(next.tlsAddresses().get(0));
    assertThat(ask(again, request)).isEqualTo(COA_ACK);
    assertThat(executed).hasSize(1);
  }

  /** RFC 5080 section 2.2.2 counts duplicates by connection; this client starts again at 1. */
  @Test
  void withoutTimestampEqualOctetsAreTheSameRequestWithinAConnectionOnly() throws Exception {
    byte[] request = coa(1, false);
    SSLSocket first = connect("dac");
    ask(first, request);
    ask(first, request);
    assertThat(executed).hasSize(1);
    ask(connect("dac"), request);
    assertThat(executed).hasSize(2);
  }

  /** RFC 6613 section 2.6.4. */
  @Test
  void aForgedPacketEndsTheConnection() throws Exception {
    byte[] wrongAuthenticator = coa(1, true);
    wrongAuthenticator[4] ^= 1;
    assertThat(closedBy("dac", wrongAuthenticator)).isEqualTo(DropReason.REQUEST_AUTHENTICATOR);

    byte[] wrongSignature = coa(1, true);
    wrongSignature[MESSAGE_AUTHENTICATOR_AT + 5] ^= 1;
    signWithout(wrongSignature);
    assertThat(closedBy("dac", wrongSignature))
        .isEqualTo(DropReason.MESSAGE_AUTHENTICATOR_MISMATCH);

    byte[] unfilled = coa(1, false); // nothing follows that, by chance, might be an attribute
    unfilled[MESSAGE_AUTHENTICATOR_AT + 18 + 1] = 9;
    signWithout(unfilled);
    assertThat(closedBy("dac", unfilled)).isEqualTo(DropReason.MALFORMED_ATTRIBUTES);
    assertThat(executed).isEmpty();
  }

  /** The Request Authenticator alone. */
  private static void signWithout(byte[] packet) throws Exception {
    Arrays.fill(packet, 4, 20, (byte) 0);
    MessageDigest md5 = MessageDigest.getInstance("MD5");
    md5.update(packet);
    md5.update(new byte[] {'r', 'a', 'd', 's', 'e', 'c'});
    System.arraycopy(md5.digest(), 0, packet, 4, 16);
  }

  private DropReason closedBy(String certificate, byte[] packet) throws Exception {
    drops.clear();
    SSLSocket socket = connect(certificate);
    socket.getOutputStream().write(packet);
    assertThat(socket.getInputStream().read()).isEqualTo(-1);
    return drops.remove();
  }

  /** What follows can be read and believed, so only the packet is lost. */
  @Test
  void aPacketOfAnotherKindIsDroppedAndTheConnectionStays() throws Exception {
    SSLSocket dac = connect("dac");
    byte[] accessRequest = coa(1, true);
    accessRequest[0] = 1;
    dac.getOutputStream().write(accessRequest);
    dac.getOutputStream().write(coa(2, true));
    byte[] header = dac.getInputStream().readNBytes(2);
    assertThat(header).as("the answer to the second").containsExactly(COA_ACK, 2);
    assertThat(drops).containsExactly(DropReason.WRONG_CODE);
    assertThat(executed).hasSize(1);
  }

  @Test
  void aClientThatComesFromElsewhereIsNotTheOneOfTheCertificate() throws Exception {
    SSLSocket stranger = connect("stranger");
    stranger.getOutputStream().write(coa(1, true));
    try {
      assertThat(stranger.getInputStream().read()).isEqualTo(-1);
    } catch (IOException e) {
      assertThat(executed).isEmpty(); // it was closed while we wrote
    }
    assertThat(executed).isEmpty();
  }

  @Test
  void aClientWithoutSecretIsNotHeardOverUdp() throws Exception {
    server.reload(parameters(client("dac", "dac.example.net", AddressRange.parse("127.0.0.0/8"))));
    try (DatagramSocket udp = new DatagramSocket()) {
      byte[] request = coa(1, true);
      udp.send(new DatagramPacket(request, request.length, server.addresses().get(0)));
      await().atMost(Duration.ofSeconds(10)).until(() -> !drops.isEmpty());
    }
    assertThat(drops).containsExactly(DropReason.UNKNOWN_SOURCE);
  }
}
