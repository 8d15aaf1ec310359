package io.coagateway.admin;

import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** The file of a Unix socket before it is bound: bind(2) fails while a file of that name exists. */
final class UnixSocketFile {
  private static final int TYPE = 0170000; // inode(7)
  private static final int SOCKET = 0140000;

  private UnixSocketFile() {}

  /**
   * Removes the socket that a process left behind which was killed: one that refuses connections.
   * Everything else of that name is somebody's.
   *
   * @throws IOException when something else is there; its message says what and what to do
   */
  static void clear(Path path) throws IOException {
    try {
      int mode = (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
      if ((mode & TYPE) != SOCKET) {
        throw new IOException(
            "admin.socket: " + path + " is there and no socket. Remove it, or give another path.");
      }
    } catch (NoSuchFileException e) {
      return;
    }
    if (isListenedTo(path)) {
      throw new IOException(
          "admin.socket: another process, perhaps a gateway, listens at "
              + path
              + ". Give another path, or none.");
    }
    Files.deleteIfExists(path);
  }

  private static boolean isListenedTo(Path path) throws IOException {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.configureBlocking(false); // a full queue of connections must not keep us waiting
      boolean unused = channel.connect(UnixDomainSocketAddress.of(path));
      return true;
    } catch (ConnectException e) {
      return false;
    } catch (IOException e) {
      throw new IOException("admin.socket: " + path + " cannot be tried: " + e.getMessage(), e);
    }
  }
}
