package io.coagateway.learn;

import io.coagateway.dhcpv6.ClientIdOption;
import io.coagateway.dhcpv6.ClientServerMessage;
import io.coagateway.dhcpv6.Duid;
import io.coagateway.dhcpv6.Message;
import io.coagateway.dhcpv6.MessageType;
import io.coagateway.dhcpv6.OptionCode;
import io.coagateway.dhcpv6.OptionList;
import io.coagateway.dhcpv6.RelayMessage;
import io.coagateway.dhcpv6.ServerIdOption;
import io.coagateway.subscriber.ReconfigureAccept;
import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.MalformedException;
import io.coagateway.wire.Octets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Learns bindings from the messages between relay and server, shown to it in the order in which
 * they passed. What counts is the server's REPLY: a RELEASE alone ends nothing, since a server may
 * refuse it, and since the gateway's own ones are on that wire too.
 *
 * <pre>
 *   RELAY-FORW { SOLICIT, REQUEST, RENEW, REBIND, RELEASE, DECLINE, … }   remembered by transaction
 *   RELAY-REPL { REPLY }   its request says what it answers:
 *       SOLICIT (rapid), REQUEST, RENEW, REBIND   leases granted, gone (lifetime 0), NoBinding
 *       RELEASE, DECLINE                          leases of the request gone
 *       others                                    the client has come back, no lease changes
 *       not seen                                  leases granted; what is granted is granted
 * </pre>
 *
 * <p>Not thread-safe: one owner shows it everything. Memory is bounded by {@link LearnParameters};
 * bindings are not kept here but in the subscriber table.
 */
public final class BindingLearner {
  private static final Set<MessageType> GRANTING =
      Set.of(MessageType.SOLICIT, MessageType.REQUEST, MessageType.RENEW, MessageType.REBIND);
  private static final Set<MessageType> TAKING_BACK =
      Set.of(MessageType.RELEASE, MessageType.DECLINE);
  private static final Set<MessageType> OTHER_REQUESTS =
      Set.of(MessageType.CONFIRM, MessageType.INFORMATION_REQUEST);

  /** Where a client that is willing says so (RFC 8415 sections 18.2.1, 18.2.2 and 21.20). */
  private static final Set<MessageType> TELLS_ACCEPT =
      Set.of(MessageType.SOLICIT, MessageType.REQUEST);

  private final Transactions transactions;
  private final Predicate<Ipv6Address> isServer;
  private final Consumer<BindingChange> changes;
  private final LearnObserver observer;

  /**
   * @param parameters how much is remembered
   * @param isServer whose RELAY-REPL is believed: whoever can send one to a relay could otherwise
   *     make up bindings
   * @param changes gets what is learned
   * @param observer told what passes and what is skipped
   */
  public BindingLearner(
      LearnParameters parameters,
      Predicate<Ipv6Address> isServer,
      Consumer<BindingChange> changes,
      LearnObserver observer) {
    this.transactions = new Transactions(parameters);
    this.isServer = isServer;
    this.changes = changes;
    this.observer = observer;
  }

  /**
   * A datagram that passed, to or from port 547.
   *
   * @param payload of the UDP datagram
   * @param source who sent it
   * @param seen when
   */
  public void datagram(Octets payload, Ipv6Address source, Instant seen) {
    if (payload.isEmpty()) {
      skip(SkipReason.MALFORMED, "an empty datagram from " + source);
      return;
    }
    MessageType type = MessageType.of(payload.u8(0));
    if (!type.isRelay()) {
      skip(
          isBetweenRelayAndServer(type) ? SkipReason.OTHER_MESSAGE : SkipReason.NOT_RELAYED,
          type + " from " + source);
    } else if (type.equals(MessageType.RELAY_REPL) && !isServer.test(source)) {
      skip(SkipReason.UNKNOWN_SERVER, "RELAY-REPL from " + source);
    } else {
      try {
        message((RelayMessage) Message.parse(payload), seen);
      } catch (MalformedException e) {
        skip(SkipReason.MALFORMED, type + " from " + source + ": " + e.getMessage());
      }
    }
  }

  /** What clients send and get: RFC 8415 section 7.3; the rest is between relays and servers. */
  private static boolean isBetweenRelayAndServer(MessageType type) {
    return type.number() > MessageType.INFORMATION_REQUEST.number();
  }

  /** A relay message that passed, from a source that is trusted. */
  public void message(RelayMessage message, Instant seen) {
    Optional<RelayPath> path = RelayPath.of(message);
    observer.seen();
    if (path.isEmpty()) {
      skip(SkipReason.OTHER_MESSAGE, message.type() + " that carries no message");
    } else if (message.type().equals(MessageType.RELAY_FORW)) {
      request(path.get(), seen);
    } else {
      fromServer(path.get(), seen);
    }
  }

  private void request(RelayPath path, Instant seen) {
    ClientServerMessage message = path.message();
    MessageType type = message.type();
    if (!GRANTING.contains(type) && !TAKING_BACK.contains(type) && !OTHER_REQUESTS.contains(type)) {
      skip(SkipReason.OTHER_MESSAGE, type + " in RELAY-FORW");
      return;
    }
    Optional<Duid> duid = clientOf(message);
    if (duid.isEmpty()) {
      skip(SkipReason.NO_IDENTIFIER, type + " without Client Identifier"); // may be anonymous
      return;
    }
    transactions.ask(
        Transactions.Key.of(path),
        new Transactions.Request(path.client(duid.get()), message, seen));
  }

  private void fromServer(RelayPath path, Instant seen) {
    ClientServerMessage reply = path.message();
    Optional<Duid> duid = clientOf(reply);
    Optional<Duid> server = reply.options().first(ServerIdOption.class).map(ServerIdOption::duid);
    Transactions.Key key = Transactions.Key.of(path);
    if (!reply.type().equals(MessageType.REPLY)) {
      skip(SkipReason.OTHER_MESSAGE, reply.type() + " in RELAY-REPL"); // an ADVERTISE binds nothing
    } else if (duid.isEmpty() || server.isEmpty()) {
      skip(SkipReason.NO_IDENTIFIER, "REPLY without Client or Server Identifier");
    } else if (transactions.isCopy(key, reply, seen)) {
      skip(SkipReason.COPY, "REPLY to " + duid.get());
    } else {
      Optional<Transactions.Request> request = transactions.answer(key, reply, seen);
      if (request.isPresent() && !request.get().client().duid().equals(duid.get())) {
        skip(
            SkipReason.OTHER_CLIENT,
            "REPLY to " + duid.get() + ", asked by " + request.get().client().duid());
      } else {
        reply(path, request, duid.get(), server.get().compact(), seen);
      }
    }
  }

  private void reply(
      RelayPath path,
      Optional<Transactions.Request> request,
      Duid duid,
      Duid server,
      Instant seen) {
    OptionList options = path.message().options();
    Optional<MessageType> asked = request.map(Transactions.Request::message).map(Message::type);
    ReplyReader reader = new ReplyReader(seen, (why, what) -> skip(why, what + ", " + duid));
    List<LeaseChange> leases;
    if (asked.isEmpty()) {
      leases =
          reader.granting(options).stream()
              .filter(change -> change.kind() == LeaseChange.Kind.GRANTED)
              .toList();
      if (leases.isEmpty()) {
        skip(SkipReason.NO_REQUEST, "REPLY to " + duid);
      }
    } else if (TAKING_BACK.contains(asked.get())) {
      leases = reader.takingBack(request.get().message().options(), options);
    } else if (GRANTING.contains(asked.get())) {
      leases = reader.granting(options);
      cameBack(request.get().client(), options, seen);
    } else {
      leases = List.of();
      if (asked.get().equals(MessageType.INFORMATION_REQUEST)) {
        cameBack(request.get().client(), options, seen);
      }
    }
    if (!leases.isEmpty()) {
      RelayedClient client =
          request.map(Transactions.Request::client).orElseGet(() -> path.client(duid));
      changes.accept(new BindingChange(client, server, accept(request), leases));
    }
  }

  /** A client that was refused goes on with what it had (RFC 8415 section 18.2.10). */
  private void cameBack(RelayedClient client, OptionList reply, Instant seen) {
    if (!ReplyReader.isRefused(reply)) {
      observer.cameBack(client, reply, seen);
    }
  }

  private static ReconfigureAccept accept(Optional<Transactions.Request> request) {
    if (request.isEmpty()) {
      return ReconfigureAccept.UNKNOWN;
    }
    ClientServerMessage message = request.get().message();
    if (message.options().has(OptionCode.RECONF_ACCEPT)) {
      return ReconfigureAccept.YES;
    }
    return TELLS_ACCEPT.contains(message.type()) ? ReconfigureAccept.NO : ReconfigureAccept.UNKNOWN;
  }

  private static Optional<Duid> clientOf(ClientServerMessage message) {
    return message.options().first(ClientIdOption.class).map(ClientIdOption::duid);
  }

  private void skip(SkipReason reason, String detail) {
    observer.skipped(reason, detail);
  }

  /** How many requests wait for their REPLY. */
  public int openRequests() {
    return transactions.open();
  }
}
