package io.coagateway.inpath;

import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.config.DictionaryFiles;
import io.coagateway.dhcpv6.AftrNameOption;
import io.coagateway.dhcpv6.ClientIdOption;
import io.coagateway.dhcpv6.ClientServerMessage;
import io.coagateway.dhcpv6.DomainName;
import io.coagateway.dhcpv6.Duid;
import io.coagateway.dhcpv6.ErpLocalDomainNameOption;
import io.coagateway.dhcpv6.InterfaceIdOption;
import io.coagateway.dhcpv6.Message;
import io.coagateway.dhcpv6.MessageType;
import io.coagateway.dhcpv6.Option;
import io.coagateway.dhcpv6.OptionCode;
import io.coagateway.dhcpv6.OptionList;
import io.coagateway.dhcpv6.RadiusOption;
import io.coagateway.dhcpv6.RawOption;
import io.coagateway.dhcpv6.RelayIdOption;
import io.coagateway.dhcpv6.RelayMessage;
import io.coagateway.dhcpv6.RelayMessageOption;
import io.coagateway.dhcpv6.RelayPortOption;
import io.coagateway.dhcpv6.RsooOption;
import io.coagateway.relay.DatagramPort;
import io.coagateway.relay.DhcpServer;
import io.coagateway.relay.ForwardingParameters;
import io.coagateway.relay.ForwardingParameters.Policy;
import io.coagateway.relay.Include;
import io.coagateway.relay.OptionCarrier;
import io.coagateway.relay.ReleaseMessageTypes;
import io.coagateway.subscriber.OptionChange;
import io.coagateway.subscriber.PendingChange;
import io.coagateway.subscriber.SubscriberRecord;
import io.coagateway.subscriber.SubscriberTable;
import io.coagateway.subscriber.SubscriberTables;
import io.coagateway.subscriber.TableParameters;
import io.coagateway.subscriber.TableUnavailableException;
import io.coagateway.time.ManualTime;
import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.Ipv6Prefix;
import io.coagateway.wire.MalformedException;
import io.coagateway.wire.Octets;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The relay's next hop, one message at a time. */
class InPathRelayTest {
  private static final Duid CLIENT = Duid.ofHex("0003000102005e100007");
  private static final Ipv6Address LINK = Ipv6Address.parse("2001:db8:0:7::1");
  private static final Ipv6Address PEER = Ipv6Address.parse("fe80::5eff:fe10:7");
  private static final Octets LINE = Octets.ofUtf8("acc0");
  private static final InetSocketAddress RELAY = socket("2001:db8:547::1", 547);
  private static final InetSocketAddress LISTEN = socket("2001:db8:547::2", 547);
  private static final InetSocketAddress KEA = socket("2001:db8:548::547", 547);
  private static final Option AFTR = aftr("aftr.example.net");
  private static final Option ERP = new ErpLocalDomainNameOption(DomainName.ofText("example.org"));
  private static final RadiusOption RADIUS = new RadiusOption(Octets.ofHex("90070461667472"));

  /** The rest of a relay message's header. */
  private static final String ZEROS_32 =
      "0000000000000000000000000000000000000000000000000000000000000000";

  private final ManualTime time = new ManualTime();
  private final FoundClients table = new FoundClients();
  private final OptionsInForce inForce = new OptionsInForce();
  private final Port port = new Port(LISTEN);
  private final Seen seen = new Seen();
  private InPathRelay relay;

  private record Sent(Octets datagram, InetSocketAddress to) {
    RelayMessage message() {
      try {
        return (RelayMessage) Message.parse(datagram);
      } catch (MalformedException e) {
        throw new AssertionError(e);
      }
    }
  }

  private static final class Port implements DatagramPort {
    private final InetSocketAddress local;
    private final List<Sent> sent = new ArrayList<>();
    private int flushed;

    Port(InetSocketAddress local) {
      this.local = local;
    }

    @Override
    public void send(Octets datagram, InetSocketAddress to) {
      sent.add(new Sent(datagram, to));
    }

    @Override
    public void flush() {
      flushed = sent.size();
    }

    @Override
    public InetSocketAddress local() {
      return local;
    }
  }

  private static final class Seen implements InPathObserver {
    private final List<Supply> supplies = new ArrayList<>();
    private final List<InPathDrop> drops = new ArrayList<>();
    private int arrived;
    private int returned;

    @Override
    public void arrived(Octets relayForward, InetSocketAddress from) {
      arrived++;
    }

    @Override
    public void forwarded(
        DhcpServer server, MessageType type, Supply supply, InetSocketAddress from, String why) {
      supplies.add(supply);
    }

    @Override
    public void returned(DhcpServer server, Octets relayReply, InetSocketAddress to) {
      returned++;
    }

    @Override
    public void dropped(InPathDrop reason, InetSocketAddress source, String detail) {
      drops.add(reason);
    }
  }

  private static InetSocketAddress socket(String address, int port) {
    try {
      return new InetSocketAddress(InetAddress.getByName(address), port);
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  private static Option aftr(String name) {
    return new AftrNameOption(DomainName.ofText(name));
  }

  private static DhcpServer.Builder kea() {
    return DhcpServer.builder("kea", KEA).rsooOptions(Set.of(OptionCode.AFTR_NAME));
  }

  private static InPathParameters parameters(DhcpServer... servers) {
    return new InPathParameters(
        List.of(LISTEN),
        List.of(),
        Policy.ACCEPT,
        List.of(servers),
        "nas1",
        Duid.ofHex("0003000102005e0000bb"),
        1280,
        Duration.ofMillis(100),
        ForwardingParameters.OFF,
        Optional.of(new ReleaseMessageTypes(new MessageType(250), new MessageType(251))));
  }

  private static SubscriberRecord record(Option... options) {
    return SubscriberRecord.builder("nas1", "acc0", CLIENT, LINK)
        .version(7)
        .interfaceId(LINE)
        .options(OptionList.of(options))
        .build();
  }

  private void start(InPathParameters parameters) {
    relay = new InPathRelay(parameters, time, Runnable::run, inForce, seen);
    relay.tableIs(table);
  }

  private void start() {
    start(parameters(kea().build()));
  }

  private static ClientServerMessage client(MessageType type) {
    return new ClientServerMessage(type, 0x0a0b0c, OptionList.of(new ClientIdOption(CLIENT)));
  }

  private static RelayMessage forw(Message inside, Option... beside) {
    return new RelayMessage(
        MessageType.RELAY_FORW,
        0,
        LINK,
        PEER,
        OptionList.of(List.of(new InterfaceIdOption(LINE), new RelayMessageOption(inside)))
            .plus(OptionList.of(beside)));
  }

  private void receive(Octets datagram, InetSocketAddress from) {
    relay.onForwardable(datagram, from, port);
    relay.burstEnd();
  }

  private void renew(Option... besideIt) {
    receive(forw(client(MessageType.RENEW), besideIt).encode(), RELAY);
  }

  private RelayMessage sentToServer() {
    assertThat(port.sent).hasSize(1);
    assertThat(port.sent.get(0).to()).isEqualTo(KEA);
    assertThat(port.flushed).isEqualTo(1);
    return port.sent.get(0).message();
  }

  @Nested
  @DisplayName("what goes to the servers")
  class Forwarding {
    @Test
    @DisplayName("RFC 8415 19.1.2, RFC 6422 section 5: our layer, our RSOO, the relay's octets")
    void wrapsTheRelaysMessageAndAddsTheRsoo() {
      table.found(record(AFTR, ERP, RADIUS));
      start();
      Octets fromRelay = forw(client(MessageType.RENEW)).encode();
      receive(fromRelay, RELAY);

      RelayMessage ours = sentToServer();
      assertThat(ours.type()).isEqualTo(MessageType.RELAY_FORW);
      assertThat(ours.hopCount()).isEqualTo(1);
      assertThat(ours.linkAddress()).isEqualTo(Ipv6Address.UNSPECIFIED);
      assertThat(ours.peerAddress().toInetAddress()).isEqualTo(RELAY.getAddress());
      assertThat(ours.options().all())
          .containsExactly(
              new RsooOption(OptionList.of(AFTR)), // 65 is not on this server's list
              new RelayMessageOption(forw(client(MessageType.RENEW))));
      assertThat(port.sent.get(0).datagram().toHex()).endsWith(fromRelay.toHex());
      assertThat(seen.supplies).containsExactly(Supply.SUPPLIED);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 5, 6, 11})
    @DisplayName("whoever asks for configuration gets the options")
    void suppliesThoseWhoAsk(int type) {
      table.found(record(AFTR));
      start();
      receive(forw(client(MessageType.of(type))).encode(), RELAY);

      assertThat(sentToServer().options().has(OptionCode.RSOO)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 8, 9, 14, 200})
    @DisplayName("CONFIRM, RELEASE, DECLINE, LEASEQUERY and the unknown pass as they are")
    void forwardsTheRestUnchanged(int type) {
      table.found(record(AFTR));
      start();
      receive(forw(client(MessageType.of(type))).encode(), RELAY);

      assertThat(sentToServer().options().all()).hasSize(1);
      assertThat(seen.supplies).containsExactly(Supply.NOT_ASKED);
      assertThat(table.asked).isZero();
    }

    @Test
    @DisplayName("RFC 8415 section 19: to all servers, to each in the option that it reads")
    void forwardsToEveryServerWhatItTakes() {
      table.found(record(AFTR, ERP, RADIUS));
      start(
          parameters(
              kea().build(),
              DhcpServer.builder("radius", socket("2001:db8:548::548", 547))
                  .carryOptions(OptionCarrier.RADIUS)
                  .include(Set.of(Include.RELAY_ID))
                  .build(),
              DhcpServer.builder("iana", socket("2001:db8:548::549", 547)).build(),
              DhcpServer.builder("none", socket("2001:db8:548::54a", 547))
                  .carryOptions(OptionCarrier.NONE)
                  .build()));
      renew();

      assertThat(port.sent).hasSize(4);
      RelayMessageOption inside = new RelayMessageOption(forw(client(MessageType.RENEW)));
      assertThat(port.sent.get(1).message().options().all())
          .containsExactly(new RelayIdOption(Duid.ofHex("0003000102005e0000bb")), RADIUS, inside);
      assertThat(port.sent.get(2).message().options().all())
          .containsExactly(new RsooOption(OptionList.of(ERP)), inside);
      assertThat(port.sent.get(3).message().options().all()).containsExactly(inside);
      assertThat(seen.supplies)
          .containsExactly(
              Supply.SUPPLIED, Supply.SUPPLIED, Supply.SUPPLIED, Supply.NOTHING_TO_SUPPLY);
    }
  }

  @Nested
  @DisplayName("while a CoA changes the options (RFC 6977 section 6)")
  class UnderWay {
    private final Option next = aftr("new.example.net");
    private SubscriberTable records;

    @BeforeEach
    void open() throws Exception {
      inForce.listen(true);
      records =
          SubscriberTables.open(
              TableParameters.of(TableParameters.MEMORY).withClientKeys(),
              DictionaryFiles.builtIn(),
              inForce,
              Runnable::run,
              System::nanoTime);
      start();
      relay.tableIs(records);
    }

    @AfterEach
    void close() {
      records.close();
    }

    private static <T> T now(CompletionStage<T> stage) {
      return stage.toCompletableFuture().join();
    }

    private List<PendingChange> begin(SubscriberRecord base) {
      return now(records.begin(List.of(new OptionChange(base, OptionList.of(next)))));
    }

    private void aRenewIsSupplied(Option... options) {
      renew();
      assertThat(port.sent.get(port.sent.size() - 1).message().options().first(RsooOption.class))
          .isEqualTo(
              options.length == 0
                  ? Optional.empty()
                  : Optional.of(new RsooOption(OptionList.of(options))));
    }

    @Test
    void theNewOptionsAreSuppliedBeforeItIsAcknowledgedAndAfter() {
      List<PendingChange> change = begin(now(records.put(record(AFTR))));
      aRenewIsSupplied(next);
      now(records.confirm(change));
      aRenewIsSupplied(next);
    }

    @Test
    void theOldOnesAreSuppliedWhenItIsRefused() {
      List<PendingChange> change = begin(now(records.put(record(AFTR))));
      now(records.rollBack(change));
      aRenewIsSupplied(AFTR);
    }

    @Test
    @DisplayName("a lease end learned meanwhile, of the very RENEW, does not end the change")
    void aWriteThatLeavesTheOptionsAloneChangesNothing() {
      SubscriberRecord base = now(records.put(record(AFTR)));
      List<PendingChange> change = begin(base);
      now(records.put(base.toBuilder().serverDuid(Duid.ofHex("0003000102005e0000aa")).build()));
      aRenewIsSupplied(next);
      aRenewIsSupplied(next);
      now(records.confirm(change));
      aRenewIsSupplied(next);
    }

    @Test
    @DisplayName("what is confirmed in the end: the change, and what somebody else has written")
    void anotherWritersOptionsAreSuppliedBesideTheChange() {
      start(parameters(kea().rsooOptions(Set.of(OptionCode.AFTR_NAME, ERP.code())).build()));
      relay.tableIs(records);
      SubscriberRecord base = now(records.put(record(AFTR)));
      List<PendingChange> change = begin(base);
      now(records.put(base.toBuilder().options(OptionList.of(ERP, AFTR)).build()));
      aRenewIsSupplied(ERP, next);
      now(records.confirm(change));
      aRenewIsSupplied(ERP, next);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @DisplayName("a record that is removed takes the change along, however that ends")
    void aChangeIsOverWithItsRecord(boolean success) {
      List<PendingChange> change = begin(now(records.put(record(AFTR))));
      now(records.remove("nas1", "acc0"));
      now(success ? records.confirm(change) : records.rollBack(change));
      now(records.put(record(AFTR)));
      aRenewIsSupplied(AFTR);
    }

    @Test
    @DisplayName("another client whose record has taken the place of the first")
    void aChangeIsNotForWhoComesInItsPlace() {
      SubscriberRecord base = now(records.put(record(AFTR)));
      begin(base);
      SubscriberRecord other =
          SubscriberRecord.builder("nas1", "acc0", Duid.ofHex("0003000102005e1000ff"), LINK)
              .build();
      assertThat(inForce.of(other)).isEqualTo(other.options());
      assertThat(inForce.of(base)).isNotEqualTo(base.options());
    }

    @Test
    @DisplayName("a record read just before the confirmation still has the old options")
    void whatWasReadBeforeTheConfirmationIsNotSupplied() {
      SubscriberRecord base = now(records.put(record(AFTR)));
      table.next = new CompletableFuture<>();
      relay.tableIs(table);
      renew(); // waits for the table
      now(records.confirm(begin(base)));
      table.next.complete(List.of(base));
      assertThat(sentToServer().options().first(RsooOption.class))
          .contains(new RsooOption(OptionList.of(next)));
    }

    @Test
    void onlyTheLastConfirmationsAreRemembered() {
      SubscriberRecord base = now(records.put(record(AFTR)));
      table.found(base);
      relay.tableIs(table);
      now(records.confirm(begin(base)));
      for (int n = 1; n < OptionsInForce.MAX_CONFIRMED; n++) {
        inForce.optionsConfirmed(SubscriberRecord.builder("nas1", "x" + n, CLIENT, LINK).build());
      }
      aRenewIsSupplied(next);
      inForce.optionsConfirmed(SubscriberRecord.builder("nas1", "x0", CLIENT, LINK).build());
      aRenewIsSupplied(AFTR);
    }

    @Test
    void nothingIsRememberedWhileNobodyAsks() {
      inForce.listen(false);
      SubscriberRecord base = now(records.put(record(AFTR)));
      List<PendingChange> change = begin(base);
      aRenewIsSupplied(AFTR);
      now(records.confirm(change));
      table.found(base);
      relay.tableIs(table);
      aRenewIsSupplied(AFTR);
    }
  }

  @Nested
  @DisplayName("what is forwarded unchanged")
  class Unchanged {
    private void forwardsWithout(Supply why) {
      assertThat(seen.supplies).containsExactly(why);
      RelayMessage ours = sentToServer();
      assertThat(ours.options().all()).hasSize(1);
      assertThat(ours.options().has(OptionCode.RELAY_MSG)).isTrue();
    }

    @Test
    void aClientWithoutARecord() {
      start();
      renew();
      forwardsWithout(Supply.NO_RECORD);
    }

    @Test
    @DisplayName("a DUID on another link is not the subscriber who paid for the options")
    void aClientOnAnotherLink() {
      table.found(
          SubscriberRecord.builder("nas1", "x", CLIENT, Ipv6Address.parse("2001:db8:0:8::1"))
              .options(OptionList.of(AFTR))
              .build());
      start();
      renew();
      forwardsWithout(Supply.OTHER_LINK);
    }

    @Test
    void aClientOnAnotherLineOfTheLink() {
      table.found(record(AFTR).toBuilder().interfaceId(Octets.ofUtf8("acc1")).build());
      start();
      renew();
      forwardsWithout(Supply.OTHER_LINK);
    }

    @Test
    void whatWasOnlyLearnedGivesWayToWhatSomebodyWrote() {
      SubscriberRecord learned = record();
      table.found(learned, record(AFTR));
      start();
      renew();
      assertThat(seen.supplies).containsExactly(Supply.SUPPLIED);
    }

    @Test
    void aClientOfTwoRecords() {
      table.found(record(AFTR), record(AFTR));
      start();
      renew();
      forwardsWithout(Supply.AMBIGUOUS);
    }

    @Test
    void anAnonymousInformationRequest() {
      table.found(record(AFTR));
      start();
      receive(
          forw(new ClientServerMessage(MessageType.INFORMATION_REQUEST, 1, OptionList.EMPTY))
              .encode(),
          RELAY);
      forwardsWithout(Supply.NOT_ASKED);
    }

    @Test
    @DisplayName("RFC 7037: nor a second OPTION_RADIUS where the relay has put in its own")
    void whatTheRelayTellsOfRadiusItself() {
      table.found(record(RADIUS));
      start(parameters(kea().carryOptions(OptionCarrier.RADIUS).build()));
      renew(new RadiusOption(Octets.ofHex("90056f6c64")));
      forwardsWithout(Supply.RELAY_SUPPLIES);
    }

    @Test
    @DisplayName("RFC 6422 section 6: the innermost RSOO would win, so ours stays out")
    void whatTheRelaySuppliesItself() {
      table.found(record(AFTR));
      start();
      renew(new RsooOption(OptionList.of(aftr("old.example.net"))));
      forwardsWithout(Supply.RELAY_SUPPLIES);
    }

    @Test
    void whatWouldBeTooLargeWithTheOptions() {
      table.found(record(AFTR));
      start();
      Option large = new RawOption(new OptionCode(1000), Octets.wrap(new byte[1120]));
      renew(large);
      forwardsWithout(Supply.TOO_BIG);
      assertThat(port.sent.get(0).datagram().length()).isLessThan(1280 - 48);
    }

    /** The largest message that takes the options makes a packet of exactly that size. */
    @ParameterizedTest(name = "from port {0} to port {1}")
    @CsvSource({"547, 547", "547, 10547", "40000, 547"})
    void whatWouldBeAnOctetTooLargeWithTheOptions(int fromPort, int toPort) {
      table.found(record(AFTR));
      start();
      InetSocketAddress from = socket("2001:db8:547::1", fromPort);
      Port to = new Port(socket("2001:db8:547::2", toPort));
      relay.onForwardable(forw(client(MessageType.RENEW)).encode(), from, to);
      int room = 1280 - 48 - to.sent.get(0).datagram().length() - 4;
      for (int octets : new int[] {room, room + 1}) {
        Option large = new RawOption(new OptionCode(1000), Octets.wrap(new byte[octets]));
        relay.onForwardable(forw(client(MessageType.RENEW), large).encode(), from, to);
      }
      assertThat(seen.supplies).containsExactly(Supply.SUPPLIED, Supply.SUPPLIED, Supply.TOO_BIG);
      assertThat(to.sent.get(1).datagram().length()).isEqualTo(1280 - 48);
    }

    @Test
    @DisplayName("a message over the limit by itself is forwarded all the same")
    void whatIsTooLargeByItself() {
      table.found(record(AFTR));
      start();
      renew(new RawOption(new OptionCode(1000), Octets.wrap(new byte[4000])));
      forwardsWithout(Supply.TOO_BIG);
    }

    @Test
    void everythingWhileThereIsNoTable() {
      relay = new InPathRelay(parameters(kea().build()), time, Runnable::run, inForce, seen);
      renew();
      forwardsWithout(Supply.TABLE_UNAVAILABLE);
    }

    @Test
    void everythingWhenTheTableFails() {
      table.next =
          CompletableFuture.failedFuture(
              new TableUnavailableException(
                  TableUnavailableException.Reason.FAILED, "disk I/O error"));
      start();
      renew();
      forwardsWithout(Supply.TABLE_UNAVAILABLE);
    }

    @Test
    void whatTheTableHasNoAnswerForInTime() {
      table.next = new CompletableFuture<>();
      start();
      renew();
      time.pass(Duration.ofMillis(99));
      assertThat(port.sent).isEmpty();
      time.pass(Duration.ofMillis(1));
      forwardsWithout(Supply.TABLE_SLOW);
      table.next.complete(List.of(record(AFTR)));
      assertThat(port.sent).hasSize(1); // once
      assertThat(relay.waiting()).isZero();
    }

    @Test
    void whatTooManyOthersWaitWith() {
      table.next = new CompletableFuture<>();
      start();
      for (int i = 0; i <= InPathRelay.MAX_WAITING; i++) {
        renew();
      }
      forwardsWithout(Supply.TABLE_SLOW);
      assertThat(relay.waiting()).isEqualTo(InPathRelay.MAX_WAITING);
    }

    @Test
    void butNotWhenTheTableAnswersInTime() {
      table.next = new CompletableFuture<>();
      start();
      renew();
      time.pass(Duration.ofMillis(50));
      table.next.complete(List.of(record(AFTR)));
      assertThat(sentToServer().options().has(OptionCode.RSOO)).isTrue();
      time.pass(Duration.ofSeconds(1));
      assertThat(port.sent).hasSize(1);
    }

    @Test
    @DisplayName("the options of one client do not go with the message of another")
    void twoMessagesInOne() {
      table.found(record(AFTR));
      start();
      ClientServerMessage other =
          new ClientServerMessage(
              MessageType.RENEW,
              1,
              OptionList.of(new ClientIdOption(Duid.ofHex("0003000102005e100008"))));
      renew(new RelayMessageOption(other));
      forwardsWithout(Supply.MALFORMED);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "", // no option at all
          "0009", // half an option header
          "0009 0002 0500", // a message of two octets
          "0009 0100 05000001", // cut short
          "0009 0008 05000001 0001 0009", // the client's option is cut
          "0009 0009 05000001 0001 0001 ff", // a DUID of one octet
          "0009 0004 0d000000", // RELAY-REPL within RELAY-FORW
          "0042 0003 004000 0009 0004 05000001" // an RSOO that ends in the middle
        })
    @DisplayName("RFC 8415 section 19, RFC 7283: not understood, forwarded")
    void whatCannotBeRead(String options) {
      table.found(record(AFTR));
      start();
      Octets datagram = Octets.ofHex("0c00" + "00".repeat(32) + options.replace(" ", ""));
      receive(datagram, RELAY);
      assertThat(seen.supplies).containsExactly(Supply.MALFORMED);
      assertThat(port.sent.get(0).datagram().toHex())
          .startsWith("0c01")
          .endsWith(String.format("0009%04x", datagram.length()) + datagram.toHex());
    }
  }

  @Nested
  @DisplayName("what is dropped")
  class Dropped {
    private void drops(InPathDrop reason, Octets datagram, InetSocketAddress from) {
      receive(datagram, from);
      assertThat(port.sent).isEmpty();
      assertThat(seen.drops).containsExactly(reason);
      assertThat(seen.arrived).isZero();
    }

    @Test
    void aClientsOwnMessage() {
      start();
      drops(InPathDrop.NOT_RELAYED, client(MessageType.SOLICIT).encode(), RELAY);
    }

    @Test
    void nothingAtAll() {
      start();
      drops(InPathDrop.NOT_RELAYED, Octets.EMPTY, RELAY);
    }

    @Test
    void aHeaderCutShort() {
      start();
      drops(InPathDrop.NO_MESSAGE_INSIDE, Octets.ofHex("0c00" + "00".repeat(31)), RELAY);
    }

    @Test
    @DisplayName("RFC 8415 section 19.1.2: HOP_COUNT_LIMIT")
    void aMessageThatGoesInCircles() {
      start();
      RelayMessage eighth =
          new RelayMessage(
              MessageType.RELAY_FORW, 8, LINK, PEER, forw(client(MessageType.RENEW)).options());
      drops(InPathDrop.HOP_LIMIT, eighth.encode(), RELAY);
    }

    @Test
    void aMessageFromOurOwnAddress() {
      start();
      drops(InPathDrop.OWN_ADDRESS, forw(client(MessageType.RENEW)).encode(), LISTEN);
    }

    @Test
    void theMessageOfARelayThatIsNotServed() {
      InPathParameters p = parameters(kea().build());
      start(
          new InPathParameters(
              p.listen(),
              List.of(Ipv6Prefix.parse("2001:db8:547::/64")),
              p.relaySuppliedOptions(),
              p.servers(),
              p.nas(),
              p.relayId(),
              p.maxMessageSize(),
              p.patience(),
              p.others(),
              p.releaseTypes()));
      drops(
          InPathDrop.UNTRUSTED_RELAY,
          forw(client(MessageType.RENEW)).encode(),
          socket("2001:db8:666::1", 547));
    }

    private InPathParameters with(Policy rsoo, ForwardingParameters others) {
      InPathParameters p = parameters(kea().build());
      return new InPathParameters(
          p.listen(),
          p.relays(),
          rsoo,
          p.servers(),
          p.nas(),
          p.relayId(),
          p.maxMessageSize(),
          p.patience(),
          others,
          p.releaseTypes());
    }

    private Octets relayed(String options) {
      return Octets.ofHex("0c00" + "00".repeat(32) + options.replace(" ", ""));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "0042 0000 0009 000a 05000001 0001 0002 ffff", // beside a DUID of two octets
          "0009 0006 05000001 0001 0042 0000", // behind half an option
          "0042 0003 004000 0009 0004 05000001", // one that ends in the middle
          "0009 0004 05000001 0042 0100", // the same, at the end
          "0009 002a 0c00" + ZEROS_32 + "0042 0000 0009 0000", // in the inner one of two
          "0009 ffff 0c00" + ZEROS_32 + "0042 0000", // in what is left of the inner one
          "0012 ffff 0042 0000 0009 0004 05000001" // perhaps: the frame does not fit
        })
    @DisplayName("RFC 6422 section 5: also in what cannot be read")
    void anRsooWhereNoneIsAllowedInWhatCannotBeRead(String options) {
      ForwardingParameters accepting =
          new ForwardingParameters(
              List.of(), Policy.ACCEPT, Policy.ACCEPT, List.of(Ipv6Prefix.parse("::/0")));
      start(with(Policy.ACCEPT, accepting));
      receive(relayed(options), RELAY);
      assertThat(seen.supplies).containsExactly(Supply.MALFORMED);
      port.sent.clear();
      seen.arrived = 0;

      start(with(Policy.REJECT, accepting));
      drops(InPathDrop.RSOO_REFUSED, relayed(options), RELAY);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "0009 0005 fa000001 ff", // an octet too many
          "0009 0005 fa000001 ff 00", // and another around it
          "0009 0100 fa000001 0001", // cut short
          "0009 0002 fa00", // less than a header
          "0009 002b 0c00" + ZEROS_32 + "0009 0005 fa000001 ff", // in the inner one of two
          "0012 ffff 0009 0004 fa000001" // perhaps: the frame does not fit
        })
    @DisplayName("RL-50: also one that cannot be read, or cannot be told from one")
    void aReleaseRequestThatCannotBeRead(String options) {
      start();
      drops(InPathDrop.REQUEST_REFUSED, relayed(options), RELAY);
    }

    @Test
    @DisplayName("RQ-60: also one that cannot be read")
    void aReconfigureRequestThatCannotBeRead() {
      start(
          with(
              Policy.ACCEPT,
              new ForwardingParameters(List.of(), Policy.REJECT, Policy.ACCEPT, List.of())));
      drops(InPathDrop.REQUEST_REFUSED, relayed("0009 0005 12000001 ff"), RELAY);
    }

    @Test
    @DisplayName("RL-50: behind another message; which of two is meant is the server's to say")
    void aReleaseRequestBesideAnotherMessage() {
      start();
      drops(InPathDrop.REQUEST_REFUSED, relayed("0009 0004 05000001 0009 0004 fa000001"), RELAY);
    }

    @Test
    @DisplayName("nested so deep that nobody looks for what is inside")
    void aMessageOfTooManyRelays() {
      start();
      Octets message = Octets.ofHex("05000001");
      for (int i = 0; i < 33; i++) {
        String length = String.format("%04x", message.length());
        message = relayed("0009" + length + message.toHex());
      }
      drops(InPathDrop.REQUEST_REFUSED, message, RELAY);
    }

    @Test
    @DisplayName("RFC 6422 section 5: the knob that refuses RSOOs, at whatever depth")
    void anRsooWhereNoneIsAllowed() {
      start(with(Policy.REJECT, ForwardingParameters.OFF));
      RelayMessage inner = forw(client(MessageType.RENEW), new RsooOption(OptionList.of(AFTR)));
      drops(InPathDrop.RSOO_REFUSED, forw(inner, new RelayPortOption(0)).encode(), RELAY);
    }

    @Test
    @DisplayName("RL-50: a release request is rejected unless configured otherwise; RQ-60 accepts")
    void aReleaseRequestOfAnotherRelay() {
      start();
      receive(forw(client(MessageType.RECONFIGURE_REQUEST)).encode(), RELAY);
      assertThat(port.sent).hasSize(1);
      receive(forw(client(new MessageType(250))).encode(), RELAY);
      assertThat(port.sent).hasSize(1);
      assertThat(seen.drops).containsExactly(InPathDrop.REQUEST_REFUSED);
    }

    @ParameterizedTest
    @CsvSource({
      "ACCEPT, 2001:db8::/16, 1",
      "ACCEPT, 2001:db8:666::/48, 0",
      "REJECT, 2001:db8::/16, 0"
    })
    @DisplayName("RL-50: where it is accepted, from trusted relays alone")
    void aReleaseRequestByPolicyAndTrust(Policy policy, String trusted, int forwarded) {
      start(
          with(
              Policy.ACCEPT,
              new ForwardingParameters(
                  List.of(), Policy.ACCEPT, policy, List.of(Ipv6Prefix.parse(trusted)))));
      receive(forw(client(new MessageType(250))).encode(), RELAY);
      assertThat(port.sent).hasSize(forwarded);
      assertThat(seen.drops).hasSize(1 - forwarded);
    }

    @Test
    void anAnswerFromAStranger() {
      start();
      drops(
          InPathDrop.UNKNOWN_SERVER,
          Octets.ofHex("0d00" + "00".repeat(32) + "000900040d000000"),
          socket("2001:db8:666::1", 547));
    }

    @Test
    void anAnswerToNothingThatWeForwarded() {
      start();
      drops(
          InPathDrop.NOT_FORWARDED_BY_US,
          Octets.ofHex("0d00" + "00".repeat(32) + "0009000407000000"),
          KEA);
    }

    @Test
    void anAnswerWithNothingInIt() {
      start();
      drops(InPathDrop.NO_MESSAGE_INSIDE, Octets.ofHex("0d00" + "00".repeat(32)), KEA);
    }
  }

  @Nested
  @DisplayName("the way back")
  class Returning {
    /** As a server answers: everything of the layer comes back but the RSOO. */
    private Octets answerTo(RelayMessage forward, boolean echoesPort) {
      RelayMessage relays =
          (RelayMessage) forward.options().first(RelayMessageOption.class).orElseThrow().message();
      List<Option> options = new ArrayList<>();
      forward.options().first(InterfaceIdOption.class).ifPresent(options::add);
      if (echoesPort) {
        forward.options().first(RelayPortOption.class).ifPresent(options::add);
      }
      options.add(
          new RelayMessageOption(
              new RelayMessage(
                  MessageType.RELAY_REPL,
                  relays.hopCount(),
                  relays.linkAddress(),
                  relays.peerAddress(),
                  OptionList.of(new RelayMessageOption(client(MessageType.REPLY))))));
      return new RelayMessage(
              MessageType.RELAY_REPL,
              forward.hopCount(),
              forward.linkAddress(),
              forward.peerAddress(),
              OptionList.of(options))
          .encode();
    }

    private void findsTheWayBack(InetSocketAddress from, boolean echoesPort) {
      table.found(record(AFTR));
      start();
      receive(forw(client(MessageType.RENEW)).encode(), from);
      Octets answer = answerTo(sentToServer(), echoesPort);
      start(); // nothing is remembered
      receive(answer, KEA);
      assertThat(seen.drops).isEmpty();
      assertThat(port.sent.get(1).to()).isEqualTo(from);
      assertThat(port.sent.get(1).message().type()).isEqualTo(MessageType.RELAY_REPL);
      assertThat(seen.returned).isEqualTo(1);
    }

    @Test
    @DisplayName("RFC 8415 section 19.2: to peer-address, port 547, with nothing added")
    void toARelayOnItsPort() {
      findsTheWayBack(RELAY, true);
      assertThat(port.sent.get(0).message().options().has(OptionCode.INTERFACE_ID)).isFalse();
      assertThat(port.sent.get(0).message().options().has(OptionCode.RELAY_PORT)).isFalse();
    }

    @Test
    @DisplayName("RFC 8357 section 5.2: another port is told in option 135, and comes back")
    void toARelayOnAnotherPort() {
      findsTheWayBack(socket("2001:db8:547::1", 40_000), true);
      assertThat(port.sent.get(0).message().options().first(RelayPortOption.class))
          .contains(new RelayPortOption(40_000));
    }

    @Test
    @DisplayName("a server that knows nothing of option 135 returns our Interface-Id")
    void toARelayOnAnotherPortThroughAnOldServer() {
      findsTheWayBack(socket("2001:db8:547::1", 40_000), false);
    }

    /** RELAY-REPL to us with these options beside what was inside. */
    private InetSocketAddress wayBack(Option... beside) {
      start();
      Octets inner = Octets.ofHex("0d00" + "00".repeat(32));
      receive(
          new RelayMessage(
                  MessageType.RELAY_REPL,
                  1,
                  Ipv6Address.UNSPECIFIED,
                  Ipv6Address.parse("2001:db8:547::1"),
                  OptionList.of(beside).plus(new RawOption(OptionCode.RELAY_MSG, inner)))
              .encode(),
          KEA);
      return port.sent.get(port.sent.size() - 1).to();
    }

    @Test
    @DisplayName("option 135 alone tells the port; our Interface-Id counts more, in any order")
    void byWhateverOfBothComesBack() {
      Option line = new InterfaceIdOption(Octets.ofHex("636761 9c41 00000000")); // port 40001
      Option told = new RelayPortOption(40_000);
      assertThat(wayBack(told)).isEqualTo(socket("2001:db8:547::1", 40_000));
      assertThat(wayBack(new RelayPortOption(0))).isEqualTo(RELAY);
      assertThat(wayBack(line, told)).isEqualTo(socket("2001:db8:547::1", 40_001));
      assertThat(wayBack(told, line)).isEqualTo(socket("2001:db8:547::1", 40_001));
    }

    @Test
    void toALinkLocalRelayOnItsInterface() throws Exception {
      InetSocketAddress linkLocal =
          new InetSocketAddress(
              Inet6Address.getByAddress("", Ipv6Address.parse("fe80::1").toOctets().toArray(), 3),
              547);
      findsTheWayBack(linkLocal, true);
      Inet6Address back = (Inet6Address) port.sent.get(1).to().getAddress();
      assertThat(back.getScopeId()).isEqualTo(3);
    }

    @Test
    @DisplayName("an Interface-Id that is not ours says nothing")
    void pastAForeignInterfaceId() {
      start();
      Octets inner = Octets.ofHex("0d00" + "00".repeat(32));
      RelayMessage answer =
          new RelayMessage(
              MessageType.RELAY_REPL,
              1,
              Ipv6Address.UNSPECIFIED,
              Ipv6Address.parse("2001:db8:547::1"),
              OptionList.of(
                  new InterfaceIdOption(Octets.ofUtf8("ge-0/0/0")),
                  new RawOption(OptionCode.RELAY_MSG, inner)));
      receive(answer.encode(), KEA);
      assertThat(port.sent.get(0).to()).isEqualTo(RELAY);
    }

    @Test
    @DisplayName("RFC 8357 section 5.2: our own port is told where it is not 547")
    void fromAPortOfOurOwn() {
      Port other = new Port(socket("::1", 10_547));
      table.found(record(AFTR));
      start();
      relay.onForwardable(forw(client(MessageType.RENEW)).encode(), RELAY, other);
      assertThat(other.sent.get(0).message().options().first(RelayPortOption.class))
          .contains(new RelayPortOption(0));
    }
  }
}
