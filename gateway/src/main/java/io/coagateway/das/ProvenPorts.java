package io.coagateway.das;

import java.util.ArrayList;
import java.util.List;

/**
 * The source ports from which a client has proven itself: those of its last {@value #MOST} new
 * ones. A forger who does not see the client's traffic does not know them.
 */
final class ProvenPorts {
  static final int MOST = 256;

  private char[] ports = new char[0];
  private int known;
  private int last = -1;

  /**
   * A good request came from {@code port}.
   *
   * @return whether it was not known
   */
  boolean add(int port) {
    if (port == last) {
      return false;
    }
    last = port;
    if (has(port)) {
      return false;
    }
    if (ports.length == 0) {
      ports = new char[MOST];
    }
    ports[known % MOST] = (char) port;
    known = known + 1 < 2 * MOST ? known + 1 : MOST; // the oldest makes room
    return true;
  }

  /** Whether {@code port} is one of them. */
  boolean has(int port) {
    for (int i = 0; i < Math.min(known, MOST); i++) {
      if (ports[i] == port) {
        return true;
      }
    }
    return false;
  }

  /** The newest ones, at most {@code most}. */
  List<Integer> newest(int most) {
    List<Integer> newest = new ArrayList<>();
    for (int i = known - 1; i >= Math.max(0, known - Math.min(most, MOST)); i--) {
      newest.add((int) ports[i % MOST]);
    }
    return newest;
  }
}
