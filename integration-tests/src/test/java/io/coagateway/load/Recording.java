package io.coagateway.load;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedStackTrace;
import jdk.jfr.consumer.RecordingFile;

/**
 * What a flight recording says at a glance: where threads were seen running, and what they
 * allocated. The file itself opens in JDK Mission Control, flame graph included.
 */
final class Recording {
  private static final int FRAMES = 25;
  private static final int SITE_FRAMES = 4;

  private final Map<String, Double> running = new HashMap<>();
  private final Map<String, Double> below = new HashMap<>();
  private final Map<String, Double> sites = new HashMap<>();

  private Recording() {}

  /** What to add to a JVM's command line so that it records into {@code file} until it ends. */
  static String option(Path file) {
    return "-XX:StartFlightRecording=settings=profile,dumponexit=true,filename=" + file;
  }

  /** Prints the top of a finished recording. */
  static void print(Path file) throws IOException {
    Recording recording = new Recording();
    try (RecordingFile events = new RecordingFile(file)) {
      while (events.hasMoreEvents()) {
        recording.add(events.readEvent());
      }
    }
    System.out.println("\n" + file + ": open it in JDK Mission Control");
    print(
        "running Java code, share of the samples that had the method on the stack",
        below(recording));
    print("running Java code, share of the samples by the innermost method", recording.running);
    print("allocating, share of the octets by site", recording.sites);
  }

  private static Map<String, Double> below(Recording recording) {
    Map<String, Double> ours = new HashMap<>(recording.below);
    ours.keySet().removeIf(method -> !method.startsWith("io.coagateway"));
    double all = recording.running.values().stream().mapToDouble(d -> d).sum();
    ours.put("", all - ours.values().stream().mapToDouble(d -> d).sum()); // the whole is 100 %
    return ours;
  }

  private void add(RecordedEvent event) {
    RecordedStackTrace stack = event.getStackTrace();
    if (stack == null || stack.getFrames().isEmpty()) {
      return;
    }
    String type = event.getEventType().getName();
    if (type.equals("jdk.ExecutionSample")) {
      running.merge(name(stack.getFrames().get(0)), 1.0, Double::sum);
      Set<String> methods = new HashSet<>();
      for (RecordedFrame frame : stack.getFrames()) {
        if (methods.add(name(frame))) {
          below.merge(name(frame), 1.0, Double::sum);
        }
      }
    } else if (type.equals("jdk.ObjectAllocationSample")) {
      StringBuilder site = new StringBuilder(event.getClass("objectClass").getName());
      for (int i = 0; i < Math.min(SITE_FRAMES, stack.getFrames().size()); i++) {
        site.append(i == 0 ? " in " : " < ").append(name(stack.getFrames().get(i)));
      }
      sites.merge(site.toString(), (double) event.getLong("weight"), Double::sum);
    }
  }

  private static String name(RecordedFrame frame) {
    return frame.getMethod().getType().getName() + "." + frame.getMethod().getName();
  }

  private static void print(String title, Map<String, Double> shares) {
    double all = shares.values().stream().mapToDouble(d -> d).sum();
    ToDoubleFunction<Map.Entry<String, Double>> weight = entry -> -entry.getValue();
    System.out.println("\n" + title);
    shares.entrySet().stream()
        .filter(entry -> !entry.getKey().isEmpty())
        .sorted(java.util.Comparator.comparingDouble(weight))
        .limit(FRAMES)
        .forEach(
            entry ->
                System.out.printf("%6.1f %%  %s%n", 100 * entry.getValue() / all, entry.getKey()));
  }
}
