package io.coagateway.relay;

import io.coagateway.dhcpv6.StatusCode;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What one server made of one client.
 *
 * @param server the server
 * @param kind what happened
 * @param status the status code that decided, where an answer did
 * @param notSent why nothing was sent; present when kind is NOT_SENT
 * @param detail the server's own words or ours, for the log; often empty
 * @param transmissions how many times a message that named the client was sent
 * @param freed of a release, the leases that the server says are gone, whatever became of the
 *     others (section 4.4 of the release draft, RL-24)
 */
public record ServerResult(
    DhcpServer server,
    Kind kind,
    Optional<StatusCode> status,
    Optional<NotSentReason> notSent,
    String detail,
    int transmissions,
    List<LeasedIa> freed) {
  /** Copies the list. */
  public ServerResult {
    freed = List.copyOf(freed);
  }

  /** What may happen between a client's task and a server. */
  public enum Kind {
    /** RECONFIGURE-REQUEST: Success, and the client is not listed. Release: all leases are gone. */
    ACCEPTED,
    /** RECONFIGURE-REPLY with Success lists the client: it will not be reconfigured. */
    LISTED,
    /** An answer with another status, after the corrected retries where the status allows them. */
    STATUS,
    /** A REPLY with UnspecFail and our transaction id: the server does not know the message. */
    UNSUPPORTED,
    /** No valid answer before count, duration or deadline ran out. */
    NO_ANSWER,
    /** Nothing was sent. */
    NOT_SENT,
    /** The client was taken out before there was a result. */
    DROPPED,
    /** Not known yet: another server decided first and this exchange runs on. */
    PENDING
  }

  /** Whether the server answered and did not do what was asked. */
  public boolean isRefusal() {
    return kind == Kind.LISTED || kind == Kind.STATUS || kind == Kind.UNSUPPORTED;
  }

  static ServerResult of(DhcpServer server, Kind kind, int transmissions) {
    return new ServerResult(
        server, kind, Optional.empty(), Optional.empty(), "", transmissions, List.of());
  }

  static ServerResult status(
      DhcpServer server, Kind kind, StatusCode status, String detail, int transmissions) {
    return new ServerResult(
        server, kind, Optional.of(status), Optional.empty(), detail, transmissions, List.of());
  }

  static ServerResult notSent(DhcpServer server, NotSentReason reason) {
    return new ServerResult(
        server, Kind.NOT_SENT, Optional.empty(), Optional.of(reason), "", 0, List.of());
  }

  /** This result with more leases that are gone. */
  ServerResult withFreedToo(List<LeasedIa> more) {
    return more.isEmpty()
        ? this
        : withFreed(Stream.concat(freed.stream(), more.stream()).distinct().toList());
  }

  /** This result as Success, if it is none: of several answers each has freed a part. */
  ServerResult accepted() {
    return kind == Kind.ACCEPTED
        ? this
        : new ServerResult(
            server,
            Kind.ACCEPTED,
            Optional.of(StatusCode.SUCCESS),
            Optional.empty(),
            "",
            transmissions,
            freed);
  }

  /** This result with the leases that are gone by it. */
  ServerResult withFreed(List<LeasedIa> leases) {
    return new ServerResult(server, kind, status, notSent, detail, transmissions, leases);
  }
}
