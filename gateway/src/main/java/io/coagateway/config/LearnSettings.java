package io.coagateway.config;

import io.coagateway.wire.Ipv6Address;
import java.util.List;
import java.util.Set;

/**
 * What is learned from the messages between relay and server.
 *
 * @param capture the program that writes a capture to its stdout, and its arguments; empty: none is
 *     run
 * @param anyServer whether the RELAY-REPL of anybody is believed
 * @param servers otherwise those of these addresses alone
 */
public record LearnSettings(List<String> capture, boolean anyServer, Set<Ipv6Address> servers) {
  /** Copies the collections. */
  public LearnSettings {
    capture = List.copyOf(capture);
    servers = Set.copyOf(servers);
  }

  /** Whether a RELAY-REPL from {@code address} is believed. */
  public boolean isServer(Ipv6Address address) {
    return anyServer || servers.contains(address);
  }
}
