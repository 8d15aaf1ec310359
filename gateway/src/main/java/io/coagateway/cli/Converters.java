package io.coagateway.cli;

import io.coagateway.dhcpv6.Duid;
import io.coagateway.dhcpv6.OptionCode;
import io.coagateway.dhcpv6.OptionDictionary;
import io.coagateway.dhcpv6.StatusCode;
import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.Ipv6Prefix;
import java.net.InetSocketAddress;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** DHCPv6 values on the command line; each refuses with the text in quotes and an example. */
final class Converters {
  private Converters() {}

  /** What is wrong with a host, without brackets, that the system makes no address of. */
  static String whyUnresolved(String host) {
    int zone = host.indexOf(':') < 0 ? -1 : host.indexOf('%'); // RFC 4007 section 11.2
    return zone < 0
        ? "the name \"" + host + "\" has no address"
        : "here is no interface \"" + host.substring(zone + 1) + "\"";
  }

  private static <T> T checked(java.util.function.Supplier<T> conversion) {
    try {
      return conversion.get();
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }

  /** {@code HOST:PORT}, an IPv6 address in brackets. */
  static final class HostPort implements ITypeConverter<InetSocketAddress> {
    @Override
    public InetSocketAddress convert(String text) {
      int colon = text.lastIndexOf(':');
      String host = text.substring(0, Math.max(colon, 0)).replaceAll("^\\[|\\]$", "");
      if (host.isEmpty()) {
        throw notHostPort(text);
      }
      InetSocketAddress address;
      try {
        address = new InetSocketAddress(host, Integer.parseInt(text.substring(colon + 1)));
      } catch (IllegalArgumentException e) {
        throw notHostPort(text);
      }
      if (address.isUnresolved()) {
        throw new TypeConversionException("\"" + text + "\": " + whyUnresolved(host));
      }
      return address;
    }

    private static TypeConversionException notHostPort(String text) {
      return new TypeConversionException(
          "\"" + text + "\" is not HOST:PORT. Give one like [::1]:10547 or 127.0.0.1:3799");
    }
  }

  /** An IPv6 address. */
  static final class Address implements ITypeConverter<Ipv6Address> {
    @Override
    public Ipv6Address convert(String text) {
      return checked(() -> Ipv6Address.parse(text));
    }
  }

  /** A DUID in hex. */
  static final class DuidText implements ITypeConverter<Duid> {
    @Override
    public Duid convert(String text) {
      return checked(() -> Duid.ofHex(text));
    }
  }

  /** A status by name or number. */
  static final class Status implements ITypeConverter<StatusCode> {
    @Override
    public StatusCode convert(String text) {
      return checked(() -> StatusCode.parse(text));
    }
  }

  /** An option by name or number. */
  static final class OptionName implements ITypeConverter<OptionCode> {
    @Override
    public OptionCode convert(String text) {
      return checked(() -> OptionDictionary.builtIn().code(text));
    }
  }

  /** A prefix, or an address as /128. */
  static final class Prefix implements ITypeConverter<Ipv6Prefix> {
    @Override
    public Ipv6Prefix convert(String text) {
      return checked(
          () ->
              text.indexOf('/') < 0
                  ? new Ipv6Prefix(Ipv6Address.parse(text), 128)
                  : Ipv6Prefix.parse(text));
    }
  }
}
