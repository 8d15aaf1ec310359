package io.coagateway.subscriber;

import io.coagateway.dhcpv6.Duid;
import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.Octets;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;

/** What subscribers and NASes may be called, and what a subscriber is called that nobody named. */
public final class RecordNames {
  /** Octets of UTF-8: an index of PostgreSQL takes some 2,700 for an id and its NAS together. */
  public static final int MAX_OCTETS = 1000;

  private RecordNames() {}

  /** Why not every database can have this id or name of a NAS; empty when each can. */
  public static Optional<String> problem(String name) {
    if (name.indexOf('\0') >= 0) {
      return Optional.of("has the character U+0000. Leave it out");
    }
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(name)) {
      return Optional.of("has half of a surrogate pair. Give whole characters");
    }
    int octets = name.getBytes(StandardCharsets.UTF_8).length;
    return octets > MAX_OCTETS
        ? Optional.of("has " + octets + " octets in UTF-8. Give at most " + MAX_OCTETS)
        : Optional.empty();
  }

  /**
   * The id of a record that is named after its client and the place where the client was seen: the
   * same client there always has the same one. An Interface-Id may have thousands of octets; of one
   * that is too long for an id its SHA-256 is taken.
   */
  public static String ofPlace(Duid client, Ipv6Address link, Optional<Octets> interfaceId) {
    String place = client + "@" + link;
    if (interfaceId.isEmpty()) {
      return place;
    }
    String id = place + "/" + text(interfaceId.get());
    return id.length() <= MAX_OCTETS ? id : place + "/sha256:" + digest(interfaceId.get());
  }

  private static String text(Octets interfaceId) {
    for (int i = 0; i < interfaceId.length(); i++) {
      if (interfaceId.u8(i) <= 0x20 || interfaceId.u8(i) > 0x7e) {
        return "0x" + interfaceId;
      }
    }
    return interfaceId.toUtf8();
  }

  private static Octets digest(Octets octets) {
    try {
      return Octets.wrap(MessageDigest.getInstance("SHA-256").digest(octets.toArray()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
