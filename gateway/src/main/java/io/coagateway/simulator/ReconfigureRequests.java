package io.coagateway.simulator;

import io.coagateway.dhcpv6.ClientIdOption;
import io.coagateway.dhcpv6.ClientServerMessage;
import io.coagateway.dhcpv6.Duid;
import io.coagateway.dhcpv6.LinkAddressOption;
import io.coagateway.dhcpv6.MessageType;
import io.coagateway.dhcpv6.Option;
import io.coagateway.dhcpv6.OptionCode;
import io.coagateway.dhcpv6.OptionList;
import io.coagateway.dhcpv6.ReconfigureMessageOption;
import io.coagateway.dhcpv6.RelayIdOption;
import io.coagateway.dhcpv6.ServerIdOption;
import io.coagateway.dhcpv6.StatusCode;
import io.coagateway.dhcpv6.StatusCodeOption;
import io.coagateway.simulator.LeaseTable.Client;
import io.coagateway.simulator.LeaseTable.Reconfigure;
import io.coagateway.simulator.Reception.DropReason;
import io.coagateway.simulator.SimulatorParameters.Policy;
import io.coagateway.simulator.SimulatorParameters.ReconfigureClients;
import io.coagateway.simulator.SimulatorParameters.UnknownClients;
import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.Ipv6Prefix;
import io.coagateway.wire.Octets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** What RFC 6977 section 6.5 has a server do with a RECONFIGURE-REQUEST. */
final class ReconfigureRequests {
  /** Options that RFC 6977 section 6.3 lets into the message once. */
  private static final List<OptionCode> ONCE =
      List.of(
          OptionCode.LINK_ADDRESS,
          OptionCode.SERVERID,
          OptionCode.RELAY_ID,
          OptionCode.RSOO,
          OptionCode.RECONF_MSG);

  private final SimulatorParameters parameters;
  private final LeaseTable leases;
  private final ReconfigureQueue queue;
  private final RandomGenerator random;

  ReconfigureRequests(
      SimulatorParameters parameters,
      LeaseTable leases,
      ReconfigureQueue queue,
      RandomGenerator random) {
    this.parameters = parameters;
    this.leases = leases;
    this.queue = queue;
    this.random = random;
  }

  Judgement judge(Request request) {
    OptionList options = request.message().options();
    List<ClientIdOption> clients = options.all(ClientIdOption.class);
    Optional<LinkAddressOption> link = options.first(LinkAddressOption.class);
    Optional<ServerIdOption> server = options.first(ServerIdOption.class);
    // Section 6.2.1 (RQ-41): these three are silence, whatever else is wrong.
    if (clients.isEmpty()) {
      return Judgement.drop(DropReason.INVALID, "CLIENTID is missing");
    }
    if (link.isEmpty()) {
      return Judgement.drop(DropReason.INVALID, "LINK_ADDRESS is missing");
    }
    if (server.isPresent() && !server.get().duid().equals(parameters.serverDuid())) {
      return Judgement.drop(DropReason.INVALID, "SERVERID is another server's");
    }
    if (!isRelayIdAllowed(options)) {
      return Judgement.drop(DropReason.UNKNOWN_RELAY, "RELAY_ID is not an allowed one");
    }
    if (parameters.reconfigureRequests() == Policy.SILENT) {
      return Judgement.drop(DropReason.SILENT, "RECONFIGURE-REQUEST is never answered");
    }
    if (parameters.reconfigureRequests() == Policy.REJECT) { // RQ-40, RQ-45
      return answer(request, StatusCode.NOT_ALLOWED, "RECONFIGURE-REQUEST is not allowed here");
    }
    Optional<String> defect = defect(options, clients);
    if (defect.isPresent()) { // RQ-44
      return answer(request, StatusCode.UNSPEC_FAIL, defect.get());
    }
    if (parameters.refusal().isPresent() && !parameters.refusal().get().isSuccess()) {
      return answer(request, parameters.refusal().get(), "refused as configured");
    }
    if (!knowsLink(link.get().address())) { // RQ-46
      return answer(request, StatusCode.NOT_CONFIGURED, "the link is not known here");
    }
    return success(request, clients, link.get().address());
  }

  /** RQ-54: RELAY_ID as a matter of policy. */
  private boolean isRelayIdAllowed(OptionList options) {
    return parameters.relayIds().isEmpty()
        || options
            .first(RelayIdOption.class)
            .filter(id -> parameters.relayIds().contains(id.duid()))
            .isPresent();
  }

  private Optional<String> defect(OptionList options, List<ClientIdOption> clients) {
    for (OptionCode code : ONCE) {
      if (options.count(code) > 1) {
        return Optional.of(code + " occurs more than once");
      }
    }
    Optional<MessageType> hint =
        options.first(ReconfigureMessageOption.class).map(ReconfigureMessageOption::type);
    if (hint.isPresent()
        && !hint.get().equals(MessageType.RENEW)
        && !hint.get().equals(MessageType.REBIND)
        && !hint.get().equals(MessageType.INFORMATION_REQUEST)) {
      return Optional.of("RECONF_MSG asks for " + hint.get());
    }
    for (OptionCode code : parameters.dislikedOptions()) {
      if (options.has(code)) {
        return Optional.of(code + " does not belong here");
      }
    }
    for (ClientIdOption client : clients) {
      if (parameters.poisonousClients().contains(client.duid())) {
        return Optional.of("one client cannot be processed");
      }
    }
    return Optional.empty();
  }

  private boolean knowsLink(Ipv6Address link) {
    return parameters.links().isEmpty() || prefixOf(link).isPresent();
  }

  private Optional<Ipv6Prefix> prefixOf(Ipv6Address link) {
    return parameters.links().stream().filter(prefix -> prefix.contains(link)).findFirst();
  }

  /** Whether two addresses name one link: the same address, or one prefix (section 5). */
  private boolean areOneLink(Ipv6Address one, Ipv6Address other) {
    return one.equals(other) || prefixOf(one).filter(prefix -> prefix.contains(other)).isPresent();
  }

  /** RQ-47, RQ-48: Success, and the clients that will not be reconfigured. */
  private Judgement success(Request request, List<ClientIdOption> clients, Ipv6Address link) {
    MessageType hint =
        request
            .message()
            .options()
            .first(ReconfigureMessageOption.class)
            .map(ReconfigureMessageOption::type)
            .orElse(MessageType.RENEW);
    List<Option> listed = new ArrayList<>();
    for (ClientIdOption named : clients) {
      Optional<Client> client = find(named.duid(), link);
      if (client.isEmpty()) {
        listed.add(named);
      } else if (parameters.reconfigureClients() == ReconfigureClients.THROUGH_RELAY) { // RQ-51
        if (client.get().key().isEmpty()) {
          client.get().giveKey(newKey(random));
        }
        queue.add(client.get(), hint, link, request.source());
      }
    }
    return Judgement.answer(
        new ClientServerMessage(
            MessageType.RECONFIGURE_REPLY,
            request.message().transactionId(),
            OptionList.of(
                    new ServerIdOption(parameters.serverDuid()),
                    new StatusCodeOption(StatusCode.SUCCESS))
                .plus(OptionList.of(listed))));
  }

  /** The client, if it is on that link and takes RECONFIGURE. */
  private Optional<Client> find(Duid duid, Ipv6Address link) {
    if (parameters.listedClients().contains(duid)) {
      return Optional.empty();
    }
    if (!leases.knows(duid) && parameters.unknownClients() == UnknownClients.BELIEVE) {
      leases.findOrAdd(duid).setLocation(link, Optional.empty(), Optional.empty());
    }
    return leases
        .find(duid)
        .filter(client -> client.reconfigure() == Reconfigure.ACCEPTED)
        .filter(client -> client.link().isEmpty() || areOneLink(client.link().get(), link));
  }

  static Octets newKey(RandomGenerator random) {
    byte[] key = new byte[16];
    random.nextBytes(key);
    return Octets.wrap(key);
  }

  private Judgement answer(Request request, StatusCode status, String text) {
    return Judgement.answer(
        new ClientServerMessage(
            MessageType.RECONFIGURE_REPLY,
            request.message().transactionId(), // RQ-42
            OptionList.of(
                new ServerIdOption(parameters.serverDuid()),
                new StatusCodeOption(status, text)))); // RQ-43
  }
}
