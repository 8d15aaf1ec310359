package io.coagateway.load;

import io.coagateway.lab.Lab;
import io.coagateway.lab.Place;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.HexFormat;

/**
 * A DHCPv6 server that accepts every RECONFIGURE-REQUEST at once (RFC 6977 section 6.5), on plain
 * octets, so that it is no bottleneck. It walks each message's options and counts what breaks the
 * draft's rules. A datagram that starts with a zero octet asks for its {@link Counters}.
 */
final class Responder {
  /** Its DUID, of type LL. */
  static final byte[] SERVER_DUID = HexFormat.of().parseHex("0003000102005e0000aa");

  private static final int RECONFIGURE_REQUEST = 18;
  private static final int RECONFIGURE_REPLY = 19;
  private static final int CLIENTID = 1;
  private static final int RSOO = 66;
  private static final int LINK_ADDRESS = 80;
  private static final int MAX_CLIENTS = 1 << 20;

  /**
   * What it has seen since it started or was last asked to forget.
   *
   * @param messages RECONFIGURE-REQUESTs
   * @param clients CLIENTIDs in them
   * @param violations messages that break a rule, or are too large
   * @param repeated CLIENTIDs that came more than once
   * @param busiestSecond the most messages in any second that ends with a message
   */
  record Counters(
      long messages, long clients, long violations, long repeated, long busiestSecond) {}

  private final byte[] seen = new byte[MAX_CLIENTS];
  private final long[] arrivals = new long[1 << 16];
  private long messages;
  private long clients;
  private long violations;
  private long repeated;
  private long busiestSecond;
  private long oldest;

  private Responder() {}

  /** The DUID-LL of subscriber {@code i}, in hex. */
  static String duid(int i) {
    return "00030001025e%08x".formatted(i);
  }

  /** Runs it on ::1 at the port of the first argument, until it is killed. */
  public static void main(String[] arguments) throws IOException {
    new Responder().serve(Integer.parseInt(arguments[0]));
  }

  /**
   * Starts one in a process of its own and waits until it listens.
   *
   * @return its port on ::1
   */
  static int start(Lab lab) throws IOException {
    int port = lab.freePort();
    lab.start(
            "responder",
            Place.HERE,
            "java",
            "-Xmx128m",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            Responder.class.getName(),
            Integer.toString(port))
        .awaitUdp(port);
    return port;
  }

  /** Asks a responder for its counters, and has it forget them. */
  static Counters ask(InetSocketAddress address) throws IOException {
    try (DatagramChannel channel = DatagramChannel.open()) {
      channel.connect(address);
      channel.write(ByteBuffer.allocate(1));
      channel.socket().setSoTimeout(5000);
      java.net.DatagramPacket answer = new java.net.DatagramPacket(new byte[64], 64);
      channel.socket().receive(answer);
      ByteBuffer numbers = ByteBuffer.wrap(answer.getData());
      return new Counters(
          numbers.getLong(),
          numbers.getLong(),
          numbers.getLong(),
          numbers.getLong(),
          numbers.getLong());
    }
  }

  private void serve(int port) throws IOException {
    try (DatagramChannel channel = DatagramChannel.open()) {
      channel.setOption(StandardSocketOptions.SO_RCVBUF, 4 << 20);
      channel.bind(new InetSocketAddress(InetAddress.getByAddress(loopback()), port));
      ByteBuffer in = ByteBuffer.allocateDirect(65536);
      ByteBuffer out = ByteBuffer.allocateDirect(64);
      while (true) {
        in.clear();
        InetSocketAddress from = (InetSocketAddress) channel.receive(in);
        in.flip();
        out.clear();
        if (in.remaining() > 0 && in.get(0) == 0) {
          report(out);
        } else if (!accept(in, out)) {
          continue;
        }
        channel.send(out.flip(), from);
      }
    }
  }

  static byte[] loopback() {
    byte[] octets = new byte[16];
    octets[15] = 1;
    return octets;
  }

  private void report(ByteBuffer out) {
    out.putLong(messages).putLong(clients).putLong(violations).putLong(repeated);
    out.putLong(busiestSecond);
    messages = clients = violations = repeated = busiestSecond = oldest = 0;
    java.util.Arrays.fill(seen, (byte) 0);
  }

  /** Reads one message; the answer is in {@code out} when it is one of ours to answer. */
  private boolean accept(ByteBuffer in, ByteBuffer out) {
    if (in.remaining() < 4 || in.get(0) != RECONFIGURE_REQUEST) {
      violations++;
      return false;
    }
    count();
    int clientsHere = 0;
    int links = 0;
    int supplied = 0;
    int at = 4;
    int end = in.limit();
    while (at + 4 <= end) {
      int code = in.getShort(at) & 0xffff;
      int length = in.getShort(at + 2) & 0xffff;
      at += 4;
      if (at + length > end) {
        break;
      }
      if (code == CLIENTID) {
        clientsHere++;
        remember(in, at, length);
      } else if (code == LINK_ADDRESS && length == 16) {
        links++;
      } else if (code == RSOO && length >= 4) {
        supplied++;
      }
      at += length;
    }
    clients += clientsHere;
    // RQ-2: one LINK_ADDRESS, at least one CLIENTID; RQ-12: 1280 octets with the headers.
    if (at != end || clientsHere == 0 || links != 1 || supplied != 1 || end > 1232) {
      violations++;
      return false;
    }
    out.putInt((in.getInt(0) & 0xffffff) | (RECONFIGURE_REPLY << 24));
    out.putShort((short) 2).putShort((short) SERVER_DUID.length).put(SERVER_DUID);
    out.putShort((short) 13).putShort((short) 2).putShort((short) 0);
    return true;
  }

  private void remember(ByteBuffer in, int at, int length) {
    int client = length == 10 ? in.getInt(at + 6) : -1;
    if (client < 0 || client >= MAX_CLIENTS) {
      violations++;
    } else if (seen[client]++ > 0) {
      repeated++;
    }
  }

  private void count() {
    long now = System.nanoTime();
    arrivals[(int) (messages % arrivals.length)] = now;
    messages++;
    while (oldest < messages && now - arrivals[(int) (oldest % arrivals.length)] > 1_000_000_000L) {
      oldest++;
    }
    busiestSecond = Math.max(busiestSecond, messages - oldest);
  }
}
