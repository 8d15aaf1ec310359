package io.coagateway.subscriber;

import io.coagateway.dhcpv6.OptionList;

/**
 * New options that the relay supplies already, while the server has not yet been heard.
 *
 * @param base the record with its options as they were
 * @param next the options in force
 * @param mark the mark's number in the table; also the version that the record has when the change
 *     is confirmed and nobody else wrote meanwhile
 */
public record PendingChange(SubscriberRecord base, OptionList next, long mark) {
  /**
   * What {@code current} becomes when this change is made to it: the options that it alters are its
   * own, all others stay. Made twice, it makes no difference.
   */
  public OptionList appliedTo(OptionList current) {
    return OptionOctets.merge(base.options(), next, current);
  }
}
