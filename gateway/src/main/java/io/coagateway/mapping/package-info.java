/**
 * The table from RADIUS attributes and one session to the options that the relay supplies from now
 * on.
 *
 * <p>A change attribute of a CoA-Request becomes DHCPv6 options (for the RSOO, RFC 6422) or goes as
 * it is into OPTION_RADIUS (RFC 7037), whichever the servers take. New values replace those of the
 * same attribute, the rest of the session's options stays (RFC 5176 section 3.6 note 3), so that
 * what is supplied is always the whole set.
 *
 * <p>May depend on radius and dhcpv6. Open {@link io.coagateway.mapping.Mapping} first, then {@link
 * io.coagateway.mapping.MappingRow}, the table itself.
 */
package io.coagateway.mapping;
