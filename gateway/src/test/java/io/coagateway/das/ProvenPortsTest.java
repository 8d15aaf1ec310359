package io.coagateway.das;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProvenPortsTest {
  private final ProvenPorts ports = new ProvenPorts();

  @Test
  void theLastOnesAreKnownTheNewestFirst() {
    assertThat(ports.newest(10)).isEmpty();
    List<Integer> all = new ArrayList<>();
    for (int i = 0; i < 5 * ProvenPorts.MOST + 7; i++) {
      int port = 65535 - i;
      assertThat(ports.add(port)).isTrue();
      assertThat(ports.add(port)).isFalse();
      all.add(0, port);
      assertThat(ports.newest(ProvenPorts.MOST))
          .isEqualTo(all.subList(0, Math.min(all.size(), ProvenPorts.MOST)));
      assertThat(ports.newest(3)).isEqualTo(all.subList(0, Math.min(all.size(), 3)));
    }
  }

  @Test
  void portsInTurnAreNotNewEachTime() {
    assertThat(ports.add(1812)).isTrue();
    assertThat(ports.add(0)).isTrue();
    assertThat(ports.add(1812)).isFalse();
    assertThat(ports.add(0)).isFalse();
    assertThat(ports.newest(10)).containsExactly(0, 1812);
  }
}
