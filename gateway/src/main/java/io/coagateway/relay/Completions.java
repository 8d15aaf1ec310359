package io.coagateway.relay;

import io.coagateway.time.Timers;
import java.util.ArrayDeque;
import java.util.function.Consumer;

/**
 * Outcomes on their way to whoever waits for them. They are told when the current work is done,
 * many at a time, so that nobody is called back from within a call of his own.
 */
final class Completions {
  private record Completion(Consumer<ExchangeOutcome> done, ExchangeOutcome outcome) {
    void tell() {
      done.accept(outcome);
    }
  }

  private final Timers timers;
  private final Runnable wakeUp;
  private final ArrayDeque<Completion> waiting = new ArrayDeque<>();

  /**
   * @param wakeUp asks for {@link #tellAll} soon
   */
  Completions(Timers timers, Runnable wakeUp) {
    this.timers = timers;
    this.wakeUp = wakeUp;
  }

  /** Monotonic now. */
  long nanos() {
    return timers.nanos();
  }

  void add(Consumer<ExchangeOutcome> done, ExchangeOutcome outcome) {
    waiting.add(new Completion(done, outcome));
    wakeUp.run();
  }

  /**
   * Tells those that wait now; what they start and complete meanwhile is told next time. One that
   * throws does not silence the others: they are told soon.
   */
  void tellAll() {
    try {
      for (int left = waiting.size(); left > 0 && !waiting.isEmpty(); left--) {
        waiting.remove().tell();
      }
    } finally {
      if (!waiting.isEmpty()) {
        wakeUp.run();
      }
    }
  }
}
