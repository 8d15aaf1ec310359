package io.coagateway.it;

import io.coagateway.radius.Authenticators;
import io.coagateway.radius.RadiusPacket;
import io.coagateway.radius.Secret;
import io.coagateway.wire.MalformedException;
import io.coagateway.wire.OctetWriter;
import io.coagateway.wire.Octets;
import java.io.IOException;
import java.net.PortUnreachableException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A dynamic authorization client on a bad network: sends up to 256 requests from one port at once,
 * repeats each second what is unanswered, the same octets, as radclient does, and keeps every
 * answer that comes, the second and the third one too.
 */
final class RepeatingClient implements AutoCloseable {
  private static final long REPEAT_NANOS = 1_000_000_000L;

  private final Secret secret;
  private final Authenticators authenticators = new Authenticators();
  private final DatagramChannel channel;
  private final Selector selector;
  private final List<RadiusPacket> requests = new ArrayList<>();
  private final Map<Integer, Set<Octets>> answers = new HashMap<>();
  private int transmissions;
  private int received;
  private int unproven;
  private final AtomicInteger unreachable = new AtomicInteger();

  /** For a server on ::1. */
  RepeatingClient(int port, String secret) throws IOException {
    this.secret = Secret.of(secret);
    selector = Selector.open();
    channel = DatagramChannel.open();
    channel.connect(Loopback.port(port));
    channel.configureBlocking(false).register(selector, SelectionKey.OP_READ);
  }

  /**
   * Adds a request; its number is its Identifier.
   *
   * @param code 40 or 43
   * @param attributes without a Message-Authenticator, which comes first
   */
  int add(int code, Octets attributes) throws MalformedException {
    int identifier = requests.size();
    OctetWriter out = new OctetWriter(38 + attributes.length());
    out.u8(code).u8(identifier).u16(38 + attributes.length()).zeros(16);
    out.u8(Authenticators.MESSAGE_AUTHENTICATOR).u8(18).zeros(16).octets(attributes);
    byte[] packet = out.toArray();
    authenticators.signRequest(packet, secret);
    requests.add(RadiusPacket.parse(Octets.wrap(packet)));
    return identifier;
  }

  /** Sends all and repeats until each has an answer, or until {@code patienceNanos} have passed. */
  void sendAll(long patienceNanos) throws IOException {
    long start = System.nanoTime();
    for (long round = start;
        answers.size() < requests.size() && round - start < patienceNanos;
        round += REPEAT_NANOS) {
      for (RadiusPacket request : requests) {
        if (!answers.containsKey(request.identifier())) {
          transmit(request);
        }
      }
      listenUntil(round + REPEAT_NANOS);
    }
  }

  /** Asks for every answer once more, as if it had been lost. */
  void repeatAll(int times) throws IOException {
    for (int i = 0; i < times; i++) {
      for (RadiusPacket request : requests) {
        transmit(request);
      }
      listenUntil(System.nanoTime() + REPEAT_NANOS / 2);
    }
  }

  private void transmit(RadiusPacket request) throws IOException {
    transmissions++;
    try {
      channel.write(ByteBuffer.wrap(request.octets().toArray()));
    } catch (PortUnreachableException e) {
      unreachable
          .incrementAndGet(); // the server is away for a moment: lost like any other datagram
    }
  }

  private void listenUntil(long nanos) throws IOException {
    ByteBuffer in = ByteBuffer.allocate(4096);
    for (long left = nanos - System.nanoTime(); left > 0; left = nanos - System.nanoTime()) {
      selector.select(1 + left / 1_000_000);
      selector.selectedKeys().clear();
      while (read(in)) {
        byte[] octets = new byte[in.flip().remaining()];
        in.get(octets);
        try {
          receive(RadiusPacket.parse(Octets.wrap(octets)));
        } catch (MalformedException e) {
          unproven++;
        }
      }
    }
  }

  /** Whether a datagram was there. */
  private boolean read(ByteBuffer in) throws IOException {
    try {
      return channel.read(in.clear()) > 0;
    } catch (PortUnreachableException e) {
      unreachable.incrementAndGet();
      return false;
    }
  }

  private void receive(RadiusPacket answer) {
    RadiusPacket request =
        requests.get(Math.min(answer.identifier(), requests.size() - 1)); // a damaged one
    if (!authenticators.responseAuthenticatorMatches(answer, request.authenticator(), secret)) {
      unproven++;
      return;
    }
    received++;
    answers.computeIfAbsent(answer.identifier(), i -> new HashSet<>()).add(answer.octets());
  }

  /** The different answers that came to a request. */
  Set<Octets> answersTo(int identifier) {
    return answers.getOrDefault(identifier, Set.of());
  }

  /** How many datagrams were sent. */
  int transmissions() {
    return transmissions;
  }

  /** How many datagrams came that prove nothing: damaged on the way, or not from the server. */
  int unproven() {
    return unproven;
  }

  /** How often the host said that nobody listens on the port. For any thread. */
  int unreachable() {
    return unreachable.get();
  }

  /** How many answers came, equal ones counted each time. */
  int received() {
    return received;
  }

  @Override
  public void close() throws IOException {
    selector.close();
    channel.close();
  }
}
