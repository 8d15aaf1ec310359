package io.coagateway.das;

import java.util.HashSet;
import java.util.Set;

/** The sockets that are read, all or none of them. On the loop only. */
final class OpenSockets {
  private final Set<DasSocket> sockets = new HashSet<>();
  private boolean reading = true;

  void add(DasSocket socket) {
    sockets.add(socket);
    socket.read(reading);
  }

  void remove(DasSocket socket) {
    sockets.remove(socket);
  }

  void read(boolean on) {
    reading = on;
    sockets.forEach(socket -> socket.read(on));
  }
}
