package io.coagateway.subscriber;

import static io.coagateway.fuzz.Property.equal;
import static io.coagateway.fuzz.Property.require;

import io.coagateway.fuzz.Seeds;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Any line of NDJSON: a record whose own line reads back as the record, or an error of one line.
 */
public final class RecordFuzz {
  private RecordFuzz() {}

  /** Where to start: the shipped example, and one record with everything. */
  public static Seeds seeds() {
    Seeds seeds =
        Seeds.of("subscriber-record")
            .add(
                """
                {"id":"p","nas":"n","version":12,"duid":"0003000102005e100007",\
                "linkAddress":"2001:db8::1","peerAddress":"fe80::7","interfaceId":"0102",\
                "serverDuid":"000100012a","reconfigureAccept":false,\
                "remoteId":{"enterprise":9,"id":{"text":"x"}},"subscriberId":"ff",\
                "session":{"User-Name":["a"],"NAS-Port":[7],"Attr-26.9.1":["0x01"]},\
                "ias":[{"type":"IA_TA","iaid":4294967295,"leases":["2001:db8::"]}],\
                "options":{"64":["0161 00"],"81":"0107616c696365","23":"20010db8"}}""");
    try {
      Files.readAllLines(Path.of("../conf/example-subscribers.ndjson")).forEach(seeds::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return seeds;
  }

  /** One input. */
  public static void fuzzerTestOneInput(byte[] input) {
    try {
      SubscriberRecord record =
          TestTables.FORMAT.parse(new String(input, StandardCharsets.UTF_8), "nas-1");
      String line = TestTables.FORMAT.print(record);
      equal(line.lines().count(), 1L, "lines");
      SubscriberRecord again = TestTables.FORMAT.parse(line, "nas-1");
      equal(TestTables.FORMAT.print(again), line, "written and read");
    } catch (RecordFormatException e) {
      require(!e.getMessage().isBlank(), () -> "no reason");
    }
  }
}
