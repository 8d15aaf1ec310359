package io.coagateway.subscriber;

import io.coagateway.radius.AttributeId;
import io.coagateway.radius.IdentificationValue;
import io.coagateway.wire.Octets;

/**
 * One identification attribute that a session must have (RFC 5176 section 3).
 *
 * @param attribute which attribute
 * @param value its value in normal form, see {@link #of}
 */
public record SessionKey(AttributeId attribute, Octets value) {
  /** A key from a value as it stood on the wire; spellings that mean the same become the same. */
  public static SessionKey of(AttributeId attribute, Octets wire) {
    return new SessionKey(attribute, IdentificationValue.normalize(attribute, wire));
  }
}
