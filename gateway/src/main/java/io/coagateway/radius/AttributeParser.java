package io.coagateway.radius;

import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.Ipv6Prefix;
import io.coagateway.wire.OctetWriter;
import io.coagateway.wire.Octets;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Values from text: what {@link AttributePrinter} prints, and what radclient takes. Unquoted {@code
 * 0x} and hex digits are the raw octets whatever the type, so that values can be sent which the
 * type does not allow.
 */
final class AttributeParser {
  private static final Pattern ASSIGNMENT =
      Pattern.compile("\\s*([^\\s=:+]+)(?::(\\d{1,2}))?\\s*(?:\\+=|:=|=)(.*)", Pattern.DOTALL);
  private static final Pattern IPV4 = Pattern.compile("(\\d{1,3})(?:\\.(\\d{1,3})){3}");
  private static final Pattern IFID = Pattern.compile("\\p{XDigit}{1,4}(?::\\p{XDigit}{1,4}){3}");
  private static final int LARGEST_TAG = 0x1f; // RFC 2868 section 3.1

  private final AttributeId id;
  private final AttributeDictionary dictionary;

  private AttributeParser(AttributeId id, AttributeDictionary dictionary) {
    this.id = id;
    this.dictionary = dictionary;
  }

  static Attribute parseAssignment(String text, AttributeDictionary dictionary) {
    Matcher matcher = ASSIGNMENT.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is no attribute. Give one like User-Name=alice or Attr-26.9.1=0x6162");
    }
    String name = matcher.group(1);
    AttributeId id =
        dictionary
            .idOf(name)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "\""
                            + name
                            + "\" is not in the dictionaries. Give a name from them, or numbers"
                            + " like Attr-241.9 with a value like 0x0102"));
    int tag = matcher.group(2) == null ? 0 : Integer.parseInt(matcher.group(2));
    return new Attribute(
        id, new AttributeParser(id, dictionary).value(matcher.group(3).strip(), tag));
  }

  static Octets parse(AttributeId id, String text, AttributeDictionary dictionary) {
    return new AttributeParser(id, dictionary).value(text, 0);
  }

  private Octets value(String text, int tag) {
    Optional<AttributeDefinition> definition = dictionary.definition(id);
    boolean tagged = definition.filter(d -> d.flags().tagged()).isPresent();
    if (tag > (tagged ? LARGEST_TAG : 0)) {
      throw new IllegalArgumentException(
          name() + (tagged ? ": a tag is 1 to 31, not " : " has no tag, but one is given: ") + tag);
    }
    if (text.startsWith("0x") || text.startsWith("0X")) {
      if (tag > 0 && !isPrintedInHex(definition.get())) {
        throw new IllegalArgumentException(
            name()
                + ": hex octets are the whole value; give the tag as the first of them, not :"
                + tag);
      }
      try {
        return Octets.ofHex(text.substring(2));
      } catch (IllegalArgumentException e) {
        throw bad(text, "hex octets like 0x0102 (" + e.getMessage() + ")");
      }
    }
    if (definition.isEmpty()) {
      throw bad(text, "hex octets like 0x0102, as it is not in the dictionaries");
    }
    if (definition.get().type() == DataType.STRING) {
      Octets value = string(text);
      return tag == 0 ? value : new OctetWriter(8).u8(tag).octets(value).toOctets();
    }
    Octets value = value(definition.get(), unquote(text));
    if (tag == 0 || value.length() != 4) {
      return value;
    }
    if (value.u8(0) != 0) {
      throw bad(text, "a number from 0 to 16777215, for the tag takes an octet");
    }
    return new OctetWriter(4).u8(tag).octets(value.from(1)).toOctets();
  }

  /** Then its tag is said twice: as the name has it, and in the octets. */
  private static boolean isPrintedInHex(AttributeDefinition tagged) {
    return tagged.type() != DataType.STRING && tagged.type() != DataType.INTEGER;
  }

  private Octets value(AttributeDefinition definition, String text) {
    return switch (definition.type()) {
      case STRING -> Octets.ofUtf8(text);
      case BYTE -> Octets.wrap(new byte[] {(byte) number(definition, text, 0xff)});
      case SHORT -> new OctetWriter(2).u16((int) number(definition, text, 0xffff)).toOctets();
      case INTEGER -> new OctetWriter(4).u32(number(definition, text, 0xffffffffL)).toOctets();
      case SIGNED -> signed(definition, text);
      case INTEGER64 -> integer64(definition, text);
      case DATE -> date(text);
      case IPADDR -> ipv4(text);
      case COMBO_IP -> comboIp(text);
      case IPV4PREFIX -> ipv4Prefix(text);
      case IPV6ADDR -> ipv6(text).toOctets();
      case IPV6PREFIX -> ipv6Prefix(text);
      case IFID -> ifid(text);
      case ETHER -> ether(text);
      case TLV -> container(text);
      case OCTETS, VSA, EXTENDED, LONG_EXTENDED, EVS -> throw bad(text, "hex octets like 0x0102");
    };
  }

  private long number(AttributeDefinition definition, String text, long most) {
    Optional<Long> named = definition.valueNumber(text);
    if (named.isPresent()) {
      return named.get();
    }
    try {
      long number = Long.parseLong(text);
      if (number >= 0 && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    String names = definition.values().isEmpty() ? "" : " or a name from the dictionary";
    throw bad(text, "a number from 0 to " + most + names);
  }

  private Octets signed(AttributeDefinition definition, String text) {
    try {
      long number = definition.valueNumber(text).orElseGet(() -> (long) Integer.parseInt(text));
      return new OctetWriter(4).u32(number).toOctets();
    } catch (NumberFormatException e) {
      throw bad(text, "a number from -2147483648 to 2147483647");
    }
  }

  private Octets integer64(AttributeDefinition definition, String text) {
    try {
      long number = definition.valueNumber(text).orElseGet(() -> Long.parseUnsignedLong(text));
      return new OctetWriter(8).u64(number).toOctets();
    } catch (NumberFormatException e) {
      throw bad(text, "a number from 0 to 18446744073709551615");
    }
  }

  private Octets date(String text) {
    long seconds = -1;
    try {
      if (!text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
        seconds = Long.parseLong(text);
      } else if (text.endsWith("UTC")) {
        seconds = Instant.from(AttributePrinter.DATE.parse(text)).getEpochSecond();
      } else {
        seconds = Instant.parse(text).getEpochSecond();
      }
    } catch (DateTimeException | NumberFormatException e) {
      // said below
    }
    if (seconds < 0 || seconds > 0xffffffffL) {
      throw bad(text, "seconds since 1970, \"Nov 21 2026 18:00:00 UTC\" or 2026-11-21T18:00:00Z");
    }
    return new OctetWriter(4).u32(seconds).toOctets();
  }

  private Octets ipv4(String text) {
    return ipv4Octets(text).orElseThrow(() -> bad(text, "an IPv4 address like 192.0.2.1"));
  }

  private static Optional<Octets> ipv4Octets(String text) {
    if (IPV4.matcher(text).matches()) {
      String[] parts = text.split("\\.", -1);
      OctetWriter out = new OctetWriter(4);
      boolean fits = true;
      for (String part : parts) {
        int octet = Integer.parseInt(part);
        fits &= octet <= 255;
        out.u8(octet);
      }
      if (fits) {
        return Optional.of(out.toOctets());
      }
    }
    return Optional.empty();
  }

  private Octets comboIp(String text) {
    try {
      Optional<Octets> ipv4 = ipv4Octets(text);
      return ipv4.isPresent() ? ipv4.get() : Ipv6Address.parse(text).toOctets();
    } catch (IllegalArgumentException e) {
      throw bad(text, "an address like 192.0.2.1 or 2001:db8::1");
    }
  }

  private Octets ipv4Prefix(String text) {
    int slash = text.indexOf('/');
    Optional<Octets> address = ipv4Octets(slash < 0 ? text : text.substring(0, slash));
    int length = slash < 0 ? 32 : prefixLength(text.substring(slash + 1), 32);
    if (address.isEmpty() || length < 0) {
      throw bad(text, "an IPv4 prefix like 192.0.2.0/24");
    }
    return new OctetWriter(6).u8(0).u8(length).octets(address.get()).toOctets();
  }

  private Ipv6Address ipv6(String text) {
    try {
      return Ipv6Address.parse(text);
    } catch (IllegalArgumentException e) {
      throw bad(text, "an IPv6 address like 2001:db8::1");
    }
  }

  /** RFC 8044 section 3.10: no more octets than the prefix needs. */
  private Octets ipv6Prefix(String text) {
    try {
      Ipv6Prefix prefix =
          text.indexOf('/') < 0
              ? new Ipv6Prefix(Ipv6Address.parse(text), 128)
              : Ipv6Prefix.parse(text);
      Octets address = prefix.address().toOctets();
      // bits behind the length are kept if the text has them, so that such values can be sent
      int octets = prefix.isMasked() ? (prefix.length() + 7) / 8 : 16;
      return new OctetWriter(18)
          .u8(0)
          .u8(prefix.length())
          .octets(address.slice(0, octets))
          .toOctets();
    } catch (IllegalArgumentException e) {
      throw bad(text, "an IPv6 prefix like 2001:db8:42::/56");
    }
  }

  private static int prefixLength(String text, int most) {
    try {
      int length = Integer.parseInt(text);
      return length <= most ? length : -1;
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  private Octets ifid(String text) {
    if (!IFID.matcher(text).matches()) {
      throw bad(text, "an interface identifier like 0:0:0:1");
    }
    OctetWriter out = new OctetWriter(8);
    for (String part : text.split(":", -1)) {
      out.u16(Integer.parseInt(part, 16));
    }
    return out.toOctets();
  }

  private Octets ether(String text) {
    try {
      Octets octets = Octets.ofHex(text);
      if (octets.length() == 6) {
        return octets;
      }
    } catch (IllegalArgumentException e) {
      // said below
    }
    throw bad(text, "an Ethernet address like 02:00:5e:10:00:07");
  }

  /** {@code { Name = value, Name = { … } }}. */
  private Octets container(String text) {
    String stripped = text.strip();
    if (!stripped.startsWith("{") || !stripped.endsWith("}")) {
      throw bad(text, "TLVs like { Name = value, Name = value } or hex octets");
    }
    OctetWriter out = new OctetWriter();
    for (String part : parts(stripped.substring(1, stripped.length() - 1))) {
      Attribute tlv = parseAssignment(part, dictionary);
      if (tlv.id().tlvDepth() == 0 || !tlv.id().parent().equals(id)) {
        throw new IllegalArgumentException(
            dictionary.nameOf(tlv.id()) + " does not belong into " + name());
      }
      if (tlv.value().isEmpty() || tlv.value().length() > 253) {
        throw new IllegalArgumentException(
            dictionary.nameOf(tlv.id())
                + ": a TLV holds 1 to 253 octets, not "
                + tlv.value().length());
      }
      out.u8((int) tlv.id().lastNumber()).u8(tlv.value().length() + 2).octets(tlv.value());
    }
    return out.toOctets();
  }

  /** Cuts at the commas that stand in no quotes and no inner braces. */
  private static List<String> parts(String text) {
    List<String> parts = new ArrayList<>();
    int depth = 0;
    char quote = 0;
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (quote != 0) {
        if (c == '\\') {
          i++;
        } else if (c == quote) {
          quote = 0;
        }
      } else if (c == '"' || c == '\'') {
        quote = c;
      } else if (c == '{') {
        depth++;
      } else if (c == '}') {
        depth--;
      } else if (c == ',' && depth == 0) {
        parts.add(text.substring(start, i));
        start = i + 1;
      }
    }
    parts.add(text.substring(start));
    return parts;
  }

  private String unquote(String text) {
    return isQuoted(text) ? string(text).toUtf8() : text;
  }

  private static boolean isQuoted(String text) {
    return text.startsWith("\"") || text.startsWith("'");
  }

  /** Text, in quotes or bare. Escapes count inside double quotes only, as in radclient. */
  private Octets string(String text) {
    if (!isQuoted(text)) {
      return Octets.ofUtf8(text);
    }
    char quote = text.charAt(0);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int at = 1;
    while (at < text.length() && text.charAt(at) != quote) {
      int c = text.codePointAt(at);
      if (c == '\\' && at + 1 < text.length()) {
        at = quote == '"' ? escape(text, at + 1, out) : rawEscape(text, at + 1, out);
      } else {
        out.writeBytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
        at += Character.charCount(c);
      }
    }
    if (at != text.length() - 1) {
      throw bad(text, "text with its closing quote at the end");
    }
    return Octets.wrap(out.toByteArray());
  }

  /** In single quotes a backslash stands for itself, but before the quote and another one. */
  private static int rawEscape(String text, int at, ByteArrayOutputStream out) {
    char c = text.charAt(at);
    if (c == '\'' || c == '\\') {
      out.write(c);
      return at + 1;
    }
    out.write('\\');
    return at;
  }

  private int escape(String text, int at, ByteArrayOutputStream out) {
    char c = text.charAt(at);
    if (c == 'x' || (c >= '0' && c <= '7')) {
      int from = c == 'x' ? at + 1 : at;
      int to = Math.min(text.length(), c == 'x' ? from + 2 : from + 3);
      try {
        int octet = Integer.parseInt(text.substring(from, to), c == 'x' ? 16 : 8);
        if (octet >= 0 && octet <= 255 && Character.digit(text.charAt(from), 16) >= 0) {
          out.write(octet);
          return to;
        }
      } catch (NumberFormatException e) {
        // said below
      }
      throw bad(text, "escapes like \\012 or \\x0a");
    }
    switch (c) {
      case 'n' -> out.write('\n');
      case 'r' -> out.write('\r');
      case 't' -> out.write('\t');
      default -> {
        int codePoint = text.codePointAt(at);
        out.writeBytes(Character.toString(codePoint).getBytes(StandardCharsets.UTF_8));
        return at + Character.charCount(codePoint);
      }
    }
    return at + 1;
  }

  private String name() {
    return dictionary.nameOf(id);
  }

  private IllegalArgumentException bad(String text, String expected) {
    return new IllegalArgumentException(
        name() + ": \"" + text + "\" does not fit. Give " + expected);
  }
}
