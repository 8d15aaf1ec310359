package io.coagateway.dynauth;

import io.coagateway.radius.AnswerSink;
import io.coagateway.radius.DynamicAuthorizationAnswer;
import io.coagateway.radius.DynamicAuthorizationAnswer.Verdict;
import io.coagateway.radius.DynamicAuthorizationRequest;
import io.coagateway.radius.ErrorCause;
import io.coagateway.relay.ServerResult;
import io.coagateway.subscriber.HeldElsewhereException;
import io.coagateway.subscriber.Hold;
import io.coagateway.subscriber.RecordKey;
import io.coagateway.subscriber.StaleRecordException;
import io.coagateway.subscriber.SubscriberRecord;
import io.coagateway.subscriber.TableUnavailableException;
import io.coagateway.time.Timers;
import io.coagateway.wire.Label;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * One request from lookup to answer; what CoA and Disconnect have in common. The plan of each is a
 * subclass.
 *
 * <pre>
 *   LOOKING_UP --found--> [place taken] --first in line--> WORKING --verdict--> ANSWERED
 *        ^                      |                             |                     |
 *        |                WAITING, HELD                       |                  CLOSED
 *        +------its turn-----+  |                             |                     ^
 *                               +-- joins one like it --> FOLLOWING --its verdict---+
 *   any state but ANSWERED, CLOSED --response deadline--> NAK, then on to CLOSED behind the answer
 * </pre>
 *
 * <p>One that follows a request from before a reload, which is refused, looks up again: by the
 * settings in force it may succeed. CLOSED means that the place in line was given up: after the
 * answer, since the table may have to be written still.
 */
abstract class Operation implements Turns.Owner, RequestObserver.UnderWay {
  /** What a step waits for that reads or writes records. */
  static final String TABLE = "the subscriber table";

  /** Where the request stands. */
  enum State {
    /** The table is asked which sessions match. */
    LOOKING_UP,
    /** Another request is at work on one of the sessions. */
    WAITING,
    /**
     * The table is asked for the sessions; another gateway that shares it may be at work on them.
     */
    HELD,
    /** A request that asks for the same is at work; its verdict will be ours. */
    FOLLOWING,
    /** The plan is carried out. */
    WORKING,
    /** The answer has left; the table may have to be written still. */
    ANSWERED,
    /** Nothing is left to do. */
    CLOSED
  }

  /** How often a stale record is read again before the request is given up. */
  private static final int MOST_LOOKUPS = 8;

  /** What part of the response deadline may be spent on asking elsewhere for the session. */
  private static final int ELSEWHERE_PART = 3;

  /** How soon a subscriber that another gateway has is asked for again; then twice as long. */
  private static final long FIRST_HELD_RETRY = Duration.ofMillis(20).toNanos();

  private static final long LONGEST_HELD_RETRY = Duration.ofMillis(40).toNanos();

  /** For so long a subscriber of a shared table is left to other gateways between our requests. */
  private static final long OTHERS_TURN = FIRST_HELD_RETRY;

  /** So much longer than the work can take a hold lasts. */
  private static final Duration HOLD_MARGIN = Duration.ofSeconds(2);

  /** One order for all, so that two requests for the same sessions are seen to be alike. */
  private static final Comparator<SubscriberRecord> BY_NAME =
      Comparator.comparing(SubscriberRecord::id).thenComparing(SubscriberRecord::nas);

  final Context context;
  final DynamicAuthorizationRequest request;
  final SessionRequest asked;
  final long deadlineNanos;

  private final AnswerSink sink;
  private final long startedNanos;
  private final Timers.Timer deadline;
  private final List<Operation> followers = new ArrayList<>(0);
  private final List<RequestReport.ServerPart> parts = new ArrayList<>(2);
  private List<RecordKey> subscribers = List.of();
  private State state = State.LOOKING_UP;
  private Turns<RecordKey, Operation>.Place place;
  private int lookups;
  private boolean askedElsewhere;
  private boolean askingElsewhere;
  private Hold hold = Hold.NONE;
  private long heldRetry = FIRST_HELD_RETRY;
  private String heldBy = "";

  Operation(
      Context context, DynamicAuthorizationRequest request, SessionRequest asked, AnswerSink sink) {
    this.context = context;
    this.request = request;
    this.asked = asked;
    this.sink = sink;
    this.startedNanos = request.receivedNanos(); // it may have waited for this loop since
    long patience = context.parameters().responseDeadline().toNanos();
    this.deadlineNanos = startedNanos + patience;
    this.deadline =
        context.timers().after(deadlineNanos - context.timers().nanos(), this::onDeadline);
  }

  /** Begins with the lookup. */
  final void start() {
    context.observer().started(request, this);
    lookUp();
  }

  final State state() {
    return state;
  }

  @Override
  public final String waitsFor() {
    return switch (state) {
      case LOOKING_UP -> askingElsewhere ? "the DHCPv6 servers, by leasequery" : TABLE;
      case WAITING -> "an earlier request for the session";
      case HELD -> heldBy.isEmpty() ? TABLE : "another gateway that has the session";
      case FOLLOWING -> "the same request, which is under way";
      case WORKING -> workWaitsFor();
      case ANSWERED, CLOSED -> "";
    };
  }

  /** What the plan waits for, in words that name no subscriber. */
  abstract String workWaitsFor();

  /** The ids of the sessions that this request is about, in order; empty before the lookup. */
  private List<String> ids() {
    return subscribers.size() == 1
        ? List.of(subscribers.get(0).id())
        : subscribers.stream().map(RecordKey::id).toList();
  }

  /** When DHCPv6 has to be done, so that the table can still be put right before the deadline. */
  final long exchangeDeadlineNanos() {
    long patience = context.parameters().responseDeadline().toNanos();
    return deadlineNanos - Math.min(patience / 10, Duration.ofMillis(500).toNanos());
  }

  private void lookUp() {
    state = State.LOOKING_UP;
    if (++lookups > MOST_LOOKUPS) {
      refuse(Finding.OWN_LIMITS, "the record was changed by others each time it was read");
      return;
    }
    context.onLoop(
        context.table().find(asked.query(), context.parameters().maxSessions() + 1),
        this::onFound,
        this::onTableFailure);
  }

  private void onFound(List<SubscriberRecord> found) {
    if (isAnswered()) {
      return; // and closed: only the plan outlives the answer
    }
    int most = context.parameters().maxSessions();
    if (found.isEmpty()) {
      onNone();
      return;
    }
    if (found.size() > most) {
      refuse(
          ErrorCause.MULTIPLE_SESSION_SELECTION_UNSUPPORTED,
          "more than " + most + " sessions match " + asked.describe(context.dictionary()));
      return;
    }
    List<SubscriberRecord> sessions =
        found.size() == 1 ? found : found.stream().sorted(BY_NAME).toList();
    List<RecordKey> keys =
        sessions.size() == 1
            ? List.of(RecordKey.of(sessions.get(0)))
            : sessions.stream().map(RecordKey::of).toList();
    if (place != null && !place.subscribers().equals(keys)) {
      place.leave();
      place = null;
    }
    context.table().letGo(hold); // of what was read before
    hold = Hold.NONE;
    subscribers = keys;
    if (place == null) {
      Operation leader = leader(keys);
      if (leader != null) {
        state = State.FOLLOWING;
        leader.followers.add(this);
        context.observer().joined(request);
        return;
      }
      beforeTakingPlace(keys);
      place = context.turns().take(keys, this);
    }
    if (place.isFirst()) {
      state = State.HELD;
      Duration response = context.parameters().responseDeadline();
      Duration longest = response.plus(response).plus(HOLD_MARGIN); // no BigDecimal: each request
      context.onLoop(
          context.table().hold(sessions, longest),
          taken -> onHeld(taken, sessions),
          this::onNotHeld);
    } else {
      state = State.WAITING;
    }
  }

  /** The table knows no such session; somebody else may, and is asked once. */
  private void onNone() {
    if (askedElsewhere) {
      refuseUnknown("");
      return;
    }
    askedElsewhere = true;
    askingElsewhere = true;
    long patience = context.parameters().responseDeadline().toNanos() / ELSEWHERE_PART;
    context.onLoop(
        context.elsewhere().find(asked.query(), startedNanos + patience),
        whyNot -> {
          askingElsewhere = false;
          if (isAnswered()) {
            return;
          }
          if (whyNot.isPresent()) {
            refuseUnknown(whyNot.get());
          } else {
            lookUp();
          }
        },
        this::onTableFailure);
  }

  private void refuseUnknown(String whyNot) {
    refuse(
        ErrorCause.SESSION_CONTEXT_NOT_FOUND,
        "no session matches "
            + asked.describe(context.dictionary())
            + (whyNot.isEmpty() ? "" : "; " + whyNot));
  }

  /** No other gateway works on the sessions until this request is closed. */
  private void onHeld(Hold taken, List<SubscriberRecord> sessions) {
    if (isAnswered()) {
      context.table().letGo(taken); // too late
      return;
    }
    hold = taken;
    state = State.WORKING;
    work(sessions);
  }

  /** Whether other gateways wait for the end of this. */
  final boolean isHeld() {
    return !hold.keys().isEmpty();
  }

  private void onNotHeld(Throwable error) {
    if (isAnswered() || !(error instanceof HeldElsewhereException)) {
      onTableFailure(error);
      return;
    }
    heldBy = String.valueOf(error.getMessage());
    lookups = 0; // nobody changed the record each time: it is simply not our turn
    context.timers().after(heldRetry, this::askAgainForHold);
    heldRetry = Math.min(heldRetry * 2, LONGEST_HELD_RETRY);
  }

  private void askAgainForHold() {
    if (state == State.HELD) {
      lookUp(); // the other gateway may have changed what was found
    }
  }

  @Override
  public final void onTurn() {
    context.timers().after(0, this::onOwnTurn); // not within the call: lines may be long
  }

  private void onOwnTurn() {
    if (state == State.WAITING && place != null && place.isFirst()) {
      lookUp(); // what was found before may have changed under the one who was first
    }
  }

  /**
   * A request under way that asks for exactly the same and whose verdict is still open, or null.
   * Nobody stands behind it in any of its lines: what he asked for would come after what this asks
   * for, and had been asked for before. And it names the sessions by the same attributes, for it
   * may have to look for them again.
   */
  private Operation leader(List<RecordKey> keys) {
    Operation last = context.turns().last(keys);
    return last != null
            && !last.isAnswered()
            && last.subscribers.equals(keys)
            && last.asked.query().equals(asked.query())
            && last.serves(this)
        ? last
        : null;
  }

  /** Whether this request wants of its sessions what {@code other} wants of the same. */
  abstract boolean serves(Operation other);

  /** Called before this request takes its place behind the others of these sessions. */
  void beforeTakingPlace(List<RecordKey> keys) {}

  /** Carries the plan out: {@code sessions} are as read now, and nobody else is at work on them. */
  abstract void work(List<SubscriberRecord> sessions);

  /** The answer, where it is known and waits for the table alone. */
  Optional<DynamicAuthorizationAnswer> decided() {
    return Optional.empty();
  }

  /** Called once a second while the plan is carried out. */
  void lookAgain() {}

  /** The NAK has left. */
  void onRefused() {}

  /** The response deadline has passed: stop what is under way. The answer has been given. */
  abstract void abandon();

  /** Reads the sessions again: one of them was changed by somebody else. */
  final void again() {
    lookUp();
  }

  /** Adds what servers had to say to the report. */
  final void report(SubscriberRecord session, List<ServerResult> results) {
    for (ServerResult result : results) {
      parts.add(
          new RequestReport.ServerPart(
              result.server().name(), session.id(), Outcomes.word(result), result.transmissions()));
    }
  }

  /** The table could not do what it was asked. */
  final void onTableFailure(Throwable error) {
    if (isAnswered()) {
      close();
    } else if (error instanceof StaleRecordException) {
      again();
    } else if (error instanceof TableUnavailableException) {
      refuse(Finding.OWN_LIMITS, "the subscriber table is not available: " + error.getMessage());
    } else {
      context.observer().noted("table-failure", String.valueOf(error));
      refuse(Finding.OWN_LIMITS, "the subscriber table failed: " + error.getMessage());
    }
  }

  private void onDeadline() {
    if (isAnswered()) {
      return;
    }
    State reached = state;
    answer(decided().orElseGet(this::noVerdict));
    if (reached == State.WORKING) {
      abandon();
      context.timers().after(context.parameters().responseDeadline().toNanos(), this::giveUp);
    } else {
      close();
    }
  }

  private DynamicAuthorizationAnswer noVerdict() {
    boolean elsewhere = state == State.HELD && !heldBy.isEmpty();
    return nak(
        context
            .parameters()
            .answers()
            .cause(request.kind(), elsewhere ? Finding.OWN_LIMITS : Finding.NO_ANSWER),
        "no verdict within the response deadline, "
            + (elsewhere ? heldBy : "state " + Label.of(state)));
  }

  /**
   * Whatever was under way at the deadline has had as much time again. The place in line must not
   * be held for ever: those behind it wait for their own subscriber.
   */
  private void giveUp() {
    if (state != State.CLOSED) {
      context.observer().noted("request-stuck", ids() + " still at work after the answer");
      close();
    }
  }

  /** NAK by the answer table, then nothing is left to do. */
  final void refuse(Finding finding, String reason) {
    refuse(context.parameters().answers().cause(request.kind(), finding), reason);
  }

  /** NAK, then nothing is left to do. */
  final void refuse(ErrorCause cause, String reason) {
    answer(nak(cause, reason));
    close();
  }

  final DynamicAuthorizationAnswer nak(ErrorCause cause, String reason) {
    return DynamicAuthorizationAnswer.nak(request.kind(), cause, reason);
  }

  final boolean isAnswered() {
    return state == State.ANSWERED || state == State.CLOSED;
  }

  /** Gives the answer, to the followers as well; the first one counts. */
  final void answer(DynamicAuthorizationAnswer answer) {
    if (isAnswered()) {
      return;
    }
    boolean joined = state == State.FOLLOWING;
    state = State.ANSWERED;
    deadline.cancel();
    sink.answer(answer);
    context
        .observer()
        .finished(
            new RequestReport(
                request,
                answer.verdict() == Verdict.ACK
                    ? RequestReport.Result.ACK
                    : RequestReport.Result.NAK,
                answer.cause(),
                answer.reason(),
                ids(),
                parts,
                joined,
                Duration.ofNanos(context.timers().nanos() - startedNanos)));
    if (answer.verdict() != Verdict.ACK) {
      onRefused();
    }
    for (Operation follower : followers) { // nobody joins what is answered
      if (answer.verdict() == Verdict.ACK || follower.context.equals(context)) {
        follower.answer(answer);
        follower.close();
      } else if (!follower.isAnswered()) {
        follower.again();
      }
    }
  }

  /** Gives up the place in line; nothing more when that has been done. */
  final void close() {
    state = State.CLOSED;
    Hold held = hold;
    hold = Hold.NONE;
    context.table().letGo(held);
    if (place != null) {
      Turns<RecordKey, Operation>.Place left = place;
      place = null;
      if (held.keys().isEmpty()) {
        left.leave();
      } else {
        context.timers().after(OTHERS_TURN, left::leave);
      }
    }
  }
}
