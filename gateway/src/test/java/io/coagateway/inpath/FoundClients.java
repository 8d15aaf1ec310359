package io.coagateway.inpath;

import io.coagateway.dhcpv6.Duid;
import io.coagateway.subscriber.SubscriberRecord;
import io.coagateway.subscriber.UnaskedTable;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A table that finds what the test says, when it says so; the path only looks clients up. */
final class FoundClients extends UnaskedTable {
  CompletableFuture<List<SubscriberRecord>> next = CompletableFuture.completedFuture(List.of());
  int asked;

  void found(SubscriberRecord... records) {
    next = CompletableFuture.completedFuture(List.of(records));
  }

  @Override
  public CompletionStage<List<SubscriberRecord>> findClient(String nas, Duid client, int limit) {
    asked++;
    return next;
  }
}
