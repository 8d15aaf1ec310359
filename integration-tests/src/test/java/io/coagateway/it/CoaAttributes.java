package io.coagateway.it;

import io.coagateway.wire.OctetWriter;
import io.coagateway.wire.Octets;
import java.nio.charset.StandardCharsets;

/** Attributes of requests as octets, written by hand (RFC 2865 section 5). */
final class CoaAttributes {
  private static final int USER_NAME = 1;
  private static final int EVENT_TIMESTAMP = 55;
  private static final int DS_LITE_TUNNEL_NAME = 144;

  private CoaAttributes() {}

  /** Who is meant. */
  static Octets user(String name) {
    return attribute(USER_NAME, name.getBytes(StandardCharsets.UTF_8));
  }

  /** Who is meant, and the AFTR that it shall have. */
  static Octets aftr(String user, String name) {
    Octets both = user(user);
    Octets tunnel = attribute(DS_LITE_TUNNEL_NAME, name.getBytes(StandardCharsets.US_ASCII));
    return new OctetWriter(both.length() + tunnel.length()).octets(both).octets(tunnel).toOctets();
  }

  /** When the request was first sent: now. */
  static Octets eventTimestamp() {
    return new OctetWriter(6)
        .u8(EVENT_TIMESTAMP)
        .u8(6)
        .u32(System.currentTimeMillis() / 1000)
        .toOctets();
  }

  private static Octets attribute(int type, byte[] value) {
    return new OctetWriter(value.length + 2)
        .u8(type)
        .u8(value.length + 2)
        .octets(Octets.wrap(value))
        .toOctets();
  }
}
