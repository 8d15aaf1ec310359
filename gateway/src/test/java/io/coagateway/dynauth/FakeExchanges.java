package io.coagateway.dynauth;

import io.coagateway.dhcpv6.Duid;
import io.coagateway.dhcpv6.StatusCode;
import io.coagateway.relay.DhcpServer;
import io.coagateway.relay.DropReason;
import io.coagateway.relay.Exchange;
import io.coagateway.relay.ExchangeOutcome;
import io.coagateway.relay.LeasedIa;
import io.coagateway.relay.NotSentReason;
import io.coagateway.relay.ReconfigureTask;
import io.coagateway.relay.ReleaseTask;
import io.coagateway.relay.ServerResult;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The relay-agent role, whose servers answer what the test says. */
final class FakeExchanges implements Exchanges {
  final List<Reconfiguring> reconfigures = new ArrayList<>();
  final List<Releasing> releases = new ArrayList<>();
  final Map<Duid, DhcpServer> known = new HashMap<>();

  /** What keeps releases from leaving to a server. */
  final Map<DhcpServer, NotSentReason> obstacles = new HashMap<>();

  /** One RECONFIGURE-REQUEST's worth of work. */
  static final class Reconfiguring implements Exchange {
    final ReconfigureTask task;
    private final Consumer<ExchangeOutcome> done;
    boolean dropped;
    DropReason why;

    Reconfiguring(ReconfigureTask task, Consumer<ExchangeOutcome> done) {
      this.task = task;
      this.done = done;
    }

    @Override
    public void drop(DropReason reason) {
      dropped = true;
      why = reason;
    }

    void accept() {
      DhcpServer by = task.servers().get(0);
      done.accept(
          new ExchangeOutcome.Accepted(false, List.of(result(by, ServerResult.Kind.ACCEPTED))));
    }

    void refuse(ServerResult... results) {
      done.accept(new ExchangeOutcome.Refused(List.of(results)));
    }

    void noAnswer() {
      done.accept(
          new ExchangeOutcome.NoAnswer(
              List.of(result(task.servers().get(0), ServerResult.Kind.NO_ANSWER))));
    }

    void notSent(NotSentReason reason) {
      done.accept(
          new ExchangeOutcome.NotSent(
              reason, List.of(FakeExchanges.notSent(task.servers().get(0), reason))));
    }

    void cancelled() {
      done.accept(
          new ExchangeOutcome.Cancelled(
              DropReason.CANCELLED,
              List.of(result(task.servers().get(0), ServerResult.Kind.DROPPED))));
    }
  }

  /** One release's worth of work. */
  static final class Releasing implements Exchange {
    final ReleaseTask task;
    private final Consumer<ExchangeOutcome> done;
    boolean dropped;

    Releasing(ReleaseTask task, Consumer<ExchangeOutcome> done) {
      this.task = task;
      this.done = done;
    }

    @Override
    public void drop(DropReason reason) {
      dropped = true;
    }

    void released(boolean residual) {
      done.accept(
          new ExchangeOutcome.Accepted(
              residual, List.of(result(task.server(), ServerResult.Kind.ACCEPTED))));
    }

    void refuse(StatusCode status) {
      refuse(status, List.of());
    }

    /** {@code freed} is gone, the rest is not. */
    void refuse(StatusCode status, List<LeasedIa> freed) {
      done.accept(
          new ExchangeOutcome.Refused(
              List.of(
                  new ServerResult(
                      task.server(),
                      ServerResult.Kind.STATUS,
                      Optional.of(status),
                      Optional.empty(),
                      "",
                      1,
                      freed))));
    }

    void notSent(NotSentReason reason) {
      done.accept(
          new ExchangeOutcome.NotSent(
              reason, List.of(FakeExchanges.notSent(task.server(), reason))));
    }

    void cancelled() {
      done.accept(
          new ExchangeOutcome.Cancelled(
              DropReason.CANCELLED, List.of(result(task.server(), ServerResult.Kind.DROPPED))));
    }

    void noAnswer() {
      done.accept(
          new ExchangeOutcome.NoAnswer(
              List.of(result(task.server(), ServerResult.Kind.NO_ANSWER))));
    }
  }

  static ServerResult result(DhcpServer server, ServerResult.Kind kind) {
    return new ServerResult(server, kind, Optional.empty(), Optional.empty(), "", 1, List.of());
  }

  static ServerResult status(DhcpServer server, StatusCode status) {
    return new ServerResult(
        server, ServerResult.Kind.STATUS, Optional.of(status), Optional.empty(), "", 1, List.of());
  }

  static ServerResult notSent(DhcpServer server, NotSentReason reason) {
    return new ServerResult(
        server,
        ServerResult.Kind.NOT_SENT,
        Optional.empty(),
        Optional.of(reason),
        "",
        0,
        List.of());
  }

  @Override
  public Exchange reconfigure(ReconfigureTask task, Consumer<ExchangeOutcome> done) {
    Reconfiguring one = new Reconfiguring(task, done);
    reconfigures.add(one);
    return one;
  }

  @Override
  public Exchange release(ReleaseTask task, Consumer<ExchangeOutcome> done) {
    Releasing one = new Releasing(task, done);
    releases.add(one);
    return one;
  }

  @Override
  public Optional<NotSentReason> obstacleTo(ReleaseTask task) {
    return Optional.ofNullable(obstacles.get(task.server()));
  }

  @Override
  public Optional<DhcpServer> serverOf(Duid duid) {
    return Optional.ofNullable(known.get(duid));
  }

  @Override
  public Optional<Duid> duidOf(DhcpServer server) {
    return known.entrySet().stream()
        .filter(entry -> entry.getValue().equals(server))
        .map(Map.Entry::getKey)
        .findFirst();
  }
}
