package io.coagateway.app;

import io.coagateway.admin.GatewayStatus.Dropped;
import io.coagateway.das.DasObserver;
import io.coagateway.das.DropReason;
import io.coagateway.radius.DynamicAuthorizationRequest.Kind;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * What a person wants to see of the RADIUS side: requests of each DAC, and what was dropped and
 * why. Written on the RADIUS loop, read on any thread.
 *
 * <p>Bounds: one entry for each drop reason and DAC.
 */
final class DasBoard implements DasObserver {
  private final InstantSource clock;
  private final Map<DropReason, Drops> drops = new EnumMap<>(DropReason.class); // not changed
  private final Map<String, LongAdder> requests = new ConcurrentHashMap<>();

  private static final class Drops {
    private final LongAdder count = new LongAdder();
    private volatile String client = "";
    private volatile long atMillis;
  }

  DasBoard(InstantSource clock) {
    this.clock = clock;
    for (DropReason reason : DropReason.values()) {
      drops.put(reason, new Drops());
    }
  }

  @Override
  public void dropped(DropReason reason, String client, int code) {
    Drops entry = drops.get(reason); // hundreds of thousands a second, in a flood
    entry.client = client;
    entry.atMillis = clock.millis();
    entry.count.increment();
  }

  @Override
  public void accepted(String client, Kind kind) {
    requests.computeIfAbsent(client, n -> new LongAdder()).increment();
  }

  /** How many of a DAC's requests were proven authentic, fresh and new. */
  long requests(String client) {
    LongAdder count = requests.get(client);
    return count == null ? 0 : count.sum();
  }

  /** In the order of the reasons. */
  List<Dropped> drops() {
    List<Dropped> all = new ArrayList<>();
    for (DropReason reason : DropReason.values()) {
      Drops entry = drops.get(reason);
      long count = entry.count.sum();
      if (count > 0) {
        all.add(new Dropped(reason, count, entry.client, Instant.ofEpochMilli(entry.atMillis)));
      }
    }
    return all;
  }
}
