package io.coagateway.vectors;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Reads the vector files under {@code src/test/resources/vectors}. A vector starts at its {@code
 * name} line; a field is a word at the start of a line and the rest of that line; lines that start
 * with a blank go on with the field above, line ends kept; {@code #} at the start of a line is a
 * comment. The last line of a file is {@code count N}: a vector that is skipped or swallowed is a
 * failure.
 */
public final class VectorFile {
  private VectorFile() {}

  /** All vectors of all {@code .txt} files in one folder, in order of file name. */
  public static List<Vector> folder(String name) {
    Path folder = Path.of("src/test/resources/vectors", name);
    try (Stream<Path> files = Files.list(folder)) {
      List<Vector> vectors = new ArrayList<>();
      for (Path file : files.filter(f -> f.toString().endsWith(".txt")).sorted().toList()) {
        vectors.addAll(read(file));
      }
      if (vectors.isEmpty()) {
        throw new AssertionError(folder + " holds no vectors");
      }
      return vectors;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All vectors of one file, for example {@code mapping/names.txt}. */
  public static List<Vector> file(String name) {
    return read(Path.of("src/test/resources/vectors", name));
  }

  private static List<Vector> read(Path file) {
    try {
      return parse(file.getFileName().toString(), Files.readAllLines(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<Vector> parse(String file, List<String> lines) {
    List<Vector> vectors = new ArrayList<>();
    Map<String, List<String>> fields = null;
    List<String> last = null;
    int count = -1;
    int number = 0;
    for (String line : lines) {
      number++;
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      if (count >= 0) {
        throw new AssertionError(file + ":" + number + ": count must be the last line");
      }
      if (Character.isWhitespace(line.charAt(0))) {
        if (last == null) {
          throw new AssertionError(file + ":" + number + ": nothing to go on with");
        }
        last.set(last.size() - 1, last.get(last.size() - 1) + "\n" + line.stripTrailing());
        continue;
      }
      int blank = 0;
      while (blank < line.length() && !Character.isWhitespace(line.charAt(blank))) {
        blank++;
      }
      String field = line.substring(0, blank);
      String value = line.substring(blank).strip();
      if (field.equals("count")) {
        count = Integer.parseInt(value);
        continue;
      }
      if (field.equals("name")) {
        fields = new LinkedHashMap<>();
        vectors.add(new Vector(file + ":" + number, value, fields));
      } else if (fields == null) {
        throw new AssertionError(file + ":" + number + ": a vector starts with its name");
      }
      last = fields.computeIfAbsent(field, f -> new ArrayList<>(1));
      last.add(value);
    }
    if (count != vectors.size()) {
      throw new AssertionError(
          file + " says count " + count + " at its end and holds " + vectors.size() + " vectors");
    }
    return vectors;
  }
}
