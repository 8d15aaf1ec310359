package io.coagateway.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.function.ToDoubleFunction;

/**
 * All metrics of the gateway's own, with what they count. Micrometer turns the dots into
 * underscores and appends {@code _total} or {@code _seconds}. Where the MIB of RFC 4673 counts the
 * same, its object is named.
 */
enum Metric {
  // RADIUS
  DATAGRAMS("radius.das.datagrams", "Datagrams received."),
  OCTETS("radius.das.octets", "Octets received in datagrams."),
  REQUESTS(
      "radius.das.requests",
      "Requests accepted: authentic, fresh, new (RFC 4673 radiusDynAuthServCoARequests,"
          + " radiusDynAuthServDisconRequests, less duplicates and drops)."),
  DUPLICATES(
      "radius.das.duplicates",
      "Requests answered again from memory (RFC 4673 radiusDynAuthServDupCoARequests,"
          + " radiusDynAuthServDupDisconRequests)."),
  ANSWERS(
      "radius.das.answers",
      "Answers by result and Error-Cause (RFC 4673 radiusDynAuthServCoAAcks, ...CoANaks,"
          + " ...DisconAcks, ...DisconNaks)."),
  DROPPED(
      "radius.das.dropped",
      "Datagrams without answer, by reason (RFC 4673 radiusDynAuthServ...BadAuthenticators,"
          + " Malformed..., ...PacketsDropped, UnknownTypes, ...InvalidClientAddresses)."),
  ANSWERS_NOT_SENT("radius.das.answers.not.sent", "Answers that the socket did not take."),
  ANSWER_TIME("radius.das.answer", "From a request's arrival to its answer."),
  REPLAY_ENTRIES("radius.das.replay.entries", "Requests in the replay memory."),
  REPLAY_CAPACITY("radius.das.replay.capacity", "Requests that the replay memory can hold."),
  REPLAY_REACH("radius.das.replay.reach.seconds", "How far back everything is remembered."),
  KERNEL_DROPPED(
      "radius.das.kernel.dropped", "Datagrams that the kernel dropped before they were read."),
  SHIELD("radius.das.shield.raised", "Sources of which the kernel drops most."),
  IN_PROGRESS("radius.das.in.progress", "Accepted requests that wait for their answer."),

  // RADIUS over TLS
  TLS_CONNECTIONS("radius.tls.connections", "Connections that are open."),
  TLS_OPENED("radius.tls.opened", "Connections that came to be: both ends know each other."),
  TLS_CLOSED("radius.tls.closed", "Connections that ended, by reason."),
  TLS_REFUSED("radius.tls.refused", "Connections to us that nothing came of, by reason."),
  TLS_REVERSE_WANTED("radius.tls.reverse.wanted", "Connections that we want to have to servers."),
  TLS_REVERSE_ANSWERING(
      "radius.tls.reverse.answering", "Those of them over which the server has answered."),
  TLS_CONNECT_FAILURES(
      "radius.tls.connect.failures", "Times that one of them failed or ended and is tried again."),
  TLS_CERTIFICATE(
      "radius.tls.certificate.end.timestamp.seconds",
      "When our certificate expires, in seconds since 1970; 0: no TLS."),

  // dynamic authorization
  SESSIONS_CHANGED(
      "radius.das.sessions.changed",
      "Sessions changed or removed by acknowledged requests (RFC 4673"
          + " radiusDynAuthServCoAUserSessChanged, radiusDynAuthServDisconUserSessRemoved)."),
  ATTRIBUTES_IGNORED(
      "radius.das.attributes.ignored", "Attributes left out because of other-attributes: ignore."),
  REQUESTS_JOINED(
      "radius.das.requests.joined", "Repeated identical requests that joined one under way."),
  NOTED("gateway.notes", "Events beside a request that an operator should see."),

  // DHCPv6
  SENT("dhcpv6.relay.sent", "Messages sent, first transmissions and later ones."),
  BATCH_SIZE("dhcpv6.relay.batch.clients", "Clients in a message, at its first transmission."),
  RELAY_ANSWERS("dhcpv6.relay.answers", "Valid answers."),
  EXCHANGE_TIME("dhcpv6.relay.exchange", "From the last transmission to its answer."),
  DISCARDED("dhcpv6.relay.discarded", "Datagrams discarded, by reason; late answers among them."),
  UNANSWERED("dhcpv6.relay.unanswered", "Exchanges that ended without a valid answer."),
  UNSUPPORTED("dhcpv6.relay.unsupported", "Answers that say: I do not know this message."),
  UNKNOWN_IN_ANSWER(
      "dhcpv6.relay.unknown.in.answer", "Clients or leases in an answer that were not asked for."),
  NOT_SENT("dhcpv6.relay.not.sent", "Messages that were not sent, by reason."),
  SERVER_UP("dhcpv6.relay.server.up", "1 while the server answers, 0 while it is silent."),
  SERVER_CHANGES("dhcpv6.relay.server.changes", "Times that a server fell silent or came back."),
  LIMITER_WAIT(
      "dhcpv6.relay.limiter.wait", "How long a new message waited for its server's rate limit."),
  QUEUED("dhcpv6.relay.queue", "Messages that wait for the server's rate limit."),
  OUTSTANDING("dhcpv6.relay.outstanding", "Messages that wait for an answer."),
  DELIVERED("dhcpv6.relay.delivered", "RECONFIGUREs that came back to us and were handed on."),
  UNDELIVERABLE("dhcpv6.relay.undeliverable", "RECONFIGUREs without a known interface."),
  FORWARDED("dhcpv6.relay.forwarded", "Messages of other relays forwarded or carried back."),
  NOT_FORWARDED("dhcpv6.relay.not.forwarded", "Messages of other relays discarded."),

  // in the path
  IN_PATH_FORWARDED(
      "dhcpv6.in.path.forwarded", "Relays' messages forwarded, by why with or without options."),
  IN_PATH_RETURNED("dhcpv6.in.path.returned", "Servers' answers forwarded to the relays."),
  IN_PATH_DROPPED("dhcpv6.in.path.dropped", "Datagrams in the path not forwarded, by reason."),

  // subscriber table
  RECORDS("subscriber.table.records", "Subscribers in the memory index."),
  KEYS("subscriber.table.keys", "Entries of the memory index."),
  INDEX_COMPLETE("subscriber.table.index.complete", "1 when lookups need no database."),
  LOOKUPS("subscriber.table.lookups", "Look-ups of sessions, by where the answer came from."),
  TABLE_QUEUE("subscriber.table.queue", "Requests that wait for the database."),
  TABLE_QUEUE_LIMIT("subscriber.table.queue.limit", "Requests that may wait for the database."),
  UNMERGED("subscriber.table.unmerged", "Acknowledged changes not yet merged into their record."),
  TABLE_UP("subscriber.table.up", "1 when the database could be written and read the last time."),
  CHANGES("subscriber.table.changes", "Changes of records, by what happened."),
  CHANGED_ELSEWHERE("subscriber.table.changed.elsewhere", "Records written by other processes."),
  COMMIT_TIME("subscriber.table.commit", "Transactions, and how long each took."),
  COMMIT_SIZE("subscriber.table.commit.requests", "Requests in one transaction."),
  TABLE_UNAVAILABLE("subscriber.table.unavailable", "Requests that the database failed."),
  UNREADABLE("subscriber.table.unreadable", "Records found that cannot be read."),

  // accounting
  ACCT_REQUESTS("radius.accounting.requests", "Accounting-Requests, by what became of them."),
  ACCT_DROPPED("radius.accounting.dropped", "Accounting packets without answer, by reason."),
  ACCT_JOINED("radius.accounting.joined", "Sessions joined to a record, by rule."),
  ACCT_AMBIGUOUS("radius.accounting.ambiguous", "Several records matched a session, by rule."),
  ACCT_UNJOINED("radius.accounting.unjoined", "Sessions that wait for their client to appear."),

  // learning from the relay's messages
  LEASEQUERY_SENT("dhcpv6.leasequery.sent", "Leasequeries over UDP, by transmission."),
  LEASEQUERY_QUESTIONS(
      "dhcpv6.leasequery.questions", "Questions for one client, by what came of them."),
  LEASEQUERY_DISCARDED("dhcpv6.leasequery.discarded", "Datagrams discarded, by reason."),
  LEASEQUERY_OUTSTANDING("dhcpv6.leasequery.outstanding", "Questions that are open."),
  LEARN_MESSAGES("learn.messages", "Messages between relay and server that were looked at."),
  LEARN_SKIPPED("learn.skipped", "What was seen and taught nothing, by reason."),
  LEARN_RECORDS("learn.records", "What was learned, by what became of the record."),
  LEARN_EXPIRED("learn.expired", "Records that lost a lease because its time was over."),
  LEARN_PENDING("learn.pending", "Learned changes that wait for the table."),
  CAPTURE_UP("learn.capture.up", "1 while the capture delivers; 0 too when none is configured."),
  CAPTURE_STARTS("learn.capture.starts", "Times that the capture began."),
  CAPTURE_FRAMES("learn.capture.frames", "Frames captured."),
  CAPTURE_SKIPPED("learn.capture.skipped", "Frames without a DHCPv6 datagram, by reason."),

  // the program
  LOOP_DELAY("gateway.event.loop.delay", "How late an event loop of the gateway runs its timers."),
  EVENT_LISTENERS("gateway.events.listeners", "Who listens at /events."),
  EVENTS_CUT_OFF("gateway.events.cut.off", "Listeners cut off because they read too slowly."),
  NOT_ACCEPTED("gateway.not.accepted", "Times that a waiting connection could not be accepted."),
  RELOAD_SUCCESSFUL("gateway.config.reload.successful", "0 after a refused reload."),
  RELOAD_TIME(
      "gateway.config.reload.success.timestamp.seconds", "Since when the settings are in force."),
  BUILD("gateway.build.info", "Always 1; the version is a label.");

  private static final Duration[] BUCKETS = {
    Duration.ofNanos(100_000),
    Duration.ofNanos(300_000),
    Duration.ofMillis(1),
    Duration.ofMillis(3),
    Duration.ofMillis(10),
    Duration.ofMillis(30),
    Duration.ofMillis(100),
    Duration.ofMillis(300),
    Duration.ofSeconds(1),
    Duration.ofSeconds(3),
    Duration.ofSeconds(10),
    Duration.ofSeconds(30)
  };

  private final String meterName;
  private final String help;

  Metric(String meterName, String help) {
    this.meterName = meterName;
    this.help = help;
  }

  String meterName() {
    return meterName;
  }

  Counter counter(MeterRegistry registry, String... labels) {
    return Counter.builder(meterName).description(help).tags(labels).register(registry);
  }

  Timer timer(MeterRegistry registry, String... labels) {
    return Timer.builder(meterName)
        .description(help)
        .tags(labels)
        .serviceLevelObjectives(BUCKETS)
        .register(registry);
  }

  DistributionSummary summary(MeterRegistry registry, String... labels) {
    return DistributionSummary.builder(meterName)
        .description(help)
        .tags(labels)
        .serviceLevelObjectives(1, 2, 5, 10, 20, 50, 100)
        .register(registry);
  }

  /**
   * A counter whose value is kept elsewhere, and only rises. Micrometer holds weakly what it asks,
   * and the counter stands still once that is collected; so it is given the registry to hold, and
   * {@code of} within the function, which it holds as long as the meter.
   */
  <T> void counter(MeterRegistry registry, T of, ToDoubleFunction<T> value, String... labels) {
    FunctionCounter.builder(meterName, registry, unused -> value.applyAsDouble(of))
        .description(help)
        .tags(labels)
        .register(registry);
  }

  /** A value that is asked of {@code of} at each scrape, and held as long as the meter. */
  <T> Gauge gauge(MeterRegistry registry, T of, ToDoubleFunction<T> value, String... labels) {
    return Gauge.builder(meterName, of, value)
        .description(help)
        .tags(labels)
        .strongReference(true)
        .register(registry);
  }
}
