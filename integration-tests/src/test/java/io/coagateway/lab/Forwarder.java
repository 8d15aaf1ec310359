package io.coagateway.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A bad network between a client and a server: forwards UDP datagrams both ways, and loses, delays,
 * duplicates and so reorders some of them. The same seed makes the same decisions for the same
 * sequence of datagrams.
 */
public final class Forwarder implements AutoCloseable {
  /**
   * How bad it is, each way.
   *
   * @param loss how many of all datagrams are lost, 0 to 1
   * @param duplication how many come twice, 0 to 1
   * @param corruption how many have one bit turned over, 0 to 1, with a checksum that is right
   *     again: what a broken box on the way does
   * @param delayMillis how long one takes at most; each draws its own delay, hence reordering
   */
  public record Weather(double loss, double duplication, double corruption, int delayMillis) {
    /** Whatever arrives is as it was sent. */
    public Weather(double loss, double duplication, int delayMillis) {
      this(loss, duplication, 0, delayMillis);
    }
  }

  private record Flight(
      long due, long order, DatagramChannel from, InetSocketAddress to, ByteBuffer octets) {}

  private final Selector selector;
  private final DatagramChannel listening;
  private final InetSocketAddress server;
  private final Weather weather;
  private final Random random;
  private final Map<InetSocketAddress, DatagramChannel> towardsServer = new HashMap<>();
  private final PriorityQueue<Flight> flights =
      new PriorityQueue<>(Comparator.comparingLong(Flight::due).thenComparingLong(Flight::order));
  private final AtomicLong lost = new AtomicLong();
  private final AtomicLong duplicated = new AtomicLong();
  private final AtomicLong corrupted = new AtomicLong();
  private final AtomicLong forwarded = new AtomicLong();
  private final Thread thread;
  private long order;
  private volatile boolean closed;

  private Forwarder(InetSocketAddress server, Weather weather, long seed) throws IOException {
    this.server = server;
    this.weather = weather;
    this.random = new Random(seed);
    this.selector = Selector.open();
    this.listening = DatagramChannel.open();
    listening.bind(new InetSocketAddress(loopback(), 0));
    listening.configureBlocking(false).register(selector, SelectionKey.OP_READ);
    thread = new Thread(this::forward, "forwarder");
    thread.setDaemon(true);
    thread.start();
  }

  /** Forwards from a free port of ::1 to a port of ::1. */
  public static Forwarder to(Lab lab, int serverPort, Weather weather, long seed) {
    try {
      InetSocketAddress server = new InetSocketAddress(loopback(), serverPort);
      return lab.add(new Forwarder(server, weather, seed));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The port it listens on. */
  public int port() {
    return listening.socket().getLocalPort();
  }

  /** How many datagrams were lost. */
  public long lost() {
    return lost.get();
  }

  /** How many were doubled. */
  public long duplicated() {
    return duplicated.get();
  }

  /** How many had a bit turned over. */
  public long corrupted() {
    return corrupted.get();
  }

  /** How many arrived, doubles included. */
  public long forwarded() {
    return forwarded.get();
  }

  @Override
  public void close() throws IOException {
    closed = true;
    selector.wakeup();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    for (DatagramChannel channel : towardsServer.values()) {
      channel.close();
    }
    listening.close();
    selector.close();
  }

  private static InetAddress loopback() throws UnknownHostException {
    byte[] octets = new byte[16];
    octets[15] = 1;
    return InetAddress.getByAddress(octets);
  }

  private void forward() {
    try {
      while (!closed) {
        Flight next = flights.peek();
        if (next == null) {
          selector.select();
        } else {
          long wait = next.due() - System.nanoTime();
          if (wait > 0) {
            selector.select(Math.max(1, wait / 1_000_000));
          } else {
            selector.selectNow();
          }
        }
        selector.selectedKeys().clear();
        takeOff();
        land();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("The forwarder cannot go on", e);
    }
  }

  private void takeOff() throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(65536);
    for (InetSocketAddress client = receive(listening, buffer);
        client != null;
        client = receive(listening, buffer)) {
      DatagramChannel out = towardsServer.get(client);
      if (out == null) {
        out = DatagramChannel.open();
        out.bind(new InetSocketAddress(loopback(), 0));
        out.configureBlocking(false).register(selector, SelectionKey.OP_READ);
        towardsServer.put(client, out);
      }
      decide(out, server, buffer);
    }
    for (Map.Entry<InetSocketAddress, DatagramChannel> entry : towardsServer.entrySet()) {
      while (receive(entry.getValue(), buffer) != null) {
        decide(listening, entry.getKey(), buffer);
      }
    }
  }

  private static InetSocketAddress receive(DatagramChannel channel, ByteBuffer buffer)
      throws IOException {
    buffer.clear();
    return (InetSocketAddress) channel.receive(buffer);
  }

  private void decide(DatagramChannel from, InetSocketAddress to, ByteBuffer buffer) {
    ByteBuffer octets = ByteBuffer.allocate(buffer.flip().remaining()).put(buffer).flip();
    if (random.nextDouble() < weather.loss()) {
      lost.incrementAndGet();
      return;
    }
    if (weather.corruption() > 0 && random.nextDouble() < weather.corruption()) {
      corrupted.incrementAndGet();
      int at = random.nextInt(octets.limit());
      octets.put(at, (byte) (octets.get(at) ^ (1 << random.nextInt(8))));
    }
    int copies = 1;
    if (random.nextDouble() < weather.duplication()) {
      duplicated.incrementAndGet();
      copies = 2;
    }
    for (int i = 0; i < copies; i++) {
      long delay = (long) (random.nextDouble() * weather.delayMillis() * 1_000_000);
      flights.add(new Flight(System.nanoTime() + delay, order++, from, to, octets.duplicate()));
    }
  }

  private void land() throws IOException {
    while (!flights.isEmpty() && flights.peek().due() <= System.nanoTime()) {
      Flight flight = flights.remove();
      flight.from().send(flight.octets(), flight.to());
      forwarded.incrementAndGet();
    }
  }
}
