package io.coagateway.wire;

/**
 * An IPv6 prefix. Bits after the length are kept as they came: whether they may be set is for the
 * protocol at hand to say. {@link #masked} clears them.
 *
 * @param address the prefix, 16 octets
 * @param length 0 to 128 bits
 */
public record Ipv6Prefix(Ipv6Address address, int length) {
  /** Refuses a length over 128. */
  public Ipv6Prefix {
    if (length < 0 || length > 128) {
      throw new IllegalArgumentException("prefix length " + length + " is not 0 to 128");
    }
  }

  /**
   * A prefix like {@code 2001:db8::/32}.
   *
   * @throws IllegalArgumentException with the text in quotes and an example
   */
  public static Ipv6Prefix parse(String text) {
    int slash = text.indexOf('/');
    try {
      if (slash > 0) {
        return new Ipv6Prefix(
            Ipv6Address.parse(text.substring(0, slash)),
            Integer.parseInt(text.substring(slash + 1)));
      }
    } catch (IllegalArgumentException e) {
      // said below, with the whole text
    }
    throw new IllegalArgumentException(
        "\"" + text + "\" is not an IPv6 prefix. Give one like 2001:db8:42::/56");
  }

  /** With the bits after the length cleared. */
  public Ipv6Prefix masked() {
    return new Ipv6Prefix(address.masked(length), length);
  }

  /** Whether no bit after the length is set. */
  public boolean isMasked() {
    return address.masked(length).equals(address);
  }

  /** Whether {@code other} lies in this prefix. */
  public boolean contains(Ipv6Address other) {
    return other.masked(length).equals(address.masked(length));
  }

  @Override
  public String toString() {
    return address + "/" + length;
  }
}
