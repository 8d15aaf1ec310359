package io.coagateway.admin;

/** Says how the gateway is. */
@FunctionalInterface
public interface HealthSource {
  /** The health now. Called on the admin loop, so it must not block. */
  Health health();
}
