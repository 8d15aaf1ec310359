package io.coagateway.listen;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;

/** Why an address could not be listened on, and what the operator can do. */
public final class ListenFailure {
  private ListenFailure() {}

  /**
   * One sentence and a cure.
   *
   * @param address what could not be opened
   * @param text the address as the operator wrote it, and its transport where that is no UDP
   * @param cause what the system said
   * @param setting the key of the configuration that has the address
   */
  public static String message(
      InetSocketAddress address, String text, Throwable cause, String setting) {
    return "Cannot listen on "
        + text
        + ": "
        + cure(address, String.valueOf(cause.getMessage()))
        + " "
        + setting;
  }

  /** By the system's words: epoll's exceptions and those of Java have no class in common. */
  private static String cure(InetSocketAddress address, String why) {
    if (why.contains("Cannot assign") || isElsewhere(address.getAddress())) {
      return "this machine has no such address. Give one of `ip addr`, or [::], in";
    }
    if (why.contains("ermission denied")) {
      return why + ". A port below 1024 takes root or CAP_NET_BIND_SERVICE; give another in";
    }
    return why + ". Stop the program that uses it, or change";
  }

  private static boolean isElsewhere(InetAddress address) {
    try {
      return !address.isAnyLocalAddress() && NetworkInterface.getByInetAddress(address) == null;
    } catch (SocketException e) {
      return false; // nobody knows
    }
  }
}
