package io.coagateway.dynauth;

import io.coagateway.dhcpv6.AftrNameOption;
import io.coagateway.dhcpv6.DomainName;
import io.coagateway.dhcpv6.Duid;
import io.coagateway.dhcpv6.OptionCode;
import io.coagateway.dhcpv6.OptionList;
import io.coagateway.mapping.Carrier;
import io.coagateway.mapping.Mapping;
import io.coagateway.radius.Attribute;
import io.coagateway.radius.AttributeDictionary;
import io.coagateway.radius.AttributeId;
import io.coagateway.radius.AttributeList;
import io.coagateway.radius.Attributes;
import io.coagateway.radius.DynamicAuthorizationAnswer;
import io.coagateway.radius.DynamicAuthorizationRequest;
import io.coagateway.radius.DynamicAuthorizationRequest.Kind;
import io.coagateway.radius.RequestParameters;
import io.coagateway.radius.RequestParameters.OtherAttributes;
import io.coagateway.radius.RequestRules;
import io.coagateway.relay.DhcpServer;
import io.coagateway.relay.ReconfigureMode;
import io.coagateway.relay.ReleaseMode;
import io.coagateway.subscriber.IdentityAssociation;
import io.coagateway.subscriber.SessionAttributes;
import io.coagateway.subscriber.SubscriberRecord;
import io.coagateway.time.ManualTime;
import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.Ipv6Prefix;
import io.coagateway.wire.Octets;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The service with everything around it moved by hand. */
final class Gateway {
  static final Duid SERVER_DUID = new Duid(Octets.ofHex("0003000102005e0000aa"));
  static final OptionList OLD = aftr("old.example.net");
  static final OptionList NEW = aftr("new.example.net");

  final ManualTime time = new ManualTime();
  final Deque<Runnable> loop = new ArrayDeque<>();
  final FakeTable table = new FakeTable();
  final FakeExchanges exchanges = new FakeExchanges();
  final List<RequestReport> reports = new ArrayList<>();
  final List<String> notes = new ArrayList<>();
  final List<SubscriberRecord> partlyReleased = new ArrayList<>();
  final List<RequestObserver.UnderWay> underWay = new ArrayList<>();
  final List<String> joined = new ArrayList<>();
  final List<AttributeId> ignored = new ArrayList<>();
  CompletableFuture<DataPath.Result> cut = new CompletableFuture<>(); // of the command under way
  final List<Duration> cutWithin = new ArrayList<>();
  final Returns returns = Returns.seen();
  Elsewhere elsewhere = Elsewhere.NOBODY;
  DhcpServer server =
      DhcpServer.builder("dhcp-1", new InetSocketAddress(InetAddress.getLoopbackAddress(), 10547))
          .rsooOptions(Set.of(OptionCode.AFTR_NAME))
          .release(ReleaseMode.RELEASE_REQUEST)
          .build();
  List<DhcpServer> servers = List.of(server);
  AttributeDictionary dictionary = AttributeDictionary.builder().build();
  boolean residual;
  boolean cutsByHand;
  int maxSessions = 4;
  Duration responseDeadline = Duration.ofSeconds(25);

  /** What a DAC may set by DHCPv6-Options beside 144. */
  Set<OptionCode> dhcpv6Options = Set.of();

  /** What becomes of an attribute that nothing can carry. */
  OtherAttributes otherAttributes = OtherAttributes.REJECT;

  /** How long before it is handed over a request came. */
  Duration onTheWay = Duration.ZERO;

  /** Empty: the gateway was not told beside which NAS it stands. */
  String nas = "nas-1";

  private int identifiers;
  private DynamicAuthorizationService service;

  /** One request and what was answered. */
  static final class Asked {
    final List<DynamicAuthorizationAnswer> answers = new ArrayList<>();

    /** {@code ACK}, {@code NAK 503}, or {@code open}. */
    String verdict() {
      if (answers.size() > 1) {
        throw new AssertionError("answered " + answers.size() + " times: " + answers);
      }
      if (answers.isEmpty()) {
        return "open";
      }
      DynamicAuthorizationAnswer answer = answers.get(0);
      return answer.verdict() + answer.cause().map(cause -> " " + cause.number()).orElse("");
    }
  }

  Gateway() {
    exchanges.known.put(SERVER_DUID, server);
  }

  /** A server of these settings instead of the usual one. */
  Gateway with(DhcpServer other) {
    server = other;
    servers = List.of(other);
    exchanges.known.put(SERVER_DUID, other);
    return this;
  }

  Gateway mode(ReconfigureMode mode) {
    return with(server.toBuilder().reconfigure(mode).build());
  }

  /** Three subscribers: alice alone, bob on two ports. */
  Gateway start() {
    add("port-1", "alice", 1);
    add("port-2", "bob", 2);
    add("port-3", "bob", 3);
    return restart();
  }

  Gateway restart() {
    service =
        new DynamicAuthorizationService(
            table,
            exchanges,
            time,
            loop::add,
            new RequestObserver() {
              @Override
              public void started(DynamicAuthorizationRequest request, UnderWay operation) {
                underWay.add(operation);
              }

              @Override
              public void finished(RequestReport report) {
                reports.add(report);
              }

              @Override
              public void joined(DynamicAuthorizationRequest request) {
                joined.add(request.client());
              }

              @Override
              public void ignored(DynamicAuthorizationRequest request, AttributeId attribute) {
                ignored.add(attribute);
              }

              @Override
              public void leasesReleased(SubscriberRecord record) {
                partlyReleased.add(record);
              }

              @Override
              public void noted(String event, String words) {
                notes.add(event + " " + words);
              }
            },
            (asked, deadline) -> elsewhere.find(asked, deadline),
            returns);
    return reload();
  }

  /** The settings as they are now; what is under way goes on. */
  Gateway reload() {
    Mapping mapping = new Mapping(List.of(), dhcpv6Options, otherAttributes, dictionary);
    DynauthParameters parameters =
        new DynauthParameters(
            nas, responseDeadline, maxSessions, residual, servers, Map.of(), new AnswerTable());
    List<Carrier> carriers = servers.stream().map(parameters::carrier).toList();
    service.configure(
        parameters,
        new RequestRules(
            new RequestParameters(
                Set.of(),
                Set.of(),
                otherAttributes,
                false,
                Set.of(),
                id -> mapping.mayCarry(id, carriers)),
            dictionary),
        mapping,
        dictionary,
        cutsByHand ? this::cutByHand : DataPath.NOT_OURS);
    return this;
  }

  private CompletionStage<DataPath.Result> cutByHand(
      List<SubscriberRecord> sessions, Duration atMost) {
    cutWithin.add(atMost);
    cut = new CompletableFuture<>();
    return cut;
  }

  void add(String id, String user, int iaid) {
    table.has(record(id, user, iaid).build());
  }

  SubscriberRecord.Builder record(String id, String user, int iaid) {
    return record("nas-1", id, user, iaid);
  }

  SubscriberRecord.Builder record(String nas, String id, String user, int iaid) {
    return SubscriberRecord.builder(
            nas,
            id,
            new Duid(Octets.ofHex("0003000102005e0053%02x".formatted(iaid))),
            Ipv6Address.parse("2001:db8:%x::1".formatted(iaid))) // each on a link of its own
        .version(iaid)
        .serverDuid(SERVER_DUID)
        .session(SessionAttributes.of(Attributes.USER_NAME, Octets.ofUtf8(user)))
        .ia(
            new IdentityAssociation(
                IdentityAssociation.Type.IA_NA,
                OptionalLong.of(iaid),
                List.of(Ipv6Prefix.parse("2001:db8:1::" + iaid + "/128"))))
        .options(OLD);
  }

  Asked coa(String user, String aftr) {
    return ask(
        Kind.COA,
        Attribute.ofText(Attributes.USER_NAME, user),
        Attribute.ofText(Attributes.DS_LITE_TUNNEL_NAME, aftr));
  }

  Asked disconnect(String user) {
    return ask(Kind.DISCONNECT, Attribute.ofText(Attributes.USER_NAME, user));
  }

  Asked ask(Kind kind, Attribute... attributes) {
    return ask(kind, AttributeList.of(attributes));
  }

  Asked ask(Kind kind, AttributeList attributes) {
    Asked asked = new Asked();
    service.handle(
        new DynamicAuthorizationRequest(
            kind,
            identifiers++ & 0xff,
            "dac-1",
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 50000),
            time.instant(),
            time.nanos() - onTheWay.toNanos(),
            attributes),
        asked.answers::add);
    settle();
    return asked;
  }

  void watch() {
    service.watch();
  }

  void repeatPending() {
    service.repeatPending();
    settle();
  }

  /** Runs what other threads handed to the loop. */
  void settle() {
    do {
      while (!loop.isEmpty()) {
        loop.remove().run();
      }
      time.settle();
    } while (!loop.isEmpty());
  }

  void pass(Duration duration) {
    time.pass(duration);
    settle();
  }

  int busy() {
    return service.busySubscribers();
  }

  FakeExchanges.Reconfiguring reconfigure(int index) {
    return exchanges.reconfigures.get(index);
  }

  FakeExchanges.Releasing release(int index) {
    return exchanges.releases.get(index);
  }

  Duid duid(String id) {
    return table.records.get(id).duid();
  }

  /** The client of this record fetches {@code reply} on its line. */
  void cameBack(String id, OptionList reply) {
    SubscriberRecord record = table.records.get(id);
    returns.cameBack(record.duid(), record.linkAddress(), record.interfaceId(), reply);
  }

  OptionList options(String id) {
    return table.records.get(id).options();
  }

  static OptionList aftr(String name) {
    return OptionList.of(new AftrNameOption(DomainName.ofText(name)));
  }
}
