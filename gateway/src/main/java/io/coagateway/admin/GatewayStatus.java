package io.coagateway.admin;

import io.coagateway.das.DropReason;
import io.coagateway.radius.DynamicAuthorizationRequest.Kind;
import io.coagateway.radius.ErrorCause;
import io.coagateway.radsec.ReverseStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What the gateway is doing, at one moment: what the status page shows. Anybody who reaches the
 * port can read it, so it names no subscriber.
 *
 * @param version of the program
 * @param nas the NAS-Identifier; empty: any
 * @param startedAt when the gateway started to answer
 * @param now when this picture was taken
 * @param inFlight requests that wait for their outcome, oldest first; the first few
 * @param inFlightCount how many there are in all
 * @param refusals the last NAKs, newest first
 * @param drops what got no answer, by reason, since the start; those that happened
 * @param clients the DACs in configured order
 * @param servers the DHCPv6 servers in configured order
 * @param table the subscriber table
 * @param tls connections over TLS; empty: not configured
 */
public record GatewayStatus(
    String version,
    Optional<String> nas,
    Instant startedAt,
    Instant now,
    List<InFlight> inFlight,
    int inFlightCount,
    List<Refused> refusals,
    List<Dropped> drops,
    List<Client> clients,
    List<Server> servers,
    Table table,
    Optional<Tls> tls) {
  /** Copies the lists. */
  public GatewayStatus {
    inFlight = List.copyOf(inFlight);
    refusals = List.copyOf(refusals);
    drops = List.copyOf(drops);
    clients = List.copyOf(clients);
    servers = List.copyOf(servers);
  }

  /**
   * A request that waits.
   *
   * @param client the DAC's name
   * @param identifier the RADIUS Identifier, 0 to 255
   * @param age since it was received
   * @param waitsFor in words that name no subscriber, like {@code dhcp-1} or {@code the subscriber
   *     table}
   */
  public record InFlight(Kind kind, String client, int identifier, Duration age, String waitsFor) {}

  /**
   * A request that was refused.
   *
   * @param at when
   * @param cause what the DAC was told
   * @param reason in words, without anything that identifies a subscriber
   */
  public record Refused(
      Instant at,
      Kind kind,
      String client,
      int identifier,
      Optional<ErrorCause> cause,
      String reason) {}

  /**
   * Datagrams that got no answer for one reason.
   *
   * @param count since the start
   * @param lastClient the DAC that the last one came from; empty: none is configured for its source
   * @param lastAt when that was
   */
  public record Dropped(DropReason reason, long count, String lastClient, Instant lastAt) {}

  /**
   * One DAC.
   *
   * @param limit its rate limit in text; empty: none
   * @param acks CoA-ACKs and Disconnect-ACKs since the start
   * @param naks likewise
   */
  public record Client(
      String name, String addresses, Optional<String> limit, long requests, long acks, long naks) {}

  /**
   * One DHCPv6 server.
   *
   * @param modes how it is reconfigured and released, like {@code rfc6977, relayed-release}
   * @param reachability whether it answers
   * @param outstanding messages that wait for its answer
   * @param queued messages that wait for its limit
   * @param limit its rate limit in text
   * @param sent messages since the start, retransmissions included
   * @param answered valid answers since the start
   * @param unanswered exchanges that ended without an answer
   */
  public record Server(
      String name,
      String address,
      String modes,
      Reachability reachability,
      int outstanding,
      int queued,
      String limit,
      long sent,
      long answered,
      long unanswered) {}

  /**
   * RADIUS over TLS.
   *
   * @param connections those that are open
   * @param reverse those that we want to have, with CoA coming back over them
   * @param certificateEnds when our certificate expires
   */
  public record Tls(
      List<Connection> connections, List<Reverse> reverse, Optional<Instant> certificateEnds) {
    /** Copies the lists. */
    public Tls {
      connections = List.copyOf(connections);
      reverse = List.copyOf(reverse);
    }
  }

  /**
   * An open connection.
   *
   * @param reverse whether we opened it
   * @param lasting since it was opened
   * @param packets received over it
   */
  public record Connection(
      String client,
      boolean reverse,
      String remote,
      String protocol,
      Duration lasting,
      long packets) {}

  /**
   * A connection that we want to have.
   *
   * @param lasting how long it has been in this state
   * @param failures attempts that failed since it last worked
   * @param lastFailure why, perhaps empty
   */
  public record Reverse(
      String client,
      String server,
      ReverseStatus.State state,
      Duration lasting,
      int failures,
      String lastFailure) {}

  /** Whether a server answers. */
  public enum Reachability {
    /** Nothing was sent to it yet. */
    UNTRIED,
    /** Something was; it neither answered yet nor was it waited for to the end. */
    ASKED,
    /** Its last exchange was answered. */
    ANSWERS,
    /** Its last exchange was not. */
    SILENT,
    /** Its last answer came when nobody waited for it any longer. */
    LATE,
    /** It says that it does not know the message. */
    UNSUPPORTING
  }

  /**
   * The subscriber table.
   *
   * @param records how many
   * @param database where, without password
   * @param queued requests that wait for the database
   * @param queueLimit how many may
   * @param complete whether lookups are answered from memory alone
   * @param failure why the last write failed
   */
  public record Table(
      long records,
      String database,
      int queued,
      int queueLimit,
      boolean complete,
      Optional<String> failure) {}
}
