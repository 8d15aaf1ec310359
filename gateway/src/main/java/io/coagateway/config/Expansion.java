package io.coagateway.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * Fills in a variable of the environment where the text says dollar, brace, NAME, brace, and a
 * file's content (line breaks at its end taken off) where it says {@code file:path} there. Two
 * dollar signs before the brace stand for the characters themselves. A relative path is relative to
 * the file that names it.
 */
final class Expansion {
  private static final String FILE = "file:";

  /** As variables are called by everybody. */
  private static final Pattern VARIABLE = Pattern.compile("[A-Z_][A-Z0-9_]*");

  /** Larger is no secret; reading /dev/zero must end. */
  private static final int MAX_OCTETS = 64 * 1024;

  private final Path directory;
  private final UnaryOperator<String> environment;

  /**
   * @param directory where relative paths start
   * @param environment the value of a variable, or null
   */
  Expansion(Path directory, UnaryOperator<String> environment) {
    this.directory = directory;
    this.environment = environment;
  }

  /** Where relative paths start. */
  Path directory() {
    return directory.normalize();
  }

  /** {@code path} seen from the configuration file. */
  Path resolve(String path) throws BadValue {
    try {
      return directory.resolve(path).normalize();
    } catch (InvalidPathException e) { // a NUL, or what the locale's encoding lacks
      throw new BadValue("is no path here (" + e.getReason() + "). Give another.");
    }
  }

  /**
   * The program at {@code path}, which must be there and executable.
   *
   * @param what the user is to give the path of
   */
  Path program(String path, String what) throws BadValue {
    Path program = resolve(path);
    if (!Files.isRegularFile(program) || !Files.isExecutable(program)) {
      throw new BadValue(
          "names "
              + program
              + ", which "
              + (Files.exists(program) ? "cannot be executed. chmod +x it." : "does not exist.")
              + " Give the path of "
              + what
              + ".");
    }
    return program;
  }

  /**
   * {@code text} with everything filled in.
   *
   * @param warn takes what is doubtful about a file
   */
  String expand(String text, Consumer<String> warn) throws BadValue {
    if (!text.contains("${")) {
      return text;
    }
    StringBuilder out = new StringBuilder();
    int at = 0;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '$' && text.startsWith("$${", at)) {
        out.append("${");
        at += 3;
      } else if (c == '$' && text.startsWith("${", at)) {
        int end = text.indexOf('}', at);
        if (end < 0) {
          throw new BadValue("lacks the closing brace of ${. Write ${NAME} or ${file:/path}.");
        }
        out.append(value(text.substring(at + 2, end), warn));
        at = end + 1;
      } else {
        out.append(c);
        at++;
      }
    }
    return out.toString();
  }

  private String value(String name, Consumer<String> warn) throws BadValue {
    if (name.startsWith(FILE)) {
      return content(resolve(name.substring(FILE.length()).strip()), warn);
    }
    String value = environment.apply(name);
    if (value == null && !VARIABLE.matcher(name).matches()) { // it may be part of a secret
      throw new BadValue(
          "has ${…} in it, which names no environment variable that is set. Set it (in the unit"
              + " file: Environment=), or write $${ for the characters ${ themselves.");
    }
    if (value == null) {
      throw new BadValue(
          "names the environment variable "
              + name
              + ", which is not set. Set it (in the unit file: Environment=), or write the value.");
    }
    return value;
  }

  private static String content(Path file, Consumer<String> warn) throws BadValue {
    try {
      if (Files.notExists(file)) {
        throw new BadValue(
            "names " + file + ", which does not exist. Create it, or correct the path.");
      }
      if (!Files.isRegularFile(file)) {
        throw new BadValue(
            "names "
                + file
                + ", which is not a file. Give the path of a text file that holds only the value.");
      }
      if (Files.size(file) > MAX_OCTETS) {
        throw new BadValue("names " + file + ", which is too large. It must hold only the value.");
      }
      String content = Files.readString(file);
      FileAccess.ofThisProcess().doubt("The file " + file, file).ifPresent(warn);
      return content.replaceAll("\\R+\\z", "");
    } catch (CharacterCodingException e) {
      throw new BadValue("names " + file + ", which is not UTF-8 text. Write the value as text.");
    } catch (IOException e) {
      throw new BadValue(
          "names "
              + file
              + ", which "
              + System.getProperty("user.name")
              + " may not read. "
              + FileAccess.ofThisProcess().cure(file));
    }
  }
}
