package io.coagateway.learn;

import io.coagateway.subscriber.IdentityAssociation;
import io.coagateway.wire.Ipv6Prefix;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** The identity associations of one record while changes are entered. */
final class LeaseBook {
  /** An end that moves by no more is the same: a copy of a packet may cross a second. */
  private static final Duration SAME = Duration.ofSeconds(1);

  private final List<Entry> entries = new ArrayList<>();

  LeaseBook(List<IdentityAssociation> ias) {
    ias.forEach(ia -> entries.add(new Entry(ia)));
  }

  /** One identity association; an end that nobody saw is null in here, and nowhere else. */
  private static final class Entry {
    private final IdentityAssociation.Type type;
    private final OptionalLong iaid;
    private final Map<Ipv6Prefix, Instant> ends = new LinkedHashMap<>();
    private final boolean wasEmpty;

    private Entry(IdentityAssociation ia) {
      this.type = ia.type();
      this.iaid = ia.iaid();
      this.wasEmpty = ia.leases().isEmpty();
      for (int i = 0; i < ia.leases().size(); i++) {
        ends.put(ia.leases().get(i), ia.end(i).orElse(null));
      }
    }

    private Entry(IdentityAssociation.Type type, long iaid) {
      this.type = type;
      this.iaid = OptionalLong.of(iaid);
      this.wasEmpty = false;
    }

    private boolean is(IdentityAssociation.Type otherType, long otherIaid) {
      return type == otherType && iaid.isPresent() && iaid.getAsLong() == otherIaid;
    }

    private IdentityAssociation toIa() {
      boolean known = ends.values().stream().anyMatch(end -> end != null);
      List<Instant> list = new ArrayList<>();
      if (known) {
        ends.values().forEach(end -> list.add(end == null ? IdentityAssociation.FOREVER : end));
      }
      return new IdentityAssociation(type, iaid, List.copyOf(ends.keySet()), list);
    }
  }

  void enter(LeaseChange change) {
    switch (change.kind()) {
      case GRANTED -> grant((LeaseChange.Granted) change);
      case GONE -> take((LeaseChange.Gone) change);
      case NO_BINDING -> entries.removeIf(entry -> entry.is(change.type(), change.iaid()));
    }
  }

  private void grant(LeaseChange.Granted granted) {
    for (Entry entry : entries) {
      if (entry.type == granted.type() && !entry.is(granted.type(), granted.iaid())) {
        entry.ends.remove(granted.lease()); // known without its IAID, or under an older one
      }
    }
    Entry entry = entryOf(granted.type(), granted.iaid());
    Instant before = entry.ends.get(granted.lease());
    if (before == null || !isSame(before, granted.validUntil())) {
      entry.ends.put(granted.lease(), granted.validUntil());
    }
  }

  private static boolean isSame(Instant before, Instant after) {
    return Duration.between(before, after).abs().compareTo(SAME) <= 0;
  }

  private Entry entryOf(IdentityAssociation.Type type, long iaid) {
    for (Entry entry : entries) {
      if (entry.is(type, iaid)) {
        return entry;
      }
    }
    Entry added = new Entry(type, iaid);
    entries.add(added);
    return added;
  }

  private void take(LeaseChange.Gone gone) {
    for (Entry entry : entries) {
      if (entry.is(gone.type(), gone.iaid())
          || (entry.type == gone.type() && entry.iaid.isEmpty())) {
        entry.ends.remove(gone.lease());
      }
    }
  }

  /** Whether a lease was taken out because its time is over. */
  boolean expire(Instant now) {
    boolean any = false;
    for (Entry entry : entries) {
      any |= entry.ends.values().removeIf(end -> end != null && !end.isAfter(now));
    }
    return any;
  }

  /** What is left; an association that has lost its last lease is gone. */
  List<IdentityAssociation> toIas() {
    List<IdentityAssociation> ias = new ArrayList<>(entries.size());
    for (Entry entry : entries) {
      if (!entry.ends.isEmpty() || entry.wasEmpty) {
        ias.add(entry.toIa());
      }
    }
    return ias;
  }
}
