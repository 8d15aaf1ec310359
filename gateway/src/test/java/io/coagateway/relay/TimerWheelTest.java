package io.coagateway.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.time.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TimerWheelTest {
  private static final long MILLI = 1_000_000L;

  private final ManualTime time = new ManualTime();
  private final TimerWheel wheel = new TimerWheel(time);
  private final List<String> fired = new ArrayList<>();

  private TimerWheel.Node node(String name) {
    return new TimerWheel.Node() {
      @Override
      void onTimer(long nowNanos) {
        fired.add(name + "@" + nowNanos / MILLI);
      }
    };
  }

  @Test
  void firesOnceAndNeverEarly() {
    wheel.start(node("a"), 25 * MILLI);
    time.pass(Duration.ofMillis(24));
    assertThat(fired).isEmpty();
    time.pass(Duration.ofSeconds(1));
    assertThat(fired).containsExactly("a@30");
    assertThat(wheel.waiting()).isZero();
    assertThat(time.waiting()).isZero();
  }

  @Test
  void waitsLongerThanOneTurn() {
    wheel.start(node("a"), Duration.ofSeconds(25).toNanos());
    wheel.start(node("b"), Duration.ofSeconds(7).toNanos());
    time.pass(Duration.ofSeconds(30));
    assertThat(fired).containsExactly("b@7000", "a@25000");
  }

  @Test
  void cancelsAndMoves() {
    TimerWheel.Node a = node("a");
    TimerWheel.Node b = node("b");
    wheel.start(a, 50 * MILLI);
    wheel.start(b, 50 * MILLI);
    wheel.cancel(a);
    wheel.cancel(a);
    wheel.start(b, 90 * MILLI);
    time.pass(Duration.ofSeconds(1));
    assertThat(fired).containsExactly("b@90");
  }

  @Test
  void lateStartFiresAtTheNextTick() {
    time.pass(Duration.ofSeconds(100));
    wheel.start(node("a"), 0);
    time.pass(Duration.ofMillis(10));
    assertThat(fired).containsExactly("a@100010");
  }

  @Test
  void aFiringNodeMayCancelAndStartOthers() {
    TimerWheel.Node victim = node("victim");
    TimerWheel.Node killer =
        new TimerWheel.Node() {
          @Override
          void onTimer(long nowNanos) {
            fired.add("killer");
            wheel.cancel(victim);
            wheel.start(node("child"), nowNanos);
          }
        };
    wheel.start(killer, 20 * MILLI);
    wheel.start(victim, 20 * MILLI);
    time.pass(Duration.ofSeconds(1));
    assertThat(fired).containsExactly("killer", "child@30");
  }

  @Test
  void keepsItsPromiseForManyRandomTimers() {
    Random random = new Random(5);
    int[] late = {0};
    for (int i = 0; i < 5_000; i++) {
      long due = time.nanos() + random.nextInt(20_000) * MILLI + random.nextInt(1_000_000);
      wheel.start(
          new TimerWheel.Node() {
            @Override
            void onTimer(long nowNanos) {
              late[0]++;
              assertThat(nowNanos - due).isBetween(0L, 2 * TimerWheel.TICK_NANOS);
            }
          },
          due);
      time.pass(Duration.ofNanos(random.nextInt(3_000_000)));
    }
    time.pass(Duration.ofSeconds(30));
    assertThat(late[0]).isEqualTo(5_000);
  }
}
