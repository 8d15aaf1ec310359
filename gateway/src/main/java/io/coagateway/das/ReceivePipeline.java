package io.coagateway.das;

import io.coagateway.radius.AttributeDictionary;
import io.coagateway.radius.AttributeList;
import io.coagateway.radius.Authenticators;
import io.coagateway.radius.DynamicAuthorizationAnswer;
import io.coagateway.radius.DynamicAuthorizationHandler;
import io.coagateway.radius.DynamicAuthorizationRequest;
import io.coagateway.radius.DynamicAuthorizationRequest.Kind;
import io.coagateway.radius.ErrorCause;
import io.coagateway.radius.PacketCode;
import io.coagateway.radius.RadiusPacket;
import io.coagateway.radius.Secret;
import io.coagateway.radsec.Peers;
import io.coagateway.ratelimit.Limiter;
import io.coagateway.time.Timers;
import io.coagateway.wire.MalformedException;
import io.coagateway.wire.Octets;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happens to a datagram before a request is handed on, in this order (RFC 5176 sections 2.3,
 * 3.3, 3.4 and 6):
 *
 * <ol>
 *   <li>the source address is that of a configured client
 *   <li>size and Length; padding after Length is ignored
 *   <li>the code is 40 or 43
 *   <li>the Request Authenticator
 *   <li>the attributes fill the packet
 *   <li>the Message-Authenticator: at most one, matching; there when it is required
 *   <li>the Event-Timestamp: at most one, within the window; there when it is required
 *   <li>whether it is new: see {@link ReplayMemory}
 *   <li>the client's rate limit, its request types and its sessions
 * </ol>
 *
 * <p>Until step 8 has passed, a failure is silence and a {@link DropReason}: nothing is proven. All
 * of it works on the octets; nothing is formatted and nothing is taken apart for a packet that is
 * dropped. In step 9 a request over the client's limit gets a NAK with Error-Cause 506, and when
 * there are as many of those, silence; a request type or session that is not the client's gets
 * Error-Cause 501.
 *
 * <p>A request is remembered when it is accepted, not when it is answered; its answer is stored
 * when it is sent. Not thread-safe: one event loop owns it. It opens no socket.
 */
final class ReceivePipeline {
  private static final Logger LOG = LoggerFactory.getLogger(ReceivePipeline.class);

  private static final int EVENT_TIMESTAMP = 55;
  private static final int TIME_LENGTH = 4;

  private final Authenticators authenticators = new Authenticators();
  private final DropLog dropLog = new DropLog();
  private final AttributeDictionary dictionary;
  private final AnswerWriter answers;
  private final ReplayMemory memory;
  private final DynamicAuthorizationHandler handler;
  private final DasObserver observer;
  private final Timers timers;
  private final InstantSource wallClock;

  private ClientTable clients = ClientTable.empty();
  private long windowSeconds;
  private boolean stopping;

  ReceivePipeline(
      DasParameters parameters,
      AttributeDictionary dictionary,
      ReplayMemory memory,
      DynamicAuthorizationHandler handler,
      DasObserver observer,
      Timers timers,
      InstantSource wallClock) {
    this.dictionary = dictionary;
    this.answers = new AnswerWriter(authenticators, dictionary);
    this.memory = memory;
    this.handler = handler;
    this.observer = observer;
    this.timers = timers;
    this.wallClock = wallClock;
    reload(parameters);
  }

  /** From now on these clients, secrets, limits and this window; exchanges go on as they began. */
  void reload(DasParameters parameters) {
    clients = ClientTable.of(parameters.clients(), clients, memory);
    windowSeconds = parameters.window().toSeconds();
    memory.setWindow(parameters.window(), timers.nanos(), wallSeconds());
  }

  /** New requests are left unanswered from now on; repeated ones still get their answers. */
  void stopAccepting() {
    stopping = true;
  }

  /** Who may come over TLS. */
  Peers peers() {
    return clients;
  }

  /** How many requests wait for their answer. */
  int inProgress() {
    return memory.inProgress();
  }

  /** How many requests are remembered. */
  int remembered() {
    return memory.size();
  }

  /** How far back requests are remembered. */
  Duration reach() {
    return memory.reach(timers.nanos());
  }

  /** See {@link ReplayMemory#snapshot}. */
  Octets snapshot() {
    return memory.snapshot(timers.nanos(), wallSeconds());
  }

  /** See {@link ReplayMemory#restore}. */
  void restore(Octets snapshot) throws MalformedException {
    memory.restore(snapshot, timers.nanos(), wallSeconds());
  }

  private long wallSeconds() {
    return wallClock.instant().getEpochSecond();
  }

  /**
   * Takes one datagram.
   *
   * @param datagram its octets, for the pipeline to keep
   */
  void receive(Octets datagram, InetSocketAddress source, AnswerPort port) {
    observer.datagramReceived(datagram.length());
    Optional<ClientTable.Entry> client = clients.find(source.getAddress()); // step 1
    if (client.isEmpty()) {
      drop(DropReason.UNKNOWN_SOURCE, datagram, source, client, port);
      return;
    }
    receive(datagram, client, client.get().client().secrets(), source, port);
  }

  /**
   * Takes one packet that came over TLS: step 1 was the handshake.
   *
   * @param name the client that its connection belongs to
   */
  void receiveOverTls(Octets datagram, String name, InetSocketAddress source, AnswerPort port) {
    observer.datagramReceived(datagram.length());
    Optional<ClientTable.Entry> client = clients.overTls(name);
    if (client.isEmpty()) {
      drop(DropReason.UNKNOWN_SOURCE, datagram, source, client, port);
      return;
    }
    receive(datagram, client, client.get().tlsSecrets(), source, port);
  }

  /** Steps 2 and on. */
  private void receive(
      Octets datagram,
      Optional<ClientTable.Entry> client,
      List<Secret> secrets,
      InetSocketAddress source,
      AnswerPort port) {
    RadiusPacket packet;
    try {
      packet = RadiusPacket.parse(datagram); // step 2
    } catch (MalformedException e) {
      drop(DropReason.BAD_LENGTH, datagram, source, client, port);
      return;
    }
    if (!isServed(packet.code())) { // step 3
      drop(DropReason.WRONG_CODE, datagram, source, client, port);
      return;
    }
    Optional<Secret> secret = secretOf(packet, secrets); // step 4
    if (secret.isEmpty()) {
      drop(DropReason.REQUEST_AUTHENTICATOR, datagram, source, client, port);
      return;
    }
    Instant now = wallClock.instant();
    Optional<DropReason> defect = // steps 5 to 7
        checkAttributes(packet, client.get().client(), secret.get(), now);
    if (defect.isPresent()) {
      drop(defect.get(), datagram, source, client, port);
      return;
    }
    accept(packet, client.get(), secret.get(), source, port, now);
  }

  private static boolean isServed(int code) {
    return code == PacketCode.COA_REQUEST.number()
        || code == PacketCode.DISCONNECT_REQUEST.number();
  }

  private Optional<Secret> secretOf(RadiusPacket packet, List<Secret> secrets) {
    for (int i = 0; i < secrets.size(); i++) {
      if (authenticators.requestAuthenticatorMatches(packet, secrets.get(i))) {
        return Optional.of(secrets.get(i));
      }
    }
    return Optional.empty();
  }

  private Optional<DropReason> checkAttributes(
      RadiusPacket packet, DasClient client, Secret secret, Instant now) {
    if (packet.attributeDefect() != RadiusPacket.NONE) {
      return Optional.of(DropReason.MALFORMED_ATTRIBUTES);
    }
    Optional<DropReason> defect = checkMessageAuthenticator(packet, client, secret);
    return defect.isPresent() ? defect : checkEventTimestamp(packet, client, now);
  }

  private Optional<DropReason> checkMessageAuthenticator(
      RadiusPacket packet, DasClient client, Secret secret) {
    int at = packet.first(Authenticators.MESSAGE_AUTHENTICATOR);
    if (at == RadiusPacket.NONE) {
      return client.messageAuthenticator() == Requirement.REQUIRED
          ? Optional.of(DropReason.MESSAGE_AUTHENTICATOR_MISSING)
          : Optional.empty();
    }
    if (packet.valueLength(at) != RadiusPacket.AUTHENTICATOR_LENGTH
        || packet.next(Authenticators.MESSAGE_AUTHENTICATOR, at) != RadiusPacket.NONE) {
      return Optional.of(DropReason.MESSAGE_AUTHENTICATOR_INVALID);
    }
    return authenticators.messageAuthenticatorMatches(packet, at, secret)
        ? Optional.empty()
        : Optional.of(DropReason.MESSAGE_AUTHENTICATOR_MISMATCH);
  }

  /** RFC 5176 section 6.3: "current" limits the past and the future alike. */
  private Optional<DropReason> checkEventTimestamp(
      RadiusPacket packet, DasClient client, Instant now) {
    int at = packet.first(EVENT_TIMESTAMP);
    if (at == RadiusPacket.NONE) {
      return client.eventTimestamp() == Requirement.REQUIRED
          ? Optional.of(DropReason.EVENT_TIMESTAMP_MISSING)
          : Optional.empty();
    }
    if (packet.valueLength(at) != TIME_LENGTH
        || packet.next(EVENT_TIMESTAMP, at) != RadiusPacket.NONE) {
      return Optional.of(DropReason.EVENT_TIMESTAMP_INVALID);
    }
    long age = now.getEpochSecond() - packet.value(at).u32(0);
    if (age > windowSeconds) {
      return Optional.of(DropReason.EVENT_TIMESTAMP_OLD);
    }
    return age < -windowSeconds ? Optional.of(DropReason.EVENT_TIMESTAMP_FUTURE) : Optional.empty();
  }

  /** Step 8 and what follows, for a request that is authentic and fresh. */
  private void accept(
      RadiusPacket packet,
      ClientTable.Entry client,
      Secret secret,
      InetSocketAddress source,
      AnswerPort port,
      Instant now) {
    Octets octets = packet.octets();
    int stamp = packet.first(EVENT_TIMESTAMP);
    long scope = port.replayScope(stamp != RadiusPacket.NONE);
    long high = (octets.u32(4) << 32 | octets.u32(8)) ^ scope;
    long low = octets.u32(12) << 32 | octets.u32(16);
    long origin = origin(source, port.local());
    long nanos = timers.nanos();
    int known = memory.find(high, low, nanos, now.getEpochSecond());
    if (known != ReplayMemory.NONE) {
      again(packet, client, known, origin, source, port);
      return;
    }
    long timestamp =
        stamp == RadiusPacket.NONE ? ReplayMemory.NO_TIMESTAMP : packet.value(stamp).u32(0);
    Optional<DropReason> refusal = Optional.empty();
    boolean withinLimit = true;
    if (stopping) {
      refusal = Optional.of(DropReason.STOPPING);
    } else if (!memory.reachesBackTo(client.number(), timestamp)) {
      refusal = Optional.of(DropReason.BEFORE_REPLAY_MEMORY);
    } else if (client.limiter().tryAcquire(1, nanos) != Limiter.GRANTED) {
      withinLimit = false;
      if (client.refusals().tryAcquire(1, nanos) != Limiter.GRANTED) {
        refusal = Optional.of(DropReason.RATE_LIMITED);
      }
    }
    int entry = ReplayMemory.NONE;
    if (refusal.isEmpty()) {
      entry =
          memory.add(high, low, origin, client.number(), timestamp, nanos, now.getEpochSecond());
      if (entry == ReplayMemory.NONE) {
        refusal = Optional.of(DropReason.REPLAY_MEMORY_FULL);
      }
    }
    if (refusal.isPresent()) {
      drop(refusal.get(), octets, source, Optional.of(client), port);
      return;
    }
    begin(packet, client, secret, source, port, now, nanos, withinLimit, entry);
  }

  /** A request that was executed, or is about to be (RFC 5080 section 2.2.2). */
  private void again(
      RadiusPacket packet,
      ClientTable.Entry client,
      int known,
      long origin,
      InetSocketAddress source,
      AnswerPort port) {
    switch (memory.state(known)) {
      case IN_PROGRESS ->
          drop(
              DropReason.DUPLICATE_IN_PROGRESS, packet.octets(), source, Optional.of(client), port);
      case ANSWER_GONE ->
          drop(DropReason.ANSWER_NOT_KEPT, packet.octets(), source, Optional.of(client), port);
      case ANSWERED -> {
        String name = client.client().name();
        observer.answeredAgain(name, kind(packet), memory.cameFrom(known, origin));
        send(memory.answer(known), source, port, name);
      }
    }
  }

  private void begin(
      RadiusPacket packet,
      ClientTable.Entry client,
      Secret secret,
      InetSocketAddress source,
      AnswerPort port,
      Instant now,
      long nanos,
      boolean withinLimit,
      int entry) {
    AttributeList attributes = AttributeList.parse(packet.attributes(), dictionary);
    Kind kind = kind(packet);
    String name = client.client().name();
    DynamicAuthorizationRequest request =
        new DynamicAuthorizationRequest(kind, packet.identifier(), name, source, now, attributes);
    Exchange exchange =
        new Exchange(this, packet, request, client.client(), secret, port, nanos, entry);
    observer.accepted(name, kind);
    port.accepted(name, source);
    if (!withinLimit) {
      Refusal.nak(
          request, exchange, ErrorCause.RESOURCES_UNAVAILABLE, "the client exceeds its rate limit");
    } else if (!client.client().kinds().contains(kind)) {
      Refusal.nak(
          request,
          exchange,
          ErrorCause.ADMINISTRATIVELY_PROHIBITED,
          "the client may not send this type of request");
    } else if (!client.mayAskFor(attributes, dictionary)) {
      Refusal.nak(
          request,
          exchange,
          ErrorCause.ADMINISTRATIVELY_PROHIBITED,
          "the request does not name sessions of this client");
    } else {
      handOn(request, exchange);
    }
  }

  /** The edge of the event loop: whatever goes wrong behind it, the client gets an answer. */
  private void handOn(DynamicAuthorizationRequest request, Exchange exchange) {
    try {
      handler.handle(request, exchange);
    } catch (RuntimeException e) {
      Refusal.failed(request, exchange, exchange.isAnswered(), e);
    }
  }

  /** Signs, stores and sends the answer of an exchange. */
  void answer(Exchange exchange, DynamicAuthorizationAnswer answer) {
    RadiusPacket packet = exchange.packet();
    byte[] octets =
        answers.write(answer, packet, isSigned(exchange), exchange.secret(), wallSeconds());
    memory.answered(exchange.entry(), octets);
    observer.answered(exchange.request(), answer, timers.nanos() - exchange.receivedNanos());
    send(octets, exchange.source(), exchange.port(), exchange.client().name());
    exchange.port().answered();
  }

  private static boolean isSigned(Exchange exchange) {
    return switch (exchange.client().signAnswers()) {
      case ALWAYS -> true;
      case WHEN_REQUESTED ->
          exchange.packet().first(Authenticators.MESSAGE_AUTHENTICATOR) != RadiusPacket.NONE;
      case NEVER -> false;
    };
  }

  /** An answer that comes after the answer changes nothing. */
  void answeredTwice(Exchange exchange) {
    LOG.error(
        "answered-twice client={} id={}: the second answer was not sent",
        exchange.request().client(),
        exchange.request().identifier());
  }

  private void send(byte[] answer, InetSocketAddress to, AnswerPort port, String client) {
    if (port.send(answer, to) == AnswerPort.Sending.NOT_SENT) {
      observer.notSent(client);
    }
  }

  private void drop(
      DropReason reason,
      Octets datagram,
      InetSocketAddress source,
      Optional<ClientTable.Entry> client,
      AnswerPort port) {
    String name = client.isPresent() ? client.get().client().name() : DasObserver.NO_CLIENT;
    observer.dropped(reason, name, datagram.isEmpty() ? -1 : datagram.u8(0));
    dropLog.dropped(reason, datagram, source, name, timers.nanos());
    port.dropped(reason, name, source);
  }

  private static Kind kind(RadiusPacket packet) {
    return packet.code() == PacketCode.COA_REQUEST.number() ? Kind.COA : Kind.DISCONNECT;
  }

  /** Source address, source port and receiving socket as one number (RFC 5080 section 2.2.2). */
  private static long origin(InetSocketAddress source, InetSocketAddress local) {
    long hash = source.getPort();
    hash = mix(hash, source.getAddress());
    hash = hash * 0x9e3779b97f4a7c15L + local.getPort();
    return mix(hash, local.getAddress());
  }

  private static long mix(long hash, InetAddress address) {
    return (hash ^ address.hashCode()) * 0x9e3779b97f4a7c15L;
  }
}
