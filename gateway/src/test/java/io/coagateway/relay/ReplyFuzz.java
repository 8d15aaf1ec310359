package io.coagateway.relay;

import static io.coagateway.fuzz.Property.equal;

import io.coagateway.dhcpv6.AftrNameOption;
import io.coagateway.dhcpv6.DomainName;
import io.coagateway.dhcpv6.Message;
import io.coagateway.dhcpv6.MessageType;
import io.coagateway.dhcpv6.OptionCode;
import io.coagateway.dhcpv6.OptionList;
import io.coagateway.dhcpv6.RelayMessage;
import io.coagateway.dhcpv6.StatusCode;
import io.coagateway.fuzz.Seeds;
import io.coagateway.fuzz.Steps;
import io.coagateway.wire.Ipv6Prefix;
import io.coagateway.wire.MalformedException;
import io.coagateway.wire.Octets;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Any answers to messages that are really out: every task ends exactly once, and nothing is left
 * waiting.
 *
 * <p>Four clients are reconfigured in one message, one is released by RELEASE-REQUEST and one by a
 * relayed RELEASE. The first octet of a step says where its datagram goes:
 *
 * <pre>
 *   0x03  which of the messages that are out it answers
 *   0x04  put the transaction id of that message in (where a message of its kind has it)
 *   0x08  it comes from elsewhere
 *   0x10  time goes to the next retransmission before it      0x20  a burst ends after it
 *   0x40  another relay sends it to be forwarded
 * </pre>
 */
public final class ReplyFuzz {
  private static final InetSocketAddress ELSEWHERE = new InetSocketAddress("2001:db8:66::1", 547);
  private static final int TASKS = 6;

  private ReplyFuzz() {}

  /** Where to start: good and bad answers of every kind, and captured packets. */
  public static Seeds seeds() {
    Seeds seeds = Seeds.of("dhcpv6-reply");
    RelayLab lab = begun();
    List<RelayLab.Sent> sent = lab.takeSent();
    for (int i = 0; i < sent.size(); i++) {
      RelayLab.Sent request = sent.get(i);
      boolean relayed = request.message().type().isRelay();
      MessageType type =
          relayed
              ? MessageType.REPLY
              : request.message().type().equals(MessageType.RECONFIGURE_REQUEST)
                  ? MessageType.RECONFIGURE_REPLY
                  : RelayLab.TYPES.reply();
      for (int status = 0; status < 8; status++) {
        var answer =
            RelayLab.answer(
                type, request, new StatusCode(status), request.inner().options().all().get(0));
        Octets octets = relayed ? RelayLab.relayReply(request, answer).encode() : answer.encode();
        seeds.add(Seeds.step(4 | i, octets));
        seeds.add(Seeds.step(0x14 | i, octets));
      }
      seeds.add(Seeds.step(0x40, request.datagram()));
    }
    return seeds
        .hex("captured", "message", octets -> Seeds.step(6, octets))
        .hex("dhcpv6", "message", octets -> Seeds.step(0x40, octets));
  }

  private static RelayLab begun() {
    RelayParameters plain =
        RelayLab.parameters(
            RelayLab.server(1).rsooOptions(Set.of(OptionCode.AFTR_NAME)).build(),
            RelayLab.server(2)
                .reconfigure(ReconfigureMode.NONE)
                .release(ReleaseMode.RELAYED_RELEASE)
                .build());
    RelayLab lab =
        new RelayLab(
            new RelayParameters(
                plain.bind(),
                plain.relayId(),
                plain.interfaces(),
                plain.servers(),
                plain.maxMessageSize(),
                plain.releaseTypes(),
                plain.reconfigureRetransmission(),
                plain.releaseRetransmission(),
                plain.reconfigureMessageType(),
                new ForwardingParameters(
                    List.of(new InetSocketAddress("2001:db8::5", 547)),
                    ForwardingParameters.Policy.ACCEPT,
                    ForwardingParameters.Policy.ACCEPT,
                    List.of(Ipv6Prefix.parse("::/0"))),
                plain.deadServerMemory()));
    OptionList options = OptionList.of(new AftrNameOption(DomainName.ofText("aftr.example.net")));
    for (int client = 1; client <= 4; client++) {
      lab.reconfigure(
          new ReconfigureTask(
              RelayLab.client(client),
              RelayLab.LINK,
              Optional.empty(),
              options,
              List.of(plain.servers().get(0)),
              lab.deadline(Duration.ofSeconds(25))));
    }
    for (int server = 0; server < 2; server++) {
      ReleaseTask task =
          lab.releaseTask(
              5 + server,
              RelayLab.address(1, "2001:db8:1::1"),
              RelayLab.prefix(2, "2001:db8:4200::/56"));
      lab.release(
          new ReleaseTask(
              task.client(),
              plain.servers().get(server),
              task.serverDuid(),
              task.linkAddress(),
              task.peerAddress(),
              task.interfaceId(),
              task.remoteId(),
              task.subscriberId(),
              task.ias(),
              task.deadlineNanos()));
    }
    lab.agent.burstEnd();
    return lab;
  }

  /** One input. */
  public static void fuzzerTestOneInput(byte[] input) {
    RelayLab lab = begun();
    List<RelayLab.Sent> out = lab.takeSent();
    Steps steps = new Steps(input);
    while (steps.next()) {
      if (steps.has(0x10)) {
        lab.pass(Duration.ofMillis(1_100));
        out = lab.sent.isEmpty() ? out : lab.takeSent();
      }
      byte[] datagram = steps.octets().toArray();
      RelayLab.Sent request = out.get((steps.what() & 3) % out.size());
      if (steps.has(4)) {
        putTransactionId(datagram, request.transactionId());
      }
      if (steps.has(0x40)) {
        forward(lab, Octets.wrap(datagram));
      } else {
        lab.agent.onDatagram(Octets.wrap(datagram), steps.has(8) ? ELSEWHERE : request.to());
      }
      if (steps.has(0x20)) {
        lab.agent.burstEnd();
      }
    }
    lab.agent.burstEnd();
    lab.pass(Duration.ofSeconds(40));
    equal(lab.reconfigured.size() + lab.released.size(), TASKS, "tasks that ended");
    equal(lab.agent.inFlight(), 0, "in flight");
    equal(lab.time.waiting(), 0, "timers");
  }

  /** What it becomes is a relay message, but what is inside may be anything. */
  private static void forward(RelayLab lab, Octets datagram) {
    List<RelayLab.Sent> before = List.copyOf(lab.sent);
    lab.sent.clear();
    lab.agent.onForwardable(datagram, ELSEWHERE, lab.port());
    for (RelayLab.Sent sent : lab.sent) {
      try {
        RelayMessage message = (RelayMessage) Message.parseOutermost(sent.datagram());
        equal(
            message.options().first(OptionCode.RELAY_MSG).orElseThrow().encodeBody(),
            datagram,
            "what was forwarded");
      } catch (MalformedException e) {
        throw new AssertionError("forwarded malformed", e);
      }
    }
    lab.sent.clear();
    lab.sent.addAll(before);
  }

  /** Behind the type of a bare message; of the message in a relay message where it stands first. */
  private static void putTransactionId(byte[] datagram, int transactionId) {
    int at = 0;
    while (at + 38 < datagram.length && (datagram[at] == 12 || datagram[at] == 13)) {
      at += 38;
    }
    if (at + 3 < datagram.length) {
      datagram[at + 1] = (byte) (transactionId >> 16);
      datagram[at + 2] = (byte) (transactionId >> 8);
      datagram[at + 3] = (byte) transactionId;
    }
  }
}
