package io.coagateway.app;

import io.coagateway.leasequery.LeaseAnswer;
import io.coagateway.leasequery.LeaseQuery;
import io.coagateway.leasequery.LeasequeryObserver;
import io.coagateway.ratelimit.LogLimit;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What an operator has to know of leasequeries over UDP, at a limited rate. */
final class LeasequeryLog implements LeasequeryObserver {
  private static final Logger LOG = LoggerFactory.getLogger("coa-gateway.leasequery");
  private static final int LINES_PER_SECOND = 5;

  /** What somebody can mend. A DHCPv6 client's messages on port 546 are everyday. */
  private static final Set<Discard> MENDABLE =
      EnumSet.of(Discard.UNKNOWN_SOURCE, Discard.NOT_FOR_US, Discard.MALFORMED);

  private final LogLimit limit;

  LeasequeryLog(LongSupplier nanos) {
    limit = new LogLimit(LINES_PER_SECOND, nanos);
  }

  @Override
  public void discarded(Discard reason, String detail) {
    if (MENDABLE.contains(reason)) {
      limit.line(
          more -> LOG.warn("leasequery-discarded reason={} {}{}", reason.label(), detail, more));
    } else {
      LOG.debug("leasequery-discarded reason={} {}", reason.label(), detail);
    }
  }

  @Override
  public void ended(LeaseQuery query, LeaseAnswer answer) {
    switch (answer.kind()) {
      case FOUND, NOTHING_KNOWN ->
          limit.line(
              more ->
                  LOG.info(
                      "leasequery-answered query=\"{}\" clients={}{}",
                      query.words(),
                      answer.clients().size(),
                      more));
      case REFUSED, NO_ANSWER, NOT_ASKED ->
          limit.line(
              more ->
                  LOG.warn(
                      "leasequery-in-vain query=\"{}\" outcome={} detail=\"{}\"{}",
                      query.words(),
                      answer.kind().label(),
                      Quoted.text(answer.detail()),
                      more));
    }
  }
}
