package io.coagateway.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Arrays;
import java.util.List;

/**
 * A dynamic authorization client that asks once for every subscriber, as fast as its window allows,
 * each request with an Identifier of its own: 256 for each source port. What is unanswered after
 * three seconds it sends again, the same octets, like radclient.
 */
public final class Crowd {
  private static final int IDENTIFIERS = 256;
  private static final long REPEAT_NANOS = 3_000_000_000L;
  private static final long PATIENCE_NANOS = 60_000_000_000L;
  private static final int ACK = 44;
  private static final int NAK = 45;

  /**
   * What it saw.
   *
   * @param acknowledged CoA-ACKs, proven
   * @param refused CoA-NAKs, proven
   * @param wrong answers that prove nothing, or come to nobody; an answer to a repeated request may
   *     come twice and is not counted
   * @param unanswered requests without an answer
   * @param repeated requests sent again
   * @param seconds from the first request to the last answer
   * @param sortedMillis how long each answer took, the shortest first
   */
  public record Outcome(
      long acknowledged,
      long refused,
      long wrong,
      long unanswered,
      long repeated,
      double seconds,
      List<Double> sortedMillis) {
    /** The time within which a share (0 to 1) of all answers came, in milliseconds. */
    public double percentile(double share) {
      int at = (int) Math.ceil(share * sortedMillis.size()) - 1;
      return sortedMillis.isEmpty() ? Double.NaN : sortedMillis.get(Math.max(0, at));
    }
  }

  private final InetSocketAddress target;
  private final RadiusOctets octets;

  Crowd(InetSocketAddress target, String secret) {
    this.target = target;
    this.octets = new RadiusOctets(secret);
  }

  /** Asks for everyone and waits for the answers. */
  Outcome ask(Workload workload, int window) throws IOException {
    byte[][] requests = new byte[workload.subscribers()][];
    for (int i = 0; i < requests.length; i++) {
      requests[i] = workload.request(i, i % IDENTIFIERS, i, octets);
    }
    try (Selector selector = Selector.open()) {
      return new Run(requests, window, selector).go();
    }
  }

  private final class Run {
    private final byte[][] requests;
    private final int window;
    private final Selector selector;
    private final DatagramChannel[] channels;
    private final long[] firstSent;
    private final long[] lastSent;
    private final boolean[] answered;
    private final double[] millis;
    private final ByteBuffer in = ByteBuffer.allocate(4096);
    private int next;
    private int finished;
    private long acknowledged;
    private long refused;
    private long wrong;
    private long repeated;

    Run(byte[][] requests, int window, Selector selector) throws IOException {
      this.requests = requests;
      this.window = window;
      this.selector = selector;
      firstSent = new long[requests.length];
      lastSent = new long[requests.length];
      answered = new boolean[requests.length];
      millis = new double[requests.length];
      channels = new DatagramChannel[(requests.length + IDENTIFIERS - 1) / IDENTIFIERS];
      for (int i = 0; i < channels.length; i++) {
        channels[i] = DatagramChannel.open();
        channels[i].setOption(StandardSocketOptions.SO_RCVBUF, 1 << 20);
        channels[i].connect(target);
        channels[i].configureBlocking(false).register(selector, SelectionKey.OP_READ, i);
      }
    }

    Outcome go() throws IOException {
      long start = System.nanoTime();
      long sweep = start;
      long last = start;
      try {
        while (finished < requests.length && System.nanoTime() - start < PATIENCE_NANOS) {
          while (next < requests.length && next - finished < window) {
            firstSent[next] = System.nanoTime();
            send(next++);
          }
          int before = finished;
          selector.select(this::readable, 100);
          long now = System.nanoTime();
          if (finished > before) {
            last = now;
          }
          if (now - sweep > REPEAT_NANOS / 10) {
            sweep = now;
            repeatOverdue(now);
          }
        }
      } finally {
        for (DatagramChannel channel : channels) {
          channel.close();
        }
      }
      List<Double> sorted = Arrays.stream(millis, 0, finished).sorted().boxed().toList();
      return new Outcome(
          acknowledged,
          refused,
          wrong,
          requests.length - finished,
          repeated,
          (last - start) / 1e9,
          sorted);
    }

    private void repeatOverdue(long now) throws IOException {
      for (int i = 0; i < next; i++) {
        if (!answered[i] && now - lastSent[i] > REPEAT_NANOS) {
          repeated++;
          send(i);
        }
      }
    }

    private void send(int request) throws IOException {
      lastSent[request] = System.nanoTime();
      channels[request / IDENTIFIERS].write(ByteBuffer.wrap(requests[request]));
    }

    private void readable(SelectionKey key) {
      int port = (Integer) key.attachment();
      try {
        while (channels[port].read(in.clear()) > 0) {
          judge(port, in.position());
        }
      } catch (IOException e) {
        wrong++; // ICMP: the port was closed
      }
    }

    private void judge(int port, int length) {
      int request = port * IDENTIFIERS + (in.get(1) & 0xff);
      if (request >= next) {
        wrong++;
        return;
      }
      byte[] authenticator = Arrays.copyOfRange(requests[request], 4, 20);
      int code = in.get(0);
      if (!octets.verifies(in.array(), length, authenticator) || (code != ACK && code != NAK)) {
        wrong++;
      } else if (!answered[request]) {
        answered[request] = true;
        acknowledged += code == ACK ? 1 : 0;
        refused += code == NAK ? 1 : 0;
        millis[finished++] = (System.nanoTime() - firstSent[request]) / 1e6;
      }
    }
  }
}
