package io.coagateway.load;

import io.coagateway.config.DictionaryFiles;
import io.coagateway.radius.AttributeDictionary;
import io.coagateway.radius.Attributes;
import io.coagateway.subscriber.OptionChange;
import io.coagateway.subscriber.PendingChange;
import io.coagateway.subscriber.RecordFormat;
import io.coagateway.subscriber.RecordFormatException;
import io.coagateway.subscriber.SessionKey;
import io.coagateway.subscriber.SessionQuery;
import io.coagateway.subscriber.SubscriberRecord;
import io.coagateway.subscriber.SubscriberTable;
import io.coagateway.subscriber.SubscriberTables;
import io.coagateway.subscriber.TableObserver;
import io.coagateway.subscriber.TableParameters;
import io.coagateway.subscriber.TableTransfer;
import io.coagateway.subscriber.TableUnavailableException;
import io.coagateway.wire.Octets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** The subscriber table in a SQLite file: a lookup, and a change made durable. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class LookupBenchmark {
  private static final int GROUP = 64;
  private static final String NAS = "nas1.example.net";

  /** How many records the table has. */
  @Param({"10000", "100000", "1000000"})
  int subscribers;

  private final AttributeDictionary dictionary = DictionaryFiles.builtIn();
  private final RecordFormat format = new RecordFormat(dictionary);
  private final SplittableRandom random = new SplittableRandom(1);
  private final List<SessionQuery> queries = new ArrayList<>();
  private Path directory;
  private SubscriberTable table;

  /** Fills the table. */
  @Setup
  public void setUp() throws IOException, TableUnavailableException, RecordFormatException {
    directory = Files.createTempDirectory(Path.of("/var/tmp"), "coa-bench-");
    TableParameters parameters =
        TableParameters.of("jdbc:sqlite:" + directory.resolve("subscribers.db"));
    fill(parameters);
    table =
        SubscriberTables.open(
            parameters, dictionary, TableObserver.NONE, Runnable::run, System::nanoTime);
    while (!table.status().indexComplete()) {
      Thread.onSpinWait(); // the reader thread loads it
    }
  }

  private void fill(TableParameters parameters)
      throws TableUnavailableException, RecordFormatException {
    Workload workload = new Workload(subscribers, 1, true);
    try (TableTransfer transfer =
            SubscriberTables.transfer(parameters, dictionary, unreadable -> {});
        TableTransfer.Replacing filling = transfer.replace()) {
      List<SubscriberRecord> batch = new ArrayList<>();
      for (int i = 0; i < subscribers; i++) {
        queries.add(query(i));
        batch.add(format.parse(workload.record(i), NAS));
        if (batch.size() == TableTransfer.BATCH || i == subscribers - 1) {
          filling.add(batch);
          batch.clear();
        }
      }
      filling.swap(Set.of(NAS));
    }
  }

  /** Removes the table. */
  @TearDown
  public void tearDown() throws IOException {
    table.close();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(directory);
  }

  /** A random subscriber by User-Name and Acct-Session-Id. */
  @Benchmark
  public List<SubscriberRecord> find() {
    return find(random.nextInt(subscribers));
  }

  /** New options for one of 64 random subscribers: durable as pending, then confirmed. */
  @Benchmark
  @OperationsPerInvocation(GROUP)
  public int beginAndConfirm() {
    List<CompletableFuture<Void>> all = new ArrayList<>();
    for (int i = 0; i < GROUP; i++) {
      SubscriberRecord record = find(random.nextInt(subscribers)).get(0);
      all.add(
          table
              .begin(List.of(new OptionChange(record, record.options())))
              .thenCompose((List<PendingChange> pending) -> table.confirm(pending))
              .exceptionally(stale -> null) // the same subscriber twice among the 64
              .toCompletableFuture());
    }
    all.forEach(CompletableFuture::join);
    return all.size();
  }

  private List<SubscriberRecord> find(int i) {
    return table.find(queries.get(i), 2).toCompletableFuture().join();
  }

  private static SessionQuery query(int i) {
    return new SessionQuery(
        NAS,
        List.of(
            SessionKey.of(Attributes.USER_NAME, Octets.ofUtf8("user%06d@example.net".formatted(i))),
            SessionKey.of(
                Attributes.ACCT_SESSION_ID, Octets.ofUtf8("%08X".formatted(0x8A000000 + i)))));
  }
}
