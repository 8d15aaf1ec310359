package io.coagateway.simulator;

import io.coagateway.dhcpv6.AuthOption;
import io.coagateway.dhcpv6.ClientIdOption;
import io.coagateway.dhcpv6.ClientServerMessage;
import io.coagateway.dhcpv6.IaAddressOption;
import io.coagateway.dhcpv6.IaPrefixOption;
import io.coagateway.dhcpv6.InterfaceIdOption;
import io.coagateway.dhcpv6.MessageType;
import io.coagateway.dhcpv6.Option;
import io.coagateway.dhcpv6.OptionCode;
import io.coagateway.dhcpv6.OptionList;
import io.coagateway.dhcpv6.OroOption;
import io.coagateway.dhcpv6.ReconfigureAcceptOption;
import io.coagateway.dhcpv6.RelayMessage;
import io.coagateway.dhcpv6.RsooOption;
import io.coagateway.dhcpv6.ServerIdOption;
import io.coagateway.dhcpv6.StatusCode;
import io.coagateway.simulator.LeaseTable.Client;
import io.coagateway.simulator.LeaseTable.Reconfigure;
import io.coagateway.simulator.Reception.DropReason;
import io.coagateway.simulator.SimulatorParameters.UnknownClients;
import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.Ipv6Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * What a server answers to RENEW, REBIND and INFORMATION-REQUEST (RFC 8415 sections 18.3.4 to
 * 18.3.6): this is where a changed option reaches the client. What the client asks for in its ORO
 * comes from the server's own configuration, and where that has nothing, from the relay's RSOO (RFC
 * 6422 section 6), the innermost relay's first.
 */
final class Renewals {
  /** Seconds; the preferred one is half. */
  private static final long VALID_LIFETIME = 7200;

  private final SimulatorParameters parameters;
  private final LeaseTable leases;
  private final ReplayDetection replay;
  private final RandomGenerator random;

  Renewals(
      SimulatorParameters parameters,
      LeaseTable leases,
      ReplayDetection replay,
      RandomGenerator random) {
    this.parameters = parameters;
    this.leases = leases;
    this.replay = replay;
    this.random = random;
  }

  Judgement judge(Request request) {
    OptionList options = request.message().options();
    MessageType type = request.message().type();
    Optional<ClientIdOption> id = options.first(ClientIdOption.class);
    Optional<ServerIdOption> server = options.first(ServerIdOption.class);
    boolean isInformation = type.equals(MessageType.INFORMATION_REQUEST);
    // RFC 8415 sections 16.6, 16.7 and 16.12.
    if (id.isEmpty() && !isInformation) {
      return Judgement.drop(DropReason.INVALID, "CLIENTID is missing");
    }
    if (type.equals(MessageType.RENEW) && server.isEmpty()) {
      return Judgement.drop(DropReason.INVALID, "SERVERID is missing");
    }
    if (type.equals(MessageType.REBIND) && server.isPresent()) {
      return Judgement.drop(DropReason.INVALID, "SERVERID in REBIND");
    }
    if (server.isPresent() && !server.get().duid().equals(parameters.serverDuid())) {
      return Judgement.drop(DropReason.INVALID, "SERVERID is another server's");
    }
    if (isInformation && options.all().stream().anyMatch(o -> IaView.of(o).isPresent())) {
      return Judgement.drop(DropReason.INVALID, "an identity association in INFORMATION-REQUEST");
    }
    List<Option> answer = new ArrayList<>();
    answer.add(new ServerIdOption(parameters.serverDuid()));
    id.ifPresent(answer::add);
    if (id.isPresent()) {
      Optional<Client> client = meet(request, id.get());
      for (Option option : options) {
        IaView.of(option).ifPresent(ia -> answer.add(renewed(ia, client)));
      }
      client.ifPresent(known -> negotiate(known, options, answer));
    }
    answer.addAll(configuration(request));
    return Judgement.answer(
        new ClientServerMessage(
            MessageType.REPLY, request.message().transactionId(), OptionList.of(answer)));
  }

  /** The client, with where it was heard; an unknown one only when those are believed. */
  private Optional<Client> meet(Request request, ClientIdOption id) {
    if (!leases.knows(id.duid()) && parameters.unknownClients() == UnknownClients.REFUSE) {
      return Optional.empty();
    }
    boolean isNew = !leases.knows(id.duid());
    Client client = leases.findOrAdd(id.duid());
    if (isNew) {
      client.setReconfigure(Reconfigure.REFUSED);
    }
    if (!request.path().isBare()) {
      RelayMessage nearest = request.path().innermost();
      client.setLocation(
          nearest.linkAddress(),
          Optional.of(nearest.peerAddress()),
          nearest.options().first(InterfaceIdOption.class).map(line -> line.id().compact()));
      client.heardThrough(request.path(), request.source());
    }
    return Optional.of(client);
  }

  private Option renewed(IaView ia, Optional<Client> client) {
    boolean isBelieved = parameters.unknownClients() == UnknownClients.BELIEVE;
    if (client.isEmpty() || (!ia.isBound(client.get()) && !isBelieved)) {
      return ia.withStatus(StatusCode.NO_BINDING);
    }
    if (!ia.isBound(client.get())) {
      for (Ipv6Prefix prefix : ia.prefixes()) {
        client.get().leases().add(new Lease(ia.type(), OptionalLong.of(ia.iaid()), prefix));
      }
    }
    List<Option> held = new ArrayList<>();
    for (Lease lease : client.get().leases()) {
      if (lease.isIn(ia.type(), ia.iaid())) {
        Ipv6Address address = lease.prefix().address();
        held.add(
            ia.type() == IaType.IA_PD
                ? new IaPrefixOption(
                    VALID_LIFETIME / 2, VALID_LIFETIME, lease.prefix(), OptionList.EMPTY)
                : new IaAddressOption(
                    address, VALID_LIFETIME / 2, VALID_LIFETIME, OptionList.EMPTY));
      }
    }
    return ia.with(VALID_LIFETIME / 4, VALID_LIFETIME * 2 / 5, OptionList.of(held));
  }

  /** RFC 8415 sections 20.4.2 and 21.20: who says that it takes RECONFIGURE gets a key, once. */
  private void negotiate(Client client, OptionList options, List<Option> answer) {
    if (!options.has(OptionCode.RECONF_ACCEPT)) {
      return;
    }
    client.setReconfigure(Reconfigure.ACCEPTED);
    answer.add(new ReconfigureAcceptOption());
    if (client.key().isEmpty()) {
      client.giveKey(ReconfigureRequests.newKey(random));
      answer.add(AuthOption.rkapKey(replay.next(), client.key().orElseThrow()));
    }
  }

  private List<Option> configuration(Request request) {
    Set<OptionCode> asked =
        Set.copyOf(
            request
                .message()
                .options()
                .first(OroOption.class)
                .map(OroOption::codes)
                .map(codes -> codes.stream().distinct().toList())
                .orElse(List.of()));
    TreeMap<Integer, List<Option>> found = new TreeMap<>();
    for (Option own : parameters.ownOptions()) {
      if (asked.contains(own.code())) {
        found.computeIfAbsent(own.code().number(), code -> new ArrayList<>()).add(own);
      }
    }
    List<RelayMessage> layers = request.path().layers();
    for (int i = layers.size() - 1; i >= 0; i--) {
      TreeMap<Integer, List<Option>> supplied = new TreeMap<>();
      for (RsooOption rsoo : layers.get(i).options().all(RsooOption.class)) {
        for (Option option : rsoo.options()) {
          if (asked.contains(option.code())
              && parameters.relaySuppliedOptions().contains(option.code())) {
            supplied.computeIfAbsent(option.code().number(), c -> new ArrayList<>()).add(option);
          }
        }
      }
      supplied.forEach(found::putIfAbsent);
    }
    return found.values().stream().flatMap(List::stream).toList();
  }
}
