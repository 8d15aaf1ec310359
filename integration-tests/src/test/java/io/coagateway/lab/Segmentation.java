package io.coagateway.lab;

/**
 * Whether captures show each datagram. What a program hands to the kernel in one piece, to be cut
 * (UDP_SEGMENT, udp(7)), loopback carries uncut, and a capture there shows one long datagram.
 */
public final class Segmentation {
  private static boolean switchedOff;

  private Segmentation() {}

  /**
   * From now on, and until the tests end, the kernel cuts before a capture on {@code lo} of the
   * tests' own namespace sees it. Namespaces of a lab are made so.
   */
  public static synchronized void beforeCaptures() {
    if (switchedOff || Machine.find("ethtool").isEmpty() || !Machine.isRoot()) {
      return;
    }
    switchedOff = true;
    if (Command.run(Place.HERE, "ethtool", "-k", "lo").out().contains("tx-udp-segmentation: on")) {
      set(Place.HERE, "off").orFail();
      Runtime.getRuntime().addShutdownHook(new Thread(() -> set(Place.HERE, "on")));
    }
  }

  /** {@code on}, as a new namespace has it, or {@code off}. */
  static Command.Result set(Place place, String state) {
    return Command.run(place, "ethtool", "-K", "lo", "tx-udp-segmentation", state);
  }
}
