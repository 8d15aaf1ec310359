package io.coagateway.das;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.coagateway.machine.TestMachine;
import io.coagateway.radius.AnswerSink;
import io.coagateway.radius.Authenticators;
import io.coagateway.radius.DynamicAuthorizationAnswer;
import io.coagateway.radius.DynamicAuthorizationRequest;
import io.coagateway.radius.ErrorCause;
import io.coagateway.radius.RadiusPacket;
import io.coagateway.radius.Secret;
import io.coagateway.radsec.TlsObserver;
import io.coagateway.wire.Octets;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tinyradius.core.dictionary.DefaultDictionary;
import org.tinyradius.core.packet.response.RadiusResponse;

/** Real sockets on loopback; the other end is a plain socket, and tinyradius judges the answers. */
class DynamicAuthorizationServerTest {
  private record Waiting(DynamicAuthorizationRequest request, AnswerSink sink) {}

  private static final Secret SECRET = Secret.of("testing123");

  private final BlockingQueue<Waiting> requests = new LinkedBlockingQueue<>();
  private final AtomicInteger bursts = new AtomicInteger();
  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
  }

  private Executor loop;

  private DynamicAuthorizationServer server(String transport) {
    if (transport.equals("epoll")) {
      TestMachine.needsEpoll();
    }
    IoHandlerFactory factory =
        transport.equals("epoll") ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, factory);
    open.add(() -> group.shutdownGracefully(0, 0, TimeUnit.SECONDS).awaitUninterruptibly());
    EventLoop eventLoop = group.next();
    loop = eventLoop;
    return new DynamicAuthorizationServer(
        eventLoop,
        Bench.DICTIONARY,
        (request, sink) -> requests.add(new Waiting(request, sink)),
        DasObserver.none(),
        TlsObserver.NONE,
        bursts::incrementAndGet);
  }

  private DynamicAuthorizationServer started(String transport, String... listen)
      throws IOException {
    DynamicAuthorizationServer server = server(transport);
    server.start(parameters("testing123", listen), Optional.empty());
    open.add(server::close);
    return server;
  }

  private static DasParameters parameters(String secret, String... listen) {
    List<InetSocketAddress> addresses = new ArrayList<>();
    for (String address : listen) {
      addresses.add(Bench.socket(address, 0));
    }
    return new DasParameters(
        addresses,
        List.of(Bench.client("addresses=127.0.0.0/8,::1 secret=" + secret)),
        DasParameters.DEFAULT_WINDOW,
        1024,
        8192,
        ShieldMode.AUTO,
        Optional.empty());
  }

  private static byte[] request(int identifier) {
    return request(identifier, "testing123");
  }

  private static byte[] request(int identifier, String secret) {
    byte[] packet =
        Octets.ofHex(
                String.format("2b%02x002d", identifier)
                    + "00".repeat(16)
                    + "5012"
                    + "00".repeat(16)
                    + "0107616c696365")
            .toArray();
    new Authenticators().signRequest(packet, Secret.of(secret));
    return packet;
  }

  private DatagramSocket client() throws IOException {
    DatagramSocket socket = new DatagramSocket();
    socket.setSoTimeout(5000);
    open.add(socket);
    return socket;
  }

  private static void send(DatagramSocket from, byte[] packet, InetSocketAddress to)
      throws IOException {
    from.send(new DatagramPacket(packet, packet.length, to));
  }

  private static DatagramPacket receive(DatagramSocket socket) throws IOException {
    DatagramPacket datagram = new DatagramPacket(new byte[4096], 4096);
    socket.receive(datagram);
    return datagram;
  }

  private void answer(boolean ack) throws InterruptedException {
    Waiting waiting = requests.poll(5, TimeUnit.SECONDS);
    assertThat(waiting).as("a request").isNotNull();
    DynamicAuthorizationAnswer answer =
        ack
            ? DynamicAuthorizationAnswer.ack(waiting.request().kind())
            : DynamicAuthorizationAnswer.nak(
                waiting.request().kind(), ErrorCause.SESSION_CONTEXT_NOT_FOUND, "none");
    loop.execute(() -> waiting.sink().answer(answer));
  }

  static List<String> transports() {
    return Epoll.isAvailable() ? List.of("epoll", "nio") : List.of("nio");
  }

  @ParameterizedTest
  @MethodSource("transports")
  void answersFromTheAddressThatWasAsked(String transport) throws Exception {
    DynamicAuthorizationServer server = started(transport, "127.0.0.1", "127.0.0.2", "::1");
    int identifier = 0;
    for (InetSocketAddress address : server.addresses()) {
      DatagramSocket client = client();
      byte[] request = request(identifier++);
      send(client, request, address);
      answer(true);
      DatagramPacket answer = receive(client);
      assertThat(answer.getSocketAddress()).isEqualTo(address);
      assertThat(answer.getData()[0]).isEqualTo((byte) 44);
      send(client, request, address); // the stored one
      assertThat(octets(receive(client))).isEqualTo(octets(answer));
    }
    assertThat(requests).isEmpty();
    assertThat(bursts.get()).isGreaterThanOrEqualTo(identifier);
  }

  @Test
  void tinyradiusAcceptsTheAnswers() throws Exception {
    DynamicAuthorizationServer server = started("nio", "127.0.0.1");
    for (boolean ack : new boolean[] {true, false}) {
      DatagramSocket client = client();
      byte[] request = request(ack ? 1 : 2);
      send(client, request, server.addresses().get(0));
      answer(ack);
      Octets answer = octets(receive(client));
      RadiusResponse judged =
          RadiusResponse.fromByteBuf(
                  DefaultDictionary.INSTANCE, Unpooled.wrappedBuffer(answer.toArray()))
              .decodeResponse("testing123", Arrays.copyOfRange(request, 4, 20));
      assertThat(judged.getType()).isEqualTo((byte) (ack ? 44 : 45));
      assertThat(judged.getAttributes().get(0).getType())
          .as("Message-Authenticator first")
          .isEqualTo(80);
    }
  }

  @Test
  void reloadsSecretsAndAddressesAndKeepsWhatIsInProgress() throws Exception {
    DynamicAuthorizationServer server = started("nio", "127.0.0.1", "127.0.0.2");
    InetSocketAddress first = server.addresses().get(0);
    DatagramSocket client = client();
    send(client, request(1), first);
    await().until(() -> requests.size() == 1);
    server.reload(parameters("the-next-secret", "127.0.0.1", "127.0.0.3"));
    assertThat(server.addresses())
        .contains(first)
        .extracting(InetSocketAddress::getHostString)
        .containsExactly("127.0.0.1", "127.0.0.3");
    answer(true);
    RadiusPacket answer = RadiusPacket.parse(octets(receive(client)));
    assertThat(
            new Authenticators()
                .responseAuthenticatorMatches(answer, Octets.copyOf(request(1), 4, 16), SECRET))
        .isTrue();
    send(client, request(2), first); // the secret of before
    send(client, request(3, "the-next-secret"), first);
    answer(true);
    assertThat(receive(client).getData()[1]).as("identifier").isEqualTo((byte) 3);
    InetSocketAddress added = server.addresses().get(1);
    send(client, request(4, "the-next-secret"), added);
    answer(true);
    assertThat(receive(client).getSocketAddress()).isEqualTo(added);
    assertThat(requests).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("transports")
  void leavesDatagramsToTheKernelWhileSocketsAreNotRead(String transport) throws Exception {
    DynamicAuthorizationServer server = started(transport, "127.0.0.1");
    turn(() -> server.read(false));
    DatagramSocket client = client();
    send(client, request(1), server.addresses().get(0));
    server.reload(parameters("testing123", "127.0.0.1", "127.0.0.2"));
    send(client, request(2), server.addresses().get(1)); // a socket that was opened meanwhile
    for (int i = 0; i < 3; i++) {
      turn(() -> {});
    }
    assertThat(requests).isEmpty();

    turn(() -> server.read(true));
    answer(true);
    answer(true);
    assertThat(List.of(receive(client).getData()[1], receive(client).getData()[1]))
        .containsExactlyInAnyOrder((byte) 1, (byte) 2);
  }

  /** The loop looks at its sockets before it does this, or behind it. */
  private void turn(Runnable task) {
    CompletableFuture.runAsync(task, loop).join();
  }

  @Test
  void aPortInUseIsSaidInOneSentenceAndNothingChanges() throws Exception {
    DatagramSocket other = new DatagramSocket(0, Bench.socket("127.0.0.1", 0).getAddress());
    open.add(other);
    DynamicAuthorizationServer server = started("nio", "127.0.0.2");
    List<InetSocketAddress> before = server.addresses();
    InetSocketAddress taken = Bench.socket("127.0.0.1", other.getLocalPort());
    assertThatThrownBy(
            () -> server.reload(DasParameters.of(List.of(taken), List.of(Bench.client("")))))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("Cannot listen on 127.0.0.1:" + other.getLocalPort())
        .hasMessageContaining("change radius.listen");
    assertThat(server.addresses()).isEqualTo(before);
  }

  @Test
  void aWildcardIsEveryLocalAddress() throws Exception {
    DynamicAuthorizationServer server = started("nio", "0.0.0.0");
    assertThat(server.addresses())
        .extracting(InetSocketAddress::getHostString)
        .contains("127.0.0.1")
        .doesNotContain("0.0.0.0");
  }

  @Test
  void theNextProcessAnswersWhatThisOneExecuted() throws Exception {
    DynamicAuthorizationServer server = started("nio", "127.0.0.1");
    DatagramSocket client = client();
    send(client, request(1), server.addresses().get(0));
    await().until(() -> requests.size() == 1);
    server.stopAccepting();
    send(client, request(2), server.addresses().get(0)); // left to the next process
    CompletableFuture<Void> drained = server.drained().toCompletableFuture();
    assertThat(drained).isNotDone();
    answer(true);
    Octets answered = octets(receive(client));
    drained.get(5, TimeUnit.SECONDS);
    Octets snapshot = server.snapshot();
    server.close();

    DynamicAuthorizationServer next = server("nio");
    next.start(parameters("testing123", "127.0.0.1"), Optional.of(snapshot));
    open.add(next::close);
    send(client, request(1), next.addresses().get(0));
    assertThat(octets(receive(client))).isEqualTo(answered);
    assertThat(requests).isEmpty();
    send(client, request(2), next.addresses().get(0));
    answer(false);
    assertThat(octets(receive(client)).u8(0)).isEqualTo(45);
    await().untilAsserted(() -> assertThat(next.status().remembered()).isEqualTo(2));
  }

  private static Octets octets(DatagramPacket datagram) {
    return Octets.copyOf(datagram.getData(), 0, datagram.getLength());
  }
}
