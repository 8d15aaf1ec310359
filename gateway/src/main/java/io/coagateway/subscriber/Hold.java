package io.coagateway.subscriber;

import java.util.List;

/**
 * Subscribers that no other gateway may work on, until the hold is let go or has run out.
 *
 * @param keys the store's own numbers of their rows, none where nobody else could
 */
public record Hold(List<Long> keys) {
  /** Of a table that no other gateway shares. */
  public static final Hold NONE = new Hold(List.of());
}
