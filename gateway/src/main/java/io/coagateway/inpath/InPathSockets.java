package io.coagateway.inpath;

import io.coagateway.relay.DatagramReceiver;
import io.coagateway.relay.UdpPort;
import io.coagateway.wire.ZonedSocket;
import io.netty.channel.IoEventLoop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The UDP sockets in the path, one for each address of {@code in-path.listen}. Opened and closed
 * off the loop.
 *
 * <p>Not shared with another program (no SO_REUSEADDR): a relay on the same machine that listens on
 * any address would answer for the gateway, or the gateway for it.
 */
public final class InPathSockets implements AutoCloseable {
  /** The largest UDP datagram: a relay must not cut what it forwards. */
  private static final int LARGEST_DATAGRAM = 65_535;

  private final IoEventLoop loop;
  private final DatagramReceiver receiver;
  private final Map<ZonedSocket, UdpPort> ports = new LinkedHashMap<>();

  /**
   * @param loop the in-path loop
   * @param receiver is called on it
   */
  public InPathSockets(IoEventLoop loop, DatagramReceiver receiver) {
    this.loop = loop;
    this.receiver = receiver;
  }

  /**
   * Opens what is not open yet, and reads from it.
   *
   * @throws IOException naming the address that could not be bound, and why; what was open before
   *     stays so, what was opened now is closed
   */
  public synchronized void open(List<InetSocketAddress> listen) throws IOException {
    Set<ZonedSocket> opened = new HashSet<>();
    try {
      for (InetSocketAddress address : listen) {
        ZonedSocket zoned = ZonedSocket.of(address);
        if (!ports.containsKey(zoned)) {
          ports.put(zoned, open(address));
          opened.add(zoned);
        }
      }
    } catch (IOException e) {
      close(opened);
      throw e;
    }
    opened.forEach(address -> ports.get(address).start(receiver, true));
  }

  private UdpPort open(InetSocketAddress address) throws IOException {
    try {
      return UdpPort.open(
          loop, new UdpPort.Settings(address, LARGEST_DATAGRAM, false, Optional.empty()));
    } catch (IOException e) {
      throw new IOException(e.getMessage() + ". Look at dhcpv6.in-path.listen", e);
    }
  }

  /** How many are open. */
  synchronized int size() {
    return ports.size();
  }

  /** Closes what the settings in force no longer name. */
  public synchronized void closeAllBut(List<InetSocketAddress> listen) {
    Set<ZonedSocket> unused = new HashSet<>(ports.keySet());
    listen.forEach(address -> unused.remove(ZonedSocket.of(address)));
    close(unused);
  }

  private void close(Set<ZonedSocket> addresses) {
    addresses.forEach(
        address -> Optional.ofNullable(ports.remove(address)).ifPresent(UdpPort::close));
  }

  @Override
  public synchronized void close() {
    close(new HashSet<>(ports.keySet()));
  }
}
