package io.coagateway.relay;

import io.coagateway.dhcpv6.ClientIdOption;
import io.coagateway.dhcpv6.ClientServerMessage;
import io.coagateway.dhcpv6.Duid;
import io.coagateway.dhcpv6.Message;
import io.coagateway.dhcpv6.MessageType;
import io.coagateway.dhcpv6.Option;
import io.coagateway.dhcpv6.OptionCode;
import io.coagateway.dhcpv6.OptionList;
import io.coagateway.dhcpv6.RelayMessage;
import io.coagateway.dhcpv6.RelayMessageOption;
import io.coagateway.dhcpv6.ServerIdOption;
import io.coagateway.dhcpv6.StatusCode;
import io.coagateway.dhcpv6.StatusCodeOption;
import io.coagateway.ratelimit.RateLimit;
import io.coagateway.time.ManualTime;
import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.Ipv6Prefix;
import io.coagateway.wire.MalformedException;
import io.coagateway.wire.Octets;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;

/** An agent with time moved by hand and a port that keeps what is sent. */
final class RelayLab {
  static final ReleaseMessageTypes TYPES =
      new ReleaseMessageTypes(new MessageType(250), new MessageType(251));
  static final Duid RELAY = Duid.ofHex("0003000102005e0000bb");
  static final Duid SERVER = Duid.ofHex("0003000102005e0000aa");
  static final Ipv6Address LINK = Ipv6Address.parse("2001:db8:1::1");
  static final Ipv6Address PEER = Ipv6Address.parse("fe80::5eff:fe00:5301");

  /** A datagram that left. */
  record Sent(long atMillis, Octets datagram, InetSocketAddress to) {
    Message message() {
      try {
        return Message.parse(datagram);
      } catch (MalformedException e) {
        throw new AssertionError("we sent a malformed message: " + e.getMessage());
      }
    }

    /** The message without RELAY-FORW around it. */
    ClientServerMessage inner() {
      Message message = message();
      while (message instanceof RelayMessage relay) {
        message = relay.relayed().orElseThrow();
      }
      return (ClientServerMessage) message;
    }

    int transactionId() {
      return inner().transactionId();
    }

    List<Duid> clients() {
      return inner().options().all(ClientIdOption.class).stream()
          .map(ClientIdOption::duid)
          .toList();
    }
  }

  /** A datagram that was discarded. */
  record Discarded(ReplyDiscard reason, String detail) {}

  /** Runs over two seconds after a test began, so that no moment is just compared with another. */
  static final long ORIGIN = Long.MAX_VALUE - Duration.ofSeconds(2).toNanos();

  final ManualTime time = new ManualTime(ORIGIN);
  final List<Sent> sent = new ArrayList<>();
  final List<Discarded> discarded = new ArrayList<>();
  final List<String> events = new ArrayList<>();
  final List<String> delivered = new ArrayList<>();
  final List<String> late = new ArrayList<>();
  final List<Duration> waited = new ArrayList<>();
  final List<ExchangeOutcome> reconfigured = new ArrayList<>();
  final List<ExchangeOutcome> released = new ArrayList<>();
  private final Map<Optional<InetSocketAddress>, DatagramPort> ports = new HashMap<>();
  Set<DatagramPort> portsInUse = Set.of();
  int localPort = 40000;

  /** What the system takes to send; only where {@link RelayAgent#burstEnd} is called by hand. */
  Duration sending = Duration.ZERO;

  RelayParameters parameters;
  RelayAgent agent;

  RelayLab(DhcpServer... servers) {
    this(parameters(servers));
  }

  RelayLab(RelayParameters parameters) {
    this.parameters = parameters;
    Random random =
        new Random(7) {
          private static final long serialVersionUID = 1L;

          @Override
          public double nextDouble() {
            return 0.5; // RAND is 0: nominal times
          }
        };
    agent =
        new RelayAgent(
            parameters, time, random, random, new LabPorts(), this::deliver, new Recorder());
  }

  static RelayParameters parameters(DhcpServer... servers) {
    return parameters(RelayParameters.DEFAULT_MAX_MESSAGE_SIZE, servers);
  }

  static RelayParameters parameters(int maxMessageSize, DhcpServer... servers) {
    RelayParameters defaults = RelayParameters.of(RELAY, List.of());
    return new RelayParameters(
        defaults.bind(),
        RELAY,
        defaults.interfaces(),
        List.of(servers),
        maxMessageSize,
        Optional.of(TYPES),
        defaults.reconfigureRetransmission(),
        defaults.releaseRetransmission(),
        defaults.reconfigureMessageType(),
        defaults.forwarding(),
        defaults.deadServerMemory());
  }

  static DhcpServer.Builder server(int number) {
    return DhcpServer.builder(
            "dhcp-" + number, new InetSocketAddress("2001:db8:ffff::" + number, 547))
        .release(ReleaseMode.RELEASE_REQUEST)
        .rateLimit(RateLimit.perSecond(10_000));
  }

  static Duid client(int number) {
    return Duid.ofHex(String.format("0003000102005e10%04x", number));
  }

  DatagramPort port() {
    return new DatagramPort() {
      @Override
      public void send(Octets datagram, InetSocketAddress to) {
        sent.add(new Sent((time.nanos() - ORIGIN) / 1_000_000, datagram, to));
      }

      @Override
      public void flush() {
        if (!sending.isZero()) {
          time.pass(sending);
        }
      }

      @Override
      public InetSocketAddress local() {
        return new InetSocketAddress("::", localPort);
      }
    };
  }

  private ClientDelivery.Delivery deliver(
      Octets message,
      Ipv6Address peer,
      int port,
      Optional<String> interfaceName,
      Ipv6Address linkAddress) {
    String on = interfaceName.orElse("the link of " + linkAddress);
    delivered.add(message + " to " + peer + " " + port + " on " + on);
    return interfaceName.isPresent()
        ? ClientDelivery.Delivery.SENT
        : ClientDelivery.Delivery.NO_INTERFACE;
  }

  long deadline(Duration left) {
    return time.nanos() + left.toNanos();
  }

  ReconfigureTask task(int client) {
    return task(client, LINK, OptionList.EMPTY);
  }

  ReconfigureTask task(int client, Ipv6Address link, OptionList supplied) {
    return new ReconfigureTask(
        client(client),
        link,
        Optional.of(Octets.ofUtf8("if" + client)),
        supplied,
        parameters.servers(),
        deadline(Duration.ofSeconds(25)));
  }

  Exchange reconfigure(ReconfigureTask task) {
    return agent.reconfigure(task, reconfigured::add);
  }

  Exchange reconfigure(int client) {
    return reconfigure(task(client));
  }

  static LeasedIa address(int iaid, String... addresses) {
    return new LeasedIa(
        LeasedIa.Type.IA_NA,
        OptionalLong.of(iaid),
        Arrays.stream(addresses).map(a -> Ipv6Prefix.parse(a + "/128")).toList());
  }

  static LeasedIa prefix(int iaid, String... prefixes) {
    return new LeasedIa(
        LeasedIa.Type.IA_PD,
        OptionalLong.of(iaid),
        Arrays.stream(prefixes).map(Ipv6Prefix::parse).toList());
  }

  ReleaseTask releaseTask(int client, LeasedIa... ias) {
    return new ReleaseTask(
        client(client),
        parameters.servers().get(0),
        Optional.of(SERVER),
        LINK,
        Optional.of(PEER),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of(ias),
        deadline(Duration.ofSeconds(25)));
  }

  Exchange release(ReleaseTask task) {
    return agent.release(task, released::add);
  }

  /** What was sent since the last call, after the loop's task. */
  List<Sent> takeSent() {
    time.settle();
    List<Sent> taken = List.copyOf(sent);
    sent.clear();
    return taken;
  }

  /** The only datagram since the last call. */
  Sent takeOne() {
    List<Sent> taken = takeSent();
    if (taken.size() != 1) {
      throw new AssertionError("expected one datagram, found " + taken.size() + ": " + taken);
    }
    return taken.get(0);
  }

  void pass(Duration duration) {
    time.pass(duration);
  }

  /** A datagram arrives from the server that {@code request} went to. */
  void receive(Sent request, Octets datagram) {
    agent.onDatagram(datagram, request.to());
    agent.burstEnd();
  }

  void receive(Sent request, Message message) {
    receive(request, message.encode());
  }

  void reply(Sent request, StatusCode status, Option... more) {
    receive(request, answer(MessageType.RECONFIGURE_REPLY, request, status, more));
  }

  void releaseReply(Sent request, StatusCode status, Option... more) {
    receive(request, answer(TYPES.reply(), request, status, more));
  }

  /** REPLY inside RELAY-REPL to a relayed RELEASE. */
  void relayedReply(Sent request, StatusCode status, Option... more) {
    List<Option> options = new ArrayList<>(List.of(more));
    if (!OptionList.of(options).has(OptionCode.CLIENTID)) { // RFC 8415 section 16.10
      options.add(new ClientIdOption(request.clients().get(0)));
    }
    Option[] all = options.toArray(Option[]::new);
    receive(request, relayReply(request, answer(MessageType.REPLY, request, status, all)));
  }

  static RelayMessage relayReply(Sent request, Message inner) {
    RelayMessage forward = (RelayMessage) request.message();
    return new RelayMessage(
        MessageType.RELAY_REPL,
        0,
        forward.linkAddress(),
        forward.peerAddress(),
        OptionList.of(new RelayMessageOption(inner)));
  }

  static ClientServerMessage answer(
      MessageType type, Sent request, StatusCode status, Option... more) {
    List<Option> options = new ArrayList<>();
    options.add(new ServerIdOption(SERVER));
    options.add(new StatusCodeOption(status, "because"));
    options.addAll(List.of(more));
    return new ClientServerMessage(type, request.transactionId(), OptionList.of(options));
  }

  static Option listed(int client) {
    return new ClientIdOption(client(client));
  }

  static Set<Include> includes(Include... include) {
    return Set.of(include);
  }

  /** The port that a server's bind names, or the general one. */
  DatagramPort portOf(DhcpServer server) {
    return ports.computeIfAbsent(server.bind(), bind -> port());
  }

  /** Takes {@code servers} as the new configuration. */
  void reload(DhcpServer... servers) {
    parameters = parameters(servers);
    agent.reload(parameters);
  }

  /** One port for each bind; keeps what is not to be closed. */
  private final class LabPorts implements RelayAgent.Ports {
    @Override
    public DatagramPort portFor(DhcpServer server) {
      return portOf(server);
    }

    @Override
    public void closeUnused(Set<DatagramPort> inUse) {
      portsInUse = inUse;
    }
  }

  /** Keeps what the agent tells. */
  private final class Recorder implements RelayObserver {
    @Override
    public void discarded(
        ReplyDiscard reason, InetSocketAddress source, Octets datagram, String detail) {
      discarded.add(new Discarded(reason, detail));
    }

    @Override
    public void waited(DhcpServer server, long nanos) {
      waited.add(Duration.ofNanos(nanos));
    }

    @Override
    public void answeredLate(DhcpServer server) {
      late.add(server.name());
    }

    @Override
    public void unanswered(DhcpServer server, MessageType type, int transmissions) {
      events.add("unanswered " + server.name() + " " + transmissions);
    }

    @Override
    public void unsupported(DhcpServer server, MessageType type) {
      events.add("unsupported " + server.name());
    }

    @Override
    public void unknownInAnswer(DhcpServer server, MessageType type, String what) {
      events.add("unknown " + what);
    }

    @Override
    public void notSent(DhcpServer server, NotSentReason reason) {
      events.add("not-sent " + server.name() + " " + reason);
    }

    @Override
    public void serverReachable(DhcpServer server, boolean reachable) {
      events.add(server.name() + (reachable ? " reachable" : " dead"));
    }

    @Override
    public void serverDuidLearned(DhcpServer server, Duid duid) {
      events.add("learned " + server.name() + " " + duid);
    }

    @Override
    public void undeliverable(DhcpServer server, MessageType type, RelayMessage reply) {
      events.add("undeliverable " + type + " " + reply.peerAddress());
    }

    @Override
    public void delivered(DhcpServer server, MessageType type, Ipv6Address peer) {
      events.add("delivered " + type + " " + peer);
    }

    @Override
    public void forwarded(MessageType type, InetSocketAddress from, InetSocketAddress to) {
      events.add("forwarded " + type.number());
    }

    @Override
    public void notForwarded(MessageType type, InetSocketAddress from, String reason) {
      events.add("not-forwarded " + type.number() + " " + reason);
    }
  }
}
