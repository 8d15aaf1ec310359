package io.coagateway.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.dhcpv6.Duid;
import io.coagateway.dhcpv6.OptionList;
import io.coagateway.subscriber.PendingChange;
import io.coagateway.subscriber.SubscriberRecord;
import io.coagateway.wire.Ipv6Address;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What another gateway has left is repeated whenever it is found. */
class LeftChangesTest {
  @Test
  void whatIsFoundDuringTheStartWaitsForWhoRepeatsIt() {
    LeftChanges left = new LeftChanges();
    List<List<PendingChange>> repeated = new ArrayList<>();
    List<PendingChange> early = new ArrayList<>();
    List<PendingChange> late = new ArrayList<>();
    left.left(early);
    left.repeatBy(repeated::add);
    assertThat(repeated).hasSize(1);
    assertThat(repeated.get(0)).isSameAs(early);
    left.left(late);
    assertThat(repeated).hasSize(2);
    assertThat(repeated.get(1)).isSameAs(late);
  }

  /** Whom nobody holds is found again, once in some seconds. */
  @Test
  void whatIsFoundAgainDuringTheStartIsRepeatedOnce() {
    LeftChanges left = new LeftChanges();
    List<PendingChange> repeated = new ArrayList<>();
    left.foundAtStart(List.of(change(1))); // which the start repeats by itself
    left.left(List.of(change(2)));
    left.left(List.of(change(1), change(2), change(3)));
    left.repeatBy(repeated::addAll);
    assertThat(repeated).extracting(PendingChange::mark).containsExactlyInAnyOrder(2L, 3L);
    left.left(List.of(change(2))); // left again since
    assertThat(repeated).extracting(PendingChange::mark).endsWith(2L).hasSize(3);
  }

  private static PendingChange change(long mark) {
    SubscriberRecord record =
        SubscriberRecord.builder(
                "", "port-1", Duid.ofHex("0003 0001 02005e100001"), new Ipv6Address(1, 1))
            .build();
    return new PendingChange(record, OptionList.EMPTY, mark);
  }
}
