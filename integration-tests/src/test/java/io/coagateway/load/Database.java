package io.coagateway.load;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Where the gateway under load keeps its table. */
public enum Database {
  /** In SQLite's file, as shipped. */
  DISK("/var/tmp"),
  /** In SQLite's file, which lies in memory. */
  SHM("/dev/shm"),
  /** In no database at all. */
  MEMORY("/var/tmp");

  private final Path directory;

  Database(String directory) {
    this.directory = Path.of(directory);
  }

  /** Takes {@code --database} and its value out of {@code words}; on disk when it is not there. */
  static Database take(List<String> words) {
    String wanted = BenchSettings.take(words, "--database", DISK.toString());
    for (Database one : values()) {
      if (one.toString().equals(wanted)) {
        return one;
      }
    }
    throw new IllegalArgumentException(
        "--database \"" + wanted + "\" is none of disk, shm and memory");
  }

  /** Where the run has its files. */
  Path directory() {
    return directory;
  }

  /** As on the command line. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
