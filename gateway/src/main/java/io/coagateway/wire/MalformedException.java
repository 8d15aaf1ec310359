package io.coagateway.wire;

/**
 * Input that cannot be what it claims to be. The message is written for a person: it names the
 * field, the offset and the reason, for example {@code IA_PD > IAPREFIX: valid-lifetime needs 4
 * octets at offset 24, found 0}.
 *
 * <p>It carries no stack trace: what is wrong is in the packet, and a flood of bad packets must not
 * cost more than good ones.
 */
public final class MalformedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final int offset;

  /**
   * @param message what is wrong, naming field, offset and reason
   * @param offset where, in octets from the start of the outermost input
   */
  public MalformedException(String message, int offset) {
    super(message, null, false, false);
    this.offset = offset;
  }

  /** Where the input stopped making sense, in octets from the start of the outermost input. */
  public int offset() {
    return offset;
  }

  /** The same defect seen from one container further out: {@code container > message}. */
  public MalformedException within(String container) {
    String separator = getMessage().indexOf(':') < 0 ? ": " : " > ";
    return new MalformedException(container + separator + getMessage(), offset);
  }
}
