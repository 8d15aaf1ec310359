package io.coagateway.leasequery;

import io.coagateway.relay.DatagramPort;
import io.coagateway.wire.Octets;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** Where queries leave, in tests: keeps them, and to whom each went. */
final class SentQueries implements DatagramPort {
  private final List<Octets> queries = new ArrayList<>();
  private final List<InetSocketAddress> servers = new ArrayList<>();
  private int flushed;

  List<Octets> queries() {
    return queries;
  }

  /** Whom each went to. */
  List<InetSocketAddress> servers() {
    return servers;
  }

  @Override
  public void send(Octets datagram, InetSocketAddress server) {
    queries.add(datagram);
    servers.add(server);
  }

  /** How many of them have left. */
  int flushed() {
    return flushed;
  }

  @Override
  public void flush() {
    flushed = queries.size();
  }

  @Override
  public InetSocketAddress local() {
    return new InetSocketAddress("::", 546);
  }
}
