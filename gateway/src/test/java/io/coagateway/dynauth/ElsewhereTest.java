package io.coagateway.dynauth;

import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.dynauth.Gateway.Asked;
import io.coagateway.radius.Attributes;
import io.coagateway.subscriber.SessionQuery;
import io.coagateway.subscriber.TableUnavailableException;
import io.coagateway.wire.Octets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A session that the table does not know, and somebody who may. */
class ElsewhereTest {
  private final Gateway gateway = new Gateway();
  private final List<SessionQuery> asked = new ArrayList<>();
  private final List<Long> deadlines = new ArrayList<>();
  private final CompletableFuture<Optional<String>> found = new CompletableFuture<>();

  private Gateway start() {
    gateway.elsewhere =
        (query, deadline) -> {
          asked.add(query);
          deadlines.add(deadline);
          return found;
        };
    return gateway.start();
  }

  private void complete(Optional<String> whyNot) {
    found.complete(whyNot);
    gateway.settle();
  }

  @Test
  void goesOnWithWhatWasFound() {
    start();
    Asked coa = gateway.coa("carol", "new.example.net");
    assertThat(coa.verdict()).isEqualTo("open");
    assertThat(asked).hasSize(1);
    assertThat(asked.get(0).keys().get(0).attribute()).isEqualTo(Attributes.USER_NAME);
    assertThat(asked.get(0).keys().get(0).value()).isEqualTo(Octets.ofUtf8("carol"));
    assertThat(deadlines.get(0)).isLessThan(Duration.ofSeconds(9).toNanos());
    assertThat(deadlines.get(0)).isEqualTo(Duration.ofSeconds(25).toNanos() / 3);

    gateway.add("port-4", "carol", 4);
    complete(Optional.empty());
    gateway.reconfigure(0).accept();
    gateway.settle();

    assertThat(coa.verdict()).isEqualTo("ACK");
    assertThat(gateway.options("port-4")).isEqualTo(Gateway.NEW);
  }

  @Test
  void asksOnceAndSaysWhyNothingWasFound() {
    start();
    Asked disconnect = gateway.disconnect("carol");
    complete(Optional.of("leasequery: no-answer"));
    assertThat(disconnect.verdict()).isEqualTo("NAK 503");
    assertThat(gateway.reports.get(0).reason()).endsWith("; leasequery: no-answer");

    Asked again = gateway.disconnect("carol");
    assertThat(again.verdict()).isEqualTo("NAK 503");
    assertThat(asked).hasSize(2);
    assertThat(gateway.busy()).isZero();
  }

  @Test
  void doesNotAskTwiceWhenTheTableStillDoesNotKnow() {
    start();
    Asked disconnect = gateway.disconnect("carol");
    complete(Optional.empty());
    assertThat(disconnect.verdict()).isEqualTo("NAK 503");
    assertThat(asked).hasSize(1);
    assertThat(gateway.reports.get(0).reason())
        .isEqualTo("no session matches Attr-1 = 0x6361726f6c");
  }

  @Test
  void asksNobodyForWhatTheTableKnows() {
    start();
    gateway.coa("alice", "new.example.net");
    assertThat(asked).isEmpty();
  }

  @Test
  void answersInTimeWhoeverIsSlowElsewhere() {
    start();
    Asked disconnect = gateway.disconnect("carol");
    gateway.pass(Duration.ofSeconds(25));
    assertThat(disconnect.verdict()).isEqualTo("NAK 504");
    gateway.add("port-4", "carol", 4);
    complete(Optional.empty());
    assertThat(gateway.exchanges.releases).isEmpty();
    assertThat(gateway.busy()).isZero();
  }

  @Test
  void aTableThatCannotTakeItIsOurOwnLimit() {
    start();
    Asked disconnect = gateway.disconnect("carol");
    found.completeExceptionally(
        new TableUnavailableException(TableUnavailableException.Reason.FAILED, "closed"));
    gateway.settle();
    assertThat(disconnect.verdict()).isEqualTo("NAK 506");
  }
}
