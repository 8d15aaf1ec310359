package io.coagateway.das;

import static io.coagateway.fuzz.Property.equal;
import static io.coagateway.fuzz.Property.require;

import io.coagateway.config.DictionaryFiles;
import io.coagateway.fuzz.Seeds;
import io.coagateway.fuzz.Steps;
import io.coagateway.radius.AnswerSink;
import io.coagateway.radius.AttributeDictionary;
import io.coagateway.radius.Authenticators;
import io.coagateway.radius.DynamicAuthorizationAnswer;
import io.coagateway.radius.DynamicAuthorizationRequest;
import io.coagateway.radius.DynamicAuthorizationRequest.Kind;
import io.coagateway.radius.ErrorCause;
import io.coagateway.radius.RadiusPacket;
import io.coagateway.radius.Secret;
import io.coagateway.time.ManualTime;
import io.coagateway.vectors.Vector;
import io.coagateway.vectors.VectorFile;
import io.coagateway.wire.MalformedException;
import io.coagateway.wire.Octets;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Any datagrams in any order through the whole receive pipeline: each is dropped once, answered
 * again once, or accepted once; each accepted request has exactly one answer, which its client can
 * prove; nothing is sent for what was dropped.
 *
 * <p>The first octet of a step says what happens to its datagram:
 *
 * <pre>
 *   0x01  sign it: Length, Message-Authenticator and Request Authenticator are made right
 *   0x02  answer it with a NAK that has an attribute, instead of an ACK
 *   0x04  answer it when the next one has come
 *   0x08  it comes from a stranger
 *   0x10  the handler breaks
 *   0x20  a second passes before it     0x40  a minute and a half passes before it
 *   0x80  it comes from the client that may send little
 * </pre>
 */
public final class ReceivePipelineFuzz {
  private static final AttributeDictionary DICTIONARY = DictionaryFiles.builtIn();
  private static final Secret SECRET = Secret.of("testing123");
  private static final List<DasClient> CLIENTS =
      List.of(
          Bench.client(""),
          Bench.client(
              "name=dac-2 addresses=198.51.100.0/24 rate-limit=1/s kinds=disconnect"
                  + " message-authenticator=required realm=example.net"));
  private static final InetSocketAddress FRIEND = Bench.socket("192.0.2.9", 4000);
  private static final InetSocketAddress LIMITED = Bench.socket("198.51.100.9", 4000);
  private static final InetSocketAddress STRANGER = Bench.socket("203.0.113.9", 4000);
  private static final InetSocketAddress LOCAL = Bench.socket("192.0.2.1", 3799);
  private static final int ENTRIES = 8;

  private final Authenticators authenticators = new Authenticators();
  private final ManualTime time = new ManualTime();
  private final ReceivePipeline pipeline;
  private final Deque<Runnable> later = new ArrayDeque<>();

  private Steps steps;
  private int dropped;
  private int again;
  private int accepted;
  private int sent;
  private int answered;

  private ReceivePipelineFuzz(byte[] input) {
    steps = new Steps(input);
    DasParameters parameters = Bench.parameters(CLIENTS);
    pipeline =
        new ReceivePipeline(
            parameters,
            DICTIONARY,
            new ReplayMemory(ENTRIES, parameters.window(), 42),
            this::handle,
            new Counts(),
            time,
            time);
  }

  /** Where to start: every datagram of the pipeline's vectors, as it is and signed anew. */
  public static Seeds seeds() {
    Seeds seeds = Seeds.of("radius-datagram");
    for (Vector vector : VectorFile.folder("das")) {
      Octets script = Octets.EMPTY;
      for (String step : vector.all("step")) {
        String[] words = step.split("=>", 2)[0].strip().split("\\s+", 4);
        if (words.length == 4 && words[0].equals("receive")) {
          String hex = words[3].replaceAll("[^0-9a-f].*", "");
          if (hex.length() % 2 == 0) {
            script = script.plus(Octets.wrap(Seeds.step(0, Octets.ofHex(hex))));
            seeds.add(Seeds.step(1, Octets.ofHex(hex)));
          }
        }
      }
      seeds.add(script.toArray());
    }
    Octets header = Octets.ofHex("2b07000000000000000000000000000000000000");
    return seeds
        .hex("radius/attributes.txt", "hex", octets -> Seeds.step(1, header.plus(octets)))
        .hex("radius/attributes.txt", "hex", octets -> Seeds.step(7, header.plus(octets)));
  }

  /** One input. */
  public static void fuzzerTestOneInput(byte[] input) {
    new ReceivePipelineFuzz(input).run();
  }

  private void run() {
    while (steps.next()) {
      time.pass(
          steps.has(0x20)
              ? Duration.ofSeconds(1)
              : steps.has(0x40) ? Duration.ofSeconds(90) : Duration.ofMillis(1));
      Deque<Runnable> waiting = new ArrayDeque<>(later);
      later.clear();
      receive();
      waiting.forEach(Runnable::run);
    }
    later.forEach(Runnable::run);
    equal(answered, accepted, "answers to accepted requests");
    equal(pipeline.inProgress(), 0, "in progress at the end");
    require(pipeline.remembered() <= ENTRIES, () -> "remembers " + pipeline.remembered());
    time.pass(Duration.ofSeconds(1));
    try {
      new ReplayMemory(ENTRIES, Duration.ofMinutes(5), 7)
          .restore(pipeline.snapshot(), time.nanos(), 0x68000000L);
    } catch (MalformedException e) {
      throw new AssertionError("its own snapshot", e);
    }
  }

  private void receive() {
    byte[] datagram = steps.octets().toArray();
    if (steps.has(1)) {
      sign(datagram);
    }
    int before = dropped + again + accepted;
    int sentBefore = sent;
    InetSocketAddress source = steps.has(8) ? STRANGER : steps.has(0x80) ? LIMITED : FRIEND;
    pipeline.receive(Octets.wrap(datagram), source, new Port());
    equal(dropped + again + accepted - before, 1, "what became of one datagram");
    require(sent - sentBefore <= 1, () -> "one datagram, " + (sent - sentBefore) + " answers");
  }

  private void sign(byte[] datagram) {
    if (datagram.length >= RadiusPacket.HEADER_LENGTH) {
      int length = Math.min(datagram.length, RadiusPacket.MAX_LENGTH);
      datagram[2] = (byte) (length >> 8);
      datagram[3] = (byte) length;
      authenticators.signRequest(datagram, SECRET);
    }
  }

  private void handle(DynamicAuthorizationRequest request, AnswerSink sink) {
    if (steps.has(0x10)) {
      throw new IllegalStateException("broken on purpose");
    }
    Kind kind = request.kind();
    DynamicAuthorizationAnswer answer =
        steps.has(2)
            ? DynamicAuthorizationAnswer.nak(kind, ErrorCause.UNSUPPORTED_ATTRIBUTE, "fuzz")
            : DynamicAuthorizationAnswer.ack(kind);
    if (steps.has(4)) {
      later.add(() -> sink.answer(answer));
    } else {
      sink.answer(answer);
    }
  }

  private final class Port implements AnswerPort {
    private final RadiusPacket request = packet(steps.octets());

    /** As it came; a signed one differs in header and Message-Authenticator alone. */
    private RadiusPacket packet(Octets octets) {
      byte[] datagram = octets.toArray();
      if (steps.has(1)) {
        sign(datagram);
      }
      try {
        return RadiusPacket.parse(Octets.wrap(datagram));
      } catch (MalformedException e) {
        return null;
      }
    }

    @Override
    public InetSocketAddress local() {
      return LOCAL;
    }

    @Override
    public Sending send(byte[] octets, InetSocketAddress to) {
      sent++;
      try {
        RadiusPacket answer = RadiusPacket.parse(Octets.copyOf(octets));
        equal(answer.length(), octets.length, "length of the answer");
        equal(answer.identifier(), request.identifier(), "Identifier");
        equal(answer.attributeDefect(), RadiusPacket.NONE, "attributes of the answer");
        require(
            authenticators.responseAuthenticatorMatches(answer, request.authenticator(), SECRET),
            () -> "Response Authenticator");
      } catch (MalformedException e) {
        throw new AssertionError("a malformed answer", e);
      }
      return Sending.SENT;
    }
  }

  private final class Counts implements DasObserver {
    @Override
    public void datagramReceived(int octets) {}

    @Override
    public void dropped(DropReason reason, String client, int code) {
      dropped++;
    }

    @Override
    public void accepted(String client, Kind kind) {
      accepted++;
    }

    @Override
    public void answeredAgain(String client, Kind kind, boolean sameSource) {
      again++;
    }

    @Override
    public void answered(
        DynamicAuthorizationRequest request, DynamicAuthorizationAnswer answer, long nanos) {
      answered++;
    }

    @Override
    public void notSent(String client) {
      throw new AssertionError("the port takes everything");
    }
  }
}
