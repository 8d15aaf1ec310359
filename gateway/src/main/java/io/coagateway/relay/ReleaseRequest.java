package io.coagateway.relay;

import io.coagateway.dhcpv6.ClientDataOption;
import io.coagateway.dhcpv6.ClientIdOption;
import io.coagateway.dhcpv6.ClientServerMessage;
import io.coagateway.dhcpv6.Duid;
import io.coagateway.dhcpv6.InterfaceIdOption;
import io.coagateway.dhcpv6.MessageType;
import io.coagateway.dhcpv6.Option;
import io.coagateway.dhcpv6.OptionList;
import io.coagateway.dhcpv6.RelayIdOption;
import io.coagateway.dhcpv6.ServerIdOption;
import io.coagateway.dhcpv6.StatusCodeOption;
import io.coagateway.wire.OctetWriter;
import io.coagateway.wire.Octets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * RELEASE-REQUEST (section 4.1.1 of draft-gandhewar-dhc-v6-relay-initiated-release-01): server,
 * relay, then one CLIENT_DATA for each client. Two may share a message when they name the same
 * server.
 */
final class ReleaseRequest implements MessageContent {
  private final RelayParameters parameters;
  private final ReleaseMessageTypes types;
  private final Duid serverDuid;
  private final boolean withInterfaceId;
  private final Optional<RelayWrapper> wrapper;
  private final OptionList head;

  /**
   * @param serverDuid the server that gave the leases (RL-4)
   * @param withInterfaceId whether this server wants Interface-Id
   * @param wrapper what goes around it; empty: sent bare
   */
  ReleaseRequest(
      RelayParameters parameters,
      ReleaseMessageTypes types,
      Duid serverDuid,
      boolean withInterfaceId,
      Optional<RelayWrapper> wrapper) {
    this.parameters = parameters;
    this.types = types;
    this.serverDuid = serverDuid;
    this.withInterfaceId = withInterfaceId;
    this.wrapper = wrapper;
    head =
        OptionList.of(
            new ServerIdOption(serverDuid), new RelayIdOption(parameters.relayId())); // RL-4, RL-5
  }

  @Override
  public MessageType type() {
    return types.request();
  }

  @Override
  public MessageType replyType() {
    return types.reply();
  }

  @Override
  public RetransmissionParameters retransmission() {
    return parameters.releaseRetransmission(); // RL-12, RL-13
  }

  @Override
  public Optional<RelayWrapper> wrapper() {
    return wrapper;
  }

  @Override
  public int fixedOctets() {
    return ClientServerMessage.HEADER_LENGTH
        + head.encodedLength()
        + wrapper.map(RelayWrapper::octets).orElse(0);
  }

  @Override
  public int octetsOf(Place place) {
    ReleasePlace release = (ReleasePlace) place;
    int interfaceId =
        interfaceId(release).map(id -> OptionList.OPTION_HEADER_LENGTH + id.length()).orElse(0);
    return OptionList.OPTION_HEADER_LENGTH + release.options().encodedLength() + interfaceId;
  }

  @Override
  public boolean canBeShared() {
    return true;
  }

  /**
   * An answer tells clients apart by their DUID alone (section 4.3, RL-37): two sessions with one
   * DUID, on two lines, are asked for in two messages.
   */
  @Override
  public boolean canJoin(Place place, List<Place> others) {
    return others.stream().noneMatch(other -> other.client().equals(place.client()));
  }

  @Override
  public boolean tellsTime() {
    return false;
  }

  @Override
  public Octets encode(int transactionId, List<Place> places, long elapsedNanos) {
    List<Option> options = new ArrayList<>(places.size() + 3);
    options.addAll(head.all());
    Optional<Octets> common = commonInterfaceId(places);
    common.ifPresent(id -> options.add(new InterfaceIdOption(id))); // RL-9
    for (Place place : places) {
      ReleasePlace release = (ReleasePlace) place;
      Optional<Octets> own = common.isPresent() ? Optional.empty() : interfaceId(release);
      options.add(
          new ClientDataOption( // RL-6
              own.isPresent()
                  ? release.options().plus(new InterfaceIdOption(own.get())) // RL-10
                  : release.options()));
    }
    ClientServerMessage message =
        new ClientServerMessage(type(), transactionId, OptionList.of(options));
    int inner = message.encodedLength();
    OctetWriter writer = new OctetWriter(inner + wrapper.map(RelayWrapper::octets).orElse(0));
    wrapper.ifPresent(w -> w.writeTo(writer, inner));
    message.encodeTo(writer);
    return writer.toOctets();
  }

  /** The Interface-Id that every client of the message has; else each carries its own. */
  private Optional<Octets> commonInterfaceId(List<Place> places) {
    Optional<Octets> first = interfaceId((ReleasePlace) places.get(0));
    for (Place place : places) {
      if (!interfaceId((ReleasePlace) place).equals(first)) {
        return Optional.empty();
      }
    }
    return first;
  }

  private Optional<Octets> interfaceId(ReleasePlace place) {
    return withInterfaceId ? place.task().interfaceId() : Optional.empty();
  }

  @Override
  public Optional<MessageContent> corrected() {
    return withInterfaceId
        ? Optional.of(new ReleaseRequest(parameters, types, serverDuid, false, wrapper))
        : Optional.empty();
  }

  @Override
  public boolean replyNeedsServerId() {
    return false; // unlike RECONFIGURE-REPLY; when present it must match
  }

  @Override
  public boolean replyNeedsStatus() {
    return true; // RL-21
  }

  @Override
  public Optional<Duid> serverDuid() {
    return Optional.of(serverDuid);
  }

  /** Section 4.4: message, client and association, evaluated inside out. */
  @Override
  public List<ServerResult> judge(
      ClientServerMessage reply,
      Optional<StatusCodeOption> status,
      List<Place> places,
      Set<Duid> left,
      DhcpServer by,
      RelayObserver observer) {
    StatusCodeOption top = status.orElseThrow();
    List<ClientDataOption> clients = reply.options().all(ClientDataOption.class);
    List<ServerResult> results = new ArrayList<>(places.size());
    int named = 0;
    for (Place place : places) {
      OptionList answered = OptionList.EMPTY;
      for (ClientDataOption client : clients) {
        if (clientOf(client).equals(Optional.of(place.client()))) {
          answered = answered.plus(client.options());
          named++;
        }
      }
      StatusCodeOption ofClient = LeaseVerdict.statusIn(answered).orElse(top);
      results.add(
          LeaseVerdict.of(
                  (ReleasePlace) place,
                  answered,
                  ofClient,
                  ia -> observer.unknownInAnswer(by, type(), place.client() + " " + ia))
              .toResult(by, place.transmissions()));
    }
    if (named < clients.size()) {
      reportStrangers(clients, places, left, by, observer);
    }
    return results;
  }

  private void reportStrangers(
      List<ClientDataOption> clients,
      List<Place> places,
      Set<Duid> left,
      DhcpServer by,
      RelayObserver observer) {
    for (ClientDataOption client : clients) {
      Optional<Duid> duid = clientOf(client);
      if (duid.filter(left::contains).isEmpty()
          && places.stream().noneMatch(place -> duid.equals(Optional.of(place.client())))) {
        observer.unknownInAnswer(
            by, type(), duid.map(d -> "client " + d).orElse("CLIENT_DATA without CLIENTID"));
      }
    }
  }

  private static Optional<Duid> clientOf(ClientDataOption client) {
    return client.options().first(ClientIdOption.class).map(ClientIdOption::duid);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ReleaseRequest o
        && serverDuid.equals(o.serverDuid)
        && withInterfaceId == o.withInterfaceId;
  }

  @Override
  public int hashCode() {
    return serverDuid.hashCode();
  }
}
