package io.coagateway.config;

import io.coagateway.accounting.AccountingParameters;
import io.coagateway.admin.AdminParameters;
import io.coagateway.das.DasParameters;
import io.coagateway.dhcpv6.OptionDictionary;
import io.coagateway.dynauth.DynauthParameters;
import io.coagateway.inpath.InPathParameters;
import io.coagateway.mapping.Mapping;
import io.coagateway.radius.AttributeDictionary;
import io.coagateway.radius.AttributeId;
import io.coagateway.radius.RequestParameters;
import io.coagateway.relay.RelayParameters;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;

/**
 * A whole configuration that was found to be sound: the parameters of every package, once.
 *
 * @param file where it was read from
 * @param nas who the NAS is
 * @param das the RFC 5176 server role
 * @param accounting how accounting is listened to
 * @param requests how requests are judged
 * @param relay the relay-agent role
 * @param inPath the relay's next hop
 * @param leasequery recovery of the table
 * @param mapping from attributes to options
 * @param dynauth from request to verdict
 * @param subscribers the subscriber table
 * @param learn what is learned from the relay's messages
 * @param admin the admin port
 * @param logging the log
 * @param attributes the RADIUS dictionaries in force
 * @param options the DHCPv6 option dictionary
 * @param warnings what is doubtful but will do
 * @param settings every setting in force, secrets hidden
 */
public record GatewayConfig(
    Path file,
    NasSettings nas,
    DasParameters das,
    AccountingParameters accounting,
    RequestSettings requests,
    RelayParameters relay,
    InPathParameters inPath,
    LeasequerySettings leasequery,
    Mapping mapping,
    DynauthParameters dynauth,
    TableSettings subscribers,
    LearnSettings learn,
    AdminParameters admin,
    LoggingSettings logging,
    AttributeDictionary attributes,
    OptionDictionary options,
    List<Problem> warnings,
    List<Setting> settings) {

  /**
   * Where the configuration is when nobody says: in a checkout conf/gateway.yaml; what is installed
   * gives another by the system property.
   */
  public static final Path DEFAULT_FILE =
      Path.of(System.getProperty("coa-gateway.config", "conf/gateway.yaml"));

  /** Copies the collections. */
  public GatewayConfig {
    warnings = List.copyOf(warnings);
    settings = List.copyOf(settings);
  }

  /**
   * What the rules for requests need to know.
   *
   * @param supportedChange whether the mapping has a place for an attribute
   */
  public RequestParameters requestParameters(Predicate<AttributeId> supportedChange) {
    return requests.parameters(nas.identifier(), nas.addresses(), supportedChange);
  }

  /**
   * Reads a configuration to run with it: a relay DUID that must be kept is kept.
   *
   * @throws ConfigurationException with all of its problems
   */
  public static GatewayConfig load(Path file) throws ConfigurationException {
    return new GatewayReader(file, System::getenv, RelayIdFile.Unknown.MAKE).read();
  }

  /**
   * Reads a configuration without writing anything.
   *
   * @throws ConfigurationException with all of its problems
   */
  public static GatewayConfig check(Path file) throws ConfigurationException {
    return new GatewayReader(file, System::getenv, RelayIdFile.Unknown.PRETEND).read();
  }

  /**
   * Reads a configuration without writing anything, to do what needs the Relay-Id that the gateway
   * has: {@code relay-id: auto} without its file is a problem.
   *
   * @throws ConfigurationException with all of its problems
   */
  public static GatewayConfig checkWithRelayId(Path file) throws ConfigurationException {
    return new GatewayReader(file, System::getenv, RelayIdFile.Unknown.REFUSE).read();
  }
}
