package io.coagateway.subscriber;

import io.coagateway.dhcpv6.OptionList;

/**
 * What a CoA wants of one subscriber.
 *
 * @param base the record as it was when the change was worked out; a change from an older version
 *     than the table's is refused as stale
 * @param next the whole set that the relay shall supply from now on
 */
public record OptionChange(SubscriberRecord base, OptionList next) {}
