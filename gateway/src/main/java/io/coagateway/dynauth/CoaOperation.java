package io.coagateway.dynauth;

import io.coagateway.dhcpv6.Option;
import io.coagateway.dhcpv6.OptionList;
import io.coagateway.mapping.MappingResult;
import io.coagateway.radius.AnswerSink;
import io.coagateway.radius.AttributeId;
import io.coagateway.radius.DynamicAuthorizationAnswer;
import io.coagateway.radius.DynamicAuthorizationRequest;
import io.coagateway.radius.ErrorCause;
import io.coagateway.relay.DhcpServer;
import io.coagateway.relay.DropReason;
import io.coagateway.relay.Exchange;
import io.coagateway.relay.ExchangeOutcome;
import io.coagateway.relay.ReconfigureMode;
import io.coagateway.relay.ServerResult;
import io.coagateway.subscriber.OptionChange;
import io.coagateway.subscriber.PendingChange;
import io.coagateway.subscriber.ReconfigureAccept;
import io.coagateway.subscriber.RecordKey;
import io.coagateway.subscriber.SubscriberRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A CoA-Request: write the new options as pending, ask the servers, then keep or put back.
 *
 * <p>A RECONFIGURE-REQUEST delivers nothing by itself: the client's Renew may come before the
 * server's reply does, and the relay must already supply the new values then. So the options are
 * written first (durably, marked pending) and the message leaves afterwards. The ACK means that at
 * least one server accepted each client (RFC 6977 section 6.6); a NAK leaves when the old options
 * are back. A CoA for several sessions is one decision: when one fails, the options of all go back,
 * and each client that had been accepted is asked once more to come back (RFC 5176 section 2.3).
 */
final class CoaOperation extends Operation {
  /** One session of the request. */
  private static final class Part {
    final SubscriberRecord session;
    final Route.Reconfigure route;
    final OptionList next;
    Exchange exchange;
    ExchangeOutcome outcome;
    boolean cameBack;
    Returns.Awaiting awaiting;

    Part(SubscriberRecord session, Route.Reconfigure route, OptionList next) {
      this.session = session;
      this.route = route;
      this.next = next;
    }

    boolean isStoredOnly() {
      return route.mode() == ReconfigureMode.AT_RENEW;
    }

    /**
     * Whether what changes for the client is in {@code reply}, as a server put it there. When
     * nothing changes no REPLY can tell: it may answer what the client asked before the request
     * came, so the servers decide (RFC 6977 section 6.6).
     */
    boolean isFetched(OptionList reply) {
      boolean changes = false;
      for (Option option : next.all()) {
        if (!session.options().all().contains(option)) {
          changes = true;
          if (!reply.all().contains(option)) {
            return false;
          }
        }
      }
      for (Option before : session.options().all()) {
        if (!next.has(before.code())) {
          changes = true;
          if (reply.has(before.code())) {
            return false;
          }
        }
      }
      return changes;
    }

    boolean isAccepted() {
      return isStoredOnly()
          || cameBack
          || (outcome != null && outcome.kind() == ExchangeOutcome.Kind.ACCEPTED);
    }
  }

  private List<Part> parts = List.of();
  private List<PendingChange> marks = List.of();
  private int open;
  private boolean cancelled;
  private final List<String> gone = new ArrayList<>(0);
  private final Map<RecordKey, DisconnectOperation> going = new HashMap<>(0);

  CoaOperation(
      Context context, DynamicAuthorizationRequest request, SessionRequest asked, AnswerSink sink) {
    super(context, request, asked, sink);
  }

  /** Not across a reload: by another mapping, or to other servers, the same is another change. */
  @Override
  boolean serves(Operation other) {
    return other instanceof CoaOperation coa
        && !cancelled
        && coa.context.equals(context)
        && coa.asked.changes().equals(asked.changes());
  }

  /**
   * A Disconnect for some of the sessions has come: this CoA is over.
   *
   * @param keys the sessions that the Disconnect is about; their clients need not come back, unless
   *     it is refused
   */
  void cancelForDisconnect(DisconnectOperation disconnect, List<RecordKey> keys) {
    if (isAnswered()) {
      return;
    }
    keys.forEach(key -> going.putIfAbsent(key, disconnect)); // a later one may find nobody
    cancelled = true;
    if (state() != State.WORKING) {
      refuse(ErrorCause.SESSION_CONTEXT_NOT_FOUND, "a Disconnect for the session overtook it");
      return;
    }
    cancelExchanges(); // each outcome comes as cancelled, the last one decides
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
    List<OptionChange> changes = new ArrayList<>(parts.size());
    for (Part part : parts) {
      if (!part.next.equals(part.session.options())) {
        changes.add(new OptionChange(part.session, part.next));
      }
    }
    if (changes.isEmpty()) {
      onMarked(List.of());
    } else {
      context.onLoop(context.table().begin(changes), this::onMarked, this::onTableFailure);
    }
  }

  @Override
  String workWaitsFor() {
    return open == 0
        ? TABLE
        : parts.stream()
            .filter(part -> part.exchange != null && part.outcome == null)
            .flatMap(part -> part.route.servers().stream())
            .map(DhcpServer::name)
            .distinct()
            .collect(Collectors.joining(", "));
  }

  /** All that can be checked before the first message leaves; null when the request was refused. */
  private Part plan(SubscriberRecord session) {
    Route.Reconfigure route = context.route().reconfigure(session);
    if (route.mode() == ReconfigureMode.NONE) {
      refuse(
          Finding.PROHIBITED,
          "the DHCPv6 server of " + session.id() + " is configured with reconfigure: none");
      return null;
    }
    if (route.mode() == ReconfigureMode.RFC6977
        && session.reconfigureAccept() == ReconfigureAccept.NO) {
      refuse(
          Finding.CLIENT_REFUSES_RECONFIGURE,
          "the client of " + session.id() + " did not send Reconfigure Accept");
      return null;
    }
    MappingResult mapped =
        context.mapping().apply(asked.changes(), session.options(), route.carriers());
    return switch (mapped.kind()) {
      case MAPPED -> {
        MappingResult.Mapped result = (MappingResult.Mapped) mapped;
        for (AttributeId ignored : result.ignored()) {
          context.observer().ignored(request, ignored);
        }
        yield new Part(session, route, result.next());
      }
      case REFUSED -> {
        MappingResult.Refused refused = (MappingResult.Refused) mapped;
        refuse(
            refused.cause(),
            context.dictionary().nameOf(refused.attribute()) + ": " + refused.reason());
        yield null;
      }
    };
  }

  /** The new options are durable: now the messages may leave. */
  private void onMarked(List<PendingChange> written) {
    marks = written;
    if (isAnswered() || cancelled) {
      putBack();
      return;
    }
    open = parts.size();
    for (Part part : List.copyOf(parts)) {
      if (part.isStoredOnly()) {
        open--;
      } else {
        part.exchange =
            context
                .exchanges()
                .reconfigure(
                    Triggers.task(part.session, part.next, part.route, exchangeDeadlineNanos()),
                    outcome -> onOutcome(part, outcome));
        part.awaiting =
            (link, interfaceId, reply) -> {
              if (part.session.mayBeAt(link, interfaceId)) {
                onReturn(part, reply);
              }
            };
        context.returns().await(part.session.duid(), part.awaiting);
      }
    }
    if (open == 0) {
      decide();
    }
  }

  /**
   * The client has come back on its own. With the new options in the REPLY it has what the servers
   * are still asked to make it fetch: it is taken out of what is sent (RQ-17), and counts as
   * accepted.
   */
  private void onReturn(Part part, OptionList reply) {
    if (part.outcome == null && part.isFetched(reply)) {
      part.cameBack = true;
      part.exchange.drop(DropReason.CAME_BACK);
    }
  }

  private void onOutcome(Part part, ExchangeOutcome outcome) {
    context.returns().forget(part.session.duid(), part.awaiting);
    part.outcome = outcome;
    report(part.session, outcome.results());
    if (outcome.kind() == ExchangeOutcome.Kind.NOT_SENT) {
      cancelExchanges(); // RFC 5176 section 2.3: nothing need leave for the others
    }
    if (--open == 0) {
      decide();
    }
  }

  private void decide() {
    if (!isAnswered() && !cancelled && parts.stream().allMatch(Part::isAccepted)) {
      keep();
    } else {
      putBack();
    }
  }

  /** ACK. The pending mark is the truth from now on, confirmed or not, so nobody waits for it. */
  private void keep() {
    answer(DynamicAuthorizationAnswer.ack(request.kind()));
    dropAnswered();
    if (marks.isEmpty()) {
      close();
      return;
    }
    context.onLoop(
        context.table().confirm(marks),
        done -> close(),
        error -> {
          context.observer().noted("confirm-failed", String.valueOf(error.getMessage()));
          close();
        });
    if (!isHeld()) {
      close(); // no other gateway is to get its turn between our requests
    }
  }

  /** NAK, once the old options are durably back. */
  private void putBack() {
    if (marks.isEmpty()) {
      onPutBack();
      return;
    }
    context.onLoop(
        context.table().rollBack(marks),
        done -> onPutBack(),
        error -> {
          context.observer().noted("rollback-failed", String.valueOf(error.getMessage()));
          onPutBack();
        });
  }

  private void onPutBack() {
    if (cancelled) {
      answer(nak(ErrorCause.SESSION_CONTEXT_NOT_FOUND, "a Disconnect for the session overtook it"));
    } else if (!gone.isEmpty()) {
      answer(
          nak(
              ErrorCause.SESSION_CONTEXT_NOT_FOUND,
              "left the table while the servers were asked: " + gone));
    } else if (!isAnswered()) {
      answer(verdict());
    }
    for (Part part : parts) {
      if (part.isAccepted()) {
        DisconnectOperation disconnect = going.get(RecordKey.of(part.session));
        if (disconnect == null) {
          fetchTheOldOptions(part);
        } else {
          disconnect.whenRefused(() -> fetchTheOldOptions(part));
        }
      }
    }
    close();
  }

  /** The client may have come back for the new ones already. Nobody is asked of what was stored. */
  private void fetchTheOldOptions(Part part) {
    Triggers.send(
        context, part.route, part.session, part.session.options(), "trigger-after-rollback");
  }

  private DynamicAuthorizationAnswer verdict() {
    List<ServerResult> results = new ArrayList<>(parts.size());
    StringBuilder reason = new StringBuilder();
    for (Part part : parts) {
      if (part.isAccepted()) {
        continue;
      }
      results.addAll(part.outcome.results());
      reason.append(reason.length() == 0 ? "" : "; ");
      reason.append(part.session.id()).append(": ").append(Outcomes.words(part.outcome.results()));
    }
    long accepted = parts.stream().filter(Part::isAccepted).count();
    if (accepted > 0) {
      reason.append("; ").append(accepted).append(" of ").append(parts.size());
      reason.append(" sessions had been accepted and were put back");
    }
    Finding finding = Outcomes.finding(results);
    return nak(context.parameters().answers().cause(request.kind(), finding), reason.toString());
  }

  @Override
  void abandon() {
    cancelExchanges(); // none while the table is at work: its answer leads to putBack
  }

  /**
   * Some time has passed without a verdict: clients that left the table meanwhile are taken out of
   * what is still to be sent (RQ-17), and the request ends with 503.
   */
  @Override
  void lookAgain() {
    if (open == 0 || isAnswered() || cancelled) {
      return;
    }
    context.onLoop(
        context.table().find(asked.query(), context.parameters().maxSessions() + 1),
        this::dropThoseThatLeft,
        error -> {
          // the table is away: nobody is known to have left
        });
  }

  private void dropThoseThatLeft(List<SubscriberRecord> still) {
    if (isAnswered() || cancelled) {
      return;
    }
    List<RecordKey> there = still.stream().map(RecordKey::of).toList();
    for (Part part : parts) {
      boolean left = !there.contains(RecordKey.of(part.session));
      if (left && part.exchange != null && part.outcome == null) {
        gone.add(part.session.id());
        part.exchange.drop(DropReason.LEFT_TABLE);
      }
    }
  }

  /** The DAC has its answer: other servers need not hear of these clients again (RQ-17). */
  private void dropAnswered() {
    for (Part part : parts) {
      if (part.exchange != null) {
        part.exchange.drop(DropReason.ANSWERED);
      }
    }
  }

  private void cancelExchanges() {
    for (Part part : parts) {
      if (part.exchange != null && part.outcome == null) {
        part.exchange.cancel();
      }
    }
  }
}
