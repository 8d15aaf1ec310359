package io.coagateway.app;

import io.coagateway.wire.OctetWriter;
import io.coagateway.wire.Octets;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Optional;
import java.util.zip.CRC32;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The replay memory between two processes (RFC 5176 section 6.3: a replay within the window must be
 * recognised, also across a restart). Written once at the end of a stop, read once at a start.
 *
 * <p>The file is the eight octets {@code CoAreply}, the CRC-32 of the rest in four, and the
 * snapshot of {@link io.coagateway.das.DynamicAuthorizationServer}. Its owner alone may read it:
 * the answers in it are as confidential as they were on the wire.
 */
record ReplayFile(Path path) {
  private static final Logger LOG = LoggerFactory.getLogger("coa-gateway");
  private static final Octets MAGIC = Octets.ofUtf8("CoAreply");
  private static final int HEADER_OCTETS = 12;

  /** The file of one NAS beside its database; several NASes may share a directory. */
  static ReplayFile in(Path directory, Optional<String> nas) {
    String name =
        nas.map(n -> "replay-memory-" + n.replaceAll("[^A-Za-z0-9.-]", "_"))
            .orElse("replay-memory");
    return new ReplayFile(directory.resolve(name));
  }

  /**
   * Puts a snapshot where the next process finds it: whole and durable, or not at all. A failure is
   * a line in the log, because the process ends anyway.
   */
  void write(Octets snapshot) {
    OctetWriter header = new OctetWriter(HEADER_OCTETS);
    header.octets(MAGIC).u32(checksum(snapshot));
    Path next = path.resolveSibling(path.getFileName() + ".new");
    try {
      Files.deleteIfExists(next);
      try (FileChannel file =
          FileChannel.open(
              next,
              EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              PosixFilePermissions.asFileAttribute(
                  EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE)))) {
        writeFully(file, header.toOctets());
        writeFully(file, snapshot);
        file.force(true);
      }
      Files.move(next, path, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      LOG.warn("replay-memory-not-kept file={}: {}", path, e.toString());
    }
  }

  /** What the process before left; a file that is damaged is a line in the log and nothing else. */
  Optional<Octets> read() {
    if (!Files.exists(path)) {
      return Optional.empty();
    }
    try {
      Octets all = Octets.wrap(Files.readAllBytes(path));
      if (all.length() < HEADER_OCTETS
          || !all.slice(0, MAGIC.length()).equals(MAGIC)
          || all.u32(MAGIC.length()) != checksum(all.from(HEADER_OCTETS))) {
        LOG.warn("replay-memory-damaged file={} octets={}", path, all.length());
        return Optional.empty();
      }
      return Optional.of(all.from(HEADER_OCTETS));
    } catch (IOException e) {
      LOG.warn("replay-memory-damaged file={}: {}", path, e.toString());
      return Optional.empty();
    }
  }

  /** Takes it away: it is older than what the process that now runs remembers. */
  void delete() {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      LOG.warn("replay-memory-not-removed file={}: {}", path, e.toString());
    }
  }

  private static void writeFully(FileChannel file, Octets octets) throws IOException {
    ByteBuffer buffer = octets.asByteBuffer();
    while (buffer.hasRemaining()) {
      file.write(buffer);
    }
  }

  private static long checksum(Octets octets) {
    CRC32 sum = new CRC32();
    sum.update(octets.asByteBuffer());
    return sum.getValue();
  }
}
