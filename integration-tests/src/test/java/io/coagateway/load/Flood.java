package io.coagateway.load;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;

/** Sends packets in turn, as fast as it can or at a rate, and takes no interest in answers. */
final class Flood implements AutoCloseable {
  private static final int PORTS = 16;

  private final byte[][] packets;
  private final DatagramChannel[] channels = new DatagramChannel[PORTS];
  private final int perSecond;
  private final Thread thread;
  private final long begun = System.nanoTime();
  private volatile long sent;
  private volatile boolean closed;

  private Flood(byte[][] packets, byte[] from, int port, int perSecond) throws IOException {
    this.packets = packets;
    this.perSecond = perSecond;
    for (int i = 0; i < PORTS; i++) {
      channels[i] = DatagramChannel.open();
      channels[i].bind(new InetSocketAddress(InetAddress.getByAddress(from), 0));
      channels[i].configureBlocking(false);
      // Not connected: nothing that comes back, ICMP neither, stops it.
    }
    InetSocketAddress target =
        new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port);
    thread = new Thread(() -> run(target), "flood");
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * Begins.
   *
   * @param from four octets, the source address
   * @param perSecond 0: as fast as can be
   */
  static Flood start(byte[][] packets, byte[] from, int port, int perSecond) throws IOException {
    return new Flood(packets, from, port, perSecond);
  }

  private void run(InetSocketAddress target) {
    ByteBuffer[] buffers = new ByteBuffer[packets.length];
    for (int i = 0; i < packets.length; i++) {
      buffers[i] = ByteBuffer.allocateDirect(packets[i].length).put(packets[i]).flip();
    }
    long start = System.nanoTime();
    long count = 0;
    try {
      while (!closed) {
        if (perSecond > 0 && count > (System.nanoTime() - start) / 1e9 * perSecond) {
          Thread.onSpinWait();
          continue;
        }
        ByteBuffer packet = buffers[(int) (count % packets.length)];
        channels[(int) (count / 256 % PORTS)].send(packet.rewind(), target);
        sent = ++count;
      }
    } catch (IOException e) {
      System.out.println("The flood ended: " + e);
    }
  }

  /** How many were sent in each second so far. */
  double perSecond() {
    return sent * 1e9 / (System.nanoTime() - begun);
  }

  @Override
  public void close() throws IOException {
    closed = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    for (DatagramChannel channel : channels) {
      channel.close();
    }
  }
}
