package io.coagateway.radsec;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Whether open connections are read. While they are not, each one that something comes from stops
 * behind that read; those that are silent, which may be thousands, are not touched. On the event
 * loop only.
 */
final class ReadGate {
  private final Set<TlsConnection> stopped = new HashSet<>();
  private boolean isOpen = true;

  boolean isOpen() {
    return isOpen;
  }

  /** From now on. */
  void set(boolean open) {
    isOpen = open;
    if (open && !stopped.isEmpty()) {
      List<TlsConnection> again = List.copyOf(stopped);
      stopped.clear();
      again.forEach(TlsConnection::regulate);
    }
  }

  /** It is not read until the gate opens. */
  void stopped(TlsConnection connection) {
    stopped.add(connection);
  }

  /** It is gone. */
  void ended(TlsConnection connection) {
    stopped.remove(connection);
  }
}
