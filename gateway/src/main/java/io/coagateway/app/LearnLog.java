package io.coagateway.app;

import io.coagateway.capture.FrameObserver;
import io.coagateway.capture.FrameSkip;
import io.coagateway.learn.LearnObserver;
import io.coagateway.learn.SkipReason;
import io.coagateway.ratelimit.LogLimit;
import io.coagateway.subscriber.SubscriberRecord;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an operator has to know of learning. Everyday skips are counted by the metrics and logged at
 * debug; those that somebody can mend are warnings, at a limited rate.
 */
final class LearnLog implements LearnObserver, FrameObserver {
  private static final Logger LOG = LoggerFactory.getLogger("coa-gateway.learn");
  private static final int LINES_PER_SECOND = 5;

  private static final Set<SkipReason> MENDABLE =
      EnumSet.of(
          SkipReason.UNKNOWN_SERVER,
          SkipReason.CONTRADICTION,
          SkipReason.QUEUE_FULL,
          SkipReason.TABLE_UNAVAILABLE);
  private static final Set<FrameSkip> MENDABLE_FRAMES =
      EnumSet.of(FrameSkip.FOREIGN_LINK_TYPE, FrameSkip.CUT_SHORT);

  private final LogLimit limit;

  LearnLog(LongSupplier nanos) {
    limit = new LogLimit(LINES_PER_SECOND, nanos);
  }

  @Override
  public void skipped(SkipReason reason, String detail) {
    skipped(MENDABLE.contains(reason), reason.label(), detail);
  }

  @Override
  public void skipped(FrameSkip reason, String detail) {
    skipped(MENDABLE_FRAMES.contains(reason), reason.label(), detail);
  }

  private void skipped(boolean mendable, String reason, String detail) {
    if (mendable) {
      synchronized (limit) {
        limit.line(more -> LOG.warn("learn-skipped reason={} {}{}", reason, detail, more));
      }
    } else {
      LOG.debug("learn-skipped reason={} {}", reason, detail);
    }
  }

  @Override
  public void took(Result result, SubscriberRecord record) {
    if (result == Result.LEARNED) {
      LOG.debug("learn-learned id={}", record.id());
    } else if (result == Result.REMOVED) {
      LOG.debug("learn-removed id={}", record.id());
    }
  }

  @Override
  public void expired(SubscriberRecord record) {
    LOG.debug("learn-expired id={}", record.id());
  }

  @Override
  public void clockLeapt(Duration by) {
    LOG.warn(
        "clock-leapt seconds={}: {}",
        by.toSeconds(),
        by.isNegative()
            ? "leases that were learned before end later by as much, unless it leapt forward before"
            : "no lease ends because of it within a day; set the clock right within that time");
  }

  void captureStarted() {
    LOG.info("capture-started");
  }

  void captureEnded(String why, Duration pause) {
    LOG.warn("capture-ended again-in-seconds={} {}", pause.toSeconds(), why);
  }
}
