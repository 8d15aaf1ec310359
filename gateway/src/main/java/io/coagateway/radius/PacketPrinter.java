package io.coagateway.radius;

import io.coagateway.wire.MalformedException;
import java.util.List;

/**
 * Packets as text for people: the header, then one attribute a line as radclient prints it, TLVs
 * indented below what holds them, and last what is wrong with the packet.
 */
public final class PacketPrinter {
  private static final String INDENT = "  ";

  private final AttributeDictionary dictionary;

  /** A printer that names attributes as this dictionary does. */
  public PacketPrinter(AttributeDictionary dictionary) {
    this.dictionary = dictionary;
  }

  /** All lines, each ended by a line feed. */
  public String print(RadiusPacket packet) {
    AttributeList attributes = AttributeList.parse(packet.attributes(), dictionary);
    StringBuilder text = new StringBuilder(256);
    text.append(packet).append(" length ").append(packet.length());
    text.append(" authenticator 0x").append(packet.authenticator()).append('\n');
    attributes.forEach(attribute -> print(attribute, INDENT, text));
    for (AttributeDefect defect : attributes.defects()) {
      text.append(INDENT).append("malformed: ").append(describe(defect)).append('\n');
    }
    return text.toString();
  }

  /** A defect with its offset counted from the start of the packet. */
  public String describe(AttributeDefect defect) {
    return dictionary.nameOf(defect.id())
        + " at offset "
        + offsetInPacket(defect)
        + ": "
        + defect.reason();
  }

  /** Where a defect is, in octets from the start of the packet. */
  public static int offsetInPacket(AttributeDefect defect) {
    return RadiusPacket.HEADER_LENGTH + defect.offset();
  }

  private void print(Attribute attribute, String indent, StringBuilder text) {
    List<Attribute> tlvs = tlvs(attribute);
    if (tlvs.isEmpty()) {
      text.append(indent).append(dictionary.print(attribute)).append('\n');
      return;
    }
    text.append(indent).append(dictionary.nameOf(attribute.id())).append('\n');
    tlvs.forEach(tlv -> print(tlv, indent + INDENT, text));
  }

  private List<Attribute> tlvs(Attribute attribute) {
    if (dictionary.typeOf(attribute.id()) != DataType.TLV) {
      return List.of();
    }
    try {
      return attribute.tlvs();
    } catch (MalformedException e) {
      return List.of(); // printed in hex
    }
  }
}
