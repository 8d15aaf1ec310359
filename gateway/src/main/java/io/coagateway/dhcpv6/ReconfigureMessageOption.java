package io.coagateway.dhcpv6;

import io.coagateway.wire.OctetWriter;

/**
 * RECONF_MSG, option 19: what the client shall send (RFC 8415 section 21.19). RENEW, REBIND or
 * INFORMATION-REQUEST; other numbers survive.
 *
 * @param type the message type
 */
public record ReconfigureMessageOption(MessageType type) implements Option {
  @Override
  public OptionCode code() {
    return OptionCode.RECONF_MSG;
  }

  @Override
  public int bodyLength() {
    return 1;
  }

  @Override
  public void writeBody(OctetWriter writer) {
    writer.u8(type.number());
  }

  @Override
  public String describe() {
    return type.toString();
  }
}
