package io.coagateway.load;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Sends requests that were built before the clock starts, keeps a window of them unanswered or
 * holds a fixed rate, and judges every answer: signature, Identifier, code. It never retransmits; a
 * request without an answer when its patience ends is lost.
 *
 * <p>A source port carries 64 slots of the window, a slot cycles through four Identifiers, so that
 * an Identifier rests while the next three are used.
 */
final class Generator {
  /** How answers are judged. */
  enum Judge {
    /** Signed answers. */
    RADIUS,
    /** The request's own octets. */
    ECHO
  }

  /**
   * What came of a run.
   *
   * @param answered how many answers were right
   * @param acknowledged how many of them were ACKs
   * @param refused how many were NAKs
   * @param wrong answers whose signature, Identifier or code was wrong
   * @param lost requests without an answer
   * @param lostOfSource how many of them were sent from each of its addresses
   * @param late requests that an open loop could not send in time because its slot was still taken
   * @param seconds from the first request to the last answer
   * @param cpuSeconds what the generator itself used
   * @param latencies of the right answers
   */
  record Outcome(
      long answered,
      long acknowledged,
      long refused,
      long wrong,
      long lost,
      List<Long> lostOfSource,
      long late,
      double seconds,
      double cpuSeconds,
      Histogram latencies) {}

  private static final int SLOTS_PER_PORT = 64;
  private static final int IDENTIFIERS_PER_SLOT = 4;
  private static final int STRIDE = 256;

  /** With so much time between two requests it waits instead of looking again and again. */
  private static final double QUIET_NANOS = 400_000;

  private static final long PAUSE_NANOS = 50_000;

  private static final int ACK = 44;
  private static final int NAK = 45;
  private static final int DISCONNECT_ACK = 41;
  private static final int DISCONNECT_NAK = 42;

  private final InetSocketAddress target;
  private final List<InetAddress> sources;
  private final Judge judge;
  private final RadiusOctets octets;
  private final long patienceNanos;

  /** A generator that waits {@code patience} for each answer. */
  Generator(InetSocketAddress target, Judge judge, String secret, Duration patience) {
    this(target, List.of(), judge, secret, patience);
  }

  /**
   * One that sends from several addresses in turn, 64 requests from each.
   *
   * @param sources none: from what the system chooses
   */
  Generator(
      InetSocketAddress target,
      List<InetAddress> sources,
      Judge judge,
      String secret,
      Duration patience) {
    this.patienceNanos = patience.toNanos();
    this.target = target;
    this.sources = List.copyOf(sources);
    this.judge = judge;
    this.octets = new RadiusOctets(secret);
  }

  /** Builds the requests: the {@code i}th is for subscriber {@code chosen[i]}. */
  Requests build(Workload workload, int[] chosen, int window) {
    return build(workload, chosen, window, 0);
  }

  /** The same, the requests being numbered from {@code first}, so that runs differ. */
  Requests build(Workload workload, int[] chosen, int window, int first) {
    ByteBuffer all = ByteBuffer.allocateDirect(chosen.length * STRIDE);
    for (int i = 0; i < chosen.length; i++) {
      byte[] request = workload.request(first + i, identifier(i, window), chosen[i], octets);
      if (request.length > STRIDE) {
        throw new IllegalStateException("a request has " + request.length + " octets");
      }
      all.put(i * STRIDE, request);
    }
    return new Requests(all, chosen.length, window);
  }

  /** Requests ready to be sent with one window. */
  record Requests(ByteBuffer octets, int count, int window) {}

  /** Sends all, keeping the window full. */
  Outcome closedLoop(Requests requests) throws IOException {
    return new Run(requests, 0).go();
  }

  /** Sends all at a fixed rate; latency counts from when a request should have left. */
  Outcome openLoop(Requests requests, int perSecond) throws IOException {
    return new Run(requests, perSecond).go();
  }

  private static int identifier(int request, int window) {
    int slotOfPort = request % window % SLOTS_PER_PORT;
    return slotOfPort * IDENTIFIERS_PER_SLOT + request / window % IDENTIFIERS_PER_SLOT;
  }

  /** One run, on one thread. */
  private final class Run {
    private final Requests requests;
    private final ByteBuffer octetsToSend;
    private final int perSecond;
    private final int window;
    private final Selector selector = Selector.open();
    private final DatagramChannel[] channels;
    private final int[] inFlight; // request number of a slot, -1: free
    private final long[] sentAt;
    private final ByteBuffer in = ByteBuffer.allocateDirect(4096);
    private final byte[] answer = new byte[4096];
    private final byte[] authenticator = new byte[16];
    private final Histogram latencies = new Histogram();
    private long acknowledged;
    private long refused;
    private long wrong;
    private long lost;
    private final long[] lostOfSource = new long[Math.max(1, sources.size())];
    private long late;
    private int finished;
    private long lastAnswerAt;

    Run(Requests requests, int perSecond) throws IOException {
      this.requests = requests;
      this.octetsToSend = requests.octets().duplicate();
      this.perSecond = perSecond;
      this.window = requests.window();
      this.inFlight = new int[window];
      this.sentAt = new long[window];
      Arrays.fill(inFlight, -1);
      channels = new DatagramChannel[(window + SLOTS_PER_PORT - 1) / SLOTS_PER_PORT];
      for (int i = 0; i < channels.length; i++) {
        channels[i] = DatagramChannel.open();
        if (!sources.isEmpty()) {
          channels[i].bind(new InetSocketAddress(sources.get(i % sources.size()), 0));
        }
        channels[i].setOption(StandardSocketOptions.SO_RCVBUF, 1 << 20);
        channels[i].connect(target);
        channels[i].configureBlocking(false).register(selector, SelectionKey.OP_READ, i);
      }
    }

    Outcome go() throws IOException {
      long cpu = cpuNanos();
      long start = System.nanoTime();
      try {
        if (perSecond == 0) {
          for (int slot = 0; slot < Math.min(window, requests.count()); slot++) {
            send(slot, slot, System.nanoTime());
          }
          while (finished < requests.count()) {
            selector.select(this::readable, 100);
            expire(true);
          }
        } else {
          pace(start);
        }
      } finally {
        for (DatagramChannel channel : channels) {
          channel.close();
        }
        selector.close();
      }
      double seconds = (lastAnswerAt - start) / 1e9;
      return new Outcome(
          latencies.count(),
          acknowledged,
          refused,
          wrong,
          lost,
          Arrays.stream(lostOfSource).boxed().toList(),
          late,
          seconds,
          (cpuNanos() - cpu) / 1e9,
          latencies);
    }

    private void pace(long start) throws IOException {
      double nanosEach = 1e9 / perSecond;
      int next = 0;
      while (finished < requests.count()) {
        long now = System.nanoTime();
        while (next < requests.count() && start + (long) (next * nanosEach) <= now) {
          int slot = next % window;
          if (inFlight[slot] >= 0) {
            late++;
            finished++;
          } else {
            send(slot, next, start + (long) (next * nanosEach));
          }
          next++;
        }
        if (nanosEach >= QUIET_NANOS) {
          selector.select(this::readable, 1); // leaves the core to others between two requests
        } else {
          boolean idle = selector.selectNow(this::readable) == 0;
          if (idle) {
            LockSupport.parkNanos(PAUSE_NANOS); // looking all the time would take a whole core
          }
        }
        expire(false);
      }
    }

    private long lastSweep = System.nanoTime();

    private void expire(boolean sendNext) throws IOException {
      long now = System.nanoTime();
      if (now - lastSweep < 100_000_000L) {
        return;
      }
      lastSweep = now;
      for (int slot = 0; slot < window; slot++) {
        int request = inFlight[slot];
        if (request >= 0 && now - sentAt[slot] > patienceNanos) {
          lost++;
          lostOfSource[slot / SLOTS_PER_PORT % lostOfSource.length]++;
          finish(slot, request, sendNext);
        }
      }
    }

    private void readable(SelectionKey key) {
      int port = (Integer) key.attachment();
      try {
        while (true) {
          in.clear();
          if (channels[port].read(in) <= 0) {
            return;
          }
          judge(port, in.flip());
        }
      } catch (IOException e) {
        // A closed port answers with ICMP: what was in flight will be counted as lost.
        wrong++;
      }
    }

    private void judge(int port, ByteBuffer datagram) throws IOException {
      int length = datagram.remaining();
      datagram.get(answer, 0, length);
      int slot = port * SLOTS_PER_PORT + (answer[1] & 0xff) / IDENTIFIERS_PER_SLOT;
      int request = length >= 20 && slot < window ? inFlight[slot] : -1;
      if (request < 0 || (answer[1] & 0xff) != identifier(request, window)) {
        wrong++;
        return;
      }
      long now = System.nanoTime();
      octetsToSend.limit(octetsToSend.capacity()).get(request * STRIDE + 4, authenticator);
      if (judge == Judge.ECHO) {
        if (!Arrays.equals(authenticator, 0, 16, answer, 4, 20)) {
          wrong++;
          return;
        }
      } else {
        int code = answer[0];
        if (!octets.verifies(answer, length, authenticator)) {
          wrong++;
          return;
        }
        if (code == ACK || code == DISCONNECT_ACK) {
          acknowledged++;
        } else if (code == NAK || code == DISCONNECT_NAK) {
          refused++;
        } else {
          wrong++;
          return;
        }
      }
      latencies.record(now - sentAt[slot]);
      lastAnswerAt = now;
      finish(slot, request, perSecond == 0);
    }

    private void finish(int slot, int request, boolean sendNext) throws IOException {
      finished++;
      inFlight[slot] = -1;
      if (sendNext && request + window < requests.count()) {
        send(slot, request + window, System.nanoTime());
      }
    }

    private void send(int slot, int request, long due) throws IOException {
      inFlight[slot] = request;
      sentAt[slot] = due;
      int length = octetsToSend.limit(octetsToSend.capacity()).getShort(request * STRIDE + 2);
      octetsToSend.limit(request * STRIDE + length);
      octetsToSend.position(request * STRIDE);
      try {
        channels[slot / SLOTS_PER_PORT].write(octetsToSend);
      } catch (java.net.PortUnreachableException e) {
        wrong++; // ICMP for an earlier datagram; this one will be counted as lost
      }
    }
  }

  private static long cpuNanos() {
    return java.lang.management.ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }
}
