package io.coagateway.radsec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.coagateway.radius.Authenticators;
import io.coagateway.radius.RadiusPacket;
import io.coagateway.time.ManualTime;
import io.coagateway.wire.MalformedException;
import io.coagateway.wire.Octets;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.NetUtil;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** RFC 6614 and RFC 6613 over real sockets, with the JDK's TLS at the other end. */
class TlsTransportTest {
  private static final InetAddress LOOPBACK =
      NetUtil.createInetAddressFromIpAddressString("127.0.0.1");
  private static final byte[] RADSEC = {'r', 'a', 'd', 's', 'e', 'c'};

  private record Received(Octets packet, TlsConnection connection) {}

  private final ManualTime time = new ManualTime();
  private final MultiThreadIoEventLoopGroup group =
      new MultiThreadIoEventLoopGroup(
          1, Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
  private final EventLoop loop = group.next();
  private final LinkedBlockingQueue<Received> received = new LinkedBlockingQueue<>();
  private final ConcurrentLinkedQueue<String> events = new ConcurrentLinkedQueue<>();
  private final AtomicInteger beginning = new AtomicInteger(); // requests of which that many begin
  private final List<AutoCloseable> open = new ArrayList<>();
  private final TlsTransport transport =
      new TlsTransport(
          loop,
          time,
          new Random(7),
          new PacketHandler() {
            @Override
            public void received(Octets packet, TlsConnection connection) {
              if (beginning.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                connection.requestBegan();
              }
              received.add(new Received(packet, connection));
            }

            @Override
            public void burstEnded() {}
          },
          new TlsObserver() {
            @Override
            public void connected(ConnectionInfo connection) {
              events.add("connected " + connection.client() + " " + connection.protocol());
            }

            @Override
            public void closed(ConnectionInfo connection, CloseReason reason, String detail) {
              events.add("closed " + connection.client() + " " + reason);
            }

            @Override
            public void refused(RefusalReason reason, InetSocketAddress source, String detail) {
              events.add("refused " + reason + " " + detail);
            }

            @Override
            public void notAccepted(SocketAddress listener, String why) {}

            @Override
            public void notConnected(
                String client, InetSocketAddress server, String detail, Duration retry) {
              events.add("not connected " + client);
            }
          });

  /** Two clients, known by their certificates. */
  private static final class TwoClients implements Peers {
    private final Peer dac = peer("dac", "dac.example.net");
    private final Peer second = peer("second", "dac-2.example.net");

    @Override
    public Optional<Peer> identify(X509Certificate certificate, InetAddress source) {
      return List.of(dac, second).stream()
          .filter(p -> p.settings().accepts(certificate))
          .findFirst();
    }

    @Override
    public boolean mayComeFrom(InetAddress source) {
      return true;
    }
  }

  private static Peer peer(String client, String name, InetSocketAddress... connect) {
    return new Peer(
        client,
        new TlsPeer(List.of(CertificateRule.parse(name)), TlsPeer.RADSEC, List.of(connect)));
  }

  private static Optional<TlsParameters> parameters(TlsCredentials credentials, int connections) {
    return Optional.of(
        new TlsParameters(
            List.of(new InetSocketAddress(LOOPBACK, 0)),
            credentials,
            connections,
            Duration.ofMinutes(15),
            Duration.ofSeconds(10),
            Duration.ofSeconds(15),
            Optional.of("nas1")));
  }

  private void start(Peer... servers) throws IOException {
    start(parameters(TestCertificates.gateway(), 64), servers);
  }

  private void start(Optional<TlsParameters> parameters, Peer... servers) throws IOException {
    transport.apply(transport.prepare(parameters), new TwoClients(), List.of(servers));
  }

  /** The transport, and a client that is connected to it. */
  private SSLSocket startWithDac() throws IOException {
    start();
    return connect("dac");
  }

  private SSLSocket connect(String certificate) throws IOException {
    return connect(Optional.of(certificate));
  }

  private SSLSocket connect(Optional<String> certificate) throws IOException {
    SSLSocket socket =
        (SSLSocket) TestCertificates.peer(certificate).getSocketFactory().createSocket();
    open.add(socket);
    socket.setSoTimeout(10_000);
    socket.connect(transport.addresses().get(0));
    return socket;
  }

  private void pass(Duration duration) {
    loop.submit(() -> time.pass(duration)).syncUninterruptibly();
  }

  private Received next() throws InterruptedException {
    Received packet = received.poll(10, TimeUnit.SECONDS);
    assertThat(packet).as("a packet, after " + events).isNotNull();
    return packet;
  }

  private void awaitEvent(String beginning) {
    await("an event " + beginning + ", but: " + events)
        .atMost(Duration.ofSeconds(10))
        .until(() -> events.stream().anyMatch(e -> e.startsWith(beginning)));
  }

  private static byte[] packet(int code, int identifier, int length) {
    byte[] octets = new byte[length];
    octets[0] = (byte) code;
    octets[1] = (byte) identifier;
    octets[2] = (byte) (length >> 8);
    octets[3] = (byte) length;
    for (int at = 20; at < length; at += octets[at + 1] & 0xff) {
      octets[at] = 1;
      octets[at + 1] =
          (byte) Math.min(length - at, length - at > 255 && length - at < 257 ? 200 : 255);
    }
    return octets;
  }

  private static Octets read(InputStream in) throws IOException {
    byte[] header = in.readNBytes(20);
    assertThat(header).as("a whole header").hasSize(20);
    byte[] rest = in.readNBytes(Octets.wrap(header).u16(2) - 20);
    return Octets.copyOf(header).plus(Octets.copyOf(rest));
  }

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable one : open) {
      one.close();
    }
    transport.close();
    group.shutdownGracefully(0, 0, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  /**
   * RFC 6614 section 3.4 (1): boundaries are where the Length fields say, not where writes were.
   */
  @Test
  void packetsAreCutByTheirLengthHoweverTheyWereWritten() throws Exception {
    SSLSocket dac = startWithDac();
    byte[] first = packet(43, 1, 20);
    byte[] second = packet(40, 2, 4096);
    byte[] both = new byte[first.length + second.length];
    System.arraycopy(first, 0, both, 0, first.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    dac.getOutputStream().write(both);
    assertThat(next().packet()).isEqualTo(Octets.wrap(first));
    assertThat(next().packet()).isEqualTo(Octets.wrap(second));
    for (byte octet : packet(43, 3, 21 + 9)) {
      dac.getOutputStream().write(octet);
    }
    Received third = next();
    assertThat(third.packet()).isEqualTo(Octets.wrap(packet(43, 3, 30)));
    assertThat(third.connection().peer().client()).isEqualTo("dac");
    assertThat(events).containsExactly("connected dac TLSv1.3");
  }

  @Test
  void answersLeaveByTheConnectionThatWasAskedInAnyOrder() throws Exception {
    SSLSocket dac = startWithDac();
    SSLSocket second = connect("dac-2");
    dac.getOutputStream().write(packet(43, 1, 20));
    Received one = next();
    second.getOutputStream().write(packet(43, 1, 20));
    Received two = next();
    loop.submit(
            () -> {
              two.connection().send(packet(45, 1, 20));
              one.connection().send(packet(44, 1, 20));
            })
        .sync();
    assertThat(read(dac.getInputStream()).u8(0)).isEqualTo(44);
    assertThat(read(second.getInputStream()).u8(0)).isEqualTo(45);
    assertThat(two.connection().peer().client()).isEqualTo("second");
  }

  @Test
  void tls12IsSpokenWithThoseThatKnowNoOther() throws Exception {
    SSLSocket dac = startWithDac();
    dac.setEnabledProtocols(new String[] {"TLSv1.2"});
    dac.getOutputStream().write(packet(43, 1, 20));
    next();
    assertThat(events).containsExactly("connected dac TLSv1.2");
  }

  /** The strangers that must not come in, and what the log says of each. */
  @Test
  void aCertificateOfAnotherAuthorityOrNoneFailsInTheHandshake() throws Exception {
    start();
    SSLSocket intruder = connect("intruder");
    assertThatThrownBy(() -> exchange(intruder)).isInstanceOf(IOException.class);
    awaitEvent("refused HANDSHAKE");
    events.clear();
    SSLSocket nobody = connect(Optional.empty());
    assertThatThrownBy(() -> exchange(nobody)).isInstanceOf(IOException.class);
    awaitEvent("refused HANDSHAKE");
    assertThat(received).isEmpty();
  }

  private static void exchange(SSLSocket socket) throws IOException {
    socket.getOutputStream().write(packet(43, 1, 20));
    if (socket.getInputStream().read() < 0) {
      throw new IOException("closed without a word");
    }
  }

  @Test
  void aTrustedCertificateOfNobodyIsTurnedAway() throws Exception {
    start();
    SSLSocket stranger = connect("stranger");
    assertThatThrownBy(() -> exchange(stranger)).isInstanceOf(IOException.class);
    awaitEvent("refused UNKNOWN_CERTIFICATE its certificate is that of CN=stranger");
    assertThat(received).isEmpty();
  }

  @Test
  void whatIsNotTlsFailsInTheHandshake() throws Exception {
    start();
    try (Socket plain = new Socket(LOOPBACK, transport.addresses().get(0).getPort())) {
      plain.setSoTimeout(10_000);
      plain.getOutputStream().write(packet(43, 1, 20));
      while (plain.getInputStream().read() >= 0) {
        // an alert, perhaps
      }
    }
    awaitEvent("refused HANDSHAKE");
  }

  /** RFC 6613 section 2.6.4: after that nobody knows where the next packet begins. */
  @Test
  void aLengthThatNoPacketHasEndsTheConnection() throws Exception {
    for (int length : new int[] {0, 19, 4097}) {
      if (length == 0) {
        start();
      }
      events.clear();
      SSLSocket dac = connect("dac");
      byte[] octets = packet(43, 1, 20);
      octets[2] = (byte) (length >> 8);
      octets[3] = (byte) length;
      dac.getOutputStream().write(octets);
      assertThat(dac.getInputStream().read()).isEqualTo(-1);
      awaitEvent("closed dac BAD_LENGTH");
    }
    assertThat(received).isEmpty();
  }

  @Test
  void aPacketThatDoesNotEndIsNotWaitedForForever() throws Exception {
    SSLSocket dac = startWithDac();
    dac.getOutputStream().write(packet(43, 1, 20));
    next();
    dac.getOutputStream().write(packet(43, 2, 20), 0, 10);
    await()
        .atMost(Duration.ofSeconds(10))
        .until(
            () -> {
              pass(Duration.ofSeconds(11));
              return events.contains("closed dac INCOMPLETE_PACKET");
            });
    assertThat(dac.getInputStream().read()).isEqualTo(-1);
  }

  /** While as many requests as allowed wait nothing is read: that is not the other end's doing. */
  @Test
  void aPacketThatIsNotReadToItsEndIsNotHeldAgainstTheOtherEnd() throws Exception {
    SSLSocket dac = startWithDac();
    beginning.set(256);
    ByteArrayOutputStream burst = new ByteArrayOutputStream(); // one record of TLS, read at once
    for (int i = 0; i < 256; i++) {
      burst.writeBytes(packet(43, i, 20));
    }
    burst.write(packet(40, 7, 20), 0, 10);
    dac.getOutputStream().write(burst.toByteArray());
    List<Received> begun = new ArrayList<>();
    while (begun.size() < 256) {
      begun.add(next());
    }
    dac.getOutputStream().write(packet(40, 7, 20), 10, 10);
    pass(Duration.ofSeconds(11));
    pass(Duration.ofSeconds(11));
    assertThat(events).as("256 requests are being worked on").hasSize(1);

    begun.forEach(r -> loop.execute(() -> r.connection().requestEnded()));
    assertThat(next().packet().u8(0)).isEqualTo(40);
    assertThat(events).hasSize(1);
  }

  @Test
  void aConnectionWithoutPacketsIsClosedAfterTheIdleTimeoutAndNotBefore() throws Exception {
    SSLSocket dac = startWithDac();
    dac.getOutputStream().write(packet(43, 1, 20));
    Received request = next();
    loop.submit(() -> request.connection().requestBegan()).sync();
    pass(Duration.ofMinutes(20));
    assertThat(events).as("a request is being worked on").hasSize(1);
    loop.submit(() -> request.connection().requestEnded()).sync();
    pass(Duration.ofSeconds(1));
    awaitEvent("closed dac IDLE");
    assertThat(dac.getInputStream().read()).isEqualTo(-1);
  }

  @Test
  void thereAreNoMoreConnectionsThanAllowed() throws Exception {
    start(parameters(TestCertificates.gateway(), 1));
    SSLSocket first = connect("dac");
    first.getOutputStream().write(packet(43, 1, 20));
    next();
    SSLSocket second = connect("dac");
    assertThatThrownBy(() -> exchange(second)).isInstanceOf(IOException.class);
    awaitEvent("refused TOO_MANY_CONNECTIONS");
    first.close();
    awaitEvent("closed dac PEER");
    exchangeAnswered(connect("dac"));
  }

  private void exchangeAnswered(SSLSocket socket) throws Exception {
    socket.getOutputStream().write(packet(43, 9, 20));
    Received request = next();
    loop.submit(() -> request.connection().send(packet(44, 9, 20))).sync();
    assertThat(read(socket.getInputStream()).u8(0)).isEqualTo(44);
  }

  /** RFC 6613 section 2.6.5: no more outstanding requests than Identifiers; the rest waits. */
  @Test
  void readingStopsWhileTooManyRequestsWait() throws Exception {
    SSLSocket dac = startWithDac();
    int all = 4096; // more than sockets and buffers on the way hold
    Thread writer =
        new Thread(
            () -> {
              try {
                for (int i = 0; i < all; i++) {
                  dac.getOutputStream().write(packet(43, i & 0xff, 4000));
                }
              } catch (IOException e) {
                events.add("writer " + e);
              }
            });
    beginning.set(256);
    writer.start();
    List<Received> begun = new ArrayList<>();
    while (begun.size() < 256) {
      begun.add(next());
    }
    await()
        .during(Duration.ofMillis(200))
        .atMost(Duration.ofSeconds(20))
        .until(() -> received.size() < all - 256);
    assertThat(received.size()).as("what was on the way").isLessThan(2048);
    begun.forEach(r -> loop.execute(() -> r.connection().requestEnded()));
    for (int i = 256; i < all; i++) {
      next();
    }
    writer.join(10_000);
  }

  /** Handshakes go on; behind one read of each connection packets stay with the kernel. */
  @Test
  void whatIsHeldBackIsReadLater() throws Exception {
    SSLSocket dac = startWithDac();
    exchangeAnswered(dac);
    loop.submit(() -> transport.read(false)).sync();
    SSLSocket second = connect("dac-2");
    second.startHandshake();
    awaitEvent("connected second");
    for (int i = 0; i < 20; i++) {
      dac.getOutputStream().write(packet(43, i, 20));
      second.getOutputStream().write(packet(40, i, 20));
      loop.submit(() -> {}).sync(); // the loop has looked at its sockets
    }
    assertThat(received).hasSizeLessThan(5);
    loop.submit(() -> transport.read(true)).sync();
    List<Integer> codes = new ArrayList<>();
    while (codes.size() < 40) {
      codes.add(next().packet().u8(0));
    }
    assertThat(codes).filteredOn(code -> code == 43).hasSize(20);
  }

  /** RFC 5997 section 4.1, checked with the JDK's own MD5 and HMAC, not with ours. */
  @Test
  void statusServerIsAnsweredWithASignedAccessAccept() throws Exception {
    SSLSocket dac = startWithDac();
    byte[] request = statusServer(77);
    dac.getOutputStream().write(request);
    Octets answer = read(dac.getInputStream());
    assertThat(answer.u8(0)).isEqualTo(2);
    assertThat(answer.u8(1)).isEqualTo(77);
    assertAnswerIsSigned(answer, request);
    assertThat(received).as("nobody else hears of it").isEmpty();
  }

  @Test
  void aStatusServerWithoutAGoodMessageAuthenticatorEndsTheConnection() throws Exception {
    SSLSocket dac = startWithDac();
    byte[] request = statusServer(77);
    request[30] ^= 1;
    dac.getOutputStream().write(request);
    assertThat(dac.getInputStream().read()).isEqualTo(-1);
    awaitEvent("closed dac NOT_AUTHENTIC");
  }

  /**
   * RFC 6614 section 2.5: accounting is not silently lost, it is told that nobody wants it. The
   * proxies on its way find their Proxy-States in the answer, in order (RFC 2865 section 5.33).
   */
  @Test
  void accountingIsAnsweredWithErrorCause406() throws Exception {
    SSLSocket dac = startWithDac();
    byte[] request = accounting("280600000001" + "2104aa01" + "2c047331" + "2103bb");
    dac.getOutputStream().write(request);
    Octets answer = read(dac.getInputStream());
    assertThat(answer.u8(0)).isEqualTo(5);
    assertThat(answer.toHex()).endsWith("6506" + "00000196" + "2104aa01" + "2103bb");
    assertAnswerIsSigned(answer, request);
  }

  /** RFC 6613 section 2.6.4: nothing in the stream can be trusted any more. */
  @Test
  void accountingWithMalformedAttributesEndsTheConnection() throws Exception {
    SSLSocket dac = startWithDac();
    dac.getOutputStream().write(accounting("280600000001" + "2c09"));
    assertThat(dac.getInputStream().read()).isEqualTo(-1);
    awaitEvent("closed dac MALFORMED_ATTRIBUTES");
  }

  @Test
  void accountingWithAWrongMessageAuthenticatorEndsTheConnection() throws Exception {
    SSLSocket dac = startWithDac();
    dac.getOutputStream().write(accounting("280600000001" + "5012" + "00".repeat(16)));
    assertThat(dac.getInputStream().read()).isEqualTo(-1);
    awaitEvent("closed dac NOT_AUTHENTIC");
  }

  /** An Accounting-Request with its Request Authenticator (RFC 2866 section 3). */
  private static byte[] accounting(String attributes) throws NoSuchAlgorithmException {
    byte[] request = packet(4, 5, 20 + attributes.length() / 2);
    Octets.ofHex(attributes).copyTo(request, 20);
    MessageDigest md5 = MessageDigest.getInstance("MD5");
    md5.update(request);
    md5.update(RADSEC);
    System.arraycopy(md5.digest(), 0, request, 4, 16);
    return request;
  }

  private static byte[] statusServer(int identifier)
      throws NoSuchAlgorithmException, InvalidKeyException {
    byte[] request = new byte[38];
    request[0] = 12;
    request[1] = (byte) identifier;
    request[3] = 38;
    new Random(3).nextBytes(request);
    request[0] = 12;
    request[1] = (byte) identifier;
    request[2] = 0;
    request[3] = 38;
    request[20] = 80;
    request[21] = 18;
    Arrays.fill(request, 22, 38, (byte) 0);
    System.arraycopy(hmac(request), 0, request, 22, 16);
    return request;
  }

  private static byte[] hmac(byte[] octets) throws NoSuchAlgorithmException, InvalidKeyException {
    Mac mac = Mac.getInstance("HmacMD5");
    mac.init(new SecretKeySpec(RADSEC, "HmacMD5"));
    return mac.doFinal(octets);
  }

  private static void assertAnswerIsSigned(Octets answer, byte[] request)
      throws NoSuchAlgorithmException, InvalidKeyException, MalformedException {
    byte[] octets = answer.toArray();
    System.arraycopy(request, 4, octets, 4, 16);
    MessageDigest md5 = MessageDigest.getInstance("MD5");
    md5.update(octets);
    md5.update(RADSEC);
    assertThat(Octets.wrap(md5.digest())).isEqualTo(answer.slice(4, 20));
    int at = RadiusPacket.parse(answer).first(Authenticators.MESSAGE_AUTHENTICATOR);
    Arrays.fill(octets, at + 2, at + 18, (byte) 0);
    assertThat(Octets.wrap(hmac(octets))).isEqualTo(answer.slice(at + 2, at + 18));
  }

  @Test
  void aReloadKeepsConnectionsAndNewOnesGetTheNewCertificate() throws Exception {
    start();
    SSLSocket before = connect("dac");
    before.getOutputStream().write(packet(43, 1, 20));
    next();
    TlsParameters old = parameters(TestCertificates.gateway(), 64).orElseThrow();
    start(
        Optional.of(
            new TlsParameters(
                old.listen(),
                TestCertificates.credentials("wildcard", "ca", false),
                64,
                old.idleTimeout(),
                old.packetTimeout(),
                old.watchdog(),
                Optional.empty())));
    exchangeAnswered(before);
    SSLSocket after = connect("dac");
    exchangeAnswered(after);
    assertThat(before.getSession().getPeerPrincipal().getName()).isEqualTo("CN=gateway");
    assertThat(after.getSession().getPeerPrincipal().getName()).isEqualTo("CN=wildcard");
  }

  @Test
  void aReloadEndsWhatIsNotAllowedAnyMore() throws Exception {
    SSLSocket dac = startWithDac();
    dac.getOutputStream().write(packet(43, 1, 20));
    next();
    start(parameters(TestCertificates.credentials("gateway", "other-ca", false), 64));
    assertThat(dac.getInputStream().read()).as("its authority is gone").isEqualTo(-1);
    awaitEvent("closed dac NO_LONGER_ALLOWED");
    start(Optional.empty());
    assertThat(transport.addresses()).isEmpty();
  }

  private SSLServerSocket server(String certificate) throws IOException {
    SSLServerSocket server =
        (SSLServerSocket)
            TestCertificates.peer(Optional.of(certificate))
                .getServerSocketFactory()
                .createServerSocket(0, 5, LOOPBACK);
    server.setNeedClientAuth(true);
    server.setSoTimeout(10_000);
    open.add(server);
    return server;
  }

  private SSLSocket accept(SSLServerSocket server) throws IOException {
    SSLSocket socket = (SSLSocket) server.accept();
    socket.setSoTimeout(10_000);
    open.add(socket);
    return socket;
  }

  private static InetSocketAddress address(SSLServerSocket server) {
    return new InetSocketAddress(LOOPBACK, server.getLocalPort());
  }

  /** The transport, and the far end of a connection that it has opened. */
  private SSLSocket startWithServer() throws IOException {
    SSLServerSocket server = server("dac");
    start(peer("aaa", "dac.example.net", address(server)));
    return accept(server);
  }

  /** draft-ietf-radext-reverse-coa: we connect, prove ourselves, and requests come back. */
  @Test
  void requestsComeBackOverTheConnectionThatWeOpened() throws Exception {
    SSLSocket aaa = startWithServer();
    Octets watchdog = read(aaa.getInputStream());
    assertThat(watchdog.u8(0)).as("Status-Server").isEqualTo(12);
    assertThat(watchdog.toHex()).endsWith("2006" + "6e617331"); // NAS-Identifier nas1
    byte[] unsigned = watchdog.toArray();
    Arrays.fill(unsigned, 22, 38, (byte) 0);
    assertThat(Octets.wrap(hmac(unsigned))).isEqualTo(watchdog.slice(22, 38));
    assertThat(aaa.getSession().getPeerPrincipal().getName()).isEqualTo("CN=gateway");

    aaa.getOutputStream().write(answerTo(watchdog));
    aaa.getOutputStream().write(packet(43, 5, 20));
    Received coa = next();
    assertThat(coa.connection().peer().client()).isEqualTo("aaa");
    loop.submit(() -> coa.connection().send(packet(44, 5, 20))).sync();
    assertThat(read(aaa.getInputStream()).u8(0)).isEqualTo(44);
    pass(Duration.ofSeconds(2));
    assertThat(transport.status().reverse())
        .singleElement()
        .satisfies(s -> assertThat(s.state()).isEqualTo(ReverseStatus.State.ANSWERING));
  }

  /** An Access-Accept to a Status-Server, made without our code. */
  private static byte[] answerTo(Octets request) throws NoSuchAlgorithmException {
    byte[] answer = new byte[20];
    answer[0] = 2;
    answer[1] = (byte) request.u8(1);
    answer[3] = 20;
    request.slice(4, 20).copyTo(answer, 4);
    MessageDigest md5 = MessageDigest.getInstance("MD5");
    md5.update(answer);
    md5.update(RADSEC);
    System.arraycopy(md5.digest(), 0, answer, 4, 16);
    return answer;
  }

  @Test
  void aLostConnectionIsOpenedAnewAfterAWhile() throws Exception {
    SSLServerSocket server = server("dac");
    start(peer("aaa", "dac.example.net", address(server)));
    SSLSocket first = accept(server);
    read(first.getInputStream());
    first.close();
    awaitEvent("not connected aaa");
    pass(Duration.ofMillis(1200));
    SSLSocket again = accept(server);
    assertThat(read(again.getInputStream()).u8(0)).isEqualTo(12);
  }

  /** While as many requests as allowed wait, its answers would not be read. */
  @Test
  void aServerIsNotLeftWhileItCannotBeHeard() throws Exception {
    SSLSocket aaa = startWithServer();
    read(aaa.getInputStream());
    beginning.set(256);
    for (int i = 0; i < 256; i++) {
      aaa.getOutputStream().write(packet(43, i, 20));
    }
    List<Received> begun = new ArrayList<>();
    while (begun.size() < 256) {
      begun.add(next());
    }
    pass(Duration.ofSeconds(60));
    pass(Duration.ofSeconds(60));
    assertThat(events).noneMatch(event -> event.startsWith("closed"));

    begun.forEach(r -> loop.execute(() -> r.connection().requestEnded()));
    pass(Duration.ofSeconds(1));
    assertThat(read(aaa.getInputStream()).u8(0)).as("asked again").isEqualTo(12);
  }

  @Test
  void aServerThatDoesNotAnswerTheWatchdogIsLeft() throws Exception {
    SSLSocket aaa = startWithServer();
    read(aaa.getInputStream());
    pass(Duration.ofSeconds(31));
    awaitEvent("closed aaa WATCHDOG");
  }

  @Test
  void aServerWithAnotherCertificateIsNotTalkedTo() throws Exception {
    SSLServerSocket server = server("dac-2");
    start(peer("aaa", "dac.example.net", address(server)));
    SSLSocket wrong = accept(server);
    assertThatThrownBy(() -> read(wrong.getInputStream())).isInstanceOf(Throwable.class);
    awaitEvent("not connected aaa");
    pass(Duration.ofSeconds(1));
    assertThat(transport.status().reverse().get(0).lastFailure()).contains("CN=dac-2");
    assertThat(events).noneMatch(e -> e.startsWith("connected"));
  }

  @Test
  void aReloadEndsConnectionsThatAreNotWantedAnyMore() throws Exception {
    SSLSocket aaa = startWithServer();
    read(aaa.getInputStream());
    start();
    assertThat(aaa.getInputStream().read()).isEqualTo(-1);
    awaitEvent("closed aaa NO_LONGER_ALLOWED");
    pass(Duration.ofMinutes(2));
    assertThat(events).noneMatch(e -> e.startsWith("not connected"));
    assertThat(events).filteredOn(e -> e.startsWith("connected")).hasSize(1);
    assertThat(transport.status().reverse()).isEmpty();
    loop.submit(() -> assertThat(time.waiting()).as("its own tick, no attempt").isOne()).sync();
  }
}
