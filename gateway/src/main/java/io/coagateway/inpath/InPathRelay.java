package io.coagateway.inpath;

import io.coagateway.dhcpv6.MessageType;
import io.coagateway.dhcpv6.OptionList;
import io.coagateway.dhcpv6.RelayMessage;
import io.coagateway.relay.DatagramPort;
import io.coagateway.relay.DatagramReceiver;
import io.coagateway.relay.DhcpServer;
import io.coagateway.relay.ForwardingParameters.Policy;
import io.coagateway.subscriber.SubscriberRecord;
import io.coagateway.subscriber.SubscriberTable;
import io.coagateway.time.Timers;
import io.coagateway.wire.MalformedException;
import io.coagateway.wire.Octets;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * The relay's next hop: RELAY-FORW to every server, RELAY-REPL back, with the client's options on
 * the way.
 *
 * <p><b>A relay of its own, not an editor of the relay's message.</b> RFC 8415 section 19.1.2 has a
 * relay that receives a RELAY-FORW wrap it in one of its own; RFC 6422 section 5 has a relay put
 * its RSOO into the RELAY-FORW that it makes. The other way, to insert an RSOO into the relay's own
 * message, would keep hop-count and size, but it changes octets that another device signed for
 * (IPsec or any other protection between relay and server ends here), has no place for a message
 * that cannot be parsed, and the server would answer to the address that the packet came from,
 * which is ours, with nothing in the message that says where the relay is: the gateway would have
 * to remember every message. As a relay it remembers none ({@link OwnLayer}), a restart loses no
 * answer, and what the relay wrote arrives octet for octet. The price is 38 octets and one of eight
 * hops. Servers take an RSOO from the outer layer: Kea goes through all layers, the innermost one
 * winning where two supply one option.
 *
 * <p><b>Sent from where it arrived.</b> Messages to the servers leave from the socket that the
 * relay sent to, as with any relay. So every server answers to the right place, those included that
 * know only port 547, and the socket of an answer is the one that the relay knows.
 *
 * <p><b>An event loop of its own.</b> The access network's DHCPv6 is a few hundred messages a
 * second for a million subscribers, the gateway loop may be working through a mass change of tens
 * of thousands of CoAs. Neither may wait for the other; the thread costs nothing while nothing
 * comes. Everything here runs on that loop; nothing blocks.
 *
 * <p><b>The table.</b> Once the memory index is loaded it answers within the call, also while the
 * database is away: what it last knew serves clients better than nothing. Only while it is loading,
 * and for a DUID that very many records share, a message waits, at most {@link
 * InPathParameters#patience} and with at most {@value #MAX_WAITING} others; then it goes without
 * options. So does everything before there is a table.
 */
public final class InPathRelay implements DatagramReceiver {
  /** Messages that may wait for the table. */
  static final int MAX_WAITING = 1024;

  /** Records of one DUID that are looked at. */
  private static final int RECORDS = 64;

  private static final int IPV6_AND_UDP_HEADERS = 48;

  private final Timers timers;
  private final Executor loop;
  private final OptionsInForce options;
  private final InPathObserver observer;
  private final List<DatagramPort> toFlush = new ArrayList<>(1);
  private InPathParameters parameters;
  private Optional<SubscriberTable> table = Optional.empty();
  private int waiting;

  /**
   * @param parameters settings; {@link #reload} changes them
   * @param timers of the loop that calls this
   * @param loop that loop, for what the table answers later
   * @param options told by the table what is under way
   * @param observer sees what passes
   */
  public InPathRelay(
      InPathParameters parameters,
      Timers timers,
      Executor loop,
      OptionsInForce options,
      InPathObserver observer) {
    this.parameters = parameters;
    this.timers = timers;
    this.loop = loop;
    this.options = options;
    this.observer = observer;
  }

  /** New settings; what waits goes by them. */
  public void reload(InPathParameters changed) {
    parameters = changed;
  }

  /** From now on clients get options. */
  public void tableIs(SubscriberTable opened) {
    table = Optional.of(opened);
  }

  /** Messages that wait for the table. */
  int waiting() {
    return waiting;
  }

  /** Everything here is forwardable. */
  @Override
  public void onDatagram(Octets datagram, InetSocketAddress source) {
    observer.dropped(InPathDrop.NOT_RELAYED, source, "");
  }

  @Override
  public void onForwardable(Octets datagram, InetSocketAddress source, DatagramPort arrivedAt) {
    int type = datagram.isEmpty() ? 0 : datagram.u8(0);
    if (type == MessageType.RELAY_FORW.number()) {
      onRelayForward(new Arrival(datagram, source, arrivedAt));
    } else if (type == MessageType.RELAY_REPL.number()) {
      onRelayReply(datagram, source, arrivedAt);
    } else {
      observer.dropped(InPathDrop.NOT_RELAYED, source, MessageType.of(type).toString());
    }
  }

  @Override
  public void burstEnd() {
    toFlush.forEach(DatagramPort::flush);
    toFlush.clear();
  }

  /** A relay's message on its way. */
  private record Arrival(Octets datagram, InetSocketAddress relay, DatagramPort at) {}

  private void onRelayForward(Arrival arrival) {
    Optional<InPathDrop> refusal = whyNot(arrival);
    if (refusal.isPresent()) {
      observer.dropped(refusal.get(), arrival.relay(), "");
      return;
    }
    RelayedMessage message;
    try {
      message = RelayedMessage.read(arrival.datagram());
    } catch (MalformedException e) {
      onUnread(arrival, UnreadMessage.of(arrival.datagram()), e.getMessage());
      return;
    }
    if (message.hasRsoo() && parameters.relaySuppliedOptions() == Policy.REJECT) {
      observer.dropped(InPathDrop.RSOO_REFUSED, arrival.relay(), ""); // RFC 6422 section 5
    } else if (parameters.refuses(message.type(), arrival.relay())) {
      observer.dropped(
          InPathDrop.REQUEST_REFUSED, arrival.relay(), message.type().toString()); // RQ-60, RL-50
    } else {
      observer.arrived(arrival.datagram(), arrival.relay());
      forward(arrival, message);
    }
  }

  private void onUnread(Arrival arrival, UnreadMessage message, String defect) {
    if (message.mayHaveRsoo() && parameters.relaySuppliedOptions() == Policy.REJECT) {
      observer.dropped(InPathDrop.RSOO_REFUSED, arrival.relay(), defect);
    } else if (parameters.refuses(message, arrival.relay())) {
      observer.dropped(InPathDrop.REQUEST_REFUSED, arrival.relay(), defect);
    } else {
      observer.arrived(arrival.datagram(), arrival.relay());
      forwardUnread(arrival, defect);
    }
  }

  private Optional<InPathDrop> whyNot(Arrival arrival) {
    if (arrival.datagram().length() < RelayMessage.HEADER_LENGTH) {
      return Optional.of(InPathDrop.NO_MESSAGE_INSIDE);
    }
    if (arrival.relay().equals(arrival.at().local())) {
      return Optional.of(InPathDrop.OWN_ADDRESS);
    }
    if (!parameters.serves(arrival.relay())) {
      return Optional.of(InPathDrop.UNTRUSTED_RELAY);
    }
    return RelayedMessage.hopCount(arrival.datagram()) >= RelayMessage.HOP_COUNT_LIMIT
        ? Optional.of(InPathDrop.HOP_LIMIT)
        : Optional.empty();
  }

  /** RFC 8415 section 19: a relay forwards what it does not understand. */
  private void forwardUnread(Arrival arrival, String defect) {
    for (DhcpServer server : parameters.servers()) {
      send(arrival, server, SuppliedOptions.always(server, parameters));
      observer.forwarded(server, MessageType.RELAY_FORW, Supply.MALFORMED, arrival.relay(), defect);
    }
  }

  private void forward(Arrival arrival, RelayedMessage message) {
    if (!SuppliedOptions.isAsking(message)) {
      forward(arrival, message, SuppliedOptions.none(Supply.NOT_ASKED, ""));
      return;
    }
    if (table.isEmpty()) {
      forward(arrival, message, SuppliedOptions.none(Supply.TABLE_UNAVAILABLE, "not open yet"));
      return;
    }
    CompletableFuture<List<SubscriberRecord>> found =
        table
            .get()
            .findClient(parameters.nas(), message.client().orElseThrow(), RECORDS)
            .toCompletableFuture();
    if (found.isDone()) {
      forward(arrival, message, choice(found, message));
    } else if (waiting >= MAX_WAITING) {
      forward(arrival, message, SuppliedOptions.none(Supply.TABLE_SLOW, waiting + " wait"));
    } else {
      new Waiting(arrival, message).until(found);
    }
  }

  private SuppliedOptions choice(
      CompletableFuture<List<SubscriberRecord>> found, RelayedMessage message) {
    if (found.isCompletedExceptionally()) {
      Throwable why = found.handle((records, failure) -> failure).join();
      return SuppliedOptions.none(Supply.TABLE_UNAVAILABLE, String.valueOf(why.getMessage()));
    }
    return SuppliedOptions.choose(found.join(), message, options);
  }

  /** One message that waits for the table. */
  private final class Waiting {
    private final Arrival arrival;
    private final RelayedMessage message;
    private boolean over;

    Waiting(Arrival arrival, RelayedMessage message) {
      this.arrival = arrival;
      this.message = message;
    }

    void until(CompletableFuture<List<SubscriberRecord>> found) {
      waiting++;
      Timers.Timer impatience =
          timers.after(
              parameters.patience().toNanos(),
              () -> end(SuppliedOptions.none(Supply.TABLE_SLOW, "no answer in time")));
      var unused =
          found.whenComplete(
              (records, failure) ->
                  loop.execute(
                      () -> {
                        impatience.cancel();
                        end(choice(found, message));
                      }));
    }

    private void end(SuppliedOptions chosen) {
      if (!over) {
        over = true;
        waiting--;
        forward(arrival, message, chosen);
        burstEnd();
      }
    }
  }

  private void forward(Arrival arrival, RelayedMessage message, SuppliedOptions chosen) {
    for (DhcpServer server : parameters.servers()) {
      SuppliedOptions.ForServer added = chosen.forServer(server, message);
      OptionList always = SuppliedOptions.always(server, parameters);
      Supply supply = added.supply();
      OptionList inOurLayer = always.plus(added.options());
      if (supply == Supply.SUPPLIED && isTooBig(arrival, inOurLayer)) {
        supply = Supply.TOO_BIG;
        inOurLayer = always;
      }
      send(arrival, server, inOurLayer);
      observer.forwarded(server, message.type(), supply, arrival.relay(), chosen.detail());
    }
  }

  private boolean isTooBig(Arrival arrival, OptionList inOurLayer) {
    int around = OwnLayer.octetsAround(arrival.relay(), arrival.at().local().getPort(), inOurLayer);
    return IPV6_AND_UDP_HEADERS + around + arrival.datagram().length()
        > parameters.maxMessageSize();
  }

  private void send(Arrival arrival, DhcpServer server, OptionList inOurLayer) {
    DatagramPort port = arrival.at();
    port.send(
        OwnLayer.wrap(arrival.datagram(), arrival.relay(), port.local().getPort(), inOurLayer),
        server.address());
    flushLater(port);
  }

  private void onRelayReply(Octets datagram, InetSocketAddress source, DatagramPort arrivedAt) {
    Optional<DhcpServer> server = serverAt(source.getAddress());
    if (server.isEmpty()) {
      observer.dropped(InPathDrop.UNKNOWN_SERVER, source, "");
      return;
    }
    try {
      OwnLayer.Return back = OwnLayer.unwrap(datagram);
      if (!OwnLayer.isRelayReply(back.message())) {
        observer.dropped(
            InPathDrop.NOT_FORWARDED_BY_US,
            source,
            MessageType.of(back.message().u8(0)) + " inside");
        return;
      }
      arrivedAt.send(back.message(), back.relay());
      flushLater(arrivedAt);
      observer.returned(server.get(), back.message(), back.relay());
    } catch (MalformedException e) {
      observer.dropped(InPathDrop.NO_MESSAGE_INSIDE, source, e.getMessage());
    }
  }

  /** By address alone: a server may answer from another port than the one it listens on. */
  private Optional<DhcpServer> serverAt(InetAddress address) {
    for (DhcpServer server : parameters.servers()) {
      if (server.address().getAddress().equals(address)) {
        return Optional.of(server);
      }
    }
    return Optional.empty();
  }

  private void flushLater(DatagramPort port) {
    if (!toFlush.contains(port)) {
      toFlush.add(port);
    }
  }
}
