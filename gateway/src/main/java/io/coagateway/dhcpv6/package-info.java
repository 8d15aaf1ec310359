/**
 * DHCPv6 messages, options, DUIDs and status codes: parse, build, print. No input or output, no
 * clock, no state.
 *
 * <p>Whatever {@link io.coagateway.dhcpv6.Message#parse} accepts it gives back octet for octet, and
 * whatever it does not accept ends in a {@link io.coagateway.wire.MalformedException} that names
 * the option, the offset and the reason. Parsing judges layout alone; which options a message must
 * hold is for the role that receives it.
 *
 * <p>Depends on {@code wire} only. Open {@link io.coagateway.dhcpv6.Message} first, then {@link
 * io.coagateway.dhcpv6.OptionList} and {@link io.coagateway.dhcpv6.Option}; {@code OptionParser} is
 * the one table from option codes to types.
 */
package io.coagateway.dhcpv6;
