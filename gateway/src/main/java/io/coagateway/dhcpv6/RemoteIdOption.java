package io.coagateway.dhcpv6;

import io.coagateway.wire.OctetWriter;
import io.coagateway.wire.Octets;

/**
 * REMOTE_ID, option 37: the remote end of the relay's line (RFC 4649).
 *
 * @param enterprise the enterprise number of who defined the format, 32 bits
 * @param id at least one octet
 */
public record RemoteIdOption(long enterprise, Octets id) implements Option {
  /** Refuses an enterprise number of more than 32 bits and an empty id. */
  public RemoteIdOption {
    Printing.requireU32(enterprise, "enterprise-number");
    if (id.isEmpty()) {
      throw new IllegalArgumentException("REMOTE_ID has at least one octet after the enterprise");
    }
  }

  @Override
  public OptionCode code() {
    return OptionCode.REMOTE_ID;
  }

  @Override
  public int bodyLength() {
    return 4 + id.length();
  }

  @Override
  public void writeBody(OctetWriter writer) {
    writer.u32(enterprise).octets(id);
  }

  @Override
  public String describe() {
    return "enterprise=" + enterprise + " " + Printing.opaque(id);
  }
}
