package io.coagateway.dynauth;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TurnsTest {
  private final List<String> called = new ArrayList<>();
  private final Turns<String, Walker> turns = new Turns<>();

  private final class Walker implements Turns.Owner {
    private final String name;

    Walker(String name) {
      this.name = name;
    }

    @Override
    public void onTurn() {
      called.add(name);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  @Test
  void theFirstIsAtWorkAtOnceAndIsNotCalled() {
    assertThat(turns.take(List.of("a", "b"), new Walker("one")).isFirst()).isTrue();
    assertThat(called).isEmpty();
  }

  @Test
  void aLaterOneNeverOvertakesAnEarlierOne() {
    var one = turns.take(List.of("a"), new Walker("one"));
    var two = turns.take(List.of("a"), new Walker("two"));
    var three = turns.take(List.of("a"), new Walker("three"));
    assertThat(two.isFirst()).isFalse();
    one.leave();
    assertThat(called).containsExactly("two");
    two.leave();
    three.leave();
    assertThat(called).containsExactly("two", "three");
    assertThat(turns.size()).isZero();
  }

  @Test
  void waitsForAllItsLines() {
    var a = turns.take(List.of("a"), new Walker("on a"));
    var b = turns.take(List.of("b"), new Walker("on b"));
    var both = turns.take(List.of("a", "b"), new Walker("both"));
    a.leave();
    assertThat(both.isFirst()).isFalse();
    assertThat(called).isEmpty();
    b.leave();
    assertThat(both.isFirst()).isTrue();
    assertThat(called).containsExactly("both");
  }

  @Test
  void twoThatNeedTheSameLinesNeverWaitForEachOther() {
    var one = turns.take(List.of("a", "b"), new Walker("one"));
    var two = turns.take(List.of("b", "a"), new Walker("two"));
    assertThat(one.isFirst()).isTrue();
    one.leave();
    assertThat(one.isFirst()).isFalse();
    assertThat(two.isFirst()).isTrue();
    assertThat(called).containsExactly("two");
  }

  @Test
  void whoLeavesTheMiddleOfALineChangesNothingForTheFront() {
    var one = turns.take(List.of("a"), new Walker("one"));
    var two = turns.take(List.of("a"), new Walker("two"));
    var three = turns.take(List.of("a"), new Walker("three"));
    two.leave();
    two.leave();
    assertThat(called).isEmpty();
    assertThat(one.isFirst()).isTrue();
    one.leave();
    assertThat(called).containsExactly("three");
    assertThat(three.isFirst()).isTrue();
  }

  @Test
  void leavingALineThatHasEndedIsHarmless() {
    var one = turns.take(List.of("a"), new Walker("one"));
    one.leave();
    one.leave();
    assertThat(turns.size()).isZero();
  }

  @Test
  void whoIsInFrontOfOneOfItsLinesAloneIsNotAtWork() {
    Walker one = new Walker("one");
    turns.take(List.of("a"), one);
    turns.take(List.of("a", "b"), new Walker("both"));
    assertThat(turns.atWork()).containsExactly(one);
  }

  @Test
  void tellsWhoStandsInLineEachOnce() {
    Walker one = new Walker("one");
    Walker two = new Walker("two");
    turns.take(List.of("a", "b"), one);
    turns.take(List.of("b"), two);
    assertThat(turns.inLine(List.of("a", "b", "c"))).containsExactly(one, two);
  }

  @Test
  void tellsWhoIsTheLastInAllOfTheLines() {
    Walker one = new Walker("one");
    Walker two = new Walker("two");
    turns.take(List.of("a", "b"), one);
    assertThat(turns.last(List.of("a", "b"))).isSameAs(one);
    turns.take(List.of("b"), two);
    assertThat(turns.last(List.of("a", "b"))).isNull();
    assertThat(turns.last(List.of("a"))).isSameAs(one);
    assertThat(turns.last(List.of("b"))).isSameAs(two);
    assertThat(turns.last(List.of("b", "c"))).isNull();
    assertThat(turns.last(List.of("c", "b"))).isNull();
  }
}
