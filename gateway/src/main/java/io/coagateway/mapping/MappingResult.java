package io.coagateway.mapping;

import io.coagateway.dhcpv6.OptionList;
import io.coagateway.radius.AttributeId;
import io.coagateway.radius.ErrorCause;
import java.util.List;

/** What the changes of a CoA-Request come to for one session. */
public sealed interface MappingResult {
  /** Which of the two it is. */
  enum Kind {
    MAPPED,
    REFUSED
  }

  /** Which of the two it is. */
  Kind kind();

  /**
   * The change can be made.
   *
   * @param next all that the relay supplies from now on; option 81 is OPTION_RADIUS, which stands
   *     beside the RSOO, everything else stands inside
   * @param ignored attributes that nothing can carry, where the configuration says to ignore those
   */
  record Mapped(OptionList next, List<AttributeId> ignored) implements MappingResult {
    @Override
    public Kind kind() {
      return Kind.MAPPED;
    }
  }

  /**
   * The change cannot be made; nothing was changed.
   *
   * @param cause 401, 404 or 407
   * @param attribute the attribute at fault
   * @param reason what is wrong, in words for the log
   */
  record Refused(ErrorCause cause, AttributeId attribute, String reason) implements MappingResult {
    @Override
    public Kind kind() {
      return Kind.REFUSED;
    }
  }
}
