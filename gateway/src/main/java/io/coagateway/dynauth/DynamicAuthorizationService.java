package io.coagateway.dynauth;

import io.coagateway.mapping.Mapping;
import io.coagateway.radius.AnswerSink;
import io.coagateway.radius.Attribute;
import io.coagateway.radius.AttributeDictionary;
import io.coagateway.radius.AttributeId;
import io.coagateway.radius.DynamicAuthorizationAnswer;
import io.coagateway.radius.DynamicAuthorizationHandler;
import io.coagateway.radius.DynamicAuthorizationRequest;
import io.coagateway.radius.ReadRequest;
import io.coagateway.radius.Refusal;
import io.coagateway.radius.RequestReading;
import io.coagateway.radius.RequestRules;
import io.coagateway.subscriber.PendingChange;
import io.coagateway.subscriber.RecordKey;
import io.coagateway.subscriber.SessionKey;
import io.coagateway.subscriber.SessionQuery;
import io.coagateway.subscriber.SubscriberTable;
import io.coagateway.time.Timers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * Decides accepted requests: reads them by the rules of RFC 5176, starts a {@code CoaOperation} or
 * {@code DisconnectOperation} for each, and repeats, as a trigger, what a crash left pending.
 *
 * <p>Only on the gateway's event loop. What bounds the number of operations is the receiver's
 * memory of requests in progress.
 */
public final class DynamicAuthorizationService implements DynamicAuthorizationHandler {
  private static final long WATCH_NANOS = 1_000_000_000L;

  private final SubscriberTable table;
  private final Exchanges exchanges;
  private final Timers timers;
  private final Executor loop;
  private final RequestObserver observer;
  private final Elsewhere elsewhere;
  private final Returns returns;
  private final Turns<RecordKey, Operation> turns = new Turns<>();
  private Context context;
  private RequestRules rules;

  /**
   * @param table where sessions are found and changes are kept
   * @param exchanges the relay-agent role
   * @param timers of the loop
   * @param loop runs on the gateway's event loop what other threads complete; at once when it is
   *     called there
   * @param observer hears of every request
   */
  public DynamicAuthorizationService(
      SubscriberTable table,
      Exchanges exchanges,
      Timers timers,
      Executor loop,
      RequestObserver observer) {
    this(table, exchanges, timers, loop, observer, Elsewhere.NOBODY, Returns.unseen());
  }

  /**
   * The same, with more to learn from.
   *
   * @param elsewhere is asked for sessions that the table does not know
   * @param returns clients that were seen to have come back
   */
  public DynamicAuthorizationService(
      SubscriberTable table,
      Exchanges exchanges,
      Timers timers,
      Executor loop,
      RequestObserver observer,
      Elsewhere elsewhere,
      Returns returns) {
    this.elsewhere = elsewhere;
    this.returns = returns;
    this.table = table;
    this.exchanges = exchanges;
    this.timers = timers;
    this.loop = loop;
    this.observer = observer;
  }

  /**
   * Takes settings over, at start and again at a reload. Requests under way go on with those that
   * they were started with.
   */
  public void configure(
      DynauthParameters parameters,
      RequestRules requestRules,
      Mapping mapping,
      AttributeDictionary dictionary,
      DataPath dataPath) {
    rules = requestRules;
    context =
        new Context(
            parameters,
            new Route(parameters, exchanges),
            mapping,
            dictionary,
            table,
            exchanges,
            dataPath,
            turns,
            timers,
            loop,
            observer,
            elsewhere,
            returns);
  }

  @Override
  public void handle(DynamicAuthorizationRequest request, AnswerSink sink) {
    RequestReading reading = rules.read(request);
    switch (reading.kind()) {
      case READ -> begin((ReadRequest) reading, sink);
      case REFUSED -> refuse(request, (Refusal) reading, sink);
    }
  }

  private void begin(ReadRequest read, AnswerSink sink) {
    DynamicAuthorizationRequest request = read.request();
    for (AttributeId ignored : read.ignored()) {
      observer.ignored(request, ignored);
    }
    List<SessionKey> keys = new ArrayList<>(read.session().size());
    for (Attribute attribute : read.session()) {
      keys.add(new SessionKey(attribute.id(), attribute.value()));
    }
    SessionRequest asked =
        new SessionRequest(new SessionQuery(context.parameters().nas(), keys), read.changes());
    Operation operation =
        switch (request.kind()) {
          case COA -> new CoaOperation(context, request, asked, sink);
          case DISCONNECT -> new DisconnectOperation(context, request, asked, sink);
        };
    operation.start();
  }

  private void refuse(DynamicAuthorizationRequest request, Refusal refusal, AnswerSink sink) {
    observer.started(request, () -> "");
    DynamicAuthorizationAnswer answer = refusal.toAnswer(request.kind());
    sink.answer(answer);
    observer.finished(
        new RequestReport(
            request,
            RequestReport.Result.NAK,
            answer.cause(),
            answer.reason(),
            List.of(),
            List.of(),
            false,
            Duration.ofNanos(timers.nanos() - request.receivedNanos())));
  }

  /**
   * Repeats the exchanges that a crash cut short. The way is forward: what was pending is kept as
   * the truth, for its ACK may have left, and each client is asked once more to come back.
   */
  public void repeatPending() {
    repeat(table.foundAtStart());
  }

  /** The same for changes that another gateway of the table left when it died. */
  public void repeat(List<PendingChange> left) {
    for (PendingChange pending : left) {
      Triggers.repeat(context, pending);
    }
  }

  /** Once a second: what takes long is looked at again. At start, on the loop. */
  public void watch() {
    turns.atWork().forEach(Operation::lookAgain);
    timers.after(WATCH_NANOS, this::watch);
  }

  /** How many subscribers have a request at work or waiting. */
  public int busySubscribers() {
    return turns.size();
  }
}
