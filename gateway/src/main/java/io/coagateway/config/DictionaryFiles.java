package io.coagateway.config;

import io.coagateway.radius.AttributeDictionary;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * RADIUS dictionaries in FreeRADIUS's file format (its version 3; see {@code man 5 dictionary}):
 * the ones inside the jar, and those that the configuration adds.
 */
public final class DictionaryFiles {
  private static final Path BUILT_IN = Path.of("dictionaries/radius/dictionary");

  /** The largest that FreeRADIUS ships has 0.2 MiB; reading /dev/zero must end. */
  private static final long MAX_OCTETS = 8 << 20;

  private DictionaryFiles() {}

  private static final class BuiltIn {
    static final AttributeDictionary DICTIONARY = readBuiltIn();
  }

  /** The dictionary inside the jar: dictionaries/radius of the source tree. */
  public static AttributeDictionary builtIn() {
    return BuiltIn.DICTIONARY;
  }

  /**
   * The dictionary inside the jar with the definitions of these files added. A folder stands for
   * its file named {@code dictionary}.
   *
   * @throws ConfigurationException with every problem of every file
   */
  public static AttributeDictionary load(List<Path> files) throws ConfigurationException {
    List<Problem> problems = new ArrayList<>();
    AttributeDictionary.Builder builder = AttributeDictionary.builder().addAll(builtIn());
    DictionaryReader reader = new DictionaryReader(builder, DictionaryFiles::readFile, problems);
    for (Path file : files) {
      reader.read(start(file));
    }
    reader.finish();
    if (!problems.isEmpty()) {
      throw new ConfigurationException(problems, List.of());
    }
    return builder.build();
  }

  /** The file to begin with. */
  static Path start(Path file) {
    return Files.isDirectory(file) ? file.resolve("dictionary") : file;
  }

  private static AttributeDictionary readBuiltIn() {
    List<Problem> problems = new ArrayList<>();
    AttributeDictionary.Builder builder = AttributeDictionary.builder();
    DictionaryReader reader =
        new DictionaryReader(builder, DictionaryFiles::readResource, problems);
    reader.read(BUILT_IN);
    reader.finish();
    if (!problems.isEmpty()) {
      throw new IllegalStateException("the dictionaries inside the jar: " + problems);
    }
    return builder.build();
  }

  private static List<String> readFile(Path file) throws IOException {
    if (Files.exists(file) && (!Files.isRegularFile(file) || Files.size(file) > MAX_OCTETS)) {
      throw new IOException("it is not a text file of at most " + (MAX_OCTETS >> 20) + " MiB");
    }
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8).lines().toList();
  }

  private static List<String> readResource(Path file) throws IOException {
    String name = file.toString().replace('\\', '/');
    try (InputStream in = DictionaryFiles.class.getClassLoader().getResourceAsStream(name)) {
      if (in == null) {
        throw new UncheckedIOException(new IOException(name + " is not in the jar"));
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }
}
