package io.coagateway.app;

import io.coagateway.accounting.AccountingObserver;
import io.coagateway.ratelimit.LogLimit;
import io.coagateway.subscriber.JoinRule;
import io.coagateway.wire.AddressText;
import io.coagateway.wire.Label;
import java.net.InetSocketAddress;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an operator has to know of accounting: of each kind at most {@value #LINES_PER_SECOND} lines
 * a second, so that what strangers send hides nothing else.
 */
final class AccountingLog implements AccountingObserver {
  private static final Logger LOG = LoggerFactory.getLogger("coa-gateway.accounting");
  private static final int LINES_PER_SECOND = 5;

  private final Map<Drop, LogLimit> drops = new EnumMap<>(Drop.class);
  private final LogLimit ambiguous;
  private final LogLimit stacks;

  AccountingLog(LongSupplier nanos) {
    for (Drop drop : Drop.values()) {
      drops.put(drop, new LogLimit(LINES_PER_SECOND, nanos));
    }
    ambiguous = new LogLimit(LINES_PER_SECOND, nanos);
    stacks = new LogLimit(1, nanos);
  }

  @Override
  public void dropped(Drop why, InetSocketAddress source) {
    drops.get(why).line(more -> dropped(why, source, more));
  }

  /** A client that repeats what is being worked on is met in a sound network every day. */
  private static void dropped(Drop why, InetSocketAddress source, String more) {
    if (why == Drop.DUPLICATE_IN_PROGRESS) {
      LOG.debug(
          "accounting-dropped reason={} source={}{}", Label.of(why), AddressText.of(source), more);
    } else {
      LOG.warn(
          "accounting-dropped reason={} source={}{}", Label.of(why), AddressText.of(source), more);
    }
  }

  @Override
  public void defect(Throwable defect) {
    stacks.line(more -> LOG.error("accounting-defect {}{}", defect, more, defect));
  }

  @Override
  public void joined(Optional<JoinRule> rule, String recordId, String session) {
    LOG.debug(
        "accounting-joined id={} session={} rule={}",
        recordId,
        session,
        rule.map(JoinRule::label).orElse("known"));
  }

  @Override
  public void ambiguous(JoinRule rule, String session) {
    ambiguous.line(
        more -> LOG.warn("accounting-ambiguous rule={} session={}{}", rule.label(), session, more));
  }
}
