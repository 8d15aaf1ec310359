package io.coagateway.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coagateway.dhcpv6.ClientServerMessage;
import io.coagateway.dhcpv6.Message;
import io.coagateway.dhcpv6.MessageType;
import io.coagateway.dhcpv6.OptionList;
import io.coagateway.dhcpv6.ServerIdOption;
import io.coagateway.dhcpv6.StatusCode;
import io.coagateway.dhcpv6.StatusCodeOption;
import io.coagateway.machine.TestMachine;
import io.coagateway.time.ExecutorTimers;
import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.Octets;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.unix.IntegerUnixChannelOption;
import java.io.IOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Real sockets on loopback. */
class UdpTransportTest {
  private static final InetAddress LOOPBACK = Ipv6Address.parse("::1").toInetAddress();
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @Test
  void exchangesOnNio() throws Exception {
    exchange(NioIoHandler.newFactory());
  }

  @Test
  void exchangesOnEpoll() throws Exception {
    TestMachine.needsEpoll();
    exchange(EpollIoHandler.newFactory());
  }

  private static void exchange(IoHandlerFactory io) throws Exception {
    MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, io);
    IoEventLoop loop = group.next();
    try (DatagramSocket peer = new DatagramSocket(new InetSocketAddress(LOOPBACK, 0))) {
      peer.setSoTimeout((int) PATIENCE.toMillis());
      RelayParameters parameters =
          RelayParameters.of(
              RelayLab.RELAY,
              List.of(
                  DhcpServer.builder("peer", new InetSocketAddress(LOOPBACK, peer.getLocalPort()))
                      .build()));
      try (UdpTransport transport = UdpTransport.open(loop, parameters)) {
        RelayAgent agent =
            new RelayAgent(
                parameters,
                new ExecutorTimers(loop),
                new Random(1),
                new Random(1),
                transport,
                transport.delivery(),
                RelayObserver.NONE);
        transport.start(agent);
        CompletableFuture<ExchangeOutcome> outcome = new CompletableFuture<>();
        loop.execute(
            () ->
                agent.reconfigure(
                    new ReconfigureTask(
                        RelayLab.client(1),
                        RelayLab.LINK,
                        Optional.empty(),
                        OptionList.EMPTY,
                        parameters.servers(),
                        System.nanoTime() + PATIENCE.toNanos()),
                    outcome::complete));
        answer(peer);
        assertThat(outcome.get(PATIENCE.toSeconds(), TimeUnit.SECONDS).kind())
            .isEqualTo(ExchangeOutcome.Kind.ACCEPTED);
      }
    } finally {
      group.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
    }
  }

  private static void answer(DatagramSocket peer) throws Exception {
    DatagramPacket packet = new DatagramPacket(new byte[2048], 2048);
    peer.receive(packet);
    Octets datagram = Octets.copyOf(packet.getData(), 0, packet.getLength());
    ClientServerMessage request = (ClientServerMessage) Message.parse(datagram);
    assertThat(request.type()).isEqualTo(MessageType.RECONFIGURE_REQUEST);
    byte[] reply =
        new ClientServerMessage(
                MessageType.RECONFIGURE_REPLY,
                request.transactionId(),
                OptionList.of(
                    new ServerIdOption(RelayLab.SERVER), new StatusCodeOption(StatusCode.SUCCESS)))
            .encode()
            .toArray();
    peer.send(new DatagramPacket(reply, reply.length, packet.getSocketAddress()));
  }

  @Test
  void multicastLeavesWithHopLimit8OnNio() throws Exception {
    assertMulticastHops(NioIoHandler.newFactory(), ChannelOption.IP_MULTICAST_TTL);
  }

  @Test
  void multicastLeavesWithHopLimit8OnEpoll() throws Exception {
    TestMachine.needsEpoll();
    assertMulticastHops(
        EpollIoHandler.newFactory(),
        new IntegerUnixChannelOption("IPV6_MULTICAST_HOPS", 41, 18)); // <linux/in6.h>
  }

  /** HOP_COUNT_LIMIT, RFC 8415 sections 7.6 and 19. */
  private static void assertMulticastHops(IoHandlerFactory io, ChannelOption<Integer> hops)
      throws Exception {
    MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, io);
    try (UdpPort port =
        UdpPort.open(
            group.next(),
            new UdpPort.Settings(
                new InetSocketAddress(LOOPBACK, 0), 4096, false, Optional.empty()))) {
      assertThat(port.option(hops)).isEqualTo(8);
    } finally {
      group.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
    }
  }

  @Test
  void deliversToGlobalAndScopedAddresses() throws Exception {
    MultiThreadIoEventLoopGroup group =
        new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    try (DatagramSocket client = new DatagramSocket(new InetSocketAddress(LOOPBACK, 0));
        UdpTransport transport =
            UdpTransport.open(group.next(), RelayParameters.of(RelayLab.RELAY, List.of()))) {
      client.setSoTimeout((int) PATIENCE.toMillis());
      Octets message = Octets.ofHex("0a000000");
      CompletableFuture<ClientDelivery.Delivery> sent = new CompletableFuture<>();
      CompletableFuture<ClientDelivery.Delivery> lost = new CompletableFuture<>();
      group
          .next()
          .execute(
              () -> {
                Ipv6Address loopback = Ipv6Address.parse("::1");
                ClientDelivery delivery = transport.delivery();
                sent.complete(
                    delivery.deliver(
                        message,
                        loopback,
                        client.getLocalPort(),
                        Optional.of("lo"),
                        RelayLab.LINK));
                lost.complete(
                    delivery.deliver(
                        message, RelayLab.PEER, 546, Optional.of("no-such-if"), RelayLab.LINK));
              });
      assertThat(sent.get(20, TimeUnit.SECONDS)).isEqualTo(ClientDelivery.Delivery.SENT);
      assertThat(lost.get(20, TimeUnit.SECONDS)).isEqualTo(ClientDelivery.Delivery.NO_INTERFACE);
      DatagramPacket packet = new DatagramPacket(new byte[64], 64);
      client.receive(packet);
      assertThat(Arrays.copyOf(packet.getData(), packet.getLength())).isEqualTo(message.toArray());
    } finally {
      group.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
    }
  }

  /** On a NAS all interfaces may have fe80::1. Here the kernel does not look at the zone. */
  @Test
  void oneAddressInTwoZonesIsTwoSockets() throws Exception {
    MultiThreadIoEventLoopGroup group =
        new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    DhcpServer one = boundIn(1);
    DhcpServer other = boundIn(2);
    try (UdpTransport transport =
        UdpTransport.open(group.next(), RelayParameters.of(RelayLab.RELAY, List.of(one, other)))) {
      assertThat(transport.portFor(one)).isNotSameAs(transport.portFor(other));
    } finally {
      group.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
    }
  }

  private static DhcpServer boundIn(int zone) throws IOException {
    return DhcpServer.builder("in-" + zone, new InetSocketAddress(in(zone), 10_547))
        .bind(new InetSocketAddress(in(zone), 0))
        .build();
  }

  private static InetAddress in(int zone) throws IOException {
    return Inet6Address.getByAddress(null, LOOPBACK.getAddress(), zone);
  }

  @Test
  void otherRelaysAreHeardInTwoZones() throws Exception {
    MultiThreadIoEventLoopGroup group =
        new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    Heard heard = new Heard();
    try (DatagramSocket relay = new DatagramSocket(0, LOOPBACK);
        UdpTransport transport =
            UdpTransport.open(
                group.next(),
                listeningAt(new InetSocketAddress(in(1), 0), new InetSocketAddress(in(2), 0)))) {
      transport.start(heard);
      for (InetSocketAddress one : transport.listening()) {
        send(relay, "01", one);
        heard.next();
      }
      assertThat(transport.listening()).hasSize(2);
    } finally {
      group.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
    }
  }

  /** On epoll, where a port is free as soon as its socket is closed; NIO selects once more. */
  @Test
  void closesAPortThatIsNeitherWantedNorInUse() throws Exception {
    TestMachine.needsEpoll();
    MultiThreadIoEventLoopGroup group =
        new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    DhcpServer server =
        DhcpServer.builder("peer", new InetSocketAddress(LOOPBACK, 10547))
            .bind(new InetSocketAddress(LOOPBACK, 0))
            .build();
    RelayParameters with = RelayParameters.of(RelayLab.RELAY, List.of(server));
    RelayParameters without = RelayParameters.of(RelayLab.RELAY, List.of());
    try (UdpTransport transport = UdpTransport.open(group.next(), with)) {
      DatagramPort port = transport.portFor(server);
      transport.prepare(without);
      assertThat(isOpenAfter(transport, Set.of(port), port, group)).as("in use").isTrue();
      transport.prepare(with);
      assertThat(isOpenAfter(transport, Set.of(), port, group)).as("wanted again").isTrue();
      assertThat(transport.portFor(server)).isSameAs(port);
      transport.prepare(without);
      transport.takeOver();
      transport.prepare(with);
      assertThat(isOpenAfter(transport, Set.of(), port, group)).as("wanted by new ones").isTrue();
      transport.discard();
      assertThat(isOpenAfter(transport, Set.of(), port, group)).as("neither").isFalse();
      transport.prepare(with);
      assertThat(transport.portFor(server)).as("opened anew").isNotSameAs(port);
    } finally {
      group.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
    }
  }

  /** Whether {@code port} still holds its address once the loop has let go what is unused. */
  private static boolean isOpenAfter(
      UdpTransport transport,
      Set<DatagramPort> inUse,
      DatagramPort port,
      MultiThreadIoEventLoopGroup group)
      throws Exception {
    group.next().submit(() -> transport.closeUnused(inUse)).sync();
    try (DatagramSocket taker = new DatagramSocket(port.local())) {
      return !taker.isBound();
    } catch (BindException e) {
      return true;
    }
  }

  @Test
  void saysWhichAddressCannotBeBound() throws Exception {
    MultiThreadIoEventLoopGroup group =
        new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    try (DatagramSocket taken = new DatagramSocket(0, LOOPBACK)) {
      DhcpServer server =
          DhcpServer.builder("peer", new InetSocketAddress(LOOPBACK, 10547))
              .bind(new InetSocketAddress(LOOPBACK, taken.getLocalPort()))
              .build();
      RelayParameters parameters = RelayParameters.of(RelayLab.RELAY, List.of(server));
      assertThatThrownBy(() -> UdpTransport.open(group.next(), parameters).close())
          .isInstanceOf(IOException.class)
          .hasMessageContaining("cannot bind UDP [::1]:" + taken.getLocalPort() + ": ")
          .hasMessageEndingWith(". Look at dhcpv6.bind and at bind of each of dhcpv6.servers");
    } finally {
      group.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
    }
  }

  /** Tells at which socket other relays' datagrams arrived. */
  private static final class Heard implements DatagramReceiver {
    private final BlockingQueue<Octets> fromRelays = new LinkedBlockingQueue<>();

    @Override
    public void onDatagram(Octets datagram, InetSocketAddress source) {}

    @Override
    public void onForwardable(Octets datagram, InetSocketAddress source, DatagramPort arrivedAt) {
      fromRelays.add(datagram);
    }

    @Override
    public void burstEnd() {}

    Octets next() throws InterruptedException {
      return Objects.requireNonNull(fromRelays.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS));
    }
  }

  private static RelayParameters listeningAt(InetSocketAddress... addresses) {
    RelayParameters off = RelayParameters.of(RelayLab.RELAY, List.of());
    return new RelayParameters(
        off.bind(),
        off.relayId(),
        off.interfaces(),
        off.servers(),
        off.maxMessageSize(),
        off.releaseTypes(),
        off.reconfigureRetransmission(),
        off.releaseRetransmission(),
        off.reconfigureMessageType(),
        new ForwardingParameters(
            List.of(addresses),
            ForwardingParameters.Policy.ACCEPT,
            ForwardingParameters.Policy.REJECT,
            List.of()),
        off.deadServerMemory());
  }

  private static InetSocketAddress free() {
    return new InetSocketAddress(LOOPBACK, TestMachine.freePort());
  }

  private static void send(DatagramSocket from, String hex, InetSocketAddress to)
      throws IOException {
    byte[] octets = Octets.ofHex(hex).toArray();
    from.send(new DatagramPacket(octets, octets.length, to));
  }

  @Test
  void otherRelaysAreHeardOnceTheSettingsAreInForce() throws Exception {
    MultiThreadIoEventLoopGroup group =
        new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    InetSocketAddress first = free();
    InetSocketAddress second = free();
    Heard heard = new Heard();
    try (DatagramSocket relay = new DatagramSocket(0, LOOPBACK);
        UdpTransport transport = UdpTransport.open(group.next(), listeningAt(first))) {
      transport.start(heard);
      transport.prepare(listeningAt(first, second));
      send(relay, "02", second);
      send(relay, "01", first);
      assertThat(heard.next()).as("the first that is read").isEqualTo(Octets.ofHex("01"));
      group.next().submit(() -> {}).sync(); // whatever else this turn of the loop has read
      assertThat(heard.fromRelays).as("who may send there is not settled yet").isEmpty();

      transport.takeOver();
      assertThat(heard.next()).isEqualTo(Octets.ofHex("02"));
    } finally {
      group.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
    }
  }

  /** On epoll, where a port is free as soon as its socket is closed; NIO selects once more. */
  @Test
  void whatWasOpenedForSettingsThatAreRefusedIsClosed() throws Exception {
    TestMachine.needsEpoll();
    MultiThreadIoEventLoopGroup group =
        new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    InetSocketAddress first = free();
    InetSocketAddress second = free();
    Heard heard = new Heard();
    try (DatagramSocket relay = new DatagramSocket(0, LOOPBACK);
        UdpTransport transport = UdpTransport.open(group.next(), listeningAt(first))) {
      transport.start(heard);
      transport.prepare(listeningAt(second));
      transport.discard();
      try (DatagramSocket other = new DatagramSocket(second)) {
        InetSocketAddress taken = (InetSocketAddress) other.getLocalSocketAddress();
        InetSocketAddress third = free();
        assertThatThrownBy(() -> transport.prepare(listeningAt(third, taken)))
            .isInstanceOf(IOException.class);
        new DatagramSocket(third).close(); // free again
      }
      send(relay, "01", first);
      assertThat(heard.next()).isEqualTo(Octets.ofHex("01"));
    } finally {
      group.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
    }
  }
}
