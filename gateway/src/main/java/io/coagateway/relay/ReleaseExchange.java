package io.coagateway.relay;

import io.coagateway.dhcpv6.Duid;
import io.coagateway.dhcpv6.StatusCode;
import io.coagateway.wire.Ipv6Prefix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One client's release at one server, in one form or both.
 *
 * <pre>
 *   release-request:  request ------------------------------> outcome
 *   relayed-release:  one RELEASE for each round of leases --> outcome when all have a result
 *   auto:             request --(1 s, or refused)--> relayed RELEASEs beside it
 *                        whichever form clears everything first decides; else both are waited for
 * </pre>
 *
 * An association with several leases needs several RELEASEs: Kea reads one lease in each
 * association. Round <i>n</i> names the <i>n</i>th lease of every association; the rounds do not
 * wait for each other.
 */
final class ReleaseExchange extends TimerWheel.Node implements Exchange {
  /** How long {@code auto} waits for an answer to the release request. */
  static final long AUTO_WAIT_NANOS = 1_000_000_000L;

  private final ReleaseTask task;
  private final ServerLane lane;
  private final Contents contents;
  private final Completions completions;
  private final Consumer<ExchangeOutcome> done;
  private ReleasePlace requestPlace;
  private ServerResult requestResult;
  private ReleasePlace[] relayedPlaces = {};
  private ServerResult[] relayedResults = {};
  private boolean autoUndecided;
  private boolean decided;

  /** What the messages say. */
  interface Contents {
    /** The release request; empty: its message types are not configured. */
    Optional<MessageContent> releaseRequest(ServerLane lane, Duid serverDuid);

    /** The relayed RELEASE for one client. */
    MessageContent relayedRelease(ServerLane lane, Duid serverDuid, ReleaseTask task);
  }

  ReleaseExchange(
      ReleaseTask task,
      ServerLane lane,
      Contents contents,
      Completions completions,
      Consumer<ExchangeOutcome> done) {
    this.task = task;
    this.lane = lane;
    this.contents = contents;
    this.completions = completions;
    this.done = done;
  }

  /** Sends the form that the server's settings name. */
  void start(long now) {
    Optional<Duid> serverDuid = serverDuid();
    if (serverDuid.isEmpty()) {
      refuse(NotSentReason.NO_SERVER_DUID);
      return;
    }
    switch (lane.server().release()) {
      case RELEASE_REQUEST -> sendRequest(serverDuid.get(), now);
      case RELAYED_RELEASE -> sendRelayed(serverDuid.get(), now);
      case AUTO -> startAuto(serverDuid.get(), now);
      case NONE -> refuse(NotSentReason.SWITCHED_OFF);
    }
    decide(now);
  }

  private Optional<Duid> serverDuid() {
    return task.serverDuid().isPresent() ? task.serverDuid() : lane.serverDuid();
  }

  /** Why no message would leave as things are; empty: one would. */
  Optional<NotSentReason> obstacle(long now) {
    Optional<Duid> serverDuid = serverDuid();
    if (serverDuid.isEmpty()) {
      return Optional.of(NotSentReason.NO_SERVER_DUID);
    }
    return switch (lane.server().release()) {
      case RELEASE_REQUEST -> obstacleToRequest(serverDuid.get(), now);
      case RELAYED_RELEASE -> obstacleToRelayed(serverDuid.get(), now);
      case AUTO -> obstacleToAuto(serverDuid.get(), now);
      case NONE -> Optional.of(NotSentReason.SWITCHED_OFF);
    };
  }

  private Optional<NotSentReason> obstacleToAuto(Duid serverDuid, long now) {
    if (isRelayedAlone(serverDuid)) {
      return obstacleToRelayed(serverDuid, now);
    }
    Optional<NotSentReason> obstacle = obstacleToRequest(serverDuid, now);
    return mayTryBoth() ? obstacle.flatMap(reason -> obstacleToRelayed(serverDuid, now)) : obstacle;
  }

  private Optional<NotSentReason> obstacleToRequest(Duid serverDuid, long now) {
    Optional<MessageContent> request = contents.releaseRequest(lane, serverDuid);
    return notToBeAsked(request).or(() -> noRoom(request.orElseThrow(), task.ias(), now));
  }

  private Optional<NotSentReason> obstacleToRelayed(Duid serverDuid, long now) {
    return notToBeRelayed()
        .or(
            () -> {
              MessageContent content = contents.relayedRelease(lane, serverDuid, task);
              return rounds(task.ias()).stream()
                  .findFirst() // those behind it name fewer leases
                  .flatMap(round -> noRoom(content, round, now));
            });
  }

  private Optional<NotSentReason> noRoom(MessageContent content, List<LeasedIa> ias, long now) {
    return lane.obstacle(new ReleasePlace(task, ias, result -> {}), content, now);
  }

  /** Why the release request is none for this server and these leases. */
  private Optional<NotSentReason> notToBeAsked(Optional<MessageContent> request) {
    if (request.isEmpty()) {
      return Optional.of(NotSentReason.SWITCHED_OFF);
    }
    return !iaidsAreKnown() && lane.server().withoutIaid() == WithoutIaid.SKIP
        ? Optional.of(NotSentReason.NO_IAID)
        : Optional.empty();
  }

  /** An ordinary RELEASE names IAIDs (RFC 8415 section 18.2.7). */
  private Optional<NotSentReason> notToBeRelayed() {
    return iaidsAreKnown() ? Optional.empty() : Optional.of(NotSentReason.NO_IAID);
  }

  /** {@code auto}: whether the release request would not even be tried. */
  private boolean isRelayedAlone(Duid serverDuid) {
    return contents.releaseRequest(lane, serverDuid).isEmpty()
        || lane.autoRelease().equals(Optional.of(ReleaseMode.RELAYED_RELEASE));
  }

  /** {@code auto}: whether the relayed RELEASE is tried, too, should the request be in vain. */
  private boolean mayTryBoth() {
    return lane.autoRelease().isEmpty() && iaidsAreKnown();
  }

  private void startAuto(Duid serverDuid, long now) {
    if (isRelayedAlone(serverDuid)) {
      sendRelayed(serverDuid, now);
      return;
    }
    sendRequest(serverDuid, now);
    autoUndecided = mayTryBoth();
    if (autoUndecided && requestResult == null) {
      lane.wheel().start(this, now + AUTO_WAIT_NANOS);
    }
  }

  private void sendRequest(Duid serverDuid, long now) {
    Optional<MessageContent> content = contents.releaseRequest(lane, serverDuid);
    Optional<NotSentReason> obstacle = notToBeAsked(content);
    if (obstacle.isPresent()) {
      requestResult = notSent(obstacle.get());
      return;
    }
    requestPlace = new ReleasePlace(task, task.ias(), this::onRequestResult);
    lane.admit(requestPlace, content.orElseThrow(), now)
        .ifPresent(reason -> requestResult = notSent(reason));
  }

  private void sendRelayed(Duid serverDuid, long now) {
    Optional<NotSentReason> obstacle = notToBeRelayed();
    if (obstacle.isPresent()) {
      relayedResults = new ServerResult[] {notSent(obstacle.get())};
      return;
    }
    List<List<LeasedIa>> rounds = rounds(task.ias());
    relayedPlaces = new ReleasePlace[rounds.size()];
    relayedResults = new ServerResult[rounds.size()];
    for (int i = 0; i < relayedPlaces.length; i++) {
      int round = i;
      relayedPlaces[i] =
          new ReleasePlace(task, rounds.get(i), result -> onRelayedResult(round, result));
      MessageContent content = contents.relayedRelease(lane, serverDuid, task);
      lane.admit(relayedPlaces[i], content, now)
          .ifPresent(reason -> relayedResults[round] = notSent(reason));
    }
  }

  private ServerResult notSent(NotSentReason reason) {
    lane.observer().notSent(lane.server(), reason);
    return ServerResult.notSent(lane.server(), reason);
  }

  private void refuse(NotSentReason reason) {
    finish(new ExchangeOutcome.NotSent(reason, List.of(notSent(reason))));
  }

  private boolean iaidsAreKnown() {
    return task.ias().stream().allMatch(ia -> ia.iaid().isPresent());
  }

  /** The <i>n</i>th list holds the <i>n</i>th lease of every association that has so many. */
  static List<List<LeasedIa>> rounds(List<LeasedIa> ias) {
    List<List<LeasedIa>> rounds = new ArrayList<>();
    for (LeasedIa ia : ias) {
      for (int i = 0; i < ia.leases().size(); i++) {
        if (i == rounds.size()) {
          rounds.add(new ArrayList<>());
        }
        List<Ipv6Prefix> one = List.of(ia.leases().get(i));
        rounds.get(i).add(new LeasedIa(ia.type(), ia.iaid(), one));
      }
    }
    return rounds;
  }

  /** {@code auto}: the release request has been unanswered for a second. */
  @Override
  void onTimer(long now) {
    startBeside(now);
    decide(now);
  }

  private void startBeside(long now) {
    autoUndecided = false;
    lane.wheel().cancel(this);
    serverDuid().ifPresent(duid -> sendRelayed(duid, now));
  }

  private void onRequestResult(ServerResult result) {
    requestResult = result;
    decide(completions.nanos());
  }

  private void onRelayedResult(int round, ServerResult result) {
    relayedResults[round] = result;
    decide(completions.nanos());
  }

  @Override
  public void drop(DropReason reason) {
    stop();
    if (!decided) {
      finish(new ExchangeOutcome.Cancelled(reason, results(ServerResult.Kind.DROPPED)));
    }
  }

  private void decide(long now) {
    if (decided) {
      return;
    }
    if (isAccepted(requestResult)) {
      lane.rememberRelease(Optional.of(ReleaseMode.RELEASE_REQUEST));
      release(isResidual(requestResult) && relayedPlaces.length == 0);
    } else if (relayedPlaces.length > 0
        && Arrays.stream(relayedResults).allMatch(ReleaseExchange::isAccepted)) {
      lane.rememberRelease(Optional.of(ReleaseMode.RELAYED_RELEASE));
      release(
          requestPlace == null
              && Arrays.stream(relayedResults).allMatch(ReleaseExchange::isResidual));
    } else if (requestResult != null && autoUndecided) {
      startBeside(now); // the server knows the request and refuses it, or it could not be sent
      decide(now);
    } else if (!isPending()) {
      fail();
    }
  }

  private boolean isPending() {
    return (requestPlace != null && requestResult == null)
        || Arrays.stream(relayedResults).anyMatch(result -> result == null);
  }

  private void release(boolean residual) {
    stop();
    finish(new ExchangeOutcome.Accepted(residual, results(ServerResult.Kind.PENDING)));
  }

  private void fail() {
    List<ServerResult> results = results(ServerResult.Kind.NO_ANSWER);
    boolean refused = results.stream().anyMatch(ServerResult::isRefusal);
    boolean silent = results.stream().anyMatch(r -> r.kind() == ServerResult.Kind.NO_ANSWER);
    if (silent) {
      lane.rememberRelease(Optional.empty()); // what worked once does not now
    }
    if (refused) {
      finish(new ExchangeOutcome.Refused(results));
    } else if (silent) {
      finish(new ExchangeOutcome.NoAnswer(results));
    } else {
      finish(new ExchangeOutcome.NotSent(firstReason(results), results));
    }
  }

  private static NotSentReason firstReason(List<ServerResult> results) {
    return results.stream().flatMap(result -> result.notSent().stream()).findFirst().orElseThrow();
  }

  /** One result for the request, and one for all rounds together. */
  private List<ServerResult> results(ServerResult.Kind withoutOne) {
    List<ServerResult> results = new ArrayList<>(2);
    if (requestResult != null) {
      results.add(requestResult);
    } else if (requestPlace != null) {
      results.add(ServerResult.of(lane.server(), withoutOne, requestPlace.transmissions()));
    }
    if (relayedResults.length > 0) {
      results.add(relayedTogether(withoutOne));
    }
    return results;
  }

  /** The worst of the rounds, with the transmissions of all and what any of them freed. */
  private ServerResult relayedTogether(ServerResult.Kind withoutOne) {
    ServerResult worst = null;
    int transmissions = 0;
    List<LeasedIa> freed = new ArrayList<>();
    for (ServerResult result : relayedResults) {
      ServerResult known = result != null ? result : ServerResult.of(lane.server(), withoutOne, 0);
      if (worst == null || severity(known) > severity(worst)) {
        worst = known;
      }
      freed.addAll(known.freed());
    }
    for (ReleasePlace place : relayedPlaces) {
      transmissions += place.transmissions();
    }
    return new ServerResult(
        worst.server(),
        worst.kind(),
        worst.status(),
        worst.notSent(),
        worst.detail(),
        transmissions,
        freed);
  }

  private static int severity(ServerResult result) {
    return switch (result.kind()) {
      case ACCEPTED -> 0;
      case PENDING, DROPPED -> 1;
      case NOT_SENT -> 2;
      case NO_ANSWER -> 3;
      case LISTED, STATUS, UNSUPPORTED -> 4;
    };
  }

  private static boolean isAccepted(ServerResult result) {
    return result != null && result.kind() == ServerResult.Kind.ACCEPTED;
  }

  /**
   * NoBinding to what was sent once. After a retransmission it may say that the transmission before
   * freed the leases and the answer to it was lost (RL-14).
   */
  private static boolean isResidual(ServerResult result) {
    return result.transmissions() == 1
        && result.status().filter(StatusCode.NO_BINDING::equals).isPresent();
  }

  private void stop() {
    lane.wheel().cancel(this);
    if (requestPlace != null) {
      requestPlace.leave();
    }
    for (ReleasePlace place : relayedPlaces) {
      place.leave();
    }
  }

  private void finish(ExchangeOutcome outcome) {
    decided = true;
    completions.add(done, outcome);
  }
}
