package io.coagateway.dhcpv6;

import io.coagateway.wire.Ipv6Prefix;
import io.coagateway.wire.OctetWriter;

/**
 * V6_PREFIX64, option 113: prefixes that embed IPv4 addresses (RFC 8115 section 3). A prefix that
 * is not given has length 0.
 *
 * @param asm for any-source multicast; only as many octets on the wire as the length needs
 * @param ssm for source-specific multicast; likewise
 * @param unicast for unicast; likewise
 */
public record V6Prefix64Option(Ipv6Prefix asm, Ipv6Prefix ssm, Ipv6Prefix unicast)
    implements Option {
  /** Refuses bits in octets of a prefix that do not travel. */
  public V6Prefix64Option {
    S46.requireShort(asm);
    S46.requireShort(ssm);
    S46.requireShort(unicast);
  }

  @Override
  public OptionCode code() {
    return OptionCode.V6_PREFIX64;
  }

  @Override
  public int bodyLength() {
    return 3 + S46.prefixOctets(asm) + S46.prefixOctets(ssm) + S46.prefixOctets(unicast);
  }

  @Override
  public void writeBody(OctetWriter writer) {
    S46.writePrefix(writer, asm);
    S46.writePrefix(writer, ssm);
    S46.writePrefix(writer, unicast);
  }

  @Override
  public String describe() {
    return "asm=" + asm + " ssm=" + ssm + " unicast=" + unicast;
  }
}
