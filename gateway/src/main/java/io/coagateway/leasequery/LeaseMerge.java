package io.coagateway.leasequery;

import io.coagateway.subscriber.IdentityAssociation;
import io.coagateway.subscriber.RecordEdit;
import io.coagateway.subscriber.RecordNames;
import io.coagateway.subscriber.SubscriberRecord;
import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.Ipv6Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a server's word makes of the records of a client: leases are added, what is unknown is
 * filled in, nothing is taken away or overwritten. A record that was learned from traffic or
 * written by the relay knows more than a leasequery does.
 *
 * <p>Leases that no identity association of the record holds go into one without IAID, which is the
 * mark that a release must not guess ({@code without-iaid} in conf/gateway.yaml).
 */
final class LeaseMerge implements RecordEdit {
  private final String nas;
  private final LeasedClient client;
  private final Optional<Ipv6Address> askedLink;

  /**
   * @param nas of new records
   * @param askedLink the link that was asked for, where the server says nothing of a relay
   */
  LeaseMerge(String nas, LeasedClient client, Optional<Ipv6Address> askedLink) {
    this.nas = nas;
    this.client = client;
    this.askedLink = askedLink;
  }

  @Override
  public Changes apply(List<SubscriberRecord> there) {
    return merge(there).map(Changes::put).orElse(Changes.NONE);
  }

  /** The client's record as it shall be; empty when nobody knows which, or where. */
  Optional<SubscriberRecord> merge(List<SubscriberRecord> there) {
    Optional<Ipv6Address> link = client.link().or(() -> askedLink);
    List<SubscriberRecord> meant = new ArrayList<>(1);
    for (SubscriberRecord record : there) {
      if (isMeant(record, link)) {
        meant.add(record);
      }
    }
    if (meant.size() == 1) {
      return Optional.of(merged(meant.get(0)));
    }
    if (!meant.isEmpty() || link.isEmpty()) {
      return Optional.empty();
    }
    String id = idOn(link.get());
    return there.stream().anyMatch(record -> record.id().equals(id))
        ? Optional.empty() // named after a place where it is not
        : Optional.of(merged(SubscriberRecord.builder(nas, id, client.duid(), link.get()).build()));
  }

  private boolean isMeant(SubscriberRecord record, Optional<Ipv6Address> link) {
    return link.map(record.linkAddress()::equals).orElse(true)
        && record.mayBeOn(client.interfaceId());
  }

  /** As the learner names what it learns, so that both mean one record. */
  private String idOn(Ipv6Address link) {
    return RecordNames.ofPlace(client.duid(), link, client.interfaceId());
  }

  private SubscriberRecord merged(SubscriberRecord before) {
    List<IdentityAssociation> ias = new ArrayList<>(before.ias());
    add(ias, IdentityAssociation.Type.IA_NA, client.addresses());
    add(ias, IdentityAssociation.Type.IA_PD, client.prefixes());
    SubscriberRecord.Builder after = before.toBuilder().ias(ias);
    if (before.serverDuid().isEmpty()) {
      after.serverDuid(client.server());
    }
    if (before.peerAddress().isEmpty()) {
      client.peer().ifPresent(after::peerAddress);
    }
    if (before.interfaceId().isEmpty()) {
      client.interfaceId().ifPresent(after::interfaceId);
    }
    if (before.remoteId().isEmpty()) {
      client.remoteId().ifPresent(after::remoteId);
    }
    if (before.subscriberId().isEmpty()) {
      client.subscriberId().ifPresent(after::subscriberId);
    }
    return after.build();
  }

  private static void add(
      List<IdentityAssociation> ias, IdentityAssociation.Type type, List<Ipv6Prefix> leases) {
    List<Ipv6Prefix> fresh = new ArrayList<>();
    for (Ipv6Prefix lease : leases) {
      boolean known =
          fresh.contains(lease) || ias.stream().anyMatch(ia -> ia.leases().contains(lease));
      if (!known) {
        fresh.add(lease);
      }
    }
    if (fresh.isEmpty()) {
      return;
    }
    for (int i = 0; i < ias.size(); i++) {
      IdentityAssociation ia = ias.get(i);
      if (ia.type() == type && ia.iaid().isEmpty() && ia.validUntil().isEmpty()) {
        List<Ipv6Prefix> all = new ArrayList<>(ia.leases());
        all.addAll(fresh);
        ias.set(i, new IdentityAssociation(type, OptionalLong.empty(), all));
        return;
      }
    }
    ias.add(new IdentityAssociation(type, OptionalLong.empty(), fresh));
  }
}
