package io.coagateway.dhcpv6;

import io.coagateway.wire.MalformedException;
import io.coagateway.wire.OctetWriter;
import io.coagateway.wire.Octets;
import java.nio.charset.StandardCharsets;

/**
 * A fully qualified domain name in wire form (RFC 1035 section 3.1): labels of 1 to 63 octets, each
 * after its length octet, and a zero octet at the end, 255 octets at most. Never compressed (RFC
 * 8415 section 10).
 *
 * <p>Equality is by octets: names that differ in case are different values here.
 *
 * @param wire the whole name with its final zero octet
 */
public record DomainName(Octets wire) {
  /** With length octets and the final zero octet (RFC 1035 section 2.3.4). */
  public static final int MAX_LENGTH = 255;

  /** One label (RFC 1035 section 2.3.4). */
  public static final int MAX_LABEL_LENGTH = 63;

  private static final Octets ROOT = Octets.ofHex("00");

  /** Refuses octets that are not exactly one name. */
  public DomainName {
    try {
      exactly(wire, 0);
    } catch (MalformedException e) {
      throw new IllegalArgumentException(
          "\"" + wire + "\" is not a domain name in wire form: " + e.getMessage(), e);
    }
  }

  /**
   * Exactly one name, nothing after it.
   *
   * @throws MalformedException naming offset and reason
   */
  public static DomainName parse(Octets wire) throws MalformedException {
    exactly(wire, 0);
    return new DomainName(wire);
  }

  /** Fails unless {@code octets}, which stand at {@code offset} of the input, are one name. */
  static void exactly(Octets octets, int offset) throws MalformedException {
    int end = endOf(octets, 0, offset);
    if (end != octets.length()) {
      throw new MalformedException(
          "domain name ends at offset "
              + (offset + end)
              + ", but "
              + Printing.octets(octets.length() - end)
              + " follow",
          offset + end);
    }
  }

  /** Where the name that starts at {@code at} ends; {@code offset} is where octet 0 stands. */
  static int endOf(Octets octets, int at, int offset) throws MalformedException {
    int i = at;
    while (true) {
      if (i >= octets.length()) {
        throw new MalformedException(
            "domain name has no final zero octet at offset " + (offset + i), offset + i);
      }
      int length = octets.u8(i);
      if (length > MAX_LABEL_LENGTH) {
        throw new MalformedException(
            "label length "
                + length
                + " at offset "
                + (offset + i)
                + " is over 63 (a name is never compressed here)",
            offset + i);
      }
      if (length > octets.length() - i - 1) {
        throw new MalformedException(
            "label needs "
                + Printing.octets(length)
                + " at offset "
                + (offset + i + 1)
                + ", found "
                + (octets.length() - i - 1),
            offset + i + 1);
      }
      i += 1 + length;
      if (i - at > MAX_LENGTH) {
        throw new MalformedException(
            "domain name at offset " + (offset + at) + " is over 255 octets", offset + at);
      }
      if (length == 0) {
        return i;
      }
    }
  }

  /**
   * A name in text, with or without the final dot; {@code \.} and {@code \DDD} as in RFC 1035
   * section 5.1. Letters outside ASCII are refused: give the A-label.
   *
   * @throws IllegalArgumentException with the text in quotes and what is wrong
   */
  public static DomainName ofText(String text) {
    OctetWriter out = new OctetWriter(text.length() + 2);
    if (text.equals(".")) {
      return new DomainName(out.u8(0).toOctets());
    }
    StringBuilder label = new StringBuilder();
    int i = 0;
    boolean ended = false;
    while (i < text.length()) {
      char c = text.charAt(i++);
      ended = c == '.';
      if (c == '.') {
        endLabel(text, out, label);
        continue;
      }
      if (c == '\\') {
        if (i + 3 <= text.length() && isDigits(text, i)) {
          int octet = Integer.parseInt(text.substring(i, i + 3));
          if (octet > 255) {
            throw notAName(text, "\\" + octet + " is not an octet");
          }
          c = (char) octet;
          i += 3;
        } else if (i < text.length()) {
          c = text.charAt(i++);
        } else {
          throw notAName(text, "it ends in a backslash");
        }
      } else if (c <= ' ' || c >= 0x7f) {
        throw notAName(text, "\"" + c + "\" is not allowed; write \\DDD or the A-label");
      }
      label.append(c);
    }
    if (!ended) {
      endLabel(text, out, label);
    }
    Octets labels = out.toOctets();
    if (labels.length() + 1 > MAX_LENGTH) {
      throw notAName(text, "it is over 255 octets");
    }
    return new DomainName(labels.plus(ROOT));
  }

  private static void endLabel(String text, OctetWriter out, StringBuilder label) {
    if (label.length() == 0) {
      throw notAName(text, "a label is empty");
    }
    if (label.length() > MAX_LABEL_LENGTH) {
      throw notAName(text, "a label is over 63 octets");
    }
    out.u8(label.length())
        .octets(Octets.wrap(label.toString().getBytes(StandardCharsets.ISO_8859_1)));
    label.setLength(0);
  }

  private static boolean isDigits(String text, int at) {
    for (int i = at; i < at + 3; i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }

  private static IllegalArgumentException notAName(String text, String why) {
    return new IllegalArgumentException(
        "\"" + text + "\" is not a domain name: " + why + ". Give one like aftr.example.com");
  }

  /** Whether this is the root, a name without labels. */
  public boolean isRoot() {
    return wire.length() == 1;
  }

  /**
   * Labels with dots between, no final dot, {@code .} for the root; escapes as RFC 1035 has them.
   */
  @Override
  public String toString() {
    if (isRoot()) {
      return ".";
    }
    StringBuilder text = new StringBuilder(wire.length());
    int at = 0;
    for (int length = wire.u8(0); length != 0; length = wire.u8(at)) {
      if (at > 0) {
        text.append('.');
      }
      for (int i = at + 1; i <= at + length; i++) {
        int octet = wire.u8(i);
        if (octet == '.' || octet == '\\') {
          text.append('\\').append((char) octet);
        } else if (octet <= ' ' || octet >= 0x7f) {
          text.append('\\').append((char) ('0' + octet / 100));
          text.append((char) ('0' + octet / 10 % 10)).append((char) ('0' + octet % 10));
        } else {
          text.append((char) octet);
        }
      }
      at += 1 + length;
    }
    return text.toString();
  }
}
