package io.coagateway.relay;

import io.coagateway.dhcpv6.ClientIdOption;
import io.coagateway.dhcpv6.ClientServerMessage;
import io.coagateway.dhcpv6.Duid;
import io.coagateway.dhcpv6.InterfaceIdOption;
import io.coagateway.dhcpv6.LinkAddressOption;
import io.coagateway.dhcpv6.MessageType;
import io.coagateway.dhcpv6.Option;
import io.coagateway.dhcpv6.OptionCode;
import io.coagateway.dhcpv6.OptionList;
import io.coagateway.dhcpv6.RadiusOption;
import io.coagateway.dhcpv6.ReconfigureMessageOption;
import io.coagateway.dhcpv6.RelayIdOption;
import io.coagateway.dhcpv6.RsooOption;
import io.coagateway.dhcpv6.StatusCode;
import io.coagateway.dhcpv6.StatusCodeOption;
import io.coagateway.wire.OctetWriter;
import io.coagateway.wire.Octets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * RECONFIGURE-REQUEST (RFC 6977 section 6.3): the Client Identifiers first, then what all clients
 * of the message share. Two are equal when that common part is, octet for octet: same link, same
 * options, same Reconfigure Message (RQ-9).
 */
final class ReconfigureRequest implements MessageContent {
  private final RelayParameters parameters;
  private final DhcpServer server;
  private final ReconfigureTask task;
  private final Optional<RelayWrapper> wrapper;
  private final boolean corrected;
  private final Octets common;

  /**
   * @param wrapper what goes around it; empty: sent bare
   */
  ReconfigureRequest(
      RelayParameters parameters,
      DhcpServer server,
      ReconfigureTask task,
      Optional<RelayWrapper> wrapper) {
    this(parameters, server, task, wrapper, false);
  }

  private ReconfigureRequest(
      RelayParameters parameters,
      DhcpServer server,
      ReconfigureTask task,
      Optional<RelayWrapper> wrapper,
      boolean corrected) {
    this.parameters = parameters;
    this.server = server;
    this.task = task;
    this.wrapper = wrapper;
    this.corrected = corrected;
    common = commonOptions().encode();
  }

  private OptionList commonOptions() {
    List<Option> options = new ArrayList<>(6);
    options.add(new LinkAddressOption(task.linkAddress())); // RQ-2, RQ-4
    if (server.includes(Include.RELAY_ID)) {
      options.add(new RelayIdOption(parameters.relayId())); // RQ-5
    }
    addSupplied(options); // RQ-6
    if (includesReconfigureMessage()) {
      options.add(new ReconfigureMessageOption(parameters.reconfigureMessageType())); // RQ-7
    }
    if (includesInterfaceId()) {
      options.add(new InterfaceIdOption(task.interfaceId().orElseThrow())); // RQ-8
    }
    if (server.includes(Include.REMOTE_ID)) {
      task.remoteId().ifPresent(options::add);
    }
    if (server.includes(Include.SUBSCRIBER_ID)) {
      task.subscriberId().ifPresent(options::add);
    }
    return OptionList.of(options);
  }

  private void addSupplied(List<Option> options) {
    switch (server.carryOptions()) {
      case RSOO -> {
        List<Option> permitted = permitted();
        if (!permitted.isEmpty()) {
          options.add(new RsooOption(OptionList.of(permitted)));
        }
      }
      case RADIUS -> options.addAll(task.supplied().all(RadiusOption.class));
      case NONE -> {}
    }
  }

  /** RFC 6422 section 5: a relay MUST NOT send others. By code, so that equal sets look equal. */
  private List<Option> permitted() {
    List<Option> permitted = new ArrayList<>(task.supplied().size());
    boolean sorted = true;
    int last = 0;
    for (Option option : task.supplied()) {
      int code = option.code().number();
      if (code != OptionCode.RADIUS.number() && server.rsooOptions().contains(option.code())) {
        permitted.add(option);
        sorted &= code >= last;
        last = code;
      }
    }
    if (!sorted) {
      permitted.sort(Comparator.comparingInt(option -> option.code().number()));
    }
    return permitted;
  }

  private boolean includesReconfigureMessage() {
    return !corrected && server.includes(Include.RECONFIGURE_MESSAGE);
  }

  private boolean includesInterfaceId() {
    return !corrected && server.includes(Include.INTERFACE_ID) && task.interfaceId().isPresent();
  }

  @Override
  public MessageType type() {
    return MessageType.RECONFIGURE_REQUEST;
  }

  @Override
  public MessageType replyType() {
    return MessageType.RECONFIGURE_REPLY;
  }

  @Override
  public RetransmissionParameters retransmission() {
    return parameters.reconfigureRetransmission();
  }

  @Override
  public Optional<RelayWrapper> wrapper() {
    return wrapper;
  }

  @Override
  public int fixedOctets() {
    int inner = ClientServerMessage.HEADER_LENGTH + common.length();
    return wrapper.isPresent() ? wrapper.get().octets() + inner : inner;
  }

  @Override
  public int octetsOf(Place place) {
    return OptionList.OPTION_HEADER_LENGTH + place.client().octets().length();
  }

  @Override
  public boolean canBeShared() {
    return true;
  }

  @Override
  public boolean tellsTime() {
    return false;
  }

  @Override
  public Octets encode(int transactionId, List<Place> places, long elapsedNanos) {
    Collection<Duid> clients = clients(places);
    int inner = ClientServerMessage.HEADER_LENGTH + common.length();
    for (Duid client : clients) {
      inner += OptionList.OPTION_HEADER_LENGTH + client.octets().length();
    }
    OctetWriter writer =
        new OctetWriter(inner + (wrapper.isPresent() ? wrapper.get().octets() : 0));
    if (wrapper.isPresent()) {
      wrapper.get().writeTo(writer, inner);
    }
    writer.u8(type().number()).u24(transactionId); // RQ-1
    for (Duid client : clients) { // RQ-2
      writer
          .u16(OptionCode.CLIENTID.number())
          .u16(client.octets().length())
          .octets(client.octets());
    }
    return writer.octets(common).toOctets();
  }

  /** Each client once (RQ-9), though several tasks may concern it: two sessions with one DUID. */
  private static Collection<Duid> clients(List<Place> places) {
    if (places.size() == 1) {
      return List.of(places.get(0).client());
    }
    Set<Duid> clients = new LinkedHashSet<>();
    for (Place place : places) {
      clients.add(place.client());
    }
    return clients;
  }

  @Override
  public Optional<MessageContent> corrected() {
    return includesInterfaceId() || includesReconfigureMessage()
        ? Optional.of(new ReconfigureRequest(parameters, server, task, wrapper, true))
        : Optional.empty();
  }

  @Override
  public boolean replyNeedsServerId() {
    return true; // RQ-31
  }

  @Override
  public boolean replyNeedsStatus() {
    return true; // RQ-32
  }

  @Override
  public Optional<Duid> serverDuid() {
    return Optional.empty();
  }

  /**
   * RQ-36, read with Success: a client is handled when the status is Success and the reply does not
   * list it. Any other status handles nobody, whoever is listed (RQ-33). Being listed holds for
   * every place of that client.
   */
  @Override
  public List<ServerResult> judge(
      ClientServerMessage reply,
      Optional<StatusCodeOption> status,
      List<Place> places,
      Set<Duid> left,
      DhcpServer by,
      RelayObserver observer) {
    StatusCodeOption answer = status.orElseThrow();
    boolean success = answer.status().equals(StatusCode.SUCCESS);
    Set<Duid> listed = listed(reply);
    List<ServerResult> results = new ArrayList<>(places.size());
    for (int i = 0; i < places.size(); i++) {
      Place place = places.get(i);
      boolean isListed = !listed.isEmpty() && listed.contains(place.client());
      ServerResult.Kind kind =
          !success
              ? ServerResult.Kind.STATUS
              : isListed ? ServerResult.Kind.LISTED : ServerResult.Kind.ACCEPTED;
      results.add(
          ServerResult.status(by, kind, answer.status(), answer.message(), place.transmissions()));
    }
    if (!listed.isEmpty()) {
      places.forEach(place -> listed.remove(place.client()));
      listed.removeAll(left);
      listed.forEach(stranger -> observer.unknownInAnswer(by, type(), "client " + stranger));
    }
    return results;
  }

  private static Set<Duid> listed(ClientServerMessage reply) {
    Set<Duid> listed = Set.of();
    for (Option option : reply.options()) {
      if (option instanceof ClientIdOption client) {
        if (listed.isEmpty()) {
          listed = new HashSet<>();
        }
        listed.add(client.duid());
      }
    }
    return listed;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ReconfigureRequest o && common.equals(o.common);
  }

  @Override
  public int hashCode() {
    return common.hashCode();
  }
}
