package io.coagateway.config;

import io.coagateway.accounting.AccountingParameters;
import io.coagateway.das.AddressRange;
import io.coagateway.das.DasClient;
import io.coagateway.das.DasParameters;
import io.coagateway.das.SessionRule;
import io.coagateway.das.ShieldMode;
import io.coagateway.dhcpv6.OptionCode;
import io.coagateway.dynauth.DynauthParameters;
import io.coagateway.radius.AttributeId;
import io.coagateway.radius.AttributeRule;
import io.coagateway.radius.AttributeTables;
import io.coagateway.radius.DynamicAuthorizationRequest.Kind;
import io.coagateway.radius.RequestParameters.OtherAttributes;
import io.coagateway.radsec.TlsParameters;
import io.coagateway.wire.AddressText;
import io.coagateway.wire.ZonedSocket;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads {@code radius}. */
final class RadiusReader {
  /** RFC 5176 section 2.3 gives the DAS this port. */
  private static final int PORT = 3799;

  /** A DAC gives up then (RFC 5080 section 2.2.1: MRD). */
  private static final Duration DAC_PATIENCE = Duration.ofSeconds(30);

  private static final int MAX_SESSIONS = 10_000;
  private static final int MAX_RECEIVE_BUFFER = 1 << 30;

  private final Names names;
  private final TlsReader tlsReader;

  /**
   * @param nasIdentifier what a Status-Server of ours says we are
   */
  RadiusReader(Names names, Optional<String> nasIdentifier) {
    this.names = names;
    this.tlsReader = new TlsReader(nasIdentifier);
  }

  /**
   * What {@code radius} says, for the packages that it concerns.
   *
   * @param das empty when there is a problem
   */
  record Radius(
      Optional<DasParameters> das,
      RequestSettings requests,
      Set<OptionCode> dhcpv6Options,
      AccountingParameters accounting) {}

  Radius read(Section radius) {
    List<InetSocketAddress> listen =
        radius.list("listen", Forms.socket(PORT), List.of(loopback("127.0.0.1"), loopback("::1")));
    Optional<TlsParameters> tls =
        radius.optionalSection("tls", tlsReader::read).flatMap(parameters -> parameters);
    checkListen(radius, listen);
    Map<Section, DasClient> clients = new LinkedHashMap<>();
    ClientReader reader = new ClientReader(names, tlsReader);
    radius.sections(
        "clients",
        client -> {
          Optional<DasClient> read = reader.read(client);
          read.ifPresent(c -> clients.put(client, c));
          return read;
        });
    if (!radius.has("clients")) {
      radius.missing("clients", "Give at least one DAC with name, addresses and secret.");
    } else if (radius.isEmptyList("clients")) {
      radius.problemAt("clients", "is empty. Give at least one DAC with name, addresses, secret.");
    }
    checkClients(clients);
    checkTls(radius, tls, clients);
    Duration window =
        radius.value(
            "event-timestamp-window",
            Forms.duration(Duration.ofSeconds(1), Duration.ofHours(1)),
            DasParameters.DEFAULT_WINDOW);
    int replayMemory =
        radius.value(
            "replay-memory",
            Forms.integer(DasParameters.MIN_REPLAY_ENTRIES, DasParameters.MAX_REPLAY_ENTRIES),
            DasParameters.DEFAULT_REPLAY_ENTRIES);
    int receiveBuffer =
        radius.value(
            "receive-buffer",
            Forms.integer(4096, MAX_RECEIVE_BUFFER),
            DasParameters.DEFAULT_RECEIVE_BUFFER);
    ShieldMode floodShield =
        radius.value("flood-shield", Form.oneOf(ShieldMode.class), ShieldMode.AUTO);
    RequestSettings requests = requests(radius);
    checkSessionRules(clients, requests.identification());
    List<OptionCode> dhcpv6Options =
        radius.list("dhcpv6-options-allowed", names.option(), List.of());
    Optional<DasParameters> das =
        radius.build(
            () ->
                new DasParameters(
                    listen,
                    List.copyOf(clients.values()),
                    window,
                    replayMemory,
                    receiveBuffer,
                    floodShield,
                    tls));
    AccountingParameters accounting =
        radius.section(
            "accounting",
            section ->
                new AccountingReader(names, reader).read(section, List.copyOf(clients.values())));
    return new Radius(das, requests, Set.copyOf(dhcpv6Options), accounting);
  }

  private RequestSettings requests(Section radius) {
    Duration deadline =
        radius.value(
            "response-deadline",
            Forms.duration(Duration.ofSeconds(1), Duration.ofMinutes(5)),
            DynauthParameters.DEFAULT_RESPONSE_DEADLINE);
    if (deadline.compareTo(DAC_PATIENCE) >= 0) {
      radius.warning(
          "response-deadline",
          "is "
              + Forms.print(deadline)
              + ", but a DAC gives up after 30s (RFC 5080 section 2.2.1) and would not hear the"
              + " answer. Give less, such as 25s.");
    }
    boolean residual = radius.value("residual-context-cause", Forms.SWITCH, false);
    int maxSessions =
        radius.value(
            "max-sessions", Forms.integer(1, MAX_SESSIONS), DynauthParameters.DEFAULT_MAX_SESSIONS);
    OtherAttributes other =
        radius.value("other-attributes", Form.oneOf(OtherAttributes.class), OtherAttributes.REJECT);
    List<AttributeId> identification =
        radius.list("identification-attributes", names.attribute(), List.of());
    for (AttributeId attribute : identification) {
      if (!attribute.isVendor()) {
        radius.problemAt(
            "identification-attributes",
            "names "
                + names.attributes().nameOf(attribute)
                + ", which is no vendor's attribute. RFC 5176 section 3 lists the standard ones;"
                + " only vendors' can be added.");
      }
    }
    boolean strict = radius.value("strict-disconnect", Forms.SWITCH, false);
    return new RequestSettings(
        deadline, residual, maxSessions, other, Set.copyOf(identification), strict);
  }

  /** By what identifies no session a rule proves nothing: the request names them by the rest. */
  private void checkSessionRules(Map<Section, DasClient> clients, Set<AttributeId> identification) {
    clients.forEach(
        (section, client) ->
            client.sessions().stream()
                .map(SessionRule::attribute)
                .filter(id -> !identification.contains(id) && !identifies(id))
                .distinct()
                .forEach(
                    id ->
                        section.warning(
                            "sessions",
                            "has a rule by "
                                + names.attributes().nameOf(id)
                                + ", which identifies no session (RFC 5176 section 3): with it a"
                                + " request may name any. Give one like User-Name, or a vendor's of"
                                + " radius.identification-attributes.")));
  }

  private static boolean identifies(AttributeId attribute) {
    return AttributeTables.rule(Kind.COA, attribute)
        .filter(rule -> rule.role() == AttributeRule.Role.SESSION_IDENTIFICATION)
        .isPresent();
  }

  private static InetSocketAddress loopback(String address) {
    return new InetSocketAddress(NetUtil.createInetAddressFromIpAddressString(address), PORT);
  }

  private static void checkListen(Section radius, List<InetSocketAddress> listen) {
    if (radius.isEmptyList("listen")) {
      radius.problemAt("listen", "is empty. Give at least one, like \"127.0.0.1:3799\".");
    }
    Set<ZonedSocket> seen = new HashSet<>();
    for (InetSocketAddress one : listen) {
      if (!seen.add(ZonedSocket.ofUnicast(one))) {
        radius.problemAt("listen", "names " + AddressText.of(one) + " twice. Keep one of them.");
      }
      InetAddress address = one.getAddress();
      boolean covered =
          !address.isAnyLocalAddress()
              && listen.stream()
                  .anyMatch(
                      other ->
                          other.getPort() == one.getPort()
                              && other.getPort() != 0
                              && other.getAddress().isAnyLocalAddress()
                              && other.getAddress().getClass() == address.getClass());
      if (covered) {
        radius.problemAt(
            "listen",
            "names "
                + AddressText.of(one)
                + " beside the wildcard that includes it. Keep one of them.");
      }
    }
  }

  private static void checkTls(
      Section radius, Optional<TlsParameters> tls, Map<Section, DasClient> clients) {
    boolean anyPeer = false;
    boolean anyConnect = false;
    for (Map.Entry<Section, DasClient> entry : clients.entrySet()) {
      if (entry.getValue().tls().isPresent()) {
        anyPeer = true;
        anyConnect |= !entry.getValue().tls().get().connect().isEmpty();
        if (!radius.has("tls")) {
          entry
              .getKey()
              .problemAt("tls", "needs radius.tls with certificate, key and trusted. Add that.");
        }
      }
    }
    if (tls.isPresent() && !anyPeer) {
      radius.warning("tls", "No client has tls, so nobody can use it. Add tls to one of clients.");
    } else if (tls.isPresent() && tls.get().listen().isEmpty() && !anyConnect) {
      radius.warning(
          "tls", "It neither listens nor connects. Give listen, or connect for a client.");
    }
  }

  /** What must not be the same: names, and ranges of those who have a secret. */
  static void checkClients(Map<Section, DasClient> clients) {
    Map<String, Section> names = new HashMap<>();
    Map<AddressRange, Section> ranges = new HashMap<>();
    List<Map.Entry<Section, DasClient>> inOrder = new ArrayList<>(clients.entrySet());
    for (Map.Entry<Section, DasClient> entry : inOrder) {
      Section section = entry.getKey();
      Section before = names.putIfAbsent(entry.getValue().name(), section);
      if (before != null) {
        section.problem(
            "name", "is also the name of " + before.path() + ". Give each DAC a name of its own.");
      }
      // over TLS the certificate tells clients of one address apart
      for (AddressRange range : entry.getValue().rangesOverUdp()) {
        Section owner = ranges.putIfAbsent(range, section);
        if (owner != null) {
          section.problemAt(
              "addresses",
              "holds "
                  + range
                  + (owner == section ? " twice" : ", which " + owner.path() + " has already")
                  + ". The secret is chosen by source address, so each range belongs to one DAC.");
        }
      }
    }
  }
}
