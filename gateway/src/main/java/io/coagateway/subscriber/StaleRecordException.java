package io.coagateway.subscriber;

/**
 * Somebody else wrote or removed the record since it was read: read it again. Carries no stack
 * trace, for it is an ordinary outcome.
 */
public final class StaleRecordException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String id;

  /** The record {@code id} of {@code nas} was read at {@code version} and is another now. */
  public StaleRecordException(String nas, String id, long version) {
    super(
        "subscriber \"%s\" of NAS \"%s\" is no longer at version %d".formatted(id, nas, version),
        null,
        false,
        false);
    this.id = id;
  }

  /** The record's id. */
  public String id() {
    return id;
  }
}
