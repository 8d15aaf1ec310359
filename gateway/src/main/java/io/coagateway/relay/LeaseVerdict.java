package io.coagateway.relay;

import io.coagateway.dhcpv6.IaAddressOption;
import io.coagateway.dhcpv6.IaNaOption;
import io.coagateway.dhcpv6.IaPdOption;
import io.coagateway.dhcpv6.IaPrefixOption;
import io.coagateway.dhcpv6.IaTaOption;
import io.coagateway.dhcpv6.Option;
import io.coagateway.dhcpv6.OptionList;
import io.coagateway.dhcpv6.StatusCode;
import io.coagateway.dhcpv6.StatusCodeOption;
import io.coagateway.wire.Ipv6Prefix;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Which leases are gone, from the statuses of an answer read inside out: that of an address or
 * prefix overrides its association's, that overrides the one around it, and absence inherits
 * (sections 3.1.2 and 4.4 of the release draft; RFC 8415 section 18.3.7). Success and NoBinding
 * both mean gone (RL-14, RL-23, RL-24).
 *
 * @param refusal the first status that leaves a lease where it is; empty: all are gone
 * @param allWithoutBinding whether every lease came back with NoBinding
 */
record LeaseVerdict(Optional<StatusCodeOption> refusal, boolean allWithoutBinding) {
  /**
   * Judges one client's associations.
   *
   * @param sent what was to be released
   * @param answered the options of the answer that concern this client
   * @param around the status that holds where no inner one does
   * @param unknown is told of an association that was not sent
   */
  static LeaseVerdict of(
      List<LeasedIa> sent, OptionList answered, StatusCodeOption around, Consumer<String> unknown) {
    Optional<StatusCodeOption> refusal = Optional.empty();
    boolean allWithoutBinding = true;
    for (LeasedIa ia : sent) {
      OptionList inIa = answerFor(ia, answered);
      StatusCodeOption ofIa = inIa.first(StatusCodeOption.class).orElse(around);
      for (Ipv6Prefix lease : ia.leases()) {
        StatusCodeOption status =
            statusOf(lease, ia.type(), inIa)
                .or(() -> statusOf(lease, ia.type(), answered))
                .orElse(ofIa);
        boolean withoutBinding = status.status().equals(StatusCode.NO_BINDING);
        allWithoutBinding &= withoutBinding;
        if (refusal.isEmpty() && !withoutBinding && !status.status().equals(StatusCode.SUCCESS)) {
          refusal = Optional.of(status);
        }
      }
    }
    reportStrangers(sent, answered, unknown);
    return new LeaseVerdict(refusal, allWithoutBinding);
  }

  /** The result at {@code server} that follows. */
  ServerResult toResult(DhcpServer server, int transmissions) {
    if (refusal.isPresent()) {
      StatusCodeOption status = refusal.get();
      return ServerResult.status(
          server, ServerResult.Kind.STATUS, status.status(), status.message(), transmissions);
    }
    StatusCode status = allWithoutBinding ? StatusCode.NO_BINDING : StatusCode.SUCCESS;
    return ServerResult.status(server, ServerResult.Kind.ACCEPTED, status, "", transmissions);
  }

  private static OptionList answerFor(LeasedIa ia, OptionList answered) {
    for (Option option : answered) {
      if (isAbout(ia, option)) {
        return option.nested();
      }
    }
    return OptionList.EMPTY;
  }

  private static boolean isAbout(LeasedIa ia, Option option) {
    if (ia.iaid().isEmpty()) {
      return false;
    }
    long iaid = ia.iaid().getAsLong();
    return switch (ia.type()) {
      case IA_NA -> option instanceof IaNaOption o && o.iaid() == iaid;
      case IA_TA -> option instanceof IaTaOption o && o.iaid() == iaid;
      case IA_PD -> option instanceof IaPdOption o && o.iaid() == iaid;
    };
  }

  private static Optional<StatusCodeOption> statusOf(
      Ipv6Prefix lease, LeasedIa.Type type, OptionList options) {
    for (Option option : options) {
      if (names(option, lease, type)) {
        Optional<StatusCodeOption> status = option.nested().first(StatusCodeOption.class);
        if (status.isPresent()) {
          return status;
        }
      }
    }
    return Optional.empty();
  }

  private static boolean names(Option option, Ipv6Prefix lease, LeasedIa.Type type) {
    if (type == LeasedIa.Type.IA_PD) {
      return option instanceof IaPrefixOption prefix && prefix.prefix().equals(lease);
    }
    return option instanceof IaAddressOption address && address.address().equals(lease.address());
  }

  private static void reportStrangers(
      List<LeasedIa> sent, OptionList answered, Consumer<String> unknown) {
    for (Option option : answered) {
      boolean isIa =
          option instanceof IaNaOption
              || option instanceof IaTaOption
              || option instanceof IaPdOption;
      if (isIa && sent.stream().noneMatch(ia -> isAbout(ia, option))) {
        unknown.accept(option.code() + " " + option.describe());
      }
    }
  }
}
