package io.coagateway.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Prints packets as text. */
@Command(
    name = "decode",
    description = "Prints a packet as text or JSON; names offset and reason when it is malformed.",
    subcommands = {DecodeRadiusCommand.class, DecodeDhcpv6Command.class})
final class DecodeCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "decode radius or dhcpv6?");
  }
}
