package io.coagateway.dhcpv6;

import io.coagateway.wire.OctetWriter;
import io.coagateway.wire.Octets;

/**
 * STATUS_CODE, option 13 (RFC 8415 section 21.13).
 *
 * @param status the code
 * @param text UTF-8 for people, perhaps empty; kept as octets, since peers send other things too
 */
public record StatusCodeOption(StatusCode status, Octets text) implements Option {
  /** With a text as a string. */
  public StatusCodeOption(StatusCode status, String text) {
    this(status, Octets.ofUtf8(text));
  }

  /** Without text. */
  public StatusCodeOption(StatusCode status) {
    this(status, Octets.EMPTY);
  }

  /** The text; octets that are not UTF-8 become U+FFFD. */
  public String message() {
    return text.toUtf8();
  }

  @Override
  public OptionCode code() {
    return OptionCode.STATUS_CODE;
  }

  @Override
  public int bodyLength() {
    return 2 + text.length();
  }

  @Override
  public void writeBody(OctetWriter writer) {
    writer.u16(status.number()).octets(text);
  }

  @Override
  public String describe() {
    return text.isEmpty() ? status.toString() : status + " " + Printing.quote(text.toUtf8());
  }
}
