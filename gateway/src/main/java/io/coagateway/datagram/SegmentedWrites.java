package io.coagateway.datagram;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.SegmentedDatagramPacket;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Datagrams of one length to one peer go to the kernel as one piece that it cuts (UDP_SEGMENT,
 * udp(7)): it looks up the route, asks the firewall and wakes the driver once for all of them. To
 * the peer they are the same datagrams. Under load nearly everything that leaves is of this kind:
 * answers to one client, messages to one server.
 *
 * <p>Few at a time leave one by one, since a capture on this machine shows the uncut piece.
 */
final class SegmentedWrites {
  /** From how many on it is worth that a capture here looks odd. */
  static final int WORTH = 8;

  /** UDP_MAX_SEGMENTS; newer kernels take twice as many. */
  static final int MOST_SEGMENTS = 64;

  /**
   * The kernel cuts, it does not fragment: a segment must fit the path. IPv6 gives every path 1280
   * octets, of which 48 are headers (RFC 8200 section 5).
   */
  static final int LARGEST_SEGMENT = 1232;

  /** What the headers leave of 65,535 octets, and some. */
  private static final int MOST_OCTETS = 65_000;

  /** Kinds of datagrams, by peer and length, that are gathered at a time. */
  private static final int MOST_TRAINS = 8;

  private static final Logger LOG = LoggerFactory.getLogger(SegmentedWrites.class);

  private final ChannelHandlerContext context;
  private final List<Train> open = new ArrayList<>(MOST_TRAINS);
  private final List<Train> free = new ArrayList<>(MOST_TRAINS);
  private boolean segments;

  /**
   * @param segments whether the transport can do it
   */
  SegmentedWrites(ChannelHandlerContext context, boolean segments) {
    this.context = context;
    this.segments = segments;
  }

  /** Datagrams of one length to one peer. */
  private static final class Train {
    final Datagram[] datagrams = new Datagram[MOST_SEGMENTS];
    InetSocketAddress peer;
    int octets; // of each
    int count;

    boolean takes(Datagram datagram) {
      return datagram.octets().length() == octets && datagram.peer().equals(peer);
    }

    void add(Datagram datagram) {
      datagrams[count++] = datagram;
    }

    boolean isFull() {
      return count == MOST_SEGMENTS || (count + 1) * octets > MOST_OCTETS;
    }

    void clear() {
      Arrays.fill(datagrams, 0, count, null);
      count = 0;
    }
  }

  void add(Datagram datagram) {
    if (!segments || datagram.octets().length() > LARGEST_SEGMENT) {
      write(datagram);
      return;
    }
    Train train = trainFor(datagram);
    train.add(datagram);
    if (train.isFull()) {
      open.remove(train);
      handOver(train);
    }
  }

  private Train trainFor(Datagram datagram) {
    for (Train train : open) {
      if (train.takes(datagram)) {
        return train;
      }
    }
    if (open.size() == MOST_TRAINS) {
      handOver(open.remove(0));
    }
    Train train = free.isEmpty() ? new Train() : free.remove(free.size() - 1);
    train.peer = datagram.peer();
    train.octets = datagram.octets().length();
    open.add(train);
    return train;
  }

  /** Writes what was gathered; the caller flushes. */
  void handOver() {
    for (Train train : open) {
      handOver(train);
    }
    open.clear();
  }

  private void handOver(Train train) {
    if (train.count < WORTH || !segments) {
      for (int i = 0; i < train.count; i++) {
        write(train.datagrams[i]);
      }
    } else {
      writeTogether(List.of(Arrays.copyOf(train.datagrams, train.count)));
    }
    train.clear();
    free.add(train);
  }

  @SuppressWarnings("FutureReturnValueIgnored") // the void promise reports to exceptionCaught
  private void write(Datagram datagram) {
    context.write(packet(datagram), context.voidPromise());
  }

  private DatagramPacket packet(Datagram datagram) {
    ByteBuf buffer = context.alloc().directBuffer(datagram.octets().length());
    return new DatagramPacket(buffer.writeBytes(datagram.octets().asByteBuffer()), datagram.peer());
  }

  private void writeTogether(List<Datagram> train) {
    Datagram first = train.get(0);
    ByteBuf buffer = context.alloc().directBuffer(train.size() * first.octets().length());
    for (Datagram datagram : train) {
      buffer.writeBytes(datagram.octets().asByteBuffer());
    }
    context
        .write(new SegmentedDatagramPacket(buffer, first.octets().length(), first.peer()))
        .addListener(
            (ChannelFuture written) -> {
              if (!written.isSuccess()) {
                refused(train, written.cause());
              }
            });
  }

  /** One by one, then; and when that helps, from now on. */
  private void refused(List<Datagram> train, Throwable cause) {
    if (context.channel().isActive()) {
      context.executor().execute(() -> repeatAlone(train, cause)); // not amid Netty's own flush
    }
  }

  private void repeatAlone(List<Datagram> train, Throwable cause) {
    context.write(packet(train.get(0))).addListener((ChannelFuture first) -> learn(first, cause));
    train.subList(1, train.size()).forEach(this::write);
    context.flush();
  }

  private void learn(ChannelFuture first, Throwable cause) {
    if (first.isSuccess() && segments) {
      segments = false;
      LOG.info(
          "segmentation-refused local={}: {}; datagrams leave one by one",
          context.channel().localAddress(),
          cause.getMessage());
    } else if (!first.isSuccess()) {
      context.fireExceptionCaught(first.cause());
    }
  }
}
