package io.coagateway.simulator;

import io.coagateway.dhcpv6.ClientServerMessage;
import io.coagateway.dhcpv6.Message;
import io.coagateway.dhcpv6.MessageType;
import io.coagateway.dhcpv6.OptionList;
import io.coagateway.dhcpv6.ServerIdOption;
import io.coagateway.dhcpv6.StatusCode;
import io.coagateway.dhcpv6.StatusCodeOption;
import io.coagateway.simulator.Reception.DropReason;
import io.coagateway.wire.AddressText;
import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.Ipv6Prefix;
import io.coagateway.wire.MalformedException;
import io.coagateway.wire.Octets;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;

/**
 * The server, without a socket: a datagram in, what became of it out. The RECONFIGUREs that follow
 * a RECONFIGURE-REQUEST wait their turn in the rate limit; ask {@link #dueReconfigures} for them.
 *
 * <pre>
 *   datagram ─ loss? ─ take relays' messages off ─ known relay? ─ by type:
 *     RECONFIGURE-REQUEST      {@code ReconfigureRequests}   RFC 6977 section 6.5
 *     RELEASE-REQUEST          {@code ReleaseRequests}       release draft section 4.3
 *     RELEASE                  {@code Releases}              RFC 8415 section 18.3.7
 *     RENEW REBIND
 *     INFORMATION-REQUEST      {@code Renewals}              RFC 8415 sections 18.3.4 to 18.3.6
 *     LEASEQUERY               {@code Leasequeries}          RFC 5007 section 4.3, if wanted
 *     anything else            dropped                       RFC 8415 section 16
 *   ─ put relays' messages on ─ reply
 * </pre>
 *
 * <p>Not thread-safe: one thread owns it and its {@link LeaseTable}.
 */
public final class SimulatedServer {
  private final SimulatorParameters parameters;
  private final RandomGenerator random;
  private final ReconfigureQueue queue;
  private final ReconfigureRequests reconfigureRequests;
  private final ReleaseRequests releaseRequests;
  private final Releases releases;
  private final Renewals renewals;
  private final Leasequeries leasequeries;
  private int toDrop;

  /**
   * @param parameters how to behave
   * @param leases the clients known at the start; changed as messages come
   * @param clock for the replay counter of RECONFIGURE
   * @param random for reconfigure keys and simulated loss
   */
  public SimulatedServer(
      SimulatorParameters parameters,
      LeaseTable leases,
      InstantSource clock,
      RandomGenerator random) {
    this.parameters = parameters;
    this.random = random;
    this.toDrop = parameters.dropFirst();
    ReplayDetection replay = new ReplayDetection(clock);
    this.queue = new ReconfigureQueue(parameters, replay);
    this.reconfigureRequests = new ReconfigureRequests(parameters, leases, queue, random);
    this.releaseRequests = new ReleaseRequests(parameters, leases);
    this.releases = new Releases(parameters, leases);
    this.renewals = new Renewals(parameters, leases, replay, random);
    this.leasequeries = new Leasequeries(parameters, leases);
  }

  /**
   * Handles one datagram.
   *
   * @param datagram as received
   * @param source address and port it came from
   * @param nanos monotonic time
   */
  public Reception receive(Octets datagram, InetSocketAddress source, long nanos) {
    if (toDrop > 0) {
      toDrop--;
      return Reception.dropped(
          Optional.empty(), DropReason.SIMULATED_LOSS, toDrop + " more will be lost");
    }
    if (parameters.dropPercent() > 0 && random.nextInt(100) < parameters.dropPercent()) {
      return Reception.dropped(
          Optional.empty(), DropReason.SIMULATED_LOSS, parameters.dropPercent() + " percent");
    }
    RelayPath path;
    Octets inner;
    try {
      RelayPath.Unwrapped unwrapped = RelayPath.unwrap(datagram);
      path = unwrapped.path();
      inner = unwrapped.inner();
    } catch (MalformedException e) {
      return Reception.dropped(Optional.empty(), DropReason.MALFORMED, e.getMessage());
    }
    Message innermost;
    try {
      innermost = Message.parse(inner);
    } catch (MalformedException e) {
      return malformed(inner, path, source, e);
    }
    Optional<Message> whole = Optional.of(rebuild(datagram, innermost));
    if (!(innermost instanceof ClientServerMessage message)) {
      return Reception.dropped(
          whole, DropReason.NOT_FOR_SERVERS, innermost.type() + " is for relays");
    }
    Judgement judgement = judge(new Request(message, path, source, nanos));
    return judgement
        .answer()
        .map(answer -> Reception.answered(whole.get(), reply(answer, path, source)))
        .orElseGet(() -> new Reception(whole, List.of(), judgement.drop()));
  }

  /** The whole message for people; it parses, because each of its layers did. */
  private static Message rebuild(Octets datagram, Message innermost) {
    try {
      return Message.parse(datagram);
    } catch (MalformedException e) {
      // Only the depth of all layers together can fail here.
      return innermost;
    }
  }

  /** RFC 6977 section 6.5: a malformed RECONFIGURE-REQUEST is answered with UnspecFail (RQ-44). */
  private Reception malformed(
      Octets inner, RelayPath path, InetSocketAddress source, MalformedException e) {
    boolean isRequest =
        inner.length() >= ClientServerMessage.HEADER_LENGTH
            && inner.u8(0) == MessageType.RECONFIGURE_REQUEST.number();
    if (!isRequest
        || refusalOf(path, source).isPresent()
        || parameters.reconfigureRequests() != SimulatorParameters.Policy.ACCEPT) {
      return Reception.dropped(Optional.empty(), DropReason.MALFORMED, e.getMessage());
    }
    ClientServerMessage answer =
        new ClientServerMessage(
            MessageType.RECONFIGURE_REPLY,
            ClientServerMessage.transactionIdOf(inner),
            OptionList.of(
                new ServerIdOption(parameters.serverDuid()),
                new StatusCodeOption(StatusCode.UNSPEC_FAIL, e.getMessage())));
    return new Reception(Optional.empty(), List.of(reply(answer, path, source)), Optional.empty());
  }

  private Judgement judge(Request request) {
    MessageType type = request.message().type();
    Optional<Judgement> refusal = refusalOf(request.path(), request.source());
    if (type.equals(MessageType.RECONFIGURE_REQUEST)) {
      return refusal.orElseGet(() -> reconfigureRequests.judge(request));
    }
    if (parameters.releaseRequestType().isPresent()
        && type.equals(parameters.releaseRequestType().get())) {
      return refusal.orElseGet(() -> releaseRequests.judge(request));
    }
    if (type.equals(MessageType.RELEASE)) {
      return releases.judge(request);
    }
    if (type.equals(MessageType.RENEW)
        || type.equals(MessageType.REBIND)
        || type.equals(MessageType.INFORMATION_REQUEST)) {
      return renewals.judge(request);
    }
    if (type.equals(MessageType.LEASEQUERY) && parameters.leasequery()) {
      return leasequeries.judge(request, refusal.isEmpty());
    }
    // RQ-57, RL-25: replies are never for a server; unknown types neither (RFC 8415 section 16).
    return Judgement.drop(
        DropReason.NOT_FOR_SERVERS, parameters.names().nameOf(type) + " is not for this server");
  }

  /** RQ-53, RQ-55, RQ-56, RL-41, RL-42: what is not from a trusted relay is dropped silently. */
  private Optional<Judgement> refusalOf(RelayPath path, InetSocketAddress source) {
    if (!knows(source)) {
      return Optional.of(
          Judgement.drop(DropReason.UNKNOWN_RELAY, AddressText.of(source.getAddress())));
    }
    if (!path.isBare() && parameters.relayedRequests() != SimulatorParameters.Policy.ACCEPT) {
      return Optional.of(Judgement.drop(DropReason.UNKNOWN_RELAY, "relayed requests are refused"));
    }
    return Optional.empty();
  }

  private boolean knows(InetSocketAddress source) {
    if (parameters.relays().isEmpty()) {
      return true;
    }
    Optional<Ipv6Address> address = Ipv6Address.of(source.getAddress());
    for (Ipv6Prefix prefix : parameters.relays()) {
      if (address.isPresent() && prefix.contains(address.get())) {
        return true;
      }
    }
    return false;
  }

  private Reply reply(Message answer, RelayPath path, InetSocketAddress source) {
    return new Reply(path.wrap(answer), ReconfigureQueue.destination(parameters, path, source));
  }

  /** The RECONFIGUREs that may leave now (RFC 6977 sections 6.5 and 7). */
  public List<Reply> dueReconfigures(long nanos) {
    return queue.due(nanos);
  }

  /** When the next RECONFIGURE may leave, monotonic; empty when none waits. */
  public OptionalLong nextReconfigureNanos() {
    return queue.nextNanos();
  }
}
