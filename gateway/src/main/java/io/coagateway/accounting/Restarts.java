package io.coagateway.accounting;

import io.coagateway.accounting.AccountingRequest.Status;
import io.coagateway.radius.Attribute;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The last Accounting-On and -Off of each NAS that were carried out. A NAS that missed the answer
 * sends it again, and when it says by Acct-Delay-Time how long it has tried, the packet is another
 * one, with another Identifier (RFC 2866 section 5.2): by then sessions may have begun that it must
 * not end. It is known by the time at which the NAS began anew.
 *
 * <p>For the gateway loop.
 */
final class Restarts {
  /** Of more, the oldest are forgotten. */
  static final int MOST = 1024;

  /** Acct-Delay-Time is in whole seconds, and packets take a while. */
  private static final long SAME_NANOS = Duration.ofSeconds(2).toNanos();

  private final Map<Restart, Long> last = new LinkedHashMap<>();

  private record Restart(Attribute nas, Status status) {}

  /**
   * Whether this was carried out already.
   *
   * @param nanos when it happened, in monotonic time
   */
  boolean has(Attribute nas, Status status, long nanos) {
    Long before = last.get(new Restart(nas, status));
    return before != null && Math.abs(nanos - before) <= SAME_NANOS;
  }

  /**
   * Whether an On or Off was carried out that happened later: what was to be ended has been then.
   *
   * @param nanos in monotonic time
   */
  boolean hasAfter(Attribute nas, long nanos) {
    return Stream.of(Status.ON, Status.OFF)
        .map(status -> last.get(new Restart(nas, status)))
        .anyMatch(later -> later != null && later - nanos > 0);
  }

  /** It has been carried out. */
  void add(Attribute nas, Status status, long nanos) {
    Restart restart = new Restart(nas, status);
    last.remove(restart);
    last.put(restart, nanos);
    if (last.size() > MOST) {
      last.remove(last.keySet().iterator().next());
    }
  }
}
