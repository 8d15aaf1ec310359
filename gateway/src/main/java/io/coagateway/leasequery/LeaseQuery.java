package io.coagateway.leasequery;

import io.coagateway.dhcpv6.ClientIdOption;
import io.coagateway.dhcpv6.ClientServerMessage;
import io.coagateway.dhcpv6.Duid;
import io.coagateway.dhcpv6.IaAddressOption;
import io.coagateway.dhcpv6.LeasequeryOption;
import io.coagateway.dhcpv6.MessageType;
import io.coagateway.dhcpv6.Option;
import io.coagateway.dhcpv6.OptionCode;
import io.coagateway.dhcpv6.OptionList;
import io.coagateway.dhcpv6.OroOption;
import io.coagateway.dhcpv6.RelayIdOption;
import io.coagateway.dhcpv6.RemoteIdOption;
import io.coagateway.wire.Ipv6Address;
import java.util.ArrayList;
import java.util.List;

/**
 * One query: by address or client (RFC 5007 section 4.1.2.1), or by relay-id, link or remote-id
 * (RFC 5460 section 5.2), which are for TCP alone.
 *
 * @param type the query-type
 * @param link the link-address field; {@code ::} for all links
 * @param options of the query, without the ORO
 * @param words for people
 */
public record LeaseQuery(int type, Ipv6Address link, OptionList options, String words) {
  /** What we want to be told besides the leases: where the relay saw the client. */
  private static final OroOption WANTED =
      new OroOption(
          List.of(OptionCode.LQ_RELAY_DATA, OptionCode.REMOTE_ID, OptionCode.SUBSCRIBER_ID));

  /** Who has this address, or the delegated prefix that it lies in. */
  public static LeaseQuery byAddress(Ipv6Address address) {
    return new LeaseQuery(
        LeasequeryOption.BY_ADDRESS,
        Ipv6Address.UNSPECIFIED,
        OptionList.of(new IaAddressOption(address, 0, 0, OptionList.EMPTY)),
        "address " + address);
  }

  /** What a client has, on all links. */
  public static LeaseQuery byClient(Duid client) {
    return new LeaseQuery(
        LeasequeryOption.BY_CLIENT_ID,
        Ipv6Address.UNSPECIFIED,
        OptionList.of(new ClientIdOption(client)),
        "client " + client);
  }

  /** The same on one link only. */
  LeaseQuery on(Ipv6Address oneLink) {
    return new LeaseQuery(type, oneLink, options, words + " on " + oneLink);
  }

  /** Everything that was leased through a relay. */
  public static LeaseQuery byRelayId(Duid relay) {
    return new LeaseQuery(
        LeasequeryOption.BY_RELAY_ID,
        Ipv6Address.UNSPECIFIED,
        OptionList.of(new RelayIdOption(relay)),
        "relay-id " + relay);
  }

  /** Everything on one link; never {@code ::}. */
  public static LeaseQuery byLink(Ipv6Address link) {
    return new LeaseQuery(
        LeasequeryOption.BY_LINK_ADDRESS, link, OptionList.EMPTY, "link-address " + link);
  }

  /** Everything of one line, on all links. */
  public static LeaseQuery byRemoteId(RemoteIdOption remoteId) {
    return new LeaseQuery(
        LeasequeryOption.BY_REMOTE_ID,
        Ipv6Address.UNSPECIFIED,
        OptionList.of(remoteId),
        "remote-id " + remoteId.describe());
  }

  /** The message; its Client Identifier is the requestor's (RFC 5007 section 4.1.1). */
  ClientServerMessage message(int transactionId, Duid requestor) {
    List<Option> inside = new ArrayList<>(options.all());
    inside.add(WANTED);
    return new ClientServerMessage(
        MessageType.LEASEQUERY,
        transactionId,
        OptionList.of(
            new ClientIdOption(requestor),
            new LeasequeryOption(type, link, OptionList.of(inside))));
  }
}
