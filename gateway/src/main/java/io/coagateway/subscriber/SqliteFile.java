package io.coagateway.subscriber;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.UserPrincipal;
import java.util.Optional;

/**
 * The file of a SQLite database as the file system has it.
 *
 * <p>SQLite goes on with a file that was removed or replaced under it: what it writes from then on
 * is seen by nobody and gone with the process. And nothing in it keeps a second gateway from taking
 * the changes that the first one has under way for those of a dead process.
 */
final class SqliteFile implements AutoCloseable {
  /** Of the file beside the database that the gateway in charge holds locked. */
  private static final String CLAIM = "-gateway";

  private final Path path;
  private final Optional<Object> identity; // empty: a URL that names no file in our words
  private Optional<FileChannel> claim = Optional.empty();
  private Optional<FileLock> lock = Optional.empty(); // kept, for the JVM knows it only weakly
  private volatile boolean inPlace = true;

  /**
   * @param path of a database that is there
   */
  SqliteFile(Path path) {
    this.path = path;
    this.identity = identityOf(path);
  }

  private static Optional<Object> identityOf(Path path) {
    try {
      return Optional.ofNullable(Files.readAttributes(path, BasicFileAttributes.class).fileKey());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /**
   * Makes this process the one gateway of the database, until {@link #close} or its death.
   *
   * @throws TableUnavailableException when another gateway has it
   */
  void claim() throws TableUnavailableException {
    if (identity.isEmpty()) {
      return;
    }
    try {
      Path beside = Path.of(path.toRealPath() + CLAIM); // behind a link it is the same database
      FileChannel file =
          FileChannel.open(beside, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      claim = Optional.of(file);
      giveToOwner(beside);
      lock = Optional.ofNullable(file.tryLock());
      if (lock.isEmpty()) {
        throw taken();
      }
    } catch (OverlappingFileLockException e) {
      throw taken();
    } catch (IOException e) {
      throw new TableUnavailableException(
          TableUnavailableException.Reason.FAILED, "cannot lock \"" + path + CLAIM + "\": " + e);
    }
  }

  private TableUnavailableException taken() {
    return new TableUnavailableException(
        TableUnavailableException.Reason.LOCKED,
        "another gateway runs with the database \""
            + path
            + "\". Stop that one, or keep the table in PostgreSQL, which several may share");
  }

  /** As SQLite does with its log: one who ran this as root must not lock the service out. */
  private void giveToOwner(Path beside) {
    try {
      UserPrincipal owner = Files.getOwner(path);
      if (!Files.getOwner(beside, LinkOption.NOFOLLOW_LINKS).equals(owner)) {
        Files.setOwner(beside, owner);
      }
    } catch (IOException e) {
      // only root can, and need
    }
  }

  /** Looks whether the file is still where others find it. */
  void look() {
    if (identity.isEmpty()) {
      return;
    }
    try {
      Object there = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
      inPlace = identity.get().equals(there);
    } catch (NoSuchFileException e) {
      inPlace = false;
    } catch (IOException e) {
      // not to be seen now; that does not make it another
    }
  }

  /** Fails when the last {@link #look} found another file, or none. From any thread. */
  void requireInPlace() throws TableUnavailableException {
    if (!inPlace) {
      throw new TableUnavailableException(
          TableUnavailableException.Reason.FAILED,
          "the database \""
              + path
              + "\" was removed or replaced while in use. Move it back; or stop the gateway, put a"
              + " good one there, and start it");
    }
  }

  /** Octets in the file of the write-ahead log. */
  long logSize() {
    try {
      return Files.size(Path.of(path + "-wal"));
    } catch (IOException e) {
      return 0; // there is none
    }
  }

  @Override
  public String toString() {
    return path.toString();
  }

  /** Lets another gateway have the database. */
  @Override
  public void close() {
    if (claim.isPresent()) {
      try {
        claim.get().close();
      } catch (IOException e) {
        // the end of the process gives it back
      }
    }
  }
}
