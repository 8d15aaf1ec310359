package io.coagateway.radius;

import io.coagateway.config.DictionaryFiles;

/** The dictionary inside the jar, and three vendors whose layout is not the ordinary one. */
final class TestDictionary {
  static final AttributeDictionary INSTANCE =
      AttributeDictionary.builder()
          .addAll(DictionaryFiles.builtIn())
          .add(new Vendor("Wide", 65000, 2, 2))
          .add(
              AttributeDefinition.of(
                  "Wide-Text", AttributeId.vendor(65000, 0x102), DataType.STRING))
          .add(new Vendor("Bare", 65001, 4, 0))
          .add(
              AttributeDefinition.of(
                  "Bare-Text", AttributeId.vendor(65001, 0x102), DataType.STRING))
          .add(new Vendor("Chain", 65002, 1, 1, true))
          .build();

  private TestDictionary() {}
}
