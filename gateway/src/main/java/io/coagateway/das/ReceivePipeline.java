package io.coagateway.das;

import io.coagateway.radius.AttributeDictionary;
import io.coagateway.radius.AttributeList;
import io.coagateway.radius.Attributes;
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
 * What happens to a datagram before a request is handed on, in this order (sections are of RFC 5176
 * where no other is named):
 *
 * <ol>
 *   <li>the source address is that of a configured client (section 6.1)
 *   <li>size and Length; padding after Length is ignored (section 2.3)
 *   <li>the code is 40 or 43 (section 2.3)
 *   <li>the Request Authenticator (section 2.3)
 *   <li>the attributes fill the packet (RFC 2865 section 5)
 *   <li>the Message-Authenticator: at most one, matching; there when it is required (section 3.4)
 *   <li>the Event-Timestamp: at most one, within the window; there when it is required (section
 *       6.3)
 *   <li>it was not executed and is not in progress; else what was answered is sent again, if there
 *       is an answer and it is kept (section 2.3, RFC 5080 section 2.2.2)
 *   <li>the gateway is not about to stop
 *   <li>the replay memory reaches back to its Event-Timestamp, so that step 8 has told the truth
 *       (section 6.3)
 *   <li>the client's rate limit, and how many over it are told so
 *   <li>the replay memory has an entry for it (section 6.3)
 *   <li>the client's request types and its sessions (section 6.1)
 * </ol>
 *
 * <p>Until step 12 has passed, a failure is silence and a {@link DropReason}. All of it works on
 * the octets; nothing is formatted and nothing is taken apart for a packet that is dropped. Up to
 * step 7 nothing is proven; from step 8 on there is a {@link Proven} request. One over the client's
 * limit that is told so gets a NAK with Error-Cause 506 once it has its entry; a request type or
 * session that is not the client's gets Error-Cause 501.
 *
 * <p>A request is remembered when it is accepted, not when it is answered; its answer is stored
 * when it is sent. Not thread-safe: one event loop owns it. It opens no socket.
 */
final class ReceivePipeline {
  private static final Logger LOG = LoggerFactory.getLogger(ReceivePipeline.class);

  private static final int TIME_LENGTH = 4;
  private static final int NO_SECRET = -1;

  private final Authenticators authenticators = new Authenticators();
  private final AttributeDictionary dictionary;
  private final AnswerWriter answers;
  private final ReplayMemory memory;
  private final DynamicAuthorizationHandler handler;
  private final DasObserver observer;
  private final Timers timers;
  private final InstantSource wallClock;
  private final Refusal refusal;
  private final DropLog dropLog;

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
    this.refusal = new Refusal(timers::nanos);
    this.dropLog = new DropLog(timers::nanos);
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

  /** What is past its time is forgotten also while no request comes; once a second. */
  void forget() {
    memory.expire(timers.nanos(), wallSeconds());
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
      drop(DropReason.UNKNOWN_SOURCE, datagram, source, DasObserver.NO_CLIENT, port);
      return;
    }
    receive(datagram, client.get(), client.get().client().secrets(), source, port);
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
      drop(DropReason.UNKNOWN_SOURCE, datagram, source, DasObserver.NO_CLIENT, port);
      return;
    }
    receive(datagram, client.get(), client.get().tlsSecrets(), source, port);
  }

  /** Steps 2 to 7. */
  private void receive(
      Octets datagram,
      ClientTable.Entry client,
      List<Secret> secrets,
      InetSocketAddress source,
      AnswerPort port) {
    String name = client.client().name();
    RadiusPacket packet;
    try {
      packet = RadiusPacket.parse(datagram); // step 2
    } catch (MalformedException e) {
      drop(DropReason.BAD_LENGTH, datagram, source, name, port);
      return;
    }
    if (!isServed(packet.code())) { // step 3
      drop(DropReason.WRONG_CODE, datagram, source, name, port);
      return;
    }
    int proof = secretOf(packet, secrets); // step 4
    if (proof == NO_SECRET) {
      drop(DropReason.REQUEST_AUTHENTICATOR, datagram, source, name, port);
      return;
    }
    Secret secret = secrets.get(proof);
    Instant now = wallClock.instant();
    Optional<DropReason> defect = checkAttributes(packet, client.client(), secret, now); // 5 to 7
    if (defect.isPresent()) {
      drop(defect.get(), datagram, source, name, port);
      return;
    }
    accept(new Proven(packet, client, secret, source, port, now));
  }

  private static boolean isServed(int code) {
    return code == PacketCode.COA_REQUEST.number()
        || code == PacketCode.DISCONNECT_REQUEST.number();
  }

  /** Which of the secrets the Request Authenticator was made with, or {@link #NO_SECRET}. */
  private int secretOf(RadiusPacket packet, List<Secret> secrets) {
    for (int i = 0; i < secrets.size(); i++) {
      if (authenticators.requestAuthenticatorMatches(packet, secrets.get(i))) {
        return i;
      }
    }
    return NO_SECRET;
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
    int at = packet.first(Attributes.EVENT_TIMESTAMP.type());
    if (at == RadiusPacket.NONE) {
      return client.eventTimestamp() == Requirement.REQUIRED
          ? Optional.of(DropReason.EVENT_TIMESTAMP_MISSING)
          : Optional.empty();
    }
    if (packet.valueLength(at) != TIME_LENGTH
        || packet.next(Attributes.EVENT_TIMESTAMP.type(), at) != RadiusPacket.NONE) {
      return Optional.of(DropReason.EVENT_TIMESTAMP_INVALID);
    }
    long age = now.getEpochSecond() - packet.value(at).u32(0);
    if (age > windowSeconds) {
      return Optional.of(DropReason.EVENT_TIMESTAMP_OLD);
    }
    return age < -windowSeconds ? Optional.of(DropReason.EVENT_TIMESTAMP_FUTURE) : Optional.empty();
  }

  /** Steps 8 to 12. */
  private void accept(Proven request) {
    RadiusPacket packet = request.packet();
    ClientTable.Entry client = request.client();
    Octets octets = packet.octets();
    int stamp = packet.first(Attributes.EVENT_TIMESTAMP.type());
    long scope = request.port().replayScope(stamp != RadiusPacket.NONE);
    long high = (octets.u32(4) << 32 | octets.u32(8)) ^ scope;
    long low = octets.u32(12) << 32 | octets.u32(16);
    long origin = origin(request.source(), request.port().local());
    long nanos = timers.nanos();
    long wallSeconds = request.now().getEpochSecond();
    int known = memory.find(high, low, nanos, wallSeconds); // step 8
    if (known != ReplayMemory.NONE) {
      again(request, known, origin);
      return;
    }
    long timestamp =
        stamp == RadiusPacket.NONE ? ReplayMemory.NO_TIMESTAMP : packet.value(stamp).u32(0);
    if (stopping) { // step 9
      drop(DropReason.STOPPING, request);
      return;
    }
    if (!memory.reachesBackTo(client.number(), timestamp)) { // step 10
      drop(DropReason.BEFORE_REPLAY_MEMORY, request);
      return;
    }
    boolean withinLimit = client.limiter().tryAcquire(1, nanos) == Limiter.GRANTED; // step 11
    if (!withinLimit && client.refusals().tryAcquire(1, nanos) != Limiter.GRANTED) {
      drop(DropReason.RATE_LIMITED, request);
      return;
    }
    int entry = // step 12
        memory.add(high, low, origin, client.number(), timestamp, nanos, wallSeconds);
    if (entry == ReplayMemory.NONE) {
      drop(DropReason.REPLAY_MEMORY_FULL, request);
      return;
    }
    begin(request, nanos, withinLimit, entry);
  }

  /** A request that was executed, or is about to be (RFC 5080 section 2.2.2). */
  private void again(Proven request, int known, long origin) {
    switch (memory.state(known)) {
      case IN_PROGRESS -> drop(DropReason.DUPLICATE_IN_PROGRESS, request);
      case ANSWER_GONE -> drop(DropReason.ANSWER_NOT_KEPT, request);
      case ANSWERED -> {
        String name = request.clientName();
        observer.answeredAgain(name, request.kind(), memory.cameFrom(known, origin));
        send(memory.answer(known), request.source(), request.port(), name);
      }
    }
  }

  /** Step 13; from here on there is an answer. */
  private void begin(Proven proven, long nanos, boolean withinLimit, int entry) {
    RadiusPacket packet = proven.packet();
    AttributeList attributes = AttributeList.parse(packet.attributes(), dictionary);
    Kind kind = proven.kind();
    String name = proven.clientName();
    DynamicAuthorizationRequest request =
        new DynamicAuthorizationRequest(
            kind, packet.identifier(), name, proven.source(), proven.now(), nanos, attributes);
    Exchange exchange = new Exchange(this, proven, request, nanos, entry);
    observer.accepted(name, kind);
    proven.port().accepted(name, proven.source());
    if (!withinLimit) {
      Refusal.nak(
          request, exchange, ErrorCause.RESOURCES_UNAVAILABLE, "the client exceeds its rate limit");
    } else if (!proven.client().client().kinds().contains(kind)) {
      Refusal.nak(
          request,
          exchange,
          ErrorCause.ADMINISTRATIVELY_PROHIBITED,
          "the client may not send this type of request");
    } else if (!proven.client().mayAskFor(attributes, dictionary)) {
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
      refusal.failed(request, exchange, exchange.isAnswered(), e);
    }
  }

  /** Signs, stores and sends the answer of an exchange. */
  void answer(Exchange exchange, DynamicAuthorizationAnswer answer) {
    Proven asked = exchange.proven();
    byte[] octets =
        answers.write(answer, asked.packet(), isSigned(asked), asked.secret(), wallSeconds());
    memory.answered(exchange.entry(), octets);
    observer.answered(exchange.request(), answer, timers.nanos() - exchange.receivedNanos());
    send(octets, asked.source(), asked.port(), asked.clientName());
    asked.port().answered();
  }

  private static boolean isSigned(Proven asked) {
    return switch (asked.client().client().signAnswers()) {
      case ALWAYS -> true;
      case WHEN_REQUESTED ->
          asked.packet().first(Authenticators.MESSAGE_AUTHENTICATOR) != RadiusPacket.NONE;
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

  private void drop(DropReason reason, Proven request) {
    drop(reason, request.packet().octets(), request.source(), request.clientName(), request.port());
  }

  /**
   * @param client its name, or {@link DasObserver#NO_CLIENT}
   */
  private void drop(
      DropReason reason,
      Octets datagram,
      InetSocketAddress source,
      String client,
      AnswerPort port) {
    observer.dropped(reason, client, datagram.isEmpty() ? -1 : datagram.u8(0));
    dropLog.dropped(reason, datagram, source, client);
    port.dropped(reason, client, source);
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
