package io.coagateway.das;

import io.coagateway.wire.Ipv6Address;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Whose an address is: the owner's with the longest prefix that holds it.
 *
 * <p>Nested prefixes are cut into disjoint spans once, so that a look-up is one binary search
 * without an object, however many prefixes there are: strangers must not be able to make it slow.
 */
public final class AddressOwners<T> {
  private final Spans<T> ipv4;
  private final Spans<T> ipv6;

  private AddressOwners(Spans<T> ipv4, Spans<T> ipv6) {
    this.ipv4 = ipv4;
    this.ipv6 = ipv6;
  }

  /** These owners of these prefixes. */
  public static <T> AddressOwners<T> of(Map<AddressRange, T> owners) {
    return new AddressOwners<>(Spans.of(owners, true), Spans.of(owners, false));
  }

  /** The owner of an address. An IPv4-mapped IPv6 address counts as IPv4. */
  public Optional<T> find(InetAddress address) {
    return (address instanceof Inet4Address ? ipv4 : ipv6).find(AddressRange.valueOf(address));
  }

  /** Disjoint spans in ascending order; each reaches to the next one's start. */
  private static final class Spans<T> {
    private record Owned<T>(AddressRange range, T owner) {}

    private final long[] startHigh;
    private final long[] startLow;
    private final List<Optional<T>> owners;

    private Spans(List<Ipv6Address> starts, List<Optional<T>> owners) {
      this.startHigh = starts.stream().mapToLong(Ipv6Address::high).toArray();
      this.startLow = starts.stream().mapToLong(Ipv6Address::low).toArray();
      this.owners = owners;
    }

    static <T> Spans<T> of(Map<AddressRange, T> owned, boolean ipv4) {
      List<Owned<T>> ranges = new ArrayList<>();
      owned.forEach(
          (range, owner) -> {
            if (range.ipv4() == ipv4) {
              ranges.add(new Owned<>(range, owner));
            }
          });
      // Prefixes nest or are disjoint; an outer one comes before those inside it.
      ranges.sort(
          Comparator.<Owned<T>, Ipv6Address>comparing(o -> o.range().first())
              .thenComparing(o -> o.range().length()));
      List<Ipv6Address> starts = new ArrayList<>();
      List<Optional<T>> owners = new ArrayList<>();
      put(starts, owners, Ipv6Address.UNSPECIFIED, Optional.empty());
      Deque<Owned<T>> open = new ArrayDeque<>();
      for (Owned<T> next : ranges) {
        close(open, Optional.of(next.range().first()), starts, owners);
        put(starts, owners, next.range().first(), Optional.of(next.owner()));
        open.push(next);
      }
      close(open, Optional.empty(), starts, owners);
      return new Spans<>(starts, List.copyOf(owners));
    }

    /** Ends every open range that ends before {@code before}; the one around it takes over. */
    private static <T> void close(
        Deque<Owned<T>> open,
        Optional<Ipv6Address> before,
        List<Ipv6Address> starts,
        List<Optional<T>> owners) {
      while (!open.isEmpty()) {
        Ipv6Address last = open.peek().range().last();
        if (before.isPresent() && last.compareTo(before.get()) >= 0) {
          return;
        }
        open.pop();
        Optional<T> around = Optional.ofNullable(open.peek()).map(Owned::owner);
        if (last.high() == -1 && last.low() == -1) {
          continue; // nothing comes after the highest address
        }
        put(starts, owners, next(last), around);
      }
    }

    private static Ipv6Address next(Ipv6Address address) {
      long low = address.low() + 1;
      return new Ipv6Address(low == 0 ? address.high() + 1 : address.high(), low);
    }

    private static <T> void put(
        List<Ipv6Address> starts, List<Optional<T>> owners, Ipv6Address start, Optional<T> owner) {
      int end = starts.size() - 1;
      if (end >= 0 && starts.get(end).equals(start)) {
        owners.set(end, owner);
      } else {
        starts.add(start);
        owners.add(owner);
      }
    }

    Optional<T> find(Ipv6Address address) {
      int from = 0;
      int to = startHigh.length - 1;
      while (from < to) { // the last span whose start is not above the address
        int middle = (from + to + 1) >>> 1;
        if (isAbove(middle, address)) {
          to = middle - 1;
        } else {
          from = middle;
        }
      }
      return owners.get(from);
    }

    private boolean isAbove(int span, Ipv6Address address) {
      int high = Long.compareUnsigned(startHigh[span], address.high());
      return high > 0 || (high == 0 && Long.compareUnsigned(startLow[span], address.low()) > 0);
    }
  }
}
