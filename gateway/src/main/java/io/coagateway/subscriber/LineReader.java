package io.coagateway.subscriber;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The lines of a file in octets, as somebody may be writing it: one without its line feed is none
 * yet. In octets, so that one line that is no text spoils no other.
 */
final class LineReader implements AutoCloseable {
  private static final int LONGEST = 1 << 20; // octets; what is longer is cut, and no record

  private final ReadableByteChannel channel;
  private final ByteBuffer buffer = ByteBuffer.allocate(1 << 16).limit(0);
  private final ByteArrayOutputStream line = new ByteArrayOutputStream(512);
  private long length; // octets read since the last line feed
  private long position;

  /**
   * @param from where the first line begins, in octets
   */
  LineReader(Path file, long from) throws IOException {
    FileChannel opened = FileChannel.open(file);
    opened.position(from);
    channel = opened;
    position = from;
  }

  /** Lines of something that ends, such as a pipe. */
  LineReader(InputStream in) {
    channel = Channels.newChannel(in);
  }

  /** The next line without its line feed; empty at the end. */
  Optional<byte[]> next() throws IOException {
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
        return Optional.of(take());
      }
      if (line.size() < LONGEST) {
        line.write(octet);
      }
    }
  }

  /** What stands behind the last line feed, for a reader that knows that no more will come. */
  Optional<byte[]> rest() {
    return length == 0 ? Optional.empty() : Optional.of(take());
  }

  private byte[] take() {
    byte[] octets = line.toByteArray();
    line.reset();
    length = 0;
    return octets;
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
