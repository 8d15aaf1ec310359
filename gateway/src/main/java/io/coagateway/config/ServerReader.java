package io.coagateway.config;

import io.coagateway.dhcpv6.Duid;
import io.coagateway.dhcpv6.OptionCode;
import io.coagateway.dhcpv6.Ports;
import io.coagateway.radius.AttributeId;
import io.coagateway.ratelimit.RateLimit;
import io.coagateway.relay.DhcpServer;
import io.coagateway.relay.Include;
import io.coagateway.relay.OptionCarrier;
import io.coagateway.relay.ReconfigureMode;
import io.coagateway.relay.ReleaseMode;
import io.coagateway.relay.WithoutIaid;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads one of {@code dhcpv6.servers}. */
final class ServerReader {
  /** RFC 8415 section 7.2: servers and relay agents listen there. */
  static final int PORT = Ports.SERVER;

  static final Form<Duid> DUID =
      Form.of(
          text -> {
            try {
              return Duid.ofHex(text);
            } catch (IllegalArgumentException e) {
              throw new BadValue(
                  "is not a DUID. Give its 3 to 130 octets in hex, like 0003000102005e005301.");
            }
          },
          duid -> duid.octets().toHex());

  private static final Form<Optional<Duid>> DUID_OR_ANY = orWord("any", DUID);

  private static final int MAX_QUEUE = 1_000_000;

  private final Names names;
  private final Changes changes;

  ServerReader(Changes changes) {
    this.names = changes.names();
    this.changes = changes;
  }

  /**
   * A server as read, with the section for checks that need more than the server.
   *
   * @param knownAttributes attributes whose changes it learns by itself
   */
  record Server(Section section, DhcpServer server, Set<AttributeId> knownAttributes) {}

  /** The values of {@code form}, and {@code word} for none of them. */
  static <T> Form<Optional<T>> orWord(String word, Form<T> form) {
    return Form.of(
        text -> text.equals(word) ? Optional.empty() : Optional.of(form.read(text)),
        value -> value.map(form::print).orElse(word));
  }

  Optional<Server> read(Section section) {
    Optional<String> name =
        section.required("name", Forms.NAME, "Give one, like dhcp-1, for logs and metrics.");
    Optional<InetSocketAddress> address =
        section.required(
            "address", Forms.ipv6Socket(PORT), "Give the server's, like \"[2001:db8::547]:547\".");
    // with a stand-in for what is wrong, everything else is read and checked all the same
    DhcpServer.Builder builder =
        DhcpServer.builder(
            name.orElse(section.path()),
            address.orElseGet(() -> InetSocketAddress.createUnresolved("::", PORT)));
    section.optional("bind", Forms.ipv6Socket(PORT)).ifPresent(builder::bind);
    builder.honoursRelayPort(section.value("honours-relay-port", Forms.SWITCH, false));
    section.value("duid", DUID_OR_ANY, Optional.empty()).ifPresent(builder::duid);
    builder.reconfigure(
        section.value("reconfigure", Form.oneOf(ReconfigureMode.class), ReconfigureMode.RFC6977));
    builder.release(release(section));
    OptionCarrier carry =
        section.value("carry-options", Form.oneOf(OptionCarrier.class), OptionCarrier.RSOO);
    List<AttributeId> known = section.list("known-attributes", names.attribute(), List.of());
    List<OptionCode> rsoo =
        section.list("rsoo-options", names.option(), List.of(OptionCode.ERP_LOCAL_DOMAIN_NAME));
    checkCarrier(section, carry, known);
    for (AttributeId attribute : known) {
      changes
          .whyNever(attribute)
          .ifPresent(
              why ->
                  section.warning(
                      "known-attributes", "holds one without effect: " + why + " Take it out."));
    }
    builder.carryOptions(carry).rsooOptions(Set.copyOf(rsoo));
    builder.include(Set.copyOf(section.list("include", Form.oneOf(Include.class), List.of())));
    builder.relayed(section.value("relayed", Forms.SWITCH, false));
    RateLimit rate = section.value("rate-limit", Forms.RATE, DhcpServer.DEFAULT_RATE_LIMIT);
    int queue =
        section.value("queue-limit", Forms.integer(1, MAX_QUEUE), DhcpServer.DEFAULT_QUEUE_LIMIT);
    builder.rateLimit(rate).queueLimit(queue);
    builder.withoutIaid(
        section.value("without-iaid", Form.oneOf(WithoutIaid.class), WithoutIaid.SKIP));
    return Optional.of(new Server(section, builder.build(), Set.copyOf(known)));
  }

  private static ReleaseMode release(Section section) {
    if (!section.has("release")) {
      section.warning(
          "release",
          "is left out: a Disconnect-Request for a client of this server is refused. Give"
              + " relayed-release, which every DHCPv6 server knows, release-request, auto, or none"
              + " to say so.");
    }
    return section.value("release", Form.oneOf(ReleaseMode.class), ReleaseMode.NONE);
  }

  private static void checkCarrier(Section section, OptionCarrier carry, List<AttributeId> known) {
    if (!known.isEmpty() && carry != OptionCarrier.NONE) {
      section.warning(
          "known-attributes",
          "has no effect: it is for carry-options: none, when the server reads its own data.");
    }
    if (section.has("rsoo-options") && carry != OptionCarrier.RSOO) {
      section.warning("rsoo-options", "has no effect: it is for carry-options: rsoo.");
    }
  }
}
