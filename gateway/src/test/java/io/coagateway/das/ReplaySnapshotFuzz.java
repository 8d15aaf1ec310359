package io.coagateway.das;

import static io.coagateway.fuzz.Property.equal;
import static io.coagateway.fuzz.Property.require;

import io.coagateway.fuzz.Seeds;
import io.coagateway.wire.MalformedException;
import io.coagateway.wire.Octets;
import java.time.Duration;

/** What a damaged file may hand to the replay memory: it is taken over, or refused, and bounded. */
public final class ReplaySnapshotFuzz {
  private static final int ENTRIES = 16;

  private ReplaySnapshotFuzz() {}

  /** Where to start: a memory with nothing, and one with three answers. */
  public static Seeds seeds() {
    ReplayMemory memory = memory();
    Octets empty = memory.snapshot(1_000_000_000L, 0x68000000L);
    int client = memory.clientNumber("dac-1");
    for (int i = 1; i <= 3; i++) {
      int entry = memory.add(i, -i, 0x0102030405060708L, client, 0x68000000L + i, i, 0x68000000L);
      memory.answered(entry, new byte[20 + 30 * i]);
    }
    return Seeds.of("replay-snapshot")
        .add(empty.toArray())
        .add(memory.snapshot(1_000_000_000L, 0x68000000L).toArray());
  }

  private static ReplayMemory memory() {
    return new ReplayMemory(ENTRIES, Duration.ofMinutes(5), 42);
  }

  /** One input. */
  public static void fuzzerTestOneInput(byte[] input) {
    ReplayMemory memory = memory();
    long now = 1_000_000_000_000L;
    try {
      memory.restore(Octets.wrap(input), now, 0x68000000L);
    } catch (MalformedException e) {
      require(!e.getMessage().isEmpty(), () -> "no reason");
    }
    require(memory.size() <= ENTRIES, () -> "remembers " + memory.size());
    equal(memory.inProgress(), 0, "in progress");
    memory.find(1, -1, now, 0x68000000L);
    memory.snapshot(now, 0x68000000L);
    memory.reach(now);
  }
}
