package io.coagateway.config;

import io.coagateway.subscriber.TableParameters;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How the subscriber table is kept and who reads it.
 *
 * @param table where it is
 * @param relayReadsTable whether the relay takes the options that it supplies from the table
 * @param file records that a relay writes to a file, to be taken over
 * @param fileInterval how often that file is looked at
 * @param directory of the database file; when the database is none, systemd's state directory or
 *     else that of the configuration
 */
public record TableSettings(
    TableParameters table,
    boolean relayReadsTable,
    Optional<Path> file,
    Duration fileInterval,
    Path directory) {
  /** A file that belongs to the database. */
  Path beside(String name) {
    return directory.resolve(name);
  }
}
