package io.coagateway.subscriber;

import io.coagateway.dhcpv6.Duid;
import io.coagateway.dhcpv6.OptionList;
import io.coagateway.dhcpv6.RemoteIdOption;
import io.coagateway.radius.AttributeId;
import io.coagateway.radius.IdentificationValue;
import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.Ipv6Prefix;
import io.coagateway.wire.MalformedException;
import io.coagateway.wire.OctetWriter;
import io.coagateway.wire.Octets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Records as octets in memory: about 170 octets for a typical subscriber, where the objects would
 * take a kilobyte; {@link PackedRecords} halves them. Only this process reads them, so the form may
 * change at any time.
 *
 * <p>Order: key, version, first end of a lease, NAS, id, session (what a lookup compares, so that
 * it can stop early), flags, link, DUID, what the flags promise, identity associations, options,
 * and where those start. Numbers have seven bits to an octet, least significant first.
 */
final class RecordCodec {
  private static final int SHARED = 65_535; // values that get a number, for each kind

  private static final int PEER = 1;
  private static final int PEER_LINK_LOCAL = 1 << 1; // only the low eight octets are kept
  private static final int INTERFACE_ID = 1 << 2;
  private static final int SERVER_DUID = 1 << 3;
  private static final int REMOTE_ID = 1 << 4;
  private static final int SUBSCRIBER_ID = 1 << 5;
  private static final int ACCEPT_SHIFT = 6;

  /** How many octets key, version and first end take at most. */
  static final int HEAD_OCTETS = 30;

  /** How many octets behind the options say where these start. */
  static final int TRAILER = 3;

  /** What the numbers beside NAS and id take at most: one for the NAS, two lengths. */
  static final int NAME_OCTETS = 15;

  private static final long LINK_LOCAL_HIGH = 0xfe80_0000_0000_0000L;

  // A place in these lists is what a record holds.
  private static final List<ReconfigureAccept> ACCEPTS = List.of(ReconfigureAccept.values());
  private static final List<IdentityAssociation.Type> TYPES =
      List.of(IdentityAssociation.Type.values());

  private final Interner<String> nasNames = new Interner<>(SHARED);
  private final Interner<AttributeId> attributes = new Interner<>(Integer.MAX_VALUE - 1);
  private final Interner<Ipv6Address> links = new Interner<>(SHARED);
  private final Interner<Duid> servers = new Interner<>(SHARED);

  byte[] encode(Stored stored) {
    SubscriberRecord record = stored.record();
    OctetWriter out = new OctetWriter(320);
    number(out, stored.key());
    number(out, record.version());
    number(out, firstEnd(record));
    int nas = nasNames.numberOf(record.nas());
    number(out, nas);
    if (nas == 0) {
      octets(out, Octets.ofUtf8(record.nas()));
    }
    octets(out, Octets.ofUtf8(record.id()));
    session(out, record.session());
    out.u8(flags(record));
    int link = links.numberOf(record.linkAddress());
    number(out, link);
    if (link == 0) {
      out.ipv6(record.linkAddress());
    }
    octets(out, record.duid().octets());
    record
        .peerAddress()
        .ifPresent(
            peer -> {
              if (peer.high() == LINK_LOCAL_HIGH) {
                out.u64(peer.low());
              } else {
                out.ipv6(peer);
              }
            });
    record.interfaceId().ifPresent(id -> octets(out, id));
    record.serverDuid().ifPresent(duid -> server(out, duid));
    record.remoteId().ifPresent(id -> octets(out, id.encodeBody()));
    record.subscriberId().ifPresent(id -> octets(out, id));
    number(out, record.ias().size());
    for (IdentityAssociation ia : record.ias()) {
      identityAssociation(out, ia);
    }
    return finish(out, record.options());
  }

  private static byte[] finish(OctetWriter out, OptionList options) {
    int at = out.length();
    options.encodeTo(out);
    return out.u24(at).toArray();
  }

  /** Writes where the options start into the end of {@code octets}. */
  static void putOptionsAt(byte[] octets, int at) {
    int end = octets.length - TRAILER;
    octets[end] = (byte) (at >> 16);
    octets[end + 1] = (byte) (at >> 8);
    octets[end + 2] = (byte) at;
  }

  /** Where the options start. */
  static int optionsAt(byte[] octets) {
    int end = octets.length - TRAILER;
    return (octets[end] & 0xff) << 16 | (octets[end + 1] & 0xff) << 8 | (octets[end + 2] & 0xff);
  }

  private static void skipSession(Cursor in) {
    for (int count = in.small(); count > 0; count--) {
      in.small();
      for (int values = in.small(); values > 0; values--) {
        in.skipOctets();
      }
    }
  }

  private static int flags(SubscriberRecord record) {
    boolean linkLocal = record.peerAddress().filter(a -> a.high() == LINK_LOCAL_HIGH).isPresent();
    return (record.peerAddress().isPresent() ? PEER : 0)
        | (linkLocal ? PEER_LINK_LOCAL : 0)
        | (record.interfaceId().isPresent() ? INTERFACE_ID : 0)
        | (record.serverDuid().isPresent() ? SERVER_DUID : 0)
        | (record.remoteId().isPresent() ? REMOTE_ID : 0)
        | (record.subscriberId().isPresent() ? SUBSCRIBER_ID : 0)
        | ACCEPTS.indexOf(record.reconfigureAccept()) << ACCEPT_SHIFT;
  }

  private void session(OctetWriter out, SessionAttributes session) {
    number(out, session.asMap().size());
    for (Map.Entry<AttributeId, List<Octets>> attribute : session.asMap().entrySet()) {
      number(out, attributes.numberOf(attribute.getKey()));
      number(out, attribute.getValue().size());
      for (Octets value : attribute.getValue()) {
        octets(out, value);
      }
    }
  }

  private void server(OctetWriter out, Duid duid) {
    int server = servers.numberOf(duid.compact());
    number(out, server);
    if (server == 0) {
      octets(out, duid.octets());
    }
  }

  private static void identityAssociation(OctetWriter out, IdentityAssociation ia) {
    boolean hasIaid = ia.iaid().isPresent();
    boolean hasEnds = !ia.validUntil().isEmpty();
    out.u8(TYPES.indexOf(ia.type()) << 2 | (hasEnds ? 2 : 0) | (hasIaid ? 1 : 0));
    if (hasIaid) {
      out.u32(ia.iaid().getAsLong());
    }
    number(out, ia.leases().size());
    for (Ipv6Prefix lease : ia.leases()) {
      Octets address = lease.address().toOctets();
      int significant = 16;
      while (significant > 0 && address.u8(significant - 1) == 0) {
        significant--;
      }
      out.u8(lease.length()).u8(significant).octets(address.slice(0, significant));
    }
    for (Instant end : ia.validUntil()) {
      number(out, end.equals(IdentityAssociation.FOREVER) ? 0 : end.getEpochSecond() + 1);
    }
  }

  private static void number(OctetWriter out, long value) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      out.u8((int) ((rest & 0x7f) | 0x80));
      rest >>>= 7;
    }
    out.u8((int) rest);
  }

  private static void octets(OctetWriter out, Octets value) {
    number(out, value.length());
    out.octets(value);
  }

  Stored decode(byte[] octets) {
    Cursor in = new Cursor(octets);
    long key = in.number();
    long version = in.number();
    in.number(); // the first end, which the leases tell
    String nas = nas(in);
    String id = in.octets().toUtf8();
    Cursor sessionAt = in.copy();
    SessionAttributes session = SessionAttributes.readWhenAsked(() -> session(sessionAt.copy()));
    skipSession(in);
    int flags = in.octet();
    int link = in.small();
    Ipv6Address linkAddress = link == 0 ? in.address() : links.value(link);
    Duid duid = new Duid(in.octets());
    Optional<Ipv6Address> peer = Optional.empty();
    if ((flags & PEER) != 0) {
      peer =
          Optional.of(
              (flags & PEER_LINK_LOCAL) != 0
                  ? new Ipv6Address(LINK_LOCAL_HIGH, in.u64())
                  : in.address());
    }
    Optional<Octets> interfaceId = optional(flags, INTERFACE_ID, in);
    Optional<Duid> serverDuid = Optional.empty();
    if ((flags & SERVER_DUID) != 0) {
      int server = in.small();
      serverDuid = Optional.of(server == 0 ? new Duid(in.octets()) : servers.value(server));
    }
    Optional<RemoteIdOption> remoteId =
        optional(flags, REMOTE_ID, in).map(body -> new RemoteIdOption(body.u32(0), body.from(4)));
    Optional<Octets> subscriberId = optional(flags, SUBSCRIBER_ID, in);
    List<IdentityAssociation> ias = identityAssociations(in);
    try {
      return new Stored(
          key,
          new SubscriberRecord(
              id,
              nas,
              version,
              duid,
              linkAddress,
              peer,
              interfaceId,
              serverDuid,
              ACCEPTS.get(flags >> ACCEPT_SHIFT),
              remoteId,
              subscriberId,
              session,
              ias,
              OptionOctets.read(in.rest())));
    } catch (MalformedException e) {
      throw new IllegalStateException("a record in memory was written by encode()", e);
    }
  }

  private String nas(Cursor in) {
    int nas = in.small();
    return nas == 0 ? in.octets().toUtf8() : nasNames.value(nas);
  }

  private Map<AttributeId, List<Octets>> session(Cursor in) {
    int count = in.small();
    Map<AttributeId, List<Octets>> values = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      AttributeId attribute = attributes.value(in.small());
      Octets[] list = new Octets[in.small()];
      for (int j = 0; j < list.length; j++) {
        list[j] = in.octets();
      }
      values.put(attribute, List.of(list));
    }
    return values;
  }

  private static Optional<Octets> optional(int flags, int flag, Cursor in) {
    return (flags & flag) == 0 ? Optional.empty() : Optional.of(in.octets());
  }

  private static List<IdentityAssociation> identityAssociations(Cursor in) {
    int count = in.small();
    List<IdentityAssociation> ias = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      int head = in.octet();
      OptionalLong iaid =
          (head & 1) == 0 ? OptionalLong.empty() : OptionalLong.of(in.take(4).u32(0));
      int leases = in.small();
      List<Ipv6Prefix> prefixes = new ArrayList<>(leases);
      for (int j = 0; j < leases; j++) {
        int length = in.octet();
        byte[] address = new byte[16];
        in.take(in.octet()).copyTo(address, 0);
        prefixes.add(new Ipv6Prefix(Ipv6Address.of(Octets.wrap(address), 0), length));
      }
      List<Instant> ends = new ArrayList<>();
      for (int j = 0; j < leases && (head & 2) != 0; j++) {
        long end = in.number();
        ends.add(end == 0 ? IdentityAssociation.FOREVER : Instant.ofEpochSecond(end - 1));
      }
      ias.add(new IdentityAssociation(TYPES.get(head >> 2), iaid, prefixes, ends));
    }
    return ias;
  }

  /** The key and the version alone. */
  long keyOf(byte[] octets) {
    return new Cursor(octets).number();
  }

  long versionOf(byte[] octets) {
    Cursor in = new Cursor(octets);
    in.number();
    return in.number();
  }

  /** Whether some lease of the record is over at {@code now}, in Unix seconds. */
  boolean isOver(byte[] octets, long now) {
    Cursor in = new Cursor(octets);
    in.number();
    in.number();
    long end = in.number();
    return end != 0 && end - 1 <= now;
  }

  /** The second after which the first of the leases is over, plus one; 0 when none ends. */
  private static long firstEnd(SubscriberRecord record) {
    Instant first = IdentityAssociation.FOREVER;
    for (IdentityAssociation ia : record.ias()) {
      first = first.isBefore(ia.firstEnd()) ? first : ia.firstEnd();
    }
    return first.equals(IdentityAssociation.FOREVER) ? 0 : first.getEpochSecond() + 1;
  }

  /**
   * Whether this is the record {@code id} of {@code nas}.
   *
   * @param octets the record, or its beginning: {@link #NAME_OCTETS} behind the first three numbers
   *     and both names
   */
  boolean isRecord(byte[] octets, String nas, Octets id) {
    Cursor in = new Cursor(octets);
    in.number();
    in.number();
    in.number();
    int number = in.small();
    if (number != 0) {
      return nasNames.value(number).equals(nas) && in.nextAre(id);
    }
    if (!in.nextAre(Octets.ofUtf8(nas))) {
      return false;
    }
    in.skipOctets();
    return in.nextAre(id);
  }

  /** Whether the record is of this NAS (empty: of any) and has every one of the keys. */
  boolean matches(byte[] octets, String nas, List<SessionKey> keys) {
    Cursor in = new Cursor(octets);
    in.number();
    in.number();
    in.number();
    String own = nas(in);
    if (!nas.isEmpty() && !own.equals(nas)) {
      return false;
    }
    in.skipOctets();
    int start = in.at;
    for (int i = 0; i < keys.size(); i++) {
      in.at = start;
      if (!has(in, keys.get(i))) {
        return false;
      }
    }
    return true;
  }

  private boolean has(Cursor in, SessionKey key) {
    int count = in.small();
    for (int i = 0; i < count; i++) {
      boolean wanted = attributes.value(in.small()).equals(key.attribute());
      int many = in.small();
      for (int j = 0; j < many; j++) {
        if (!wanted) {
          in.skipOctets();
        } else if (in.nextAre(key.value())
            || IdentificationValue.normalize(key.attribute(), in.octets()).equals(key.value())) {
          return true;
        }
      }
    }
    return false;
  }

  /** Reads what encode() wrote; a lookup that only compares makes no objects. */
  private static final class Cursor {
    private final byte[] array;
    private Octets all = Octets.EMPTY; // the array, once a part of it is taken
    private int at;

    Cursor(byte[] octets) {
      array = octets;
    }

    Cursor copy() {
      Cursor copy = new Cursor(array);
      copy.at = at;
      return copy;
    }

    int octet() {
      return array[at++] & 0xff;
    }

    long number() {
      long value = 0;
      for (int shift = 0; ; shift += 7) {
        int octet = octet();
        value |= (long) (octet & 0x7f) << shift;
        if (octet < 0x80) {
          return value;
        }
      }
    }

    int small() {
      return (int) number();
    }

    void skipOctets() {
      int length = small();
      at += length;
    }

    /** Whether the next octets are these; stays before them. */
    boolean nextAre(Octets wanted) {
      int start = at;
      int length = small();
      boolean same = length == wanted.length() && wanted.equalsRange(array, at, at + length);
      at = start;
      return same;
    }

    Octets take(int length) {
      if (all.isEmpty()) {
        all = Octets.wrap(array);
      }
      Octets value = all.slice(at, at + length);
      at += length;
      return value;
    }

    Octets octets() {
      return take(small());
    }

    Ipv6Address address() {
      return Ipv6Address.of(take(16), 0);
    }

    long u64() {
      Octets value = take(8);
      return value.u32(0) << 32 | value.u32(4);
    }

    Octets rest() {
      return take(array.length - TRAILER - at);
    }
  }
}
