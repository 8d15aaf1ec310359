package io.coagateway.simulator;

import io.coagateway.dhcpv6.ClientIdOption;
import io.coagateway.dhcpv6.ClientServerMessage;
import io.coagateway.dhcpv6.MessageType;
import io.coagateway.dhcpv6.Option;
import io.coagateway.dhcpv6.OptionList;
import io.coagateway.dhcpv6.ServerIdOption;
import io.coagateway.dhcpv6.StatusCode;
import io.coagateway.dhcpv6.StatusCodeOption;
import io.coagateway.simulator.LeaseTable.Client;
import io.coagateway.simulator.Reception.DropReason;
import io.coagateway.simulator.SimulatorParameters.Policy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What RFC 8415 section 18.3.7 has a server do with a RELEASE. */
final class Releases {
  private final SimulatorParameters parameters;
  private final LeaseTable leases;

  Releases(SimulatorParameters parameters, LeaseTable leases) {
    this.parameters = parameters;
    this.leases = leases;
  }

  Judgement judge(Request request) {
    OptionList options = request.message().options();
    Optional<ClientIdOption> client = options.first(ClientIdOption.class);
    Optional<ServerIdOption> server = options.first(ServerIdOption.class);
    // RFC 8415 section 16.9.
    if (client.isEmpty()) {
      return Judgement.drop(DropReason.INVALID, "CLIENTID is missing");
    }
    if (server.isEmpty() || !server.get().duid().equals(parameters.serverDuid())) {
      return Judgement.drop(DropReason.INVALID, "SERVERID is missing or another server's");
    }
    if (parameters.releases() != Policy.ACCEPT) {
      return Judgement.drop(DropReason.SILENT, "RELEASE is never answered");
    }
    if (request.path().isBare()) { // RFC 8415 section 18.4; RFC 9915 knows no such answer
      return answer(request, client.get(), StatusCode.USE_MULTICAST, List.of());
    }
    List<Option> failures = new ArrayList<>();
    Optional<Client> known = leases.find(client.get().duid());
    for (Option option : options) {
      Optional<IaView> ia = IaView.of(option);
      if (ia.isEmpty()) {
        continue;
      }
      if (known.isEmpty() || !ia.get().isBound(known.get())) {
        failures.add(ia.get().withStatus(StatusCode.NO_BINDING));
      } else if (!ia.get().prefixes().isEmpty()) {
        ia.get().free(known.get()); // leases that are not in the association are skipped
      }
    }
    return answer(request, client.get(), StatusCode.SUCCESS, failures);
  }

  private Judgement answer(
      Request request, ClientIdOption client, StatusCode status, List<Option> ias) {
    return Judgement.answer(
        new ClientServerMessage(
            MessageType.REPLY,
            request.message().transactionId(),
            OptionList.of(
                    new ServerIdOption(parameters.serverDuid()),
                    client,
                    new StatusCodeOption(status))
                .plus(OptionList.of(ias))));
  }
}
