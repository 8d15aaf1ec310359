package io.coagateway.it;

import io.coagateway.dac.DynamicAuthorizationClient;
import io.coagateway.dac.Outcome;
import io.coagateway.dac.RequestContent;
import io.coagateway.dac.Retransmission;
import io.coagateway.lab.Subscriber;
import io.coagateway.radius.DynamicAuthorizationRequest.Kind;
import io.coagateway.radius.Secret;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * CoA-Requests for some subscribers without a pause, one at a time for each, every one with a new
 * AFTR name; and what was acknowledged of them.
 */
final class LoadDac implements AutoCloseable {
  /**
   * What is known of a subscriber.
   *
   * @param asked the number in the AFTR name of the newest request, 0 before the first
   * @param acknowledged that of the newest request that was acknowledged, 0 before the first
   */
  record Known(long asked, long acknowledged) {}

  private static final int DISCONNECT_ACK = 41;
  private static final int COA_ACK = 44;
  private static final String NAME = "aftr-%d.example.net";
  private static final Pattern NUMBER = Pattern.compile("aftr-(\\d+)");

  private final DynamicAuthorizationClient client;
  private final Map<Integer, Known> known;
  private final AtomicLong numbers;
  private final AtomicInteger acknowledged = new AtomicInteger();
  private final AtomicInteger refused = new AtomicInteger();
  private final Map<String, Integer> refusals = new ConcurrentHashMap<>();
  private volatile boolean stopped;

  /**
   * @param port of the gateway on 127.0.0.1
   * @param known what is known from before; is kept up to date
   * @param numbers where the numbers in the AFTR names come from
   * @param retransmission how long an answer is waited for
   */
  LoadDac(int port, Map<Integer, Known> known, AtomicLong numbers, Retransmission retransmission)
      throws IOException {
    this.known = known;
    this.numbers = numbers;
    this.client =
        DynamicAuthorizationClient.open(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
            Secret.of("testing123"),
            retransmission,
            packet -> {});
  }

  /** Sent once, waited for. */
  static Retransmission once(Duration patience) {
    return new Retransmission(patience, Duration.ZERO, 1, patience);
  }

  /** The AFTR name with a number. */
  static String name(long number) {
    return NAME.formatted(number);
  }

  /** The number in the AFTR name in an RSOO's content, 0 when there is none. */
  static long number(String options) {
    Matcher name = NUMBER.matcher(options);
    return name.find() ? Long.parseLong(name.group(1)) : 0;
  }

  /** Asks for these subscribers over and over until {@link #close}. */
  void start(List<Subscriber> subscribers) {
    subscribers.forEach(this::next);
  }

  private void next(Subscriber subscriber) {
    if (stopped) {
      return;
    }
    long number = numbers.incrementAndGet();
    known.merge(
        subscriber.n(), new Known(number, 0), (old, now) -> new Known(number, old.acknowledged()));
    coa(subscriber, number)
        .whenComplete(
            (outcome, error) -> {
              if (outcome instanceof Outcome.Answered answered) {
                count(subscriber, number, answered);
              }
              next(subscriber);
            });
  }

  private CompletionStage<Outcome> coa(Subscriber subscriber, long number) {
    return client.send(
        RequestContent.of(Kind.COA, CoaAttributes.aftr(subscriber.userName(), name(number))));
  }

  /** Whether a Disconnect-Request is acknowledged. */
  CompletionStage<Boolean> disconnect(Subscriber subscriber) {
    return client
        .send(RequestContent.of(Kind.DISCONNECT, CoaAttributes.user(subscriber.userName())))
        .thenApply(
            outcome ->
                outcome instanceof Outcome.Answered answered
                    && answered.answer().code() == DISCONNECT_ACK);
  }

  private void count(Subscriber subscriber, long number, Outcome.Answered answered) {
    if (answered.answer().code() == COA_ACK) {
      acknowledged.incrementAndGet();
      known.computeIfPresent(
          subscriber.n(), (n, old) -> new Known(old.asked(), Math.max(number, old.acknowledged())));
    } else {
      refused.incrementAndGet();
      refusals.merge(cause(answered), 1, Integer::sum);
    }
  }

  /** The Error-Cause, which is the last attribute of our NAKs. */
  private static String cause(Outcome.Answered answered) {
    var attributes = answered.answer().attributes();
    for (int at = 0; at + 2 <= attributes.length(); at += Math.max(2, attributes.u8(at + 1))) {
      if (attributes.u8(at) == 101) {
        return Long.toString(attributes.u32(at + 2));
      }
    }
    return "none";
  }

  int acknowledged() {
    return acknowledged.get();
  }

  int refused() {
    return refused.get();
  }

  /** How many NAKs had which Error-Cause. */
  Map<String, Integer> refusals() {
    return Map.copyOf(refusals);
  }

  @Override
  public void close() {
    stopped = true;
    client.close();
  }
}
