package io.coagateway.vectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class VectorFileTest {
  @Test
  void readsFieldsAndTheLinesThatGoOn() {
    List<Vector> vectors =
        VectorFile.parse(
            "f.txt",
            List.of("# why", "name  a b", "hex 01", "    02", "tag x", "tag y", "", "count 1"));
    assertThat(vectors).hasSize(1);
    assertThat(vectors.get(0).hex("hex").toHex()).isEqualTo("0102");
    assertThat(vectors.get(0).all("tag")).containsExactly("x", "y");
    assertThat(vectors.get(0)).hasToString("f.txt:2 a b");
  }

  @Test
  void failsWhenTheCountIsWrongOrMissing() {
    assertThatThrownBy(() -> VectorFile.parse("f.txt", List.of("name a", "count 2")))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("says count 2");
    assertThatThrownBy(() -> VectorFile.parse("f.txt", List.of("name a")))
        .isInstanceOf(AssertionError.class);
  }

  @Test
  void failsWhenAFieldIsMissing() {
    Vector vector = VectorFile.parse("f.txt", List.of("name a", "count 1")).get(0);
    assertThatThrownBy(() -> vector.get("hex"))
        .isInstanceOf(AssertionError.class)
        .hasMessage("f.txt:1 a: field \"hex\" is missing");
  }
}
