package io.coagateway.app;

import io.coagateway.das.DasObserver;
import io.coagateway.das.DropReason;
import io.coagateway.dhcpv6.Duid;
import io.coagateway.dhcpv6.MessageType;
import io.coagateway.dhcpv6.RelayMessage;
import io.coagateway.dynauth.RequestObserver;
import io.coagateway.dynauth.RequestReport;
import io.coagateway.inpath.InPathDrop;
import io.coagateway.inpath.InPathObserver;
import io.coagateway.inpath.Supply;
import io.coagateway.leasequery.LeaseAnswer;
import io.coagateway.leasequery.LeaseQuery;
import io.coagateway.leasequery.LeasequeryObserver;
import io.coagateway.radius.AttributeId;
import io.coagateway.radius.DynamicAuthorizationAnswer;
import io.coagateway.radius.DynamicAuthorizationRequest;
import io.coagateway.radius.DynamicAuthorizationRequest.Kind;
import io.coagateway.radsec.CloseReason;
import io.coagateway.radsec.ConnectionInfo;
import io.coagateway.radsec.RefusalReason;
import io.coagateway.radsec.TlsObserver;
import io.coagateway.relay.DhcpServer;
import io.coagateway.relay.NotSentReason;
import io.coagateway.relay.RelayObserver;
import io.coagateway.relay.ReplyDiscard;
import io.coagateway.subscriber.PendingChange;
import io.coagateway.subscriber.SubscriberRecord;
import io.coagateway.subscriber.TableObserver;
import io.coagateway.subscriber.TableUnavailableException;
import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.Octets;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;

/** Two observers as one: the first hears first. */
final class FanOut {
  private FanOut() {}

  record Das(DasObserver first, DasObserver second) implements DasObserver {
    @Override
    public void datagramReceived(int octets) {
      first.datagramReceived(octets);
      second.datagramReceived(octets);
    }

    @Override
    public void dropped(DropReason reason, String client, int code) {
      first.dropped(reason, client, code);
      second.dropped(reason, client, code);
    }

    @Override
    public void accepted(String client, Kind kind) {
      first.accepted(client, kind);
      second.accepted(client, kind);
    }

    @Override
    public void answeredAgain(String client, Kind kind, boolean sameSource) {
      first.answeredAgain(client, kind, sameSource);
      second.answeredAgain(client, kind, sameSource);
    }

    @Override
    public void answered(
        DynamicAuthorizationRequest request, DynamicAuthorizationAnswer answer, long nanos) {
      first.answered(request, answer, nanos);
      second.answered(request, answer, nanos);
    }

    @Override
    public void notSent(String client) {
      first.notSent(client);
      second.notSent(client);
    }
  }

  record Requests(RequestObserver first, RequestObserver second) implements RequestObserver {
    @Override
    public void started(DynamicAuthorizationRequest request, UnderWay underWay) {
      first.started(request, underWay);
      second.started(request, underWay);
    }

    @Override
    public void finished(RequestReport report) {
      first.finished(report);
      second.finished(report);
    }

    @Override
    public void ignored(DynamicAuthorizationRequest request, AttributeId attribute) {
      first.ignored(request, attribute);
      second.ignored(request, attribute);
    }

    @Override
    public void joined(DynamicAuthorizationRequest request) {
      first.joined(request);
      second.joined(request);
    }

    @Override
    public void leasesReleased(SubscriberRecord record) {
      first.leasesReleased(record);
      second.leasesReleased(record);
    }

    @Override
    public void noted(String event, String words) {
      first.noted(event, words);
      second.noted(event, words);
    }
  }

  record Relay(RelayObserver first, RelayObserver second) implements RelayObserver {
    @Override
    public void sent(
        DhcpServer server, MessageType type, int transmission, int clients, Octets datagram) {
      first.sent(server, type, transmission, clients, datagram);
      second.sent(server, type, transmission, clients, datagram);
    }

    @Override
    public void waited(DhcpServer server, long nanos) {
      first.waited(server, nanos);
      second.waited(server, nanos);
    }

    @Override
    public void answered(DhcpServer server, MessageType type, long roundTrip, Octets datagram) {
      first.answered(server, type, roundTrip, datagram);
      second.answered(server, type, roundTrip, datagram);
    }

    @Override
    public void answeredLate(DhcpServer server) {
      first.answeredLate(server);
      second.answeredLate(server);
    }

    @Override
    public void discarded(
        ReplyDiscard reason, InetSocketAddress source, Octets datagram, String detail) {
      first.discarded(reason, source, datagram, detail);
      second.discarded(reason, source, datagram, detail);
    }

    @Override
    public void unanswered(DhcpServer server, MessageType type, int transmissions) {
      first.unanswered(server, type, transmissions);
      second.unanswered(server, type, transmissions);
    }

    @Override
    public void unsupported(DhcpServer server, MessageType type) {
      first.unsupported(server, type);
      second.unsupported(server, type);
    }

    @Override
    public void unknownInAnswer(DhcpServer server, MessageType type, String what) {
      first.unknownInAnswer(server, type, what);
      second.unknownInAnswer(server, type, what);
    }

    @Override
    public void notSent(DhcpServer server, NotSentReason reason) {
      first.notSent(server, reason);
      second.notSent(server, reason);
    }

    @Override
    public void serverReachable(DhcpServer server, boolean reachable) {
      first.serverReachable(server, reachable);
      second.serverReachable(server, reachable);
    }

    @Override
    public void serverDuidLearned(DhcpServer server, Duid duid) {
      first.serverDuidLearned(server, duid);
      second.serverDuidLearned(server, duid);
    }

    @Override
    public void delivered(DhcpServer server, MessageType type, Ipv6Address peer) {
      first.delivered(server, type, peer);
      second.delivered(server, type, peer);
    }

    @Override
    public void undeliverable(DhcpServer server, MessageType type, RelayMessage reply) {
      first.undeliverable(server, type, reply);
      second.undeliverable(server, type, reply);
    }

    @Override
    public void forwarded(MessageType type, InetSocketAddress from, InetSocketAddress to) {
      first.forwarded(type, from, to);
      second.forwarded(type, from, to);
    }

    @Override
    public void notForwarded(MessageType type, InetSocketAddress from, String reason) {
      first.notForwarded(type, from, reason);
      second.notForwarded(type, from, reason);
    }
  }

  record Tls(TlsObserver first, TlsObserver second) implements TlsObserver {
    @Override
    public void connected(ConnectionInfo connection) {
      first.connected(connection);
      second.connected(connection);
    }

    @Override
    public void closed(ConnectionInfo connection, CloseReason reason, String detail) {
      first.closed(connection, reason, detail);
      second.closed(connection, reason, detail);
    }

    @Override
    public void refused(RefusalReason reason, InetSocketAddress source, String detail) {
      first.refused(reason, source, detail);
      second.refused(reason, source, detail);
    }

    @Override
    public void notConnected(
        String client, InetSocketAddress server, String detail, Duration retry) {
      first.notConnected(client, server, detail, retry);
      second.notConnected(client, server, detail, retry);
    }

    @Override
    public void notAccepted(SocketAddress listener, String why) {
      first.notAccepted(listener, why);
      second.notAccepted(listener, why);
    }
  }

  record Table(TableObserver first, TableObserver second) implements TableObserver {
    @Override
    public void optionsPending(PendingChange change) {
      first.optionsPending(change);
      second.optionsPending(change);
    }

    @Override
    public void optionsConfirmed(SubscriberRecord record) {
      first.optionsConfirmed(record);
      second.optionsConfirmed(record);
    }

    @Override
    public void optionsPutBack(SubscriberRecord record) {
      first.optionsPutBack(record);
      second.optionsPutBack(record);
    }

    @Override
    public void changeEnded(PendingChange change) {
      first.changeEnded(change);
      second.changeEnded(change);
    }

    @Override
    public void released(SubscriberRecord record) {
      first.released(record);
      second.released(record);
    }

    @Override
    public void changedElsewhere(int records) {
      first.changedElsewhere(records);
      second.changedElsewhere(records);
    }

    @Override
    public void committed(int requests, long nanos) {
      first.committed(requests, nanos);
      second.committed(requests, nanos);
    }

    @Override
    public void left(List<PendingChange> changes) {
      first.left(changes);
      second.left(changes);
    }

    @Override
    public void troubled(String message) {
      first.troubled(message);
      second.troubled(message);
    }

    @Override
    public void recovered() {
      first.recovered();
      second.recovered();
    }

    @Override
    public void unavailable(TableUnavailableException.Reason reason, int requests) {
      first.unavailable(reason, requests);
      second.unavailable(reason, requests);
    }

    @Override
    public void defect(Throwable defect) {
      first.defect(defect);
      second.defect(defect);
    }

    @Override
    public void fileRead(long lines, int written, int removed, int bad) {
      first.fileRead(lines, written, removed, bad);
      second.fileRead(lines, written, removed, bad);
    }

    @Override
    public void loaded(int records, long nanos) {
      first.loaded(records, nanos);
      second.loaded(records, nanos);
    }

    @Override
    public void unreadable(List<String> problems) {
      first.unreadable(problems);
      second.unreadable(problems);
    }
  }

  record InPath(InPathObserver first, InPathObserver second) implements InPathObserver {
    @Override
    public void arrived(Octets relayForward, InetSocketAddress relay) {
      first.arrived(relayForward, relay);
      second.arrived(relayForward, relay);
    }

    @Override
    public void forwarded(
        DhcpServer server,
        MessageType type,
        Supply supply,
        InetSocketAddress relay,
        String detail) {
      first.forwarded(server, type, supply, relay, detail);
      second.forwarded(server, type, supply, relay, detail);
    }

    @Override
    public void returned(DhcpServer server, Octets relayReply, InetSocketAddress relay) {
      first.returned(server, relayReply, relay);
      second.returned(server, relayReply, relay);
    }

    @Override
    public void dropped(InPathDrop reason, InetSocketAddress source, String detail) {
      first.dropped(reason, source, detail);
      second.dropped(reason, source, detail);
    }
  }

  record Leasequery(LeasequeryObserver first, LeasequeryObserver second)
      implements LeasequeryObserver {
    @Override
    public void sent(DhcpServer server, int transmission) {
      first.sent(server, transmission);
      second.sent(server, transmission);
    }

    @Override
    public void held(DhcpServer server) {
      first.held(server);
      second.held(server);
    }

    @Override
    public void discarded(Discard reason, String detail) {
      first.discarded(reason, detail);
      second.discarded(reason, detail);
    }

    @Override
    public void ended(LeaseQuery query, LeaseAnswer answer) {
      first.ended(query, answer);
      second.ended(query, answer);
    }

    @Override
    public void remembered(LeaseQuery query) {
      first.remembered(query);
      second.remembered(query);
    }
  }
}
