package io.coagateway.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class TransactionIdsTest {
  @Test
  @DisplayName("RQ-1: no transaction id comes back before all 2^24 were used")
  void repeatsNoneWithinTheWholeSpace() {
    TransactionIds ids = new TransactionIds(new Random(1));
    BitSet seen = new BitSet(TransactionIds.SPACE);
    for (int i = 0; i < TransactionIds.SPACE; i++) {
      int id = ids.next();
      assertThat(id >>> 24).isZero();
      seen.set(id);
    }
    assertThat(seen.cardinality()).isEqualTo(TransactionIds.SPACE);
  }

  @Test
  void looksRandomToWhoDoesNotKnowTheKey() {
    TransactionIds ids = new TransactionIds(new Random(2));
    int last = ids.next();
    int flipped = 0;
    int ascending = 0;
    for (int i = 0; i < 10_000; i++) {
      int id = ids.next();
      flipped += Integer.bitCount(id ^ last);
      ascending += id > last ? 1 : 0;
      last = id;
    }
    assertThat(flipped / 10_000.0).isBetween(11.8, 12.2); // half of 24 bits
    assertThat(ascending).isBetween(4_700, 5_300);
  }

  @Test
  void differsBetweenServers() {
    Random random = new Random(3);
    assertThat(new TransactionIds(random).next()).isNotEqualTo(new TransactionIds(random).next());
  }

  @Test
  void knowsWhatItIssuedLately() {
    TransactionIds ids = new TransactionIds(new Random(4));
    assertThat(ids.wasIssued(0, 100)).isFalse();
    int first = ids.next();
    int second = ids.next();
    assertThat(ids.wasIssued(first, 100)).isTrue();
    assertThat(ids.wasIssued(second, 1)).isTrue();
    assertThat(ids.wasIssued(first, 1)).isFalse();
    int strangers = 0;
    for (int id = 0; id < 1000; id++) {
      strangers += ids.wasIssued(id, 100) ? 0 : 1;
    }
    assertThat(strangers).isGreaterThanOrEqualTo(998);
  }
}
