package io.coagateway.dynauth;

import io.coagateway.dhcpv6.Duid;
import io.coagateway.relay.DhcpServer;
import io.coagateway.relay.Exchange;
import io.coagateway.relay.ExchangeOutcome;
import io.coagateway.relay.NotSentReason;
import io.coagateway.relay.ReconfigureTask;
import io.coagateway.relay.ReleaseTask;
import java.util.Optional;
import java.util.function.Consumer;

/** What this package asks of the relay-agent role. Only on the gateway's event loop. */
public interface Exchanges {
  /** Asks servers to reconfigure one client; {@code done} is called once, later. */
  Exchange reconfigure(ReconfigureTask task, Consumer<ExchangeOutcome> done);

  /** Asks one server to release one client's leases; {@code done} is called once, later. */
  Exchange release(ReleaseTask task, Consumer<ExchangeOutcome> done);

  /**
   * Why a release would not leave if it were asked for now; empty: it would. To be asked before the
   * data path is cut.
   */
  Optional<NotSentReason> obstacleTo(ReleaseTask task);

  /** The server with this DUID, configured or learned from its answers. */
  Optional<DhcpServer> serverOf(Duid duid);

  /** A server's DUID, configured or learned from its answers. */
  Optional<Duid> duidOf(DhcpServer server);
}
