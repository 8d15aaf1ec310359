package io.coagateway.radius;

/** Codes of packets that are not of dynamic authorization, for which {@link PacketCode} is. */
public final class OtherPacketCodes {
  /** Access-Accept (RFC 2865 section 4.2), also the answer to a Status-Server. */
  public static final int ACCESS_ACCEPT = 2;

  /** Accounting-Request (RFC 2866 section 4.1). */
  public static final int ACCOUNTING_REQUEST = 4;

  /** Accounting-Response (RFC 2866 section 4.2). */
  public static final int ACCOUNTING_RESPONSE = 5;

  /** Status-Server (RFC 5997 section 3). */
  public static final int STATUS_SERVER = 12;

  private OtherPacketCodes() {}
}
