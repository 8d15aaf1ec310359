package io.coagateway.relay;

import io.coagateway.dhcpv6.IaAddressOption;
import io.coagateway.dhcpv6.IaNaOption;
import io.coagateway.dhcpv6.IaPdOption;
import io.coagateway.dhcpv6.IaPrefixOption;
import io.coagateway.dhcpv6.IaTaOption;
import io.coagateway.dhcpv6.Option;
import io.coagateway.dhcpv6.OptionList;
import io.coagateway.wire.Ipv6Prefix;
import java.util.ArrayList;
import java.util.List;

/**
 * The options that name leases to be released: complete containers with T1, T2 and all lifetimes 0
 * (RFC 8415 sections 18.2.7 and 21.4; RL-8), or the bare inner options where no IAID is known.
 */
final class ReleasedLeases {
  private ReleasedLeases() {}

  /** The container of {@code ia}, whose IAID is known. */
  static Option container(LeasedIa ia) {
    long iaid = ia.iaid().orElseThrow();
    OptionList leases = OptionList.of(bare(ia));
    return switch (ia.type()) {
      case IA_NA -> new IaNaOption(iaid, 0, 0, leases);
      case IA_TA -> new IaTaOption(iaid, leases);
      case IA_PD -> new IaPdOption(iaid, 0, 0, leases);
    };
  }

  /** IAADDR or IAPREFIX for each lease. */
  static List<Option> bare(LeasedIa ia) {
    List<Option> leases = new ArrayList<>(ia.leases().size());
    for (Ipv6Prefix lease : ia.leases()) {
      leases.add(
          ia.type() == LeasedIa.Type.IA_PD
              ? new IaPrefixOption(0, 0, lease, OptionList.EMPTY)
              : new IaAddressOption(lease.address(), 0, 0, OptionList.EMPTY));
    }
    return leases;
  }
}
