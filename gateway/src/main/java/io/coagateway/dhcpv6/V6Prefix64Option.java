package io.coagateway.dhcpv6;

import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.Ipv6Prefix;
import io.coagateway.wire.OctetWriter;

/**
 * V6_PREFIX64, option 113: prefixes that embed IPv4 addresses (RFC 8115 section 3). Each travels as
 * a length and as many octets as the length needs.
 *
 * <p>RFC 8115 sets the length of the multicast prefixes to 96, and writes one that is not used as
 * zeros: {@link #NONE}. Other lengths are read and written too, because the layout allows them.
 *
 * @param asm for any-source multicast
 * @param ssm for source-specific multicast
 * @param unicast for the sources; 32, 40, 48, 56, 64 or 96 bits (RFC 6052 section 2.2)
 */
public record V6Prefix64Option(Ipv6Prefix asm, Ipv6Prefix ssm, Ipv6Prefix unicast)
    implements Option {
  /** A prefix that is not used: 96 bits of zeros. */
  public static final Ipv6Prefix NONE = new Ipv6Prefix(Ipv6Address.UNSPECIFIED, 96);

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
