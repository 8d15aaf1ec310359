package io.coagateway.leaks;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class LeakCheckTest {
  @Test
  void seesABufferThatNobodyReleases() {
    ResourceLeakDetector.Level before = ResourceLeakDetector.getLevel();
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
    List<String> seen = new ArrayList<>();
    try {
      lose();
      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .until(
              () -> {
                seen.addAll(LeakCheck.take());
                return !seen.isEmpty();
              });
    } finally {
      ResourceLeakDetector.setLevel(before);
    }
    assertThat(seen.get(0)).contains("LeakCheckTest.lose");
  }

  private static void lose() {
    ByteBufAllocator.DEFAULT.buffer(8).writeByte(1);
  }
}
