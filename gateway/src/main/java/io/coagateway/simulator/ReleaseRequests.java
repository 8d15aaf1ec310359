package io.coagateway.simulator;

import io.coagateway.dhcpv6.ClientDataOption;
import io.coagateway.dhcpv6.ClientIdOption;
import io.coagateway.dhcpv6.ClientServerMessage;
import io.coagateway.dhcpv6.IaAddressOption;
import io.coagateway.dhcpv6.IaPrefixOption;
import io.coagateway.dhcpv6.InterfaceIdOption;
import io.coagateway.dhcpv6.Option;
import io.coagateway.dhcpv6.OptionList;
import io.coagateway.dhcpv6.RelayIdOption;
import io.coagateway.dhcpv6.ServerIdOption;
import io.coagateway.dhcpv6.StatusCode;
import io.coagateway.dhcpv6.StatusCodeOption;
import io.coagateway.simulator.LeaseTable.Client;
import io.coagateway.simulator.Reception.DropReason;
import io.coagateway.simulator.SimulatorParameters.Policy;
import io.coagateway.simulator.SimulatorParameters.UnknownClients;
import io.coagateway.wire.Ipv6Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the release draft has a server do with a RELEASE-REQUEST (sections 3.2.1 and 4.3).
 *
 * <p>The draft says in section 3.1.1 that the leases stand as IAADDR and IAPREFIX in CLIENT_DATA,
 * in 4.1.1 that they stand in identity associations or not at all. All three are taken: containers,
 * bare options, and their absence as "everything of that client".
 */
final class ReleaseRequests {
  private final SimulatorParameters parameters;
  private final LeaseTable leases;

  ReleaseRequests(SimulatorParameters parameters, LeaseTable leases) {
    this.parameters = parameters;
    this.leases = leases;
  }

  Judgement judge(Request request) {
    OptionList options = request.message().options();
    List<ClientDataOption> clients = options.all(ClientDataOption.class);
    Optional<RelayIdOption> relay = options.first(RelayIdOption.class);
    Optional<ServerIdOption> server = options.first(ServerIdOption.class);
    // Section 3.2.1 (RL-31).
    if (relay.isEmpty()) {
      return Judgement.drop(DropReason.INVALID, "RELAY_ID is missing");
    }
    if (clients.isEmpty()) {
      return Judgement.drop(DropReason.INVALID, "CLIENT_DATA is missing");
    }
    for (ClientDataOption client : clients) {
      if (client.options().first(ClientIdOption.class).isEmpty()) {
        return Judgement.drop(DropReason.INVALID, "CLIENT_DATA holds no CLIENTID");
      }
    }
    if (server.isEmpty()) {
      return Judgement.drop(DropReason.INVALID, "SERVERID is missing");
    }
    if (!server.get().duid().equals(parameters.serverDuid())) {
      return Judgement.drop(DropReason.INVALID, "SERVERID is another server's");
    }
    if (!parameters.relayIds().isEmpty() && !parameters.relayIds().contains(relay.get().duid())) {
      return Judgement.drop(DropReason.UNKNOWN_RELAY, "RELAY_ID is not an allowed one"); // RL-43
    }
    if (parameters.releaseRequests() == Policy.SILENT) {
      return Judgement.drop(DropReason.SILENT, "RELEASE-REQUEST is never answered");
    }
    if (parameters.releaseRequests() == Policy.REJECT) { // RL-33
      return answer(request, StatusCode.NOT_CONFIGURED, "not set up for it", List.of());
    }
    if (parameters.refusal().isPresent() && !parameters.refusal().get().isSuccess()) {
      return answer(request, parameters.refusal().get(), "refused as configured", List.of());
    }
    List<Option> failures = new ArrayList<>();
    for (ClientDataOption client : clients) { // RL-35
      release(client.options()).ifPresent(failures::add);
    }
    return answer(request, StatusCode.SUCCESS, "", failures); // RL-36
  }

  /** Frees what one CLIENT_DATA names; the CLIENT_DATA of the answer where something failed. */
  private Optional<Option> release(OptionList named) {
    ClientIdOption id = named.first(ClientIdOption.class).orElseThrow();
    if (parameters.refusedClients().contains(id.duid())) {
      return Optional.of(failed(id, StatusCode.UNSPEC_FAIL, "kept as configured"));
    }
    Optional<Client> known = leases.find(id.duid()).filter(client -> !client.leases().isEmpty());
    if (known.isEmpty()) {
      return parameters.unknownClients() == UnknownClients.BELIEVE && !leases.knows(id.duid())
          ? Optional.empty()
          : Optional.of(failed(id, StatusCode.NO_BINDING, "")); // RL-38
    }
    List<Option> failures = new ArrayList<>();
    int ias = 0;
    for (Option option : named) {
      Optional<IaView> container = IaView.of(option);
      if (container.isPresent()) {
        ias++;
        if (container.get().free(known.get()).isEmpty()) {
          failures.add(container.get().withStatus(StatusCode.NO_BINDING));
        }
      } else if (option instanceof IaAddressOption address) {
        ias++;
        if (freeBare(known.get(), new Ipv6Prefix(address.address(), 128)).isEmpty()) {
          failures.add(new IaAddressOption(address.address(), 0, 0, noBinding()));
        }
      } else if (option instanceof IaPrefixOption prefix) {
        ias++;
        if (freeBare(known.get(), prefix.prefix()).isEmpty()) {
          failures.add(new IaPrefixOption(0, 0, prefix.prefix(), noBinding()));
        }
      }
    }
    if (ias == 0) { // section 4.1.1: absence means all
      known.get().free(lease -> true);
    }
    return failures.isEmpty()
        ? Optional.empty()
        : Optional.of(new ClientDataOption(OptionList.of(id).plus(OptionList.of(failures))));
  }

  private static List<Lease> freeBare(Client client, Ipv6Prefix prefix) {
    return client.free(lease -> lease.prefix().masked().equals(prefix.masked()));
  }

  private static OptionList noBinding() {
    return OptionList.of(new StatusCodeOption(StatusCode.NO_BINDING));
  }

  /** RL-37: a client with its status. */
  private static Option failed(ClientIdOption id, StatusCode status, String text) {
    return new ClientDataOption(OptionList.of(id, new StatusCodeOption(status, text)));
  }

  private Judgement answer(Request request, StatusCode status, String text, List<Option> clients) {
    List<Option> options = new ArrayList<>();
    options.add(new ServerIdOption(parameters.serverDuid()));
    options.add(new StatusCodeOption(status, text));
    request.message().options().first(InterfaceIdOption.class).ifPresent(options::add); // RL-39
    options.addAll(clients);
    return Judgement.answer(
        new ClientServerMessage(
            parameters.releaseReplyType().orElseThrow(),
            request.message().transactionId(),
            OptionList.of(options)));
  }
}
