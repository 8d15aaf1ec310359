package io.coagateway.radius;

import java.util.Optional;

/** The packet types of dynamic authorization, by their codes (RFC 5176 section 2.3). */
public enum PacketCode {
  /** Asks for sessions to be ended. */
  DISCONNECT_REQUEST(40, "Disconnect-Request"),
  /** All matching sessions are gone. */
  DISCONNECT_ACK(41, "Disconnect-ACK"),
  /** No session was touched. */
  DISCONNECT_NAK(42, "Disconnect-NAK"),
  /** Asks for the authorizations of sessions to be changed. */
  COA_REQUEST(43, "CoA-Request"),
  /** All matching sessions were changed. */
  COA_ACK(44, "CoA-ACK"),
  /** No session was changed. */
  COA_NAK(45, "CoA-NAK");

  private final int number;
  private final String text;

  PacketCode(int number, String text) {
    this.number = number;
    this.text = text;
  }

  /** The Code field, 40 to 45. */
  public int number() {
    return number;
  }

  /** Whether this is what a client sends: 40 and 43. */
  public boolean isRequest() {
    return this == DISCONNECT_REQUEST || this == COA_REQUEST;
  }

  /** Whether a server did what was asked: 41 and 44. */
  public boolean isAck() {
    return this == DISCONNECT_ACK || this == COA_ACK;
  }

  /**
   * The ACK to this request.
   *
   * @throws IllegalStateException when this is no request
   */
  public PacketCode ack() {
    return switch (this) {
      case DISCONNECT_REQUEST -> DISCONNECT_ACK;
      case COA_REQUEST -> COA_ACK;
      case DISCONNECT_ACK, DISCONNECT_NAK, COA_ACK, COA_NAK -> throw noRequest();
    };
  }

  /**
   * The NAK to this request.
   *
   * @throws IllegalStateException when this is no request
   */
  public PacketCode nak() {
    return switch (this) {
      case DISCONNECT_REQUEST -> DISCONNECT_NAK;
      case COA_REQUEST -> COA_NAK;
      case DISCONNECT_ACK, DISCONNECT_NAK, COA_ACK, COA_NAK -> throw noRequest();
    };
  }

  private IllegalStateException noRequest() {
    return new IllegalStateException(text + " has no answer");
  }

  /** The type of a Code field; empty for every code that is not of RFC 5176. */
  public static Optional<PacketCode> of(int number) {
    return switch (number) {
      case 40 -> Optional.of(DISCONNECT_REQUEST);
      case 41 -> Optional.of(DISCONNECT_ACK);
      case 42 -> Optional.of(DISCONNECT_NAK);
      case 43 -> Optional.of(COA_REQUEST);
      case 44 -> Optional.of(COA_ACK);
      case 45 -> Optional.of(COA_NAK);
      default -> Optional.empty();
    };
  }

  /** The name as RFC 5176 writes it; for other codes {@code code 1}. */
  public static String nameOf(int number) {
    return of(number).map(PacketCode::toString).orElseGet(() -> "code " + number);
  }

  /** The name as RFC 5176 writes it, for example {@code CoA-Request}. */
  @Override
  public String toString() {
    return text;
  }
}
