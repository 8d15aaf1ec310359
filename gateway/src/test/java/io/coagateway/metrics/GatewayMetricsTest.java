package io.coagateway.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.das.DropReason;
import io.coagateway.das.DynamicAuthorizationServer;
import io.coagateway.dhcpv6.Duid;
import io.coagateway.dhcpv6.MessageType;
import io.coagateway.dynauth.RequestReport;
import io.coagateway.inpath.Supply;
import io.coagateway.radius.AttributeId;
import io.coagateway.radius.AttributeList;
import io.coagateway.radius.DynamicAuthorizationAnswer;
import io.coagateway.radius.DynamicAuthorizationRequest;
import io.coagateway.radius.DynamicAuthorizationRequest.Kind;
import io.coagateway.radius.ErrorCause;
import io.coagateway.radsec.CloseReason;
import io.coagateway.radsec.ConnectionInfo;
import io.coagateway.radsec.ConnectionInfo.Direction;
import io.coagateway.radsec.RefusalReason;
import io.coagateway.radsec.TlsObserver;
import io.coagateway.radsec.TlsTransport;
import io.coagateway.relay.DhcpServer;
import io.coagateway.relay.NotSentReason;
import io.coagateway.relay.ReconfigureMode;
import io.coagateway.relay.RelayAgent.LaneStatus;
import io.coagateway.relay.ReplyDiscard;
import io.coagateway.subscriber.TableStatus;
import io.coagateway.time.ManualTime;
import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.Octets;
import io.netty.util.NetUtil;
import java.lang.ref.WeakReference;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is counted under which name, and that every name is explained. */
class GatewayMetricsTest {
  private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";
  private static final InetSocketAddress SOMEWHERE =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 547);
  private static final DhcpServer SERVER = DhcpServer.builder("dhcp-1", SOMEWHERE).build();

  private final GatewayMetrics metrics = new GatewayMetrics("1.2.3");

  @AfterEach
  void close() {
    metrics.close();
  }

  @Test
  void countsRequestsAndAnswersByClientTypeAndErrorCause() {
    metrics.das().accepted("dac-1", Kind.COA);
    DynamicAuthorizationRequest coa = request(Kind.COA);
    metrics.das().answered(coa, DynamicAuthorizationAnswer.ack(Kind.COA), 2_000_000);
    metrics
        .das()
        .answered(
            coa,
            DynamicAuthorizationAnswer.nak(
                Kind.COA, ErrorCause.SESSION_CONTEXT_NOT_FOUND, "no session"),
            2_000_000);
    metrics.das().answeredAgain("dac-1", Kind.COA, true);
    assertThat(lines())
        .contains(
            "radius_das_requests_total{client=\"dac-1\",type=\"coa\"} 1.0",
            "radius_das_answers_total{cause=\"none\",client=\"dac-1\",result=\"ack\",type=\"coa\"} 1.0",
            "radius_das_answers_total{cause=\"503\",client=\"dac-1\",result=\"nak\",type=\"coa\"} 1.0",
            "radius_das_duplicates_total{client=\"dac-1\",source=\"same\",type=\"coa\"} 1.0",
            "radius_das_answer_seconds_count{client=\"dac-1\",type=\"coa\"} 2",
            "radius_das_answer_seconds_bucket{client=\"dac-1\",type=\"coa\",le=\"0.003\"} 2");
  }

  @Test
  void countsEveryDropWithItsReason() {
    metrics.das().datagramReceived(40);
    metrics.das().dropped(DropReason.UNKNOWN_SOURCE, "", 43);
    metrics.das().dropped(DropReason.REQUEST_AUTHENTICATOR, "dac-1", 43);
    assertThat(lines())
        .contains(
            "radius_das_datagrams_total 1.0",
            "radius_das_octets_total 40.0",
            "radius_das_dropped_total{client=\"unknown\",reason=\"unknown-source\"} 1.0",
            "radius_das_dropped_total{client=\"dac-1\",reason=\"request-authenticator\"} 1.0");
  }

  @Test
  void countsWhatEachServerDoes() {
    MessageType type = MessageType.RECONFIGURE_REQUEST;
    metrics.relay().sent(SERVER, type, 1, 7, Octets.EMPTY);
    metrics.relay().sent(SERVER, type, 2, 7, Octets.EMPTY);
    metrics.relay().answered(SERVER, type, 5_000_000, Octets.EMPTY);
    metrics.relay().waited(SERVER, 3_000_000);
    metrics.relay().discarded(ReplyDiscard.LATE, SOMEWHERE, Octets.EMPTY, "");
    metrics.relay().notSent(SERVER, NotSentReason.QUEUE_FULL);
    metrics.relay().serverReachable(SERVER, false);
    assertThat(lines())
        .contains(
            "dhcpv6_relay_sent_total{message=\"reconfigure-request\",server=\"dhcp-1\","
                + "transmission=\"first\"} 1.0",
            "dhcpv6_relay_sent_total{message=\"reconfigure-request\",server=\"dhcp-1\","
                + "transmission=\"again\"} 1.0",
            "dhcpv6_relay_batch_clients_sum{message=\"reconfigure-request\",server=\"dhcp-1\"} 7.0",
            "dhcpv6_relay_exchange_seconds_count{server=\"dhcp-1\"} 1",
            "dhcpv6_relay_discarded_total{reason=\"late\"} 1.0",
            "dhcpv6_relay_not_sent_total{reason=\"queue-full\",server=\"dhcp-1\"} 1.0",
            "dhcpv6_relay_server_up{server=\"dhcp-1\"} 0.0",
            "dhcpv6_relay_server_changes_total{server=\"dhcp-1\",to=\"silent\"} 1.0");
  }

  @Test
  void showsConfiguredClientsAndServersFromTheStart() {
    metrics.prepareClients(List.of("dac-2"));
    metrics.prepareServers(List.of(SERVER));
    assertThat(lines())
        .contains(
            "radius_das_requests_total{client=\"dac-2\",type=\"disconnect\"} 0.0",
            "dhcpv6_relay_server_up{server=\"dhcp-1\"} 1.0");
  }

  /** What a server is never sent, and what never comes from it, would show zero for ever. */
  @Test
  void showsOfAServerOnlyWhatItCanCount() {
    DhcpServer atRenew =
        DhcpServer.builder("dhcp-2", SOMEWHERE).reconfigure(ReconfigureMode.AT_RENEW).build();
    metrics.prepareServers(List.of(SERVER, atRenew));
    metrics.relay().serverDuidLearned(atRenew, Duid.ofHex("0003000102005e1000aa"));
    metrics.relay().delivered(SERVER, MessageType.RECONFIGURE, Ipv6Address.UNSPECIFIED);
    assertThat(lines())
        .contains(
            "dhcpv6_relay_answers_total{message=\"reconfigure-request\",server=\"dhcp-1\"} 0.0",
            "dhcpv6_relay_delivered_total{message=\"reconfigure\",server=\"dhcp-1\"} 1.0",
            "dhcpv6_relay_undeliverable_total{message=\"reconfigure\",server=\"dhcp-1\"} 0.0")
        .noneMatch(l -> l.matches("dhcpv6_.*message=.*dhcp-2.*"))
        .noneMatch(l -> l.matches("dhcpv6_relay_(un)?deliver.*reconfigure-request.*"))
        .noneMatch(l -> l.matches("dhcpv6_relay_(sent|answers|batch).*\"reconfigure\".*"));
  }

  @Test
  void forgetsTheStateOfAServerThatIsNoLongerConfigured() {
    DhcpServer other = DhcpServer.builder("dhcp-2", SOMEWHERE).build();
    metrics.prepareServers(List.of(SERVER, other));
    metrics.relay().serverReachable(other, false);
    assertThat(lines()).contains("dhcpv6_relay_server_up{server=\"dhcp-2\"} 0.0");

    metrics.prepareServers(List.of(SERVER));
    metrics.relay().unanswered(other, MessageType.RECONFIGURE_REQUEST, 5); // that was under way
    metrics.relay().serverReachable(other, false);
    assertThat(lines())
        .noneMatch(l -> l.matches("dhcpv6_relay_(server_up|queue|outstanding)\\{.*dhcp-2.*"))
        .contains(
            "dhcpv6_relay_server_up{server=\"dhcp-1\"} 1.0",
            "dhcpv6_relay_unanswered_total{message=\"reconfigure-request\",server=\"dhcp-2\"} 1.0");

    metrics.prepareServers(List.of(SERVER, other));
    assertThat(lines()).contains("dhcpv6_relay_server_up{server=\"dhcp-2\"} 1.0");
  }

  /** Micrometer holds weakly what function counters, and gauges unless told otherwise, ask. */
  @Test
  void countsOnAfterTheGarbageWasCollected() {
    AtomicInteger number = new AtomicInteger(1);
    metrics.watchEvents(number::get, number::get);
    metrics.watchServer(
        () ->
            new DynamicAuthorizationServer.Status(
                number.get(), 0, 0, Duration.ZERO, number.get(), 0));
    metrics.watchTable(
        () ->
            new TableStatus(
                number.get(),
                0,
                true,
                0,
                0,
                0,
                new TableStatus.Lookups(number.get(), 0),
                Optional.empty()));
    metrics.learn().watch(number::get, number::get);
    metrics.leasequery().watch(number::get);
    metrics.accounting().watch(number::get);
    WeakReference<Object> garbage = new WeakReference<>(new Object());
    for (int i = 0; i < 100 && garbage.get() != null; i++) {
      System.gc();
    }
    assertThat(garbage.get()).isNull();
    number.set(7);
    assertThat(lines())
        .contains(
            "gateway_events_cut_off_total 7.0",
            "gateway_events_listeners 7.0",
            "radius_das_kernel_dropped_total 7.0",
            "radius_das_in_progress 7.0",
            "subscriber_table_lookups_total{from=\"memory\"} 7.0",
            "subscriber_table_records 7.0",
            "learn_pending 7.0",
            "learn_capture_up 7.0",
            "dhcpv6_leasequery_outstanding 7.0",
            "radius_accounting_unjoined 7.0")
        .noneMatch(l -> l.endsWith(" NaN"));
  }

  @Test
  void measuresTheLoopAndSamplesTheQueues() {
    ManualTime time = new ManualTime();
    Runnable stop =
        metrics.watchLoop(time, () -> List.of(new LaneStatus(SERVER, true, true, 3, 42)));
    Runnable stopRadius = metrics.watchRadiusLoop(time);
    time.pass(Duration.ofSeconds(1));
    assertThat(lines())
        .contains(
            "gateway_event_loop_delay_seconds_count{loop=\"gateway\"} 10",
            "gateway_event_loop_delay_seconds_count{loop=\"radius\"} 10",
            "dhcpv6_relay_queue{server=\"dhcp-1\"} 42.0",
            "dhcpv6_relay_outstanding{server=\"dhcp-1\"} 3.0");
    stop.run();
    stopRadius.run();
    assertThat(time.waiting()).isZero();
  }

  @Test
  void attributeLabelsAreBounded() {
    for (int vendorType = 0; vendorType < 500; vendorType++) {
      metrics.requests().ignored(request(Kind.COA), AttributeId.vendor(9, vendorType));
    }
    assertThat(lines().stream().filter(l -> l.startsWith("radius_das_attributes_ignored_total{")))
        .hasSize(101);
  }

  private static void exerciseTls(TlsObserver tls) {
    InetSocketAddress peer =
        new InetSocketAddress(NetUtil.createInetAddressFromIpAddressString("192.0.2.7"), 2083);
    ConnectionInfo connection =
        new ConnectionInfo("dac", Direction.INCOMING, peer, "TLSv1.3", "cipher", "CN=dac");
    tls.connected(connection);
    tls.closed(connection, CloseReason.IDLE, "");
    tls.refused(RefusalReason.HANDSHAKE, peer, "no certificate");
    tls.notConnected("aaa", peer, "refused", Duration.ofSeconds(1));
    tls.notAccepted(peer, "Too many open files");
  }

  @Test
  void everyMetricIsExplainedInTheDocument() throws Exception {
    exerciseEverything();
    String document = Files.readString(Path.of("..", "conf", "METRICS.md"));
    List<String> names =
        lines().stream()
            .filter(l -> l.startsWith("# TYPE "))
            .map(l -> l.split(" ", -1)[2])
            .filter(n -> n.matches("(radius|dhcpv6|subscriber|gateway|learn)_.*"))
            .filter(n -> !n.endsWith("_max"))
            .distinct()
            .toList();
    assertThat(names).hasSize(Metric.values().length);
    assertThat(names).allSatisfy(n -> assertThat(document).contains("`" + n + "`"));
    assertThat(document.lines().filter(l -> l.startsWith("| `")).count())
        .as("rows of METRICS.md")
        .isEqualTo(names.size());
  }

  @Test
  void leavesOutNamesThatPromtoolObjectsTo() {
    assertThat(lines())
        .noneMatch(l -> l.contains("process_cpu_time") || l.contains("system_cpu_count"))
        .anyMatch(l -> l.startsWith("process_cpu_usage"));
  }

  @Test
  void saysSinceWhenTheSettingsAreInForceAndWhetherLaterOnesWereRefused() {
    AtomicBoolean successful = new AtomicBoolean(true);
    metrics.watchReloads(successful::get, () -> Instant.ofEpochMilli(1_500));
    assertThat(lines())
        .contains(
            "gateway_config_reload_successful 1.0",
            "gateway_config_reload_success_timestamp_seconds 1.5");
    successful.set(false);
    assertThat(lines()).contains("gateway_config_reload_successful 0.0");
  }

  /** Of two requests that asked for the same and shared a verdict, each has its own report. */
  @Test
  void countsASessionOnceForAllRequestsThatJoined() {
    for (boolean joined : new boolean[] {false, true}) {
      metrics.requests().finished(acknowledged(joined));
    }
    assertThat(lines()).contains("radius_das_sessions_changed_total{type=\"coa\"} 2.0");
  }

  private static RequestReport acknowledged(boolean joined) {
    return new RequestReport(
        request(Kind.COA),
        RequestReport.Result.ACK,
        Optional.empty(),
        "",
        List.of("a", "b"),
        List.of(),
        joined,
        Duration.ofMillis(1));
  }

  private void exerciseEverything() {
    saysSinceWhenTheSettingsAreInForceAndWhetherLaterOnesWereRefused();
    metrics.leasequery().watch(() -> 3);
    metrics.leasequery().sent(SERVER, 1);
    countsRequestsAndAnswersByClientTypeAndErrorCause();
    countsEveryDropWithItsReason();
    countsWhatEachServerDoes();
    metrics.requests().ignored(request(Kind.COA), AttributeId.of(1));
    metrics.requests().noted("x", "words");
    metrics.requests().finished(acknowledged(false));
    metrics.relay().forwarded(MessageType.RECONFIGURE_REQUEST, SOMEWHERE, SOMEWHERE);
    metrics.relay().notForwarded(MessageType.RECONFIGURE_REQUEST, SOMEWHERE, "no");
    metrics.relay().delivered(SERVER, MessageType.RECONFIGURE, Ipv6Address.UNSPECIFIED);
    metrics.watchEvents(() -> 1, () -> 2);
    metrics.learn().watch(() -> 1, () -> 1);
    metrics.accounting().watch(() -> 1);
    metrics.inPath().forwarded(SERVER, MessageType.RENEW, Supply.SUPPLIED, SOMEWHERE, "");
    metrics.inPath().returned(SERVER, Octets.EMPTY, SOMEWHERE);
    metrics.watchTable(
        () ->
            new TableStatus(1, 2, true, 3, 4, 5, new TableStatus.Lookups(6, 7), Optional.empty()));
    metrics.watchTls(() -> TlsTransport.Status.NONE);
    exerciseTls(metrics.tls());
    metrics.watchServer(
        () -> new DynamicAuthorizationServer.Status(1, 2, 3, Duration.ofMinutes(5), 0, 0));
    Runnable stop = metrics.watchLoop(new ManualTime(), List::of);
    stop.run();
  }

  private static DynamicAuthorizationRequest request(Kind kind) {
    return new DynamicAuthorizationRequest(
        kind, 1, "dac-1", SOMEWHERE, Instant.EPOCH, 0, AttributeList.EMPTY);
  }

  private List<String> lines() {
    return metrics.scrape(TEXT).lines().toList();
  }
}
