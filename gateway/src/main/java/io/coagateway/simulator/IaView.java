package io.coagateway.simulator;

import io.coagateway.dhcpv6.IaAddressOption;
import io.coagateway.dhcpv6.IaNaOption;
import io.coagateway.dhcpv6.IaPdOption;
import io.coagateway.dhcpv6.IaPrefixOption;
import io.coagateway.dhcpv6.IaTaOption;
import io.coagateway.dhcpv6.Option;
import io.coagateway.dhcpv6.OptionList;
import io.coagateway.dhcpv6.StatusCode;
import io.coagateway.dhcpv6.StatusCodeOption;
import io.coagateway.simulator.LeaseTable.Client;
import io.coagateway.wire.Ipv6Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * IA_NA, IA_TA and IA_PD seen as one thing: type, IAID, leases.
 *
 * @param type which of the three
 * @param iaid 32 bits
 * @param prefixes what is inside, addresses as /128
 */
record IaView(IaType type, long iaid, List<Ipv6Prefix> prefixes) {
  /** Copies the list. */
  IaView {
    prefixes = List.copyOf(prefixes);
  }

  /** The view of an option; empty for one that is no identity association. */
  static Optional<IaView> of(Option option) {
    if (option instanceof IaNaOption ia) {
      return Optional.of(new IaView(IaType.IA_NA, ia.iaid(), inside(ia.options())));
    }
    if (option instanceof IaTaOption ia) {
      return Optional.of(new IaView(IaType.IA_TA, ia.iaid(), inside(ia.options())));
    }
    if (option instanceof IaPdOption ia) {
      return Optional.of(new IaView(IaType.IA_PD, ia.iaid(), inside(ia.options())));
    }
    return Optional.empty();
  }

  private static List<Ipv6Prefix> inside(OptionList options) {
    List<Ipv6Prefix> prefixes = new ArrayList<>();
    for (Option option : options) {
      if (option instanceof IaAddressOption address) {
        prefixes.add(new Ipv6Prefix(address.address(), 128));
      } else if (option instanceof IaPrefixOption prefix) {
        prefixes.add(prefix.prefix().masked());
      }
    }
    return prefixes;
  }

  /** Whether the client has a binding for this identity association. */
  boolean isBound(Client client) {
    return client.leases().stream().anyMatch(lease -> lease.isIn(type, iaid));
  }

  /** Frees the leases named, all of the association where none is, and says which were held. */
  List<Lease> free(Client client) {
    return client.free(
        lease ->
            lease.isIn(type, iaid)
                && (prefixes.isEmpty() || prefixes.contains(lease.prefix().masked())));
  }

  /** The association with a status and nothing else. */
  Option withStatus(StatusCode status) {
    return with(0, 0, OptionList.of(new StatusCodeOption(status)));
  }

  /** The association with these times, seconds, and options. */
  Option with(long t1, long t2, OptionList options) {
    return switch (type) {
      case IA_NA -> new IaNaOption(iaid, t1, t2, options);
      case IA_TA -> new IaTaOption(iaid, options);
      case IA_PD -> new IaPdOption(iaid, t1, t2, options);
    };
  }
}
