package io.coagateway.accounting;

import io.coagateway.accounting.AccountingRequest.SessionName;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * When sessions ended, for a Start or Interim-Update that got lost and is repeated after the Stop:
 * its Acct-Delay-Time (RFC 2866 section 5.2) says that it is older. One without is believed, for
 * some NASes use an Acct-Session-Id again.
 *
 * <p>For the gateway loop.
 */
final class EndedSessions {
  /** Of more, the oldest are forgotten. */
  static final int MOST = 16_384;

  private final Map<SessionName, Long> ends = new LinkedHashMap<>();

  /**
   * It has ended.
   *
   * @param nanos when, in monotonic time
   */
  void add(SessionName name, long nanos) {
    ends.remove(name);
    ends.put(name, nanos);
    if (ends.size() > MOST) {
      ends.remove(ends.keySet().iterator().next());
    }
  }

  /** Whether it ended later than that. */
  boolean hasAfter(SessionName name, long nanos) {
    Long end = ends.get(name);
    return end != null && end - nanos > 0;
  }
}
