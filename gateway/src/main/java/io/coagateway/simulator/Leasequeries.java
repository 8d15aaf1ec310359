package io.coagateway.simulator;

import io.coagateway.dhcpv6.ClientIdOption;
import io.coagateway.dhcpv6.ClientServerMessage;
import io.coagateway.dhcpv6.IaAddressOption;
import io.coagateway.dhcpv6.LeasequeryOption;
import io.coagateway.dhcpv6.MessageType;
import io.coagateway.dhcpv6.Option;
import io.coagateway.dhcpv6.OptionList;
import io.coagateway.dhcpv6.ServerIdOption;
import io.coagateway.dhcpv6.StatusCode;
import io.coagateway.dhcpv6.StatusCodeOption;
import io.coagateway.simulator.LeaseTable.Client;
import io.coagateway.simulator.Reception.DropReason;
import io.coagateway.wire.Ipv6Address;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What RFC 5007 section 4.3 has a server do with a LEASEQUERY over UDP, if it answers any. Here a
 * client is on one link, so it is never told of as on several (LQ_CLIENT_LINK).
 */
final class Leasequeries {

  private final SimulatorParameters parameters;
  private final LeaseTable leases;

  Leasequeries(SimulatorParameters parameters, LeaseTable leases) {
    this.parameters = parameters;
    this.leases = leases;
  }

  /**
   * @param trusted whether the requestor is one of the relays that are taken
   */
  Judgement judge(Request request, boolean trusted) {
    OptionList options = request.message().options();
    Optional<LeasequeryOption> query = options.first(LeasequeryOption.class);
    Optional<ServerIdOption> server = options.first(ServerIdOption.class);
    // RFC 5007 section 4.2.1.
    if (options.first(ClientIdOption.class).isEmpty() || query.isEmpty()) {
      return Judgement.drop(DropReason.INVALID, "CLIENTID or LQ_QUERY is missing");
    }
    if (server.isPresent() && !server.get().duid().equals(parameters.serverDuid())) {
      return Judgement.drop(DropReason.INVALID, "SERVERID is another server's");
    }
    return trusted
        ? answer(request, query.get())
        : refuse(request, StatusCode.NOT_ALLOWED, "not from this address");
  }

  private Judgement answer(Request request, LeasequeryOption query) {
    int type = query.queryType();
    if (type >= LeasequeryOption.BY_RELAY_ID
        && type <= LeasequeryOption.BY_REMOTE_ID) { // RFC 5460 section 5.4
      return refuse(request, StatusCode.NOT_ALLOWED, "over TCP alone");
    }
    if (type != LeasequeryOption.BY_ADDRESS && type != LeasequeryOption.BY_CLIENT_ID) {
      return refuse(request, StatusCode.UNKNOWN_QUERY_TYPE, "query-type " + type);
    }
    Optional<Ipv6Address> address =
        query.options().first(IaAddressOption.class).map(IaAddressOption::address);
    Optional<ClientIdOption> client = query.options().first(ClientIdOption.class);
    if (type == LeasequeryOption.BY_ADDRESS ? address.isEmpty() : client.isEmpty()) {
      return refuse(
          request,
          StatusCode.MALFORMED_QUERY,
          (type == LeasequeryOption.BY_ADDRESS ? "IAADDR" : "CLIENTID")
              + " is missing in LQ_QUERY");
    }
    Ipv6Address link = query.linkAddress();
    if (!link.isUnspecified()
        && !parameters.links().isEmpty()
        && parameters.links().stream().noneMatch(prefix -> prefix.contains(link))) {
      return refuse(request, StatusCode.NOT_CONFIGURED, "link " + link + " is not known");
    }
    Optional<Client> found =
        type == LeasequeryOption.BY_ADDRESS
            ? holder(address.get())
            : leases.find(client.get().duid());
    List<Option> data = new ArrayList<>();
    found
        .filter(one -> !one.leases().isEmpty())
        .filter(one -> link.isUnspecified() || one.link().isEmpty() || isOn(one, link))
        .ifPresent(one -> data.add(data(one, query)));
    return reply(request, data);
  }

  private Optional<Client> holder(Ipv6Address address) {
    return leases.clients().stream()
        .filter(one -> one.leases().stream().anyMatch(l -> l.prefix().contains(address)))
        .findFirst();
  }

  private boolean isOn(Client client, Ipv6Address link) {
    Ipv6Address own = client.link().orElseThrow();
    return own.equals(link)
        || parameters.links().stream().anyMatch(p -> p.contains(own) && p.contains(link));
  }

  private static Option data(Client client, LeasequeryOption query) {
    return BulkLeasequeryServer.data(
        BulkLeasequeryServer.Leases.of(client),
        List.copyOf(client.leases()),
        BulkLeasequeryServer.asksForRelay(query));
  }

  private Judgement refuse(Request request, StatusCode status, String words) {
    return reply(request, List.of(new StatusCodeOption(status, words)));
  }

  private Judgement reply(Request request, List<Option> more) {
    List<Option> options = new ArrayList<>();
    options.add(new ServerIdOption(parameters.serverDuid()));
    request.message().options().first(ClientIdOption.class).ifPresent(options::add);
    options.addAll(more);
    return Judgement.answer(
        new ClientServerMessage(
            MessageType.LEASEQUERY_REPLY,
            request.message().transactionId(),
            OptionList.of(options)));
  }
}
