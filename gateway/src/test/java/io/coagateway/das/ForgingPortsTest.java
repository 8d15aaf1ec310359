package io.coagateway.das;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ForgingPortsTest {
  private final ForgingPorts forging = new ForgingPorts();
  private final ProvenPorts proven = new ProvenPorts();

  @Test
  void aPortIsNewOnce() {
    assertThat(forging.add(65535)).isTrue();
    assertThat(forging.add(0)).isTrue();
    assertThat(forging.add(63)).isTrue();
    assertThat(forging.add(64)).isTrue();
    assertThat(forging.add(65535)).isFalse();
    assertThat(forging.add(0)).isFalse();
    assertThat(forging.areAll()).isTrue();
    assertThat(forging.besides(proven, 10)).containsExactly(65535, 0, 63, 64);
    assertThat(forging.besides(proven, 2)).containsExactly(65535, 0);
  }

  @Test
  void whatTheClientUsesItselfIsNotAmongThem() {
    forging.add(1812);
    forging.add(40000);
    proven.add(1812);
    assertThat(forging.besides(proven, 10)).containsExactly(40000);
  }

  @Test
  void whoMakesUpPortsIsNotKnownByThem() {
    for (int port = 0; port < ForgingPorts.MOST; port++) {
      assertThat(forging.add(port)).isTrue();
      assertThat(forging.areAll()).isTrue();
    }
    assertThat(forging.add(7)).isFalse();
    assertThat(forging.areAll()).isTrue();
    assertThat(forging.add(ForgingPorts.MOST)).isFalse();
    assertThat(forging.areAll()).isFalse();
    assertThat(forging.besides(proven, Integer.MAX_VALUE)).hasSize(ForgingPorts.MOST);

    forging.clear();
    assertThat(forging.areAll()).isTrue();
    assertThat(forging.besides(proven, 10)).isEmpty();
    assertThat(forging.add(7)).isTrue();
  }
}
