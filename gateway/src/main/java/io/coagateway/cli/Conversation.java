package io.coagateway.cli;

import io.coagateway.dhcpv6.Message;
import io.coagateway.dhcpv6.MessageNames;
import io.coagateway.radius.AttributeDictionary;
import io.coagateway.radius.PacketPrinter;
import io.coagateway.radius.RadiusPacket;
import java.io.PrintWriter;

/**
 * Prints packets of both protocols as they pass, numbered, decoded, one attribute or option a line.
 * May be called from several threads.
 */
final class Conversation {
  private final PrintWriter out;
  private final PacketPrinter printer;
  private final MessageNames names;
  private int packets;

  Conversation(PrintWriter out, AttributeDictionary dictionary, MessageNames names) {
    this.out = out;
    this.printer = new PacketPrinter(dictionary);
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

  synchronized void radius(String way, RadiusPacket packet) {
    print(way, printer.print(packet));
  }

  synchronized void dhcpv6(String way, Message message) {
    print(way, message.toText(names));
  }

  private void print(String way, String text) {
    out.println();
    out.println(++packets + ". " + way);
    text.lines().forEach(line -> out.println("   " + line));
    out.flush();
  }
}
