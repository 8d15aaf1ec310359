package io.coagateway.radsec;

import io.coagateway.listen.AcceptObserver;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;

/** Told what happens to connections. Called on the event loop. */
public interface TlsObserver extends AcceptObserver {
  /** Observes nothing. */
  TlsObserver NONE =
      new TlsObserver() {
        @Override
        public void connected(ConnectionInfo connection) {}

        @Override
        public void closed(ConnectionInfo connection, CloseReason reason, String detail) {}

        @Override
        public void refused(RefusalReason reason, InetSocketAddress source, String detail) {}

        @Override
        public void notConnected(
            String client, InetSocketAddress server, String detail, Duration retry) {}

        @Override
        public void notAccepted(SocketAddress listener, String why) {}
      };

  /** Both ends know each other; packets may flow. */
  void connected(ConnectionInfo connection);

  /**
   * A connection ended that had been {@link #connected}.
   *
   * @param detail more about it, perhaps empty
   */
  void closed(ConnectionInfo connection, CloseReason reason, String detail);

  /**
   * Nothing came of a connection to us.
   *
   * @param detail more about it, perhaps empty; what others chose is in it
   */
  void refused(RefusalReason reason, InetSocketAddress source, String detail);

  /**
   * A connection that we want to have could not be opened.
   *
   * @param detail why, in the words of whoever found out
   * @param retry when it is tried again
   */
  void notConnected(String client, InetSocketAddress server, String detail, Duration retry);
}
