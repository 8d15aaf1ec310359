package io.coagateway.dhcpv6;

import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.Ipv6Prefix;
import io.coagateway.wire.MalformedException;
import io.coagateway.wire.OctetReader;
import io.coagateway.wire.Octets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * From octets to messages and options: the one table from option codes to types. Unknown codes
 * become {@link RawOption}s.
 *
 * <p>A known option whose body does not have the layout of its RFC makes the message malformed: to
 * guess would mean to act on something that nobody said. Values that a role judges (a lifetime, a
 * status, a link) are not judged here.
 */
final class OptionParser {
  /** Messages in messages: the hop limit of RFC 3315 (32 relays) and the client's own message. */
  static final int MAX_MESSAGE_DEPTH = 33;

  /** Options in options of one message. The deepest that any RFC builds is five. */
  static final int MAX_OPTION_DEPTH = 12;

  private static final OptionParser WHOLE = new OptionParser(1, 0, false);
  private static final OptionParser OUTERMOST = new OptionParser(1, 0, true);

  private final int messageDepth;
  private final int optionDepth;
  private final boolean outermost;

  private OptionParser(int messageDepth, int optionDepth, boolean outermost) {
    this.messageDepth = messageDepth;
    this.optionDepth = optionDepth;
    this.outermost = outermost;
  }

  /** Reads everything. */
  static OptionParser whole() {
    return WHOLE;
  }

  /** Leaves RELAY_MSG as it is. */
  static OptionParser outermost() {
    return OUTERMOST;
  }

  /** All that is left, as one message (RFC 8415 sections 8 and 9). */
  Message message(OctetReader reader) throws MalformedException {
    MessageType type = MessageType.of(reader.u8("msg-type"));
    try {
      if (type.isRelay()) {
        int hopCount = reader.u8("hop-count");
        Ipv6Address link = reader.ipv6("link-address");
        Ipv6Address peer = reader.ipv6("peer-address");
        return new RelayMessage(type, hopCount, link, peer, options(reader));
      }
      if (type.isFailover()) {
        throw reader.malformed(
            "failover between servers (RFC 8156) has a header of its own, which is not read here,");
      }
      int transactionId = reader.u24("transaction-id");
      return new ClientServerMessage(type, transactionId, options(reader));
    } catch (MalformedException e) {
      throw e.within(type.toString());
    }
  }

  /** All that is left, as options (RFC 8415 section 21.1). */
  OptionList options(OctetReader reader) throws MalformedException {
    if (!reader.hasMore()) {
      return OptionList.EMPTY;
    }
    Option[] found = new Option[8];
    int count = 0;
    while (reader.hasMore()) {
      int code = reader.u16("option-code");
      if (count == found.length) {
        found = Arrays.copyOf(found, 2 * count);
      }
      found[count++] = next(code, reader);
    }
    return OptionList.ofParsed(found, count);
  }

  private Option next(int code, OctetReader reader) throws MalformedException {
    try {
      int length = reader.u16("option-len");
      return body(code, reader.sub(length, "option-data"));
    } catch (MalformedException e) {
      throw e.within(OptionCode.of(code).toString());
    }
  }

  /** All that is left, as the body of one option. */
  Option option(int code, OctetReader reader) throws MalformedException {
    try {
      return body(code, reader);
    } catch (MalformedException e) {
      throw e.within(OptionCode.of(code).toString());
    }
  }

  private Option body(int code, OctetReader in) throws MalformedException {
    Option option = layout(code, in);
    in.end("the option");
    return option;
  }

  private Option layout(int code, OctetReader in) throws MalformedException {
    return switch (code) {
      case 1 -> new ClientIdOption(duid(in));
      case 2 -> new ServerIdOption(duid(in));
      case 3 -> new IaNaOption(in.u32("iaid"), in.u32("t1"), in.u32("t2"), nested(in));
      case 4 -> new IaTaOption(in.u32("iaid"), nested(in));
      case 5 ->
          new IaAddressOption(
              in.ipv6("address"),
              in.u32("preferred-lifetime"),
              in.u32("valid-lifetime"),
              nested(in));
      case 6 -> new OroOption(codes(in));
      case 8 -> new ElapsedTimeOption(in.u16("elapsed-time"));
      case 9 ->
          outermost
              ? new RawOption(OptionCode.RELAY_MSG, in.rest())
              : new RelayMessageOption(encapsulated(in));
      case 11 -> auth(in);
      case 12 -> new ServerUnicastOption(in.ipv6("server-address"));
      case 13 -> new StatusCodeOption(new StatusCode(in.u16("status-code")), in.rest());
      case 18 -> new InterfaceIdOption(in.rest());
      case 19 -> new ReconfigureMessageOption(MessageType.of(in.u8("msg-type")));
      case 20 -> new ReconfigureAcceptOption();
      case 23 -> new DnsServersOption(addresses(in));
      case 24 -> domainList(in);
      case 25 -> new IaPdOption(in.u32("iaid"), in.u32("t1"), in.u32("t2"), nested(in));
      case 26 -> iaPrefix(in);
      case 37 -> new RemoteIdOption(in.u32("enterprise-number"), some(in, "remote-id"));
      case 38 -> new SubscriberIdOption(some(in, "subscriber-id"));
      case 43 -> new EroOption(codes(in));
      case 44 -> new LeasequeryOption(in.u8("query-type"), in.ipv6("link-address"), nested(in));
      case 45 -> new ClientDataOption(nested(in));
      case 46 -> new CltTimeOption(in.u32("client-last-transaction-time"));
      case 47 -> new LqRelayDataOption(in.ipv6("peer-address"), encapsulated(in));
      case 48 -> new LqClientLinkOption(addresses(in));
      case 53 -> new RelayIdOption(duid(in));
      case 64 -> aftrName(in);
      case 65 -> new ErpLocalDomainNameOption(name(in));
      case 66 -> new RsooOption(nested(in));
      case 79 -> new ClientLinkLayerAddressOption(in.u16("link-layer-type"), in.rest());
      case 80 -> new LinkAddressOption(in.ipv6("link-address"));
      case 81 -> radius(in);
      case 89 -> s46Rule(in);
      case 90 -> new S46BrOption(in.ipv6("br-ipv6-address"));
      case 91 -> new S46DmrOption(S46.readPrefix(in, "dmr-prefix6-len", "dmr-ipv6-prefix"));
      case 92 ->
          new S46V4V6BindOption(
              in.octets(4, "ipv4-address"),
              S46.readPrefix(in, "bindprefix6-len", "bind-ipv6-prefix"),
              nested(in));
      case 93 ->
          new S46PortParametersOption(
              atMost(in, 15, "offset"), atMost(in, 16, "PSID-len"), in.u16("PSID"));
      case 94 -> new S46ContMapEOption(nested(in));
      case 95 -> new S46ContMapTOption(nested(in));
      case 96 -> new S46ContLwOption(nested(in));
      case 100 -> new LqBaseTimeOption(in.u32("base-time"));
      case 101 -> new LqStartTimeOption(in.u32("query-start-time"));
      case 102 -> new LqEndTimeOption(in.u32("query-end-time"));
      case 111 -> s46Priority(in);
      case 113 ->
          new V6Prefix64Option(
              S46.readPrefix(in, "asm-length", "ASM_mPrefix64"),
              S46.readPrefix(in, "ssm-length", "SSM_mPrefix64"),
              S46.readPrefix(in, "unicast-length", "U_PREFIX64"));
      case 135 -> new RelayPortOption(in.u16("downstream-source-port"));
      case 144 -> dnr(in);
      default -> new RawOption(OptionCode.of(code), in.rest());
    };
  }

  private OptionList nested(OctetReader in) throws MalformedException {
    if (!in.hasMore()) {
      return OptionList.EMPTY;
    }
    if (optionDepth == MAX_OPTION_DEPTH) {
      throw in.malformed("options nested deeper than " + MAX_OPTION_DEPTH);
    }
    return new OptionParser(messageDepth, optionDepth + 1, outermost).options(in);
  }

  private Message encapsulated(OctetReader in) throws MalformedException {
    if (messageDepth == MAX_MESSAGE_DEPTH) {
      throw in.malformed("messages nested deeper than " + MAX_MESSAGE_DEPTH);
    }
    return new OptionParser(messageDepth + 1, 0, outermost).message(in);
  }

  private static Duid duid(OctetReader in) throws MalformedException {
    int length = in.remaining();
    if (length < Duid.MIN_LENGTH || length > Duid.MAX_LENGTH) {
      throw needs(in, "the DUID", "3 to 130 octets");
    }
    return new Duid(in.rest());
  }

  private static MalformedException needs(OctetReader in, String field, String what) {
    return new MalformedException(
        field + " needs " + what + " at offset " + in.offset() + ", found " + in.remaining(),
        in.offset());
  }

  private static Octets some(OctetReader in, String field) throws MalformedException {
    if (!in.hasMore()) {
      throw needs(in, field, "at least 1 octet");
    }
    return in.rest();
  }

  /** One octet that may not be over {@code max}. */
  static int atMost(OctetReader in, int max, String field) throws MalformedException {
    int offset = in.offset();
    int value = in.u8(field);
    if (value > max) {
      throw new MalformedException(
          field + " " + value + " at offset " + offset + " is over " + max, offset);
    }
    return value;
  }

  private static void multiple(OctetReader in, int unit) throws MalformedException {
    if (in.remaining() % unit != 0) {
      throw in.malformed("length " + in.remaining() + " is no multiple of " + unit);
    }
  }

  private static List<OptionCode> codes(OctetReader in) throws MalformedException {
    multiple(in, 2);
    List<OptionCode> codes = new ArrayList<>(in.remaining() / 2);
    while (in.hasMore()) {
      codes.add(OptionCode.of(in.u16("option-code")));
    }
    return codes;
  }

  private static List<Ipv6Address> addresses(OctetReader in) throws MalformedException {
    multiple(in, 16);
    List<Ipv6Address> addresses = new ArrayList<>(in.remaining() / 16);
    while (in.hasMore()) {
      addresses.add(in.ipv6("address"));
    }
    return addresses;
  }

  private static DomainName name(OctetReader in) throws MalformedException {
    int offset = in.offset();
    Octets body = in.rest();
    DomainName.exactly(body, offset);
    return new DomainName(body);
  }

  private static Option aftrName(OctetReader in) throws MalformedException {
    if (in.remaining() < AftrNameOption.MIN_LENGTH) {
      throw needs(in, "the name", "more than 3 octets (RFC 6334 section 3)");
    }
    return new AftrNameOption(name(in));
  }

  private static Option domainList(OctetReader in) throws MalformedException {
    int offset = in.offset();
    Octets body = some(in, "searchlist");
    List<DomainName> names = new ArrayList<>();
    int at = 0;
    while (at < body.length()) {
      int end = DomainName.endOf(body, at, offset);
      names.add(new DomainName(body.slice(at, end)));
      at = end;
    }
    return new DomainListOption(names);
  }

  private static Option auth(OctetReader in) throws MalformedException {
    return new AuthOption(
        in.u8("protocol"),
        in.u8("algorithm"),
        in.u8("RDM"),
        in.u32("replay-detection") << 32 | in.u32("replay-detection"),
        in.rest());
  }

  private Option iaPrefix(OctetReader in) throws MalformedException {
    long preferred = in.u32("preferred-lifetime");
    long valid = in.u32("valid-lifetime");
    int length = atMost(in, 128, "prefix-length");
    Ipv6Address prefix = in.ipv6("IPv6-prefix");
    return new IaPrefixOption(preferred, valid, new Ipv6Prefix(prefix, length), nested(in));
  }

  private static Option radius(OctetReader in) throws MalformedException {
    int offset = in.offset();
    Octets attributes = some(in, "the attribute list");
    int bad = RadiusOption.firstBadAttribute(attributes);
    if (bad >= 0) {
      throw new MalformedException(
          "attribute at offset " + (offset + bad) + " has a length that does not fit",
          offset + bad);
    }
    return new RadiusOption(attributes);
  }

  private Option s46Rule(OctetReader in) throws MalformedException {
    return new S46RuleOption(
        in.u8("flags"),
        atMost(in, 48, "ea-len"),
        atMost(in, 32, "prefix4-len"),
        in.octets(4, "ipv4-prefix"),
        S46.readPrefix(in, "prefix6-len", "ipv6-prefix"),
        nested(in));
  }

  private static Option s46Priority(OctetReader in) throws MalformedException {
    if (!in.hasMore()) {
      throw needs(in, "s46-option-code", "at least 2 octets");
    }
    return new S46PriorityOption(codes(in));
  }

  /** RFC 9463 section 4.1. */
  private static Option dnr(OctetReader in) throws MalformedException {
    int priority = in.u16("service-priority");
    DomainName name = name(in.sub(in.u16("ADN-length"), "authentication-domain-name"));
    if (!in.hasMore()) {
      return new V6DnrOption(priority, name, List.of(), Octets.EMPTY);
    }
    int length = in.u16("addr-length");
    OctetReader list = in.sub(length, "ipv6-addresses");
    if (length == 0) {
      throw needs(list, "ipv6-addresses", "at least 16 octets");
    }
    return new V6DnrOption(priority, name, addresses(list), in.rest());
  }
}
