package io.coagateway.datagram;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReceiveMemoryTest {
  private static final int OCTETS = 100;
  private static final int MOST = 64;

  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final ReceiveMemory memory = new ReceiveMemory(OCTETS, MOST, MOST);

  private RecvByteBufAllocator.ExtendedHandle socket() {
    RecvByteBufAllocator.ExtendedHandle handle = memory.newHandle();
    handle.reset(channel.config());
    return handle;
  }

  /** For how many datagrams a read is prepared that brings {@code datagrams}. */
  private static int read(RecvByteBufAllocator.ExtendedHandle handle, int datagrams) {
    ByteBuf buffer = handle.allocate(UnpooledByteBufAllocator.DEFAULT);
    int room = buffer.writableBytes();
    handle.attemptedBytesRead(room);
    handle.lastBytesRead(datagrams * OCTETS);
    handle.incMessagesRead(datagrams);
    buffer.release();
    assertThat(room % OCTETS).isZero();
    return room / OCTETS;
  }

  @Test
  void preparesForMoreThanCameLastUpToTheMost() {
    RecvByteBufAllocator.ExtendedHandle handle = socket();
    assertThat(IntStream.of(8, 16, 32, 64, 64).map(came -> read(handle, came)))
        .containsExactly(8, 16, 32, 64, 64);
  }

  @Test
  void preparesForFewerAgainWhenMuchWasInVain() {
    RecvByteBufAllocator.ExtendedHandle handle = socket();
    IntStream.of(8, 16, 32).forEach(came -> read(handle, came));
    assertThat(IntStream.of(16, 15, 8, 7, 1, 1, 1).map(came -> read(handle, came)))
        .containsExactly(64, 64, 32, 32, 16, 8, 8);
  }

  @Test
  void readsOnWhileReadsAreFullAndTheBurstIsNotOver() {
    RecvByteBufAllocator.ExtendedHandle handle = socket();
    read(handle, 8);
    assertThat(handle.continueReading(() -> true)).isTrue();
    read(handle, 15);
    assertThat(handle.continueReading(() -> true)).as("16 fitted, 15 came").isFalse();

    handle.reset(channel.config());
    read(handle, 16);
    read(handle, 32);
    assertThat(handle.continueReading(() -> true)).isTrue();
    read(handle, 64);
    assertThat(handle.continueReading(() -> true)).as("112 in one burst").isFalse();
  }

  @Test
  void asksForNoMoreThanThereIsRoomFor() {
    RecvByteBufAllocator.ExtendedHandle few = new ReceiveMemory(OCTETS, 3, MOST).newHandle();
    few.reset(channel.config());
    assertThat(IntStream.of(3, 3, 0).map(came -> read(few, came))).containsExactly(3, 3, 3);
  }

  @Test
  void leavesItsMemoryToWhoKeepsADatagram() {
    RecvByteBufAllocator.ExtendedHandle one = socket();
    RecvByteBufAllocator.ExtendedHandle other = socket();
    ByteBuf kept = one.allocate(UnpooledByteBufAllocator.DEFAULT).writeInt(4711);
    ByteBuf next = other.allocate(UnpooledByteBufAllocator.DEFAULT).writeInt(815);
    assertThat(kept.readInt()).isEqualTo(4711);
    next.release();
    kept.release();
    assertThat(read(one, 1)).isEqualTo(8);
  }
}
