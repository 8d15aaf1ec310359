package io.coagateway.datagram;

import io.netty.channel.Channel;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.socket.DatagramChannel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the kernel may hold for a UDP socket until it is read (SO_RCVBUF). */
public final class ReceiveBuffer {
  private static final Logger LOG = LoggerFactory.getLogger(ReceiveBuffer.class);

  private ReceiveBuffer() {}

  /**
   * How many octets the kernel has granted, in the terms of what was asked for: Linux keeps twice
   * of that, for its own records, and tells twice (socket(7)).
   */
  public static int granted(Channel channel) {
    int told = ((DatagramChannel) channel).config().getReceiveBufferSize();
    return channel instanceof EpollDatagramChannel ? told / 2 : told; // the JDK tells half itself
  }

  /**
   * Warns when less was granted than asked for.
   *
   * @param local the socket's address, for the line
   * @param wanted octets, as asked for
   */
  public static void warnIfLess(Channel channel, String local, int wanted) {
    int granted = granted(channel);
    if (granted < wanted) {
      LOG.warn(
          "small-receive-buffer local={} wanted={} granted={} remedy=\"sysctl -w"
              + " net.core.rmem_max={}\"",
          local,
          wanted,
          granted,
          wanted);
    }
  }
}
