package io.coagateway.cli;

import io.coagateway.config.ConfigurationException;
import io.coagateway.config.DictionaryFiles;
import io.coagateway.config.GatewayConfig;
import io.coagateway.radius.AttributeDictionary;
import io.coagateway.subscriber.ServerAccess;
import io.coagateway.subscriber.SubscriberTables;
import io.coagateway.subscriber.TableParameters;
import io.coagateway.subscriber.TableTransfer;
import io.coagateway.subscriber.TableUnavailableException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Which table a command means.
 *
 * @param parameters where it is
 * @param attributes the dictionaries in force
 * @param nas the NAS that is meant; empty for any
 * @param configuration what was read to know; empty when the options said it all
 */
record TablePlace(
    TableParameters parameters,
    AttributeDictionary attributes,
    String nas,
    Optional<GatewayConfig> configuration) {

  /**
   * The place that the options name, else that of the configuration.
   *
   * @param file the configuration, read unless both others are given
   * @param database the URL, whose user and password are in the environment
   * @param nas the NAS
   * @throws ConfigurationException with all of the file's problems
   */
  static TablePlace of(Path file, Optional<String> database, Optional<String> nas)
      throws ConfigurationException {
    Optional<TableParameters> named =
        database.map(url -> TableParameters.of(url, fromEnvironment()));
    if (named.isPresent() && nas.isPresent()) {
      return new TablePlace(named.get(), DictionaryFiles.builtIn(), nas.get(), Optional.empty());
    }
    GatewayConfig read = GatewayConfig.check(file);
    return new TablePlace(
        named.orElse(read.subscribers().table()),
        read.attributes(),
        nas.orElse(read.nas().name()),
        Optional.of(read));
  }

  /** As psql takes them. */
  private static ServerAccess fromEnvironment() {
    Map<String, String> environment = System.getenv();
    return ServerAccess.of(
        Optional.ofNullable(environment.get("PGUSER")),
        Optional.ofNullable(environment.get("PGPASSWORD")),
        "coa-gateway table");
  }

  /**
   * The table.
   *
   * @param warnings where it is said which records cannot be read
   * @throws TableUnavailableException when it cannot be opened, or the URL is none
   */
  TableTransfer open(PrintWriter warnings) throws TableUnavailableException {
    if (!SubscriberTables.isSupported(parameters.database())) {
      throw new TableUnavailableException(
          TableUnavailableException.Reason.REFUSED,
          SubscriberTables.urlProblem(parameters.database()));
    }
    return SubscriberTables.transfer(
        parameters,
        attributes,
        problems -> problems.forEach(problem -> warnings.println("warning: " + problem)));
  }
}
