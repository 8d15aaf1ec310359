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
import java.util.ArrayList;
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
 * @param freed the leases that are gone for certain, with a refusal too
 */
record LeaseVerdict(
    Optional<StatusCodeOption> refusal, boolean allWithoutBinding, List<LeasedIa> freed) {
  /**
   * Judges one client's associations. One that comes back with an IAID that nobody knew may be any
   * of those sent without: if its server keeps it, a lease of the client may still be there.
   *
   * @param place what was to be released
   * @param answered the options of the answer that concern this client
   * @param around the status that holds where no inner one does
   * @param unknown is told of an association that was not sent
   */
  static LeaseVerdict of(
      ReleasePlace place, OptionList answered, StatusCodeOption around, Consumer<String> unknown) {
    List<StatusCodeOption> statuses = new ArrayList<>();
    List<LeasedIa> freed = new ArrayList<>();
    for (LeasedIa ia : place.ias()) {
      OptionList inIa = answerFor(ia, answered);
      StatusCodeOption ofIa = statusIn(inIa).orElse(around);
      List<Ipv6Prefix> gone = new ArrayList<>(ia.leases().size());
      for (Ipv6Prefix lease : ia.leases()) {
        StatusCodeOption status =
            statusOf(lease, ia.type(), inIa)
                .or(() -> statusOf(lease, ia.type(), answered))
                .orElse(ofIa);
        statuses.add(status);
        if (!isRefusal(status)) {
          gone.add(lease);
        }
      }
      if (!gone.isEmpty()) {
        freed.add(new LeasedIa(ia.type(), ia.iaid(), gone));
      }
    }
    for (Option option : answered) {
      if (mayBeAbout(place, option)) {
        List<StatusCodeOption> ofSome = statusesIn(option);
        statuses.addAll(ofSome);
        if (ofSome.stream().anyMatch(LeaseVerdict::isRefusal)) {
          freed.removeIf(ia -> isInDoubt(place, ia, option));
        }
      } else if (isIa(option) && !isNamed(place, option)) {
        unknown.accept(option.code() + " " + option.describe());
      }
    }
    return new LeaseVerdict(
        statuses.stream().filter(LeaseVerdict::isRefusal).findFirst(),
        statuses.stream().allMatch(LeaseVerdict::isWithoutBinding),
        freed);
  }

  private static boolean isWithoutBinding(StatusCodeOption status) {
    return status.status().equals(StatusCode.NO_BINDING);
  }

  private static boolean isRefusal(StatusCodeOption status) {
    return !isWithoutBinding(status) && !status.status().equals(StatusCode.SUCCESS);
  }

  /** The result at {@code server} that follows. */
  ServerResult toResult(DhcpServer server, int transmissions) {
    if (refusal.isPresent()) {
      StatusCodeOption status = refusal.get();
      return ServerResult.status(
              server, ServerResult.Kind.STATUS, status.status(), status.message(), transmissions)
          .withFreed(freed);
    }
    StatusCode status = allWithoutBinding ? StatusCode.NO_BINDING : StatusCode.SUCCESS;
    return ServerResult.status(server, ServerResult.Kind.ACCEPTED, status, "", transmissions)
        .withFreed(freed);
  }

  /** All that is said of {@code ia}: a server may tell of each of its leases by itself. */
  private static OptionList answerFor(LeasedIa ia, OptionList answered) {
    OptionList all = OptionList.EMPTY;
    for (Option option : answered) {
      if (isAbout(ia, option)) {
        all = all.plus(option.nested());
      }
    }
    return all;
  }

  /** The status among {@code options}; of several one that refuses, so that nothing is lost. */
  static Optional<StatusCodeOption> statusIn(OptionList options) {
    return strictest(options.all(StatusCodeOption.class));
  }

  private static Optional<StatusCodeOption> strictest(List<StatusCodeOption> said) {
    return said.stream()
        .filter(LeaseVerdict::isRefusal)
        .findFirst()
        .or(() -> said.stream().findFirst());
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
    List<StatusCodeOption> said = new ArrayList<>(1);
    for (Option option : options) {
      if (names(option, lease, type)) {
        said.addAll(option.nested().all(StatusCodeOption.class));
      }
    }
    return strictest(said);
  }

  private static boolean names(Option option, Ipv6Prefix lease, LeasedIa.Type type) {
    if (type == LeasedIa.Type.IA_PD) {
      return option instanceof IaPrefixOption prefix && prefix.prefix().equals(lease);
    }
    return option instanceof IaAddressOption address && address.address().equals(lease.address());
  }

  /** Whether {@code option} is, or may be, about leases that were sent without their IAID. */
  private static boolean mayBeAbout(ReleasePlace place, Option option) {
    if (isNamed(place, option)) {
      return false;
    }
    if (place.everything()) {
      return isIa(option) || isLease(option);
    }
    return place.ias().stream().anyMatch(ia -> isInDoubt(place, ia, option));
  }

  /** Whether {@code option}, with an IAID that nobody knew, may be the answer for {@code ia}. */
  private static boolean isInDoubt(ReleasePlace place, LeasedIa ia, Option option) {
    return place.everything() || (ia.iaid().isEmpty() && isOfType(ia, option));
  }

  private static boolean isNamed(ReleasePlace place, Option option) {
    return place.ias().stream().anyMatch(ia -> isAbout(ia, option));
  }

  private static boolean isOfType(LeasedIa ia, Option option) {
    return switch (ia.type()) {
      case IA_NA -> option instanceof IaNaOption;
      case IA_TA -> option instanceof IaTaOption;
      case IA_PD -> option instanceof IaPdOption;
    };
  }

  private static boolean isIa(Option option) {
    return option instanceof IaNaOption
        || option instanceof IaTaOption
        || option instanceof IaPdOption;
  }

  private static boolean isLease(Option option) {
    return option instanceof IaAddressOption || option instanceof IaPrefixOption;
  }

  /** The status of an association or a lease, and those of the leases in it. */
  private static List<StatusCodeOption> statusesIn(Option option) {
    List<StatusCodeOption> statuses = new ArrayList<>(option.nested().all(StatusCodeOption.class));
    for (Option inner : option.nested()) {
      if (isLease(inner)) {
        statuses.addAll(statusesIn(inner));
      }
    }
    return statuses;
  }
}
