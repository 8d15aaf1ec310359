package io.coagateway.inpath;

import static io.coagateway.fuzz.Property.equal;
import static io.coagateway.fuzz.Property.require;

import io.coagateway.dhcpv6.AftrNameOption;
import io.coagateway.dhcpv6.DomainName;
import io.coagateway.dhcpv6.Duid;
import io.coagateway.dhcpv6.MessageType;
import io.coagateway.dhcpv6.OptionCode;
import io.coagateway.dhcpv6.OptionList;
import io.coagateway.fuzz.Seeds;
import io.coagateway.fuzz.Steps;
import io.coagateway.relay.DatagramPort;
import io.coagateway.relay.DhcpServer;
import io.coagateway.relay.ForwardingParameters;
import io.coagateway.relay.ForwardingParameters.Policy;
import io.coagateway.relay.Include;
import io.coagateway.relay.OptionCarrier;
import io.coagateway.relay.ReleaseMessageTypes;
import io.coagateway.subscriber.SubscriberRecord;
import io.coagateway.time.ManualTime;
import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.MalformedException;
import io.coagateway.wire.OctetWriter;
import io.coagateway.wire.Octets;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Any datagrams in the path: each is dropped once, returned once, or goes to every server once,
 * octet for octet within a layer of ours that no message makes larger than it may be; and what a
 * server answers to that layer comes back to the relay that sent.
 *
 * <p>The first octet of a step:
 *
 * <pre>
 *   0x01  the client has a record      0x02  on the link and line of the message, as it seems
 *   0x04  the table is slow            0x08  it comes from a server
 *   0x10  from another port of the relay, of a link-local address with 0x20
 *   0x40  the first server answers what it got before with these octets
 * </pre>
 */
public final class InPathFuzz {
  private static final Duid CLIENT = Duid.ofHex("0003000102005e100007");
  private static final Ipv6Address LINK = Ipv6Address.parse("2001:db8:0:7::1");
  private static final InetSocketAddress LISTEN = new InetSocketAddress("2001:db8:547::2", 547);
  private static final InetSocketAddress RELAY = new InetSocketAddress("2001:db8:547::1", 547);
  private static final InetSocketAddress PORT = new InetSocketAddress("2001:db8:547::1", 1547);
  private static final InetSocketAddress NEAR = new InetSocketAddress("fe80::547%7", 547);
  private static final InetSocketAddress KEA = new InetSocketAddress("2001:db8:548::547", 547);
  private static final InetSocketAddress ISC = new InetSocketAddress("2001:db8:548::548", 547);
  private static final int MAX_SIZE = 1280;
  private static final InPathParameters PARAMETERS =
      new InPathParameters(
          List.of(LISTEN),
          List.of(),
          Policy.ACCEPT,
          List.of(
              DhcpServer.builder("kea", KEA).rsooOptions(Set.of(OptionCode.AFTR_NAME)).build(),
              DhcpServer.builder("isc", ISC)
                  .carryOptions(OptionCarrier.NONE)
                  .include(Set.of(Include.RELAY_ID))
                  .build()),
          "nas1",
          Duid.ofHex("0003000102005e0000bb"),
          MAX_SIZE,
          Duration.ofMillis(100),
          ForwardingParameters.OFF,
          Optional.of(new ReleaseMessageTypes(new MessageType(250), new MessageType(251))));

  private final ManualTime time = new ManualTime();
  private final FoundClients table = new FoundClients();
  private final List<Sent> sent = new ArrayList<>();
  private final InPathRelay relay;
  private int dropped;
  private int arrived;
  private int returned;

  private InPathFuzz() {
    InPathObserver counts =
        new InPathObserver() {
          @Override
          public void arrived(Octets relayForward, InetSocketAddress from) {
            arrived++;
          }

          @Override
          public void returned(DhcpServer server, Octets relayReply, InetSocketAddress to) {
            returned++;
          }

          @Override
          public void dropped(InPathDrop reason, InetSocketAddress source, String detail) {
            dropped++;
          }
        };
    relay = new InPathRelay(PARAMETERS, time, Runnable::run, new OptionsInForce(), counts);
    relay.tableIs(table);
  }

  private record Sent(Octets datagram, InetSocketAddress to) {}

  private final class Port implements DatagramPort {
    @Override
    public void send(Octets datagram, InetSocketAddress to) {
      sent.add(new Sent(datagram, to));
    }

    @Override
    public void flush() {}

    @Override
    public InetSocketAddress local() {
      return LISTEN;
    }
  }

  /** Where to start: all relay messages of the captures, and answers to them. */
  public static Seeds seeds() {
    Seeds seeds = Seeds.of("in-path");
    for (int what : new int[] {0x03, 0x05, 0x11, 0x33, 0x08}) {
      seeds.hex("captured", "message", octets -> Seeds.step(what, octets));
    }
    Octets reply = Octets.ofHex("0d00" + "00".repeat(32) + "0009000407000001");
    return seeds
        .hex("dhcpv6", "message", octets -> Seeds.step(3, octets))
        .hex(
            "captured",
            "message",
            octets ->
                Octets.wrap(Seeds.step(0x31, octets))
                    .plus(Octets.wrap(Seeds.step(0x40, reply)))
                    .toArray());
  }

  /** One input. */
  public static void fuzzerTestOneInput(byte[] input) {
    new InPathFuzz().run(new Steps(input));
  }

  private void run(Steps steps) {
    Optional<Octets> atServer = Optional.empty();
    InetSocketAddress askedBy = RELAY;
    while (steps.next()) {
      Octets octets = steps.octets();
      sent.clear();
      int before = arrived + returned + dropped;
      if (steps.has(0x40) && atServer.isPresent() && !octets.isEmpty()) {
        answer(atServer.get(), octets, askedBy);
      } else {
        InetSocketAddress from = source(steps);
        int arrivedBefore = arrived;
        receive(steps, octets, from);
        if (arrived > arrivedBefore) {
          checkForwarded(octets, from);
          atServer = Optional.of(sent.get(0).datagram());
          askedBy = from;
        } else {
          require(sent.size() <= 1, () -> "one answer, " + sent);
        }
      }
      equal(arrived + returned + dropped - before, 1, "what became of one datagram");
    }
    equal(relay.waiting(), 0, "messages that wait");
    equal(time.waiting(), 0, "timers");
  }

  private static InetSocketAddress source(Steps steps) {
    if (steps.has(8)) {
      return KEA;
    }
    return steps.has(0x10) ? steps.has(0x20) ? NEAR : PORT : RELAY;
  }

  private void receive(Steps steps, Octets octets, InetSocketAddress from) {
    CompletableFuture<List<SubscriberRecord>> found = new CompletableFuture<>();
    List<SubscriberRecord> records =
        steps.has(1) ? List.of(record(octets, steps.has(2))) : List.of();
    table.next = found;
    if (!steps.has(4)) {
      found.complete(records);
    }
    relay.onForwardable(octets, from, new Port());
    relay.burstEnd();
    time.pass(Duration.ofMillis(100));
    found.complete(records);
  }

  /** A record of the message's own link and line, where they can be read off by hand. */
  private static SubscriberRecord record(Octets octets, boolean same) {
    Ipv6Address link = same && octets.length() >= 34 ? Ipv6Address.of(octets, 2) : LINK;
    return SubscriberRecord.builder("nas1", "a", CLIENT, link)
        .options(OptionList.of(new AftrNameOption(DomainName.ofText("aftr.example.net"))))
        .build();
  }

  private void checkForwarded(Octets octets, InetSocketAddress from) {
    equal(sent.size(), 2, "datagrams to two servers");
    equal(sent.get(0).to(), KEA, "the first server");
    equal(sent.get(1).to(), ISC, "the second server");
    for (Sent one : sent) {
      Octets ours = one.datagram();
      int cut = ours.length() - octets.length();
      equal(ours.from(cut), octets, "the relay's message");
      equal(ours.u16(cut - 4), OptionCode.RELAY_MSG.number(), "around it");
      equal(ours.u16(cut - 2), octets.length(), "its length");
      equal(ours.u8(0), 12, "type");
      equal(ours.u8(1), octets.u8(1) + 1, "hop-count");
      equal(
          Ipv6Address.of(ours, 18).toInetAddress().getHostAddress(),
          Ipv6Address.of(from.getAddress()).orElseThrow().toInetAddress().getHostAddress(),
          "peer-address");
      int around = OwnLayer.octetsAround(from, new Port().local().getPort(), OptionList.EMPTY);
      boolean hasOptions = ours.length() > around + octets.length() + 14;
      require(!hasOptions || ours.length() + 48 <= MAX_SIZE, () -> "of " + ours.length());
    }
  }

  /** RFC 8415 section 19.3: header and Interface-Id as in the RELAY-FORW, then the message. */
  private void answer(Octets asked, Octets message, InetSocketAddress relayAddress) {
    OctetWriter reply = new OctetWriter().u8(13).octets(asked.slice(1, 34));
    for (int at = 34; at + 4 <= asked.length(); at += 4 + asked.u16(at + 2)) {
      if (asked.u16(at) == OptionCode.INTERFACE_ID.number()) {
        reply.octets(asked.slice(at, at + 4 + asked.u16(at + 2)));
      }
    }
    reply.u16(OptionCode.RELAY_MSG.number()).u16(message.length()).octets(message);
    relay.onForwardable(reply.toOctets(), KEA, new Port());
    relay.burstEnd();
    if (message.u8(0) == 13) {
      equal(sent, List.of(new Sent(message, relayAddress)), "what comes back");
    } else {
      equal(sent, List.of(), "nothing that was not asked for");
    }
    try {
      equal(OwnLayer.unwrap(reply.toOctets()).message(), message, "unwrapped");
    } catch (MalformedException e) {
      throw new AssertionError("made by hand", e);
    }
  }
}
