package io.coagateway.das;

import io.coagateway.wire.Ipv6Address;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A program of the classic BPF machine that the kernel runs on each datagram of a UDP socket before
 * it is queued: of what comes from an address range, and of the rest, it keeps one datagram in n,
 * chosen at random, so that somebody still sees what comes there. A range may have source ports of
 * which it keeps more than of the others.
 *
 * <p>For each range: load a word of the source address, cut it to the prefix, compare, and so on;
 * all equal: load the source port, compare; keep, or let chance decide. Longer prefixes come first.
 * The network header is addressed at {@code SKF_NET_OFF}, where the kernel has it at hand for IPv4
 * and IPv6 alike; the datagram itself begins with the UDP header.
 */
final class SourceFilter {
  /** BPF_MAXINSNS of the kernel. */
  private static final int MAX_INSTRUCTIONS = 4096;

  /** Octets of a struct sock_filter: code (2), where to jump (1 and 1), operand (4). */
  private static final int INSTRUCTION = 8;

  /** How far a comparison can skip. */
  private static final int MAX_SKIP = 255;

  private static final int LOAD_WORD = 0x20; // BPF_LD | BPF_W | BPF_ABS
  private static final int LOAD_HALF = 0x28; // BPF_LD | BPF_H | BPF_ABS
  private static final int AND = 0x54; // BPF_ALU | BPF_AND | BPF_K
  private static final int JUMP = 0x05; // BPF_JMP | BPF_JA
  private static final int JUMP_EQUAL = 0x15; // BPF_JMP | BPF_JEQ | BPF_K
  private static final int JUMP_GREATER = 0x25; // BPF_JMP | BPF_JGT | BPF_K, unsigned
  private static final int RETURN = 0x06; // BPF_RET | BPF_K
  private static final int KEEP_ALL = -1;
  private static final int DROP = 0;

  private static final int NETWORK_HEADER = -0x100000; // SKF_NET_OFF
  private static final int RANDOM = -0x1000 + 56; // SKF_AD_OFF + SKF_AD_RANDOM
  private static final int IPV4_SOURCE_AT = 12;
  private static final int IPV6_SOURCE_AT = 8;
  private static final int SOURCE_PORT_AT = 0;

  private final List<Instruction> instructions = new ArrayList<>();

  /**
   * One step.
   *
   * @param skipIfTrue instructions to pass over when a comparison holds, 0 to 255
   * @param skipIfFalse and when it does not
   */
  record Instruction(int code, int skipIfTrue, int skipIfFalse, int operand) {}

  /**
   * What is kept of what comes from a range.
   *
   * @param fromPorts one in so many of what comes from {@code ports}
   * @param fromOthers one in so many of what comes from other ports
   * @param ports source ports
   */
  record Share(int fromPorts, int fromOthers, List<Integer> ports) {
    /** Copies the list. */
    Share {
      ports = List.copyOf(ports);
    }

    /** One in {@code n}, whatever port it comes from. */
    static Share oneIn(int n) {
      return new Share(n, n, List.of());
    }
  }

  private SourceFilter() {}

  /**
   * The program for a socket of one address family.
   *
   * @param shares of each range, of either family; those of the other are passed over
   * @param restKeptOneIn n for all other addresses
   * @return empty when it would be longer than the kernel takes: some 1,000 IPv4 ranges, some 400
   *     of IPv6; a port counts as a third of an IPv4 range
   */
  static Optional<SourceFilter> of(
      Map<AddressRange, Share> shares, boolean ipv4, int restKeptOneIn) {
    SourceFilter filter = new SourceFilter();
    shares.keySet().stream()
        .filter(range -> range.ipv4() == ipv4)
        .sorted(Comparator.comparingInt(AddressRange::length).reversed())
        .forEach(range -> filter.keep(range, shares.get(range)));
    filter.instructions.addAll(oneIn(restKeptOneIn));
    return filter.instructions.size() <= MAX_INSTRUCTIONS ? Optional.of(filter) : Optional.empty();
  }

  private void keep(AddressRange range, Share share) {
    int width = range.ipv4() ? 32 : 128;
    List<Instruction> block = share(share);
    for (int bit = (range.length() + 31) / 32 * 32 - 32; bit >= 0; bit -= 32) { // back to front
      int bits = Math.min(32, range.length() - bit);
      int word = word(range.first(), bit, width);
      if (block.size() <= MAX_SKIP) {
        block.add(0, new Instruction(JUMP_EQUAL, 0, block.size(), word));
      } else {
        block.add(0, new Instruction(JUMP, 0, 0, block.size()));
        block.add(0, new Instruction(JUMP_EQUAL, 1, 0, word));
      }
      if (bits < 32) {
        block.add(0, new Instruction(AND, 0, 0, -1 << (32 - bits)));
      }
      int at = (range.ipv4() ? IPV4_SOURCE_AT : IPV6_SOURCE_AT) + bit / 8;
      block.add(0, new Instruction(LOAD_WORD, 0, 0, NETWORK_HEADER + at));
    }
    instructions.addAll(block);
  }

  private static int word(Ipv6Address address, int bit, int width) {
    int from = 128 - width + bit;
    long half = from < 64 ? address.high() : address.low();
    return (int) (from % 64 == 0 ? half >>> 32 : half);
  }

  /** Ports stand in groups, so that each reaches the end of its group, where they are kept. */
  private static List<Instruction> share(Share share) {
    List<Instruction> all = new ArrayList<>();
    if (share.fromPorts() != share.fromOthers() && !share.ports().isEmpty()) {
      List<Instruction> keep = oneIn(share.fromPorts());
      all.add(new Instruction(LOAD_HALF, 0, 0, SOURCE_PORT_AT));
      for (int from = 0; from < share.ports().size(); from += MAX_SKIP) {
        int to = Math.min(share.ports().size(), from + MAX_SKIP);
        for (int i = from; i < to; i++) {
          all.add(new Instruction(JUMP_EQUAL, to - i, 0, share.ports().get(i)));
        }
        all.add(new Instruction(JUMP, 0, 0, keep.size()));
        all.addAll(keep);
      }
    }
    all.addAll(oneIn(share.fromOthers()));
    return all;
  }

  private static List<Instruction> oneIn(int n) {
    Instruction keep = new Instruction(RETURN, 0, 0, KEEP_ALL);
    if (n == 1) {
      return List.of(keep);
    }
    int above = (int) (0xffffffffL - 0x100000000L / n);
    return List.of(
        new Instruction(LOAD_WORD, 0, 0, RANDOM),
        new Instruction(JUMP_GREATER, 0, 1, above),
        keep,
        new Instruction(RETURN, 0, 0, DROP));
  }

  /** The steps, in order. */
  List<Instruction> instructions() {
    return List.copyOf(instructions);
  }

  /** An array of struct sock_filter, in memory that the kernel can read. */
  ByteBuffer toMemory() {
    ByteBuffer memory =
        ByteBuffer.allocateDirect(instructions.size() * INSTRUCTION).order(ByteOrder.nativeOrder());
    for (Instruction one : instructions) {
      memory.putShort((short) one.code());
      memory.put((byte) one.skipIfTrue()).put((byte) one.skipIfFalse()).putInt(one.operand());
    }
    return memory.flip();
  }
}
