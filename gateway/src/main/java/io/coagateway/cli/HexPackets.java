package io.coagateway.cli;

import io.coagateway.wire.Octets;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The packets that a {@code decode} command was given, in hex: its arguments, or lines of stdin.
 */
final class HexPackets {
  /** What the parameter of both commands says of itself. */
  static final String DESCRIPTION =
      "The packet in hex; blanks and colons do not matter. - reads one packet a line from"
          + " stdin, skipping empty lines and those that begin with #.";

  private static final String STDIN = "-";
  private static final int UNREADABLE = 1;

  private HexPackets() {}

  /** Takes one packet; says what is wrong with it itself. */
  @FunctionalInterface
  interface Decoder {
    /**
     * The exit code for this packet.
     *
     * @param hex without 0x
     * @param place where it was, as a message begins with it; empty for the arguments
     */
    int decode(String hex, String place);
  }

  /** The worst exit code of all packets; {@code err} hears when stdin cannot be read. */
  static int decode(List<String> arguments, InputStream stdin, PrintWriter err, Decoder decoder) {
    if (!arguments.equals(List.of(STDIN))) {
      return decoder.decode(digits(String.join("", arguments)), "");
    }
    BufferedReader lines = new BufferedReader(new InputStreamReader(stdin, StandardCharsets.UTF_8));
    int worst = 0;
    int number = 0;
    try {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        String text = line.strip();
        if (!text.isEmpty() && !text.startsWith("#")) {
          worst = Math.max(worst, decoder.decode(digits(text), "line " + number + ": "));
        }
      }
    } catch (IOException e) { // like a directory
      err.println("stdin cannot be read: " + e.getMessage() + ". Give packets in hex, one a line");
      return Math.max(worst, UNREADABLE);
    }
    return worst;
  }

  /**
   * Octets in hex, with 0x before them or without.
   *
   * @throws IllegalArgumentException when it is no hex, saying where
   */
  static Octets octets(String text) {
    return Octets.ofHex(digits(text));
  }

  private static String digits(String text) {
    return text.startsWith("0x") ? text.substring(2) : text;
  }
}
