package io.coagateway.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.coagateway.admin.AdminParameters;
import io.coagateway.dhcpv6.Duid;
import io.coagateway.dhcpv6.OptionDictionary;
import io.coagateway.dynauth.AnswerTable;
import io.coagateway.dynauth.DynauthParameters;
import io.coagateway.inpath.InPathParameters;
import io.coagateway.mapping.Mapping;
import io.coagateway.radius.AttributeDictionary;
import io.coagateway.relay.DhcpServer;
import io.coagateway.relay.RelayParameters;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** Reads the whole file, part by part, and fails at the end if anything was wrong. */
final class GatewayReader {
  /**
   * A thousand clients take a tenth; to read /dev/zero must end, and YAML is slow with a long line.
   */
  private static final int MAX_OCTETS = 1 << 20;

  private final Path file;
  private final RelayIdFile.Unknown unknownRelayId;
  private final Findings findings;
  private final Expansion expansion;

  /**
   * @param environment the value of a variable, or null
   * @param unknownRelayId what to do when the relay's DUID is to be read and there is none
   */
  GatewayReader(Path file, UnaryOperator<String> environment, RelayIdFile.Unknown unknownRelayId) {
    this.file = file;
    this.unknownRelayId = unknownRelayId;
    this.findings = new Findings(file);
    Path parent = file.toAbsolutePath().getParent();
    this.expansion = new Expansion(parent == null ? Path.of("/") : parent, environment);
  }

  GatewayConfig read() throws ConfigurationException {
    Optional<String> text = text();
    if (text.isEmpty()) {
      throw failure();
    }
    Node.Mapping tree = YamlFile.read(text.get(), findings);
    if (tree.entries().isEmpty() && findings.anyProblem()) {
      throw failure(); // not YAML, or nothing in it: what is missing besides says nothing
    }
    Section root = new Section(new Section.Source(findings, expansion), "", tree);
    Names names = new Names(dictionary(root), OptionDictionary.builtIn());
    LoggingSettings logging = root.section("logging", LoggingReader::read);
    NasSettings nas = root.section("nas", NasReader::read);
    RadiusReader.Radius radius =
        root.section("radius", new RadiusReader(names, nas.identifier())::read);
    TableSettings table = root.section("subscribers", TableReader::read);
    Changes changes = new Changes(names, radius.requests().identification());
    Dhcpv6Reader.Dhcpv6 dhcpv6 = root.section("dhcpv6", new Dhcpv6Reader(changes, table)::read);
    Optional<Mapping> mapping =
        new MappingReader(changes)
            .read(root, radius.requests().otherAttributes(), radius.dhcpv6Options());
    AnswerTable answers = root.section("answers", AnswersReader::read);
    Function<List<DhcpServer>, LearnSettings> learn = root.section("learn", LearnReader::read);
    AdminParameters admin = root.section("admin", AdminReader::read);
    root.end();
    LeasequeryReader.check(dhcpv6.leasequery(), radius.accounting());
    Optional<RelayParameters> relay =
        dhcpv6
            .relay()
            .flatMap(
                make -> relayId(root, dhcpv6, nas).flatMap(d -> root.build(() -> make.apply(d))));
    Optional<InPathParameters> inPath =
        relay.flatMap(r -> root.build(() -> dhcpv6.inPath().parameters(r, nas.name())));
    if (findings.anyProblem()) {
      throw failure();
    }
    return new GatewayConfig(
        file,
        nas,
        radius.das().orElseThrow(),
        radius.accounting().forNas(nas.name()),
        radius.requests(),
        relay.orElseThrow(),
        inPath.orElseThrow(),
        dhcpv6
            .leasequery()
            .settings(relay.orElseThrow(), nas.name(), radius.accounting().duidAttributes()),
        mapping.orElseThrow(),
        new DynauthParameters(
            nas.name(),
            radius.requests().responseDeadline(),
            radius.requests().maxSessions(),
            radius.requests().residualContextCause(),
            relay.orElseThrow().servers(),
            dhcpv6.knownAttributes(),
            answers),
        table,
        learn.apply(relay.orElseThrow().servers()),
        admin,
        logging,
        names.attributes(),
        names.options(),
        findings.warnings(),
        findings.settings());
  }

  private ConfigurationException failure() {
    return new ConfigurationException(findings.problems(), findings.warnings());
  }

  private Optional<String> text() {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] octets = in.readNBytes(MAX_OCTETS + 1);
      if (octets.length > MAX_OCTETS) {
        findings.problem(
            0, "", "This is larger than 1 MiB, so no configuration. Name another file.");
        return Optional.empty();
      }
      String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(octets)).toString();
      if (file.toAbsolutePath().equals(GatewayConfig.DEFAULT_FILE)) { // the service's own
        FileAccess.ofThisProcess()
            .closedToService("This file", file)
            .ifPresent(doubt -> findings.warning(0, "", doubt));
      }
      return Optional.of(text);
    } catch (NoSuchFileException e) {
      findings.problem(
          0,
          "",
          "There is no such file ("
              + file.toAbsolutePath()
              + "). Name one with --config, or start from the conf/gateway.yaml that is shipped.");
    } catch (CharacterCodingException e) {
      findings.problem(0, "", "This is not UTF-8 text. Save it as UTF-8.");
    } catch (IOException e) {
      findings.problem(
          0,
          "",
          Files.isDirectory(file)
              ? "This is a directory. Name the file in it."
              : System.getProperty("user.name") + " may not read this file. chown or chmod it.");
    }
    return Optional.empty();
  }

  /** Without it names could not be read: on a problem, those inside the jar. */
  private AttributeDictionary dictionary(Section root) {
    Form<Path> dictionary =
        Forms.path(expansion).then(GatewayReader::readableDictionary, Path::toString);
    List<Path> files = root.list("dictionaries", dictionary, List.of());
    try {
      return DictionaryFiles.load(files);
    } catch (ConfigurationException e) {
      e.problems().forEach(findings::add);
      return DictionaryFiles.builtIn();
    }
  }

  private static Path readableDictionary(Path path) throws BadValue {
    Path file = DictionaryFiles.start(path);
    if (Files.notExists(file)) {
      throw new BadValue(
          Files.exists(path)
              ? "is a folder without a file named dictionary. Name the file in it."
              : "does not exist (" + path + "). Give a dictionary file, or a folder of them.");
    }
    if (!Files.isReadable(file)) {
      throw new BadValue(FileAccess.closedToThisProcess(file));
    }
    return path;
  }

  private Optional<Duid> relayId(Section root, Dhcpv6Reader.Dhcpv6 dhcpv6, NasSettings nas) {
    if (dhcpv6.relayId().isPresent() || findings.anyProblem()) {
      return dhcpv6.relayId();
    }
    Path relayIdFile = dhcpv6.relayIdFile();
    try {
      return Optional.of(RelayIdFile.duid(relayIdFile, nas.name(), unknownRelayId));
    } catch (IOException e) {
      findings.problem(
          root.lineOf("dhcpv6"),
          "dhcpv6.relay-id-file",
          relayIdFile.toString(),
          "cannot be read and written. Give a file where "
              + System.getProperty("user.name")
              + " may write, or set dhcpv6.relay-id.");
    } catch (BadValue e) {
      findings.problem(
          root.lineOf("dhcpv6"), "dhcpv6.relay-id-file", relayIdFile.toString(), e.getMessage());
    }
    return Optional.empty();
  }
}
