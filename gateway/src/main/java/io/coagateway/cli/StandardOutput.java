package io.coagateway.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What standard output leads to. */
final class StandardOutput {
  private static final Path FILE = Path.of("/dev/stdout");

  private static final int TYPE = 0170000; // inode(7)
  private static final int PIPE = 0010000;
  private static final int SOCKET = 0140000;

  private StandardOutput() {}

  /** Whether another program reads it. */
  static boolean hasReader() {
    return isRead(FILE);
  }

  /**
   * A pipe or a socket fails to take more only when its reader has gone, while what a file or a
   * terminal fails with is the user's to know.
   */
  static boolean isRead(Path file) {
    try {
      int type = (Integer) Files.getAttribute(file, "unix:mode") & TYPE;
      return type == PIPE || type == SOCKET;
    } catch (IOException | UnsupportedOperationException e) { // closed, or no such system
      return false;
    }
  }
}
