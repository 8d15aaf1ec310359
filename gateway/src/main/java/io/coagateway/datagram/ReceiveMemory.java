package io.coagateway.datagram;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import java.nio.ByteBuffer;

/**
 * The memory that datagrams are read into: the same again and again, for all sockets of one loop
 * whose first handler copies what is in it before the next read. Netty's own allocators make (and
 * the JVM zeroes) memory for the largest possible datagrams at each read, which costs more than the
 * digest of what comes in.
 */
public final class ReceiveMemory extends DefaultMaxMessagesRecvByteBufAllocator {
  private final ByteBuf memory;

  /**
   * @param octets what one read can bring
   * @param datagramsPerBurst after how many others get their turn
   */
  public ReceiveMemory(int octets, int datagramsPerBurst) {
    super(datagramsPerBurst);
    memory = Unpooled.wrappedBuffer(ByteBuffer.allocateDirect(octets)); // goes with the last socket
  }

  @Override
  public MaxMessageHandle newHandle() {
    return new MaxMessageHandle() {
      @Override
      public int guess() {
        return memory.capacity();
      }

      @Override
      public ByteBuf allocate(ByteBufAllocator others) {
        boolean free = memory.refCnt() == 1; // always, as long as nobody keeps a datagram
        return free ? memory.retain().clear() : others.directBuffer(guess());
      }
    };
  }
}
