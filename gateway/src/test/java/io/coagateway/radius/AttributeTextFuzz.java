package io.coagateway.radius;

import static io.coagateway.fuzz.Property.equal;
import static io.coagateway.fuzz.Property.require;

import io.coagateway.fuzz.Seeds;
import io.coagateway.vectors.VectorFile;
import java.nio.charset.StandardCharsets;

/** Any text where {@code Name = value} is expected: an attribute that prints, or an error. */
public final class AttributeTextFuzz {
  private static final AttributeDictionary DICTIONARY = TestDictionary.INSTANCE;

  private AttributeTextFuzz() {}

  /** Where to start. */
  public static Seeds seeds() {
    Seeds seeds = Seeds.of("radius-text").add("Attr-26.9.1 = 0x01").add("User-Name = \"\\001\"");
    for (var vector : VectorFile.file("radius/texts.txt")) {
      seeds.add(vector.get("id") + " = " + vector.get("text"));
    }
    return seeds;
  }

  /** One input. */
  public static void fuzzerTestOneInput(byte[] input) {
    String text = new String(input, StandardCharsets.UTF_8);
    Attribute attribute;
    try {
      attribute = DICTIONARY.parse(text);
    } catch (IllegalArgumentException e) {
      require(e.getClass() == IllegalArgumentException.class, e::toString);
      require(!e.getMessage().isBlank(), () -> "no reason");
      return;
    }
    if (DICTIONARY.definition(attribute.id()).filter(d -> d.flags().tagged()).isPresent()) {
      return; // a tag of 0 is not in the text (RFC 2868)
    }
    String printed = DICTIONARY.print(attribute);
    equal(DICTIONARY.print(DICTIONARY.parse(printed)), printed, "printed and read");
  }
}
