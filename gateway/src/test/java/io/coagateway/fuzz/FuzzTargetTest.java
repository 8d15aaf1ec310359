package io.coagateway.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.wire.Octets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every seed and every finding of the past, without the fuzzer: that one is for FuzzIT. */
class FuzzTargetTest {
  @ParameterizedTest
  @EnumSource(FuzzTarget.class)
  void takesEverySeedAndEveryCutOfIt(FuzzTarget target) {
    List<byte[]> seeds = target.seeds();
    assertThat(seeds).isNotEmpty();
    for (byte[] seed : seeds) {
      take(target, seed);
      for (int length = 0; length < seed.length; length += 1 + seed.length / 16) {
        take(target, Arrays.copyOf(seed, length));
      }
    }
  }

  private static void take(FuzzTarget target, byte[] input) {
    try {
      target.run(input);
    } catch (AssertionError e) {
      throw new AssertionError(Octets.wrap(input).toHex(), e);
    }
  }

  @Test
  void everyFuzzClassIsATarget() throws IOException {
    Path sources = Path.of("src/test/java");
    try (Stream<Path> files = Files.walk(sources)) {
      assertThat(
              files
                  .map(file -> sources.relativize(file).toString())
                  .filter(file -> file.endsWith("Fuzz.java"))
                  .map(file -> file.replace(".java", "").replace('/', '.')))
          .containsExactlyInAnyOrder(
              Arrays.stream(FuzzTarget.values()).map(FuzzTarget::className).toArray(String[]::new));
    }
  }
}
