package io.coagateway.it;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/** The address ::1. */
final class Loopback {
  private Loopback() {}

  /** A port of ::1; 0: any. */
  static InetSocketAddress port(int port) {
    byte[] octets = new byte[16];
    octets[15] = 1;
    try {
      return new InetSocketAddress(InetAddress.getByAddress(octets), port);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("sixteen octets are an address", e);
    }
  }
}
