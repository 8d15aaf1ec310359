package io.coagateway.dhcpv6;

import io.coagateway.wire.OctetWriter;
import java.util.List;

/**
 * S46_PRIORITY, option 111: which softwire mechanism to prefer (RFC 8026 section 1.4.1).
 *
 * @param codes option codes of mechanisms, best first, at least one
 */
public record S46PriorityOption(List<OptionCode> codes) implements Option {
  /** Copies the list; refuses an empty one. */
  public S46PriorityOption {
    codes = List.copyOf(codes);
    if (codes.isEmpty()) {
      throw new IllegalArgumentException("S46_PRIORITY names at least one option");
    }
  }

  @Override
  public OptionCode code() {
    return OptionCode.S46_PRIORITY;
  }

  @Override
  public int bodyLength() {
    return 2 * codes.size();
  }

  @Override
  public void writeBody(OctetWriter writer) {
    for (OptionCode code : codes) {
      writer.u16(code.number());
    }
  }

  @Override
  public String describe() {
    return Printing.list(codes);
  }
}
