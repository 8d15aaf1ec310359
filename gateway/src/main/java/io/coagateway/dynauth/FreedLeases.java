package io.coagateway.dynauth;

import io.coagateway.relay.LeasedIa;
import io.coagateway.relay.ServerResult;
import io.coagateway.subscriber.IdentityAssociation;
import io.coagateway.subscriber.RecordEdit;
import io.coagateway.subscriber.RecordKey;
import io.coagateway.subscriber.SubscriberRecord;
import io.coagateway.wire.Ipv6Prefix;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a server has freed of a session though the Disconnect failed as a whole: these bindings are
 * cleared all the same (section 4.4 of the release draft, RL-24). The server may give the lease to
 * another subscriber, and two records must not claim it.
 */
record FreedLeases(SubscriberRecord asRead, List<LeasedIa> leases) {
  /**
   * Those of {@code asked} that a server says are gone; two forms of a release may both say so.
   *
   * @param asRead the session
   * @param asked what was to be released
   */
  static FreedLeases of(SubscriberRecord asRead, List<LeasedIa> asked, List<ServerResult> results) {
    List<LeasedIa> told = results.stream().flatMap(result -> result.freed().stream()).toList();
    List<LeasedIa> freed = new ArrayList<>(asked.size());
    for (LeasedIa ia : asked) {
      List<Ipv6Prefix> gone =
          ia.leases().stream()
              .filter(lease -> told.stream().anyMatch(one -> isOf(one, ia, lease)))
              .toList();
      if (!gone.isEmpty()) {
        freed.add(new LeasedIa(ia.type(), ia.iaid(), gone));
      }
    }
    return new FreedLeases(asRead, freed);
  }

  private static boolean isOf(LeasedIa told, LeasedIa ia, Ipv6Prefix lease) {
    return told.type() == ia.type()
        && told.iaid().equals(ia.iaid())
        && told.leases().contains(lease);
  }

  /** How many leases these are. */
  static int count(List<LeasedIa> ias) {
    return ias.stream().mapToInt(ia -> ia.leases().size()).sum();
  }

  /** Takes them out of the record, which keeps its session. */
  RecordEdit edit() {
    return RecordEdit.of(
        RecordKey.of(asRead),
        there -> {
          List<IdentityAssociation> left = new ArrayList<>(there.ias().size());
          for (IdentityAssociation ia : there.ias()) {
            IdentityAssociation rest = rest(ia);
            if (!rest.leases().isEmpty() || ia.leases().isEmpty()) {
              left.add(rest);
            }
          }
          return RecordEdit.Changes.put(there.toBuilder().ias(left).build());
        });
  }

  private IdentityAssociation rest(IdentityAssociation ia) {
    List<Ipv6Prefix> kept = new ArrayList<>(ia.leases().size());
    List<Instant> ends = new ArrayList<>(ia.validUntil().size());
    for (int i = 0; i < ia.leases().size(); i++) {
      Ipv6Prefix lease = ia.leases().get(i);
      if (!isFreed(ia.type(), lease) || !ia.end(i).equals(endAsRead(ia.type(), lease))) {
        kept.add(lease);
        ia.end(i).ifPresent(ends::add);
      }
    }
    return new IdentityAssociation(ia.type(), ia.iaid(), kept, ends);
  }

  private boolean isFreed(IdentityAssociation.Type type, Ipv6Prefix lease) {
    return leases.stream().anyMatch(ia -> ia.type() == typeOf(type) && ia.leases().contains(lease));
  }

  /** A lease that ends at another time by now was granted anew. */
  private Optional<Instant> endAsRead(IdentityAssociation.Type type, Ipv6Prefix lease) {
    return asRead.ias().stream()
        .filter(ia -> ia.type() == type && ia.leases().contains(lease))
        .findFirst()
        .flatMap(ia -> ia.end(ia.leases().indexOf(lease)));
  }

  /** The same kind in the terms of the release. */
  static LeasedIa.Type typeOf(IdentityAssociation.Type type) {
    return switch (type) {
      case IA_NA -> LeasedIa.Type.IA_NA;
      case IA_TA -> LeasedIa.Type.IA_TA;
      case IA_PD -> LeasedIa.Type.IA_PD;
    };
  }
}
