package io.coagateway.config;

import io.coagateway.config.InPathReader.InPath;
import io.coagateway.config.LeasequeryReader.Leasequery;
import io.coagateway.config.ServerReader.Server;
import io.coagateway.dhcpv6.Duid;
import io.coagateway.dhcpv6.MessageType;
import io.coagateway.radius.AttributeId;
import io.coagateway.relay.DhcpServer;
import io.coagateway.relay.ForwardingParameters;
import io.coagateway.relay.ForwardingParameters.Policy;
import io.coagateway.relay.ReconfigureMode;
import io.coagateway.relay.RelayParameters;
import io.coagateway.relay.ReleaseMessageTypes;
import io.coagateway.relay.ReleaseMode;
import io.coagateway.relay.RetransmissionParameters;
import io.coagateway.wire.Ipv6Prefix;
import io.coagateway.wire.Octets;
import io.coagateway.wire.ZonedSocket;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Reads {@code dhcpv6} and checks what its servers need of each other and of the rest. */
final class Dhcpv6Reader {
  private static final Map<String, MessageType> RECONFIGURE_MESSAGES =
      Map.of(
          "renew", MessageType.RENEW,
          "rebind", MessageType.REBIND,
          "information-request", MessageType.INFORMATION_REQUEST);

  /** RFC 8415 section 21.19: the messages that a RECONFIGURE may ask for. */
  private static final Form<MessageType> RECONFIGURE_MESSAGE =
      Form.of(
          text -> {
            MessageType type = RECONFIGURE_MESSAGES.get(text);
            if (type == null) {
              throw new BadValue(
                  "is not one of the choices. Give renew | rebind | information-request.");
            }
            return type;
          },
          type ->
              RECONFIGURE_MESSAGES.entrySet().stream()
                  .filter(e -> e.getValue().equals(type))
                  .map(Map.Entry::getKey)
                  .findFirst()
                  .orElseThrow());

  /** An IPv6 prefix, or an address for the /128. */
  static final Form<Ipv6Prefix> PREFIX =
      Form.of(
          text -> {
            try {
              return Ipv6Prefix.parse(text.indexOf('/') < 0 ? text + "/128" : text);
            } catch (IllegalArgumentException e) {
              throw new BadValue("is not an IPv6 address or prefix. Give one like 2001:db8::/32.");
            }
          });

  private static final InetSocketAddress ANY =
      new InetSocketAddress(NetUtil.createInetAddressFromIpAddressString("::"), 0);

  /** IANA "DHCPv6 Message Types": everything up to here belongs to somebody. */
  private static final int LAST_ASSIGNED_TYPE = 37;

  private final Changes changes;
  private final TableSettings table;

  Dhcpv6Reader(Changes changes, TableSettings table) {
    this.changes = changes;
    this.table = table;
  }

  /**
   * What {@code dhcpv6} says.
   *
   * @param relay makes the parameters once the relay's DUID is known; empty when there is a problem
   * @param relayId as configured; empty: made once and kept in {@code relayIdFile}
   * @param knownAttributes by server name: attributes whose changes the server learns by itself
   * @param inPath the relay's next hop
   * @param leasequery recovery of the table
   */
  record Dhcpv6(
      Optional<Function<Duid, RelayParameters>> relay,
      Optional<Duid> relayId,
      Path relayIdFile,
      Map<String, Set<AttributeId>> knownAttributes,
      InPath inPath,
      Leasequery leasequery) {}

  Dhcpv6 read(Section dhcpv6) {
    List<InetSocketAddress> bind = dhcpv6.list("bind", Forms.ipv6Socket(0), List.of(ANY));
    if (dhcpv6.isEmptyList("bind")) {
      dhcpv6.problemAt("bind", "is empty. Give at least one, like \"[::]:0\".");
    }
    Optional<Duid> relayId =
        dhcpv6.value("relay-id", ServerReader.orWord("auto", ServerReader.DUID), Optional.empty());
    Path relayIdFile =
        dhcpv6.value("relay-id-file", Forms.path(dhcpv6.expansion()), table.beside("relay-id"));
    Map<Octets, String> interfaces = new LinkedHashMap<>();
    dhcpv6
        .table("interfaces", Forms.TEXT)
        .forEach((id, name) -> interfaces.put(interfaceId(id), name));
    List<Server> servers = new ArrayList<>();
    ServerReader reader = new ServerReader(changes);
    dhcpv6.sections(
        "servers",
        section -> {
          Optional<Server> server = reader.read(section);
          server.ifPresent(servers::add);
          return server;
        });
    int maxMessageSize =
        dhcpv6.value(
            "max-message-size",
            Forms.integer(256, 65535),
            RelayParameters.DEFAULT_MAX_MESSAGE_SIZE);
    Optional<ReleaseMessageTypes> types = releaseTypes(dhcpv6);
    RetransmissionParameters reconfigure =
        retransmission(
            dhcpv6, "reconfigure-retransmission", RetransmissionParameters.RECONFIGURE_REQUEST);
    RetransmissionParameters release =
        retransmission(dhcpv6, "release-retransmission", RetransmissionParameters.RELEASE);
    MessageType hint =
        dhcpv6.value("reconfigure-message-type", RECONFIGURE_MESSAGE, MessageType.RENEW);
    Duration deadMemory =
        dhcpv6.value(
            "dead-server-memory",
            Forms.duration(Duration.ofSeconds(1), Duration.ofHours(1)),
            RelayParameters.DEFAULT_DEAD_SERVER_MEMORY);
    ForwardingParameters forwarding =
        dhcpv6.section("forward-from-other-relays", Dhcpv6Reader::forwarding);
    InPath inPath = dhcpv6.section("in-path", InPathReader::read);
    checkServers(dhcpv6, servers, bind, inPath);
    InPathReader.check(inPath, servers, bind, forwarding.listen());
    Leasequery leasequery = dhcpv6.section("leasequery", LeasequeryReader::read);
    LeasequeryReader.check(leasequery, servers);
    Map<String, Set<AttributeId>> known = new LinkedHashMap<>();
    servers.forEach(s -> known.put(s.server().name(), s.knownAttributes()));
    Optional<Function<Duid, RelayParameters>> relay =
        dhcpv6.build(
            () ->
                duid ->
                    new RelayParameters(
                        bind,
                        duid,
                        interfaces,
                        servers.stream().map(Server::server).toList(),
                        maxMessageSize,
                        types,
                        reconfigure,
                        release,
                        hint,
                        forwarding,
                        deadMemory));
    return new Dhcpv6(relay, relayId, relayIdFile, known, inPath, leasequery);
  }

  /** An Interface-Id as text, or as 0x and hex where it is no text. */
  private static Octets interfaceId(String text) {
    return text.matches("0x([0-9a-fA-F]{2})+")
        ? Octets.ofHex(text.substring(2))
        : Octets.ofUtf8(text);
  }

  private static Optional<ReleaseMessageTypes> releaseTypes(Section dhcpv6) {
    Form<Integer> form = Forms.integer(0, 255);
    Optional<Integer> request = dhcpv6.optional("release-request-type", form);
    Optional<Integer> reply = dhcpv6.optional("release-request-reply-type", form);
    boolean usable = true;
    for (String key : List.of("release-request-type", "release-request-reply-type")) {
      Optional<Integer> type = key.endsWith("reply-type") ? reply : request;
      if (type.isPresent() && type.get() <= LAST_ASSIGNED_TYPE) {
        dhcpv6.problem(
            key,
            "is assigned to another message by IANA. Give a number from 38 to 255 that your server"
                + " uses, such as 250.");
        usable = false;
      }
    }
    if (request.isPresent() && request.equals(reply)) {
      dhcpv6.problem(
          "release-request-reply-type",
          "is the release-request-type too. Give the two different numbers, as the server does.");
      usable = false;
    }
    return usable && request.isPresent() && reply.isPresent()
        ? Optional.of(
            new ReleaseMessageTypes(new MessageType(request.get()), new MessageType(reply.get())))
        : Optional.empty();
  }

  private static RetransmissionParameters retransmission(
      Section dhcpv6, String key, RetransmissionParameters byDefault) {
    return dhcpv6.section(
        key,
        section -> {
          Form<Duration> upToAnHour = Forms.duration(Duration.ZERO, Duration.ofHours(1));
          Duration irt =
              section.value(
                  "irt",
                  Forms.duration(Duration.ofMillis(10), Duration.ofMinutes(1)),
                  byDefault.irt());
          Duration mrt = section.value("mrt", upToAnHour, byDefault.mrt());
          int mrc = section.value("mrc", Forms.integer(0, 100), byDefault.mrc());
          Duration mrd = section.value("mrd", upToAnHour, byDefault.mrd());
          if (mrc == 0 && mrd.isZero()) {
            section.problemAt(
                "mrc", "is 0 and so is mrd: nothing would ever end. Limit one, like mrc: 5.");
            return byDefault;
          }
          return new RetransmissionParameters(irt, mrt, mrc, mrd);
        });
  }

  private static ForwardingParameters forwarding(Section section) {
    List<InetSocketAddress> listen =
        section.list("listen", Forms.ipv6Socket(ServerReader.PORT), List.of());
    Form<Policy> policy = Form.oneOf(Policy.class);
    Policy reconfigure = section.value("reconfigure-request", policy, Policy.ACCEPT);
    Policy release = section.value("release-request", policy, Policy.REJECT);
    List<Ipv6Prefix> trusted = section.list("trusted", PREFIX, List.of());
    if (release == Policy.ACCEPT && trusted.isEmpty()) {
      section.problemAt(
          "release-request",
          "accepts, but trusted is empty, and releases are taken from trusted relays alone. Name"
              + " them under trusted.");
    }
    return new ForwardingParameters(listen, reconfigure, release, trusted);
  }

  private void checkServers(
      Section dhcpv6, List<Server> servers, List<InetSocketAddress> bind, InPath inPath) {
    if (!dhcpv6.has("servers")) {
      dhcpv6.missing("servers", "Give at least one DHCPv6 server with name and address.");
    } else if (dhcpv6.isEmptyList("servers")) {
      dhcpv6.problemAt("servers", "is empty. Give at least one with name and address.");
    }
    Map<String, String> names = new HashMap<>();
    Map<ZonedSocket, String> addresses = new HashMap<>();
    for (Server one : servers) {
      Section section = one.section();
      String before = names.putIfAbsent(one.server().name(), section.path());
      if (before != null) {
        section.problem("name", "is also the name of " + before + ". Give each its own.");
      }
      before = addresses.putIfAbsent(ZonedSocket.of(one.server().address()), section.path());
      if (before != null && !one.server().address().isUnresolved()) {
        section.problem(
            "address",
            "is also the address of " + before + ". Their answers could not be told apart.");
      }
      checkRelease(dhcpv6, one);
      checkPort(one, bind);
      if (one.server().reconfigure() == ReconfigureMode.AT_RENEW
          && !table.relayReadsTable()
          && !inPath.leadsTo(one.server())) {
        section.problem(
            "reconfigure",
            "cannot work with subscribers.relay-reads-table: false (or database: memory): nobody"
                + " would supply the new options at the Renew. Let the relay read the table, put"
                + " the gateway into its path (in-path), or give none.");
      }
    }
  }

  private static void checkRelease(Section dhcpv6, Server one) {
    ReleaseMode mode = one.server().release();
    boolean asks = mode == ReleaseMode.RELEASE_REQUEST || mode == ReleaseMode.AUTO;
    boolean both = dhcpv6.has("release-request-type") && dhcpv6.has("release-request-reply-type");
    if (asks && !both) {
      one.section()
          .problem(
              "release",
              "needs dhcpv6.release-request-type and dhcpv6.release-request-reply-type, to which"
                  + " IANA assigned no numbers. Set both as the server has them, or give"
                  + " relayed-release.");
    }
  }

  /**
   * What is wrapped in RELAY-FORW is answered to port 547, unless the server honours option 135
   * (RFC 8357 section 5.3): from any other port the answer would reach the relay beside us, and we
   * would wait in vain.
   */
  private static void checkPort(Server one, List<InetSocketAddress> bind) {
    DhcpServer server = one.server();
    ReleaseMode mode = server.release();
    boolean releases = mode == ReleaseMode.RELAYED_RELEASE || mode == ReleaseMode.AUTO;
    if (server.honoursRelayPort() || (!releases && !server.relayed())) {
      return;
    }
    List<InetSocketAddress> from = server.bind().map(List::of).orElse(bind);
    if (from.stream().allMatch(b -> b.getPort() == ServerReader.PORT)) {
      return;
    }
    one.section()
        .problem(
            releases ? "release" : "relayed",
            "needs answers to our own port, but the server answers to port 547: give"
                + " this server a bind on an address of our own, like \"[2001:db8::2]:547\", or"
                + " honours-relay-port: true if it honours option 135, as Kea does.");
  }
}
