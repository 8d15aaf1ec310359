package io.coagateway.accounting;

import io.coagateway.accounting.AccountingRequest.SessionName;
import io.coagateway.radius.Attribute;
import io.coagateway.subscriber.TableUnavailableException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Keeps what is told in the order in which it came, for the table takes its time: what concerns a
 * session waits for what was told of it before, so that no Stop comes past its Start; a NAS that
 * begins anew waits for all that it told before, and what it tells later waits for that, so that it
 * ends the sessions before it and no others. Whatever has to wait for nothing begins at once.
 *
 * <p>For the gateway loop.
 */
final class Turns {
  /** As many as are remembered for their repetitions. */
  static final int MOST = 16_384;

  private final Map<SessionName, CompletionStage<?>> sessions = new HashMap<>(); // the last of each
  private final Map<Attribute, CompletionStage<?>> restarts = new HashMap<>();
  private int underWay;

  /**
   * What concerns one session.
   *
   * @param work begun when it is its turn
   * @return what {@code work} gives; fails with {@link TableUnavailableException} when there is too
   *     much under way
   */
  <T> CompletionStage<T> ofSession(SessionName name, Supplier<CompletionStage<T>> work) {
    List<CompletionStage<?>> before = new ArrayList<>(2);
    if (sessions.containsKey(name)) {
      before.add(sessions.get(name));
    }
    name.nas().map(restarts::get).ifPresent(before::add);
    return after(before, sessions, name, work);
  }

  /**
   * What concerns all sessions of a NAS.
   *
   * @param nas the first of its names, as in {@link SessionName}
   * @param work as above
   */
  <T> CompletionStage<T> ofNas(Attribute nas, Supplier<CompletionStage<T>> work) {
    List<CompletionStage<?>> before = new ArrayList<>();
    sessions.forEach(
        (name, last) -> {
          if (name.nas().filter(nas::equals).isPresent()) {
            before.add(last);
          }
        });
    if (restarts.containsKey(nas)) {
      before.add(restarts.get(nas));
    }
    return after(before, restarts, nas, work);
  }

  private <K, T> CompletionStage<T> after(
      List<CompletionStage<?>> before,
      Map<K, CompletionStage<?>> last,
      K key,
      Supplier<CompletionStage<T>> work) {
    if (underWay >= MOST) {
      return CompletableFuture.failedFuture(
          new TableUnavailableException(
              TableUnavailableException.Reason.QUEUE_FULL, "too much accounting is under way"));
    }
    CompletionStage<Void> turn = CompletableFuture.completedFuture(null);
    for (CompletionStage<?> one : before) {
      turn = turn.thenCombine(one.handle((result, failure) -> result), (all, result) -> null);
    }
    underWay++;
    CompletionStage<T> mine = turn.thenCompose(itIs -> work.get());
    last.put(key, mine);
    mine.whenComplete(
        (result, failure) -> {
          underWay--;
          last.remove(key, mine); // unless another waits for this one
        });
    return mine;
  }
}
