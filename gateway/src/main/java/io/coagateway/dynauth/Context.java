package io.coagateway.dynauth;

import io.coagateway.mapping.Mapping;
import io.coagateway.radius.AttributeDictionary;
import io.coagateway.subscriber.RecordKey;
import io.coagateway.subscriber.SubscriberTable;
import io.coagateway.time.Timers;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * What all operations share. One context belongs to one set of parameters; an operation keeps the
 * context it was started with, so a reload never changes a request under way.
 */
record Context(
    DynauthParameters parameters,
    Route route,
    Mapping mapping,
    AttributeDictionary dictionary,
    SubscriberTable table,
    Exchanges exchanges,
    DataPath dataPath,
    Turns<RecordKey, Operation> turns,
    Timers timers,
    Executor loop,
    RequestObserver observer,
    Elsewhere elsewhere,
    Returns returns) {

  /** Runs one of the two on the loop when the stage ends; at once when it has ended already. */
  <T> void onLoop(CompletionStage<T> stage, Consumer<T> good, Consumer<Throwable> bad) {
    var future = stage.toCompletableFuture();
    if (future.isDone()) {
      deliver(future, good, bad);
    } else {
      stage.whenComplete((value, error) -> loop.execute(() -> deliver(future, good, bad)));
    }
  }

  private static <T> void deliver(
      java.util.concurrent.CompletableFuture<T> future, Consumer<T> good, Consumer<Throwable> bad) {
    T value;
    try {
      value = future.join();
    } catch (CompletionException e) {
      bad.accept(e.getCause() == null ? e : e.getCause());
      return;
    }
    good.accept(value);
  }
}
