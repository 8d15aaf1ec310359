package io.coagateway.inpath;

import io.coagateway.dhcpv6.MessageType;
import io.coagateway.dhcpv6.Option;
import io.coagateway.dhcpv6.OptionCode;
import io.coagateway.dhcpv6.OptionList;
import io.coagateway.dhcpv6.RadiusOption;
import io.coagateway.dhcpv6.RelayIdOption;
import io.coagateway.dhcpv6.RsooOption;
import io.coagateway.relay.DhcpServer;
import io.coagateway.relay.Include;
import io.coagateway.subscriber.SubscriberRecord;
import io.coagateway.wire.Octets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Which options one client's message gets, from the records that its DUID finds.
 *
 * <p>A DUID may stand in several records (a client with two lines, a cloned router), so the link,
 * and where both sides know it the Interface-Id, must be the record's: the options are those of a
 * line, and what one subscriber has paid for must not reach another.
 *
 * @param supply why there are options, or why not
 * @param inForce of the one record; empty unless {@code supply} is SUPPLIED
 * @param detail for the log
 */
record SuppliedOptions(Supply supply, OptionList inForce, String detail) {
  /** A client that asks for configuration; nobody else is given any. */
  private static final Set<MessageType> ASKING =
      Set.of(
          MessageType.SOLICIT,
          MessageType.REQUEST,
          MessageType.RENEW,
          MessageType.REBIND,
          MessageType.INFORMATION_REQUEST);

  static boolean isAsking(RelayedMessage message) {
    return ASKING.contains(message.type()) && message.client().isPresent();
  }

  static SuppliedOptions none(Supply why, String detail) {
    return new SuppliedOptions(why, OptionList.EMPTY, detail);
  }

  /** Chooses the client's record. */
  static SuppliedOptions choose(
      List<SubscriberRecord> found, RelayedMessage message, OptionsInForce options) {
    if (found.isEmpty()) {
      return none(Supply.NO_RECORD, "");
    }
    List<SubscriberRecord> here = new ArrayList<>(1);
    for (SubscriberRecord record : found) {
      if (isOf(record, message)) {
        here.add(record);
      }
    }
    if (here.size() > 1) {
      here = ofSomebody(here);
    }
    if (here.size() == 1) {
      return new SuppliedOptions(Supply.SUPPLIED, options.of(here.get(0)), "");
    }
    return here.isEmpty()
        ? none(Supply.OTHER_LINK, "the record is of link " + found.get(0).linkAddress())
        : none(Supply.AMBIGUOUS, here.size() + " records: " + here.get(0).id() + ", …");
  }

  /**
   * Those that somebody wrote, if any: what was only learned, of the same client at the same place,
   * becomes one with it as soon as more is learned.
   */
  private static List<SubscriberRecord> ofSomebody(List<SubscriberRecord> records) {
    List<SubscriberRecord> written = new ArrayList<>(1);
    for (SubscriberRecord record : records) {
      if (!record.session().isEmpty() || !record.options().isEmpty()) {
        written.add(record);
      }
    }
    return written.isEmpty() ? records : written;
  }

  private static boolean isOf(SubscriberRecord record, RelayedMessage message) {
    if (!record.linkAddress().equals(message.link())) {
      return false;
    }
    List<Octets> seen = message.interfaceIds();
    return seen.isEmpty() || record.interfaceId().map(seen::contains).orElse(true);
  }

  /** The options for one server, and why there are some or none. */
  record ForServer(Supply supply, OptionList options) {}

  /**
   * What goes into our layer for {@code server}, in the option that it reads.
   *
   * <p>What a relay below supplies is left out: RFC 6422 section 6 lets the innermost RSOO win by
   * default, so ours could only lose, and a server with another default would let the wrong one
   * win.
   */
  ForServer forServer(DhcpServer server, RelayedMessage message) {
    if (supply != Supply.SUPPLIED) {
      return new ForServer(supply, OptionList.EMPTY);
    }
    List<Option> wanted = new ArrayList<>(inForce.size());
    for (Option option : inForce) {
      if (isFor(server, option.code())) {
        wanted.add(option);
      }
    }
    if (wanted.isEmpty()) {
      return new ForServer(Supply.NOTHING_TO_SUPPLY, OptionList.EMPTY);
    }
    wanted.removeIf(option -> message.supplied().contains(option.code()));
    if (wanted.isEmpty()) {
      return new ForServer(Supply.RELAY_SUPPLIES, OptionList.EMPTY);
    }
    OptionList options = OptionList.of(wanted);
    return new ForServer(
        Supply.SUPPLIED,
        options.first(RadiusOption.class).isPresent()
            ? options
            : OptionList.of(new RsooOption(options)));
  }

  /** RFC 6422 section 5: a relay MUST NOT send options that the server does not allow. */
  private static boolean isFor(DhcpServer server, OptionCode code) {
    boolean radius = code.equals(OptionCode.RADIUS);
    return switch (server.carryOptions()) {
      case RSOO -> !radius && server.rsooOptions().contains(code);
      case RADIUS -> radius;
      case NONE -> false;
    };
  }

  /** What {@code server} is told besides, whoever the client is. */
  static OptionList always(DhcpServer server, InPathParameters parameters) {
    return server.include().contains(Include.RELAY_ID)
        ? OptionList.of(new RelayIdOption(parameters.relayId()))
        : OptionList.EMPTY;
  }
}
