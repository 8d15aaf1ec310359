package io.coagateway.load;

import io.coagateway.config.DictionaryFiles;
import io.coagateway.dhcpv6.Duid;
import io.coagateway.dhcpv6.Message;
import io.coagateway.dhcpv6.MessageType;
import io.coagateway.dhcpv6.OptionCode;
import io.coagateway.dhcpv6.OptionList;
import io.coagateway.mapping.Carrier;
import io.coagateway.mapping.Mapping;
import io.coagateway.mapping.MappingResult;
import io.coagateway.radius.AttributeDictionary;
import io.coagateway.radius.AttributeList;
import io.coagateway.radius.Authenticators;
import io.coagateway.radius.DynamicAuthorizationRequest;
import io.coagateway.radius.RadiusPacket;
import io.coagateway.radius.ReadRequest;
import io.coagateway.radius.RequestParameters;
import io.coagateway.radius.RequestReading;
import io.coagateway.radius.RequestRules;
import io.coagateway.radius.Secret;
import io.coagateway.ratelimit.RateLimit;
import io.coagateway.relay.ClientDelivery;
import io.coagateway.relay.DatagramPort;
import io.coagateway.relay.DhcpServer;
import io.coagateway.relay.ExchangeOutcome;
import io.coagateway.relay.ForwardingParameters;
import io.coagateway.relay.ReconfigureTask;
import io.coagateway.relay.RelayAgent;
import io.coagateway.relay.RelayObserver;
import io.coagateway.relay.RelayParameters;
import io.coagateway.relay.RetransmissionParameters;
import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.MalformedException;
import io.coagateway.wire.Octets;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The stages of one CoA, without sockets and database: what a request costs where. Run it by {@code
 * integration-tests/bench jmh -prof gc}, which adds octets allocated for each operation.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class RequestPathBenchmark {

  private final AttributeDictionary dictionary = DictionaryFiles.builtIn();
  private final Authenticators authenticators = new Authenticators();
  private final Secret secret = Secret.of("testing123");
  private final Workload workload = new Workload(100_000, 1, true);
  private final LoopTimers timers = new LoopTimers();
  private final SplittableRandom random = new SplittableRandom(1);
  private Mapping mapping;
  private RequestRules rules;
  private RelayAgent agent;
  private DhcpServer server;
  private List<Carrier> carriers;
  private Octets datagram;
  private ReadRequest read;
  private OptionList options;
  private Octets lastSent;
  private Octets reply;
  private byte[] answer;
  private long accepted;
  private InetSocketAddress source;

  /** Builds the packets and the objects that a running gateway keeps. */
  @Setup
  public void setUp() throws UnknownHostException, MalformedException {
    mapping =
        new Mapping(List.of(), Set.of(), RequestParameters.OtherAttributes.REJECT, dictionary);
    rules =
        new RequestRules(
            RequestParameters.defaults(attribute -> mapping.mayCarry(attribute, carriers)),
            dictionary);
    InetAddress loopback = InetAddress.getByAddress(Responder.loopback());
    source = new InetSocketAddress(loopback, 40000);
    server =
        DhcpServer.builder("dhcp-1", new InetSocketAddress(loopback, 10547))
            .rsooOptions(Set.of(OptionCode.AFTR_NAME))
            .rateLimit(RateLimit.perSecond(1_000_000))
            .build();
    carriers = List.of(new Carrier(Carrier.Kind.RSOO, server.rsooOptions(), Set.of()));
    agent = newAgent();
    datagram = Octets.wrap(workload.request(1, 1, 4711, new RadiusOctets("testing123")));
    read = (ReadRequest) decodeAndVerify();
    options = ((MappingResult.Mapped) map()).next();
    encodeExchangeAndVerifyReply();
    reply = replyTo(lastSent);
    // Message-Authenticator first, then one Proxy-State of eight octets, as the requests carry.
    answer = new byte[20 + 18 + 10];
    answer[0] = 44;
    answer[1] = 1;
    answer[3] = (byte) answer.length;
    answer[20] = 80;
    answer[21] = 18;
    answer[38] = 33;
    answer[39] = 10;
  }

  /** From the datagram to the request's meaning: authenticators, attributes, both tables. */
  @Benchmark
  public RequestReading decodeAndVerify() throws MalformedException {
    RadiusPacket packet = RadiusPacket.parse(datagram);
    if (packet.attributeDefect() >= 0
        || !authenticators.requestAuthenticatorMatches(packet, secret)
        || !authenticators.messageAuthenticatorMatches(packet, packet.first(80), secret)) {
      throw new IllegalStateException("the request is good");
    }
    return rules.read(
        new DynamicAuthorizationRequest(
            DynamicAuthorizationRequest.Kind.COA,
            packet.identifier(),
            "dac-1",
            source,
            Instant.EPOCH,
            0,
            AttributeList.parse(packet.attributes(), dictionary)));
  }

  /** The attributes that change something, as DHCPv6 options. */
  @Benchmark
  public MappingResult map() {
    return mapping.apply(read.changes(), OptionList.EMPTY, carriers);
  }

  /** The whole exchange: encode, transaction id, send, take the reply, judge it. */
  @Benchmark
  public long encodeExchangeAndVerifyReply() {
    agent.reconfigure(
        new ReconfigureTask(
            Duid.ofHex(Responder.duid(4711)),
            Ipv6Address.parse("2001:db8:1::1"),
            Optional.empty(),
            options,
            List.of(server),
            timers.nanos() + 25_000_000_000L),
        outcome -> {
          if (outcome.kind() != ExchangeOutcome.Kind.ACCEPTED) {
            throw new IllegalStateException(outcome.toString());
          }
          accepted++;
        });
    agent.burstEnd();
    timers.turn();
    agent.onDatagram(replyTo(lastSent), server.address());
    timers.turn();
    return accepted;
  }

  /** The reply alone, from octets to options. */
  @Benchmark
  public Message parseReply() throws MalformedException {
    return Message.parse(reply);
  }

  /** The answer's two authenticators. */
  @Benchmark
  public byte[] signAnswer() {
    authenticators.signResponse(answer, datagram.slice(4, 20), secret);
    return answer;
  }

  private Octets replyTo(Octets request) {
    byte[] octets = new byte[24];
    request.slice(0, 4).copyTo(octets, 0);
    octets[0] = 19;
    octets[5] = 2;
    octets[7] = 10;
    System.arraycopy(Responder.SERVER_DUID, 0, octets, 8, 10);
    octets[19] = 13;
    octets[21] = 2;
    return Octets.wrap(octets);
  }

  private RelayAgent newAgent() {
    DatagramPort port =
        new DatagramPort() {
          @Override
          public void send(Octets message, InetSocketAddress to) {
            lastSent = message;
          }

          @Override
          public void flush() {
            // nothing is kept back
          }

          @Override
          public InetSocketAddress local() {
            return source;
          }
        };
    RelayParameters parameters =
        new RelayParameters(
            List.of(source),
            Duid.ofHex("0003000102005e0000bb"),
            Map.of(),
            List.of(server),
            RelayParameters.DEFAULT_MAX_MESSAGE_SIZE,
            Optional.empty(),
            RetransmissionParameters.RECONFIGURE_REQUEST,
            RetransmissionParameters.RELEASE,
            MessageType.RENEW,
            ForwardingParameters.OFF,
            Duration.ofMinutes(1));
    return new RelayAgent(
        parameters,
        timers,
        random,
        new SplittableRandom(1),
        to -> port,
        (message, peer, toPort, interfaceName, linkAddress) -> ClientDelivery.Delivery.SENT,
        RelayObserver.NONE);
  }
}
