package io.coagateway.subscriber;

import io.coagateway.dhcpv6.Duid;
import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.Ipv6Prefix;
import io.coagateway.wire.OctetWriter;
import io.coagateway.wire.Octets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One thing by which a record's DHCPv6 side can be found: for whoever knows a session by what its
 * client was given or where it is.
 *
 * @param kind which thing
 * @param value made by the methods of this class
 */
public record ClientKey(Kind kind, Octets value) {
  /** What a record can be found by. */
  public enum Kind {
    /** A leased address or delegated prefix. */
    LEASE(1),
    /** The /64 of a leased address. */
    NETWORK(2),
    /** The relay's Interface-Id. */
    INTERFACE_ID(3),
    /** The client's link-layer address. */
    LINK_LAYER_ADDRESS(4),
    /** The client's DUID. */
    DUID(5);

    private final int code;

    Kind(int code) {
      this.code = code;
    }

    /** Tells the kinds apart in the memory index. */
    int code() {
      return code;
    }
  }

  private static final int NETWORK_LENGTH = 64; // RFC 4291 section 2.5.4

  /** A leased address, as /128, or a delegated prefix. */
  public static ClientKey lease(Ipv6Prefix lease) {
    return new ClientKey(Kind.LEASE, prefix(lease.masked()));
  }

  /** The /64 that {@code address} lies in. */
  public static ClientKey network(Ipv6Address address) {
    return new ClientKey(
        Kind.NETWORK, prefix(new Ipv6Prefix(address.masked(NETWORK_LENGTH), NETWORK_LENGTH)));
  }

  /** The body of an Interface-Id option. */
  public static ClientKey interfaceId(Octets id) {
    return new ClientKey(Kind.INTERFACE_ID, id);
  }

  /** A link-layer address of six octets. */
  public static ClientKey linkLayerAddress(Octets address) {
    return new ClientKey(Kind.LINK_LAYER_ADDRESS, address);
  }

  /** A DUID. */
  public static ClientKey duid(Duid duid) {
    return new ClientKey(Kind.DUID, duid.octets());
  }

  private static Octets prefix(Ipv6Prefix prefix) {
    return new OctetWriter(17).ipv6(prefix.address()).u8(prefix.length()).toOctets();
  }

  /** All keys of a record. */
  public static List<ClientKey> of(SubscriberRecord record) {
    List<ClientKey> keys = new ArrayList<>(6);
    keys.add(duid(record.duid()));
    record.interfaceId().ifPresent(id -> keys.add(interfaceId(id)));
    linkLayerAddresses(record).forEach(address -> keys.add(linkLayerAddress(address)));
    for (IdentityAssociation ia : record.ias()) {
      for (Ipv6Prefix lease : ia.leases()) {
        keys.add(lease(lease));
        if (ia.type() != IdentityAssociation.Type.IA_PD) {
          keys.add(network(lease.address()));
        }
      }
    }
    return keys.stream().distinct().toList();
  }

  /**
   * The Ethernet addresses that a record tells: of its DUID-LL or DUID-LLT (RFC 8415 sections 11.2,
   * 11.4), and of a peer-address whose interface identifier was made of one (RFC 4291 appendix A).
   */
  private static List<Octets> linkLayerAddresses(SubscriberRecord record) {
    List<Octets> found = new ArrayList<>(2);
    Octets duid = record.duid().octets();
    boolean ethernet = duid.length() > 4 && duid.u16(2) == 1;
    if (ethernet && record.duid().type() == 3 && duid.length() == 10) {
      found.add(duid.from(4));
    } else if (ethernet && record.duid().type() == 1 && duid.length() == 14) {
      found.add(duid.from(8));
    }
    record.peerAddress().flatMap(ClientKey::ofInterfaceIdentifier).ifPresent(found::add);
    return found;
  }

  private static Optional<Octets> ofInterfaceIdentifier(Ipv6Address address) {
    Octets octets = address.toOctets();
    if (octets.u16(11) != 0xfffe) {
      return Optional.empty();
    }
    return Optional.of(
        new OctetWriter(6)
            .u8(octets.u8(8) ^ 2)
            .octets(octets.slice(9, 11))
            .octets(octets.slice(13, 16))
            .toOctets());
  }
}
