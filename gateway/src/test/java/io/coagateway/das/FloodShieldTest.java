package io.coagateway.das;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.coagateway.machine.TestMachine;
import io.coagateway.radius.Authenticators;
import io.coagateway.radius.DynamicAuthorizationAnswer;
import io.coagateway.radius.Secret;
import io.coagateway.radsec.TlsObserver;
import io.coagateway.time.ManualTime;
import io.coagateway.wire.Octets;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** When a flood is thinned, and that the kernel does it. */
class FloodShieldTest {
  private static final Secret SECRET = Secret.of("testing123");

  @Nested
  class Rule {
    private final ManualTime time = new ManualTime();
    private final FloodShield shield = new FloodShield(time);
    private final Socket ipv4 = new Socket("192.0.2.1");
    private final Socket ipv6 = new Socket("2001:db8::1");

    private static final class Socket implements FloodShield.Guarded {
      private final InetSocketAddress local;
      private Optional<SourceFilter> filter = Optional.empty();
      private boolean refuses;
      private boolean fillingUp;
      private int attached;
      private int drops = -5; // as an unsigned number, near its end

      Socket(String address) {
        local = Bench.socket(address, 3799);
      }

      @Override
      public InetSocketAddress local() {
        return local;
      }

      @Override
      public void attach(SourceFilter next) throws IOException {
        if (refuses) {
          throw new IOException("Operation not permitted");
        }
        filter = Optional.of(next);
        attached++;
      }

      @Override
      public void detach() {
        filter = Optional.empty();
      }

      @Override
      public int drops() {
        return drops;
      }

      @Override
      public boolean isFillingUp() {
        return fillingUp;
      }

      /** 4 instructions let chance decide, 3 find an IPv4 prefix. */
      int instructions() {
        return filter.orElseThrow().instructions().size();
      }
    }

    private void open() {
      shield.configure(
          ShieldMode.AUTO,
          List.of(
              Bench.client("name=a addresses=192.0.2.0/24,2001:db8::/32"),
              Bench.client("name=b addresses=198.51.100.7")));
      shield.opened(ipv4);
      shield.opened(ipv6);
    }

    private void strangers(int number) {
      for (int i = 0; i < number; i++) {
        shield.stranger();
      }
    }

    private void seconds(int number, int strangersEach) {
      for (int i = 0; i < number; i++) {
        strangers(strangersEach);
        time.pass(Duration.ofSeconds(1));
        shield.second();
      }
    }

    @Test
    void isUpFromTwoThousandASecondUntilTheyAreFew() {
      open();
      seconds(20, FloodShield.RAISED_BY - 1);
      assertThat(shield.raised()).isZero();
      assertThat(ipv4.filter).isEmpty();

      strangers(FloodShield.RAISED_BY);
      assertThat(shield.raised()).isOne();
      assertThat(ipv4.filter.orElseThrow().instructions()).hasSize(4 + 3 + 4);
      assertThat(ipv6.filter.orElseThrow().instructions()).hasSize(3 + 4);

      seconds(1, FloodShield.MOST + 1); // one in 16 kept was too much: from now on one in 64
      seconds(5, FloodShield.LEAST);
      assertThat(shield.raised()).isOne();
      seconds(5, FloodShield.LEAST - 1); // 32, 16, 8, 4, 2
      assertThat(shield.raised()).isOne();
      seconds(1, FloodShield.LEAST - 1);
      assertThat(shield.raised()).isZero();
      assertThat(ipv4.filter).isEmpty();
    }

    @Test
    void aClientFarOverItsLimitIsThinnedAndNobodyElse() {
      open();
      for (int i = 0; i < FloodShield.RAISED_BY; i++) {
        shield.overLimit("b");
        shield.overLimit("gone with a reload");
      }
      assertThat(shield.raised()).isOne();
      assertThat(ipv4.filter.orElseThrow().instructions()).hasSize(3 - 1 + 4 + 4 + 1);
      assertThat(ipv6.filter.orElseThrow().instructions()).hasSize(3 + 1);
      strangers(FloodShield.RAISED_BY);
      assertThat(shield.raised()).isEqualTo(2);
    }

    /** From ports that are made up. */
    private void forged(String client, int number) {
      for (int i = 0; i < number; i++) {
        shield.forged(client, 1024 + i % 10_000, ipv4);
      }
    }

    private void forgedFrom(int port, int number) {
      for (int i = 0; i < number; i++) {
        shield.forged("b", port, ipv4);
      }
    }

    private void second() {
      time.pass(Duration.ofSeconds(1));
      shield.second();
    }

    @Test
    void whatIsForgedIsReadAsLongAsTheBufferDoesNotFillUp() {
      open();
      forged("b", 50_000);
      assertThat(shield.raised()).isZero();
      second();
      ipv4.fillingUp = true;
      forged("b", FloodShield.RAISED_BY - 1);
      forged("gone with a reload", FloodShield.RAISED_BY);
      assertThat(shield.raised()).isZero();
      forged("b", FloodShield.LOOK_EVERY);
      assertThat(shield.raised()).isOne();
    }

    @Test
    void whileItFillsUpTheClientsPortsAreHeardAndOthersLess() {
      open();
      shield.proven("b", 40000);
      shield.proven("b", 40001);
      shield.proven("gone with a reload", 1);
      ipv4.fillingUp = true;
      forged("b", FloodShield.RAISED_BY + FloodShield.LOOK_EVERY); // one in 4 of the others
      int ofA = 3 + 1;
      int rest = 1;
      assertThat(ipv4.instructions()).isEqualTo(2 + (1 + 2 + 1 + 1) + 4 + ofA + rest);
      forged("b", 50_000); // too soon to say that it was not enough
      assertThat(ipv4.attached).isOne();
      time.pass(Duration.ofMillis(100));
      forged("b", FloodShield.LOOK_EVERY);
      time.pass(Duration.ofMillis(100));
      forged("b", FloodShield.LOOK_EVERY); // 16, 64
      time.pass(Duration.ofMillis(100));
      forged("b", FloodShield.LOOK_EVERY); // and not more
      second();
      ipv4.fillingUp = false;
      for (int n = Forgery.MAX_N; n > 1; n /= 2) {
        assertThat(shield.raised()).isOne();
        second();
      }
      assertThat(shield.raised()).isZero();
      assertThat(ipv4.filter).isEmpty();
    }

    @Test
    void whatComesFromFewPortsIsThinnedThere() {
      open();
      ipv4.fillingUp = true;
      forgedFrom(50001, FloodShield.RAISED_BY + FloodShield.LOOK_EVERY);
      int ofA = 3 + 1;
      int rest = 1;
      assertThat(ipv4.instructions()).isEqualTo(2 + (1 + 1 + 1 + 4) + 1 + ofA + rest);
      assertThat(shield.raised()).isOne();
      ipv4.fillingUp = false;
      forgedFrom(50002, 1);
      assertThat(ipv4.attached).isOne();
      time.pass(Duration.ofMillis(10));
      forgedFrom(50002, 1);
      assertThat(ipv4.instructions()).isEqualTo(2 + (1 + 2 + 1 + 4) + 1 + ofA + rest);
      second(); // the one with the flood
      for (int n = Forgery.MAX_N; n > 1; n /= 2) {
        assertThat(shield.raised()).isOne();
        second();
      }
      assertThat(shield.raised()).isZero();
      assertThat(ipv4.filter).isEmpty();
    }

    @Test
    void aPortThatProvesItselfWhileItIsUpIsHeardSoon() {
      open();
      ipv4.fillingUp = true;
      forged("b", FloodShield.RAISED_BY + FloodShield.LOOK_EVERY);
      int none = ipv4.instructions();
      shield.proven("b", 40000);
      shield.proven("b", 40001);
      shield.proven("a", 40002);
      assertThat(ipv4.instructions()).isEqualTo(none);
      time.pass(Duration.ofMillis(10));
      forged("b", 1);
      assertThat(ipv4.instructions()).isEqualTo(none + 1 + 2 + 1 + 1);
      assertThat(ipv4.attached).isEqualTo(2);
      time.pass(Duration.ofMillis(10));
      forged("b", 1);
      shield.proven("b", 40001);
      assertThat(ipv4.attached).isEqualTo(2);
    }

    private void thinWhatIsForgedInTheNameOfAClientWith(int addresses) {
      List<String> all = new ArrayList<>();
      for (int i = 0; i < addresses; i++) {
        all.add("10.0." + i / 256 + "." + i % 256);
      }
      shield.configure(
          ShieldMode.AUTO, List.of(Bench.client("name=c addresses=" + String.join(",", all))));
      shield.opened(ipv4);
      for (int port = 1; port <= 1000; port++) {
        shield.proven("c", port);
      }
      ipv4.fillingUp = true;
      forged("c", FloodShield.RAISED_BY + FloodShield.LOOK_EVERY);
    }

    @Test
    void aClientOfManyAddressesHasFewerPortsForEach() {
      thinWhatIsForgedInTheNameOfAClientWith(100);
      assertThat(ipv4.instructions()).isEqualTo(100 * (2 + (1 + 12 + 1 + 1) + 4) + 1);
      shield.configure(ShieldMode.AUTO, List.of(Bench.client("name=d addresses=10.0.0.1")));
      forged("c", FloodShield.RAISED_BY);
      assertThat(shield.raised()).isZero();
      assertThat(ipv4.filter).isEmpty();
    }

    @Test
    void aClientOfVeryManyAddressesHasNone() {
      thinWhatIsForgedInTheNameOfAClientWith(600);
      assertThat(ipv4.instructions()).isEqualTo(600 * (2 + 4) + 1);
    }

    @Test
    void aNewClientIsNoStrangerWhileItIsUp() {
      open();
      strangers(FloodShield.RAISED_BY);
      shield.configure(
          ShieldMode.AUTO, List.of(Bench.client("addresses=198.51.100.7,203.0.113.0/24")));
      assertThat(ipv4.filter.orElseThrow().instructions()).hasSize(3 + 4 + 4);
      assertThat(ipv6.filter.orElseThrow().instructions()).hasSize(4);

      Socket late = new Socket("192.0.2.2");
      shield.opened(late);
      assertThat(late.filter).isPresent();
      shield.closed(late);
    }

    @Test
    void switchedOffItComesDownAndStaysDown() {
      open();
      strangers(FloodShield.RAISED_BY);
      assertThat(ipv6.filter).isPresent();
      List<DasClient> clients = List.of(Bench.client("addresses=198.51.100.7"));
      shield.configure(ShieldMode.OFF, clients);
      assertThat(shield.raised()).isZero();
      assertThat(ipv6.filter).isEmpty();
      seconds(2, FloodShield.RAISED_BY);
      assertThat(shield.raised()).isZero();
      shield.configure(ShieldMode.AUTO, clients);
      strangers(FloodShield.RAISED_BY);
      assertThat(shield.raised()).isOne();
    }

    @Test
    void whereTheKernelRefusesAllIsHeardAsBefore() {
      open();
      ipv6.refuses = true;
      strangers(FloodShield.RAISED_BY);
      assertThat(shield.raised()).isZero();
      assertThat(ipv4.filter).isEmpty();
    }

    @Test
    void dropsAreAddedUpThoughTheKernelsNumbersWrap() {
      open();
      ipv4.drops += 10;
      ipv6.drops += 1;
      shield.second();
      assertThat(shield.dropped()).isEqualTo(11);
    }
  }

  @Nested
  class InTheKernel {
    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
      for (int i = open.size() - 1; i >= 0; i--) {
        open.get(i).close();
      }
    }

    private DynamicAuthorizationServer started(boolean epoll, DasParameters parameters)
        throws IOException {
      if (epoll) {
        TestMachine.needsEpoll();
      }
      var group =
          new MultiThreadIoEventLoopGroup(
              1, epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
      open.add(() -> group.shutdownGracefully(0, 0, TimeUnit.SECONDS).awaitUninterruptibly());
      DynamicAuthorizationServer server =
          new DynamicAuthorizationServer(
              group.next(),
              Bench.DICTIONARY,
              (request, sink) -> sink.answer(DynamicAuthorizationAnswer.ack(request.kind())),
              DasObserver.none(),
              TlsObserver.NONE,
              () -> {});
      server.start(parameters, Optional.empty());
      open.add(server::close);
      return server;
    }

    /** Listens at {@code listen}; each of {@code clients} is the addresses of one. */
    private DasParameters parameters(ShieldMode mode, String listen, String... clients) {
      List<DasClient> all = new ArrayList<>();
      for (String addresses : clients) {
        all.add(
            Bench.client("name=dac-" + all.size() + " secret=testing123 addresses=" + addresses));
      }
      return new DasParameters(
          List.of(Bench.socket(listen, 0)),
          all,
          DasParameters.DEFAULT_WINDOW,
          1024,
          1 << 16,
          mode,
          Optional.empty());
    }

    private DatagramSocket from(String address, DynamicAuthorizationServer to) throws IOException {
      DatagramSocket socket = new DatagramSocket(Bench.socket(address, 0));
      open.add(socket);
      socket.setSoTimeout(5000);
      socket.connect(to.addresses().get(0));
      return socket;
    }

    private byte[] request(int identifier) {
      byte[] packet =
          Octets.ofHex("2b%02x001b".formatted(identifier) + "00".repeat(16) + "0107616c696365")
              .toArray();
      new Authenticators().signRequest(packet, SECRET);
      return packet;
    }

    /** Behind a flood that is read, the first may find the socket's buffer full: a DAC repeats. */
    private void assertAnsweredAtLast(DatagramSocket socket, int identifier) throws IOException {
      socket.setSoTimeout(250);
      for (int i = 0; ; i++) {
        try {
          assertAnswered(socket, identifier);
          return;
        } catch (SocketTimeoutException e) {
          assertThat(i).as("repetitions without an answer").isLessThan(40);
        }
      }
    }

    private void assertAnswered(DatagramSocket socket, int identifier) throws IOException {
      socket.send(new DatagramPacket(request(identifier), 27));
      DatagramPacket answer = new DatagramPacket(new byte[4096], 4096);
      socket.receive(answer);
      assertThat(answer.getData()[0]).isEqualTo((byte) 44);
      assertThat(answer.getData()[1]).isEqualTo((byte) identifier);
    }

    private void flood(DatagramSocket stranger) throws IOException {
      for (int i = 0; i < 500; i++) {
        stranger.send(new DatagramPacket(request(1), 27));
      }
    }

    private void awaitRaised(DynamicAuthorizationServer server, DatagramSocket stranger) {
      await()
          .atMost(Duration.ofSeconds(20))
          .until(
              () -> {
                flood(stranger);
                return server.status().shielded() == 1;
              });
    }

    /** The kernel drops most of what comes from there; how much is chosen at random. */
    private void assertDropped(DynamicAuthorizationServer server, DatagramSocket stranger)
        throws IOException {
      long before = server.status().kernelDropped();
      flood(stranger);
      await()
          .atMost(Duration.ofSeconds(10))
          .until(() -> server.status().kernelDropped() >= before + 400);
    }

    @Test
    void strangersAreDroppedAndClientsAreNotThoughTheyChange() throws IOException {
      DynamicAuthorizationServer server =
          started(true, parameters(ShieldMode.AUTO, "127.0.0.1", "127.0.0.1", "127.1.0.0/16"));
      DatagramSocket stranger = from("127.0.0.2", server);
      awaitRaised(server, stranger);
      assertDropped(server, stranger);
      for (int i = 0; i < 20; i++) {
        assertAnswered(from("127.0.0.1", server), i);
        assertAnswered(from("127.1." + i + ".9", server), i);
      }

      server.reload(parameters(ShieldMode.AUTO, "127.0.0.1", "127.0.0.1", "127.0.0.2"));
      for (int i = 0; i < 20; i++) {
        assertAnswered(from("127.0.0.2", server), 100 + i);
      }
    }

    /** A machine has one IPv6 address of its own for certain: it is first this, then that. */
    @Test
    void overIpv6Too() throws IOException {
      String others = "2001:db8::/32,fe80::1,::2,::1:0:0:0/80";
      DynamicAuthorizationServer server = started(true, parameters(ShieldMode.AUTO, "::1", others));
      DatagramSocket stranger = from("::1", server);
      awaitRaised(server, stranger);
      assertDropped(server, stranger);

      int identifier = 0;
      for (String itself : List.of("::1", "::/64", "::/127", "::/0")) {
        server.reload(parameters(ShieldMode.AUTO, "::1", others, itself));
        for (int i = 0; i < 5; i++) {
          assertAnswered(from("::1", server), identifier++);
        }
      }
      assertThat(server.status().shielded()).isOne(); // it takes seconds to come down
    }

    @Test
    void switchedOffEveryDatagramIsRead() throws IOException {
      DynamicAuthorizationServer server =
          started(true, parameters(ShieldMode.AUTO, "127.0.0.1", "127.0.0.1"));
      DatagramSocket stranger = from("127.0.0.2", server);
      awaitRaised(server, stranger);
      server.reload(parameters(ShieldMode.OFF, "127.0.0.1", "127.0.0.1"));
      await().atMost(Duration.ofSeconds(10)).until(() -> server.status().shielded() == 0);
      for (int i = 0; i < 20; i++) {
        flood(stranger);
      }
      assertAnsweredAtLast(from("127.0.0.1", server), 1);
      assertThat(server.status().shielded()).isZero();
    }

    @Test
    void withoutAKernelThatFiltersAFloodIsReadAsBefore() throws IOException {
      DynamicAuthorizationServer server =
          started(false, parameters(ShieldMode.AUTO, "127.0.0.1", "127.0.0.1"));
      DatagramSocket stranger = from("127.0.0.2", server);
      for (int i = 0; i < 20; i++) {
        flood(stranger);
      }
      assertAnsweredAtLast(from("127.0.0.1", server), 1);
      assertThat(server.status().shielded()).isZero();
    }
  }
}
