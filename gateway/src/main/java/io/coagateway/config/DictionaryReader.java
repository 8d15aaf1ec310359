package io.coagateway.config;

import io.coagateway.radius.AttributeDefinition;
import io.coagateway.radius.AttributeDefinition.Flags;
import io.coagateway.radius.AttributeDictionary;
import io.coagateway.radius.AttributeId;
import io.coagateway.radius.DataType;
import io.coagateway.radius.Vendor;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Reads dictionary files line by line into a builder. A line that makes no sense is reported and
 * skipped, so that one run finds all of them.
 *
 * <p>Understood is what FreeRADIUS 3.2 understands (dictionary(5), and where that is silent its
 * reader): {@code $INCLUDE}, {@code VENDOR} with {@code format=}, {@code BEGIN-VENDOR} (also inside
 * an Extended-Vendor-Specific attribute), {@code END-VENDOR}, {@code ATTRIBUTE} with dotted
 * numbers, {@code BEGIN-TLV}, {@code END-TLV}, {@code VALUE}, which may stand above its attribute,
 * and {@code VALUE-ALIAS}. What is FreeRADIUS's own and on no wire, attributes with numbers above
 * 255, is read and left out.
 */
final class DictionaryReader {
  /** Where lines come from. */
  interface Source {
    /** The lines of a file. */
    List<String> read(Path file) throws IOException;
  }

  private static final int DEEPEST_INCLUDE = 20;

  /** Files that include one another several times grow by powers; FreeRADIUS 3.2 has 237. */
  private static final int MOST_FILES = 1000;

  private static final int LARGEST_TYPE = 255;
  private static final Pattern VENDOR_FORMAT = Pattern.compile("format=([124]),([012])(,c)?");
  private static final Pattern SIZED_TYPE = Pattern.compile("(octets|string)\\[(\\d{1,3})]");

  /** Flags that say how FreeRADIUS finds a value, and that its log hides it. */
  private static final Set<String> NO_MATTER = Set.of("virtual", "secret");

  private static final Map<String, Integer> ENCRYPTIONS =
      Map.of("1", 1, "user-password", 1, "2", 2, "tunnel-password", 2, "3", 3, "ascend-secret", 3);

  private final AttributeDictionary.Builder builder;
  private final Source source;
  private final List<Problem> problems;
  private final Deque<Path> open = new ArrayDeque<>();

  /** Names of FreeRADIUS's own attributes, in lower case: their values mean nothing here. */
  private final Set<String> internal = new HashSet<>();

  private final List<EarlyValue> earlyValues = new ArrayList<>();
  private final List<Alias> aliases = new ArrayList<>();

  // where in the current file
  private Path file = Path.of("");
  private int line;
  private int filesRead;
  private Optional<OpenVendor> vendor = Optional.empty();
  private final Deque<AttributeDefinition> tlvs = new ArrayDeque<>();

  /**
   * A vendor between BEGIN-VENDOR and END-VENDOR.
   *
   * @param carrier the type of the extended attribute that it stands in, 0 for Vendor-Specific
   */
  private record OpenVendor(Vendor vendor, int carrier) {}

  /** A VALUE above its ATTRIBUTE, which may be in a file that is read later. */
  private record EarlyValue(Path file, int line, String attribute, String name, String number) {}

  /** Two attributes, both defined; the values of the second one may still come. */
  private record Alias(String alias, String named) {}

  /** A line that makes no sense; it becomes a {@link Problem} with file and line. */
  private static final class Senseless extends Exception {
    private static final long serialVersionUID = 1L;
    private final String value;

    Senseless(String value, String message) {
      super(message, null, false, false);
      this.value = value;
    }
  }

  DictionaryReader(AttributeDictionary.Builder builder, Source source, List<Problem> problems) {
    this.builder = builder;
    this.source = source;
    this.problems = problems;
  }

  /** A file, and what it includes. When all are read, {@link #finish}. */
  void read(Path start) {
    read(start, true);
  }

  private void read(Path start, boolean mustExist) {
    List<String> lines;
    filesRead++;
    try {
      lines = source.read(start);
    } catch (NoSuchFileException e) {
      if (mustExist) {
        unreadable(start, "does not exist. Give a dictionary file");
      }
      return;
    } catch (AccessDeniedException e) {
      unreadable(start, FileAccess.closedToThisProcess(start));
      return;
    } catch (IOException e) {
      unreadable(start, "cannot be read: " + e.getMessage());
      return;
    }
    Path outerFile = file;
    int outerLine = line;
    file = start;
    line = 0;
    open.push(start.normalize());
    for (String text : lines) {
      line++;
      try {
        read(text);
      } catch (Senseless e) {
        problems.add(new Problem(file, line, "", Optional.of(e.value), e.getMessage()));
      }
    }
    open.pop();
    if (open.isEmpty()) {
      vendor.ifPresent(v -> problem(file, line, "END-VENDOR " + v.vendor().name() + " is missing"));
      if (!tlvs.isEmpty()) {
        problem(file, line, "END-TLV " + tlvs.peek().name() + " is missing");
      }
      vendor = Optional.empty(); // what one file leaves open is not the next one's
      tlvs.clear();
    }
    file = outerFile;
    line = outerLine;
  }

  /** Names the values that stood above their attributes, and then those of aliases. */
  void finish() {
    for (EarlyValue early : earlyValues) {
      file = early.file();
      line = early.line();
      try {
        Optional<AttributeDefinition> definition = builder.definition(early.attribute());
        if (definition.isPresent()) {
          value(definition.get(), early.name(), early.number());
        } else if (!isOfFreeRadius(early.attribute())) {
          throw new Senseless(
              early.attribute(), "is no attribute. Define it, or take this line out");
        }
      } catch (Senseless e) {
        problems.add(new Problem(file, line, "", Optional.of(e.value), e.getMessage()));
      }
    }
    earlyValues.clear();
    aliases.forEach(this::copyValues);
    aliases.clear();
  }

  private void copyValues(Alias names) {
    AttributeDefinition alias = builder.definition(names.alias()).orElseThrow();
    for (Map.Entry<String, Long> value :
        builder.definition(names.named()).orElseThrow().values().entrySet()) {
      alias = alias.withValue(value.getKey(), value.getValue());
    }
    builder.add(alias);
  }

  /** Said at the line that includes the file; the first one stands for itself. */
  private void unreadable(Path included, String message) {
    if (open.isEmpty()) {
      problem(included, 0, message);
    } else {
      problem(file, line, "\"" + included + "\" " + message);
    }
  }

  private void problem(Path where, int at, String message) {
    problems.add(new Problem(where, at, "", Optional.empty(), message));
  }

  private void read(String text) throws Senseless {
    int comment = text.indexOf('#');
    String content = (comment < 0 ? text : text.substring(0, comment)).strip();
    if (content.isEmpty()) {
      return;
    }
    String[] words = content.split("\\s+", -1);
    switch (words[0].toUpperCase(Locale.ROOT)) {
      case "$INCLUDE" -> include(words, true);
      case "$INCLUDE-", "$-INCLUDE" -> include(words, false);
      case "VENDOR" -> vendor(words);
      case "BEGIN-VENDOR" -> beginVendor(words);
      case "END-VENDOR" -> endVendor(words);
      case "BEGIN-TLV" -> beginTlv(words);
      case "END-TLV" -> endTlv(words);
      case "ATTRIBUTE" -> attribute(words);
      case "VALUE" -> value(words);
      case "VALUE-ALIAS" -> valueAlias(words);
      default ->
          throw new Senseless(
              words[0],
              "is no keyword of a dictionary. Give ATTRIBUTE, VALUE, VENDOR, BEGIN-VENDOR,"
                  + " END-VENDOR, BEGIN-TLV, END-TLV, VALUE-ALIAS or $INCLUDE");
    }
  }

  /**
   * A file named in a line.
   *
   * @param mustExist false for {@code $-INCLUDE} and {@code $INCLUDE-}, which FreeRADIUS has and
   *     its manual page has not
   */
  private void include(String[] words, boolean mustExist) throws Senseless {
    need(words, 2, 2, words[0].toUpperCase(Locale.ROOT) + " file");
    Path included;
    try {
      included = file.resolveSibling(words[1]);
    } catch (InvalidPathException e) {
      throw new Senseless(words[1], "is no name of a file. Give the name of a dictionary file");
    }
    if (filesRead >= MOST_FILES) {
      throw new Senseless(
          words[1], "would be one file more than " + MOST_FILES + ". Include each file once");
    }
    if (open.contains(included.normalize()) || open.size() >= DEEPEST_INCLUDE) {
      throw new Senseless(words[1], "includes itself. Take this line out");
    }
    read(included, mustExist);
  }

  private void vendor(String[] words) throws Senseless {
    need(words, 3, 4, "VENDOR name number [format=1,1]");
    boolean continued = false;
    long number = number(words[2], 0xffffffffL);
    int typeOctets = 1;
    int lengthOctets = 1;
    if (words.length == 4) {
      Matcher format = VENDOR_FORMAT.matcher(words[3]);
      boolean known = format.matches();
      continued = known && format.group(3) != null;
      if (!known || (continued && !words[3].startsWith("format=1,1,"))) {
        throw new Senseless(
            words[3],
            "is no vendor format that is supported. Give format=type,length with a type of 1, 2"
                + " or 4 octets and a length of 0, 1 or 2, or format=1,1,c");
      }
      typeOctets = Integer.parseInt(format.group(1));
      lengthOctets = Integer.parseInt(format.group(2));
    }
    builder.add(new Vendor(words[1], number, typeOctets, lengthOctets, continued));
  }

  private void beginVendor(String[] words) throws Senseless {
    need(words, 2, 3, "BEGIN-VENDOR name");
    if (vendor.isPresent()) {
      throw new Senseless(
          words[1],
          "begins inside vendor " + vendor.get().vendor().name() + ". Write END-VENDOR first");
    }
    Vendor found =
        builder
            .vendor(words[1])
            .orElseThrow(
                () ->
                    new Senseless(
                        words[1], "is no vendor yet. Write VENDOR " + words[1] + " number above"));
    int carrier = 0;
    if (words.length == 3) {
      String name = words[2].replaceFirst("^(format|parent)=", "");
      carrier =
          builder
              .definition(name)
              .filter(d -> d.type() == DataType.EVS)
              .map(d -> d.id().type())
              .orElseThrow(
                  () ->
                      new Senseless(
                          words[2],
                          "is no Extended-Vendor-Specific attribute. Give one like"
                              + " format=Extended-Vendor-Specific-1"));
    }
    vendor = Optional.of(new OpenVendor(found, carrier));
  }

  private void endVendor(String[] words) throws Senseless {
    need(words, 2, 2, "END-VENDOR name");
    if (vendor.filter(v -> v.vendor().name().equalsIgnoreCase(words[1])).isEmpty()) {
      throw new Senseless(
          words[1],
          "was not begun. "
              + vendor
                  .map(v -> "Write END-VENDOR " + v.vendor().name())
                  .orElse("Take this line out or write BEGIN-VENDOR " + words[1] + " above"));
    }
    vendor = Optional.empty();
  }

  private void beginTlv(String[] words) throws Senseless {
    need(words, 2, 2, "BEGIN-TLV name");
    AttributeDefinition container =
        builder
            .definition(words[1])
            .filter(d -> d.type() == DataType.TLV)
            .orElseThrow(
                () -> new Senseless(words[1], "is no attribute of type tlv. Define it above"));
    tlvs.push(container);
  }

  private void endTlv(String[] words) throws Senseless {
    need(words, 2, 2, "END-TLV name");
    if (tlvs.isEmpty() || !tlvs.peek().name().equalsIgnoreCase(words[1])) {
      throw new Senseless(
          words[1],
          "was not begun. "
              + (tlvs.isEmpty()
                  ? "Take this line out or write BEGIN-TLV " + words[1] + " above"
                  : "Write END-TLV " + tlvs.peek().name()));
    }
    tlvs.pop();
  }

  private void attribute(String[] words) throws Senseless {
    need(words, 4, 5, "ATTRIBUTE name number type [flags]");
    String name = words[1];
    if (!name.matches("[A-Za-z0-9][A-Za-z0-9_./-]*")) {
      throw new Senseless(name, "is no name. Use letters, digits, hyphens");
    }
    String flagText = words.length == 5 ? words[4] : "";
    Optional<Vendor> owner = vendor.isEmpty() ? builder.vendor(flagText) : Optional.empty();
    boolean isInternal = owner.isEmpty() && isInternal(words[2]);
    AttributeId id = isInternal ? AttributeId.of(0) : id(words[2], owner);
    int length = 0;
    String typeName = words[3].toLowerCase(Locale.ROOT);
    Matcher sized = SIZED_TYPE.matcher(typeName);
    if (sized.matches()) {
      typeName = sized.group(1);
      length = Integer.parseInt(sized.group(2));
    }
    DataType type =
        DataType.ofName(typeName)
            .orElseThrow(
                () ->
                    new Senseless(
                        words[3],
                        "is no data type. Give one of "
                            + Arrays.stream(DataType.values())
                                .map(DataType::dictionaryName)
                                .collect(Collectors.joining(", "))));
    Flags flags = flags(owner.isPresent() ? "" : flagText, length);
    if (isInternal) {
      internal.add(name.toLowerCase(Locale.ROOT));
      return;
    }
    Optional<AttributeDefinition> before = builder.definition(name);
    if (before.isPresent() && !before.get().id().equals(id)) {
      throw new Senseless(
          name, "is attribute " + before.get().id() + " already. Give it another name");
    }
    Map<String, Long> values =
        before.filter(d -> d.type() == type).map(AttributeDefinition::values).orElseGet(Map::of);
    builder.add(new AttributeDefinition(name, id, type, values, flags));
  }

  /**
   * Whether the number is one of those above 255 that FreeRADIUS gives to what is in no packet
   * (dictionary.freeradius.internal) or in none of RADIUS (dictionary.vqp).
   */
  private boolean isInternal(String text) throws Senseless {
    return vendor.isEmpty()
        && tlvs.isEmpty()
        && text.matches("0x\\p{XDigit}+|\\d+")
        && number(text, 0xffffffffL) > LARGEST_TYPE;
  }

  /**
   * The numbers of an attribute, with those of the block that it stands in.
   *
   * @param owner the vendor named behind the type, in the place of BEGIN-VENDOR
   */
  private AttributeId id(String text, Optional<Vendor> owner) throws Senseless {
    String numbers = text.startsWith("0x") ? hexNumber(text) : text;
    String prefix = "";
    if (owner.isPresent()) {
      prefix = "26." + owner.get().id() + ".";
    } else if (!tlvs.isEmpty()) {
      prefix = tlvs.peek().id() + ".";
    } else if (vendor.isPresent()) {
      OpenVendor inside = vendor.get();
      prefix =
          (inside.carrier() == 0 ? "" : inside.carrier() + ".")
              + "26."
              + inside.vendor().id()
              + ".";
    }
    try {
      return AttributeId.parse(prefix + numbers);
    } catch (IllegalArgumentException e) {
      throw new Senseless(text, "is no attribute number. Give one like 144, or 241.9.1 for a TLV");
    }
  }

  private static String hexNumber(String text) throws Senseless {
    return Long.toString(number(text, 0xffffffffL));
  }

  private static Flags flags(String text, int length) throws Senseless {
    boolean tagged = false;
    boolean concatenated = false;
    boolean array = false;
    int encryption = 0;
    for (String flag : text.isEmpty() ? new String[0] : text.split(",", -1)) {
      String name = flag.toLowerCase(Locale.ROOT);
      if (name.equals("has_tag") || name.equals("has_tag=1")) {
        tagged = true;
      } else if (name.equals("concat")) {
        concatenated = true;
      } else if (name.equals("array")) {
        array = true;
      } else if (name.startsWith("encrypt=")
          && ENCRYPTIONS.containsKey(name.substring("encrypt=".length()))) {
        encryption = ENCRYPTIONS.get(name.substring("encrypt=".length()));
      } else if (!NO_MATTER.contains(name)) {
        throw new Senseless(
            flag,
            "is no flag and no vendor yet. Give has_tag, concat, array, encrypt=1, encrypt=2,"
                + " encrypt=3, secret or virtual");
      }
    }
    return new Flags(tagged, encryption, concatenated, array, length);
  }

  private void value(String[] words) throws Senseless {
    need(words, 4, 4, "VALUE attribute name number");
    Optional<AttributeDefinition> definition = builder.definition(words[1]);
    if (definition.isPresent()) {
      value(definition.get(), words[2], words[3]);
    } else if (!isOfFreeRadius(words[1])) {
      earlyValues.add(new EarlyValue(file, line, words[1], words[2], words[3]));
    }
  }

  /** Server-Config is a name that its reader skips, too, for very old files. */
  private boolean isOfFreeRadius(String name) {
    return internal.contains(name.toLowerCase(Locale.ROOT))
        || name.equalsIgnoreCase("Server-Config");
  }

  private void value(AttributeDefinition definition, String name, String text) throws Senseless {
    long most =
        switch (definition.type()) {
          case BYTE -> 0xff;
          case SHORT -> 0xffff;
          case INTEGER, SIGNED, DATE -> 0xffffffffL;
          case INTEGER64 -> Long.MAX_VALUE;
          case OCTETS -> 0xffffffffL; // in dictionary.cablelabs; of what length nobody says
          case STRING,
              COMBO_IP,
              IPADDR,
              IPV4PREFIX,
              IPV6ADDR,
              IPV6PREFIX,
              IFID,
              ETHER,
              TLV,
              VSA,
              EXTENDED,
              LONG_EXTENDED,
              EVS ->
              throw new Senseless(
                  definition.name(),
                  "is of type "
                      + definition.type().dictionaryName()
                      + ", whose values have no names. Take this line out");
        };
    long number = number(text, most);
    if (definition.type() != DataType.OCTETS) {
      builder.add(definition.withValue(name, number));
    }
  }

  /** The names of one attribute's values for another one. */
  private void valueAlias(String[] words) throws Senseless {
    need(words, 3, 3, "VALUE-ALIAS attribute attribute");
    if (isOfFreeRadius(words[1]) || isOfFreeRadius(words[2])) {
      return;
    }
    AttributeDefinition alias = defined(words[1]);
    AttributeDefinition named = defined(words[2]);
    if (alias.type() != named.type()) {
      throw new Senseless(
          words[2],
          "is of type "
              + named.type().dictionaryName()
              + ", "
              + alias.name()
              + " of type "
              + alias.type().dictionaryName()
              + ". Name an attribute of the same type");
    }
    aliases.add(new Alias(alias.name(), named.name()));
  }

  private AttributeDefinition defined(String name) throws Senseless {
    return builder
        .definition(name)
        .orElseThrow(() -> new Senseless(name, "is no attribute yet. Define it above"));
  }

  private static long number(String text, long most) throws Senseless {
    try {
      long number =
          text.startsWith("0x") ? Long.parseLong(text.substring(2), 16) : Long.parseLong(text);
      if (number >= 0 && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new Senseless(text, "is no number from 0 to " + most);
  }

  private static void need(String[] words, int least, int most, String form) throws Senseless {
    if (words.length < least || words.length > most) {
      throw new Senseless(String.join(" ", words), "has " + words.length + " words. Write " + form);
    }
  }
}
