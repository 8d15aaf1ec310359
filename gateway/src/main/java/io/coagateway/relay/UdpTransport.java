package io.coagateway.relay;

import io.coagateway.dhcpv6.Ports;
import io.coagateway.time.ExecutorTimers;
import io.coagateway.wire.ZonedSocket;
import io.netty.channel.IoEventLoop;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The relay's UDP sockets: one for each address that messages leave from, one for each address that
 * listens for other relays, one that hands RECONFIGUREs on. Opened and closed off the loop; used on
 * it.
 *
 * <p>A server that answers to port 547 only needs an address of the gateway's own, bound to 547
 * with SO_REUSEADDR beside the relay's wildcard socket; on an address that the relay uses too this
 * would take the relay's answers away, and {@link RelayNeighbour} objects.
 */
public final class UdpTransport implements RelayAgent.Ports, AutoCloseable {
  private static final int MIN_DATAGRAM = 4096;

  /**
   * What makes sockets different.
   *
   * @param at the address to bind, in its zone
   * @param multicastInterface where multicast leaves; empty: the system's choice
   */
  private record Key(ZonedSocket at, Optional<String> multicastInterface) {
    static Key of(InetSocketAddress address, Optional<String> multicastInterface) {
      return new Key(ZonedSocket.of(address), multicastInterface);
    }

    InetSocketAddress address() {
      return at.address();
    }
  }

  /** The ports that some settings call for, and where servers without a bind are asked from. */
  private record Wanted(Set<Key> ports, List<InetSocketAddress> binds) {}

  private final IoEventLoop loop;

  /**
   * The loop takes this lock too, so it is never held while the loop is waited for. It guards the
   * map and what is {@link #wanted}.
   */
  private final Map<Key, UdpPort> ports = new HashMap<>();

  private final Map<ZonedSocket, UdpPort> listening = new HashMap<>();
  private final UdpPort deliveryPort;
  private final LinkDelivery delivery;
  private final Set<Key> newPorts = new HashSet<>();
  private final Set<ZonedSocket> newListening = new HashSet<>();
  private Wanted wanted = new Wanted(Set.of(), List.of());
  private Wanted inForce = wanted;
  private Optional<DatagramReceiver> receiver = Optional.empty();

  private UdpTransport(IoEventLoop loop) throws IOException {
    this.loop = loop;
    deliveryPort =
        open(
            Key.of(new InetSocketAddress("::", 0), Optional.empty()),
            MIN_DATAGRAM,
            "Is there IPv6 on this machine?");
    delivery = new LinkDelivery(deliveryPort, new ExecutorTimers(loop), LinkDelivery.here());
  }

  /**
   * Opens all sockets that {@code parameters} call for. Nothing is read before {@link #start}.
   *
   * @param loop the gateway loop; must not be the calling thread
   * @throws IOException naming the address that could not be bound, and why; nothing stays open
   */
  public static UdpTransport open(IoEventLoop loop, RelayParameters parameters) throws IOException {
    UdpTransport transport = new UdpTransport(loop);
    try {
      transport.prepare(parameters);
      return transport;
    } catch (IOException e) {
      transport.close();
      throw e;
    }
  }

  /**
   * Opens what changed settings need beside what is open. Must not be called on the loop; before
   * {@link RelayAgent#reload}, which {@link #takeOver} or {@link #discard} follows. Other relays
   * are not heard at new addresses until then: who may send there is for the new settings to say.
   *
   * @throws IOException naming the address that could not be bound; what was open stays so, what
   *     was opened now is closed
   */
  public synchronized void prepare(RelayParameters parameters) throws IOException {
    want(parameters); // first: what is open and wanted is not closed meanwhile
    try {
      openMissing(parameters);
    } catch (IOException e) {
      discard();
      throw e;
    }
  }

  private void openMissing(RelayParameters parameters) throws IOException {
    int largest = Math.max(MIN_DATAGRAM, parameters.maxMessageSize());
    RelayNeighbour neighbour = RelayNeighbour.here();
    for (DhcpServer server : parameters.servers()) {
      Key key = keyOf(server, parameters.bind());
      if (!isOpen(key)) {
        Optional<String> objection = neighbour.objection(key.address(), server);
        if (objection.isPresent()) {
          throw new IOException(objection.get());
        }
        UdpPort port =
            open(key, largest, "Look at dhcpv6.bind and at bind of each of dhcpv6.servers");
        receiver.ifPresent(r -> port.start(r, false));
        synchronized (ports) {
          ports.put(key, port);
        }
        newPorts.add(key);
      }
    }
    for (InetSocketAddress address : parameters.forwarding().listen()) {
      Key key = Key.of(address, Optional.empty());
      if (!listening.containsKey(key.at())) {
        listening.put(
            key.at(), open(key, largest, "Look at dhcpv6.forward-from-other-relays.listen"));
        newListening.add(key.at());
      }
    }
  }

  /** What was prepared is in force: other relays are heard at its addresses, too. */
  public synchronized void takeOver() {
    receiver.ifPresent(to -> newListening.forEach(a -> listening.get(a).start(to, true)));
    newListening.clear();
    newPorts.clear();
    synchronized (ports) {
      inForce = wanted;
    }
  }

  /**
   * What was prepared is not wanted: closes what was opened for it alone. What was open, and wanted
   * by it again, goes with {@link RelayAgent#notReloaded}.
   */
  public synchronized void discard() {
    newListening.forEach(address -> listening.remove(address).close());
    List<UdpPort> unwanted = new ArrayList<>(newPorts.size());
    synchronized (ports) {
      newPorts.forEach(key -> unwanted.add(ports.remove(key)));
      wanted = inForce;
    }
    unwanted.forEach(UdpPort::close);
    newListening.clear();
    newPorts.clear();
  }

  private void want(RelayParameters parameters) {
    Set<Key> keys = new HashSet<>();
    parameters.servers().forEach(server -> keys.add(keyOf(server, parameters.bind())));
    synchronized (ports) {
      wanted = new Wanted(keys, parameters.bind());
    }
  }

  private boolean isOpen(Key key) {
    synchronized (ports) {
      return ports.containsKey(key);
    }
  }

  @Override
  public void closeUnused(Set<DatagramPort> inUse) {
    synchronized (ports) {
      for (Iterator<Map.Entry<Key, UdpPort>> i = ports.entrySet().iterator(); i.hasNext(); ) {
        Map.Entry<Key, UdpPort> open = i.next();
        if (!wanted.ports().contains(open.getKey()) && !inUse.contains(open.getValue())) {
          open.getValue().closeOnLoop();
          i.remove();
        }
      }
    }
  }

  /** Closes what no longer listens for other relays; after {@link RelayAgent#reload}. */
  public synchronized void closeListeners(RelayParameters parameters) {
    Set<ZonedSocket> used = new HashSet<>();
    parameters.forwarding().listen().forEach(address -> used.add(ZonedSocket.of(address)));
    for (Iterator<Map.Entry<ZonedSocket, UdpPort>> i = listening.entrySet().iterator();
        i.hasNext(); ) {
      Map.Entry<ZonedSocket, UdpPort> open = i.next();
      if (!used.contains(open.getKey())) {
        open.getValue().close();
        i.remove();
      }
    }
  }

  /** Where other relays are heard, as the system has bound it. */
  synchronized List<InetSocketAddress> listening() {
    return listening.values().stream().map(UdpPort::local).toList();
  }

  /** Starts to read; {@code to} is called on the loop. */
  public synchronized void start(DatagramReceiver to) {
    receiver = Optional.of(to);
    synchronized (ports) {
      ports.values().forEach(port -> port.start(to, false));
    }
    takeOver();
    deliveryPort.drain(); // only to empty it: nobody answers there
  }

  @Override
  public DatagramPort portFor(DhcpServer server) {
    synchronized (ports) {
      UdpPort port = ports.get(keyOf(server, wanted.binds()));
      if (port == null) {
        throw new IllegalStateException("no socket was opened for server " + server.name());
      }
      return port;
    }
  }

  /** Hands RECONFIGUREs on, from a socket of its own. */
  public ClientDelivery delivery() {
    return delivery;
  }

  @Override
  public synchronized void close() {
    List<UdpPort> open;
    synchronized (ports) {
      open = List.copyOf(ports.values());
      ports.clear();
    }
    open.forEach(UdpPort::close);
    listening.values().forEach(UdpPort::close);
    deliveryPort.close();
    listening.clear();
  }

  private static Key keyOf(DhcpServer server, List<InetSocketAddress> binds) {
    InetSocketAddress address = server.bind().orElseGet(() -> defaultBind(server, binds));
    return Key.of(address, server.isMulticast() ? interfaceOf(server) : Optional.empty());
  }

  /** The first bind that can reach the server: link-local ones reach only their own link. */
  private static InetSocketAddress defaultBind(DhcpServer server, List<InetSocketAddress> binds) {
    boolean linkLocal = server.address().getAddress().isLinkLocalAddress();
    for (InetSocketAddress bind : binds) {
      if (bind.getAddress().isAnyLocalAddress()
          || bind.getAddress().isLinkLocalAddress() == linkLocal) {
        return bind;
      }
    }
    return binds.isEmpty() ? new InetSocketAddress("::", 0) : binds.get(0);
  }

  private static Optional<String> interfaceOf(DhcpServer server) {
    return server.address().getAddress() instanceof Inet6Address address
            && address.getScopedInterface() != null
        ? Optional.of(address.getScopedInterface().getName())
        : Optional.empty();
  }

  /**
   * @param cure for whoever has to make it possible
   */
  private UdpPort open(Key key, int largestDatagram, String cure) throws IOException {
    UdpPort.Settings settings =
        new UdpPort.Settings(
            key.address(),
            largestDatagram,
            key.address().getPort() == Ports.SERVER, // beside the relay's own
            key.multicastInterface());
    try {
      return UdpPort.open(loop, settings);
    } catch (IOException e) {
      throw new IOException(e.getMessage() + ". " + cure, e);
    }
  }
}
