package io.coagateway.metrics;

import io.coagateway.das.DasObserver;
import io.coagateway.das.DropReason;
import io.coagateway.radius.DynamicAuthorizationAnswer;
import io.coagateway.radius.DynamicAuthorizationAnswer.Verdict;
import io.coagateway.radius.DynamicAuthorizationRequest;
import io.coagateway.radius.DynamicAuthorizationRequest.Kind;
import io.coagateway.radius.ErrorCause;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Counts what the RADIUS side does. Meters are made once for each client and found again by the
 * identity of its name; nothing is built for a packet. On the RADIUS loop only.
 */
final class DasMetrics implements DasObserver {
  private final MeterRegistry registry;
  private final Counter datagrams;
  private final Counter octets;
  private final Map<String, Client> clients = new HashMap<>();
  private Client last;

  DasMetrics(MeterRegistry registry) {
    this.registry = registry;
    datagrams = Metric.DATAGRAMS.counter(registry);
    octets = Metric.OCTETS.counter(registry);
    last = new Client(NO_CLIENT);
    clients.put(NO_CLIENT, last);
  }

  /** The meters of one client. */
  private final class Client {
    private final String name;
    private final String label;
    private final Map<Kind, Requests> requests = new EnumMap<>(Kind.class);
    private final Map<DropReason, Counter> drops = new EnumMap<>(DropReason.class);
    private final Counter notSent;

    Client(String name) {
      this.name = name;
      this.label = name.isEmpty() ? "unknown" : name;
      this.notSent = Metric.ANSWERS_NOT_SENT.counter(registry, "client", label);
      if (!name.isEmpty()) {
        for (Kind kind : Kind.values()) {
          requests.put(kind, new Requests(label, kind));
        }
      }
    }

    Requests of(Kind kind) {
      return requests.computeIfAbsent(kind, k -> new Requests(label, k));
    }

    Counter drop(DropReason reason) {
      return drops.computeIfAbsent(
          reason, r -> Metric.DROPPED.counter(registry, "client", label, "reason", Labels.of(r)));
    }
  }

  /** The meters of one client and kind of request. */
  private final class Requests {
    private final String client;
    private final String type;
    private final Counter accepted;
    private final Counter again;
    private final Counter elsewhere;
    private final Counter plainAck;
    private final Counter plainNak;
    private final Map<ErrorCause, Counter> causes = new EnumMap<>(ErrorCause.class);
    private final Timer time;

    Requests(String client, Kind kind) {
      this.client = client;
      this.type = Labels.of(kind);
      accepted = Metric.REQUESTS.counter(registry, "client", client, "type", type);
      again = Metric.DUPLICATES.counter(registry, "client", client, "type", type, "source", "same");
      elsewhere =
          Metric.DUPLICATES.counter(registry, "client", client, "type", type, "source", "other");
      plainAck = answer("ack", "none");
      plainNak = answer("nak", "none");
      time = Metric.ANSWER_TIME.timer(registry, "client", client, "type", type);
    }

    Counter answered(DynamicAuthorizationAnswer answer) {
      boolean ack = answer.verdict() == Verdict.ACK;
      Optional<ErrorCause> cause = answer.cause();
      if (cause.isEmpty()) {
        return ack ? plainAck : plainNak;
      }
      return causes.computeIfAbsent(
          cause.get(), c -> answer(ack ? "ack" : "nak", String.valueOf(c.number())));
    }

    private Counter answer(String result, String cause) {
      return Metric.ANSWERS.counter(
          registry, "client", client, "type", type, "result", result, "cause", cause);
    }
  }

  private Client client(String name) {
    if (!last.name.equals(name)) { // the same instance nearly always, which equals sees at once
      last = clients.computeIfAbsent(name, Client::new);
    }
    return last;
  }

  /** Makes the meters of a configured client, so that they show zero before its first request. */
  void prepare(String name) {
    Client unused = client(name);
  }

  @Override
  public void datagramReceived(int length) {
    datagrams.increment();
    octets.increment(length);
  }

  @Override
  public void dropped(DropReason reason, String client, int code) {
    client(client).drop(reason).increment();
  }

  @Override
  public void accepted(String client, Kind kind) {
    client(client).of(kind).accepted.increment();
  }

  @Override
  public void answeredAgain(String client, Kind kind, boolean sameSource) {
    Requests requests = client(client).of(kind);
    (sameSource ? requests.again : requests.elsewhere).increment();
  }

  @Override
  public void answered(
      DynamicAuthorizationRequest request, DynamicAuthorizationAnswer answer, long nanos) {
    Requests requests = client(request.client()).of(request.kind());
    requests.answered(answer).increment();
    requests.time.record(nanos, TimeUnit.NANOSECONDS);
  }

  @Override
  public void notSent(String client) {
    client(client).notSent.increment();
  }
}
