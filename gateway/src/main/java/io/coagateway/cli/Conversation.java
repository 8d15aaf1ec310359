package io.coagateway.cli;

import io.coagateway.dhcpv6.Message;
import io.coagateway.dhcpv6.MessageNames;
import io.coagateway.radius.Attribute;
import io.coagateway.radius.AttributeDictionary;
import io.coagateway.radius.AttributeList;
import io.coagateway.radius.PacketCode;
import io.coagateway.radius.RadiusPacket;
import java.io.PrintWriter;

/**
 * Prints packets of both protocols as they pass, numbered, decoded, one attribute or option a line.
 * May be called from several threads.
 */
final class Conversation {
  private final PrintWriter out;
  private final AttributeDictionary dictionary;
  private final MessageNames names;
  private int packets;

  Conversation(PrintWriter out, AttributeDictionary dictionary, MessageNames names) {
    this.out = out;
    this.dictionary = dictionary;
    this.names = names;
  }

  /** A heading between packets. */
  synchronized void heading(String text) {
    out.println();
    out.println("== " + text);
    out.flush();
  }

  /** A sentence between packets. */
  synchronized void remark(String text) {
    out.println(text);
    out.flush();
  }

  synchronized void radius(String who, RadiusPacket packet) {
    String name = PacketCode.nameOf(packet.code());
    line(who, name);
    out.println("   id=" + packet.identifier() + " length=" + packet.length());
    for (Attribute attribute : AttributeList.parse(packet.attributes(), dictionary)) {
      out.println("   " + dictionary.print(attribute));
    }
    out.flush();
  }

  synchronized void dhcpv6(String who, Message message) {
    line(who, names.nameOf(message.type()));
    message.toText(names).lines().forEach(text -> out.println("   " + text));
    out.flush();
  }

  private void line(String who, String name) {
    out.println();
    out.println(++packets + ". " + name + "  (" + who + ")");
  }
}
