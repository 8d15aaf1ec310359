package io.coagateway.radius;

import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.MalformedException;
import io.coagateway.wire.Octets;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Values as radclient 3.2 prints them, except that dates are always UTC. A value whose length does
 * not fit its type is printed in hex. Everything printed is read back by {@link AttributeParser}.
 */
final class AttributePrinter {
  static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("MMM dd uuuu HH:mm:ss 'UTC'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private static final int LARGEST_TAG = 0x1f; // RFC 2868 section 3.1

  private AttributePrinter() {}

  /** {@code Name = value}, with the tag behind the name where there is one. */
  static String assignment(Attribute attribute, AttributeDictionary dictionary) {
    int tag = tag(attribute, dictionary);
    return dictionary.nameOf(attribute.id())
        + (tag > 0 ? ":" + tag : "")
        + " = "
        + print(attribute, dictionary);
  }

  static String print(Attribute attribute, AttributeDictionary dictionary) {
    Optional<AttributeDefinition> definition = dictionary.definition(attribute.id());
    Octets value = attribute.value();
    if (definition.isEmpty()) {
      return hex(value);
    }
    AttributeDefinition known = definition.get();
    if (known.flags().encryption() != 0) {
      return hex(value);
    }
    if (known.flags().tagged()) {
      return printTagged(known, value);
    }
    if (known.flags().array() && value.length() > known.type().longest()) {
      return hex(value);
    }
    return print(known, value, attribute, dictionary);
  }

  /** As {@link #print}, but text bare when nothing in it needs quotes to be read back. */
  static String plain(Attribute attribute, AttributeDictionary dictionary) {
    String printed = print(attribute, dictionary);
    if (!printed.startsWith("\"") || dictionary.typeOf(attribute.id()) == DataType.DATE) {
      return printed;
    }
    String bare = printed.substring(1, printed.length() - 1);
    boolean needsQuotes =
        bare.isEmpty()
            || bare.indexOf('\\') >= 0
            || bare.startsWith("'")
            || bare.startsWith("0x")
            || bare.startsWith("0X");
    return needsQuotes ? printed : bare;
  }

  private static String print(
      AttributeDefinition definition,
      Octets value,
      Attribute attribute,
      AttributeDictionary dictionary) {
    DataType type = definition.type();
    if (!type.fits(value.length())) {
      return value.isEmpty() && type == DataType.STRING ? "\"\"" : hex(value);
    }
    return switch (type) {
      case STRING -> quote(value);
      case OCTETS, VSA, EXTENDED, LONG_EXTENDED, EVS -> hex(value);
      case BYTE -> number(definition, value.u8(0));
      case SHORT -> number(definition, value.u16(0));
      case INTEGER -> number(definition, value.u32(0));
      case SIGNED -> number(definition, value.u32(0) << 32 >> 32);
      case INTEGER64 -> number64(definition, value.u32(0) << 32 | value.u32(4));
      case DATE -> '"' + DATE.format(Instant.ofEpochSecond(value.u32(0))) + '"';
      case IPADDR -> ipv4(value, 0);
      case COMBO_IP -> value.length() == 4 ? ipv4(value, 0) : Ipv6Address.of(value, 0).toString();
      case IPV4PREFIX -> value.u8(1) > 32 ? hex(value) : ipv4(value, 2) + "/" + value.u8(1);
      case IPV6ADDR -> Ipv6Address.of(value, 0).toString();
      case IPV6PREFIX -> ipv6Prefix(value);
      case IFID ->
          String.format("%x:%x:%x:%x", value.u16(0), value.u16(2), value.u16(4), value.u16(6));
      case ETHER -> HexFormat.ofDelimiter(":").formatHex(value.toArray());
      case TLV -> container(attribute, dictionary);
    };
  }

  private static String printTagged(AttributeDefinition definition, Octets value) {
    return switch (definition.type()) {
      case INTEGER -> // RFC 2868 section 3.1: tag, 3 octets
          value.length() != 4 ? hex(value) : number(definition, value.u32(0) & 0xffffff);
      case STRING -> {
        boolean hasTag = !value.isEmpty() && value.u8(0) <= LARGEST_TAG;
        yield quote(hasTag ? value.from(1) : value);
      }
      default -> hex(value);
    };
  }

  /** The tag of a tagged attribute; 0 when there is none. */
  private static int tag(Attribute attribute, AttributeDictionary dictionary) {
    Octets value = attribute.value();
    return dictionary
        .definition(attribute.id())
        .filter(d -> d.flags().tagged() && d.flags().encryption() == 0 && !value.isEmpty())
        .filter(d -> d.type() == DataType.STRING || value.length() == 4)
        .filter(d -> value.u8(0) <= LARGEST_TAG)
        .map(d -> value.u8(0))
        .orElse(0);
  }

  private static String container(Attribute attribute, AttributeDictionary dictionary) {
    List<Attribute> tlvs;
    try {
      tlvs = attribute.tlvs();
    } catch (MalformedException e) {
      return hex(attribute.value());
    }
    if (attribute.id().tlvDepth() >= TlvReader.MAXIMUM_DEPTH) {
      return hex(attribute.value());
    }
    StringBuilder text = new StringBuilder("{ ");
    for (Attribute tlv : tlvs) {
      text.append(text.length() > 2 ? ", " : "").append(assignment(tlv, dictionary));
    }
    return text.append(" }").toString();
  }

  private static String number(AttributeDefinition definition, long number) {
    return definition.valueName(number).orElseGet(() -> Long.toString(number));
  }

  private static String number64(AttributeDefinition definition, long number) {
    return definition.valueName(number).orElseGet(() -> Long.toUnsignedString(number));
  }

  static String ipv4(Octets value, int at) {
    return value.u8(at) + "." + value.u8(at + 1) + "." + value.u8(at + 2) + "." + value.u8(at + 3);
  }

  private static String ipv6Prefix(Octets value) {
    int length = value.u8(1);
    if (length > 128 || value.length() - 2 < (length + 7) / 8) {
      return hex(value);
    }
    byte[] address = new byte[16];
    value.from(2).copyTo(address, 0);
    return Ipv6Address.of(Octets.wrap(address), 0) + "/" + length;
  }

  static String hex(Octets value) {
    return "0x" + value.toHex();
  }

  /** Text in double quotes; what is not UTF-8 or not printable becomes an escape, as in C. */
  private static String quote(Octets value) {
    StringBuilder text = new StringBuilder(value.length() + 2).append('"');
    String decoded = utf8(value);
    if (decoded != null) {
      decoded.codePoints().forEach(c -> escape(c, text));
    } else {
      for (int i = 0; i < value.length(); i++) {
        int octet = value.u8(i);
        escape(octet < 0x80 ? octet : -octet, text);
      }
    }
    return text.append('"').toString();
  }

  private static String utf8(Octets value) {
    try {
      ByteBuffer octets = value.asByteBuffer();
      return StandardCharsets.UTF_8.newDecoder().decode(octets).toString();
    } catch (CharacterCodingException e) {
      return null; // printed octet by octet
    }
  }

  private static void escape(int c, StringBuilder text) {
    switch (c) {
      case '"' -> text.append("\\\"");
      case '\\' -> text.append("\\\\");
      case '\n' -> text.append("\\n");
      case '\r' -> text.append("\\r");
      case '\t' -> text.append("\\t");
      default -> {
        if (c < 0 || c < 0x20 || c == 0x7f) {
          text.append(String.format("\\%03o", Math.abs(c)));
        } else if (c < 0x7f || isPrintable(c)) {
          text.appendCodePoint(c);
        } else {
          for (byte octet : Character.toString(c).getBytes(StandardCharsets.UTF_8)) {
            text.append(String.format("\\%03o", octet & 0xff));
          }
        }
      }
    }
  }

  private static boolean isPrintable(int c) {
    return !Character.isISOControl(c) && Character.getType(c) != Character.FORMAT;
  }
}
