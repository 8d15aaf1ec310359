package io.coagateway.dynauth;

import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.dhcpv6.Duid;
import io.coagateway.dhcpv6.OptionList;
import io.coagateway.wire.Ipv6Address;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReturnsTest {
  private static final Duid CLIENT = Duid.ofHex("0003000102005e100007");

  private final List<String> told = new ArrayList<>();

  private Returns.Awaiting awaiting(String name) {
    return (link, interfaceId, reply) -> told.add(name);
  }

  private static void comesBack(Returns returns) {
    returns.cameBack(CLIENT, Ipv6Address.UNSPECIFIED, Optional.empty(), OptionList.EMPTY);
  }

  @Test
  void whoeverStillAwaitsAClientIsTold() {
    Returns returns = Returns.seen();
    Returns.Awaiting one = awaiting("one");
    Returns.Awaiting two = awaiting("two");
    returns.await(CLIENT, one);
    returns.await(CLIENT, two);
    assertThat(returns.size()).isOne();

    returns.forget(CLIENT, one);
    comesBack(returns);
    assertThat(told).containsExactly("two");
    returns.forget(CLIENT, one);
    assertThat(returns.size()).isOne();

    returns.forget(CLIENT, two);
    assertThat(returns.size()).isZero();
  }

  @Test
  void whereNobodySeesRepliesNothingIsKept() {
    Returns returns = Returns.unseen();
    Returns.Awaiting one = awaiting("one");
    returns.await(CLIENT, one);
    assertThat(returns.size()).isZero();
    comesBack(returns);
    returns.forget(CLIENT, one);
    assertThat(told).isEmpty();
  }
}
