package io.coagateway.radius;

import io.coagateway.wire.MalformedException;
import io.coagateway.wire.OctetWriter;
import io.coagateway.wire.Octets;

/**
 * A RADIUS packet as it is on the wire (RFC 2865 section 3): a view on exactly Length octets.
 *
 * <p>{@code Code(1) Identifier(1) Length(2) Authenticator(16) Attributes(0..4076)}
 *
 * <p>Attributes are walked by their offset, without an object for each:
 *
 * <pre>{@code
 * for (int at = packet.firstAttribute(); at != NONE; at = packet.nextAttribute(at)) {
 *   packet.type(at); packet.valueLength(at); packet.value(at);
 * }
 * }</pre>
 *
 * <p>Walk only a packet whose {@link #attributeDefect} is {@link #NONE}.
 */
public final class RadiusPacket {
  /** The header, and so the shortest packet, in octets. */
  public static final int HEADER_LENGTH = 20;

  /** The longest packet in octets (RFC 2865 section 3). */
  public static final int MAX_LENGTH = 4096;

  /** Where the Authenticator stands. */
  public static final int AUTHENTICATOR_AT = 4;

  /** Octets of an authenticator, and of the value of a Message-Authenticator. */
  public static final int AUTHENTICATOR_LENGTH = 16;

  /** The offset that stands for "there is none". */
  public static final int NONE = -1;

  private final Octets octets;

  private RadiusPacket(Octets octets) {
    this.octets = octets;
  }

  /**
   * Cuts a datagram to its packet. Octets after Length are padding, which is ignored (RFC 2865
   * section 3). The attributes are not looked at: see {@link #attributeDefect}.
   *
   * @throws MalformedException when the datagram is shorter than a header or than Length, or Length
   *     is not 20 to 4096
   */
  public static RadiusPacket parse(Octets datagram) throws MalformedException {
    if (datagram.length() < HEADER_LENGTH) {
      throw new MalformedException(
          "a packet has at least 20 octets, found " + datagram.length(), datagram.length());
    }
    int length = datagram.u16(2);
    if (length < HEADER_LENGTH || length > MAX_LENGTH) {
      throw new MalformedException("Length " + length + " at offset 2 is not 20 to 4096", 2);
    }
    if (length > datagram.length()) {
      throw new MalformedException(
          "Length " + length + " at offset 2 exceeds the datagram of " + datagram.length(), 2);
    }
    return new RadiusPacket(
        length == datagram.length() ? datagram : datagram.slice(0, length)); // seldom padded
  }

  /** All octets of the packet, padding removed. */
  public Octets octets() {
    return octets;
  }

  /** The Length field, 20 to 4096. */
  public int length() {
    return octets.length();
  }

  /** The Code field, 0 to 255; {@link PacketCode#of} tells whether it is one of ours. */
  public int code() {
    return octets.u8(0);
  }

  /** The Identifier, 0 to 255. */
  public int identifier() {
    return octets.u8(1);
  }

  /** The sixteen octets of the Authenticator. */
  public Octets authenticator() {
    return octets.slice(AUTHENTICATOR_AT, HEADER_LENGTH);
  }

  /** The attributes, 0 to 4076 octets. */
  public Octets attributes() {
    return octets.from(HEADER_LENGTH);
  }

  /**
   * Where the first attribute stands whose Length is below 2 or reaches past the packet; {@link
   * #NONE} when the attributes fill the packet exactly, as they must.
   */
  public int attributeDefect() {
    int end = octets.length();
    int at = HEADER_LENGTH;
    while (at < end) {
      if (end - at < 2) {
        return at;
      }
      int length = octets.u8(at + 1);
      if (length < 2 || length > end - at) {
        return at;
      }
      at += length;
    }
    return NONE;
  }

  /** Where the first attribute stands, or {@link #NONE}. */
  public int firstAttribute() {
    return octets.length() > HEADER_LENGTH ? HEADER_LENGTH : NONE;
  }

  /** Where the attribute after the one at {@code at} stands, or {@link #NONE}. */
  public int nextAttribute(int at) {
    int next = at + octets.u8(at + 1);
    return next < octets.length() ? next : NONE;
  }

  /** Where the first attribute of {@code type} stands, or {@link #NONE}. */
  public int first(int type) {
    return seek(firstAttribute(), type);
  }

  /** Where the next attribute of {@code type} after the one at {@code at} stands, or NONE. */
  public int next(int type, int at) {
    return seek(nextAttribute(at), type);
  }

  private int seek(int from, int type) {
    int at = from;
    while (at != NONE && octets.u8(at) != type) {
      at = nextAttribute(at);
    }
    return at;
  }

  /** The Type of the attribute at {@code at}, 0 to 255. */
  public int type(int at) {
    return octets.u8(at);
  }

  /** How many octets the value of the attribute at {@code at} has, 0 to 253. */
  public int valueLength(int at) {
    return octets.u8(at + 1) - 2;
  }

  /** The value of the attribute at {@code at}, sharing this packet's memory. */
  public Octets value(int at) {
    return octets.slice(at + 2, at + octets.u8(at + 1));
  }

  /** The attribute at {@code at} with its Type and Length. */
  public Octets attribute(int at) {
    return octets.slice(at, at + octets.u8(at + 1));
  }

  /**
   * All attributes of {@code type} with their Types and Lengths, in order; shares this packet's
   * memory when there is one.
   */
  public Octets all(int type) {
    int at = first(type);
    if (at == NONE) {
      return Octets.EMPTY;
    }
    int second = next(type, at);
    if (second == NONE) {
      return attribute(at);
    }
    OctetWriter all = new OctetWriter().octets(attribute(at));
    for (int next = second; next != NONE; next = next(type, next)) {
      all.octets(attribute(next));
    }
    return all.toOctets();
  }

  /** Type and Identifier for a log line: {@code CoA-Request id 17}. */
  @Override
  public String toString() {
    return PacketCode.nameOf(code()) + " id " + identifier();
  }
}
