package io.coagateway.datagram;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;
import java.nio.ByteBuffer;

/**
 * The memory that datagrams are read into: the same again and again, for all sockets of one loop
 * whose first handler copies what is in it before the next read. Netty's own allocators make (and
 * the JVM zeroes) memory for the largest possible datagrams at each read, which costs more than the
 * digest of what comes in.
 *
 * <p>A system call that may bring many datagrams (recvmmsg) costs for each that it may bring, so it
 * is prepared for some more than came last. One that brings fewer has emptied the socket: nobody
 * asks again before epoll says that there is more.
 */
public final class ReceiveMemory extends DefaultMaxMessagesRecvByteBufAllocator {
  private static final int FEWEST = 8;

  private final ByteBuf memory;
  private final int datagramOctets;
  private final int most;
  private final int fewest;

  /**
   * @param datagramOctets of the largest datagram
   * @param most datagrams that one read can bring, at least 1
   * @param datagramsPerBurst after how many others get their turn
   */
  public ReceiveMemory(int datagramOctets, int most, int datagramsPerBurst) {
    super(datagramsPerBurst);
    this.datagramOctets = datagramOctets;
    this.most = most;
    this.fewest = Math.min(FEWEST, most);
    int octets = Math.multiplyExact(datagramOctets, most);
    memory = Unpooled.wrappedBuffer(ByteBuffer.allocateDirect(octets)); // goes with the last socket
  }

  @Override
  public MaxMessageHandle newHandle() {
    return new Reading();
  }

  /** Of one socket. */
  private final class Reading extends MaxMessageHandle {
    private int prepared = fewest;
    private boolean emptied;

    @Override
    public int guess() {
      return prepared * datagramOctets;
    }

    @Override
    public ByteBuf allocate(ByteBufAllocator others) {
      if (memory.refCnt() != 1) { // somebody has kept a datagram: nobody does
        return others.directBuffer(guess());
      }
      int start = memory.capacity() - guess(); // there is room for so many and no more
      return memory.retain().setIndex(start, start);
    }

    @Override
    public void lastBytesRead(int octets) {
      super.lastBytesRead(octets);
      if (most == 1) {
        return; // another kind of call, which gives the datagram's own length
      }
      int datagrams = Math.max(octets, 0) / datagramOctets; // Netty counts each at the full length
      emptied = datagrams < prepared;
      if (!emptied) {
        prepared = Math.min(prepared * 2, most);
      } else if (datagrams * 4 < prepared) {
        prepared = Math.max(prepared / 2, fewest);
      }
    }

    @Override
    public boolean continueReading(UncheckedBooleanSupplier maybeMore) {
      return !emptied && super.continueReading(maybeMore);
    }
  }
}
