package io.coagateway.subscriber;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The whole lines of a file that somebody may be writing: one without its line feed is none yet.
 */
final class LineReader implements AutoCloseable {
  private static final int LONGEST = 1 << 20; // octets; what is longer is cut, and no record

  private final FileChannel channel;
  private final ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
  private long position;

  /**
   * @param from where the first line begins, in octets
   */
  LineReader(Path file, long from) throws IOException {
    channel = FileChannel.open(file);
    channel.position(from);
    position = from;
    buffer.limit(0);
  }

  /** The next line without its line feed; empty at the end. */
  Optional<byte[]> next() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream(512);
    long length = 0;
    while (true) {
      if (!buffer.hasRemaining()) {
        buffer.clear();
        int count = channel.read(buffer);
        buffer.flip();
        if (count <= 0) {
          return Optional.empty();
        }
      }
      byte octet = buffer.get();
      length++;
      if (octet == '\n') {
        position += length;
        return Optional.of(line.toByteArray());
      }
      if (line.size() < LONGEST) {
        line.write(octet);
      }
    }
  }

  /** Where the line after the last one begins, in octets. */
  long position() {
    return position;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
