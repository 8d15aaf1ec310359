package io.coagateway.capture;

import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.OctetWriter;
import io.coagateway.wire.Octets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Fragments that wait for each other (RFC 8200 section 4.5), bounded in number and time.
 * Overlapping ones are dropped with all that they belong to (RFC 5722); an exact copy is one. One
 * that is a whole packet by itself has nothing to do with others of its identification (RFC 6946).
 */
final class Fragments {
  private static final int PACKETS = 64;
  private static final int PARTS = 64; // 65535 octets in fragments of the least MTU are 53
  private static final int MAX_LENGTH = 65_535;
  private static final Duration MEMORY = Duration.ofSeconds(60); // as RFC 8200 has it

  private final FrameObserver observer;
  private final Map<Key, Packet> open = new LinkedHashMap<>();

  Fragments(FrameObserver observer) {
    this.observer = observer;
  }

  record Key(Ipv6Address source, Ipv6Address destination, long id) {}

  /**
   * One fragment.
   *
   * @param nextHeader of what was cut in pieces
   * @param offset where its data belongs, a multiple of 8
   * @param last whether no fragment follows
   * @param data perhaps empty
   */
  record Part(int nextHeader, int offset, boolean last, Octets data) {
    int end() {
      return offset + data.length();
    }
  }

  record Whole(int nextHeader, Octets payload) {}

  private record Packet(Instant started, List<Part> parts) {}

  /** Packets of which some are missing. */
  int waiting() {
    return open.size();
  }

  /** The packet that {@code part} completes; empty when some are still missing. */
  Optional<Whole> add(Key key, Part part, Instant seen) {
    forget(seen);
    if (part.offset() == 0 && part.last()) {
      return Optional.of(new Whole(part.nextHeader(), part.data()));
    }
    Part kept = new Part(part.nextHeader(), part.offset(), part.last(), part.data().compact());
    Packet packet = open.computeIfAbsent(key, k -> new Packet(seen, new ArrayList<>()));
    if (packet.parts().contains(kept)) {
      return Optional.empty();
    }
    packet.parts().add(kept);
    packet.parts().sort(Comparator.comparingInt(Part::offset));
    if (packet.parts().size() > PARTS || kept.end() > MAX_LENGTH || overlaps(packet.parts())) {
      open.remove(key);
      lost(key, "overlap, or are too many");
      return Optional.empty();
    }
    if (!isWhole(packet.parts())) {
      return Optional.empty();
    }
    open.remove(key);
    OctetWriter whole = new OctetWriter(packet.parts().get(packet.parts().size() - 1).end());
    packet.parts().forEach(one -> whole.octets(one.data()));
    return Optional.of(new Whole(packet.parts().get(0).nextHeader(), whole.toOctets()));
  }

  private static boolean overlaps(List<Part> parts) {
    for (int i = 1; i < parts.size(); i++) {
      if (parts.get(i - 1).end() > parts.get(i).offset() || parts.get(i - 1).last()) {
        return true;
      }
    }
    return false;
  }

  private static boolean isWhole(List<Part> parts) {
    int end = 0;
    for (Part part : parts) {
      if (part.offset() != end) {
        return false;
      }
      end = part.end();
    }
    return parts.get(parts.size() - 1).last();
  }

  private void forget(Instant now) {
    Instant oldest = now.minus(MEMORY);
    Iterator<Map.Entry<Key, Packet>> packets = open.entrySet().iterator();
    while (packets.hasNext()) {
      Map.Entry<Key, Packet> packet = packets.next();
      if (open.size() < PACKETS && !packet.getValue().started().isBefore(oldest)) {
        return;
      }
      packets.remove();
      lost(packet.getKey(), "are not all there");
    }
  }

  private void lost(Key key, String why) {
    observer.skipped(
        FrameSkip.LOST_FRAGMENT,
        "fragments from " + key.source() + " to " + key.destination() + " " + why);
  }
}
