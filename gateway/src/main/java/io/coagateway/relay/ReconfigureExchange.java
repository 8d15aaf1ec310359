package io.coagateway.relay;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One client over all its servers (RQ-35, RQ-36). Decided as soon as one server accepts; without
 * that, when every server has a result, or when all that are still missing belong to servers that
 * seem dead while another has answered. After the decision the messages to further servers run on
 * in the background until the caller drops the client.
 */
final class ReconfigureExchange implements Exchange {
  private final ReconfigureTask task;
  private final Completions completions;
  private final Consumer<ExchangeOutcome> done;
  private final ServerPlace[] places;
  private boolean decided;

  /** The client's place at one server, and that server's result once there is one. */
  private final class ServerPlace extends Place {
    private final DhcpServer server;
    private final Optional<ServerLane> lane;
    private ServerResult result;

    ServerPlace(DhcpServer server, Optional<ServerLane> lane) {
      super(task.client(), task.deadlineNanos());
      this.server = server;
      this.lane = lane;
    }

    @Override
    void onResult(ServerResult known) {
      result = known;
      decide();
    }

    @Override
    void onServerSilent() {
      decide();
    }

    boolean isWorthWaitingFor(long now) {
      return result == null && lane.isPresent() && !lane.get().isDead(now);
    }

    ServerResult resultSoFar(ServerResult.Kind withoutOne) {
      return result != null ? result : ServerResult.of(server, withoutOne, transmissions());
    }
  }

  ReconfigureExchange(
      ReconfigureTask task, Completions completions, Consumer<ExchangeOutcome> done) {
    this.task = task;
    this.completions = completions;
    this.done = done;
    places = new ServerPlace[task.servers().size()];
  }

  /** Where the messages for one server are made. */
  interface Lanes {
    /** The lane of a server; empty when it is no longer configured. */
    Optional<ServerLane> laneOf(DhcpServer server);

    /** What the message to it says. */
    MessageContent contentFor(ServerLane lane, ReconfigureTask task);
  }

  /** Takes a place at each server. */
  void start(Lanes lanes, long now) {
    for (int i = 0; i < places.length; i++) {
      DhcpServer server = task.servers().get(i);
      places[i] = new ServerPlace(server, lanes.laneOf(server));
    }
    for (ServerPlace place : places) {
      Optional<NotSentReason> refused = enter(place, lanes, now);
      if (refused.isPresent()) {
        place.result = ServerResult.notSent(place.server, refused.get());
        place.lane.ifPresent(lane -> lane.observer().notSent(lane.server(), refused.get()));
      }
    }
    decide();
  }

  private Optional<NotSentReason> enter(ServerPlace place, Lanes lanes, long now) {
    if (place.lane.isEmpty()
        || place.lane.get().server().reconfigure() != ReconfigureMode.RFC6977) {
      return Optional.of(NotSentReason.SWITCHED_OFF);
    }
    ServerLane lane = place.lane.get();
    return lane.admit(place, lanes.contentFor(lane, task), now);
  }

  @Override
  public void drop(DropReason reason) {
    for (ServerPlace place : places) {
      place.leave();
    }
    if (!decided) {
      finish(new ExchangeOutcome.Cancelled(reason, results(ServerResult.Kind.DROPPED)));
    }
  }

  private void decide() {
    if (decided) {
      return;
    }
    boolean refused = false;
    boolean asked = false;
    boolean complete = true;
    for (ServerPlace place : places) {
      if (place.result == null) {
        complete = false;
        continue;
      }
      if (place.result.kind() == ServerResult.Kind.ACCEPTED) {
        finish(new ExchangeOutcome.Accepted(false, results(ServerResult.Kind.PENDING)));
        return;
      }
      refused |= place.result.isRefusal();
      asked |= place.result.kind() != ServerResult.Kind.NOT_SENT;
    }
    if (complete) {
      finish(withoutAcceptance(refused, asked));
    } else if (refused && onlyDeadServersAreMissing()) {
      finish(new ExchangeOutcome.Refused(results(ServerResult.Kind.PENDING)));
    }
  }

  private ExchangeOutcome withoutAcceptance(boolean refused, boolean asked) {
    List<ServerResult> results = results(ServerResult.Kind.NO_ANSWER);
    if (refused) {
      return new ExchangeOutcome.Refused(results);
    }
    return asked
        ? new ExchangeOutcome.NoAnswer(results)
        : new ExchangeOutcome.NotSent(results.get(0).notSent().orElseThrow(), results);
  }

  private boolean onlyDeadServersAreMissing() {
    long now = completions.nanos();
    for (ServerPlace place : places) {
      if (place.isWorthWaitingFor(now)) {
        return false;
      }
    }
    return true;
  }

  private List<ServerResult> results(ServerResult.Kind withoutOne) {
    List<ServerResult> results = new ArrayList<>(places.length);
    for (ServerPlace place : places) {
      results.add(place.resultSoFar(withoutOne));
    }
    return results;
  }

  private void finish(ExchangeOutcome outcome) {
    decided = true;
    completions.add(done, outcome);
  }
}
