package io.coagateway.das;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coagateway.radius.Attribute;
import io.coagateway.radius.AttributeId;
import io.coagateway.vectors.Vector;
import io.coagateway.vectors.VectorFile;
import io.coagateway.wire.Octets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Walks the vectors of {@code vectors/das}. The steps of a vector:
 *
 * <pre>
 * receive ADDRESS PORT [on LOCAL] HEX => accepted KIND [USER-NAME] | dropped REASON
 *                                      | again HEX     the stored answer, to where it came from first
 *                                      | replayed HEX  the stored answer, to somewhere else
 *                                      | refused HEX   a NAK without asking the handler
 * answer [USER-NAME] ack|nak [CAUSE] [with TYPE=HEX] => sent HEX | nothing
 * pass DURATION      both clocks go on
 * clock DURATION     the wall clock alone steps, forward or (with a minus) back
 * stop               no new requests
 * break              the handler throws from now on
 * </pre>
 *
 * <p>{@code client} gives settings of a client, {@code memory} the size of the replay memory.
 */
class ReceivePipelineTest {
  private static final String LOCAL = "198.51.100.1";

  static List<Vector> vectors() {
    return VectorFile.folder("das");
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void followsTheVector(Vector vector) {
    List<String> settings = vector.all("client");
    Bench bench =
        new Bench(
            (settings.isEmpty() ? List.of("") : settings).stream().map(Bench::client).toList(),
            vector.find("memory").map(Integer::parseInt).orElse(256));
    for (String step : vector.all("step")) {
      run(bench, step);
    }
  }

  private static void run(Bench bench, String step) {
    int arrow = step.indexOf("=>");
    String[] does = step.substring(0, arrow < 0 ? step.length() : arrow).strip().split("\\s+");
    String[] expected = arrow < 0 ? new String[0] : step.substring(arrow + 2).strip().split("\\s+");
    String to = "";
    String from = LOCAL;
    switch (does[0]) {
      case "receive" -> {
        int hexAt = 3;
        if (does.length > 4 && does[3].equals("on")) {
          from = does[4];
          hexAt = 5;
        }
        to = does[1] + " " + does[2];
        bench.receive(join(does, hexAt), Bench.socket(does[1], Integer.parseInt(does[2])), from);
      }
      case "answer" -> answer(bench, does);
      case "pass" -> bench.time.pass(duration(does[1]));
      case "clock" -> bench.time.setWallClock(bench.time.instant().plus(duration(does[1])));
      case "stop" -> bench.pipeline.stopAccepting();
      case "break" -> bench.breakHandler();
      default -> throw new AssertionError("no such step: " + step);
    }
    List<String> events = bench.takeEvents();
    String outcome = expected.length == 0 ? "nothing" : expected[0];
    switch (outcome) {
      case "nothing" -> assertThat(events).as(step).isEmpty();
      case "accepted", "dropped" ->
          assertThat(events).as(step).containsExactly(String.join(" ", expected));
      case "sent" -> {
        assertThat(events).as(step).hasSize(1);
        assertThat(events.get(0)).as(step).startsWith("sent " + join(expected, 1) + " to ");
      }
      case "refused" ->
          assertThat(events)
              .as(step)
              .containsExactly("sent " + join(expected, 1) + " to " + to + " from " + from);
      case "again", "replayed" ->
          assertThat(events)
              .as(step)
              .containsExactly(
                  outcome, "sent " + join(expected, 1) + " to " + to + " from " + from);
      default -> throw new AssertionError("no such outcome: " + step);
    }
  }

  private static void answer(Bench bench, String[] words) {
    List<String> left = new ArrayList<>(Arrays.asList(words).subList(1, words.length));
    Optional<String> user = Optional.empty();
    if (!left.get(0).equals("ack") && !left.get(0).equals("nak")) {
      user = Optional.of(left.remove(0));
    }
    boolean ack = left.remove(0).equals("ack");
    Optional<Integer> cause = Optional.empty();
    if (!left.isEmpty() && !left.get(0).equals("with")) {
      cause = Optional.of(Integer.parseInt(left.remove(0)));
    }
    List<Attribute> with = new ArrayList<>();
    if (!left.isEmpty()) {
      String[] attribute = left.get(1).split("=", 2);
      with.add(new Attribute(AttributeId.parse(attribute[0]), Octets.ofHex(attribute[1])));
    }
    bench.answer(user, ack, cause, with);
  }

  private static Octets join(String[] words, int from) {
    return Octets.ofHex(String.join("", Arrays.asList(words).subList(from, words.length)));
  }

  private static Duration duration(String text) {
    return text.endsWith("ms")
        ? Duration.ofMillis(Long.parseLong(text.substring(0, text.length() - 2)))
        : Duration.ofSeconds(Long.parseLong(text.substring(0, text.length() - 1)));
  }

  @Test
  void aStepThatTurnsOutOtherwiseFails() {
    Bench bench = new Bench(List.of(Bench.client("")), 256);
    assertThatThrownBy(() -> run(bench, "receive 192.0.2.9 4000 2b => accepted COA"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("dropped BAD_LENGTH");
  }

  /** RFC 5176 section 6.3: what is remembered and what is current go by one window. */
  @Test
  void reloadChangesTheWindowOfBoth() {
    Bench bench = new Bench(List.of(Bench.client("")), 256);
    DasParameters before = Bench.parameters(List.of(Bench.client("")));
    bench.pipeline.reload(
        new DasParameters(
            before.listen(),
            before.clients(),
            Duration.ofSeconds(10),
            before.replayEntries(),
            before.receiveBuffer(),
            before.floodShield(),
            before.tls()));

    String undated =
        "receive 192.0.2.9 4000 2b09001ba31629d65b64d6851744c1da766475f40107616c696365";
    String dated =
        "receive 192.0.2.9 4000 2b07003b993023748065cc362a58a78d7889f1fc"
            + "501232d0a40146765b889683031ebce3c10d"
            + "0107616c6963653706680000002104703121047032";
    run(bench, undated + " => accepted COA alice");
    bench.answer(Optional.empty(), true, Optional.empty(), List.of());
    bench.takeEvents();
    run(bench, "pass 11s");
    run(bench, undated + " => accepted COA alice");
    run(bench, dated + " => dropped EVENT_TIMESTAMP_OLD");
  }

  @Test
  void everyDropReasonIsNamedByAVector() {
    String all =
        vectors().stream()
            .flatMap(v -> v.all("step").stream())
            .reduce("", String::concat)
            .toUpperCase(Locale.ROOT);
    assertThat(DropReason.values())
        .filteredOn(reason -> !all.contains("DROPPED " + reason))
        .as("these have tests of their own, see ReplayMemoryTest and FloodTest")
        .containsExactly(
            DropReason.ANSWER_NOT_KEPT,
            DropReason.BEFORE_REPLAY_MEMORY,
            DropReason.REPLAY_MEMORY_FULL);
  }
}
