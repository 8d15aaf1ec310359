/**
 * Learning bindings from the DHCPv6 messages between relay and server: which client has which
 * leases, from which server, behind which port. A machine without I/O: whoever sees the messages (a
 * capture, or the relay in the path) shows them to it, in order, with the time.
 *
 * <p>May depend on {@code capture}, {@code dhcpv6}, {@code subscriber}, {@code wire} and {@code
 * time}. Open {@link io.coagateway.learn.BindingLearner} first: messages in, {@link
 * io.coagateway.learn.BindingChange} out. {@link io.coagateway.learn.BindingMerge} says what a
 * change makes of the subscriber records, and {@link io.coagateway.learn.BindingWriter} puts that
 * into the table.
 */
package io.coagateway.learn;
