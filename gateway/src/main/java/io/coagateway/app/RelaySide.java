package io.coagateway.app;

import io.coagateway.dhcpv6.Duid;
import io.coagateway.dynauth.Exchanges;
import io.coagateway.relay.DhcpServer;
import io.coagateway.relay.Exchange;
import io.coagateway.relay.ExchangeOutcome;
import io.coagateway.relay.NotSentReason;
import io.coagateway.relay.ReconfigureTask;
import io.coagateway.relay.RelayAgent;
import io.coagateway.relay.ReleaseTask;
import java.util.Optional;
import java.util.function.Consumer;

/** The relay agent as the decisions see it. */
record RelaySide(RelayAgent relay) implements Exchanges {
  @Override
  public Exchange reconfigure(ReconfigureTask task, Consumer<ExchangeOutcome> done) {
    return relay.reconfigure(task, done);
  }

  @Override
  public Exchange release(ReleaseTask task, Consumer<ExchangeOutcome> done) {
    return relay.release(task, done);
  }

  @Override
  public Optional<NotSentReason> obstacleTo(ReleaseTask task) {
    return relay.obstacleTo(task);
  }

  @Override
  public Optional<DhcpServer> serverOf(Duid duid) {
    return relay.serverOf(duid);
  }

  @Override
  public Optional<Duid> duidOf(DhcpServer server) {
    return relay.duidOf(server);
  }
}
