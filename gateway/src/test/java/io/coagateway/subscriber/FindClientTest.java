package io.coagateway.subscriber;

import static io.coagateway.subscriber.TestTables.NAS;
import static io.coagateway.subscriber.TestTables.await;
import static io.coagateway.subscriber.TestTables.subscriber;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.coagateway.dhcpv6.Duid;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A client is found by its DUID, by the memory index and by the database alike. */
@ParameterizedClass
@EnumSource(value = TestDatabase.Kind.class, mode = EnumSource.Mode.EXCLUDE, names = "MEMORY")
class FindClientTest {
  private static final Duid ALICE = subscriber(1).duid();
  private static final Duid CLONED = Duid.ofHex("000300010200deadbeef");

  @Parameter TestDatabase.Kind kind;
  @TempDir Path directory;
  private TestDatabase database;

  @BeforeEach
  void makeDatabase() {
    database = kind.in(directory);
  }

  @Test
  void findsTheClientsRecordsOnEveryLinkOfItsNas() throws Exception {
    try (SubscriberTable table = database.open()) {
      await(table.put(subscriber(1)));
      await(table.put(subscriber(2)));
      await(table.put(copy(subscriber(3), NAS, ALICE)));
      await(table.put(copy(subscriber(4), "nas2.example.net", ALICE)));
      await().until(() -> table.status().indexComplete());

      assertThat(ids(table.findClient(NAS, ALICE, 10)))
          .containsExactlyInAnyOrder("port-1", "port-3");
      assertThat(ids(table.findClient("", ALICE, 10)))
          .containsExactlyInAnyOrder("port-1", "port-3", "port-4");
      assertThat(ids(table.findClient("", ALICE, 2))).hasSize(2);
      assertThat(ids(table.findClient(NAS, CLONED, 10))).isEmpty();
    }
  }

  @Test
  void knowsTheClientThatAWriteHasPutInThePlaceOfAnother() throws Exception {
    try (SubscriberTable table = database.open()) {
      await(table.put(subscriber(1)));
      await(table.put(copy(subscriber(1), NAS, CLONED)));
      await().until(() -> table.status().indexComplete());

      assertThat(ids(table.findClient(NAS, ALICE, 10))).isEmpty();
      assertThat(ids(table.findClient(NAS, CLONED, 10))).containsExactly("port-1");
      await(table.remove(NAS, "port-1"));
      assertThat(ids(table.findClient(NAS, CLONED, 10))).isEmpty();
    }
  }

  @Test
  void asksTheDatabaseForADuidThatVeryManyShare() throws Exception {
    try (TableTransfer transfer = database.transfer();
        SubscriberTable table = database.open()) {
      transfer.merge(
          IntStream.range(0, 200).mapToObj(n -> copy(subscriber(n), NAS, CLONED)).toList());
      await().atMost(Duration.ofSeconds(20)).until(() -> table.status().records() == 200);

      assertThat(ids(table.findClient(NAS, CLONED, 1000))).hasSize(200);
      assertThat(ids(table.findClient(NAS, CLONED, 3))).hasSize(3);
    }
  }

  private static SubscriberRecord copy(SubscriberRecord record, String nas, Duid duid) {
    return SubscriberRecord.builder(nas, record.id(), duid, record.linkAddress())
        .session(record.session())
        .build();
  }

  private static List<String> ids(CompletionStage<List<SubscriberRecord>> found) throws Exception {
    return await(found).stream().map(SubscriberRecord::id).toList();
  }
}
