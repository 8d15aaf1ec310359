package io.coagateway.das;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The source ports that forged datagrams came from, the first {@value #MOST} of them. A forger with
 * a few sockets is known by these; one who makes up ports is not.
 */
final class ForgingPorts {
  static final int MOST = 256;
  private static final int ALL_PORTS = 1 << 16;

  private long[] seen = new long[0]; // a bit for each port
  private final char[] ports = new char[MOST];
  private int known;
  private boolean more;

  /**
   * A forged datagram came from {@code port}.
   *
   * @return whether the port is a new one among those that are kept
   */
  boolean add(int port) {
    if (seen.length == 0) {
      seen = new long[ALL_PORTS / Long.SIZE];
    }
    if ((seen[port / Long.SIZE] & 1L << port) != 0) {
      return false;
    }
    if (known == MOST) {
      more = true;
      return false;
    }
    seen[port / Long.SIZE] |= 1L << port;
    ports[known++] = (char) port;
    return true;
  }

  /** Whether no other ports than those that are kept were seen. */
  boolean areAll() {
    return !more;
  }

  /** Those that are kept but are not {@code proven}, at most {@code most}. */
  List<Integer> besides(ProvenPorts proven, int most) {
    List<Integer> others = new ArrayList<>();
    for (int i = 0; i < known && others.size() < most; i++) {
      if (!proven.has(ports[i])) {
        others.add((int) ports[i]);
      }
    }
    return others;
  }

  /** None was seen. */
  void clear() {
    if (known > 0) {
      Arrays.fill(seen, 0);
      known = 0;
      more = false;
    }
  }
}
