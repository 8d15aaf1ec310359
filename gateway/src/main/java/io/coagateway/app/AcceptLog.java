package io.coagateway.app;

import com.sun.management.UnixOperatingSystemMXBean;
import io.coagateway.config.GatewayConfig;
import io.coagateway.listen.AcceptObserver;
import io.coagateway.radsec.TlsParameters;
import java.lang.management.ManagementFactory;
import java.net.SocketAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What an operator has to know of file descriptors: that there are none left, or may be none. */
final class AcceptLog implements AcceptObserver {
  private static final Logger LOG = LoggerFactory.getLogger("coa-gateway.listen");

  /** Jar and libraries, database, sockets, pipes of commands; with room for a reload. */
  private static final int BESIDE_CONNECTIONS = 192;

  private static final String REMEDY =
      "Raise LimitNOFILE= of the unit (ulimit -n), or lower admin.max-connections and"
          + " radius.tls.max-connections";

  /**
   * Warns when the connections that the configuration admits need more than the process may have.
   */
  static void warnOfFewDescriptors(GatewayConfig config) {
    int wanted =
        BESIDE_CONNECTIONS
            + config.admin().allConnections()
            + config.das().tls().map(TlsParameters::maxConnections).orElse(0);
    long limit = limit();
    if (limit < wanted) {
      LOG.warn("few-descriptors limit={} wanted={}: {}.", limit, wanted, REMEDY);
    }
  }

  @Override
  public void notAccepted(SocketAddress listener, String why) {
    LOG.warn(
        "connections-not-accepted listener={} limit={}: {}. {}.", listener, limit(), why, REMEDY);
  }

  /** How many files and sockets the process may have open. */
  private static long limit() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
        ? unix.getMaxFileDescriptorCount()
        : Long.MAX_VALUE;
  }
}
