package io.coagateway.accounting;

import io.coagateway.radius.Attribute;
import io.coagateway.radius.AttributeDictionary;
import io.coagateway.radius.AttributeId;
import io.coagateway.radius.AttributeList;
import io.coagateway.radius.Attributes;
import io.coagateway.wire.Octets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * An Accounting-Request that was proven.
 *
 * @param status what it tells
 * @param attributes all of it, values on memory of their own
 */
record AccountingRequest(Status status, List<Attribute> attributes) {
  /** Acct-Status-Type (RFC 2866 section 5.1). */
  static final AttributeId ACCT_STATUS_TYPE = AttributeId.of(40);

  /** Acct-Delay-Time (RFC 2866 section 5.2). */
  static final AttributeId ACCT_DELAY_TIME = AttributeId.of(41);

  /** What an Accounting-Request tells. */
  enum Status {
    START,
    STOP,
    INTERIM,
    ON,
    OFF,
    /** Something that does not concern sessions of ours. */
    OTHER
  }

  static AccountingRequest of(AttributeList list, AttributeDictionary dictionary) {
    List<Attribute> kept = list.all().stream().map(a -> asKept(a, dictionary)).toList();
    Status status =
        list.first(ACCT_STATUS_TYPE)
            .map(Attribute::value)
            .filter(value -> value.length() == 4)
            .map(
                value ->
                    switch ((int) value.u32(0)) {
                      case 1 -> Status.START;
                      case 2 -> Status.STOP;
                      case 3 -> Status.INTERIM;
                      case 7 -> Status.ON;
                      case 8 -> Status.OFF;
                      default -> Status.OTHER;
                    })
            .orElse(Status.OTHER);
    return new AccountingRequest(status, kept);
  }

  /**
   * The value in the form that the database gives back, so that a record in memory and the same
   * record read again are equal: a prefix may come in 18 octets where 9 would do (RFC 8044 section
   * 3.10).
   */
  private static Attribute asKept(Attribute attribute, AttributeDictionary dictionary) {
    Octets value = attribute.value().compact();
    try {
      return new Attribute(
          attribute.id(), dictionary.parseValue(attribute.id(), dictionary.valueText(attribute)));
    } catch (IllegalArgumentException e) {
      return new Attribute(attribute.id(), value); // its type has no text for this value
    }
  }

  Optional<Octets> first(AttributeId id) {
    return attributes.stream().filter(a -> a.id().equals(id)).map(Attribute::value).findFirst();
  }

  /** How long the NAS has tried to tell it; zero where it does not say. */
  Duration delay() {
    return first(ACCT_DELAY_TIME)
        .filter(value -> value.length() == 4)
        .map(value -> Duration.ofSeconds(value.u32(0)))
        .orElse(Duration.ZERO);
  }

  /** The session's name on its NAS; empty when the request has none. */
  Optional<SessionName> session() {
    return SessionName.in(this::first);
  }

  /** Which NAS speaks: the first of its names that is there. */
  Optional<Attribute> nas() {
    return nasIn(this::first);
  }

  private static Optional<Attribute> nasIn(Function<AttributeId, Optional<Octets>> first) {
    for (AttributeId id :
        List.of(
            Attributes.NAS_IDENTIFIER, Attributes.NAS_IPV6_ADDRESS, Attributes.NAS_IP_ADDRESS)) {
      Optional<Octets> value = first.apply(id);
      if (value.isPresent()) {
        return Optional.of(new Attribute(id, value.get()));
      }
    }
    return Optional.empty();
  }

  /** An Acct-Session-Id is unique on one NAS alone. */
  record SessionName(Optional<Attribute> nas, Octets id) {
    /** From the first value of each attribute; empty where there is no Acct-Session-Id. */
    static Optional<SessionName> in(Function<AttributeId, Optional<Octets>> first) {
      return first.apply(Attributes.ACCT_SESSION_ID).map(id -> new SessionName(nasIn(first), id));
    }

    @Override
    public String toString() {
      return id.toUtf8();
    }
  }
}
