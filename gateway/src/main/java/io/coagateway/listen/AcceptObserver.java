package io.coagateway.listen;

import java.net.SocketAddress;

/** Told of connections that nobody takes. */
@FunctionalInterface
public interface AcceptObserver {
  /**
   * A connection waits in the kernel and could not be accepted, most often because the process has
   * no file descriptor left; it is tried again in a second. On the listener's event loop.
   *
   * @param listener where it waits
   * @param why in the system's words
   */
  void notAccepted(SocketAddress listener, String why);

  /** This one and that one, this one first. */
  default AcceptObserver and(AcceptObserver that) {
    return (listener, why) -> {
      notAccepted(listener, why);
      that.notAccepted(listener, why);
    };
  }
}
