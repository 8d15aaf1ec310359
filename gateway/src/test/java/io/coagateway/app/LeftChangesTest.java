package io.coagateway.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.subscriber.PendingChange;
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
}
