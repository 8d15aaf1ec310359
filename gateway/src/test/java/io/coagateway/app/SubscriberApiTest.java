package io.coagateway.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.admin.SubscriberSource.Condition;
import io.coagateway.admin.SubscriberSource.Expected;
import io.coagateway.admin.SubscriberSource.RefusedException;
import io.coagateway.config.DictionaryFiles;
import io.coagateway.radius.AttributeDictionary;
import io.coagateway.subscriber.SubscriberTable;
import io.coagateway.subscriber.SubscriberTables;
import io.coagateway.subscriber.TableObserver;
import io.coagateway.subscriber.TableParameters;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What GET, PUT and DELETE of {@code /subscribers} do to the table. */
class SubscriberApiTest {
  private static final AttributeDictionary DICTIONARY = DictionaryFiles.builtIn();
  private static final String ONE =
      "{\"id\":\"port-1\",%s\"duid\":\"0003000102005e100007\",\"linkAddress\":\"2001:db8::%d\"}";

  private SubscriberTable table;

  @BeforeEach
  void open() throws Exception {
    table =
        SubscriberTables.open(
            TableParameters.of(TableParameters.MEMORY),
            DICTIONARY,
            TableObserver.NONE,
            Runnable::run,
            System::nanoTime);
  }

  @AfterEach
  void close() {
    table.close();
  }

  private SubscriberApi of(String nas) {
    return new SubscriberApi(table, DICTIONARY, nas);
  }

  private static String record(String nas, int host) {
    return ONE.formatted(nas.isEmpty() ? "" : "\"nas\":\"" + nas + "\",", host);
  }

  private static <T> T done(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }

  /** What GET ?id=port-1 returns. */
  private static List<String> get(SubscriberApi api) {
    return done(api.find(List.of(new Condition("id", "port-1")), 10));
  }

  private static RefusedException.Reason refusal(CompletionStage<?> stage) {
    try {
      Object unexpected = done(stage);
      throw new AssertionError("not refused: " + unexpected);
    } catch (CompletionException e) {
      return ((RefusedException) e.getCause()).reason();
    }
  }

  private static long versionIn(String line) {
    Matcher version = Pattern.compile("\"version\":(\\d+)").matcher(line);
    assertThat(version.find()).isTrue();
    return Long.parseLong(version.group(1));
  }

  @Test
  void withoutANasOfItsOwnTheGatewayTakesBackWhatItGave() {
    done(of("nas-a").put(record("nas-a", 1), Expected.NOTHING));
    SubscriberApi anybodys = of("");
    String read = get(anybodys).get(0);
    assertThat(read).contains("\"nas\":\"nas-a\"");
    String changed = read.replace("2001:db8::1", "2001:db8::2");
    done(anybodys.put(changed, Expected.version(versionIn(read))));
    assertThat(get(of("nas-a"))).singleElement().asString().contains("2001:db8::2");
    assertThat(refusal(anybodys.put(changed, Expected.version(versionIn(read)))))
        .isEqualTo(RefusedException.Reason.STALE);
    assertThat(table.status().records()).isEqualTo(1);
  }

  @Test
  void aRecordThatNamesNoNasIsTheOneThatGetFinds() {
    done(of("nas-a").put(record("nas-a", 1), Expected.NOTHING));
    SubscriberApi anybodys = of("");
    done(anybodys.put(record("", 2), Expected.NOTHING));
    assertThat(get(of("nas-a"))).singleElement().asString().contains("2001:db8::2");
    done(anybodys.put(record("", 3), Expected.version(versionIn(get(anybodys).get(0)))));
    assertThat(get(of("nas-a"))).singleElement().asString().contains("2001:db8::3");
    assertThat(table.status().records()).isEqualTo(1);
    done(anybodys.remove("port-1", Expected.NOTHING));
    done(anybodys.put(record("", 4), Expected.NOTHING));
    assertThat(get(anybodys)).singleElement().asString().doesNotContain("nas");
  }

  @ParameterizedTest
  @ValueSource(strings = {"nas-a", ""})
  void findsWhomTheIdNamesAmongMoreThanAreAskedFor(String gateway) {
    String session = "\"session\":{\"User-Name\":[\"%s\"]},\"duid\"";
    for (int n = 1; n <= 5; n++) {
      String line = record("nas-a", n).replace("port-1", "port-" + n);
      done(of("nas-a").put(line.replace("\"duid\"", session.formatted("all")), Expected.NOTHING));
    }
    Condition all = new Condition("User-Name", "all");
    for (int n = 1; n <= 5; n++) {
      assertThat(done(of(gateway).find(List.of(all, new Condition("id", "port-" + n)), 1)))
          .singleElement()
          .asString()
          .contains("\"id\":\"port-" + n);
    }
    Condition nobody = new Condition("User-Name", "nobody");
    assertThat(done(of(gateway).find(List.of(nobody, new Condition("id", "port-1")), 1))).isEmpty();
  }

  @Test
  void findsThoseOfOneIdAtSeveralNasesByWhatTheyHaveBesides() {
    String session = "\"session\":{\"User-Name\":[\"%s\"]},\"duid\"";
    for (String nas : List.of("nas-a", "nas-b", "nas-c")) {
      String user = nas.equals("nas-c") ? "other" : "all";
      done(
          of(nas)
              .put(record(nas, 1).replace("\"duid\"", session.formatted(user)), Expected.NOTHING));
    }
    Condition all = new Condition("User-Name", "all");
    assertThat(done(of("").find(List.of(all, new Condition("id", "port-1")), 9)))
        .hasSize(2)
        .noneMatch(line -> line.contains("nas-c"));
  }

  @Test
  void aGatewayWithANasLeavesOtherNasesAlone() {
    assertThat(refusal(of("nas-a").put(record("nas-b", 1), Expected.NOTHING)))
        .isEqualTo(RefusedException.Reason.BAD_INPUT);
  }

  @Test
  void anyVersionMeansThatThereIsOne() {
    for (SubscriberApi api : List.of(of("nas-a"), of(""))) {
      assertThat(refusal(api.put(record("", 1), Expected.ANY_VERSION)))
          .isEqualTo(RefusedException.Reason.STALE);
      assertThat(refusal(api.put(record("nas-a", 1), Expected.ANY_VERSION)))
          .isEqualTo(RefusedException.Reason.STALE);
      assertThat(refusal(api.put(record("nas-a", 1), Expected.version(1))))
          .isEqualTo(RefusedException.Reason.STALE);
      assertThat(refusal(api.put(record("", 1), Expected.version(1))))
          .isEqualTo(RefusedException.Reason.STALE);
      assertThat(table.status().records()).isZero();
      done(api.put(record("nas-a", 1), Expected.NOTHING));
      done(api.put(record("", 2), Expected.ANY_VERSION));
      assertThat(get(api)).singleElement().asString().contains("2001:db8::2");
      assertThat(table.status().records()).isEqualTo(1);
      done(api.remove("port-1", Expected.ANY_VERSION));
    }
  }

  /** RFC 9110 section 13.1.1: nothing is removed that is not what was read. */
  @Test
  void removesOnlyTheVersionThatWasRead() {
    for (SubscriberApi api : List.of(of("nas-a"), of(""))) {
      done(api.put(record("nas-a", 1), Expected.NOTHING));
      long read = versionIn(get(api).get(0));
      done(api.put(record("nas-a", 2), Expected.NOTHING));
      assertThat(refusal(api.remove("port-1", Expected.version(read))))
          .isEqualTo(RefusedException.Reason.STALE);
      assertThat(get(api)).singleElement().asString().contains("2001:db8::2");
      done(api.remove("port-1", Expected.version(versionIn(get(api).get(0)))));
      assertThat(table.status().records()).isZero();
      assertThat(refusal(api.remove("port-1", Expected.version(read))))
          .isEqualTo(RefusedException.Reason.STALE);
      assertThat(refusal(api.remove("port-1", Expected.ANY_VERSION)))
          .isEqualTo(RefusedException.Reason.STALE);
      assertThat(refusal(api.remove("port-1", Expected.NOTHING)))
          .isEqualTo(RefusedException.Reason.NOT_FOUND);
    }
  }
}
