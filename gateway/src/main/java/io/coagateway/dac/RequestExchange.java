package io.coagateway.dac;

import io.coagateway.radius.Attributes;
import io.coagateway.radius.Authenticators;
import io.coagateway.radius.PacketCode;
import io.coagateway.radius.RadiusPacket;
import io.coagateway.radius.Secret;
import io.coagateway.time.Timers;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;

/**
 * One request from its first transmission to its outcome.
 *
 * <pre>
 *             begin: send                    timer, more allowed: send again
 *   (new) ------------------> WAITING <--------------------------------+
 *                               |  |  |                                |
 *          proven answer        |  |  +--------------------------------+
 *   ANSWERED <------------------+  |
 *                                  | timer, MRC or MRD reached
 *   NO_ANSWER <--------------------+
 * </pre>
 *
 * <p>It has at most one timer. Each transmission is the same octets (RFC 5080 section 2.2.1, RFC
 * 5176 section 2.3). An answer counts when its Response Authenticator matches, and its
 * Message-Authenticator when it has one; anything else is counted and waited on. Not thread-safe.
 */
final class RequestExchange {
  private static final long WINDOW_SECONDS = 300;

  private final RadiusPacket request;
  private final PacketCode code;
  private final Secret secret;
  private final Retransmission retransmission;
  private final Authenticators authenticators;
  private final Timers timers;
  private final InstantSource wallClock;
  private final DoubleSupplier rand;
  private final Consumer<RadiusPacket> transmit;
  private final Consumer<Outcome> done;
  private final Map<WrongAnswer, Integer> wrongAnswers = new EnumMap<>(WrongAnswer.class);
  private long firstNanos;
  private long wait;
  private int transmissions;
  private boolean over;
  private Timers.Timer timer = () -> {};

  RequestExchange(
      RadiusPacket request,
      Secret secret,
      Retransmission retransmission,
      Authenticators authenticators,
      Timers timers,
      InstantSource wallClock,
      DoubleSupplier rand,
      Consumer<RadiusPacket> transmit,
      Consumer<Outcome> done) {
    this.request = request;
    this.code = PacketCode.of(request.code()).orElseThrow();
    this.secret = secret;
    this.retransmission = retransmission;
    this.authenticators = authenticators;
    this.timers = timers;
    this.wallClock = wallClock;
    this.rand = rand;
    this.transmit = transmit;
    this.done = done;
  }

  /** Sends for the first time. */
  void begin() {
    firstNanos = timers.nanos();
    send();
  }

  private void send() {
    transmissions++;
    transmit.accept(request);
    wait = retransmission.waitAfter(wait, rand);
    long left = retransmission.mrd().toNanos() - (timers.nanos() - firstNanos);
    timer = timers.after(Math.min(wait, left), this::onTimer);
  }

  private void onTimer() {
    boolean late = timers.nanos() - firstNanos >= retransmission.mrd().toNanos();
    if (late || retransmission.isExhausted(transmissions)) {
      finish(new Outcome.NoAnswer(request, transmissions, Map.copyOf(wrongAnswers)));
    } else {
      send();
    }
  }

  /** A packet with this request's Identifier came. */
  void onAnswer(RadiusPacket answer) {
    if (over) {
      return;
    }
    if (answer.attributeDefect() != RadiusPacket.NONE) {
      onWrongAnswer(WrongAnswer.MALFORMED);
    } else if (answer.code() != code.ack().number() && answer.code() != code.nak().number()) {
      onWrongAnswer(WrongAnswer.CODE);
    } else if (!authenticators.responseAuthenticatorMatches(
        answer, request.authenticator(), secret)) {
      onWrongAnswer(WrongAnswer.RESPONSE_AUTHENTICATOR);
    } else if (!isMessageAuthenticatorRight(answer)) {
      onWrongAnswer(WrongAnswer.MESSAGE_AUTHENTICATOR);
    } else if (!isCurrent(answer)) {
      onWrongAnswer(WrongAnswer.EVENT_TIMESTAMP);
    } else {
      finish(
          new Outcome.Answered(
              request,
              answer,
              transmissions,
              timers.nanos() - firstNanos,
              Map.copyOf(wrongAnswers)));
    }
  }

  /** Something came that is not the answer. */
  void onWrongAnswer(WrongAnswer reason) {
    wrongAnswers.merge(reason, 1, Integer::sum);
  }

  private boolean isMessageAuthenticatorRight(RadiusPacket answer) {
    int at = answer.first(Authenticators.MESSAGE_AUTHENTICATOR);
    return at == RadiusPacket.NONE
        || (answer.valueLength(at) == RadiusPacket.AUTHENTICATOR_LENGTH
            && answer.next(Authenticators.MESSAGE_AUTHENTICATOR, at) == RadiusPacket.NONE
            && authenticators.messageAuthenticatorMatches(
                answer, at, request.authenticator(), secret));
  }

  private boolean isCurrent(RadiusPacket answer) {
    int at = answer.first(Attributes.EVENT_TIMESTAMP.type());
    return at == RadiusPacket.NONE
        || (answer.valueLength(at) == 4
            && Math.abs(wallClock.instant().getEpochSecond() - answer.value(at).u32(0))
                <= WINDOW_SECONDS);
  }

  private void finish(Outcome outcome) {
    over = true;
    timer.cancel();
    done.accept(outcome);
  }
}
