package io.coagateway.config;

import static io.coagateway.fuzz.Property.require;

import io.coagateway.fuzz.Seeds;
import io.coagateway.radius.AttributeDictionary;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Any text as a dictionary file: definitions, and problems with their lines. */
public final class DictionaryFuzz {
  private static final int MOST_FILES = 1001;

  /** A thousand files of a thousand lines are slow, and teach nothing. */
  private static final int LONG_FILES = 16;

  private DictionaryFuzz() {}

  /** Where to start: the vectors, and the first lines of every dictionary that is shipped. */
  public static Seeds seeds() {
    Seeds seeds =
        Seeds.of("dictionary")
            .text("config/dictionaries.txt", "lines", text -> text)
            .text("config/dictionary-constructs.txt", "lines", text -> text);
    try (Stream<Path> files = Files.walk(Path.of("../dictionaries/radius"))) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        List<String> lines =
            Files.readAllLines(file).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .toList();
        seeds.add(String.join("\n", lines.subList(0, Math.min(25, lines.size()))));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return seeds;
  }

  /** One input. */
  public static void fuzzerTestOneInput(byte[] input) {
    List<String> lines = new String(input, StandardCharsets.UTF_8).lines().toList();
    List<Problem> problems = new ArrayList<>();
    int[] reads = new int[1];
    DictionaryReader reader =
        new DictionaryReader(
            AttributeDictionary.builder(),
            file -> {
              require(reads[0]++ < MOST_FILES, () -> "files include one another without end");
              if (file.toString().contains("missing")) {
                throw new NoSuchFileException(file.toString());
              }
              return reads[0] <= LONG_FILES ? lines : List.of();
            },
            problems);
    reader.read(Path.of("dictionary"));
    reader.finish();
    for (Problem problem : problems) {
      require(!problem.message().isBlank(), () -> "no message in line " + problem.line());
    }
  }
}
