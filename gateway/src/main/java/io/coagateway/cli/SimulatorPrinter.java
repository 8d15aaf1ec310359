package io.coagateway.cli;

import io.coagateway.dhcpv6.Message;
import io.coagateway.dhcpv6.MessageNames;
import io.coagateway.simulator.Reception;
import io.coagateway.simulator.Reply;
import io.coagateway.simulator.SimulatorObserver;
import io.coagateway.wire.AddressText;
import io.coagateway.wire.Octets;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;

/** Prints each packet of the simulated server as it comes and goes. */
final class SimulatorPrinter implements SimulatorObserver {
  /** How much of a packet is printed. */
  enum Style {
    text,
    line,
    nothing
  }

  private final PrintWriter out;
  private final MessageNames names;
  private final Style style;

  SimulatorPrinter(PrintWriter out, MessageNames names, Style style) {
    this.out = out;
    this.names = names;
    this.style = style;
  }

  @Override
  public void received(Message message, InetSocketAddress from) {
    print("from " + AddressText.of(from), message);
  }

  @Override
  public void dropped(Reception reception, Octets datagram, InetSocketAddress from) {
    String why =
        reception.drop().map(drop -> drop.reason() + ", " + drop.detail()).orElse("no reason");
    String head = "from " + AddressText.of(from) + " dropped: " + why;
    if (reception.message().isPresent()) {
      print(head, reception.message().get());
    } else if (style != Style.nothing) {
      print(head + "\n  " + datagram);
    }
  }

  @Override
  public void sent(Reply reply) {
    print("to " + AddressText.of(reply.to()), reply.message());
  }

  @Override
  public void sendFailed(Reply reply, Throwable cause) {
    print("to " + AddressText.of(reply.to()) + " not sent: " + cause.getMessage(), reply.message());
  }

  private void print(String head, Message message) {
    switch (style) {
      case text -> print(head + "\n  " + message.toText(names).replace("\n", "\n  "));
      case line -> print(head + " " + message.toLine(names));
      case nothing -> {}
    }
  }

  private void print(String text) {
    out.println(LocalTime.now(ZoneId.systemDefault()).truncatedTo(ChronoUnit.MILLIS) + " " + text);
    out.flush();
  }
}
