package io.coagateway.subscriber;

import java.time.Duration;
import java.util.Optional;

/**
 * How a database server is reached, and who we are among the gateways that share it. A database in
 * a file needs none of it.
 *
 * @param user the database's user; empty: that of the URL, or the one this process runs as
 * @param password never shown; empty when the server asks for none
 * @param connections the most connections at once, at least 2: one writes, one reads
 * @param connectTimeout how long a request waits for a connection, at least 250 ms
 * @param statementTimeout how long the server may work on one statement, more than zero
 * @param gateway this gateway's name; no other that shares the table has it, and it stays the same
 *     over restarts, since it says whose unfinished changes are ours
 */
public record ServerAccess(
    Optional<String> user,
    Optional<String> password,
    int connections,
    Duration connectTimeout,
    Duration statementTimeout,
    String gateway) {
  /** The least {@code connectTimeout}; the pool knows no shorter one. */
  public static final Duration LEAST_CONNECT_TIMEOUT = Duration.ofMillis(250);

  /** Refuses what cannot work, naming the parameter and the bound. */
  public ServerAccess {
    if (connections < 2) {
      throw new IllegalArgumentException("connections " + connections + " is not 2 or more");
    }
    if (connectTimeout.compareTo(LEAST_CONNECT_TIMEOUT) < 0) {
      throw new IllegalArgumentException("connectTimeout " + connectTimeout + " is below 250 ms");
    }
    if (statementTimeout.isNegative() || statementTimeout.isZero()) {
      throw new IllegalArgumentException("statementTimeout " + statementTimeout + " is not > 0");
    }
    if (gateway.isEmpty()) {
      throw new IllegalArgumentException("gateway has no name");
    }
  }

  /** The defaults: 4 connections, 2 s for a connection, 10 s for a statement. */
  public static ServerAccess of(Optional<String> user, Optional<String> password, String gateway) {
    return new ServerAccess(
        user, password, 4, Duration.ofSeconds(2), Duration.ofSeconds(10), gateway);
  }

  @Override
  public String toString() {
    return "ServerAccess[user="
        + user.orElse("")
        + ", password="
        + (password.isPresent() ? "(hidden)" : "none")
        + ", connections="
        + connections
        + ", gateway="
        + gateway
        + ']';
  }
}
