package io.coagateway.leasequery;

import io.coagateway.leasequery.MissParameters.Unverified;
import io.coagateway.radius.Attribute;
import io.coagateway.radius.AttributeId;
import io.coagateway.radius.Attributes;
import io.coagateway.subscriber.ClientKey;
import io.coagateway.subscriber.JoinRule;
import io.coagateway.subscriber.SessionAttributes;
import io.coagateway.subscriber.SessionKey;
import io.coagateway.subscriber.SubscriberRecord;
import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.Ipv6Prefix;
import io.coagateway.wire.OctetWriter;
import io.coagateway.wire.Octets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a request says of the session that it means, held against a record that was found another
 * way. RFC 5176 section 3: all identification attributes must match.
 *
 * <pre>
 *   the record's session has the attribute     its value must be among them
 *   the binding can tell (address, prefix,     it must say the same
 *     DUID, Ethernet address)
 *   neither                                    as {@link Unverified} says
 * </pre>
 *
 * <p>The Interface-Id can confirm a NAS-Port-Id and cannot contradict it: a NAS may well spell a
 * line otherwise than the relay.
 */
final class SessionClaim {
  private static final int PREFIX_LENGTH_AT = 16; // in a lease's key
  private static final int WHOLE = 128;
  private static final int NETWORK = 64;

  private final List<SessionKey> keys;
  private final List<AttributeId> duidAttributes;
  private final Unverified unverified;

  /**
   * @param keys what the request identifies the session by
   * @param duidAttributes which attributes hold a DUID
   */
  SessionClaim(List<SessionKey> keys, List<AttributeId> duidAttributes, Unverified unverified) {
    this.keys = List.copyOf(keys);
    this.duidAttributes = List.copyOf(duidAttributes);
    this.unverified = unverified;
  }

  /** By what the table and the servers can be asked for the client, the best first. */
  List<ClientKey> clientKeys() {
    List<ClientKey> found = new ArrayList<>(2);
    List<Attribute> attributes = attributes();
    found.addAll(JoinRule.CLIENT_DUID.keys(attributes, duidAttributes));
    wholeAddress().ifPresent(address -> found.add(ClientKey.lease(new Ipv6Prefix(address, WHOLE))));
    found.addAll(JoinRule.FRAMED_ADDRESS.keys(attributes, duidAttributes));
    found.addAll(JoinRule.DELEGATED_PREFIX.keys(attributes, duidAttributes));
    for (ClientKey key : JoinRule.FRAMED_PREFIX.keys(attributes, duidAttributes)) {
      if (key.kind() == ClientKey.Kind.LEASE) {
        found.add(key); // a /128
      }
    }
    return found.stream().distinct().toList();
  }

  private List<Attribute> attributes() {
    return keys.stream().map(key -> new Attribute(key.attribute(), key.value())).toList();
  }

  /** Framed-IPv6-Prefix, a /64, and Framed-Interface-Id together. */
  private Optional<Ipv6Address> wholeAddress() {
    Optional<Octets> identifier = value(Attributes.FRAMED_INTERFACE_ID);
    Optional<Octets> prefix = value(Attributes.FRAMED_IPV6_PREFIX);
    boolean usable =
        identifier.filter(octets -> octets.length() == 8).isPresent()
            && prefix
                .filter(octets -> octets.length() >= 10 && octets.u8(1) == NETWORK)
                .isPresent();
    return usable
        ? Optional.of(
            Ipv6Address.of(
                new OctetWriter(16)
                    .octets(prefix.get().slice(2, 10))
                    .octets(identifier.get())
                    .toOctets(),
                0))
        : Optional.empty();
  }

  private Optional<Octets> value(AttributeId id) {
    return keys.stream()
        .filter(key -> key.attribute().equals(id))
        .map(SessionKey::value)
        .findFirst();
  }

  /** Why the record is not the one that is meant; empty when it is. */
  Optional<String> objection(SubscriberRecord record) {
    List<ClientKey> binding = ClientKey.of(record);
    List<AttributeId> unknown = new ArrayList<>();
    int confirmed = 0;
    for (SessionKey key : keys) {
      List<Octets> values = record.session().values(key.attribute());
      boolean inSession =
          values.stream().anyMatch(v -> SessionKey.of(key.attribute(), v).equals(key));
      if (!values.isEmpty() && !inSession) {
        return Optional.of("another session has its binding: attribute " + key.attribute());
      }
      List<ClientKey> said = said(key);
      if (said.stream().anyMatch(binding::contains)) {
        confirmed++;
      } else if (!inSession && said.stream().anyMatch(one -> isTold(one, binding))) {
        return Optional.of(
            "client "
                + record.duid()
                + " has the binding, and another value than attribute "
                + key.attribute());
      } else if (!inSession) {
        unknown.add(key.attribute());
      }
    }
    if (confirmed == 0) {
      return Optional.of("nothing of the binding is named");
    }
    return unknown.isEmpty() || unverified == Unverified.BELIEVE
        ? Optional.empty()
        : Optional.of(
            "client "
                + record.duid()
                + " has the binding, but nobody can confirm attribute "
                + unknown.get(0)
                + " (dhcpv6.leasequery.unverified)");
  }

  /** What one attribute says of the binding. */
  private List<ClientKey> said(SessionKey key) {
    if (key.attribute().equals(Attributes.FRAMED_INTERFACE_ID)) {
      return wholeAddress().stream()
          .map(address -> ClientKey.lease(new Ipv6Prefix(address, WHOLE)))
          .toList();
    }
    List<Attribute> one = List.of(new Attribute(key.attribute(), key.value()));
    List<ClientKey> said = new ArrayList<>(1);
    for (JoinRule rule : JoinRule.values()) {
      said.addAll(rule.keys(one, duidAttributes));
    }
    return said;
  }

  /** Whether the binding tells what {@code said} speaks of, so that it is right or wrong. */
  private static boolean isTold(ClientKey said, List<ClientKey> binding) {
    return said.kind() != ClientKey.Kind.INTERFACE_ID
        && binding.stream()
            .anyMatch(one -> one.kind() == said.kind() && isAddress(one) == isAddress(said));
  }

  /** An address rather than a delegated prefix; a client may have either without the other. */
  private static boolean isAddress(ClientKey key) {
    return key.kind() == ClientKey.Kind.LEASE && key.value().u8(PREFIX_LENGTH_AT) == WHOLE;
  }

  /** The record with what the request says of its session. */
  SubscriberRecord entered(SubscriberRecord record) {
    SessionAttributes session = record.session();
    for (SessionKey key : keys) {
      if (session.values(key.attribute()).isEmpty()) {
        session = session.plus(key.attribute(), key.value());
      }
    }
    return record.toBuilder().session(session).build();
  }
}
