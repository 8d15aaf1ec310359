package io.coagateway.dynauth;

import io.coagateway.radius.AttributeId;
import io.coagateway.radius.DynamicAuthorizationRequest;
import io.coagateway.subscriber.SubscriberRecord;

/**
 * Hears of requests as they go. Called on the gateway's event loop: implementations count and
 * return.
 */
public interface RequestObserver {
  /** Nobody listens. */
  RequestObserver NONE = new RequestObserver() {};

  /** A request while it is under way, for who looks at it. On the gateway's event loop. */
  @FunctionalInterface
  interface UnderWay {
    /** What it waits for now, in words that name no subscriber. */
    String waitsFor();
  }

  /**
   * A request was taken up.
   *
   * @param underWay can be asked until the request is finished
   */
  default void started(DynamicAuthorizationRequest request, UnderWay underWay) {}

  /** A request was answered. */
  default void finished(RequestReport report) {}

  /** An attribute that nothing can carry was left out ({@code other-attributes: ignore}). */
  default void ignored(DynamicAuthorizationRequest request, AttributeId attribute) {}

  /** A repeated identical request joined the exchange under way. */
  default void joined(DynamicAuthorizationRequest request) {}

  /**
   * A refused Disconnect: the server has freed some of the session's leases all the same.
   *
   * @param record without them, as it is in the table now
   */
  default void leasesReleased(SubscriberRecord record) {}

  /** Something happened beside a request that an operator should see, in words. */
  default void noted(String event, String words) {}
}
