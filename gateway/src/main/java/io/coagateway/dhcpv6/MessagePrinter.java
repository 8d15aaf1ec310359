package io.coagateway.dhcpv6;

import java.util.Optional;

/** Messages as text for people: one line for logs, or one option a line, indented by depth. */
final class MessagePrinter {
  private final MessageNames names;

  MessagePrinter(MessageNames names) {
    this.names = names;
  }

  String line(Message message) {
    StringBuilder out = new StringBuilder(200);
    line(out, message);
    return out.toString();
  }

  String line(OptionList options) {
    StringBuilder out = new StringBuilder(200);
    line(out, options);
    return out.toString();
  }

  String text(Message message) {
    StringBuilder out = new StringBuilder(400);
    text(out, message, 0);
    return out.substring(0, out.length() - 1);
  }

  String text(OptionList options) {
    StringBuilder out = new StringBuilder(400);
    text(out, options, 0);
    return out.length() == 0 ? "" : out.substring(0, out.length() - 1);
  }

  private void header(StringBuilder out, Message message) {
    out.append(names.nameOf(message.type()));
    if (message instanceof RelayMessage relay) {
      out.append(" hops=").append(relay.hopCount());
      out.append(" link=").append(relay.linkAddress());
      out.append(" peer=").append(relay.peerAddress());
    } else if (message instanceof ClientServerMessage plain) {
      out.append(" xid=").append(Printing.hex24(plain.transactionId()));
    }
  }

  private void option(StringBuilder out, Option option) {
    out.append(option.code());
    String fields = option.describe();
    if (!fields.isEmpty()) {
      out.append(' ').append(fields);
    }
  }

  private void line(StringBuilder out, Message message) {
    header(out, message);
    if (!message.options().isEmpty()) {
      out.append(": ");
      line(out, message.options());
    }
  }

  private void line(StringBuilder out, OptionList options) {
    for (int i = 0; i < options.size(); i++) {
      Option option = options.all().get(i);
      out.append(i == 0 ? "" : ", ");
      option(out, option);
      if (!option.nested().isEmpty()) {
        out.append(" {");
        line(out, option.nested());
        out.append('}');
      }
      Optional<Message> carried = option.carried();
      if (carried.isPresent()) {
        out.append(" {");
        line(out, carried.get());
        out.append('}');
      }
    }
  }

  private void text(StringBuilder out, Message message, int depth) {
    indent(out, depth);
    header(out, message);
    out.append('\n');
    text(out, message.options(), depth + 1);
  }

  private void text(StringBuilder out, OptionList options, int depth) {
    for (Option option : options) {
      indent(out, depth);
      option(out, option);
      if (!option.remark().isEmpty()) {
        out.append(" (").append(option.remark()).append(')');
      }
      out.append('\n');
      text(out, option.nested(), depth + 1);
      Optional<Message> carried = option.carried();
      if (carried.isPresent()) {
        text(out, carried.get(), depth + 1);
      }
    }
  }

  private static void indent(StringBuilder out, int depth) {
    out.append("  ".repeat(depth));
  }
}
