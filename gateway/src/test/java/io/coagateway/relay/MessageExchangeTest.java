package io.coagateway.relay;

import static io.coagateway.relay.RelayLab.client;
import static io.coagateway.relay.RelayLab.server;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coagateway.dhcpv6.ClientServerMessage;
import io.coagateway.dhcpv6.Duid;
import io.coagateway.dhcpv6.MessageType;
import io.coagateway.dhcpv6.OptionList;
import io.coagateway.dhcpv6.StatusCode;
import io.coagateway.dhcpv6.StatusCodeOption;
import io.coagateway.time.ManualTime;
import io.coagateway.wire.Octets;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The machine of one message: each state with each event, those that are refused included. */
class MessageExchangeTest {
  private static final RetransmissionParameters TWICE =
      new RetransmissionParameters(Duration.ofSeconds(1), Duration.ZERO, 2, Duration.ofSeconds(10));

  private final ManualTime time = new ManualTime(RelayLab.ORIGIN);
  private final TimerWheel wheel = new TimerWheel(time);
  private final List<Octets> sent = new ArrayList<>();
  private final List<ServerResult.Kind> results = new ArrayList<>();
  private final ServerLane lane =
      new ServerLane(
          new ServerLane.Services(wheel, RelayObserver.NONE, () -> 0, () -> {}, () -> {}),
          new TransactionIds(new Random(1)),
          new ServerHealth(1_000_000_000L),
          server(1).build(),
          new DatagramPort() {
            @Override
            public void send(Octets datagram, InetSocketAddress to) {
              sent.add(datagram);
            }

            @Override
            public void flush() {}

            @Override
            public InetSocketAddress local() {
              return new InetSocketAddress("::", 40000);
            }
          },
          1232);
  private final TestPlace place = new TestPlace(client(1), Duration.ofSeconds(8));
  private final MessageExchange message = new MessageExchange(lane, new TestContent());
  private RetransmissionParameters retransmission = TWICE;
  private int timesLookedAt;

  private final class TestPlace extends Place {
    TestPlace(Duid client, Duration deadline) {
      super(client, time.nanos() + deadline.toNanos());
    }

    @Override
    void onResult(ServerResult result) {
      results.add(result.kind());
    }
  }

  /** Says nothing but its transaction id and how many clients there are; accepts every answer. */
  private final class TestContent implements MessageContent {
    @Override
    public MessageType type() {
      return MessageType.RECONFIGURE_REQUEST;
    }

    @Override
    public MessageType replyType() {
      return MessageType.RECONFIGURE_REPLY;
    }

    @Override
    public RetransmissionParameters retransmission() {
      timesLookedAt++;
      return retransmission;
    }

    @Override
    public Optional<RelayWrapper> wrapper() {
      return Optional.empty();
    }

    @Override
    public int fixedOctets() {
      return 4;
    }

    @Override
    public int octetsOf(Place place) {
      return 1;
    }

    @Override
    public boolean canBeShared() {
      return false;
    }

    @Override
    public boolean tellsTime() {
      return false;
    }

    @Override
    public Octets encode(int transactionId, List<Place> places, long elapsedNanos) {
      return Octets.ofHex(String.format("%06x%02x", transactionId, places.size()));
    }

    @Override
    public Optional<MessageContent> corrected() {
      return Optional.empty();
    }

    @Override
    public boolean replyNeedsServerId() {
      return false;
    }

    @Override
    public boolean replyNeedsStatus() {
      return true;
    }

    @Override
    public Optional<Duid> serverDuid() {
      return Optional.empty();
    }

    @Override
    public List<ServerResult> judge(
        ClientServerMessage reply,
        Optional<StatusCodeOption> status,
        List<Place> places,
        Set<Duid> left,
        DhcpServer server,
        RelayObserver observer) {
      List<ServerResult> all = new ArrayList<>();
      boolean refused = status.filter(one -> !one.status().isSuccess()).isPresent();
      ServerResult.Kind kind = refused ? ServerResult.Kind.STATUS : ServerResult.Kind.ACCEPTED;
      places.forEach(p -> all.add(ServerResult.of(server, kind, 1)));
      return all;
    }
  }

  private void grant() {
    message.onGranted(time.nanos());
  }

  private void answer(StatusCode status) {
    ClientServerMessage reply =
        new ClientServerMessage(
            MessageType.RECONFIGURE_REPLY, message.transactionId(), OptionList.EMPTY);
    message.onAnswer(reply, Optional.of(new StatusCodeOption(status)), time.nanos());
  }

  private void assertOver(MessageExchange.State state) {
    assertThat(message.state()).isEqualTo(state);
    assertThat(message.isOver()).isTrue();
    assertThat(wheel.waiting()).as("a terminal state cancels the timer").isZero();
    assertThat(lane.underWay()).isZero();
    int told = results.size();
    message.onTimer(time.nanos()); // a timer that fired in the same tick
    assertThat(message.state()).isEqualTo(state);
    assertThat(results).hasSize(told);
    assertThatThrownBy(this::grant).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> message.join(place)).isInstanceOf(IllegalStateException.class);
  }

  @Nested
  class Waiting {
    @Test
    void joinKeepsTheEarliestDeadline() {
      message.join(place);
      message.join(new TestPlace(client(2), Duration.ofSeconds(3)));
      time.pass(Duration.ofSeconds(4));
      assertThat(message.state()).isEqualTo(MessageExchange.State.WAITING);
      assertThat(results).containsExactly(ServerResult.Kind.NOT_SENT);
      assertThat(message.places()).containsExactly(place);
    }

    @Test
    @DisplayName("RFC 8415 section 15: MRD runs from the first transmission, not before")
    void isLeftAloneUntilItIsSent() {
      time.pass(Duration.ofSeconds(60));
      message.join(new TestPlace(client(2), Duration.ofSeconds(3)));
      message.join(new TestPlace(client(3), Duration.ofSeconds(30)));
      time.pass(Duration.ofSeconds(4));
      assertThat(results).containsExactly(ServerResult.Kind.NOT_SENT);
      int before = timesLookedAt;
      time.pass(Duration.ofSeconds(15));
      assertThat(timesLookedAt).as("the timer waits for the next deadline").isEqualTo(before);
      grant();
      time.pass(Duration.ofMillis(1010));
      assertThat(message.state()).isEqualTo(MessageExchange.State.WAITING_AGAIN);
    }

    @Test
    void grantedSends() {
      message.join(place);
      grant();
      assertThat(message.state()).isEqualTo(MessageExchange.State.SENT);
      assertThat(sent).hasSize(1);
      assertThat(place.transmissions()).isEqualTo(1);
      assertThat(lane.find(message.transactionId())).contains(message);
    }

    @Test
    void allDeadlinesPassedIsNotSent() {
      message.join(place);
      time.pass(Duration.ofMillis(8010));
      assertThat(results).containsExactly(ServerResult.Kind.NOT_SENT);
      assertOver(MessageExchange.State.NOT_SENT);
      assertThat(sent).isEmpty();
    }

    @Test
    @DisplayName("RQ-19: the last client dropped stops it before it was sent")
    void lastDroppedStops() {
      message.join(place);
      message.join(new TestPlace(client(2), Duration.ofSeconds(3)));
      place.leave();
      assertThat(message.state()).isEqualTo(MessageExchange.State.WAITING);
      message.places().get(0).leave();
      assertOver(MessageExchange.State.STOPPED);
      assertThat(results).isEmpty();
    }
  }

  @Nested
  class Sent {
    private void sendOnce() {
      message.join(place);
      grant();
    }

    @Test
    void answerEnds() {
      sendOnce();
      answer(StatusCode.SUCCESS);
      assertThat(results).containsExactly(ServerResult.Kind.ACCEPTED);
      assertOver(MessageExchange.State.ANSWERED);
    }

    @Test
    void unspecFailOfOneClientRefuses() {
      sendOnce();
      answer(StatusCode.UNSPEC_FAIL);
      assertThat(results).containsExactly(ServerResult.Kind.STATUS);
      assertOver(MessageExchange.State.ANSWERED);
    }

    @Test
    void unsupportedEnds() {
      sendOnce();
      message.onUnsupported(new StatusCodeOption(StatusCode.UNSPEC_FAIL), time.nanos());
      assertThat(results).containsExactly(ServerResult.Kind.UNSUPPORTED);
      assertOver(MessageExchange.State.ANSWERED);
    }

    @Test
    void endOfTheWaitAsksForAnotherTransmission() {
      sendOnce();
      time.pass(Duration.ofMillis(1010));
      assertThat(message.state()).isEqualTo(MessageExchange.State.WAITING_AGAIN);
      assertThat(sent).hasSize(1);
      assertThat(lane.waiting()).isEqualTo(1);
    }

    @Test
    void theDeadlineEndsItUnanswered() {
      message.join(new TestPlace(client(2), Duration.ofMillis(500)));
      grant();
      time.pass(Duration.ofMillis(510));
      assertThat(results).containsExactly(ServerResult.Kind.NO_ANSWER);
      assertOver(MessageExchange.State.UNANSWERED);
    }

    @Test
    void oneDeadlineLeavesTheOthers() {
      message.join(new TestPlace(client(2), Duration.ofMillis(500)));
      sendOnce();
      time.pass(Duration.ofMillis(510));
      assertThat(results).containsExactly(ServerResult.Kind.NO_ANSWER);
      assertThat(message.state()).isEqualTo(MessageExchange.State.SENT);
      assertThat(message.places()).containsExactly(place);
    }

    @Test
    @DisplayName("RQ-19: the last client dropped: known until the wait is over, then stopped")
    void lastDroppedStopsAtTheEndOfTheWait() {
      sendOnce();
      place.leave();
      assertThat(message.state()).isEqualTo(MessageExchange.State.SENT);
      assertThat(lane.find(message.transactionId())).isPresent();
      time.pass(Duration.ofMillis(1010));
      assertThat(results).isEmpty();
      assertOver(MessageExchange.State.STOPPED);
    }

    @Test
    @DisplayName("RQ-18: nobody joins a message that was sent")
    void refusesToGrow() {
      sendOnce();
      assertThatThrownBy(() -> message.join(new TestPlace(client(2), Duration.ofSeconds(1))))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("a client cannot join a message that is SENT");
      assertThatThrownBy(MessageExchangeTest.this::grant).isInstanceOf(IllegalStateException.class);
    }

    @Test
    @DisplayName("RFC 8415 section 15: MRD ends it in the middle of a wait, too")
    void durationEndsTheWait() {
      retransmission =
          new RetransmissionParameters(
              Duration.ofSeconds(1), Duration.ZERO, 0, Duration.ofMillis(2_500));
      sendOnce();
      time.pass(Duration.ofMillis(1_010));
      grant();
      time.pass(Duration.ofMillis(1_480));
      assertThat(message.state()).isEqualTo(MessageExchange.State.SENT);
      time.pass(Duration.ofMillis(20));
      assertThat(results).containsExactly(ServerResult.Kind.NO_ANSWER);
      assertOver(MessageExchange.State.UNANSWERED);
    }

    @Test
    @DisplayName("RFC 8415 section 15: the count is reached when the last wait is over")
    void countEndsIt() {
      sendOnce();
      time.pass(Duration.ofMillis(1010));
      grant();
      time.pass(Duration.ofMillis(1900));
      assertThat(message.state()).isEqualTo(MessageExchange.State.SENT);
      time.pass(Duration.ofMillis(200));
      assertThat(results).containsExactly(ServerResult.Kind.NO_ANSWER);
      assertOver(MessageExchange.State.UNANSWERED);
    }
  }

  @Nested
  class WaitingAgain {
    private void waitAgain() {
      message.join(place);
      grant();
      time.pass(Duration.ofMillis(1010));
      assertThat(message.state()).isEqualTo(MessageExchange.State.WAITING_AGAIN);
    }

    @Test
    void grantedSendsTheSameOctets() {
      waitAgain();
      grant();
      assertThat(message.state()).isEqualTo(MessageExchange.State.SENT);
      assertThat(sent).hasSize(2).containsOnly(sent.get(0));
      assertThat(place.transmissions()).isEqualTo(2);
    }

    @Test
    void answerEnds() {
      waitAgain();
      answer(StatusCode.SUCCESS);
      assertThat(results).containsExactly(ServerResult.Kind.ACCEPTED);
      assertOver(MessageExchange.State.ANSWERED);
    }

    @Test
    void deadlineEndsItUnanswered() {
      waitAgain();
      time.pass(Duration.ofSeconds(8));
      assertThat(results).containsExactly(ServerResult.Kind.NO_ANSWER);
      assertOver(MessageExchange.State.UNANSWERED);
      assertThat(sent).hasSize(1);
    }

    @Test
    void oneDeadlineLeavesTheOthers() {
      message.join(new TestPlace(client(2), Duration.ofSeconds(2)));
      waitAgain();
      time.pass(Duration.ofSeconds(1));
      assertThat(results).containsExactly(ServerResult.Kind.NO_ANSWER);
      assertThat(message.state()).isEqualTo(MessageExchange.State.WAITING_AGAIN);
      grant();
      assertThat(sent).hasSize(2);
      assertThat(sent.get(1).toHex()).as("one client less").isEqualTo(withOneLess(sent.get(0)));
    }

    private String withOneLess(Octets datagram) {
      return datagram.toHex().substring(0, 6) + "01";
    }

    @Test
    @DisplayName("RQ-17: who is dropped while it waits to be sent again is not named any more")
    void isSentAgainWithoutTheDropped() {
      TestPlace other = new TestPlace(client(2), Duration.ofSeconds(8));
      message.join(other);
      waitAgain();
      other.leave();
      grant();
      assertThat(sent.get(1).toHex()).isEqualTo(withOneLess(sent.get(0)));
      assertThat(other.transmissions()).isEqualTo(1);
    }

    @Test
    void lastDroppedStopsAtOnce() {
      waitAgain();
      place.leave();
      assertOver(MessageExchange.State.STOPPED);
      assertThat(results).isEmpty();
    }

    @Test
    @DisplayName("RFC 8415 section 15: MRD after the first transmission ends it")
    void durationEndsIt() {
      TestPlace patient = new TestPlace(client(2), Duration.ofSeconds(60));
      message.join(patient);
      grant();
      time.pass(Duration.ofSeconds(11));
      assertThat(results).containsExactly(ServerResult.Kind.NO_ANSWER);
      assertOver(MessageExchange.State.UNANSWERED);
    }
  }
}
