package io.coagateway.admin;

/** Says what the gateway is doing. */
@FunctionalInterface
public interface StatusSource {
  /** An immutable picture of now. Called on the admin loop, so it must not block. */
  GatewayStatus status();
}
