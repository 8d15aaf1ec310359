package io.coagateway.learn;

import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.subscriber.RecordEdit;
import io.coagateway.subscriber.SubscriberRecord;
import io.coagateway.vectors.Vector;
import io.coagateway.vectors.VectorFile;
import io.coagateway.wire.Ipv6Address;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * What real clients, relays and servers have said, in its order
 * (integration-tests/capture-vectors).
 */
class RealPeersTest {
  private static final Instant NOW = Instant.parse("2026-11-21T20:00:00Z");
  private static final Ipv6Address ANYBODY = Ipv6Address.parse("2001:db8::1");

  private final Map<String, SubscriberRecord> records = new TreeMap<>();
  private final List<String> told = new ArrayList<>();
  private final BindingMerge merge = new BindingMerge("");
  private final BindingLearner learner =
      new BindingLearner(LearnParameters.DEFAULT, address -> true, this::apply, LearnObserver.NONE);

  private void apply(BindingChange change) {
    RecordEdit.Changes changes =
        merge
            .merge(
                records.values().stream()
                    .filter(record -> record.duid().equals(change.client().duid()))
                    .toList(),
                change)
            .changes();
    changes.put().forEach(record -> records.put(record.id(), record));
    changes.removed().forEach(record -> records.remove(record.id()));
    changes.put().forEach(record -> told.add(leases(record)));
    changes.removed().forEach(record -> told.add("removed"));
  }

  private static String leases(SubscriberRecord record) {
    return record.ias().stream()
        .map(ia -> ia.type() + " " + ia.leaseText(ia.leases().get(0)))
        .reduce("", (a, b) -> a.isEmpty() ? b : a + ", " + b);
  }

  private void show(String file) {
    Instant at = NOW;
    for (Vector vector : VectorFile.file("captured/" + file)) {
      at = at.plusSeconds(2);
      learner.datagram(vector.hex("message"), ANYBODY, at);
    }
  }

  @Test
  void dhclientBehindDhcrelayGetsItsLeasesFromKeaAndReleasesThem() {
    show("dhclient-kea.txt");
    assertThat(told)
        .containsExactly("IA_NA 2001:db8:0:7::1000, IA_PD 2001:db8:4200::/56", "removed");
  }

  @Test
  void dhcpdsRepliesAreUnderstood() {
    show("dhclient-isc.txt");
    assertThat(told).isNotEmpty();
    SubscriberRecord record = records.values().iterator().next();
    assertThat(record.duid()).hasToString("0003000102005e100007");
    assertThat(record.serverDuid()).isPresent();
    assertThat(record.interfaceId()).isPresent();
  }

  @Test
  void dnsmasqsRepliesAreUnderstood() {
    show("dhclient-dnsmasq.txt");
    assertThat(told).first().isEqualTo("IA_NA 2001:db8:0:7::17c2");
  }

  @Test
  void messagesWithoutRelayTeachNothing() {
    show("dibbler-dibbler.txt"); // client and server on one link
    assertThat(records).isEmpty();
  }
}
