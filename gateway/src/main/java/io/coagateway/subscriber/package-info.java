/**
 * The subscriber table: sessions, their DHCPv6 identity and link, and lookup by identification
 * attributes.
 *
 * <p>May depend on {@code radius}, {@code dhcpv6}, {@code wire} and {@code time}. Open {@link
 * io.coagateway.subscriber.SubscriberTable} first: it is all that the rest of the gateway sees; the
 * database's own public face is {@code gateway/SCHEMA.md}. Behind the interface, {@code
 * GroupCommitTable} queues writes for one writer thread, {@code MemoryIndex} answers lookups, and a
 * {@code TableStore} talks SQL: {@code SqlSession} what all databases share, {@code SqliteSession}
 * what is SQLite's own; schemas in resource files.
 */
package io.coagateway.subscriber;
