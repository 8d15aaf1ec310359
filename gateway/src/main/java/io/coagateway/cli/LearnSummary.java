package io.coagateway.cli;

import io.coagateway.capture.FrameObserver;
import io.coagateway.capture.FrameSkip;
import io.coagateway.learn.LearnObserver;
import io.coagateway.learn.SkipReason;
import io.coagateway.subscriber.SubscriberRecord;
import java.io.PrintWriter;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Counts what a capture gave, for a person; one example of each thing that was skipped. */
final class LearnSummary implements LearnObserver, FrameObserver {
  private static final int MOST_NAMES = 1_000_000;

  private final PrintWriter each;
  private final Map<Result, Set<String>> records = new EnumMap<>(Result.class);
  private final Map<String, Count> skips = new TreeMap<>();
  private long messages;
  private boolean printed;

  private static final class Count {
    private long number;
    private String example = "";
  }

  /**
   * @param each gets a line for each thing that happens; null: only the summary is wanted
   */
  LearnSummary(PrintWriter each) {
    this.each = each;
  }

  @Override
  public synchronized void seen() {
    messages++;
  }

  @Override
  public void skipped(SkipReason reason, String detail) {
    skipped(reason.label(), detail);
  }

  @Override
  public void skipped(FrameSkip reason, String detail) {
    skipped(reason.label(), detail);
  }

  private synchronized void skipped(String reason, String detail) {
    Count count = skips.computeIfAbsent(reason, r -> new Count());
    count.number++;
    if (count.number == 1) {
      count.example = detail;
    }
    tell("skipped " + reason + ": " + detail);
  }

  @Override
  public synchronized void took(Result result, SubscriberRecord record) {
    Set<String> names = records.computeIfAbsent(result, r -> new HashSet<>());
    if (names.size() < MOST_NAMES) {
      names.add(record.nas() + "/" + record.id());
    }
    if (result != Result.UNCHANGED) {
      tell(result.name().toLowerCase(Locale.ROOT) + " " + record.id());
    }
  }

  private void tell(String line) {
    if (each != null) {
      each.println(line);
      each.flush();
    }
  }

  synchronized void print(long frames, PrintWriter out) {
    if (printed) {
      return;
    }
    printed = true;
    out.printf("%d frames, %d messages between relay and server%n", frames, messages);
    out.printf(
        "records: %d learned, %d updated, %d removed%n",
        count(Result.LEARNED), count(Result.UPDATED), count(Result.REMOVED));
    skips.forEach(
        (reason, count) ->
            out.printf("skipped: %d %s, the first: %s%n", count.number, reason, count.example));
    out.flush();
  }

  private int count(Result result) {
    return records.getOrDefault(result, Set.of()).size();
  }
}
