package io.coagateway.subscriber;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NumberBlockTest {
  private long sequence; // as committed
  private int written;

  /** A transaction that draws numbers as SqliteSession does. */
  private List<Long> draw(NumberBlock block, int count, boolean commits) {
    block.begin();
    List<Long> drawn = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      if (!block.hasLooked()) {
        block.look(sequence);
      }
      drawn.add(block.next());
    }
    if (!commits) {
      block.rollBack();
      return List.of();
    }
    if (block.isTaken()) {
      sequence = block.end();
      written++;
    }
    return drawn;
  }

  @Test
  @DisplayName("numbers follow each other from transaction to transaction")
  void numbersFollowEachOther() {
    NumberBlock block = new NumberBlock();
    assertThat(draw(block, 3, true)).containsExactly(1L, 2L, 3L);
    assertThat(draw(block, 2, true)).containsExactly(4L, 5L);
    assertThat(written).isEqualTo(1);
  }

  @Test
  @DisplayName("a transaction may need more than a block")
  void moreThanOneBlock() {
    List<Long> drawn = draw(new NumberBlock(), 5000, true);
    assertThat(drawn).hasSize(5000).isSorted().doesNotHaveDuplicates();
    assertThat(sequence).isGreaterThanOrEqualTo(5000);
  }

  @Test
  @DisplayName("a rolled back transaction leaves nothing in the database, so nothing here")
  void rolledBackBlockIsNotKept() {
    NumberBlock block = new NumberBlock();
    draw(block, 3, false);
    assertThat(sequence).isZero();
    assertThat(draw(block, 1, true)).containsExactly(1L);
    assertThat(sequence).isPositive();
  }

  @Test
  @DisplayName("the rest of a block is left when somebody else, with SQL, has drawn a number")
  void leavesTheRestWhenTheSequenceMoved() {
    NumberBlock block = new NumberBlock();
    draw(block, 3, true);
    long theirs = ++sequence;
    assertThat(draw(block, 1, true)).allMatch(number -> number > theirs);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  @DisplayName("numbers rise over the transactions of three connections and of foreign SQL")
  void numbersRiseOverAllConnections(long seed) {
    Random random = new Random(seed);
    List<NumberBlock> blocks = List.of(new NumberBlock(), new NumberBlock(), new NumberBlock());
    long last = 0;
    for (int i = 0; i < 20_000; i++) {
      int who = random.nextInt(10);
      if (who == 9) {
        assertThat(++sequence).isGreaterThan(last);
        last = sequence;
        continue;
      }
      NumberBlock block = blocks.get(Math.max(0, who - 6)); // mostly the first
      for (long number : draw(block, random.nextInt(40), random.nextInt(20) > 0)) {
        assertThat(number).isGreaterThan(last);
        last = number;
      }
      assertThat(last).isLessThanOrEqualTo(sequence);
    }
  }
}
