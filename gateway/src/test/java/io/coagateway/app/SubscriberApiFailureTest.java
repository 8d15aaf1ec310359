package io.coagateway.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.admin.SubscriberSource.Expected;
import io.coagateway.admin.SubscriberSource.RefusedException;
import io.coagateway.radius.AttributeDictionary;
import io.coagateway.subscriber.SubscriberTable;
import io.coagateway.subscriber.TableUnavailableException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code /subscribers} answers when the table cannot. */
class SubscriberApiFailureTest {
  /** A table of which every call fails. */
  private static SubscriberTable failing(TableUnavailableException.Reason reason) {
    return (SubscriberTable)
        Proxy.newProxyInstance(
            SubscriberTable.class.getClassLoader(),
            new Class<?>[] {SubscriberTable.class},
            (proxy, method, arguments) ->
                CompletableFuture.failedFuture(
                    new TableUnavailableException(reason, "the database's words")));
  }

  @ParameterizedTest
  @CsvSource({"REFUSED, BAD_INPUT", "LOCKED, UNAVAILABLE", "FULL, UNAVAILABLE"})
  void saysWhetherItMayBeTriedAgain(
      TableUnavailableException.Reason reason, RefusedException.Reason told) {
    SubscriberApi api =
        new SubscriberApi(failing(reason), AttributeDictionary.builder().build(), "nas1");
    assertThat(api.remove("a", Expected.NOTHING).toCompletableFuture())
        .isCompletedExceptionally()
        .failsWithin(Duration.ZERO)
        .withThrowableThat()
        .withMessageContaining("the database's words")
        .havingCause()
        .isInstanceOfSatisfying(
            RefusedException.class, refused -> assertThat(refused.reason()).isEqualTo(told));
  }
}
