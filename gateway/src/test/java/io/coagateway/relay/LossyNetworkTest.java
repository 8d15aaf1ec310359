package io.coagateway.relay;

import static io.coagateway.relay.RelayLab.client;
import static io.coagateway.relay.RelayLab.listed;
import static io.coagateway.relay.RelayLab.server;
import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.dhcpv6.ClientServerMessage;
import io.coagateway.dhcpv6.Duid;
import io.coagateway.dhcpv6.MessageType;
import io.coagateway.dhcpv6.Option;
import io.coagateway.dhcpv6.OptionList;
import io.coagateway.dhcpv6.StatusCode;
import io.coagateway.wire.Ipv6Address;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many clients, two servers that list every fifth client, and a bad network between. */
class LossyNetworkTest {
  private static final int CLIENTS = 1_500;

  private final RelayLab lab = new RelayLab(server(1).build(), server(2).build());
  private final Map<Integer, List<ExchangeOutcome>> outcomes = new HashMap<>();
  private final Set<Duid> acceptedByAServer = new HashSet<>();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  @DisplayName(
      "20 % loss, duplicates, reordering: each task ends once, and accepted only if a server did")
  void endsEachTaskOnce(long seed) {
    Random random = new Random(seed);
    int dropped = 0;
    for (int i = 0; i < CLIENTS; i++) {
      int number = i;
      Exchange exchange =
          lab.agent.reconfigure(
              lab.task(i, Ipv6Address.parse("2001:db8:" + (1 + i % 3) + "::1"), OptionList.EMPTY),
              outcome -> outcomes.computeIfAbsent(number, n -> new ArrayList<>()).add(outcome));
      if (random.nextInt(50) == 0) {
        dropped++;
        lab.time.after(random.nextInt(2_000_000_000), () -> exchange.drop(DropReason.LEFT_TABLE));
      }
      if (random.nextInt(8) == 0) {
        lab.agent.burstEnd();
        carry(random);
        lab.pass(Duration.ofMillis(random.nextInt(20)));
      }
    }
    for (int i = 0; i < 3_500; i++) {
      carry(random);
      lab.pass(Duration.ofMillis(10));
    }
    assertThat(outcomes).hasSize(CLIENTS);
    int cancelled = 0;
    int accepted = 0;
    for (Map.Entry<Integer, List<ExchangeOutcome>> entry : outcomes.entrySet()) {
      assertThat(entry.getValue()).as("client %d", entry.getKey()).hasSize(1);
      ExchangeOutcome.Kind kind = entry.getValue().get(0).kind();
      boolean lists = entry.getKey() % 5 == 0;
      if (kind == ExchangeOutcome.Kind.ACCEPTED) {
        accepted++;
        assertThat(lists).isFalse();
        assertThat(acceptedByAServer).contains(client(entry.getKey()));
      } else if (kind == ExchangeOutcome.Kind.REFUSED) {
        assertThat(lists).isTrue();
      }
      cancelled += kind == ExchangeOutcome.Kind.CANCELLED ? 1 : 0;
    }
    assertThat(accepted).isGreaterThan(CLIENTS * 7 / 10);
    assertThat(cancelled).isLessThanOrEqualTo(dropped);
    assertThat(lab.agent.inFlight()).isZero();
    assertThat(lab.discarded)
        .extracting(RelayLab.Discarded::reason)
        .containsOnly(ReplyDiscard.LATE);
    assertThat(lab.time.waiting()).as("nothing is left that would fire").isZero();
  }

  /** Takes what was sent to the servers; their answers arrive after a while, in any order. */
  private void carry(Random random) {
    List<RelayLab.Sent> sent = List.copyOf(lab.sent);
    lab.sent.clear();
    for (RelayLab.Sent request : sent) {
      int copies = random.nextInt(5) == 0 ? 0 : random.nextInt(10) == 0 ? 2 : 1;
      for (int copy = 0; copy < copies; copy++) {
        ClientServerMessage answer = answer(request);
        if (random.nextInt(5) != 0) {
          lab.time.after(
              random.nextInt(1_500_000_000), () -> lab.receive(request, answer.encode()));
        }
      }
    }
  }

  private ClientServerMessage answer(RelayLab.Sent request) {
    List<Option> list = new ArrayList<>();
    for (Duid duid : request.clients()) {
      int number = (int) (duid.octets().u32(6) & 0xffff);
      if (number % 5 == 0) {
        list.add(listed(number));
      } else {
        acceptedByAServer.add(duid);
      }
    }
    return RelayLab.answer(
        MessageType.RECONFIGURE_REPLY, request, StatusCode.SUCCESS, list.toArray(Option[]::new));
  }
}
