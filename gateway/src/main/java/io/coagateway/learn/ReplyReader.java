package io.coagateway.learn;

import io.coagateway.dhcpv6.IaAddressOption;
import io.coagateway.dhcpv6.IaNaOption;
import io.coagateway.dhcpv6.IaPdOption;
import io.coagateway.dhcpv6.IaPrefixOption;
import io.coagateway.dhcpv6.IaTaOption;
import io.coagateway.dhcpv6.Option;
import io.coagateway.dhcpv6.OptionList;
import io.coagateway.dhcpv6.StatusCode;
import io.coagateway.dhcpv6.StatusCodeOption;
import io.coagateway.subscriber.IdentityAssociation;
import io.coagateway.wire.Ipv6Prefix;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/** What a REPLY says of leases (RFC 8415 sections 18.2.10 and 18.3). */
final class ReplyReader {
  private static final long INFINITY = 0xffff_ffffL; // RFC 8415 section 7.7

  private final Instant seen;
  private final BiConsumer<SkipReason, String> skipped;
  private final List<LeaseChange> changes = new ArrayList<>();

  /**
   * @param seen when the REPLY passed: lifetimes start then
   * @param skipped told of what will not do
   */
  ReplyReader(Instant seen, BiConsumer<SkipReason, String> skipped) {
    this.seen = seen;
    this.skipped = skipped;
  }

  private interface Visitor {
    void ia(IdentityAssociation.Type type, long iaid, OptionList options);
  }

  /** Sections 21.4 and 21.21: T1 above T2, where neither is left to the client. */
  private static boolean isOutOfTime(Option ia) {
    return (ia instanceof IaNaOption na && na.t1() > na.t2() && na.t2() > 0)
        || (ia instanceof IaPdOption pd && pd.t1() > pd.t2() && pd.t2() > 0);
  }

  private static void eachIa(OptionList options, Visitor visitor) {
    for (Option option : options) {
      if (option instanceof IaNaOption ia) {
        visitor.ia(IdentityAssociation.Type.IA_NA, ia.iaid(), ia.options());
      } else if (option instanceof IaTaOption ia) {
        visitor.ia(IdentityAssociation.Type.IA_TA, ia.iaid(), ia.options());
      } else if (option instanceof IaPdOption ia) {
        visitor.ia(IdentityAssociation.Type.IA_PD, ia.iaid(), ia.options());
      }
    }
  }

  /** Whether the server refused the whole message: its status is not that of one IA. */
  static boolean isRefused(OptionList reply) {
    return !status(reply).isSuccess();
  }

  private static StatusCode status(OptionList options) {
    return options
        .first(StatusCodeOption.class)
        .map(StatusCodeOption::status)
        .orElse(StatusCode.SUCCESS); // RFC 8415 section 21.13: absent means success
  }

  /**
   * REPLY to SOLICIT with Rapid Commit, REQUEST, RENEW or REBIND (section 18.2.10.1): leases that
   * it does not name stay as they are, and so do those of an association that the client discards.
   */
  List<LeaseChange> granting(OptionList reply) {
    if (isRefused(reply)) {
      skipped.accept(SkipReason.REFUSED, "REPLY with " + status(reply));
      return List.of();
    }
    eachIa(
        usable(reply),
        (type, iaid, options) -> {
          StatusCode status = status(options);
          if (status.equals(StatusCode.NO_BINDING)) {
            changes.add(new LeaseChange.NoBinding(type, iaid));
          } else if (!status.isSuccess()) {
            skipped.accept(SkipReason.REFUSED, type + " " + iaid + " with " + status);
          } else {
            leases(type, iaid, options);
          }
        });
    return changes;
  }

  /** What the client makes use of: it has no lease of an association that it discards. */
  private OptionList usable(OptionList reply) {
    List<Option> usable = new ArrayList<>(reply.size());
    for (Option option : reply) {
      if (isOutOfTime(option)) {
        skipped.accept(SkipReason.BAD_LEASE, option.code() + " " + option.describe());
      } else {
        usable.add(option);
      }
    }
    return OptionList.of(usable);
  }

  private void leases(IdentityAssociation.Type type, long iaid, OptionList options) {
    boolean prefixes = type == IdentityAssociation.Type.IA_PD;
    for (Option option : options) {
      if (option instanceof IaAddressOption lease && !prefixes) {
        Ipv6Prefix address = new Ipv6Prefix(lease.address(), 128);
        lease(type, iaid, address, lease.preferredLifetime(), lease.validLifetime(), option);
      } else if (option instanceof IaPrefixOption lease && prefixes) {
        Ipv6Prefix prefix = lease.prefix();
        lease(type, iaid, prefix, lease.preferredLifetime(), lease.validLifetime(), option);
      }
    }
  }

  private void lease(
      IdentityAssociation.Type type,
      long iaid,
      Ipv6Prefix lease,
      long preferred,
      long valid,
      Option option) {
    if (!status(option.nested()).isSuccess()) {
      skipped.accept(SkipReason.REFUSED, lease + " with " + status(option.nested()));
    } else if (preferred > valid || !lease.isMasked() || lease.length() == 0) {
      // Sections 21.6 and 21.22: the client discards it, so it has no such lease.
      skipped.accept(SkipReason.BAD_LEASE, option.describe());
    } else if (valid == 0) {
      changes.add(new LeaseChange.Gone(type, iaid, lease));
    } else {
      Instant end =
          valid == INFINITY
              ? IdentityAssociation.FOREVER
              : seen.plusSeconds(valid).truncatedTo(ChronoUnit.SECONDS);
      changes.add(new LeaseChange.Granted(type, iaid, lease, end));
    }
  }

  /**
   * REPLY to RELEASE or DECLINE: the leases of the request are gone where the status is Success or
   * NoBinding. Servers differ in where they put it (Kea in every IA, the others at the top alone);
   * an IA's own status counts more.
   */
  List<LeaseChange> takingBack(OptionList request, OptionList reply) {
    StatusCode overall = status(reply);
    if (!isGone(overall)) {
      skipped.accept(SkipReason.REFUSED, "REPLY with " + overall);
      return List.of();
    }
    eachIa(
        request,
        (type, iaid, leases) -> {
          StatusCode status = statusOfIa(reply, type, iaid, overall);
          if (!isGone(status)) {
            skipped.accept(SkipReason.REFUSED, type + " " + iaid + " with " + status);
            return;
          }
          for (Option option : leases) {
            if (option instanceof IaAddressOption lease) {
              Ipv6Prefix address = new Ipv6Prefix(lease.address(), 128);
              changes.add(new LeaseChange.Gone(type, iaid, address));
            } else if (option instanceof IaPrefixOption lease) {
              changes.add(new LeaseChange.Gone(type, iaid, lease.prefix().masked()));
            }
          }
        });
    return changes;
  }

  private static boolean isGone(StatusCode status) {
    return status.isSuccess() || status.equals(StatusCode.NO_BINDING);
  }

  private static StatusCode statusOfIa(
      OptionList reply, IdentityAssociation.Type wantedType, long wantedIaid, StatusCode overall) {
    List<StatusCode> found = new ArrayList<>(1);
    eachIa(
        reply,
        (type, iaid, options) -> {
          if (type == wantedType && iaid == wantedIaid) {
            found.add(status(options));
          }
        });
    return found.isEmpty() ? overall : found.get(0);
  }
}
