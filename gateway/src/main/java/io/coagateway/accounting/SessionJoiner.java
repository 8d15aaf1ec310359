package io.coagateway.accounting;

import io.coagateway.accounting.AccountingObserver.Result;
import io.coagateway.accounting.AccountingRequest.SessionName;
import io.coagateway.accounting.AccountingRequest.Status;
import io.coagateway.radius.Attribute;
import io.coagateway.radius.AttributeId;
import io.coagateway.radius.Attributes;
import io.coagateway.subscriber.ClientKey;
import io.coagateway.subscriber.JoinRule;
import io.coagateway.subscriber.RecordEdit;
import io.coagateway.subscriber.RecordKey;
import io.coagateway.subscriber.SessionAttributes;
import io.coagateway.subscriber.SessionKey;
import io.coagateway.subscriber.SessionQuery;
import io.coagateway.subscriber.SubscriberRecord;
import io.coagateway.subscriber.SubscriberTable;
import io.coagateway.time.Timers;
import io.coagateway.wire.Octets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * Joins sessions to records. A session that has no record yet waits, in bounded memory, until its
 * client appears ({@link #recordAppeared}) or its next Interim-Update finds it.
 *
 * <p>Start and Interim-Update write the session into its record: what it tells replaces what the
 * record had of the same session, and a session with another Acct-Session-Id takes the old one's
 * place. Stop takes it out, and Accounting-On and -Off take out all that their NAS had until then,
 * those that wait included; leases stay. A record that then holds nothing is removed. {@link Turns}
 * keeps the order, {@link SessionMoments} and {@link Restarts} know what comes late.
 *
 * <p>For the gateway loop, where the table's stages complete too.
 */
public final class SessionJoiner {
  /** What is kept of a session, besides the attributes that identify it by configuration. */
  private static final Set<AttributeId> KEPT =
      Set.of(
          Attributes.USER_NAME,
          Attributes.NAS_IDENTIFIER,
          Attributes.NAS_IP_ADDRESS,
          Attributes.NAS_IPV6_ADDRESS,
          Attributes.NAS_PORT,
          Attributes.NAS_PORT_ID,
          Attributes.CALLED_STATION_ID,
          Attributes.CALLING_STATION_ID,
          Attributes.ACCT_SESSION_ID,
          Attributes.ACCT_MULTI_SESSION_ID,
          Attributes.CHARGEABLE_USER_IDENTITY,
          Attributes.FRAMED_IP_ADDRESS,
          Attributes.FRAMED_INTERFACE_ID,
          Attributes.FRAMED_IPV6_PREFIX,
          Attributes.FRAMED_IPV6_ADDRESS,
          Attributes.DELEGATED_IPV6_PREFIX);

  private static final int MOST_OF_A_NAS = 500; // records in one step of Accounting-On or -Off

  private final AccountingParameters parameters;
  private final SubscriberTable table;
  private final Set<AttributeId> kept;
  private final Timers timers;
  private final AccountingObserver observer;
  private final UnjoinedSessions unjoined;
  private final Turns turns = new Turns();
  private final Restarts restarts = new Restarts();
  private final SessionMoments alive = new SessionMoments(); // by Start and Interim-Update
  private final SessionMoments ended = new SessionMoments();
  private volatile int waiting; // for who looks from outside

  /**
   * @param parameters rules and bounds
   * @param table the records; with {@link io.coagateway.subscriber.TableParameters#clientKeys}
   * @param identifying vendors' attributes that identify a session too
   * @param timers the clock
   * @param observer told what becomes of sessions
   */
  public SessionJoiner(
      AccountingParameters parameters,
      SubscriberTable table,
      Set<AttributeId> identifying,
      Timers timers,
      AccountingObserver observer) {
    this.parameters = parameters;
    this.table = table;
    this.timers = timers;
    this.observer = observer;
    this.unjoined = new UnjoinedSessions(parameters);
    this.kept = new LinkedHashSet<>(KEPT);
    kept.addAll(identifying);
    kept.addAll(parameters.duidAttributes());
  }

  /** How many sessions wait for their client. From any thread. */
  public int waiting() {
    return waiting;
  }

  /** Whether requests would find a table that cannot be written or read. From any thread. */
  boolean isTableInTrouble() {
    return table.status().failure().isPresent();
  }

  /**
   * Takes a request in.
   *
   * @return complete when the answer may leave: what was joined is durable, what waits is
   *     remembered. Fails when the table could not take it
   */
  CompletionStage<Void> handle(AccountingRequest request) {
    Optional<SessionName> session = request.session();
    long happened = timers.nanos() - request.delay().toNanos();
    CompletionStage<Result> done =
        switch (request.status()) {
          case START, INTERIM ->
              session.isPresent()
                  ? turns.ofSession(session.get(), () -> begin(session.get(), request, happened))
                  : nothing();
          case STOP ->
              session.isPresent()
                  ? turns.ofSession(session.get(), () -> stop(session.get(), happened))
                  : nothing();
          case ON, OFF -> request.nas().isPresent() ? begunAnew(request, happened) : nothing();
          case OTHER -> nothing();
        };
    return done.thenAccept(
        result -> {
          waiting = unjoined.size();
          observer.done(result);
          if (result == Result.UNJOINED) {
            observer.unjoined(request.attributes());
          }
        });
  }

  private static CompletionStage<Result> nothing() {
    return CompletableFuture.completedFuture(Result.NOTHING);
  }

  /** A record of the client was written by someone else, perhaps by what was learned. */
  public void recordAppeared(SubscriberRecord record) {
    for (SessionName name : unjoined.with(ClientKey.of(record))) {
      turns
          .ofSession(name, () -> joinWaiting(name))
          .whenComplete(
              (result, failure) -> {
                waiting = unjoined.size();
                if (failure != null) {
                  Failure.defectIn(failure).ifPresent(observer::defect);
                }
              });
    }
    waiting = unjoined.size();
  }

  /** What waits goes on waiting where that fails; it may have ended before its turn came. */
  private CompletionStage<Result> joinWaiting(SessionName name) {
    Optional<AccountingRequest> told = unjoined.remove(name);
    if (told.isEmpty()) {
      return nothing();
    }
    return join(name, told.get(), 0)
        .whenComplete(
            (result, failure) -> {
              if (failure != null) {
                unjoined.put(name, told.get(), timers.nanos());
              }
            });
  }

  private CompletionStage<Result> begin(
      SessionName name, AccountingRequest request, long happened) {
    if (ended.hasAfter(name, happened)) {
      return nothing();
    }
    alive.add(name, happened);
    return joinKnown(name, request);
  }

  /** A session that has a record already stays with it. */
  private CompletionStage<Result> joinKnown(SessionName name, AccountingRequest request) {
    return recordOf(name)
        .thenCompose(
            record ->
                record.isPresent()
                    ? enter(record.get(), request, name, Optional.empty())
                    : join(name, request, 0));
  }

  private CompletionStage<Optional<SubscriberRecord>> recordOf(SessionName name) {
    List<SessionKey> keys = new ArrayList<>(2);
    keys.add(SessionKey.of(Attributes.ACCT_SESSION_ID, name.id()));
    name.nas().ifPresent(nas -> keys.add(SessionKey.of(nas.id(), nas.value())));
    return table
        .find(new SessionQuery(parameters.nas(), keys), 2)
        .thenApply(found -> found.size() == 1 ? Optional.of(found.get(0)) : Optional.empty());
  }

  private CompletionStage<Result> join(SessionName name, AccountingRequest request, int rule) {
    if (rule == parameters.rules().size()) {
      unjoined.put(name, request, timers.nanos());
      return CompletableFuture.completedFuture(Result.UNJOINED);
    }
    JoinRule by = parameters.rules().get(rule);
    return matching(by, request)
        .thenCompose(
            found -> {
              if (found.size() == 1) {
                return enter(found.get(0), request, name, Optional.of(by));
              }
              if (found.size() > 1) {
                observer.ambiguous(by, name.toString());
              }
              return join(name, request, rule + 1);
            });
  }

  private CompletionStage<List<SubscriberRecord>> matching(JoinRule by, AccountingRequest request) {
    CompletionStage<List<SubscriberRecord>> all = CompletableFuture.completedFuture(List.of());
    for (ClientKey key : by.keys(request.attributes(), parameters.duidAttributes())) {
      all =
          all.thenCombine(
              table.findByKey(parameters.nas(), key, 2),
              (some, more) -> {
                List<SubscriberRecord> both = new ArrayList<>(some);
                more.stream().filter(record -> !isIn(some, record)).forEach(both::add);
                return both;
              });
    }
    return all;
  }

  private static boolean isIn(List<SubscriberRecord> records, SubscriberRecord record) {
    return records.stream().map(RecordKey::of).anyMatch(RecordKey.of(record)::equals);
  }

  private CompletionStage<Result> enter(
      SubscriberRecord record,
      AccountingRequest request,
      SessionName name,
      Optional<JoinRule> rule) {
    unjoined.remove(name);
    return edit(record, there -> with(there, request, name))
        .thenApply(
            wasThere -> {
              if (!wasThere) {
                unjoined.put(name, request, timers.nanos());
                return Result.UNJOINED;
              }
              observer.joined(rule, record.id(), name.toString());
              return Result.JOINED;
            });
  }

  /** False: the record has gone since it was found. */
  private CompletionStage<Boolean> edit(
      SubscriberRecord record, UnaryOperator<SubscriberRecord> change) {
    AtomicBoolean wasThere = new AtomicBoolean(); // written where the table does its work
    RecordEdit edit =
        RecordEdit.of(
            RecordKey.of(record),
            there -> {
              wasThere.set(true);
              SubscriberRecord after = change.apply(there);
              return isEmpty(after)
                  ? RecordEdit.Changes.remove(after)
                  : RecordEdit.Changes.put(after);
            });
    return table
        .edit(
            record.nas(),
            record.duid(),
            all -> {
              wasThere.set(false); // a transaction may be tried again
              return edit.apply(all);
            })
        .thenApply(changes -> wasThere.get());
  }

  private static boolean isEmpty(SubscriberRecord record) {
    return record.ias().isEmpty() && record.session().isEmpty() && record.options().isEmpty();
  }

  private SubscriberRecord with(
      SubscriberRecord before, AccountingRequest request, SessionName name) {
    boolean same = before.session().values(Attributes.ACCT_SESSION_ID).contains(name.id());
    Map<AttributeId, List<Octets>> told = new LinkedHashMap<>();
    for (Attribute attribute : request.attributes()) {
      if (kept.contains(attribute.id())) {
        told.computeIfAbsent(attribute.id(), id -> new ArrayList<>(1)).add(attribute.value());
      }
    }
    Map<AttributeId, List<Octets>> session =
        new LinkedHashMap<>(same ? before.session().asMap() : others(before));
    session.putAll(told);
    return before.toBuilder().session(SessionAttributes.of(session)).build();
  }

  /** What of a session accounting does not tell. */
  private Map<AttributeId, List<Octets>> others(SubscriberRecord record) {
    Map<AttributeId, List<Octets>> left = new LinkedHashMap<>(record.session().asMap());
    left.keySet().removeAll(kept);
    return left;
  }

  private SubscriberRecord without(SubscriberRecord before, Optional<Octets> session) {
    if (session.isPresent()
        && !before.session().values(Attributes.ACCT_SESSION_ID).contains(session.get())) {
      return before; // another session has taken its place
    }
    return before.toBuilder().session(SessionAttributes.of(others(before))).build();
  }

  private CompletionStage<Result> stop(SessionName name, long happened) {
    ended.add(name, happened);
    boolean waited = unjoined.remove(name).isPresent();
    return recordOf(name)
        .thenCompose(
            record ->
                record.isPresent()
                    ? edit(record.get(), there -> without(there, Optional.of(name.id())))
                        .thenApply(wasThere -> Result.STOPPED)
                    : CompletableFuture.completedFuture(waited ? Result.STOPPED : Result.NOTHING));
  }

  /**
   * The NAS has forgotten all of its sessions (RFC 2866 section 5.1). An On may have got lost, or
   * the table may not have taken it, and sessions begin before it is repeated: those are known by
   * the time at which they were alive. A NAS that still repeats its Off has begun none.
   */
  private CompletionStage<Result> begunAnew(AccountingRequest request, long happened) {
    Attribute nas = request.nas().orElseThrow();
    Status status = request.status();
    Predicate<SessionName> spared = name -> status == Status.ON && alive.hasAfter(name, happened);
    return turns.ofNas(
        nas,
        () -> {
          if (restarts.has(nas, status, happened)) {
            return CompletableFuture.completedFuture(Result.DUPLICATE);
          }
          if (restarts.hasAfter(nas, happened)) {
            return nothing();
          }
          boolean waited = unjoined.removeAll(nas, spared);
          return stopAll(nas, spared, MOST_OF_A_NAS)
              .thenApply(
                  result -> {
                    restarts.add(nas, status, happened);
                    return waited ? Result.STOPPED : result;
                  });
        });
  }

  /**
   * Ends the sessions of a NAS, some in each step.
   *
   * @param limit of records in this step; those that are spared are found in each
   */
  private CompletionStage<Result> stopAll(Attribute nas, Predicate<SessionName> spared, int limit) {
    SessionQuery all =
        new SessionQuery(parameters.nas(), List.of(SessionKey.of(nas.id(), nas.value())));
    return table
        .find(all, limit)
        .thenCompose(
            found -> {
              List<SubscriberRecord> over =
                  found.stream().filter(record -> nameIn(record).filter(spared).isEmpty()).toList();
              CompletionStage<Void> done = CompletableFuture.completedFuture(null);
              for (SubscriberRecord record : over) {
                Optional<Octets> id = nameIn(record).map(SessionName::id);
                CompletionStage<Boolean> one = edit(record, there -> without(there, id));
                done = done.thenCombine(one, (before, wasThere) -> null);
              }
              Result result = over.isEmpty() ? Result.NOTHING : Result.STOPPED;
              return done.thenCompose(
                  nothing ->
                      found.size() == limit
                          ? stopAll(nas, spared, MOST_OF_A_NAS + found.size() - over.size())
                              .thenApply(more -> over.isEmpty() ? more : result)
                          : CompletableFuture.completedFuture(result));
            });
  }

  /** Whose session a record has. */
  private static Optional<SessionName> nameIn(SubscriberRecord record) {
    return SessionName.in(id -> record.session().values(id).stream().findFirst());
  }

  /** By which rules the session of {@code record} belongs to its DHCPv6 side, for a person. */
  public static List<JoinRule> explain(
      SubscriberRecord record, List<JoinRule> rules, List<AttributeId> duidAttributes) {
    List<Attribute> session = new ArrayList<>();
    record
        .session()
        .asMap()
        .forEach((id, values) -> values.forEach(value -> session.add(new Attribute(id, value))));
    List<ClientKey> keys = ClientKey.of(record);
    return rules.stream()
        .filter(rule -> rule.keys(session, duidAttributes).stream().anyMatch(keys::contains))
        .toList();
  }
}
