package io.coagateway.learn;

import io.coagateway.subscriber.IdentityAssociation;
import io.coagateway.wire.Ipv6Prefix;
import java.time.Instant;

/** What a server said of one lease, or of a whole identity association. */
public sealed interface LeaseChange {
  /** The kinds of change. */
  enum Kind {
    /** {@link Granted}. */
    GRANTED,
    /** {@link Gone}. */
    GONE,
    /** {@link NoBinding}. */
    NO_BINDING
  }

  /** Which kind. */
  Kind kind();

  /** The kind of identity association. */
  IdentityAssociation.Type type();

  /** Its IAID, 0 to 4294967295. */
  long iaid();

  /**
   * The client has the lease.
   *
   * @param type the kind of identity association
   * @param iaid its IAID
   * @param lease an address as /128, or a delegated prefix
   * @param validUntil its end in whole seconds; {@link IdentityAssociation#FOREVER} for infinity
   */
  record Granted(IdentityAssociation.Type type, long iaid, Ipv6Prefix lease, Instant validUntil)
      implements LeaseChange {
    @Override
    public Kind kind() {
      return Kind.GRANTED;
    }
  }

  /**
   * The client has the lease no longer: it was released or declined, or its lifetime set to zero.
   *
   * @param type the kind of identity association
   * @param iaid its IAID
   * @param lease an address as /128, or a delegated prefix
   */
  record Gone(IdentityAssociation.Type type, long iaid, Ipv6Prefix lease) implements LeaseChange {
    @Override
    public Kind kind() {
      return Kind.GONE;
    }
  }

  /**
   * The server has no binding for the identity association at all (NoBinding on Renew or Rebind,
   * RFC 8415 section 18.3.4).
   *
   * @param type the kind of identity association
   * @param iaid its IAID
   */
  record NoBinding(IdentityAssociation.Type type, long iaid) implements LeaseChange {
    @Override
    public Kind kind() {
      return Kind.NO_BINDING;
    }
  }
}
