package io.coagateway.metrics;

import io.coagateway.dhcpv6.MessageType;
import io.coagateway.wire.Label;
import java.util.Locale;

/** How enums and message types are written as label values. Made once for each meter. */
final class Labels {
  private Labels() {}

  /** {@code UNKNOWN_SOURCE} as {@code unknown-source}. */
  static String of(Enum<?> constant) {
    return Label.of(constant);
  }

  /** {@code RECONFIGURE-REQUEST} as {@code reconfigure-request}; a number without name as it is. */
  static String of(MessageType type) {
    return type.toString().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
