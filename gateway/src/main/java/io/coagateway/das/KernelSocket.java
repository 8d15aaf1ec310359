package io.coagateway.das;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.unix.Buffer;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.channel.unix.RawUnixChannelOption;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * What Linux can do for a UDP socket and Netty has no word for. None of it is needed: where the
 * kernel refuses, the caller goes on without.
 */
final class KernelSocket {
  private static final int SOL_SOCKET = 1;
  private static final int QUEUED_AT = 0; // SK_MEMINFO_RMEM_ALLOC
  private static final int BUFFER_AT = Integer.BYTES; // SK_MEMINFO_RCVBUF
  private static final int DROPS_AT = 8 * Integer.BYTES; // SK_MEMINFO_DROPS
  private static final int MEMINFO_LENGTH = 9 * Integer.BYTES;

  /** A struct sock_fprog: a number of 16 bits, padded, and a pointer. */
  private static final RawUnixChannelOption ATTACH_FILTER =
      new RawUnixChannelOption("SO_ATTACH_FILTER", SOL_SOCKET, 26, 2 * Buffer.addressSize());

  private static final IntegerUnixChannelOption DETACH_FILTER =
      new IntegerUnixChannelOption("SO_DETACH_FILTER", SOL_SOCKET, 27);
  private static final IntegerUnixChannelOption RCVBUFFORCE =
      new IntegerUnixChannelOption("SO_RCVBUFFORCE", SOL_SOCKET, 33);
  private static final RawUnixChannelOption MEMINFO =
      new RawUnixChannelOption("SO_MEMINFO", SOL_SOCKET, 55, MEMINFO_LENGTH);

  private final EpollDatagramChannel channel;

  private KernelSocket(EpollDatagramChannel channel) {
    this.channel = channel;
  }

  /** Of a channel that has one: empty for NIO. */
  static Optional<KernelSocket> of(Channel channel) {
    return channel instanceof EpollDatagramChannel epoll
        ? Optional.of(new KernelSocket(epoll))
        : Optional.empty();
  }

  /**
   * From now on the kernel keeps only what {@code filter} lets through; it takes the place of an
   * earlier one in one step.
   *
   * @throws IOException when the kernel refuses
   */
  void attach(SourceFilter filter) throws IOException {
    ByteBuffer program = filter.toMemory();
    ByteBuffer fprog =
        ByteBuffer.allocateDirect(ATTACH_FILTER.length()).order(ByteOrder.nativeOrder());
    fprog.putShort(0, (short) filter.instructions().size());
    if (Buffer.addressSize() == Long.BYTES) {
      fprog.putLong(Buffer.addressSize(), Buffer.memoryAddress(program));
    } else {
      fprog.putInt(Buffer.addressSize(), (int) Buffer.memoryAddress(program));
    }
    try {
      channel.config().setOption(ATTACH_FILTER, fprog);
    } catch (ChannelException e) {
      throw new IOException(reason(e), e);
    } finally {
      Reference.reachabilityFence(program); // the kernel has copied it
    }
  }

  /**
   * The kernel keeps everything again.
   *
   * @throws IOException when it refuses
   */
  void detach() throws IOException {
    try {
      channel.config().setOption(DETACH_FILTER, 0);
    } catch (ChannelException e) {
      throw new IOException(reason(e), e);
    }
  }

  /**
   * A receive buffer beyond net.core.rmem_max, which takes CAP_NET_ADMIN.
   *
   * @param octets as for SO_RCVBUF
   */
  void tryReceiveBuffer(int octets) {
    try {
      channel.config().setOption(RCVBUFFORCE, octets);
    } catch (ChannelException e) {
      // without the right to do so the limit stands, and the caller sees it
    }
  }

  /**
   * How many datagrams the kernel has dropped since the socket was opened, because the receive
   * buffer was full or a filter said so: a number of 32 bits without sign that wraps. 0 where the
   * kernel does not say.
   */
  int drops() {
    return memory().map(numbers -> numbers.getInt(DROPS_AT)).orElse(0);
  }

  /**
   * Whether more than half of the receive buffer is taken. Half, because up to a quarter may be
   * what has been read already: the kernel gives it back in portions of that size.
   */
  boolean isFillingUp() {
    return memory().map(n -> n.getInt(QUEUED_AT) > n.getInt(BUFFER_AT) / 2).orElse(false);
  }

  /** SO_MEMINFO; empty when the socket is closed or the kernel is before 4.12. */
  private Optional<ByteBuffer> memory() {
    try {
      ByteBuffer numbers = channel.config().getOption(MEMINFO);
      return Optional.of(numbers.order(ByteOrder.nativeOrder()));
    } catch (ChannelException e) {
      return Optional.empty();
    }
  }

  private static String reason(ChannelException e) {
    return e.getCause() == null ? e.getMessage() : e.getCause().getMessage();
  }
}
