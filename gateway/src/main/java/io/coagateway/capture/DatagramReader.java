package io.coagateway.capture;

import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.MalformedException;
import io.coagateway.wire.OctetReader;
import io.coagateway.wire.Octets;
import java.time.Instant;
import java.util.Optional;

/**
 * The DHCPv6 datagram in a captured frame: Ethernet with or without VLAN tags, Linux cooked
 * captures (which {@code -i any} gives), raw IP and the loopback types of the BSDs; IPv6 with
 * extension headers; fragments put together. Checksums are not looked at: what this host sends has
 * none yet when it is captured.
 *
 * <p>Not thread-safe.
 */
public final class DatagramReader {
  /** The port of relays and servers (RFC 8415 section 7.2). */
  public static final int PORT = 547;

  private static final int LINK_NULL = 0;
  private static final int LINK_ETHERNET = 1;
  private static final int LINK_RAW_BSD = 12;
  private static final int LINK_RAW_OPENBSD = 14;
  private static final int LINK_RAW = 101;
  private static final int LINK_LOOP = 108;
  private static final int LINK_LINUX_SLL = 113;
  private static final int LINK_IPV6 = 229;
  private static final int LINK_LINUX_SLL2 = 276;

  private static final int ETHER_IPV6 = 0x86dd;
  private static final int HOP_BY_HOP = 0;
  private static final int UDP = 17;
  private static final int ROUTING = 43;
  private static final int FRAGMENT = 44;
  private static final int AUTHENTICATION = 51;
  private static final int DESTINATION_OPTIONS = 60;
  private static final int UDP_HEADER = 8;

  private final FrameObserver observer;
  private final Fragments fragments;

  /**
   * @param observer told of frames that give no datagram
   */
  public DatagramReader(FrameObserver observer) {
    this.observer = observer;
    this.fragments = new Fragments(observer);
  }

  /** Ends the reading of a frame early. */
  private static final class SkipException extends Exception {
    private static final long serialVersionUID = 1L;
    private final FrameSkip reason;

    private SkipException(FrameSkip reason, String message) {
      super(message, null, false, false);
      this.reason = reason;
    }
  }

  /** Packets of which some fragments are missing. */
  int waiting() {
    return fragments.waiting();
  }

  /** The datagram that is complete with this frame; empty when there is none. */
  public Optional<CapturedDatagram> read(CapturedFrame frame) {
    OctetReader in = frame.data().reader();
    try {
      link(frame.linkType(), in);
      return ipv6(in, frame.seen());
    } catch (SkipException e) {
      observer.skipped(e.reason, e.getMessage());
    } catch (MalformedException e) {
      boolean cut = frame.length() > frame.data().length();
      observer.skipped(cut ? FrameSkip.CUT_SHORT : FrameSkip.BROKEN_PACKET, e.getMessage());
    }
    return Optional.empty();
  }

  /** Reads up to the IPv6 header. */
  private static void link(int linkType, OctetReader in) throws MalformedException, SkipException {
    switch (linkType) {
      case LINK_ETHERNET -> {
        in.octets(12, "Ethernet addresses");
        etherType(in);
      }
      case LINK_LINUX_SLL -> {
        in.octets(14, "cooked header");
        etherType(in);
      }
      case LINK_LINUX_SLL2 -> {
        int type = in.u16("protocol");
        in.octets(18, "cooked header");
        etherType(type, in);
      }
      case LINK_RAW, LINK_RAW_BSD, LINK_RAW_OPENBSD, LINK_IPV6 -> {
        // the version tells the rest
      }
      case LINK_NULL, LINK_LOOP -> family(in.u32("address family"));
      default ->
          throw new SkipException(
              FrameSkip.FOREIGN_LINK_TYPE,
              "link type " + linkType + ". Capture with tcpdump -i any, or on an Ethernet");
    }
  }

  private static void etherType(OctetReader in) throws MalformedException, SkipException {
    etherType(in.u16("EtherType"), in);
  }

  private static void etherType(int first, OctetReader in)
      throws MalformedException, SkipException {
    int type = first;
    while (type == 0x8100 || type == 0x88a8 || type == 0x9100) { // IEEE 802.1Q, 802.1ad, QinQ
      in.u16("VLAN tag");
      type = in.u16("EtherType");
    }
    if (type != ETHER_IPV6) {
      throw new SkipException(FrameSkip.NOT_IPV6, "EtherType 0x%04x".formatted(type));
    }
  }

  /** AF_INET6 of Linux and the BSDs, in the byte order of whoever captured. */
  private static void family(long value) throws SkipException {
    long family =
        value > 0xffff ? Integer.toUnsignedLong(Integer.reverseBytes((int) value)) : value;
    if (family != 10 && family != 24 && family != 28 && family != 30) {
      throw new SkipException(FrameSkip.NOT_IPV6, "address family " + family);
    }
  }

  private Optional<CapturedDatagram> ipv6(OctetReader in, Instant seen)
      throws MalformedException, SkipException {
    long first = in.u32("IPv6 header");
    if (first >>> 28 != 6) {
      throw new SkipException(FrameSkip.NOT_IPV6, "IP version " + (first >>> 28));
    }
    int length = in.u16("payload length");
    int next = in.u8("next header");
    in.u8("hop limit");
    Ipv6Address source = in.ipv6("source address");
    Ipv6Address destination = in.ipv6("destination address");
    OctetReader payload = in.sub(length, "IPv6 payload"); // what follows is the link's padding
    while (next != UDP) {
      switch (next) {
        case HOP_BY_HOP, ROUTING, DESTINATION_OPTIONS -> {
          next = payload.u8("next header");
          payload.octets(payload.u8("header length") * 8 + 6, "extension header");
        }
        case AUTHENTICATION -> {
          next = payload.u8("next header");
          payload.octets(payload.u8("header length") * 4 + 6, "authentication header");
        }
        case FRAGMENT -> {
          int inner = payload.u8("next header");
          payload.u8("reserved");
          int place = payload.u16("fragment offset");
          long id = payload.u32("fragment identification");
          Optional<Fragments.Whole> whole =
              fragments.add(
                  new Fragments.Key(source, destination, id),
                  new Fragments.Part(inner, place & ~7, (place & 1) == 0, payload.rest()),
                  seen);
          if (whole.isEmpty()) {
            return Optional.empty();
          }
          next = whole.get().nextHeader();
          payload = whole.get().payload().reader();
        }
        default -> throw new SkipException(FrameSkip.NOT_DHCPV6, "IPv6 next header " + next);
      }
    }
    return udp(payload, source, destination, seen);
  }

  private static Optional<CapturedDatagram> udp(
      OctetReader in, Ipv6Address source, Ipv6Address destination, Instant seen)
      throws MalformedException, SkipException {
    int sourcePort = in.u16("source port");
    int destinationPort = in.u16("destination port");
    if (sourcePort != PORT && destinationPort != PORT) {
      throw new SkipException(
          FrameSkip.NOT_DHCPV6, "UDP port " + sourcePort + " to " + destinationPort);
    }
    int length = in.u16("UDP length");
    in.u16("UDP checksum");
    if (length < UDP_HEADER) {
      throw in.malformed("UDP length " + length + " is not 8 or more");
    }
    Octets payload = in.octets(length - UDP_HEADER, "UDP payload");
    return Optional.of(
        new CapturedDatagram(source, sourcePort, destination, destinationPort, payload, seen));
  }
}
