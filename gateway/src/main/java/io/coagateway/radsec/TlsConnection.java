package io.coagateway.radsec;

import io.coagateway.radius.OtherPacketCodes;
import io.coagateway.radius.RadiusPacket;
import io.coagateway.radsec.ConnectionInfo.Direction;
import io.coagateway.time.Timers;
import io.coagateway.wire.MalformedException;
import io.coagateway.wire.Octets;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.net.InetSocketAddress;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/**
 * One connection, from the handshake to its end. On the event loop only.
 *
 * <pre>
 *   HANDSHAKE --certificate known--> OPEN --close, failure, time out--> CLOSED
 *       +-------refused-----------------------------------------------------^
 * </pre>
 *
 * <p>Packets come in order and may be answered in any order. While as many requests as there are
 * Identifiers wait for their answer, or the other end takes no answers, nothing is read: that is
 * how much one connection can make us keep. Nor is it while all are held back ({@link
 * TlsTransport#read}).
 */
public final class TlsConnection extends SimpleChannelInboundHandler<Octets> {
  /** RFC 6613 section 2.6.5: as many requests as there are Identifiers. */
  private static final int MAX_OUTSTANDING = 256;

  /** What all connections of one transport share. */
  record Shared(
      Timers timers,
      PacketHandler handler,
      TlsObserver observer,
      StatusServer statusServer,
      ReadGate gate) {}

  private enum State {
    HANDSHAKE,
    OPEN,
    CLOSED
  }

  private final Shared shared;
  private final TlsParameters parameters;
  private final Direction direction;
  private final long number;
  private final Function<X509Certificate, Optional<Peer>> identify;
  private final Consumer<TlsConnection> onEnd;
  private final RadiusFrames frames;
  private final Optional<Watchdog> watchdog;

  private ChannelHandlerContext context;
  private State state = State.HANDSHAKE;
  private Optional<Peer> peer = Optional.empty();
  private Optional<ConnectionInfo> info = Optional.empty();
  private List<X509Certificate> chain = List.of();
  private Optional<RadiusPacket> asked = Optional.empty();
  private Optional<CloseReason> closing = Optional.empty();
  private String detail = "";
  private int nextIdentifier;
  private int outstanding;
  private long packets;
  private long packetsBefore;
  private long lastPacket;
  private long openedAt;
  private long waitingSince = Long.MIN_VALUE;
  private long stuckSince = Long.MIN_VALUE;
  private boolean reading;
  private boolean flushDue;
  private boolean heard;

  /**
   * @param number unlike that of any other connection
   * @param identify who shows this certificate
   * @param onEnd told once, when the connection is gone, whatever became of it
   */
  TlsConnection(
      Shared shared,
      TlsParameters parameters,
      Direction direction,
      long number,
      Function<X509Certificate, Optional<Peer>> identify,
      Consumer<TlsConnection> onEnd,
      RadiusFrames frames,
      Optional<Watchdog> watchdog) {
    this.shared = shared;
    this.parameters = parameters;
    this.direction = direction;
    this.number = number;
    this.identify = identify;
    this.onEnd = onEnd;
    this.frames = frames;
    this.watchdog = watchdog;
  }

  /** A number that no other connection has, before or after. */
  public long number() {
    return number;
  }

  /** Who is at the other end; a connection whose packets are handed on has a peer. */
  public Peer peer() {
    return peer.orElseThrow();
  }

  /** The other end's address and port. */
  public InetSocketAddress remote() {
    return (InetSocketAddress) context.channel().remoteAddress();
  }

  /** Our own address and port. */
  public InetSocketAddress local() {
    return (InetSocketAddress) context.channel().localAddress();
  }

  /** What is known of it once it is open. */
  Optional<ConnectionInfo> info() {
    return info;
  }

  /** The certificates that the other end has shown. */
  List<X509Certificate> chain() {
    return chain;
  }

  Direction direction() {
    return direction;
  }

  boolean isOpen() {
    return state == State.OPEN;
  }

  /** Whether the other end has sent anything authentic. */
  boolean wasHeard() {
    return heard;
  }

  /** Packets received. */
  long packets() {
    return packets;
  }

  long openedAt() {
    return openedAt;
  }

  /** Why it ended, in words; empty when there is nothing to add. */
  String detail() {
    return detail;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    context = added;
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext from, Object event) {
    if (event instanceof SslHandshakeCompletionEvent handshake) {
      onHandshake(handshake);
    } else if (event instanceof RadiusFrames.BadLength bad) {
      close(CloseReason.BAD_LENGTH, "Length " + bad.length() + " is not 20 to 4096");
    }
  }

  private void onHandshake(SslHandshakeCompletionEvent handshake) {
    if (state != State.HANDSHAKE) {
      return;
    }
    if (!handshake.isSuccess()) {
      refuse(RefusalReason.HANDSHAKE, words(handshake.cause()));
      return;
    }
    SSLSession session = context.pipeline().get(SslHandler.class).engine().getSession();
    chain = certificates(session);
    peer = chain.isEmpty() ? Optional.empty() : identify.apply(chain.get(0));
    if (peer.isEmpty()) {
      String subject = chain.isEmpty() ? "none" : chain.get(0).getSubjectX500Principal().getName();
      refuse(RefusalReason.UNKNOWN_CERTIFICATE, "its certificate is that of " + subject);
      return;
    }
    state = State.OPEN;
    openedAt = shared.timers().nanos();
    lastPacket = openedAt;
    info =
        Optional.of(
            new ConnectionInfo(
                peer.get().client(),
                direction,
                remote(),
                session.getProtocol(),
                session.getCipherSuite(),
                chain.get(0).getSubjectX500Principal().getName()));
    shared.observer().connected(info.get());
    regulate();
    onTick(openedAt);
  }

  private static List<X509Certificate> certificates(SSLSession session) {
    List<X509Certificate> shown = new ArrayList<>();
    try {
      for (Certificate one : session.getPeerCertificates()) {
        if (one instanceof X509Certificate x509) {
          shown.add(x509);
        }
      }
    } catch (SSLPeerUnverifiedException e) {
      return List.of();
    }
    return shown;
  }

  /** An exception's own words, with those of what caused it when it has none. */
  static String words(Throwable cause) {
    Throwable deepest = cause;
    while (deepest.getCause() != null && deepest.getCause() != deepest) {
      deepest = deepest.getCause();
    }
    String own = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    String root = String.valueOf(deepest.getMessage());
    return own.contains(root) || deepest == cause ? own : own + ": " + root;
  }

  private void refuse(RefusalReason reason, String why) {
    detail = why;
    if (direction == Direction.INCOMING) {
      shared.observer().refused(reason, remote(), why);
    }
    shut();
  }

  @Override
  protected void channelRead0(ChannelHandlerContext from, Octets octets) {
    reading = true;
    if (state != State.OPEN || closing.isPresent()) {
      return;
    }
    packets++;
    lastPacket = shared.timers().nanos();
    RadiusPacket packet = parse(octets);
    switch (packet.code()) {
      case OtherPacketCodes.STATUS_SERVER -> onStatusServer(packet);
      case OtherPacketCodes.ACCOUNTING_REQUEST -> onAccounting(packet);
      default -> {
        if (!isAnswerToUs(packet)) {
          shared.handler().received(octets, this);
        }
      }
    }
  }

  private static RadiusPacket parse(Octets octets) {
    try {
      return RadiusPacket.parse(octets);
    } catch (MalformedException e) {
      throw new IllegalStateException("frames have a sound Length", e);
    }
  }

  private void onStatusServer(RadiusPacket packet) {
    if (packet.attributeDefect() != RadiusPacket.NONE) {
      close(CloseReason.MALFORMED_ATTRIBUTES, "in a Status-Server");
    } else if (!shared.statusServer().isAuthentic(packet, peer().settings().secret())) {
      close(CloseReason.NOT_AUTHENTIC, "a Status-Server without a good Message-Authenticator");
    } else {
      onHeard();
      send(shared.statusServer().answer(packet, peer().settings().secret()));
    }
  }

  private void onAccounting(RadiusPacket packet) {
    if (packet.attributeDefect() != RadiusPacket.NONE) {
      close(CloseReason.MALFORMED_ATTRIBUTES, "in an Accounting-Request");
    } else if (!shared.statusServer().isAuthenticAccounting(packet, peer().settings().secret())) {
      close(CloseReason.NOT_AUTHENTIC, "an Accounting-Request");
    } else {
      send(shared.statusServer().refuseAccounting(packet, peer().settings().secret()));
    }
  }

  private boolean isAnswerToUs(RadiusPacket packet) {
    if (asked.isEmpty()
        || !shared.statusServer().isAnswer(packet, asked.get(), peer().settings().secret())) {
      return false;
    }
    asked = Optional.empty();
    onHeard();
    return true;
  }

  /** Something authentic came in. */
  private void onHeard() {
    heard = true;
    watchdog.ifPresent(w -> w.onHeard(shared.timers().nanos()));
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext from) {
    if (!frames.isWaiting()) {
      waitingSince = Long.MIN_VALUE;
    } else if (packets != packetsBefore || waitingSince == Long.MIN_VALUE) {
      waitingSince = shared.timers().nanos(); // another packet has begun
    }
    packetsBefore = packets;
    try {
      if (reading) {
        shared.handler().burstEnded();
      }
    } finally {
      reading = false;
      if (state == State.OPEN && !shared.gate().isOpen()) {
        regulate();
      }
      context.flush();
    }
  }

  /** A request is being worked on; {@link #requestEnded} comes later. */
  public void requestBegan() {
    outstanding++;
    onHeard();
    regulate();
  }

  /** A request has got its answer. */
  public void requestEnded() {
    outstanding--;
    regulate();
  }

  /** Reads or does not, by what speaks against it now. */
  void regulate() {
    boolean free = outstanding < MAX_OUTSTANDING && context.channel().isWritable();
    boolean read = free && shared.gate().isOpen();
    if (free && !read) {
      shared.gate().stopped(this);
    }
    if (isRead() == read) {
      return;
    }
    long now = shared.timers().nanos();
    if (waitingSince != Long.MIN_VALUE) {
      waitingSince = now; // what was not read could not end
    }
    if (read) {
      watchdog.ifPresent(w -> w.onReadAgain(now));
    }
    context.channel().config().setAutoRead(read);
  }

  private boolean isRead() {
    return context.channel().config().isAutoRead();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext from) {
    stuckSince = context.channel().isWritable() ? Long.MIN_VALUE : shared.timers().nanos();
    regulate();
  }

  /** What became of an answer. */
  public enum Sending {
    /** It is on its way. */
    SENT,
    /** The connection is gone. */
    NOT_SENT
  }

  /**
   * Sends a packet as one piece.
   *
   * @param packet octets given away; must not be written again
   */
  @SuppressWarnings("FutureReturnValueIgnored") // the void promise reports to exceptionCaught
  public Sending send(byte[] packet) {
    if (state != State.OPEN || !context.channel().isActive()) {
      return Sending.NOT_SENT;
    }
    context.write(Unpooled.wrappedBuffer(packet), context.channel().voidPromise());
    if (!reading && !flushDue) {
      flushDue = true;
      context.executor().execute(this::flush);
    }
    return Sending.SENT;
  }

  private void flush() {
    flushDue = false;
    context.flush();
  }

  /** Once a second or so: looks at what takes too long. */
  void onTick(long now) {
    if (state != State.OPEN || closing.isPresent()) {
      return;
    }
    if (isRead() && isPast(waitingSince, parameters.packetTimeout().toNanos(), now)) {
      close(CloseReason.INCOMPLETE_PACKET, "");
    } else if (isPast(stuckSince, parameters.packetTimeout().toNanos(), now)) {
      close(CloseReason.NOT_READING, "");
    } else if (direction == Direction.INCOMING
        && !parameters.idleTimeout().isZero()
        && outstanding == 0
        && isPast(lastPacket, parameters.idleTimeout().toNanos(), now)) {
      close(CloseReason.IDLE, "");
    } else if (isRead()) {
      watchdog.ifPresent(w -> take(w.onTick(now)));
    }
  }

  private static boolean isPast(long since, long limit, long now) {
    return since != Long.MIN_VALUE && now - since >= limit;
  }

  private void take(Watchdog.Step step) {
    switch (step) {
      case NOTHING -> {
        // somebody spoke lately
      }
      case ASK -> {
        nextIdentifier = nextIdentifier + 1 & 0xff;
        RadiusPacket question =
            shared
                .statusServer()
                .request(nextIdentifier, parameters.nasIdentifier(), peer().settings().secret());
        asked = Optional.of(question);
        send(question.octets().toArray());
      }
      case GIVE_UP -> close(CloseReason.WATCHDOG, "Status-Server was not answered");
    }
  }

  /** A reload has changed what is known of the other end. */
  void nowKnownAs(Peer changed) {
    peer = Optional.of(changed);
  }

  /**
   * Ends it, once: what was written still leaves, then the other end is told (close_notify).
   *
   * @param words more about it, perhaps empty
   */
  public void close(CloseReason reason, String words) {
    if (closing.isPresent() || state == State.CLOSED) {
      return;
    }
    closing = Optional.of(reason);
    detail = words;
    context.flush();
    shut();
  }

  @SuppressWarnings("FutureReturnValueIgnored") // its end comes to channelInactive
  private void shut() {
    context.close();
  }

  @Override
  public void channelInactive(ChannelHandlerContext from) {
    State before = state;
    state = State.CLOSED;
    shared.gate().ended(this);
    if (before == State.OPEN) {
      shared.observer().closed(info.orElseThrow(), closing.orElse(CloseReason.PEER), detail);
    }
    if (before != State.CLOSED) {
      onEnd.accept(this);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext from, Throwable cause) {
    if (state == State.OPEN) {
      close(CloseReason.FAILED, words(cause));
    } else if (state == State.HANDSHAKE && detail.isEmpty()) {
      detail = words(cause); // the failure of the handshake is an event of its own
      shut();
    }
  }
}
