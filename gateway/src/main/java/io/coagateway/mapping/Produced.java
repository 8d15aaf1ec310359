package io.coagateway.mapping;

import io.coagateway.wire.Octets;

/**
 * One DHCPv6 option that an attribute turned into, before it is parsed into its typed form.
 *
 * @param code option code, 1 to 65535
 * @param body the octets after code and length
 */
record Produced(int code, Octets body) {}
