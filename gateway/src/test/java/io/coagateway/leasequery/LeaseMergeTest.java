package io.coagateway.leasequery;

import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.dhcpv6.Duid;
import io.coagateway.dhcpv6.RemoteIdOption;
import io.coagateway.subscriber.IdentityAssociation;
import io.coagateway.subscriber.SubscriberRecord;
import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.Ipv6Prefix;
import io.coagateway.wire.Octets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What a server's word adds to what is known, and what it leaves alone. */
class LeaseMergeTest {
  private static final Duid CLIENT = Duid.ofHex("0003000102005e100007");
  private static final Duid SERVER = Duid.ofHex("0003000102005e0000aa");
  private static final Duid OTHER = Duid.ofHex("0003000102005e0000ab");
  private static final Ipv6Address LINK = Ipv6Address.parse("2001:db8:0:7::1");
  private static final Ipv6Address ELSEWHERE = Ipv6Address.parse("2001:db8:0:8::1");
  private static final Ipv6Address PEER = Ipv6Address.parse("fe80::7");
  private static final Octets LINE = Octets.ofUtf8("1/1/7");
  private static final RemoteIdOption REMOTE = new RemoteIdOption(9, Octets.ofUtf8("line-7"));
  private static final Octets SUBSCRIBER = Octets.ofUtf8("alice");
  private static final Ipv6Prefix ADDRESS = Ipv6Prefix.parse("2001:db8:0:7::1000/128");
  private static final Ipv6Prefix SECOND = Ipv6Prefix.parse("2001:db8:0:7::2000/128");
  private static final Ipv6Prefix PREFIX = Ipv6Prefix.parse("2001:db8:4200::/56");
  private static final IdentityAssociation.Type NA = IdentityAssociation.Type.IA_NA;
  private static final IdentityAssociation.Type PD = IdentityAssociation.Type.IA_PD;

  private static LeasedClient leased(Optional<Ipv6Address> link, Optional<Octets> line) {
    return new LeasedClient(
        CLIENT,
        SERVER,
        link,
        Optional.of(PEER),
        line,
        Optional.of(REMOTE),
        Optional.of(SUBSCRIBER),
        List.of(ADDRESS, SECOND),
        List.of(PREFIX));
  }

  private static Optional<SubscriberRecord> merge(
      LeasedClient told, Optional<Ipv6Address> asked, SubscriberRecord... there) {
    return new LeaseMerge("nas1", told, asked).merge(List.of(there));
  }

  private static IdentityAssociation unnumbered(
      IdentityAssociation.Type type, Ipv6Prefix... leases) {
    return new IdentityAssociation(type, OptionalLong.empty(), List.of(leases));
  }

  private static SubscriberRecord.Builder record(String id, Ipv6Address link) {
    return SubscriberRecord.builder("nas1", id, CLIENT, link);
  }

  @Test
  void aClientThatNobodyKnewGetsARecordWithAllThatIsTold() {
    SubscriberRecord made =
        merge(leased(Optional.of(LINK), Optional.of(LINE)), Optional.empty()).orElseThrow();

    assertThat(made)
        .isEqualTo(
            record("0003000102005e100007@2001:db8:0:7::1/1/1/7", LINK)
                .serverDuid(SERVER)
                .peerAddress(PEER)
                .interfaceId(LINE)
                .remoteId(REMOTE)
                .subscriberId(SUBSCRIBER)
                .ia(unnumbered(NA, ADDRESS, SECOND))
                .ia(unnumbered(PD, PREFIX))
                .build());
    assertThat(merge(leased(Optional.of(LINK), Optional.of(LINE)), Optional.empty(), made))
        .as("and once more")
        .contains(made);
  }

  @Test
  void whatIsKnownStays() {
    SubscriberRecord known =
        record("alice", LINK)
            .serverDuid(OTHER)
            .peerAddress(Ipv6Address.parse("fe80::8"))
            .interfaceId(LINE)
            .remoteId(new RemoteIdOption(9, Octets.ofUtf8("line-8")))
            .subscriberId(Octets.ofUtf8("bob"))
            .ia(
                new IdentityAssociation(
                    NA, OptionalLong.of(1), List.of(ADDRESS, SECOND), List.of()))
            .ia(new IdentityAssociation(PD, OptionalLong.of(1), List.of(PREFIX)))
            .build();
    assertThat(merge(leased(Optional.of(LINK), Optional.of(LINE)), Optional.empty(), known))
        .contains(known);
  }

  @Test
  void freshLeasesGoWithThoseWhoseIaidNobodyKnows() {
    Instant end = Instant.parse("2026-11-21T20:00:00Z");
    IdentityAssociation ending =
        new IdentityAssociation(NA, OptionalLong.empty(), List.of(SECOND), List.of(end));
    for (IdentityAssociation other :
        List.of(ending, new IdentityAssociation(NA, OptionalLong.of(1), List.of(SECOND)))) {
      assertThat(
              merge(
                      leased(Optional.of(LINK), Optional.empty()),
                      Optional.empty(),
                      record("alice", LINK).ia(other).build())
                  .orElseThrow()
                  .ias())
          .containsExactly(other, unnumbered(NA, ADDRESS), unnumbered(PD, PREFIX));
    }
    assertThat(
            merge(
                    leased(Optional.of(LINK), Optional.empty()),
                    Optional.empty(),
                    record("alice", LINK).ia(unnumbered(PD)).ia(unnumbered(NA, SECOND)).build())
                .orElseThrow()
                .ias())
        .containsExactly(unnumbered(PD, PREFIX), unnumbered(NA, SECOND, ADDRESS));
  }

  @Test
  void theRecordIsTheOneOfTheLinkAndTheLine() {
    SubscriberRecord here = record("here", LINK).interfaceId(LINE).build();
    SubscriberRecord next = record("next", LINK).interfaceId(Octets.ofUtf8("1/1/8")).build();
    SubscriberRecord there = record("there", ELSEWHERE).build();

    assertThat(
            merge(
                leased(Optional.of(LINK), Optional.of(LINE)),
                Optional.of(ELSEWHERE),
                next,
                there,
                here))
        .map(SubscriberRecord::id)
        .contains("here");
    assertThat(merge(leased(Optional.empty(), Optional.of(LINE)), Optional.of(LINK), there, here))
        .map(SubscriberRecord::id)
        .contains("here");
    assertThat(merge(leased(Optional.empty(), Optional.empty()), Optional.empty(), there))
        .map(SubscriberRecord::id)
        .contains("there");
    assertThat(merge(leased(Optional.of(LINK), Optional.empty()), Optional.empty(), here, next))
        .as("two could be it")
        .isEmpty();
    assertThat(merge(leased(Optional.empty(), Optional.of(LINE)), Optional.empty()))
        .as("nobody knows where it is")
        .isEmpty();
  }

  @Test
  void aNameThatARecordElsewhereHasIsNotTaken() {
    SubscriberRecord elsewhere =
        record("0003000102005e100007@2001:db8:0:7::1/1/1/7", ELSEWHERE).build();
    assertThat(merge(leased(Optional.of(LINK), Optional.of(LINE)), Optional.empty(), elsewhere))
        .isEmpty();
  }
}
