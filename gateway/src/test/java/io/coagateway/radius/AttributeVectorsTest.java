package io.coagateway.radius;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coagateway.vectors.Vector;
import io.coagateway.vectors.VectorFile;
import io.coagateway.wire.Octets;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AttributeVectorsTest {
  private static final AttributeDictionary DICTIONARY = TestDictionary.INSTANCE;

  static List<Vector> attributes() {
    return VectorFile.file("radius/attributes.txt");
  }

  static List<Vector> texts() {
    return VectorFile.file("radius/texts.txt");
  }

  @ParameterizedTest
  @MethodSource
  void attributes(Vector vector) {
    AttributeList list = AttributeList.parse(vector.hex("hex"), DICTIONARY);
    String text = list.all().stream().map(DICTIONARY::print).collect(Collectors.joining("\n"));
    String expected = vector.find("text").orElse("").replaceAll("\n\\s+", "\n");
    assertThat(text).isEqualTo(expected);
    assertThat(list.defects().stream().map(d -> d.id() + " at " + d.offset() + ": " + d.reason()))
        .containsExactlyElementsOf(vector.all("defect"));
    AttributeList built = AttributeList.of(expected.lines().map(DICTIONARY::parse).toList());
    assertThat(built.all()).isEqualTo(list.all());
    if (list.defects().isEmpty()) {
      Octets octets = vector.hex(vector.find("again").isPresent() ? "again" : "hex");
      assertThat(list.encode(DICTIONARY)).isEqualTo(octets);
    }
  }

  @ParameterizedTest
  @MethodSource
  void texts(Vector vector) {
    AttributeId id = DICTIONARY.idOf(vector.get("id")).orElseThrow();
    if (vector.find("error").isPresent()) {
      assertThatThrownBy(() -> DICTIONARY.parse(id, vector.get("text")))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(vector.get("error"));
      return;
    }
    Attribute attribute = new Attribute(id, vector.hex("hex"));
    String text = vector.get("text");
    assertThat(DICTIONARY.printValue(attribute)).isEqualTo(text);
    assertThat(DICTIONARY.valueText(attribute)).isEqualTo(vector.find("bare").orElse(text));
    assertThat(DICTIONARY.parse(id, text)).isEqualTo(attribute);
    assertThat(DICTIONARY.parse(id, DICTIONARY.valueText(attribute))).isEqualTo(attribute);
    assertThat(DICTIONARY.parse(DICTIONARY.print(attribute))).isEqualTo(attribute);
    for (String also : vector.all("also")) {
      assertThat(DICTIONARY.parse(id, also)).as(also).isEqualTo(attribute);
    }
  }
}
