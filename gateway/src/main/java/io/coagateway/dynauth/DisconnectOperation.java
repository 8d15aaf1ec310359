package io.coagateway.dynauth;

import io.coagateway.dhcpv6.SubscriberIdOption;
import io.coagateway.radius.AnswerSink;
import io.coagateway.radius.DynamicAuthorizationAnswer;
import io.coagateway.radius.DynamicAuthorizationRequest;
import io.coagateway.radius.ErrorCause;
import io.coagateway.relay.DhcpServer;
import io.coagateway.relay.Exchange;
import io.coagateway.relay.ExchangeOutcome;
import io.coagateway.relay.LeasedIa;
import io.coagateway.relay.NotSentReason;
import io.coagateway.relay.ReleaseMode;
import io.coagateway.relay.ReleaseTask;
import io.coagateway.relay.ServerResult;
import io.coagateway.subscriber.IdentityAssociation;
import io.coagateway.subscriber.RecordKey;
import io.coagateway.subscriber.SubscriberRecord;
import io.coagateway.wire.Label;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A Disconnect-Request: cut the data path, ask the server to release every lease, then forget the
 * session.
 *
 * <p>A Disconnect-ACK promises that the session is gone on the NAS, not only at the server, and an
 * ordinary server would grant a released lease again at the next Renew; so the data path is cut
 * first. The ACK leaves when every binding is gone (Success or NoBinding, RL-14, RL-24) and the
 * record with it. A refused Disconnect leaves the session as it was; only what the server has freed
 * goes out of the record, before the NAK leaves ({@link FreedLeases}).
 */
final class DisconnectOperation extends Operation {
  /** One session of the request. */
  private static final class Part {
    final SubscriberRecord session;
    final List<DhcpServer> servers;
    final List<LeasedIa> ias;
    final List<Exchange> exchanges = new ArrayList<>(1);
    final List<ExchangeOutcome> outcomes = new ArrayList<>(1);

    Part(SubscriberRecord session, List<DhcpServer> servers, List<LeasedIa> ias) {
      this.session = session;
      this.servers = servers;
      this.ias = ias;
    }

    boolean isReleased() {
      return ias.isEmpty()
          || outcomes.stream().anyMatch(o -> o.kind() == ExchangeOutcome.Kind.ACCEPTED);
    }

    /** Whether no server can be asked, which is known before anything leaves. */
    boolean isNotSent() {
      return outcomes.size() == exchanges.size()
          && outcomes.stream().allMatch(o -> o.kind() == ExchangeOutcome.Kind.NOT_SENT);
    }

    boolean isResidual() {
      return outcomes.stream()
          .anyMatch(o -> o instanceof ExchangeOutcome.Accepted released && released.residual());
    }

    /** What is gone at the server, with a refusal of the rest too. */
    FreedLeases freed() {
      return isReleased() ? new FreedLeases(session, ias) : FreedLeases.of(session, ias, results());
    }

    /** What the servers had to say; those that were cancelled said nothing. */
    List<ServerResult> results() {
      return outcomes.stream().flatMap(outcome -> outcome.results().stream()).toList();
    }

    void cancel() {
      exchanges.forEach(Exchange::cancel);
    }
  }

  private List<Part> parts = List.of();
  private final List<Runnable> ifRefused = new ArrayList<>(0);
  private boolean refused;
  private boolean cut;
  private int open;
  private int clearing;

  DisconnectOperation(
      Context context, DynamicAuthorizationRequest request, SessionRequest asked, AnswerSink sink) {
    super(context, request, asked, sink);
  }

  /** Across a reload too: behind this one, if it succeeds, the other would find no session. */
  @Override
  boolean serves(Operation other) {
    return other instanceof DisconnectOperation;
  }

  /** A Disconnect cancels what is pending for its sessions: a CoA for them gets NAK 503. */
  @Override
  void beforeTakingPlace(List<RecordKey> keys) {
    for (Operation operation : context.turns().inLine(keys)) {
      if (operation instanceof CoaOperation coa) {
        coa.cancelForDisconnect(this, keys);
      }
    }
  }

  /** Done when this is refused: the session stays, and what it cancelled has to be undone. */
  void whenRefused(Runnable undo) {
    if (!isAnswered()) {
      ifRefused.add(undo);
    } else if (refused) {
      undo.run();
    }
  }

  @Override
  void onRefused() {
    refused = true;
    ifRefused.forEach(Runnable::run);
  }

  // --- the plan, step by step ---

  @Override
  void work(List<SubscriberRecord> sessions) {
    List<Part> planned = new ArrayList<>(sessions.size());
    for (SubscriberRecord session : sessions) {
      Part part = plan(session);
      if (part == null) {
        return; // refused
      }
      planned.add(part);
    }
    parts = planned;
    cut = false; // also when the record had changed, and all begins again
    long left = exchangeDeadlineNanos() - context.timers().nanos();
    context.onLoop(
        context.dataPath().cut(sessions, Duration.ofNanos(Math.max(0, left))),
        this::onCut,
        error -> refuse(Finding.DATA_PATH_NOT_CUT, String.valueOf(error.getMessage())));
  }

  @Override
  String workWaitsFor() {
    if (!cut) {
      return "nas.on-disconnect";
    }
    return open == 0
        ? TABLE
        : parts.stream()
            .filter(part -> part.outcomes.size() < part.exchanges.size())
            .flatMap(part -> part.servers.stream())
            .map(DhcpServer::name)
            .distinct()
            .collect(Collectors.joining(", "));
  }

  /** All that can be checked before the data path is cut; null when the request was refused. */
  private Part plan(SubscriberRecord session) {
    List<LeasedIa> ias = leases(session);
    List<DhcpServer> holders = context.route().release(session);
    if (ias.isEmpty()) {
      return new Part(session, List.of(), ias); // nothing bound: only the session has to go
    }
    if (holders.isEmpty()) {
      refuse(
          Finding.RECORD_INCOMPLETE,
          "it is not known which DHCPv6 server holds the leases of " + session.id());
      return null;
    }
    List<DhcpServer> servers =
        holders.stream().filter(server -> server.release() != ReleaseMode.NONE).toList();
    if (servers.isEmpty()) {
      refuse(
          Finding.PROHIBITED,
          "server " + holders.get(0).name() + " is configured with release: none");
      return null;
    }
    List<DhcpServer> able = new ArrayList<>(servers.size());
    NotSentReason obstacle = null;
    for (DhcpServer server : servers) {
      Optional<NotSentReason> its = context.exchanges().obstacleTo(task(session, ias, server));
      if (its.isEmpty()) {
        able.add(server);
      } else if (obstacle == null) {
        obstacle = its.get();
      }
    }
    if (able.isEmpty()) {
      refuse(Outcomes.finding(obstacle), words(obstacle, session, servers.get(0)));
      return null;
    }
    return new Part(session, able, ias);
  }

  private static String words(NotSentReason obstacle, SubscriberRecord session, DhcpServer server) {
    return switch (obstacle) {
      case NO_IAID -> "an IAID of " + session.id() + " is not known, and it is not to be guessed";
      case NO_SERVER_DUID ->
          "the DUID of server "
              + server.name()
              + ", which a release for "
              + session.id()
              + " must name, is not known yet";
      case TOO_LARGE ->
          "a release for "
              + session.id()
              + " to server "
              + server.name()
              + " is longer than max-message-size";
      case QUEUE_FULL, DEADLINE, SWITCHED_OFF ->
          "server "
              + server.name()
              + " cannot be asked for "
              + session.id()
              + ": "
              + Label.of(obstacle);
    };
  }

  private static List<LeasedIa> leases(SubscriberRecord session) {
    List<LeasedIa> ias = new ArrayList<>(session.ias().size());
    for (IdentityAssociation ia : session.ias()) {
      if (!ia.leases().isEmpty()) {
        ias.add(new LeasedIa(FreedLeases.typeOf(ia.type()), ia.iaid(), ia.leases()));
      }
    }
    return ias;
  }

  private void onCut(DataPath.Result result) {
    cut = true;
    if (isAnswered()) {
      close();
      return;
    }
    if (result instanceof DataPath.NotCut notCut) {
      refuse(Finding.DATA_PATH_NOT_CUT, "nas.on-disconnect: " + notCut.reason());
      return;
    }
    for (Part part : parts) {
      open += part.ias.isEmpty() ? 0 : part.servers.size();
    }
    if (open == 0) {
      decide();
      return;
    }
    for (Part part : parts) {
      for (DhcpServer server : part.ias.isEmpty() ? List.<DhcpServer>of() : part.servers) {
        part.exchanges.add(
            context
                .exchanges()
                .release(
                    task(part.session, part.ias, server), outcome -> onOutcome(part, outcome)));
      }
    }
  }

  private ReleaseTask task(SubscriberRecord session, List<LeasedIa> ias, DhcpServer server) {
    return new ReleaseTask(
        session.duid(),
        server,
        session.serverDuid(),
        session.linkAddress(),
        session.peerAddress(),
        session.interfaceId(),
        session.remoteId(),
        session.subscriberId().map(SubscriberIdOption::new),
        ias,
        exchangeDeadlineNanos());
  }

  /** The first server that answers is the one that was named: the others need not be waited for. */
  private void onOutcome(Part part, ExchangeOutcome outcome) {
    part.outcomes.add(outcome);
    report(part.session, outcome.results());
    boolean answered =
        outcome.kind() == ExchangeOutcome.Kind.ACCEPTED
            || outcome.kind() == ExchangeOutcome.Kind.REFUSED;
    if (answered && part.servers.size() > 1) {
      part.cancel();
    } else if (part.isNotSent()) {
      parts.forEach(Part::cancel); // RFC 5176 section 2.3: nothing need leave for the others
    }
    if (--open == 0) {
      decide();
    }
  }

  private void decide() {
    if (isAnswered()) {
      close(); // too late: a success after the NAK changes nothing
      return;
    }
    if (!parts.stream().allMatch(Part::isReleased)) {
      clearFreed();
      return;
    }
    context.onLoop(
        context.table().release(parts.stream().map(part -> part.session).toList()),
        done -> onForgotten(),
        this::onTableFailure);
  }

  private void onForgotten() {
    DynamicAuthorizationAnswer ack = DynamicAuthorizationAnswer.ack(request.kind());
    boolean residual =
        context.parameters().residualContextCause() && parts.stream().allMatch(Part::isResidual);
    answer(residual ? ack.withCause(ErrorCause.RESIDUAL_SESSION_CONTEXT_REMOVED) : ack);
    close();
  }

  /** The NAK waits for it: another Disconnect must not find what is another subscriber's by now. */
  private void clearFreed() {
    clearing = 1; // ours, until all are asked for
    for (Part part : parts) {
      FreedLeases freed = part.freed();
      if (freed.leases().isEmpty()) {
        continue;
      }
      clearing++;
      context.onLoop(
          context.table().edit(part.session.nas(), part.session.duid(), freed.edit()),
          changes -> {
            changes.put().forEach(context.observer()::leasesReleased);
            onCleared();
          },
          error -> {
            context
                .observer()
                .noted(
                    "freed-leases-kept",
                    part.session.id() + ": " + String.valueOf(error.getMessage()));
            onCleared();
          });
    }
    onCleared();
  }

  private void onCleared() {
    if (--clearing > 0) {
      return;
    }
    answer(nakByOutcomes());
    close();
  }

  /** Once the servers have refused, nothing else is the reason. */
  @Override
  Optional<DynamicAuthorizationAnswer> decided() {
    return clearing > 0 ? Optional.of(nakByOutcomes()) : Optional.empty();
  }

  private DynamicAuthorizationAnswer nakByOutcomes() {
    List<ServerResult> results = new ArrayList<>(parts.size());
    StringBuilder reason = new StringBuilder();
    for (Part part : parts) {
      reason.append(reason.length() == 0 ? "" : "; ").append(part.session.id()).append(": ");
      if (part.isReleased()) {
        reason.append("released");
        continue;
      }
      results.addAll(part.results());
      reason.append(Outcomes.words(part.results()));
      int gone = FreedLeases.count(part.freed().leases());
      if (gone > 0) {
        reason.append(", released ").append(gone);
        reason.append(" of ").append(FreedLeases.count(part.ias)).append(" leases");
      }
    }
    Finding finding = Outcomes.finding(results);
    return nak(context.parameters().answers().cause(request.kind(), finding), reason.toString());
  }

  @Override
  void abandon() {
    if (open == 0) {
      return; // the command or the table is at work; its answer closes
    }
    parts.forEach(Part::cancel);
  }
}
