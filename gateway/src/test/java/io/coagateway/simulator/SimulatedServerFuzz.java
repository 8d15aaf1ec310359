package io.coagateway.simulator;

import static io.coagateway.fuzz.Property.equal;
import static io.coagateway.fuzz.Property.require;

import io.coagateway.dhcpv6.Message;
import io.coagateway.fuzz.Seeds;
import io.coagateway.fuzz.Steps;
import io.coagateway.wire.MalformedException;
import java.time.Duration;

/** Any datagrams to the simulated server: each is answered or dropped, and answers are messages. */
public final class SimulatedServerFuzz {
  private SimulatedServerFuzz() {}

  /** Where to start. */
  public static Seeds seeds() {
    return Seeds.of("simulated-server")
        .add(Seeds.step(0, Bench.reconfigureRequest(Bench.ALICE, Bench.BOB).encode()))
        .add(Seeds.step(0, Bench.relayed(Bench.reconfigureRequest(Bench.ALICE)).encode()))
        .hex("captured", "message", octets -> Seeds.step(0, octets))
        .hex("dhcpv6", "message", octets -> Seeds.step(1, octets));
  }

  /** One input. */
  public static void fuzzerTestOneInput(byte[] input) {
    Bench bench = new Bench(Bench.accepting());
    Steps steps = new Steps(input);
    while (steps.next()) {
      if (steps.has(1)) {
        bench.time.pass(Duration.ofSeconds(1));
      }
      Reception reception = bench.server.receive(steps.octets(), Bench.SOURCE, bench.time.nanos());
      require(
          reception.replies().isEmpty() == reception.drop().isPresent(),
          () -> "neither or both: " + reception);
      for (Reply reply : reception.replies()) {
        check(reply.message());
      }
      bench.server.dueReconfigures(bench.time.nanos()).forEach(reply -> check(reply.message()));
    }
  }

  private static void check(Message message) {
    try {
      equal(Message.parse(message.encode()), message, "an answer");
    } catch (MalformedException e) {
      throw new AssertionError("a malformed answer: " + message.toText(), e);
    }
  }
}
