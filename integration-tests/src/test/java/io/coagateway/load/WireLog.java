package io.coagateway.load;

import io.coagateway.lab.Lab;
import io.coagateway.lab.Peer;
import io.coagateway.lab.Place;
import io.coagateway.lab.Segmentation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The DHCPv6 messages of a run with the kernel's times, from a capture on the loopback interface. A
 * program that reads them off a socket is late when the machine is busy, and would see a second too
 * full that was not.
 */
final class WireLog {
  private static final int NANOSECOND_MAGIC = 0xa1b23c4d;
  private static final int FILE_HEADER = 24;
  private static final int RECORD_HEADER = 16;

  /** Ethernet, IPv6 and UDP headers, as the loopback interface has them. */
  private static final int HEADERS = 14 + 40 + 8;

  private static final long SECOND = 1_000_000_000L;

  private final long[] nanos;
  private final long sentAgain;

  private WireLog(long[] nanos, long sentAgain) {
    this.nanos = nanos;
    this.sentAgain = sentAgain;
  }

  /** Whether this machine and user may capture. */
  static boolean isPossible() {
    try {
      return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0)
          && List.of("/usr/bin/tcpdump", "/usr/sbin/tcpdump").stream()
              .anyMatch(program -> Files.isExecutable(Path.of(program)));
    } catch (IOException e) {
      return false;
    }
  }

  /** Starts tcpdump for what goes to a port; returns when it listens. */
  static Peer start(Lab lab, int port, Path file) {
    Segmentation.beforeCaptures();
    return lab.start(
            "tcpdump",
            Place.HERE,
            "tcpdump",
            "--immediate-mode",
            "-U",
            "-n",
            "-Z",
            "root",
            "-B",
            "16384",
            "-s",
            "128",
            "--time-stamp-precision=nano",
            "-i",
            "lo",
            "-w",
            file.toString(),
            "ip6 and udp dst port " + port + " and ip6[48] != 0")
        .awaitOutput("listening on");
  }

  /** Reads what tcpdump has written. */
  static WireLog read(Path file) throws IOException {
    ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    if (in.remaining() < FILE_HEADER || in.getInt(0) != NANOSECOND_MAGIC) {
      throw new IOException(file + " is no capture with nanoseconds of this machine's byte order");
    }
    int count = 0;
    for (int at = FILE_HEADER; at < in.limit(); at += RECORD_HEADER + in.getInt(at + 8)) {
      count++;
    }
    long[] nanos = new long[count];
    Set<Integer> transactionIds = new HashSet<>();
    int at = FILE_HEADER;
    for (int i = 0; i < count; i++) {
      nanos[i] = Integer.toUnsignedLong(in.getInt(at)) * SECOND + in.getInt(at + 4);
      int message = at + RECORD_HEADER + HEADERS;
      transactionIds.add(in.getInt(message)); // with the type, the same for all of them
      at += RECORD_HEADER + in.getInt(at + 8);
    }
    return new WireLog(nanos, count - transactionIds.size());
  }

  /** How many there were. */
  long messages() {
    return nanos.length;
  }

  /** How many had a transaction id that had been there before. */
  long sentAgain() {
    return sentAgain;
  }

  /** The most messages whose first and last lie at most one second apart. */
  long busiestSecond() {
    int most = 0;
    int first = 0;
    for (int last = 0; last < nanos.length; last++) {
      while (nanos[last] - nanos[first] > SECOND) {
        first++;
      }
      most = Math.max(most, last - first + 1);
    }
    return most;
  }
}
