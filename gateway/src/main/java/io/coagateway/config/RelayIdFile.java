package io.coagateway.config;

import io.coagateway.dhcpv6.Duid;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * {@code relay-id: auto}: a DUID-UUID (RFC 6355) that is made once for each NAS-Identifier and kept
 * in a file, one line {@code DUID NAS-Identifier} for each. A relay's DUID must not change while
 * servers know leases by it (RFC 5460 section 5.4.1).
 */
final class RelayIdFile {
  /** Stands for a NAS without NAS-Identifier. */
  private static final String UNNAMED = "-";

  /** What becomes of a NAS-Identifier that has no DUID yet. */
  enum Unknown {
    /** One is made and kept. */
    MAKE,
    /** One is made for as long as this process lives. */
    PRETEND,
    /** It is refused: servers know leases by the true one, and nothing by another. */
    REFUSE
  }

  private RelayIdFile() {}

  /**
   * The DUID for {@code identifier}.
   *
   * @param unknown what to do when there is none
   * @throws IOException when the file cannot be read or written
   * @throws BadValue when the file holds something else, or nothing and one was needed; completes a
   *     sentence that begins with the file
   */
  static Duid duid(Path file, String identifier, Unknown unknown) throws IOException, BadValue {
    String name = identifier.isEmpty() ? UNNAMED : identifier;
    Map<String, Duid> known = new LinkedHashMap<>();
    if (Files.exists(file)) {
      for (String line : Files.readAllLines(file)) {
        if (line.isBlank() || line.startsWith("#")) {
          continue;
        }
        int space = line.indexOf(' ');
        try {
          known.put(line.substring(space + 1), Duid.ofHex(line.substring(0, Math.max(0, space))));
        } catch (IllegalArgumentException e) {
          throw new BadValue("holds the line \"" + line + "\", which is not a DUID and a name.");
        }
      }
    }
    Duid duid = known.get(name);
    if (duid == null) {
      if (unknown == Unknown.REFUSE) {
        throw new BadValue(
            (known.isEmpty() ? "does not exist" : "holds no Relay-Id of " + name)
                + ", so what the gateway's Relay-Id is cannot be known. Run the gateway once, name"
                + " its file here, or set dhcpv6.relay-id.");
      }
      duid = Duid.uuid(UUID.randomUUID());
      known.put(name, duid);
      if (unknown == Unknown.MAKE) {
        write(file, known);
      }
    }
    return duid;
  }

  private static void write(Path file, Map<String, Duid> known) throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add("# The Relay-Id of each NAS-Identifier, made once. Keep this file.");
    known.forEach((name, duid) -> lines.add(duid.octets().toHex() + " " + name));
    Path next = file.resolveSibling(file.getFileName() + ".new");
    Files.write(next, lines);
    try {
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(next, file, StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
