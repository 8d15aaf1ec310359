package io.coagateway.dhcpv6;

import io.coagateway.wire.MalformedException;
import io.coagateway.wire.OctetWriter;
import io.coagateway.wire.Octets;
import java.util.Optional;

/**
 * One option (RFC 8415 section 21.1): code, length, body. Each layout known here is a record of its
 * own; everything else is a {@link RawOption}.
 */
public sealed interface Option
    permits AftrNameOption,
        AuthOption,
        ClientDataOption,
        ClientIdOption,
        ClientLinkLayerAddressOption,
        CltTimeOption,
        DnsServersOption,
        DomainListOption,
        ElapsedTimeOption,
        EroOption,
        ErpLocalDomainNameOption,
        IaAddressOption,
        IaNaOption,
        IaPdOption,
        IaPrefixOption,
        IaTaOption,
        InterfaceIdOption,
        LeasequeryOption,
        LinkAddressOption,
        LqBaseTimeOption,
        LqClientLinkOption,
        LqEndTimeOption,
        LqRelayDataOption,
        LqStartTimeOption,
        OroOption,
        RadiusOption,
        RawOption,
        ReconfigureAcceptOption,
        ReconfigureMessageOption,
        RelayIdOption,
        RelayMessageOption,
        RelayPortOption,
        RemoteIdOption,
        RsooOption,
        S46BrOption,
        S46ContLwOption,
        S46ContMapEOption,
        S46ContMapTOption,
        S46DmrOption,
        S46PortParametersOption,
        S46PriorityOption,
        S46RuleOption,
        S46V4V6BindOption,
        ServerIdOption,
        ServerUnicastOption,
        StatusCodeOption,
        SubscriberIdOption,
        V6DnrOption,
        V6Prefix64Option {
  /** The longest body that the length field can tell. */
  int MAX_BODY_LENGTH = 65535;

  /** The option's number. */
  OptionCode code();

  /** How many octets {@link #writeBody} appends. */
  int bodyLength();

  /** Appends what follows code and length. */
  void writeBody(OctetWriter writer);

  /** The fields in one line, without the option's name and without {@link #nested} options. */
  String describe();

  /** A word more for people, in the indented form alone; empty for none. */
  default String remark() {
    return "";
  }

  /** The options inside; empty for an option that is no container. */
  default OptionList nested() {
    return OptionList.EMPTY;
  }

  /** The message inside, for RELAY_MSG and LQ_RELAY_DATA. */
  default Optional<Message> carried() {
    return Optional.empty();
  }

  /** What {@link #writeBody} appends, alone. */
  default Octets encodeBody() {
    OctetWriter writer = new OctetWriter(bodyLength());
    writeBody(writer);
    return writer.toOctets();
  }

  /**
   * The option with this code and body: the typed form where the layout is known.
   *
   * @throws MalformedException naming the option, the offset in {@code body} and the reason
   */
  static Option parse(OptionCode code, Octets body) throws MalformedException {
    return OptionParser.whole().option(code.number(), body.reader());
  }
}
