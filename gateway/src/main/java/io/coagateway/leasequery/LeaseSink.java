package io.coagateway.leasequery;

import io.coagateway.subscriber.TableUnavailableException;

/** Takes what a server tells, one client at a time. */
@FunctionalInterface
public interface LeaseSink {
  /**
   * A client and its leases.
   *
   * @throws TableUnavailableException when it cannot be kept: there is no use in reading on
   */
  void take(LeasedClient client) throws TableUnavailableException;
}
