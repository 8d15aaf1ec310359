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
 * chosen at random, so that somebody still sees what comes there.
 *
 * <p>For each range: load a word of the source address, cut it to the prefix, compare, and so on;
 * all equal: keep, or let chance decide. Longer prefixes come first. The network header is
 * addressed at {@code SKF_NET_OFF}, where the kernel has it at hand for IPv4 and IPv6 alike.
 */
final class SourceFilter {
  /** BPF_MAXINSNS of the kernel. */
  private static final int MAX_INSTRUCTIONS = 4096;

  /** Octets of a struct sock_filter: code (2), where to jump (1 and 1), operand (4). */
  private static final int INSTRUCTION = 8;

  private static final int LOAD_WORD = 0x20; // BPF_LD | BPF_W | BPF_ABS
  private static final int AND = 0x54; // BPF_ALU | BPF_AND | BPF_K
  private static final int JUMP_EQUAL = 0x15; // BPF_JMP | BPF_JEQ | BPF_K
  private static final int JUMP_GREATER = 0x25; // BPF_JMP | BPF_JGT | BPF_K, unsigned
  private static final int RETURN = 0x06; // BPF_RET | BPF_K
  private static final int KEEP_ALL = -1;
  private static final int DROP = 0;

  private static final int NETWORK_HEADER = -0x100000; // SKF_NET_OFF
  private static final int RANDOM = -0x1000 + 56; // SKF_AD_OFF + SKF_AD_RANDOM
  private static final int IPV4_SOURCE_AT = 12;
  private static final int IPV6_SOURCE_AT = 8;

  private final List<Instruction> instructions = new ArrayList<>();

  /**
   * One step.
   *
   * @param skipIfTrue instructions to pass over when a comparison holds, 0 to 255
   * @param skipIfFalse and when it does not
   */
  record Instruction(int code, int skipIfTrue, int skipIfFalse, int operand) {}

  private SourceFilter() {}

  /**
   * The program for a socket of one address family.
   *
   * @param keptOneIn n for each range, of either family; those of the other are passed over
   * @param restKeptOneIn n for all other addresses
   * @return empty when it would be longer than the kernel takes: some 1,000 IPv4 ranges, some 400
   *     of IPv6
   */
  static Optional<SourceFilter> of(
      Map<AddressRange, Integer> keptOneIn, boolean ipv4, int restKeptOneIn) {
    SourceFilter filter = new SourceFilter();
    keptOneIn.keySet().stream()
        .filter(range -> range.ipv4() == ipv4)
        .sorted(Comparator.comparingInt(AddressRange::length).reversed())
        .forEach(range -> filter.keep(range, keptOneIn.get(range)));
    filter.instructions.addAll(oneIn(restKeptOneIn));
    return filter.instructions.size() <= MAX_INSTRUCTIONS ? Optional.of(filter) : Optional.empty();
  }

  private void keep(AddressRange range, int keptOneIn) {
    int width = range.ipv4() ? 32 : 128;
    List<Instruction> block = new ArrayList<>(oneIn(keptOneIn));
    for (int bit = (range.length() + 31) / 32 * 32 - 32; bit >= 0; bit -= 32) { // back to front
      int bits = Math.min(32, range.length() - bit);
      block.add(0, new Instruction(JUMP_EQUAL, 0, block.size(), word(range.first(), bit, width)));
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
