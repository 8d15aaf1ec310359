package io.coagateway.relay;

import io.coagateway.dhcpv6.ClientServerMessage;
import io.coagateway.dhcpv6.Duid;
import io.coagateway.dhcpv6.StatusCode;
import io.coagateway.dhcpv6.StatusCodeOption;
import io.coagateway.wire.Octets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * One message to one server, from the first client that joins it to its end.
 *
 * <pre>
 *              join, drop
 *                 +-+
 *                 | v          granted                timer: wait is over
 *   (created) -> WAITING -------------------> SENT ----------------------> WAITING_AGAIN
 *                 |  |                        | ^  |                         |    |
 *      deadlines  |  | no client left         | |  +------ granted ---------+    |
 *                 v  v                        | +--------------------------------+
 *          NOT_SENT  STOPPED                  |
 *                                             |  (from SENT and WAITING_AGAIN alike)
 *                                             +-- reply -----------------------------> ANSWERED
 *                                             +-- timer: count, duration, deadlines --> UNANSWERED
 *                                             +-- timer: no client left -------------> STOPPED
 * </pre>
 *
 * It has one timer, for whatever comes first: the end of the wait for an answer (RFC 8415 section
 * 15), a client's deadline, the maximum duration. Terminal states cancel it. A client whose
 * deadline passes gets its result and leaves; the message goes on for the others. A message that
 * has lost its last client stays known until its wait is over, so that the answer under way is
 * recognised, and is not sent again (RQ-19).
 *
 * <p>An answer with UnspecFail leads to successors with new transaction ids: first one corrected
 * message, then halves, at most {@value #MAX_HALVINGS} times (RQ-34).
 */
final class MessageExchange extends TimerWheel.Node {
  /** Where a message stands. */
  enum State {
    /** Open for clients, waiting for the end of the burst and the limiter. */
    WAITING,
    /** Sent, and an answer may come. */
    SENT,
    /** Due to be sent again, waiting for the limiter; an answer may still come. */
    WAITING_AGAIN,
    /** A valid answer has come. */
    ANSWERED,
    /** No valid answer has come in time. */
    UNANSWERED,
    /** The deadlines of all its clients passed before it was first sent. */
    NOT_SENT,
    /** All its clients were dropped. */
    STOPPED
  }

  /** How often a batch may be halved: 67 clients end in pieces of two or one. */
  static final int MAX_HALVINGS = 6;

  private final ServerLane lane;
  private final MessageContent content;
  private final int halvings;
  private final ArrayList<Place> places;
  private final Set<Duid> left = new HashSet<>(0); // who was named, and is waited for no longer
  private State state = State.WAITING;
  private int octets;
  private long earliestDeadlineNanos;
  private int transactionId = -1;
  private int transmissions;
  private long firstSentNanos;
  private long lastSentNanos;
  private long waitNanos;
  private long resendAtNanos;
  private Octets datagram = Octets.EMPTY;
  private boolean placesChanged;
  private boolean partlyAnswered;
  private boolean queued;
  private long queuedNanos;

  /** A message of its own, nobody in it. */
  MessageExchange(ServerLane lane, MessageContent content) {
    this(lane, content, 0, List.of());
  }

  /** A successor that takes the clients over. */
  private MessageExchange(
      ServerLane lane, MessageContent content, int halvings, List<Place> places) {
    this.lane = lane;
    this.content = content;
    this.halvings = halvings;
    this.places = new ArrayList<>(Math.max(4, places.size()));
    octets = content.fixedOctets();
    for (Place place : places) {
      join(place);
    }
  }

  State state() {
    return state;
  }

  /** The lane of the server that it is for. */
  ServerLane lane() {
    return lane;
  }

  MessageContent content() {
    return content;
  }

  int transactionId() {
    return transactionId;
  }

  int transmissions() {
    return transmissions;
  }

  List<Place> places() {
    return places;
  }

  /** When the first of its clients must have an answer. */
  long earliestDeadlineNanos() {
    return earliestDeadlineNanos;
  }

  /** How long ago it was last sent. */
  long nanosSinceSent(long now) {
    return now - lastSentNanos;
  }

  boolean isOver() {
    return state == State.ANSWERED
        || state == State.UNANSWERED
        || state == State.NOT_SENT
        || state == State.STOPPED;
  }

  /** Whether it was given a place in the lane's queue. */
  boolean isQueued() {
    return queued;
  }

  void markQueued(long now) {
    queued = true;
    queuedNanos = now;
  }

  /** When it was given that place. */
  long queuedNanos() {
    return queuedNanos;
  }

  /** Whether {@code place} fits within {@code maxOctets} together with those already here. */
  boolean hasRoomFor(Place place, int maxOctets) {
    return octets + content.octetsOf(place) <= maxOctets && content.canJoin(place, places);
  }

  /** One more client, while nothing was sent (RQ-18). */
  void join(Place place) {
    if (state != State.WAITING) {
      throw new IllegalStateException("a client cannot join a message that is " + state);
    }
    boolean first = places.isEmpty();
    places.add(place);
    place.moveTo(this);
    octets += content.octetsOf(place);
    if (first || place.deadlineNanos() - earliestDeadlineNanos < 0) {
      earliestDeadlineNanos = place.deadlineNanos();
      lane.wheel().start(this, earliestDeadlineNanos);
    }
  }

  /** The limiter lets it go: it is sent, for the first time or again. */
  void onGranted(long now) {
    if (state == State.WAITING) {
      transactionId = lane.register(this);
      firstSentNanos = now;
    } else if (state != State.WAITING_AGAIN) {
      throw new IllegalStateException("a message that is " + state + " has nothing to send");
    }
    if (transmissions == 0 || placesChanged || content.tellsTime()) {
      datagram = content.encode(transactionId, places, now - firstSentNanos);
      placesChanged = false;
    }
    transmissions++;
    for (int i = 0; i < places.size(); i++) {
      places.get(i).countTransmission();
    }
    lastSentNanos = now;
    waitNanos = content.retransmission().waitAfter(waitNanos, lane.rand());
    resendAtNanos = now + waitNanos;
    state = State.SENT;
    lane.transmit(this, datagram, transmissions);
    restartTimer(now);
  }

  /** A client is taken out (RQ-17). */
  void onPlaceDropped(Place place) {
    if (!places.remove(place)) {
      return;
    }
    place.moveTo(null);
    placesChanged = true;
    remember(List.of(place));
    if (state == State.WAITING) {
      octets -= content.octetsOf(place);
    }
    // Once sent, an answer is under way: it is recognised until the wait for it is over.
    if (places.isEmpty() && state != State.SENT) {
      end(State.STOPPED);
    }
  }

  /** A valid answer; the transaction id and the identities in it are ours. */
  void onAnswer(ClientServerMessage reply, Optional<StatusCodeOption> status, long now) {
    lane.onHeard(now);
    List<ServerResult> results =
        content.judge(reply, status, places, left, lane.server(), lane.observer());
    if (lane.isMulticast()) {
      onOneOfSeveralAnswers(results);
    } else if (content.replyNeedsStatus() && isUnspecFail(status)) {
      end(State.ANSWERED);
      retry(results, now);
    } else {
      end(State.ANSWERED);
      finish(results);
    }
  }

  /** REPLY with UnspecFail instead of an answer: the server makes no sense of the message. */
  void onUnsupported(StatusCodeOption status, long now) {
    lane.onHeard(now);
    lane.observer().unsupported(lane.server(), content.type());
    List<ServerResult> results = new ArrayList<>(places.size());
    for (Place place : places) {
      results.add(refusal(ServerResult.Kind.UNSUPPORTED, place, status));
    }
    if (lane.isMulticast()) {
      onOneOfSeveralAnswers(results);
    } else {
      end(State.ANSWERED);
      finish(results);
    }
  }

  /** The server seems dead: whoever has another server's answer need not wait for this one's. */
  void onServerSilent() {
    places.forEach(Place::onServerSilent); // nobody leaves within the call
  }

  @Override
  void onTimer(long now) {
    boolean hadPlaces = !places.isEmpty();
    expirePlaces(now);
    boolean allExpired = hadPlaces && places.isEmpty();
    switch (state) {
      case WAITING -> {
        if (allExpired) {
          end(State.NOT_SENT);
        }
      }
      case SENT -> {
        if (allExpired || isPastDuration(now)) {
          giveUp(now);
        } else if (now - resendAtNanos >= 0) {
          onWaitOver(now);
        }
      }
      case WAITING_AGAIN -> {
        if (allExpired || isPastDuration(now)) {
          giveUp(now);
        }
      }
      case ANSWERED, UNANSWERED, NOT_SENT, STOPPED -> {
        return;
      }
    }
    if (!isOver()) {
      restartTimer(now);
    }
  }

  private void onWaitOver(long now) {
    if (transmissions == 2 && !partlyAnswered) {
      lane.onSentTwiceInVain(firstSentNanos, now);
    }
    if (places.isEmpty()) {
      if (!partlyAnswered) {
        lane.onCutShort(firstSentNanos, now); // another server's answer was enough for them
      }
      end(State.STOPPED); // RQ-19
    } else if (content.retransmission().isExhausted(transmissions) || partlyAnswered) {
      giveUp(now);
    } else {
      if (lane.isDead(now)) {
        onServerSilent();
      }
      state = State.WAITING_AGAIN;
      lane.sendAgain(this);
    }
  }

  /** No answer will come, or none that says more than the provisional results. */
  private void giveUp(long now) {
    if (!partlyAnswered) {
      if (wasWaitedFor(now)) {
        lane.onUnanswered(firstSentNanos, now);
      } else {
        lane.onCutShort(firstSentNanos, now);
      }
      lane.observer().unanswered(lane.server(), content.type(), transmissions);
    }
    end(partlyAnswered ? State.ANSWERED : State.UNANSWERED);
    List<ServerResult> results = new ArrayList<>(places.size());
    for (Place place : places) {
      results.add(resultWithoutAnswer(place));
    }
    finish(results);
  }

  /**
   * Whether the silence was long enough to tell of a dead server: count or duration ran out, or two
   * waits are over. A deadline of the clients may come long before.
   */
  private boolean wasWaitedFor(long now) {
    int waitsOver = now - resendAtNanos >= 0 ? transmissions : transmissions - 1;
    return waitsOver >= 2 || content.retransmission().isExhausted(waitsOver) || isPastDuration(now);
  }

  /** Several servers behind one address: a refusal by one leaves room for the others' answers. */
  private void onOneOfSeveralAnswers(List<ServerResult> results) {
    partlyAnswered = true;
    Runnable telling =
        takeAccepted(
            results,
            (place, result) -> {
              if (place.provisional() == null) {
                place.setProvisional(result);
              }
            });
    if (places.isEmpty()) {
      end(State.ANSWERED);
    }
    telling.run();
  }

  /** Takes out whom the answer accepts, which is told afterwards. */
  private Runnable takeAccepted(
      List<ServerResult> results, BiConsumer<Place, ServerResult> refused) {
    List<Place> accepted = new ArrayList<>(0);
    List<ServerResult> acceptances = new ArrayList<>(0);
    for (int i = 0; i < results.size(); i++) {
      if (results.get(i).kind() == ServerResult.Kind.ACCEPTED) {
        accepted.add(places.get(i));
        acceptances.add(results.get(i));
      } else {
        refused.accept(places.get(i), results.get(i));
      }
    }
    places.removeAll(accepted);
    remember(accepted);
    placesChanged |= !accepted.isEmpty();
    return () -> tell(accepted, acceptances);
  }

  /** What the answer accepts all the same (RL-24) is done; the others are asked for again. */
  private void retry(List<ServerResult> results, long now) {
    takeAccepted(results, Place::setProvisional).run(); // stands if no successor is answered
    List<MessageExchange> successors = successors();
    if (successors.isEmpty()) {
      finish(provisionals(places));
    }
    for (MessageExchange successor : successors) {
      if (lane.enqueue(successor, now).isPresent()) { // neither deadline nor rate allow it
        successor.end(State.NOT_SENT);
        successor.finish(provisionals(successor.places));
      }
    }
  }

  private List<MessageExchange> successors() {
    if (places.isEmpty()) {
      return List.of();
    }
    Optional<MessageContent> correction = content.corrected();
    if (correction.isPresent()) {
      return List.of(successor(correction.get(), halvings, places));
    }
    if (places.size() == 1 || halvings == MAX_HALVINGS) {
      return List.of();
    }
    int half = (places.size() + 1) / 2;
    return List.of(
        successor(content, halvings + 1, places.subList(0, half)),
        successor(content, halvings + 1, places.subList(half, places.size())));
  }

  private MessageExchange successor(MessageContent next, int depth, List<Place> taken) {
    return new MessageExchange(lane, next, depth, List.copyOf(taken));
  }

  private static List<ServerResult> provisionals(List<Place> refused) {
    return refused.stream().map(Place::provisional).toList();
  }

  private ServerResult refusal(ServerResult.Kind kind, Place place, StatusCodeOption status) {
    return ServerResult.status(
        lane.server(), kind, status.status(), status.message(), place.transmissions());
  }

  private ServerResult resultWithoutAnswer(Place place) {
    if (place.provisional() != null) {
      return place.provisional();
    }
    if (transmissions == 0) {
      lane.observer().notSent(lane.server(), NotSentReason.DEADLINE);
      return ServerResult.notSent(lane.server(), NotSentReason.DEADLINE);
    }
    return ServerResult.of(lane.server(), ServerResult.Kind.NO_ANSWER, place.transmissions());
  }

  /** Those whose deadline has come leave with what is known. */
  private void expirePlaces(long now) {
    if (places.isEmpty() || now - earliestDeadlineNanos < 0) {
      return;
    }
    List<Place> expired = new ArrayList<>();
    List<ServerResult> results = new ArrayList<>();
    long next = Long.MAX_VALUE;
    for (Place place : places) {
      long left = place.deadlineNanos() - now;
      if (left <= 0) {
        expired.add(place);
        results.add(resultWithoutAnswer(place));
      } else {
        next = Math.min(next, left);
      }
    }
    earliestDeadlineNanos = now + next;
    places.removeAll(expired);
    remember(expired);
    placesChanged = true;
    tell(expired, results);
  }

  /** An answer may still tell of those who have left: that it does is no defect of the server. */
  private void remember(List<Place> gone) {
    if (transmissions > 0) {
      gone.forEach(place -> left.add(place.client()));
    }
  }

  private boolean isPastDuration(long now) {
    return content.retransmission().isPastDuration(now - firstSentNanos);
  }

  /** Moments may only be compared by how far they are from {@code now}. */
  private void restartTimer(long now) {
    long wait = state == State.SENT ? resendAtNanos - now : Long.MAX_VALUE;
    if (!places.isEmpty()) {
      wait = Math.min(wait, earliestDeadlineNanos - now);
    }
    if (transmissions > 0) { // RFC 8415 section 15: MRD runs from the first of them
      long duration = content.retransmission().mrd().toNanos();
      if (duration != 0) {
        wait = Math.min(wait, firstSentNanos + duration - now);
      }
    }
    lane.wheel().start(this, now + wait);
  }

  /** The one place where a message ends. */
  private void end(State terminal) {
    State before = state;
    state = terminal;
    lane.wheel().cancel(this);
    lane.forget(this, before);
  }

  private void finish(List<ServerResult> results) {
    tell(places, results);
    places.clear();
  }

  private static void tell(List<Place> told, List<ServerResult> results) {
    for (Place place : told) {
      place.moveTo(null);
    }
    for (int i = 0; i < results.size(); i++) {
      told.get(i).onResult(results.get(i));
    }
  }

  private static boolean isUnspecFail(Optional<StatusCodeOption> status) {
    return status.isPresent() && status.get().status().equals(StatusCode.UNSPEC_FAIL);
  }
}
