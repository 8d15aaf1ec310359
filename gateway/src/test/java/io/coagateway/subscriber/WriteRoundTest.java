package io.coagateway.subscriber;

import static io.coagateway.subscriber.TestTables.NAS;
import static io.coagateway.subscriber.TestTables.options;
import static io.coagateway.subscriber.TestTables.subscriber;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a round asks the database, and what the memory index learns of it. */
class WriteRoundTest {
  private static final RecordKey NAME = new RecordKey(NAS, "port-7");

  private final MemoryIndex index = new MemoryIndex();
  private final TableTrouble trouble = new TableTrouble(TableObserver.NONE);
  private final List<String> asked = new ArrayList<>();

  /** A database that has version 13 of the record. */
  private final StoreSession session =
      (StoreSession)
          Proxy.newProxyInstance(
              StoreSession.class.getClassLoader(),
              new Class<?>[] {StoreSession.class},
              (proxy, method, arguments) -> {
                asked.add(method.getName());
                return method.getName().equals("read") ? Optional.of(stored(13)) : (Object) true;
              });

  private static Stored stored(long version) {
    return new Stored(70, subscriber(7).withOptions(options("v" + version), version));
  }

  private WriteRound round(boolean exact) {
    index.put(stored(12));
    return new WriteRound(session, index, exact);
  }

  private static MemoryIndex.Known known(long version) {
    return new MemoryIndex.Known(70, version);
  }

  @Test
  void anExactRoundAsksTheIndexAlone() throws Exception {
    assertThat(round(true).known(NAME)).contains(known(12));
    assertThat(asked).isEmpty();
  }

  @Test
  void anExactRoundAsksTheDatabaseOfWhatItHasWritten() throws Exception {
    WriteRound round = round(true);
    round.wrote(NAME);
    assertThat(round.known(NAME)).contains(known(13));
  }

  /** Who is told that his record is stale reads it again, from the index. */
  @Test
  void whatTheDatabaseSaysIsInTheIndexAfterTheCommit() throws Exception {
    WriteRound round = round(false);
    assertThat(round.known(NAME)).contains(known(13));
    assertThat(index.get(NAME)).contains(stored(12)); // it may yet be rolled back
    assertThat(round.runAfterCommit(trouble)).isTrue();
    assertThat(index.get(NAME)).contains(stored(13));
  }

  /** What it has written itself it puts there itself: a later write may be behind it. */
  @Test
  void whatTheRoundHasWrittenIsNotPutThereAsItWasMeanwhile() throws Exception {
    WriteRound round = round(false);
    round.wrote(NAME);
    assertThat(round.known(NAME)).contains(known(13));
    round.runAfterCommit(trouble);
    assertThat(index.get(NAME)).contains(stored(12));
  }

  /** Else every change that a crash ever left would be remembered. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aChangeThatWasRepeatedIsForgotten(boolean confirmed) throws Exception {
    Set<Long> recovered = new HashSet<>(Set.of(5L, 6L));
    WriteJobs jobs = new WriteJobs(index, TableObserver.NONE, recovered);
    List<PendingChange> change = List.of(new PendingChange(stored(12).record(), options("new"), 5));
    WriteRound round = round(true);
    WriteJob<Void> job =
        confirmed ? jobs.confirm(change, WriteJob.Kind.HAS_TIME) : jobs.rollBack(change);
    job.runIn(round);
    assertThat(recovered).containsExactlyInAnyOrder(5L, 6L); // it may yet be rolled back
    round.runAfterCommit(trouble);
    assertThat(recovered).containsExactly(6L);
    assertThat(asked).containsExactly("deletePending");
  }
}
