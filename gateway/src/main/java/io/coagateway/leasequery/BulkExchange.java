package io.coagateway.leasequery;

import io.coagateway.dhcpv6.ClientDataOption;
import io.coagateway.dhcpv6.ClientIdOption;
import io.coagateway.dhcpv6.ClientServerMessage;
import io.coagateway.dhcpv6.Duid;
import io.coagateway.dhcpv6.Message;
import io.coagateway.dhcpv6.MessageType;
import io.coagateway.dhcpv6.ServerIdOption;
import io.coagateway.dhcpv6.StatusCode;
import io.coagateway.dhcpv6.StatusCodeOption;
import io.coagateway.subscriber.TableUnavailableException;
import io.coagateway.wire.MalformedException;
import io.coagateway.wire.Octets;
import java.util.Optional;

/**
 * One query and its answers (RFC 5460 section 6).
 *
 * <pre>
 *   asked --REPLY without CLIENT_DATA--> NOTHING_KNOWN, REFUSED
 *   asked --REPLY with CLIENT_DATA-----> answering --DATA--> answering
 *                                        answering --DONE--> COMPLETE, ABORTED (error status)
 *   either --anything else, another transaction id, not a message--> MALFORMED
 *   either --the connection ends--> ABORTED
 * </pre>
 *
 * <p>One query at a time on a connection, so an answer to another one is a server's mistake and
 * ends it (section 6.4 asks for that where LEASEQUERY-DONE has an unknown transaction id).
 */
final class BulkExchange {
  private final int transactionId;
  private final Duid requestor;
  private final LeaseSink clients;
  private Optional<Duid> server = Optional.empty(); // present: answering
  private Optional<QueryOutcome> outcome = Optional.empty();
  private int told;
  private int withoutData;

  /**
   * @param clients is told of each client as it comes
   */
  BulkExchange(int transactionId, Duid requestor, LeaseSink clients) {
    this.transactionId = transactionId;
    this.requestor = requestor;
    this.clients = clients;
  }

  /** How it ended; empty: it has not. */
  Optional<QueryOutcome> outcome() {
    return outcome;
  }

  /** LEASEQUERY-DATA without CLIENT_DATA, which are discarded (section 6.3). */
  int discarded() {
    return withoutData;
  }

  /** The connection has ended, or will. */
  void onEnd(String why) {
    end(QueryOutcome.Kind.ABORTED, Optional.empty(), why);
  }

  /** One message of the stream. */
  void onMessage(Octets octets) throws TableUnavailableException {
    try {
      if (!(Message.parse(octets) instanceof ClientServerMessage message)) {
        malformed("a relay message");
      } else if (message.transactionId() != transactionId) {
        malformed("%s with transaction id %06x".formatted(message.type(), message.transactionId()));
      } else if (server.isEmpty() && message.type().equals(MessageType.LEASEQUERY_REPLY)) {
        onReply(message);
      } else if (server.isPresent() && message.type().equals(MessageType.LEASEQUERY_DATA)) {
        onData(message);
      } else if (server.isPresent() && message.type().equals(MessageType.LEASEQUERY_DONE)) {
        onDone(message);
      } else {
        malformed(message.type() + (server.isEmpty() ? " before" : " after") + " the REPLY");
      }
    } catch (MalformedException e) {
      malformed(e.getMessage());
    }
  }

  private void onReply(ClientServerMessage reply) throws TableUnavailableException {
    Optional<Duid> from = reply.options().first(ServerIdOption.class).map(ServerIdOption::duid);
    Optional<Duid> to = reply.options().first(ClientIdOption.class).map(ClientIdOption::duid);
    if (from.isEmpty() || !to.equals(Optional.of(requestor))) {
      malformed("a REPLY without Server Identifier, or for another requestor"); // RFC 5007 4.3.1
      return;
    }
    Optional<StatusCodeOption> refusal = refusal(reply);
    if (refusal.isPresent()) {
      end(QueryOutcome.Kind.REFUSED, Optional.of(refusal.get().status()), refusal.get().message());
    } else if (!reply.options().all(ClientDataOption.class).isEmpty()) {
      server = Optional.of(from.get().compact());
      tell(reply);
    } else {
      end(QueryOutcome.Kind.NOTHING_KNOWN, Optional.empty(), ""); // and no DONE follows
    }
  }

  private void onData(ClientServerMessage data) throws TableUnavailableException {
    if (data.options().all(ClientDataOption.class).isEmpty()) {
      withoutData++;
    } else {
      tell(data);
    }
  }

  private void onDone(ClientServerMessage done) {
    Optional<StatusCodeOption> error = refusal(done);
    if (error.isPresent()) {
      end(
          QueryOutcome.Kind.ABORTED,
          Optional.of(error.get().status()),
          "the server ended early: " + error.get().message());
    } else {
      end(QueryOutcome.Kind.COMPLETE, Optional.empty(), "");
    }
  }

  private static Optional<StatusCodeOption> refusal(ClientServerMessage message) {
    return message
        .options()
        .first(StatusCodeOption.class)
        .filter(status -> !status.status().equals(StatusCode.SUCCESS));
  }

  private void tell(ClientServerMessage message) throws TableUnavailableException {
    for (ClientDataOption data : message.options().all(ClientDataOption.class)) {
      Optional<LeasedClient> client =
          LeasedClient.of(server.orElseThrow(), data, message.options());
      if (client.isPresent()) {
        told++;
        clients.take(client.get());
      } else {
        withoutData++;
      }
    }
  }

  private void malformed(String what) {
    end(QueryOutcome.Kind.MALFORMED, Optional.empty(), what);
  }

  private void end(QueryOutcome.Kind kind, Optional<StatusCode> status, String detail) {
    if (outcome.isEmpty()) {
      outcome = Optional.of(new QueryOutcome(kind, status, detail, told));
    }
  }
}
