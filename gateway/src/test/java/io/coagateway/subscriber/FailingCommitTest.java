package io.coagateway.subscriber;

import static io.coagateway.subscriber.TestTables.await;
import static io.coagateway.subscriber.TestTables.failure;
import static io.coagateway.subscriber.TestTables.options;
import static io.coagateway.subscriber.TestTables.subscriber;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that is full for long: {@code COMMIT} fails and fails. */
class FailingCommitTest {
  private final List<Integer> refused = new CopyOnWriteArrayList<>();
  private volatile boolean full;

  /** A session that is asked for a commit while the disk is full. */
  private StoreSession filling(StoreSession session) {
    return (StoreSession)
        Proxy.newProxyInstance(
            StoreSession.class.getClassLoader(),
            new Class<?>[] {StoreSession.class},
            (proxy, method, arguments) -> {
              if (full && method.getName().equals("commit")) {
                throw new TableUnavailableException(
                    TableUnavailableException.Reason.FULL, "database or disk is full");
              }
              try {
                return method.invoke(session, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private TableStore filling(TableStore store) {
    return new TableStore() {
      @Override
      public StoreSession session() throws TableUnavailableException {
        return filling(store.session());
      }

      @Override
      public boolean isShared() {
        return store.isShared();
      }

      @Override
      public Replacement replacement() throws TableUnavailableException {
        return store.replacement();
      }

      @Override
      public void close() {
        store.close();
      }
    };
  }

  @Test
  void leavesNothingBehindThatIsTriedAgainForEver(@TempDir Path directory) throws Exception {
    TableParameters parameters = TableParameters.of(TestTables.url(directory));
    TableStore store = SqliteStore.open(parameters, TestTables.DICTIONARY, unreadable -> {});
    try (SubscriberTable table =
        new GroupCommitTable(
            filling(store),
            parameters,
            new TableObserver() {
              @Override
              public void unavailable(TableUnavailableException.Reason reason, int requests) {
                refused.add(requests);
              }
            },
            Runnable::run,
            System::nanoTime)) {
      SubscriberRecord record = await(table.put(subscriber(1)));
      full = true;
      for (int i = 0; i < 20; i++) {
        OptionChange change = new OptionChange(record, options("new" + i));
        assertThat(failure(table.begin(List.of(change))))
            .isInstanceOf(TableUnavailableException.class);
      }
      assertThat(refused).hasSizeGreaterThanOrEqualTo(20).containsOnly(1);

      full = false;
      OptionChange change = new OptionChange(record, options("newest"));
      await(table.confirm(await(table.begin(List.of(change)))));
      assertThat(await(table.get(TestTables.NAS, "port-1")).orElseThrow().options())
          .isEqualTo(options("newest"));
    }
  }
}
