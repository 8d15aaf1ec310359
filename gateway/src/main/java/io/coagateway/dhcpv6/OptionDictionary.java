package io.coagateway.dhcpv6;

import io.coagateway.wire.Label;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.StringTokenizer;

/**
 * DHCPv6 options by name: code, name and form of each, read from {@code
 * dictionaries/dhcpv6/options}. Immutable.
 */
public final class OptionDictionary {
  /** Where the built-in one lies in the jar. */
  public static final String RESOURCE = "dictionaries/dhcpv6/options";

  /** How an option's value is written as text. The file explains each. */
  public enum Form {
    /** One domain name. */
    FQDN,
    /** One or more domain names. */
    FQDN_LIST,
    /** One IPv6 address. */
    ADDRESS,
    /** Any number of IPv6 addresses. */
    ADDRESS_LIST,
    /** UTF-8. */
    STRING,
    /** One octet. */
    UINT8,
    /** Two octets. */
    UINT16,
    /** Four octets. */
    UINT32,
    /** Two octets each. */
    UINT16_LIST,
    /** No value. */
    FLAG,
    /** A DUID. */
    DUID,
    /** Options. */
    OPTIONS,
    /** A message. */
    MESSAGE,
    /** Fields of its own. */
    STRUCT,
    /** Octets. */
    OCTETS;

    /** As the file writes it: {@code fqdn-list}. */
    @Override
    public String toString() {
      return Label.of(this);
    }
  }

  /**
   * One line of the dictionary.
   *
   * @param code the number
   * @param name lower case with hyphens, like {@code aftr-name}
   * @param form how its value is written
   */
  public record Definition(OptionCode code, String name, Form form) {
    /** As the RFCs write it, without OPTION_: {@code AFTR_NAME}. */
    public String registeredName() {
      return name.toUpperCase(Locale.ROOT).replace('-', '_');
    }
  }

  private static final class BuiltIn {
    static final OptionDictionary INSTANCE = load();

    private BuiltIn() {}

    private static OptionDictionary load() {
      try (InputStream in = OptionDictionary.class.getClassLoader().getResourceAsStream(RESOURCE)) {
        if (in == null) {
          throw new IllegalStateException(RESOURCE + " is not in the jar");
        }
        return read(new InputStreamReader(in, StandardCharsets.UTF_8), RESOURCE);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private final List<Definition> definitions;
  private final Map<Integer, Definition> byNumber = new HashMap<>();
  private final Map<String, Definition> byName = new HashMap<>();

  private OptionDictionary(List<Definition> definitions) {
    this.definitions = List.copyOf(definitions);
    for (Definition definition : definitions) {
      byNumber.put(definition.code().number(), definition);
      byName.put(definition.name(), definition);
    }
  }

  /** The one inside the jar. */
  public static OptionDictionary builtIn() {
    return BuiltIn.INSTANCE;
  }

  /**
   * Reads a dictionary.
   *
   * @param source closed by the caller
   * @param name of the file, for error messages
   * @throws IllegalArgumentException naming file and line: a field too many or too few, a number or
   *     form that is none, a code or name given twice
   */
  public static OptionDictionary read(Reader source, String name) throws IOException {
    List<Definition> definitions = new ArrayList<>();
    Map<String, Integer> seen = new HashMap<>();
    BufferedReader lines = new BufferedReader(source);
    int number = 0;
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      number++;
      StringTokenizer words = new StringTokenizer(line.replaceFirst("#.*", ""));
      if (!words.hasMoreTokens()) {
        continue;
      }
      String place = name + ":" + number + ": ";
      if (words.countTokens() < 3 || words.countTokens() > 4) {
        throw new IllegalArgumentException(
            place + "\"" + line.strip() + "\" is not: code name form RFC");
      }
      Definition definition;
      try {
        definition =
            new Definition(
                OptionCode.of(Integer.parseInt(words.nextToken())),
                words.nextToken().toLowerCase(Locale.ROOT),
                form(words.nextToken()));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(place + e.getMessage(), e);
      }
      Integer before = seen.putIfAbsent(definition.code().number() + "", number);
      before = before != null ? before : seen.putIfAbsent(definition.name(), number);
      if (before != null) {
        throw new IllegalArgumentException(
            place + "\"" + line.strip() + "\" repeats a code or name of line " + before);
      }
      definitions.add(definition);
    }
    return new OptionDictionary(definitions);
  }

  private static Form form(String text) {
    for (Form form : Form.values()) {
      if (form.toString().equals(text)) {
        return form;
      }
    }
    throw new IllegalArgumentException(
        "\"" + text + "\" is not a form. Known are: " + List.of(Form.values()));
  }

  /** All, in the order of the file. */
  public List<Definition> definitions() {
    return definitions;
  }

  /** The option with this number. */
  public Optional<Definition> byCode(OptionCode code) {
    return Optional.ofNullable(byNumber.get(code.number()));
  }

  /**
   * The option with this name: {@code aftr-name}, {@code AFTR_NAME} or {@code OPTION_AFTR_NAME}.
   */
  public Optional<Definition> byName(String name) {
    String key = name.toLowerCase(Locale.ROOT).replace('_', '-');
    Definition found = byName.get(key);
    if (found == null && key.startsWith("option-")) {
      found = byName.get(key.substring("option-".length()));
    }
    return Optional.ofNullable(found);
  }

  /**
   * The code for a name as {@link #byName} takes it, or a plain number from 1 to 65535.
   *
   * @throws IllegalArgumentException with the text in quotes and an example
   */
  public OptionCode code(String text) {
    Optional<Definition> named = byName(text);
    if (named.isPresent()) {
      return named.get().code();
    }
    try {
      int number = Integer.parseInt(text);
      if (number > 0 && number <= 65535) {
        return OptionCode.of(number);
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new IllegalArgumentException(
        "\"" + text + "\" is not a DHCPv6 option. Give a name like aftr-name, or a number like 64");
  }
}
