package io.coagateway.wire;

import java.util.Locale;

/** How a constant is written where people and programs read it: in logs, metrics and settings. */
public final class Label {
  private Label() {}

  /** {@code UNKNOWN_SOURCE} as {@code unknown-source}. */
  public static String of(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
