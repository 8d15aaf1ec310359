package io.coagateway.admin;

import java.util.function.Consumer;

/** What the relay must know: options pending, confirmed, put back; bindings released. */
public interface EventSource {
  /** Stops the flow of events to one listener. */
  @FunctionalInterface
  interface Subscription {
    /** No event comes after this, but for one that is on its way. Closing twice is harmless. */
    void close();
  }

  /**
   * One event.
   *
   * @param name what happened, like {@code options-pending}; lower case with hyphens
   * @param json one JSON object without line breaks
   */
  record Event(String name, String json) {}

  /**
   * Hands every event from now on to {@code listener}, on any thread, in the order in which they
   * happened. The listener does not block.
   */
  Subscription listen(Consumer<Event> listener);

  /** A listener was cut off because it took its events too slowly. On any thread. */
  void tooSlow();
}
