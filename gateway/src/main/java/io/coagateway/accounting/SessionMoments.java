package io.coagateway.accounting;

import io.coagateway.accounting.AccountingRequest.SessionName;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * When something was last so of sessions, by the time at which it happened on the NAS: the time at
 * which it came, less its Acct-Delay-Time (RFC 2866 section 5.2). A packet that got lost and is
 * repeated tells by its own that it is older than what came in between. What does not say is taken
 * to be new, for some NASes use an Acct-Session-Id again.
 *
 * <p>For the gateway loop.
 */
final class SessionMoments {
  /** Of more, the oldest are forgotten. */
  static final int MOST = 16_384;

  private final Map<SessionName, Long> last = new LinkedHashMap<>();

  /**
   * It was so then, and perhaps later too.
   *
   * @param nanos when, in monotonic time
   */
  void add(SessionName name, long nanos) {
    Long before = last.remove(name);
    last.put(name, before != null && before - nanos > 0 ? before : nanos);
    if (last.size() > MOST) {
      last.remove(last.keySet().iterator().next());
    }
  }

  /** Whether it was so later than that, as far as is known. */
  boolean hasAfter(SessionName name, long nanos) {
    Long moment = last.get(name);
    return moment != null && moment - nanos > 0;
  }
}
