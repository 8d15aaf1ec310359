package io.coagateway.dac;

import static io.coagateway.fuzz.Property.equal;
import static io.coagateway.fuzz.Property.require;

import io.coagateway.config.DictionaryFiles;
import io.coagateway.fuzz.Seeds;
import io.coagateway.fuzz.Steps;
import io.coagateway.radius.Authenticators;
import io.coagateway.radius.DynamicAuthorizationRequest.Kind;
import io.coagateway.radius.PacketPrinter;
import io.coagateway.radius.RadiusPacket;
import io.coagateway.radius.Secret;
import io.coagateway.time.ManualTime;
import io.coagateway.wire.MalformedException;
import io.coagateway.wire.Octets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Any answers to a request of {@code send}: one outcome, and an answer counts only when it is
 * proven. Bit 1 of a step signs its datagram as the server would. What came is printed.
 */
public final class AnswerFuzz {
  private static final Secret SECRET = Secret.of("testing123");
  private static final Octets ATTRIBUTES =
      Octets.ofHex("0107616c696365 370668000000 21047031 21047032");
  private static final PacketPrinter PRINTER = new PacketPrinter(DictionaryFiles.builtIn());

  private AnswerFuzz() {}

  /** Where to start. */
  public static Seeds seeds() {
    Seeds seeds = Seeds.of("dac-answer");
    for (String answer :
        List.of(
            "2c07002e8caf1ba83874b93a08c14631db50e057 50128059238b307a54d80ce400d15523d32e"
                + "21047031 21047032",
            "2d070034ba9d4d2ffdb268950794aaeff4316713 50123e23dc4a03281945fc1ee209e6f71c35"
                + "6506000001f7 21047031 21047032",
            "2d07001a00000000000000000000000000000000 370668000000")) {
      seeds.add(Seeds.step(0, Octets.ofHex(answer))).add(Seeds.step(1, Octets.ofHex(answer)));
    }
    Octets header = Octets.ofHex("2c07000000000000000000000000000000000000");
    return seeds.hex("radius/attributes.txt", "hex", octets -> Seeds.step(1, header.plus(octets)));
  }

  /** One input. */
  public static void fuzzerTestOneInput(byte[] input) {
    ManualTime time = new ManualTime();
    Authenticators authenticators = new Authenticators();
    List<Outcome> outcomes = new ArrayList<>();
    RadiusPacket request = RequestContent.of(Kind.COA, ATTRIBUTES).sign(7, SECRET, authenticators);
    RequestExchange exchange =
        new RequestExchange(
            request,
            SECRET,
            Retransmission.RFC_5080,
            authenticators,
            time,
            time,
            () -> 0,
            packet -> {},
            outcomes::add);
    exchange.begin();
    boolean signed = false;
    Steps steps = new Steps(input);
    while (steps.next()) {
      byte[] datagram = steps.octets().toArray();
      if (steps.has(1) && datagram.length >= RadiusPacket.HEADER_LENGTH) {
        int length = Math.min(datagram.length, RadiusPacket.MAX_LENGTH);
        datagram[2] = (byte) (length >> 8);
        datagram[3] = (byte) length;
        authenticators.signResponse(datagram, request.authenticator(), SECRET);
        signed = true;
      }
      try {
        RadiusPacket answer = RadiusPacket.parse(Octets.wrap(datagram));
        exchange.onAnswer(answer);
        require(!PRINTER.print(answer).isEmpty(), () -> "no text");
      } catch (MalformedException e) {
        require(!e.getMessage().isEmpty(), () -> "no reason");
      }
    }
    time.pass(Duration.ofSeconds(31));
    equal(outcomes.size(), 1, "outcomes");
    equal(time.waiting(), 0, "timers");
    require(
        signed || outcomes.get(0).kind() == Outcome.Kind.NO_ANSWER || input.length >= 40,
        () -> "an answer that nobody signed");
  }
}
