package io.coagateway.radius;

import java.util.Objects;

/**
 * What is wrong with one attribute of a packet that is otherwise in order. RFC 6929 section 2.8
 * calls it an invalid attribute; in a CoA or Disconnect it earns Error-Cause 404 (RFC 5176 section
 * 3.5).
 *
 * @param id which attribute
 * @param offset where it goes wrong, in octets from the start of the attributes
 * @param reason in words, naming the bound that was broken
 */
public record AttributeDefect(AttributeId id, int offset, String reason) {
  /** All are needed. */
  public AttributeDefect {
    Objects.requireNonNull(id);
    Objects.requireNonNull(reason);
  }
}
