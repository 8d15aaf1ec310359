package io.coagateway.subscriber;

import static io.coagateway.subscriber.TestTables.DICTIONARY;
import static io.coagateway.subscriber.TestTables.FORMAT;
import static io.coagateway.subscriber.TestTables.NAS;
import static io.coagateway.subscriber.TestTables.await;
import static io.coagateway.subscriber.TestTables.options;
import static io.coagateway.subscriber.TestTables.subscriber;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A relay that only writes a file. */
@ParameterizedClass
@EnumSource(TestDatabase.Kind.class)
class TableFileTest {
  @Parameter TestDatabase.Kind kind;
  @TempDir Path directory;
  private final List<String> problems = Collections.synchronizedList(new ArrayList<>());
  private final List<String> readings = Collections.synchronizedList(new ArrayList<>());
  private final AtomicBoolean deaf = new AtomicBoolean();
  private TestDatabase database;
  private Path file;
  private SubscriberTable table;
  private TableFile watched;

  @BeforeEach
  void open() throws Exception {
    database = kind.in(directory);
    file = directory.resolve("sessions.ndjson");
    table = database.open();
    watched =
        TableFile.start(
            file,
            Duration.ofMillis(20),
            NAS,
            table,
            database.parameters("file"),
            DICTIONARY,
            new TableObserver() {
              @Override
              public void unreadable(List<String> found) {
                problems.addAll(found);
              }

              @Override
              public void defect(Throwable defect) {
                problems.add(defect.getMessage());
              }

              @Override
              public void fileRead(long lines, int written, int removed, int bad) {
                if (deaf.getAndSet(false)) {
                  throw new IllegalStateException("deaf");
                }
                readings.add(
                    "%d lines, %d written, %d removed, %d bad"
                        .formatted(lines, written, removed, bad));
              }
            });
  }

  @AfterEach
  void close() {
    watched.close();
    table.close();
  }

  private static String lines(int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(n -> FORMAT.print(subscriber(n)) + "\n")
        .collect(Collectors.joining());
  }

  /** A file that is not there comes with its text: nobody can read it while it is empty. */
  private void append(String text) throws IOException {
    if (Files.exists(file)) {
      Files.writeString(file, text, StandardOpenOption.APPEND);
    } else {
      replaceBy(text);
    }
  }

  private void replaceBy(String text) throws IOException {
    replaceBy(text, StandardCharsets.UTF_8);
  }

  private void replaceBy(String text, Charset charset) throws IOException {
    Path next = Files.writeString(directory.resolve("next"), text, charset);
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
  }

  private void awaitRecords(int count) {
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> table.status().indexComplete() && table.status().records() == count);
  }

  @Test
  void takesOverWhatIsThereAndWhatIsAppended() throws Exception {
    append(lines(0, 1200));
    awaitRecords(1200);
    append(lines(1200, 1203) + "{\"id\":\"port-7\",\"removed\":true}\n");
    awaitRecords(1202);
    assertThat(await(table.get(NAS, "port-7"))).isEmpty();
    assertThat(await(table.get(NAS, "port-1201")).orElseThrow().sameContent(subscriber(1201)))
        .isTrue();
    assertThat(problems).isEmpty();
  }

  @Test
  void leavesOutWhatTheTableDoesNotTake() throws Exception {
    boolean refuses = kind != TestDatabase.Kind.MEMORY; // which takes every record
    if (refuses) {
      database.refuse("port-3");
    }
    replaceBy(lines(0, 10) + "{\"id\":\"a\\u0000b\",\"removed\":true}\n" + lines(10, 12));
    awaitRecords(refuses ? 11 : 12);
    await().untilAsserted(() -> assertThat(readings).hasSize(1));
    assertThat(readings)
        .containsExactly(
            refuses
                ? "13 lines, 11 written, 0 removed, 2 bad"
                : "13 lines, 12 written, 0 removed, 1 bad");
    assertThat(problems)
        .hasSize(refuses ? 2 : 1)
        .anySatisfy(one -> assertThat(one).contains(":11: id: has the character U+0000"));
    assertThat(problems.stream().anyMatch(one -> one.contains(": port-3: cannot write a record")))
        .isEqualTo(refuses);
  }

  @Test
  void leavesALineAloneUntilItIsWhole() throws Exception {
    String line = lines(1, 2);
    append(lines(0, 1) + line.substring(0, 100));
    awaitRecords(1);
    append(line.substring(100));
    awaitRecords(2);
    assertThat(problems).isEmpty();
  }

  @Test
  void aFileThatIsPutInItsPlaceIsTheWholeTruth() throws Exception {
    append(lines(0, 10));
    awaitRecords(10);
    replaceBy(lines(5, 12));
    awaitRecords(7);
    assertThat(await(table.get(NAS, "port-0"))).isEmpty();
    assertThat(await(table.get(NAS, "port-11"))).isPresent();
    await()
        .untilAsserted(
            () ->
                assertThat(readings)
                    .containsExactly(
                        "10 lines, 10 written, 0 removed, 0 bad",
                        "7 lines, 2 written, 5 removed, 0 bad"));
  }

  @Test
  void aBadLineIsNamedAndNothingIsRemovedOnItsAccount() throws Exception {
    append(lines(0, 3));
    awaitRecords(3);
    replaceBy(lines(3, 4) + "{\"id\":\"port-0\",\"duid\":\"00\"}\n" + lines(4, 5));
    awaitRecords(5);
    assertThat(problems).hasSize(1);
    assertThat(problems.get(0)).startsWith(file + ":2: ");
  }

  @Test
  void aLineThatIsNotUtf8IsABadLine() throws Exception {
    String mueller = lines(1, 2).replace("user1@", "m\u00fcller@");
    replaceBy(lines(0, 1) + mueller + lines(2, 3), StandardCharsets.ISO_8859_1);
    awaitRecords(2);
    await()
        .untilAsserted(
            () -> assertThat(readings).containsExactly("3 lines, 2 written, 0 removed, 1 bad"));
    assertThat(problems).hasSize(1);
    assertThat(problems.get(0)).startsWith(file + ":2: not UTF-8, octet ");
  }

  @Test
  void keepsTheOptionsThatACoaHasChanged() throws Exception {
    append(lines(0, 1));
    awaitRecords(1);
    SubscriberRecord base = await(table.get(NAS, "port-0")).orElseThrow();
    await(table.confirm(await(table.begin(List.of(new OptionChange(base, options("by a CoA")))))));
    SubscriberRecord moved =
        subscriber(0).toBuilder().interfaceId(TestTables.text("2/2/2")).build();
    append(FORMAT.print(moved) + "\n");
    await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () -> await(table.get(NAS, "port-0")).orElseThrow().interfaceId(),
            moved.interfaceId()::equals);
    assertThat(await(table.get(NAS, "port-0")).orElseThrow().options())
        .isEqualTo(options("by a CoA"));
  }

  @Test
  void looksAgainAfterADefect() throws Exception {
    deaf.set(true);
    append(lines(0, 2));
    awaitRecords(2);
    append(lines(2, 3));
    awaitRecords(3);
    assertThat(problems).containsExactly("deaf");
  }

  @Test
  void leavesOtherNasesAlone() throws Exception {
    SubscriberRecord other =
        SubscriberRecord.builder(
                "nas2", "port-1", subscriber(1).duid(), subscriber(1).linkAddress())
            .build();
    await(table.put(other));
    append(lines(0, 2));
    awaitRecords(3);
    replaceBy(lines(1, 2));
    awaitRecords(2);
    assertThat(await(table.get("nas2", "port-1"))).isPresent();
  }
}
