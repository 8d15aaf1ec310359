package io.coagateway.app;

import io.coagateway.inpath.InPathObserver;
import io.coagateway.learn.BindingLearner;
import io.coagateway.relay.DhcpServer;
import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.Octets;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * Shows what passes in the path to a learner. It looks at a message only once that has left: in a
 * task of its own, so that nothing it does can hold up or stop what clients wait for.
 */
final class PathLearning implements InPathObserver {
  private final Executor loop;
  private final InstantSource clock;
  private volatile Optional<BindingLearner> learner = Optional.empty();

  /**
   * @param loop runs tasks on the in-path loop, in order
   */
  PathLearning(Executor loop, InstantSource clock) {
    this.loop = loop;
    this.clock = clock;
  }

  /** From now on {@code one} learns; it is used on the in-path loop alone. */
  void begin(BindingLearner one) {
    learner = Optional.of(one);
  }

  @Override
  public void arrived(Octets relayForward, InetSocketAddress relay) {
    show(relayForward, relay);
  }

  @Override
  public void returned(DhcpServer server, Octets relayReply, InetSocketAddress relay) {
    show(relayReply, server.address());
  }

  private void show(Octets datagram, InetSocketAddress source) {
    Optional<BindingLearner> now = learner;
    if (now.isPresent()) {
      Ipv6Address from =
          Ipv6Address.of(source.getAddress()).orElse(Ipv6Address.UNSPECIFIED); // always IPv6
      loop.execute(() -> now.get().datagram(datagram, from, clock.instant()));
    }
  }
}
