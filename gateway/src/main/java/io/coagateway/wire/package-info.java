/**
 * Immutable octet strings, hex text, IPv6 values, the written form of addresses and constants, and
 * bounds-checked reading that names the field and offset when input runs short.
 *
 * <p>Depends on nothing else of the gateway; open to every package. Open {@link
 * io.coagateway.wire.OctetReader} first: every decoder reads through it.
 */
package io.coagateway.wire;
