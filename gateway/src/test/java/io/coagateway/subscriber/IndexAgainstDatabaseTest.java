package io.coagateway.subscriber;

import static io.coagateway.subscriber.TestTables.NAS;
import static io.coagateway.subscriber.TestTables.await;
import static io.coagateway.subscriber.TestTables.subscriber;
import static io.coagateway.subscriber.TestTables.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.coagateway.radius.AttributeId;
import io.coagateway.radius.Attributes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The index, and SQL over session_key, are two answers to one question. */
@ParameterizedClass
@EnumSource(value = TestDatabase.Kind.class, mode = EnumSource.Mode.EXCLUDE, names = "MEMORY")
class IndexAgainstDatabaseTest {
  private static final AttributeId[] ATTRIBUTES = {
    Attributes.USER_NAME, Attributes.CALLING_STATION_ID, Attributes.NAS_PORT_ID
  };

  @Parameter TestDatabase.Kind kind;
  @TempDir Path directory;
  private TestDatabase database;

  @BeforeEach
  void makeDatabase() {
    database = kind.in(directory);
  }

  private static String value(Random random) {
    int n = random.nextInt(40);
    return switch (random.nextInt(4)) {
      case 0 -> "02-00-5E-10-00-%02X".formatted(n);
      case 1 -> "02:00:5e:10:00:%02x".formatted(n);
      case 2 -> "Ümlaut \"%d\"\\".formatted(n);
      default -> "1/1/" + n;
    };
  }

  @Test
  void theyAgree() throws Exception {
    Random random = new Random(4711);
    List<SubscriberRecord> records = new ArrayList<>();
    for (int n = 0; n < 400; n++) {
      SessionAttributes session = SessionAttributes.EMPTY;
      for (AttributeId attribute : ATTRIBUTES) {
        for (int i = random.nextInt(3); i > 0; i--) {
          session = session.plus(attribute, text(value(random)));
        }
      }
      records.add(subscriber(n).toBuilder().session(session).build());
    }
    try (TableTransfer transfer = database.transfer();
        SubscriberTable table = database.open()) {
      assertThat(transfer.merge(records)).isEqualTo(400);
      await().atMost(Duration.ofSeconds(20)).until(() -> table.status().records() == 400);
      int hits = 0;
      for (int i = 0; i < 2000; i++) {
        List<SessionKey> keys = new ArrayList<>();
        for (int k = random.nextInt(2); k >= 0; k--) {
          keys.add(
              SessionKey.of(ATTRIBUTES[random.nextInt(ATTRIBUTES.length)], text(value(random))));
        }
        SessionQuery query = new SessionQuery(NAS, keys);
        List<SubscriberRecord> bySql = transfer.find(query, 1000);
        assertThat(await(table.find(query, 1000)))
            .as("%s", keys)
            .containsExactlyInAnyOrderElementsOf(bySql);
        hits += bySql.size();
      }
      assertThat(hits).isGreaterThan(1000); // or the question was none
    }
  }

  @Test
  void aHundredThousandRecordsLoadBehindTheFirstAnswers() throws Exception {
    try (TableTransfer transfer = database.transfer();
        TableTransfer.Replacing next = transfer.replace()) {
      List<SubscriberRecord> batch = new ArrayList<>();
      for (int n = 0; n < 100_000; n++) {
        batch.add(subscriber(n));
        if (batch.size() == 5000) {
          next.add(batch);
          batch.clear();
        }
      }
      next.swap(Set.of(NAS));
    }
    await("a first answer before the index was complete")
        .atMost(Duration.ofSeconds(60))
        .until(
            () -> {
              try (SubscriberTable table = database.open()) {
                assertThat(await(table.find(TestTables.byUser("user99999@example.net"), 2)))
                    .hasSize(1);
                return !table.status().indexComplete();
              }
            });
    try (SubscriberTable table = database.open()) {
      await().atMost(Duration.ofSeconds(60)).until(() -> table.status().indexComplete());
      assertThat(table.status().records()).isEqualTo(100_000);
      assertThat(table.status().keys()).isEqualTo(500_000);
      Random random = new Random(1);
      for (int i = 0; i < 10_000; i++) {
        int n = random.nextInt(100_000);
        assertThat(await(table.find(TestTables.byUser("user" + n + "@example.net"), 2)))
            .extracting(SubscriberRecord::id)
            .containsExactly("port-" + n);
      }
    }
  }
}
