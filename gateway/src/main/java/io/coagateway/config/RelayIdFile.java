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

  private RelayIdFile() {}

  /**
   * The DUID for {@code identifier}, made now if there is none.
   *
   * @param keep whether to write a new one to the file
   * @throws IOException when the file cannot be read or written
   * @throws BadValue when the file holds something else; completes a sentence that begins with the
   *     file
   */
  static Duid duid(Path file, String identifier, boolean keep) throws IOException, BadValue {
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
      duid = Duid.uuid(UUID.randomUUID());
      known.put(name, duid);
      if (keep) {
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
