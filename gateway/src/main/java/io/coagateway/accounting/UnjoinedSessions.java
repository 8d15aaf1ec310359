package io.coagateway.accounting;

import io.coagateway.accounting.AccountingRequest.SessionName;
import io.coagateway.radius.Attribute;
import io.coagateway.subscriber.ClientKey;
import io.coagateway.subscriber.JoinRule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Sessions that wait for their client to appear, bounded in number and time; the oldest go. */
final class UnjoinedSessions {
  private final AccountingParameters parameters;
  private final Map<SessionName, Waiting> sessions = new LinkedHashMap<>();
  private final Map<ClientKey, Set<SessionName>> byKey = new HashMap<>();

  UnjoinedSessions(AccountingParameters parameters) {
    this.parameters = parameters;
  }

  private record Waiting(AccountingRequest request, List<ClientKey> keys, long nanos) {}

  void put(SessionName name, AccountingRequest request, long now) {
    remove(name);
    List<ClientKey> keys = new ArrayList<>();
    for (JoinRule rule : parameters.rules()) {
      keys.addAll(rule.keys(request.attributes(), parameters.duidAttributes()));
    }
    sessions.put(name, new Waiting(request, keys, now));
    keys.forEach(key -> byKey.computeIfAbsent(key, k -> new LinkedHashSet<>(1)).add(name));
    forget(now);
  }

  Optional<AccountingRequest> remove(SessionName name) {
    Optional<Waiting> waiting = Optional.ofNullable(sessions.remove(name));
    waiting.ifPresent(w -> unkey(name, w));
    return waiting.map(Waiting::request);
  }

  private void unkey(SessionName name, Waiting waiting) {
    for (ClientKey key : waiting.keys()) {
      byKey.computeIfPresent(
          key,
          (k, names) -> {
            names.remove(name);
            return names.isEmpty() ? null : names;
          });
    }
  }

  /**
   * The sessions of a NAS wait no more.
   *
   * @param spared those that go on waiting all the same
   * @return whether there were any
   */
  boolean removeAll(Attribute nas, Predicate<SessionName> spared) {
    List<SessionName> its =
        sessions.keySet().stream()
            .filter(name -> name.nas().filter(nas::equals).isPresent())
            .filter(spared.negate())
            .toList();
    its.forEach(this::remove);
    return !its.isEmpty();
  }

  /** The sessions that one of these keys may be meant by. */
  List<SessionName> with(List<ClientKey> keys) {
    Set<SessionName> found = new LinkedHashSet<>();
    keys.forEach(key -> found.addAll(byKey.getOrDefault(key, Set.of())));
    return List.copyOf(found);
  }

  void forget(long now) {
    long memory = parameters.unjoinedMemory().toNanos();
    Iterator<Map.Entry<SessionName, Waiting>> oldest = sessions.entrySet().iterator();
    while (oldest.hasNext()) {
      Map.Entry<SessionName, Waiting> next = oldest.next();
      if (sessions.size() <= parameters.unjoinedLimit()
          && now - next.getValue().nanos() <= memory) {
        return;
      }
      oldest.remove();
      unkey(next.getKey(), next.getValue());
    }
  }

  int size() {
    return sessions.size();
  }
}
