package io.coagateway.listen;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;

/** Why an address could not be listened on, and what the operator can do. */
public final class ListenFailure {
  /** Ports below take a privilege (ip(7), ip_unprivileged_port_start). */
  private static final int PRIVILEGED_END = 1024;

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

  /**
   * By the system's words: epoll's exceptions and those of Java have no class in common. The
   * interfaces are asked only where the words say nothing, since an address can be ours that no
   * interface has: 127.0.0.2, a route of type local, net.ipv4.ip_nonlocal_bind.
   */
  private static String cure(InetSocketAddress address, String why) {
    boolean isDenied = why.contains("ermission denied");
    if (isDenied && address.getPort() < PRIVILEGED_END) {
      return why + ". A port below 1024 takes root or CAP_NET_BIND_SERVICE; give another in";
    }
    if (isDenied) {
      return why + ". Allow it where it is forbidden (like SELinux), or give another in";
    }
    boolean isInUse = why.contains("in use");
    if (why.contains("Cannot assign") || (!isInUse && isElsewhere(address.getAddress()))) {
      return "this machine has no such address. Give one of `ip addr`, or [::], in";
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
