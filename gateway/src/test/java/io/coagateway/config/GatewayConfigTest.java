package io.coagateway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.coagateway.accounting.AccountingParameters;
import io.coagateway.das.AddressRange;
import io.coagateway.das.DasClient;
import io.coagateway.das.Requirement;
import io.coagateway.das.ShieldMode;
import io.coagateway.das.SignAnswers;
import io.coagateway.dhcpv6.Duid;
import io.coagateway.dhcpv6.MessageType;
import io.coagateway.dhcpv6.OptionCode;
import io.coagateway.inpath.InPathParameters;
import io.coagateway.leasequery.MissParameters;
import io.coagateway.mapping.MappingRow;
import io.coagateway.radius.AttributeId;
import io.coagateway.radius.Attributes;
import io.coagateway.radius.DynamicAuthorizationRequest;
import io.coagateway.radius.RequestParameters;
import io.coagateway.radius.Secret;
import io.coagateway.ratelimit.RateLimit;
import io.coagateway.relay.DhcpServer;
import io.coagateway.relay.ForwardingParameters;
import io.coagateway.relay.ForwardingParameters.Policy;
import io.coagateway.relay.Include;
import io.coagateway.relay.OptionCarrier;
import io.coagateway.relay.ReconfigureMode;
import io.coagateway.relay.RelayParameters;
import io.coagateway.relay.ReleaseMessageTypes;
import io.coagateway.relay.ReleaseMode;
import io.coagateway.relay.RetransmissionParameters;
import io.coagateway.relay.WithoutIaid;
import io.coagateway.subscriber.JoinRule;
import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.Ipv6Prefix;
import io.coagateway.wire.Octets;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The configuration file as a whole: what is shipped, what is refused, and in which words. */
class GatewayConfigTest {
  private static final Path SHIPPED = Path.of("..", "conf", "gateway.yaml");

  private static final String CLIENT =
      "radius: {clients: [{name: dac-1, addresses: [127.0.0.1], secret:"
          + " a-secret-of-24-octets--}]}\n";
  private static final String SERVER = "dhcpv6: {servers: [{name: s, address: \"::1\"}]}\n";

  @TempDir Path directory;

  @Test
  void theShippedFileIsSoundAndSaysWhatItIs() throws Exception {
    GatewayConfig config = GatewayConfig.check(SHIPPED);
    assertThat(config.warnings())
        .extracting(Problem::keyPath)
        .containsExactly("nas.identifier", "radius.clients[0].secret");
    assertThat(config.das().clients()).extracting(c -> c.name()).containsExactly("dac-1");
    assertThat(config.relay().servers())
        .singleElement()
        .satisfies(
            server -> {
              assertThat(server.address().getPort()).isEqualTo(10547);
              assertThat(server.reconfigure()).isEqualTo(ReconfigureMode.RFC6977);
              assertThat(server.release()).isEqualTo(ReleaseMode.RELEASE_REQUEST);
              assertThat(server.rsooOptions())
                  .contains(OptionCode.AFTR_NAME, OptionCode.ERP_LOCAL_DOMAIN_NAME);
            });
    assertThat(config.relay().releaseTypes().orElseThrow().request().number()).isEqualTo(250);
    assertThat(config.requests().responseDeadline()).isEqualTo(Duration.ofSeconds(25));
    assertThat(config.subscribers().table().database())
        .isEqualTo(
            "jdbc:sqlite:" + SHIPPED.toAbsolutePath().normalize().resolveSibling("subscribers.db"));
  }

  @Test
  void theShippedFileExplainsEverySetting() throws Exception {
    List<String> lines = Files.readAllLines(SHIPPED);
    GatewayConfig config = GatewayConfig.check(SHIPPED);
    TreeSet<String> unexplained = new TreeSet<>();
    for (Setting setting : config.settings()) {
      for (String key : setting.keyPath().replaceAll("\\[\\d+\\]", "").split("\\.", -1)) {
        if (lines.stream().noneMatch(l -> l.matches(".*[ {#-]?\\b" + key + ":.*"))) {
          unexplained.add(setting.keyPath());
        }
      }
    }
    assertThat(unexplained).isEmpty();
  }

  /** What the documents tell an operator to write is taken. */
  @Test
  void theDocumentsNameValuesThatAreTaken() throws Exception {
    Pattern setting = Pattern.compile("`(\\w+)\\.([\\w-]+): ([\\w-]+)`");
    List<String> refused = new ArrayList<>();
    int found = 0;
    for (String document : List.of("../README.md", "../conf/MESSAGES.md", "../conf/METRICS.md")) {
      Matcher matcher = setting.matcher(Files.readString(Path.of(document)));
      while (matcher.find()) {
        found++;
        String given =
            "%s: {%s: %s, ".formatted(matcher.group(1), matcher.group(2), matcher.group(3));
        String least = (CLIENT + SERVER).replace(matcher.group(1) + ": {", given);
        String yaml = least.contains(given) ? least : least + given.replace(", ", "}\n");
        problems(yaml).forEach(problem -> refused.add(document + ": " + problem));
      }
    }
    assertThat(found).isPositive();
    assertThat(refused).isEmpty();
  }

  /** What the shipped file shows commented out is the default, in the words of --show. */
  @Test
  void theShippedFileShowsTheTrueDefaults() throws Exception {
    String text = Files.readString(SHIPPED);
    List<String> wrong =
        GatewayConfig.check(SHIPPED).settings().stream()
            .filter(s -> s.origin() == Setting.Origin.DEFAULT)
            .filter(s -> !s.keyPath().endsWith("relay-id-file"))
            .filter(s -> !s.value().matches("\\[\\]|\\{\\}"))
            .filter(
                s -> {
                  String key = s.keyPath().substring(s.keyPath().lastIndexOf('.') + 1);
                  return !text.contains(key + ": " + s.value());
                })
            .map(Setting::toString)
            .toList();
    assertThat(wrong).isEmpty();
  }

  @Test
  void theLeastThatIsNeededIsAClientAndAServer() throws Exception {
    GatewayConfig config = read(CLIENT + SERVER);
    assertThat(config.das().listen()).hasSize(2);
    assertThat(config.relay().maxMessageSize()).isEqualTo(1280);
    assertThat(config.warnings())
        .extracting(Problem::keyPath)
        .containsExactlyInAnyOrder("nas.identifier", "dhcpv6.servers[0].release");
  }

  @Test
  void whoseRepliesAreBelievedIsTheConfiguredServersUnlessSaid() throws Exception {
    Ipv6Address server = Ipv6Address.parse("2001:db8::547");
    String text = CLIENT + "dhcpv6:\n  servers: [{name: a, address: '2001:db8::547'}]\n";
    assertThat(read(text).learn().isServer(server)).isTrue();
    assertThat(read(text).learn().isServer(Ipv6Address.parse("fe80::66"))).isFalse();
    assertThat(read(text + "learn: {servers: ['fe80::66']}\n").learn().isServer(server)).isFalse();
    assertThat(read(text + "learn: {servers: [any]}\n").learn().isServer(server)).isTrue();
    assertThat(read(text + "learn: {servers: [any]}\n").warnings())
        .extracting(Problem::keyPath)
        .contains("learn.servers");
    assertThat(problems(text + "learn: {capture: {}, servers: [192.0.2.1]}\n"))
        .containsExactly(
            "4: learn.capture.command: is missing. Give program and arguments, like the shipped"
                + " file has them.",
            "4: learn.servers: has \"192.0.2.1\", which is not IPv6. Give the IPv6 addresses that"
                + " DHCPv6 servers answer from.");
    assertThat(problems(text + "learn: {capture: {command: [no-such-program, -i, any]}}\n"))
        .singleElement()
        .asString()
        .contains("names no-such-program, which is no program in PATH. Install tcpdump");
    assertThat(read(text + "learn: {capture: {command: [sh, -c, 'exit 1']}}\n").learn().capture())
        .containsExactly("sh", "-c", "exit 1");
  }

  @Test
  void aProgramThatCapturesLiesBesideTheFileThatNamesIt() throws Exception {
    String text = CLIENT + SERVER + "learn: {capture: {command: [bin/cap, -f, 'net ::1/128']}}\n";
    Path program = directory.resolve("bin/cap");
    assertThat(problems(text))
        .singleElement()
        .asString()
        .startsWith("3: learn.capture.command: names " + program + ", which does not exist.");
    Files.createDirectory(program.getParent());
    Files.writeString(program, "#!/bin/sh\n");
    assertThat(problems(text))
        .singleElement()
        .asString()
        .contains("names " + program + ", which cannot be executed. chmod +x it.");
    assertThat(program.toFile().setExecutable(true)).isTrue();
    assertThat(read(text).learn().capture())
        .containsExactly(program.toString(), "-f", "net ::1/128");
  }

  private static String with(String accounting) {
    return CLIENT.replace("}]}", "}], accounting: " + accounting + "}") + SERVER;
  }

  private static String leasequery(String settings) {
    return CLIENT
        + "dhcpv6:\n  servers: [{name: a, address: '2001:db8::547', release: none},"
        + " {name: all, address: 'ff05::1:3', release: none}]\n  leasequery: "
        + settings
        + "\n";
  }

  @Test
  void aSingleMissIsAskedForWhenSaidSo() throws Exception {
    assertThat(read(CLIENT + SERVER).leasequery().miss().isOn()).isFalse();
    MissParameters miss =
        read(leasequery("{on-miss: requests, bind: '2001:db8::2', links: ['2001:db8:7::1']}"))
            .leasequery()
            .miss();
    assertThat(miss.requests()).isTrue();
    assertThat(miss.accounting()).isFalse();
    assertThat(miss.bind()).isEqualTo(new InetSocketAddress("2001:db8::2", 546));
    assertThat(miss.servers()).extracting(DhcpServer::name).containsExactly("a");
    assertThat(miss.links()).containsExactly(Ipv6Address.parse("2001:db8:7::1"));
    assertThat(miss.unverified()).isEqualTo(MissParameters.Unverified.REJECT);
  }

  @Test
  void whatASingleMissNeedsIsSaidAtOnce() throws Exception {
    assertThat(problems(leasequery("{on-miss: both, servers: [all], bind: '[::]:547'}")))
        .hasSize(3)
        .anySatisfy(p -> assertThat(p).startsWith("4: dhcpv6.leasequery.bind: ").contains("546"))
        .anySatisfy(p -> assertThat(p).contains("leasequery.on-miss: ").contains("unicast"))
        .anySatisfy(
            p -> assertThat(p).contains("leasequery.on-miss: ").contains("radius.accounting"));
    assertThat(problems(leasequery("{on-miss: always, unverified: perhaps, miss-limit: 0}")))
        .hasSize(3);
  }

  @Test
  void accountingTakesTheClientsOfRadiusAndAllRulesUnlessSaid() throws Exception {
    assertThat(read(CLIENT + SERVER).accounting().isOn()).isFalse();
    AccountingParameters accounting = read(with("{listen: [127.0.0.1]}")).accounting();
    assertThat(accounting.listen().get(0).getPort()).isEqualTo(1813);
    assertThat(accounting.clients()).hasSize(1);
    assertThat(accounting.rules()).containsExactly(JoinRule.values());
    assertThat(problems(with("{listen: ['0.0.0.0:1813'], join: [interface], clients: []}")))
        .hasSize(2)
        .anySatisfy(problem -> assertThat(problem).contains("accounting.listen: has a wildcard"))
        .anySatisfy(problem -> assertThat(problem).contains("accounting.join[0]: \"interface\""));
  }

  @Test
  void accountingClientsAreCheckedLikeThoseOfRadius() throws Exception {
    String client = "{name: %s, addresses: [%s], secret: a-secret-of-24-octets-%d%s}";
    String good = client.formatted("n", "192.0.2.0/24", 1, "");
    String nested = client.formatted("o", "192.0.2.10", 2, "");
    String clients = "{listen: [127.0.0.1], clients: [%s, %s]}";
    assertThat(read(with(clients.formatted(good, nested))).accounting().clients()).hasSize(2);
    assertThat(
            problems(with(clients.formatted(good, client.formatted("n", "192.0.2.0/24", 2, "")))))
        .containsExactly(
            "1: radius.accounting.clients[1].name: \"n\" is also the name of"
                + " radius.accounting.clients[0]. Give each DAC a name of its own.",
            "1: radius.accounting.clients[1].addresses: holds 192.0.2.0/24, which"
                + " radius.accounting.clients[0] has already. The secret is chosen by source"
                + " address, so each range belongs to one DAC.");
    String inVain =
        ", rate-limit: 5/s, message-authenticator: required, event-timestamp: required,"
            + " sign-answers: always, requests: [coa], sessions: [{realm: example.net}], tls: {}";
    assertThat(problems(with(clients.formatted(good, client.formatted("o", "'::1'", 2, inVain)))))
        .hasSize(7)
        .allSatisfy(
            problem ->
                assertThat(problem)
                    .startsWith("1: radius.accounting.clients[1].")
                    .contains("has no effect on accounting")
                    .contains("Take it away"));
  }

  @Test
  void accountingThatNobodyMaySendIsAWarning() throws Exception {
    assertThat(read(with("{listen: [127.0.0.1], clients: []}")).warnings())
        .extracting(Problem::keyPath)
        .contains("radius.accounting.clients");
    assertThat(read(with("{listen: [127.0.0.1]}")).warnings())
        .extracting(Problem::keyPath)
        .doesNotContain("radius.accounting.clients");
  }

  @Test
  void fifteenMistakesAreFifteenLines() throws Exception {
    List<String> problems =
        problems(
            """
            nas:
              identifer: nas1.example.net
              addresses: [192.0.2.300]
            radius:
              listen: ["127.0.0.1:3799", "127.0.0.1:3799"]
              response-deadline: 25
              clients:
                - name: dac-1
                  addresses: [192.0.2.1/24]
                  secret: ${file:/nowhere/secret}
                  sign-answers: sometimes
                  rate-limit: fast
            dhcpv6:
              release-request-type: 7
              servers:
                - name: dhcp-1
                  address: "2001:db8::zz"
                  release: release-request
                  rsoo-options: [aftrname]
                - {name: dhcp-1, address: "2001:db8::2", release: relayed-release, duid: xyz}
            mapping:
              - {attribute: User-Nam, option: aftr-name, as: fqdn}
            """);
    assertThat(problems)
        .containsExactly(
            "2: nas.identifer: is not a setting. Did you mean \"identifier\"?",
            "3: nas.addresses[0]: \"192.0.2.300\" is not an IP address. Give one like 192.0.2.1 or"
                + " 2001:db8::53; names are not looked up.",
            "5: radius.listen: names 127.0.0.1:3799 twice. Keep one of them.",
            "6: radius.response-deadline: \"25\" is not a duration. Give one with its unit, like"
                + " 25s, 300ms or 5m.",
            "9: radius.clients[0].addresses[0]: \"192.0.2.1/24\" has bits set after the prefix."
                + " Give 192.0.2.0/24, or the single address without a length.",
            "10: radius.clients[0].secret: This secret names /nowhere/secret, which does not exist."
                + " Create it, or correct the path.",
            "11: radius.clients[0].sign-answers: \"sometimes\" is not one of the choices. Give"
                + " always | when-requested | never.",
            "12: radius.clients[0].rate-limit: \"fast\" is not a rate. Give 1/s to 1000000/s, like"
                + " 100/s.",
            "14: dhcpv6.release-request-type: \"7\" is assigned to another message by IANA. Give a"
                + " number from 38 to 255 that your server uses, such as 250.",
            "17: dhcpv6.servers[0].address: \"2001:db8::zz\" is not an IPv6 address. Give one like"
                + " 2001:db8::53 or fe80::1%eth0.",
            "18: dhcpv6.servers[0].release: \"release-request\" needs dhcpv6.release-request-type"
                + " and dhcpv6.release-request-reply-type, to which IANA assigned no numbers. Set"
                + " both as the server has them, or give relayed-release.",
            "19: dhcpv6.servers[0].rsoo-options[0]: \"aftrname\" is not a DHCPv6 option. Did you"
                + " mean \"aftr-name\"?",
            "20: dhcpv6.servers[1].duid: \"xyz\" is not a DUID. Give its 3 to 130 octets in hex,"
                + " like 0003000102005e005301.",
            "20: dhcpv6.servers[1].name: \"dhcp-1\" is also the name of dhcpv6.servers[0]. Give"
                + " each its own.",
            "20: dhcpv6.servers[1].release: \"relayed-release\" needs answers to our own port, but"
                + " the server answers to port 547: give this server a bind on an address of our"
                + " own, like \"[2001:db8::2]:547\", or honours-relay-port: true if it honours"
                + " option 135, as Kea does.",
            "22: mapping[0].attribute: \"User-Nam\" is not an attribute of the dictionaries. Did"
                + " you mean \"User-Name\"?");
  }

  @Test
  void aServerThatAnswersToPort547NeedsABindThere() throws Exception {
    String server =
        "dhcpv6: {servers: [{name: s, address: \"::1\", release: relayed-release%s}]}\n";
    assertThat(problems(CLIENT + server.formatted("")))
        .singleElement()
        .asString()
        .contains("needs answers to our own port");
    assertThat(problems(CLIENT + server.formatted(", bind: \"[::1]:547\""))).isEmpty();
    assertThat(problems(CLIENT + server.formatted(", honours-relay-port: true"))).isEmpty();
  }

  @Test
  void theReleaseTypesAreTwoNumbersThatNobodyElseHas() throws Exception {
    assertThat(
            problems(
                CLIENT
                    + SERVER.replace(
                        "servers",
                        "release-request-type: 250, release-request-reply-type: 250, servers")))
        .singleElement()
        .asString()
        .contains("is the release-request-type too");
  }

  @Test
  void aTableInMemoryIsReadByNobodyElse() throws Exception {
    String yaml =
        CLIENT
            + "dhcpv6: {servers: [{name: s, address: \"::1\"%s}]}\n"
            + "subscribers: {database: \"%s\", file: sessions.ndjson%s}\n";
    for (String memory : List.of("memory", "jdbc:sqlite::memory:")) {
      GatewayConfig config = read(yaml.formatted("", memory, ""));
      assertThat(config.subscribers().table().isInMemory()).isTrue();
      assertThat(config.subscribers().relayReadsTable()).isFalse();
      assertThat(config.subscribers().file()).isPresent();
    }
    assertThat(problems(yaml.formatted("", "memory", ", relay-reads-table: true")))
        .singleElement()
        .asString()
        .startsWith("3: subscribers.relay-reads-table: \"true\" cannot be with database: memory");
    assertThat(problems(yaml.formatted(", reconfigure: at-renew", "memory", "")))
        .singleElement()
        .asString()
        .contains("database: memory");
    assertThat(problems(yaml.formatted("", "memory", ", connections: 4")))
        .singleElement()
        .asString()
        .contains("is for a jdbc:postgresql: database");
  }

  @Test
  void atRenewNeedsARelayThatReadsTheTable() throws Exception {
    String yaml =
        CLIENT
            + "dhcpv6: {servers: [{name: s, address: \"::1\", reconfigure: at-renew}]}\n"
            + "subscribers: {relay-reads-table: false}\n";
    assertThat(problems(yaml))
        .singleElement()
        .asString()
        .startsWith("2: dhcpv6.servers[0].reconfigure: \"at-renew\" cannot work with");
  }

  @Test
  void twoRowsForOneTargetAreRefused() throws Exception {
    assertThat(
            problems(
                CLIENT
                    + SERVER
                    + """
                    mapping:
                      - {attribute: DS-Lite-Tunnel-Name, option: aftr-name, as: fqdn}
                      - {attribute: Reply-Message, option: aftr-name, as: fqdn}
                      - {attribute: Reply-Message, option: erp-local-domain-name, as: fqdn}
                    """))
        .containsExactly(
            "5: mapping[1].option: \"aftr-name\" is made by mapping[0] too. Two rows may not make"
                + " the same option; drop one.",
            "6: mapping[2].attribute: \"Reply-Message\" has a row already, mapping[1]. Keep one of"
                + " them.");
  }

  /** RFC 5176 section 6.1: the client would be held to nothing. */
  @Test
  void aSessionRuleByWhatIdentifiesNoSessionIsAWarning() throws Exception {
    String rules =
        "identification-attributes: [Attr-26.9.250], clients: [{sessions: [{realm: example.net},"
            + " {attribute: Attr-26.9.250, matches: a}, {attribute: Framed-IPv6-Prefix, matches:"
            + " b}, {attribute: NAS-Identifier, matches: c}, {attribute: Class, matches: d}],"
            + " name:";
    assertThat(read(CLIENT.replace("clients: [{name:", rules) + SERVER).warnings())
        .filteredOn(warning -> warning.keyPath().startsWith("radius"))
        .extracting(Problem::keyPath, Problem::message)
        .containsExactly(
            tuple(
                "radius.clients[0].sessions",
                "has a rule by NAS-Identifier, which identifies no session (RFC 5176 section 3):"
                    + " with it a request may name any. Give one like User-Name, or a vendor's of"
                    + " radius.identification-attributes."),
            tuple(
                "radius.clients[0].sessions",
                "has a rule by Class, which identifies no session (RFC 5176 section 3): with it a"
                    + " request may name any. Give one like User-Name, or a vendor's of"
                    + " radius.identification-attributes."));
  }

  @Test
  @DisplayName("RFC 5176 section 3.6, notes 1 and 7: no server knows a change of what is none")
  void aKnownAttributeThatIsNoChangeIsAWarning() throws Exception {
    assertThat(
            read("""
            radius: {identification-attributes: [Attr-26.9.250], clients: [
              {name: dac-1, addresses: [127.0.0.1], secret: a-secret-of-24-octets-xxx}]}
            dhcpv6:
              servers:
                - name: dhcp-1
                  address: "[::1]:10547"
                  carry-options: none
                  known-attributes: [User-Name, Attr-26.9.250, Class, Framed-Pool]
            """)
                .warnings())
        .filteredOn(warning -> warning.keyPath().contains("known-attributes"))
        .extracting(Problem::line, Problem::keyPath, Problem::message)
        .containsExactly(
            tuple(
                8,
                "dhcpv6.servers[0].known-attributes",
                "holds one without effect: User-Name is no change in a CoA-Request, but has another"
                    + " purpose (RFC 5176 section 3.6). Take it out."),
            tuple(
                8,
                "dhcpv6.servers[0].known-attributes",
                "holds one without effect: Cisco-Account-Info is one of"
                    + " radius.identification-attributes, and cannot change what it identifies (RFC"
                    + " 5176 section 3.6). Take it out."));
  }

  /** RFC 5176 section 3.6, notes 1 and 7: the row would be read and never used. */
  @Test
  void aRowForWhatIsNoChangeIsAWarning() throws Exception {
    String identifying = "{identification-attributes: [Attr-26.9.250], clients";
    assertThat(
            read(CLIENT.replace("{clients", identifying)
                    + SERVER
                    + """
                    mapping:
                      - {attribute: Framed-IPv6-Prefix, option: 1001, as: octets}
                      - {attribute: Attr-26.9.250, option: 1002, as: octets}
                      - {attribute: Class, option: 1003, as: octets}
                      - {attribute: Framed-IPv6-Address, option: 1004, as: octets}
                    """)
                .warnings())
        .filteredOn(warning -> warning.keyPath().startsWith("mapping"))
        .extracting(Problem::keyPath, Problem::message)
        .containsExactly(
            tuple(
                "mapping[0].attribute",
                "has no effect: Framed-IPv6-Prefix is no change in a CoA-Request, but has another"
                    + " purpose (RFC 5176 section 3.6). Take the row out."),
            tuple(
                "mapping[1].attribute",
                "has no effect: Cisco-Account-Info is one of radius.identification-attributes, and"
                    + " cannot change what it identifies (RFC 5176 section 3.6). Take it out of one"
                    + " of them."));
  }

  @Test
  void aRangeBelongsToOneClient() throws Exception {
    assertThat(
            problems(
                """
                radius:
                  clients:
                    - {name: a, addresses: [192.0.2.0/24], secret: a-secret-of-24-octets--}
                    - {name: a, addresses: [192.0.2.0/24], secret: a-secret-of-24-octets--}
                """
                    + SERVER))
        .containsExactly(
            "4: radius.clients[1].name: \"a\" is also the name of radius.clients[0]. Give each DAC"
                + " a name of its own.",
            "4: radius.clients[1].addresses: holds 192.0.2.0/24, which radius.clients[0] has"
                + " already. The secret is chosen by source address, so each range belongs to one"
                + " DAC.");
  }

  @Test
  void twoSecretsAreARotationAndThreeAMistake() throws Exception {
    String client =
        "radius: {clients: [{name: a, addresses: [192.0.2.1], secrets: [%s]}]}\n" + SERVER;
    assertThat(
            read(client.formatted("a-secret-of-24-octets-1, a-secret-of-24-octets-2"))
                .das()
                .clients()
                .get(0)
                .secrets())
        .hasSize(2);
    assertThat(problems(client.formatted("a, b, c"))).singleElement().asString().contains("two");
  }

  /** None would be left out: the client as a whole, its limits, what cuts the data path. */
  @Test
  void anEmptyListIsNotTakenForOneThatIsLeftOut() throws Exception {
    assertThat(
            problems(
                """
                nas:
                  on-disconnect: {command: []}
                radius:
                  clients:
                    - {name: a, addresses: [192.0.2.1], secrets: []}
                    - {name: b, addresses: [192.0.2.2], secret: a-secret-of-24-octets--, sessions: []}
                    - {name: c, addresses: [], secret: a-secret-of-24-octets--, requests: []}
                learn:
                  capture: {command: []}
                """
                    + SERVER))
        .containsExactly(
            "2: nas.on-disconnect.command: is empty. Give program and arguments, like"
                + " [/usr/local/sbin/drop].",
            "5: radius.clients[0].secrets: is empty. Give the secret shared with this DAC, or two.",
            "6: radius.clients[1].sessions: is empty. Give a rule, or leave it out for all"
                + " sessions.",
            "7: radius.clients[2].addresses: is empty. Give where it sends from, like"
                + " [192.0.2.0/24].",
            "7: radius.clients[2].requests: is empty. Give coa, disconnect or both, or leave it"
                + " out.",
            "9: learn.capture.command: is empty. Give program and arguments, like the shipped file"
                + " has them.");
  }

  @Test
  void ofAShortWordThatIsNoneNothingIsGuessed() throws Exception {
    assertThat(problems(CLIENT + SERVER + "a: 1\n"))
        .singleElement()
        .asString()
        .startsWith("3: a: is not a setting. Known here: admin, answers, ");
    assertThat(
            problems(
                CLIENT + SERVER + "mapping: [{attribute: User-Name, option: foo, as: string}]"))
        .containsExactly(
            "3: mapping[0].option: \"foo\" is not a DHCPv6 option. Give a name like aftr-name or a"
                + " number like 64.");
    assertThat(problems(CLIENT + SERVER + "nos: {}\n"))
        .containsExactly("3: nos: is not a setting. Did you mean \"nas\"?");
  }

  @Test
  void whatYamlDoesNotTakeHasItsLineAndItsCure() throws Exception {
    assertThat(problems(CLIENT + SERVER + "# \u0007\n"))
        .containsExactly(
            "3: This is not YAML: U+0007 stands here, which no text has. Take it out; save the file"
                + " as UTF-8.");
    assertThat(problems(CLIENT + SERVER + "admin: {listen: [::1]:9912}\n"))
        .singleElement()
        .asString()
        .startsWith("3: This is not YAML: ")
        .endsWith(" An address like \"[::1]:547\" takes quotes.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"identifier: \"\"", "identifier: [nas1]", "addresses: [192.0.2.300]"})
  void aNameWithAMistakeIsNotSaidToBeLeftOut(String name) {
    assertThatThrownBy(() -> read("nas: {" + name + "}\n" + CLIENT + SERVER))
        .asInstanceOf(InstanceOfAssertFactories.throwable(ConfigurationException.class))
        .satisfies(
            refused -> {
              assertThat(refused.problems()).hasSize(1);
              assertThat(refused.warnings()).noneMatch(w -> w.keyPath().startsWith("nas"));
            });
  }

  @Test
  void aDeadlineBeyondTheDacsPatienceIsAWarning() throws Exception {
    assertThat(
            read(CLIENT.replace("{clients", "{response-deadline: 30s, clients") + SERVER)
                .warnings())
        .extracting(Problem::keyPath)
        .contains("radius.response-deadline");
  }

  @Test
  void whatAClientMayAskForIsRead() throws Exception {
    var client =
        read(CLIENT.replace(
                    "secret:",
                    "requests: [disconnect], sessions: [{realm: example.net}, {attribute:"
                        + " NAS-Port-Id, matches: \"1/*\"}], secret:")
                + SERVER)
            .das()
            .clients()
            .get(0);
    assertThat(client.kinds()).hasSize(1);
    assertThat(client.sessions()).hasSize(2);
    assertThat(client.sessions().get(1).attribute()).isEqualTo(Attributes.NAS_PORT_ID);
  }

  @Test
  void answersMayBeOverriddenWithinTheRfc() throws Exception {
    assertThat(problems(CLIENT + SERVER + "answers: {coa: {no-answer: 504}}\n"))
        .singleElement()
        .asString()
        .contains("\"504\" is no Error-Cause that a CoA-NAK may carry");
    assertThat(problems(CLIENT + SERVER + "answers: {disconnect: {no-answer: none}}\n"))
        .singleElement()
        .asString()
        .contains("\"none\" is no Error-Cause that a Disconnect-NAK may carry");
    assertThat(problems(CLIENT + SERVER + "answers: {coa: {no-answer: 501}}\n")).isEmpty();
  }

  @Test
  void noSecretIsEverShown() throws Exception {
    String secret = "hunter2-hunter2-hunter2";
    String yaml = CLIENT.replace("a-secret-of-24-octets--", secret);
    GatewayConfig config = read(yaml + SERVER + "admin: {token: hunter2-hunter2-hunter2}\n");
    assertThat(config.toString()).doesNotContain(secret);
    assertThat(config.settings().toString()).doesNotContain(secret);
    assertThat(problems(yaml.replace(secret, "[" + secret + "]") + "x: 1\n"))
        .isNotEmpty()
        .noneMatch(p -> p.contains(secret));
  }

  /** Problems are printed, and logged by a reload: a URL with a password in it is not repeated. */
  /** Wherever a slip of the keyboard puts it; {@code %s} is the secret. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "radius: {clients: [{name: x, addresses: [127.0.0.1], secret:%s}]}",
        "radius: {clients: [{name: x, addresses: [127.0.0.1], secret:%s, secret:%s}]}",
        "radius: {clients: [{name: x, addresses: [127.0.0.1], secret:%s: x}]}",
        "radius: {clients: [{name: x, addresses: [127.0.0.1], secret=%s}]}",
        "radius: {clients: [{name: x, addresses: [127.0.0.1], secret %s}]}",
        "radius: {clients: [{name: x, addresses: [127.0.0.1], secret: a,%s}]}",
        "radius: {clients: [{name: x, addresses: [127.0.0.1], secret: a,%s: b}]}",
        "radius: {clients: [{name: x, addresses: [127.0.0.1], secret: [%s]}]}",
        "radius: {clients: [{name: x, addresses: [127.0.0.1], secret: {%s, %s}}]}",
        "radius: {clients: [{name: x, addresses: [127.0.0.1], secret: {a: {%s: x, %s: y}}}]}",
        "radius: {clients: [{name: x, addresses: [127.0.0.1], secret: *%s}]}",
        "radius: {clients: [{name: x, addresses: [127.0.0.1], secret: &%s}]}",
        "radius: {clients: [{name: x, addresses: [127.0.0.1], secret: !%s!x }]}",
        "radius: {clients: [{name: x, addresses: [127.0.0.1], secret: 'a${%s}'}]}",
        "radius: {clients: [{name: x, addresses: [127.0.0.1], secret: '${%s'}]}",
        "radius: {clients: [{name: x, addresses: [127.0.0.1], secret: ${%s}}]}",
        "radius: {clients: [{name: x, addresses: [127.0.0.1], secret:\t%s}]}",
        "radius: {clients: [{name: x, addresses: [127.0.0.1], secrets: %s}]}",
        "radius: {clients: [{name: x, addresses: [127.0.0.1], secrets: [[%s], {%s: %s}]}]}",
        "radius: {clients: [{name: x, addresses: [127.0.0.1, secret:%s]}]}",
        "radius: {clients: [{name: x secret:%s, addresses: [127.0.0.1]}]}",
        "radius: {clients: [{name: x, addresses: [127.0.0.1], rate-limit: 5/ssecret:%s}]}",
        "radius: {clients: [{name: x, addresses: [127.0.0.1secret=%s]}]}",
        "nas: {on-disconnect: {command: [/lostsecret:%s]}}",
        "radius: {clients: [{name: x, addresses: [127.0.0.1], secret: '%s'}], tls:"
            + " {key-password:%s}}",
        "radius:\n  clients:\n    - name: x\n      secret:%s\n      addresses: [127.0.0.1]",
        "radius:\n  clients:\n    - name: x\n        secret:%s\n      addresses: [127.0.0.1]",
        "radius:\n  clients:\n    - name: x\n      secret=%s: a\n      addresses: [127.0.0.1]",
        "radius:\n  clients:\n    - name: x\n      secret:\n        %s: a\n        %s: b",
        "radius:\n  clients:\n    - name: x\n      secret: \"a\"%s",
        "radius:\n  clients:\n    - name: x\n      secret: \"\\%s\"",
        "radius:\n  clients:\n    - name: x\n      secret: |%s",
        "radius:\n  clients:\n    - secret:%s",
        "admin: {token:%s}",
        "admin: {listen: none token:%s}",
        "subscribers: {password:%s}",
        "subscribers: {database: 'jdbc:sqlite:/nowhere/x.db?password=%s'}",
        "dictionaries: [lost secret:%s]",
        "nas: {on-disconnect: {command: [/lost secret:%s]}}",
        "dhcpv6: {interfaces: {secret:%s}}"
      })
  void aSecretInTheWrongPlaceIsNotRepeated(String astray) throws Exception {
    assertThat(problems(astray.replace("%s", "hunter2hunter2") + "\n"))
        .isNotEmpty()
        .noneMatch(problem -> problem.contains("hunter"));
  }

  /** A block scalar keeps its line end, which no peer has. */
  @Test
  void aControlCharacterInASecretIsDoubtful() throws Exception {
    String end =
        ": This secret has a line end behind it, which is part of it. Write |- for |, or the value"
            + " in one line, unless the other side has it too.";
    String control =
        ": This secret has a control character in it, like a tab, a line end or a NUL. Take it out,"
            + " unless the other side has it too.";
    assertThat(secretWarnings("|\n        hunter2-hunter2-hunter2"))
        .containsExactly("radius.clients[0].secret" + end);
    assertThat(secretWarnings("\"hunter2-hunter2-hunter2\\r\""))
        .containsExactly("radius.clients[0].secret" + end);
    for (String escape : List.of("\\0", "\\t", "\\n")) {
      assertThat(secretWarnings("\"hunter2-" + escape + "hunter2-hunter2\""))
          .containsExactly("radius.clients[0].secret" + control);
    }
    assertThat(secretWarnings("|-\n        hunter2-hunter2-hunter2")).isEmpty();
    assertThat(secretWarnings("\"hünter2 hunter2 hünter2\"")).isEmpty();

    Path file = Files.writeString(directory.resolve("fr.secret"), "hunter2-hunter2-hunter2\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    assertThat(secretWarnings("\"${file:fr.secret}\"")).isEmpty();
    Files.writeString(file, "hunter2-hunter2-\u0001hunter2\n");
    assertThat(secretWarnings("\"${file:fr.secret}\""))
        .containsExactly("radius.clients[0].secret" + control);
    String database = "subscribers: {database: \"jdbc:postgresql://db/x\", password: \"a\\n\"}\n";
    assertThat(read(CLIENT + SERVER + database).warnings())
        .extracting(Problem::keyPath)
        .contains("subscribers.password");
  }

  private List<String> secretWarnings(String secret) throws Exception {
    String yaml =
        """
        nas: {identifier: nas1}
        radius:
          clients:
            - name: x
              addresses: [127.0.0.1]
              secret: %s
        """;
    return read(yaml.formatted(secret) + SERVER).warnings().stream()
        .filter(problem -> problem.keyPath().contains("secret"))
        .map(problem -> problem.keyPath() + ": " + problem.message())
        .toList();
  }

  /** YAML takes a time for a long line that grows as its square. */
  @Test
  void whatIsTooLargeForAConfigurationIsNotParsed() throws Exception {
    String sound = CLIENT + SERVER;
    String most = sound + "#".repeat((1 << 20) - sound.length());
    assertThat(problems(most)).isEmpty();
    assertThat(problems(most + "#"))
        .containsExactly(" This is larger than 1 MiB, so no configuration. Name another file.");
  }

  @Test
  void aSecretInTheWrongPlaceIsExplained() throws Exception {
    String client = "radius: {clients: [{name: x, addresses: [127.0.0.1], %s}]}\n" + SERVER;
    assertThat(problems(client.formatted("secret:hunter2hunter2")))
        .contains(
            "1: radius.clients[0].secret: is not read: a space is missing after \"secret:\". Write"
                + " secret: value.");
    assertThat(problems(client.formatted("secret: hunter2,hunter2")))
        .singleElement()
        .asString()
        .startsWith(
            "1: radius.clients[0]: has something that is no setting, and may be part of a secret."
                + " Write key: value with a space after the colon, and put a value with a comma,"
                + " colon or # in quotes. Known here: addresses,");
    assertThat(problems(client.formatted("secret: *hunter2hunter2")))
        .containsExactly(
            "1: This is not YAML: what stands here begins with a sign that has a meaning of its"
                + " own. Quote a value that begins with one of * & ! | > % @ `");
    String taken =
        "1: radius.clients[0].secret: is not read as it stands: what stands here begins with a sign"
            + " that has a meaning of its own. Quote a value that begins with one of * & ! | > % @"
            + " `";
    assertThat(problems(client.formatted("secret: !hunter2 hunter2"))).containsExactly(taken);
    assertThat(problems(client.formatted("secrets: [abc, !hunter2 hunter2]")))
        .containsExactly(taken.replace("secret:", "secrets:"));
    assertThat(problems(client.formatted("secret: !!binary aHVudGVyMg=="))).containsExactly(taken);
    assertThat(problems(client.formatted("secret: !!str 12345678901234567"))).isEmpty();
    assertThat(problems(client.formatted("secret: 'abc${hunter2}x'")))
        .containsExactly(
            "1: radius.clients[0].secret: This secret has ${…} in it, which names no environment"
                + " variable that is set. Set it (in the unit file: Environment=), or write $${ for"
                + " the characters ${ themselves.");
    assertThat(problems(client.formatted("addresses: [127.0.0.1], secret: ${file:fr.secret}")))
        .singleElement()
        .asString()
        .endsWith("Between braces, ${…} takes quotes.");
    assertThat(problems(client.formatted("secret: hunter2hunter2, adresses: ['::1']")))
        .contains("1: radius.clients[0].adresses: is not a setting. Did you mean \"addresses\"?");
  }

  @Test
  void aDatabaseUrlWithAPasswordIsRefusedWithoutRepeatingIt() throws Exception {
    for (String url :
        List.of(
            "jdbc:postgresql://db/x?user=u&password=hunter2",
            "jdbc:postgresql://u:hunter2@db/x",
            "jdbc:postgresql://db:hunter2/x", // a port that is none
            "jdbc:postgresql://db:65536/x",
            "jdbc:mysql://u:hunter2@db/x",
            "postgresql://db/x?password=hunter2")) {
      assertThat(problems(CLIENT + SERVER + "subscribers: {database: \"" + url + "\"}\n"))
          .singleElement()
          .asString()
          .startsWith("3: subscribers.database: ")
          .contains("jdbc:postgresql://host/database")
          .doesNotContain("hunter2");
    }
  }

  @Test
  void aDatabasePasswordInVainIsNotRepeated() throws Exception {
    assertThat(problems(CLIENT + SERVER + "subscribers: {password: hunter2}\n"))
        .containsExactly(
            "3: subscribers.password: is for a jdbc:postgresql: database. Take it away, or change"
                + " database.");
  }

  @Test
  void theRelayIdIsMadeOnceForEachNasAndKept() throws Exception {
    String nas = "nas: {identifier: nas1}\n";
    var first = read(nas + CLIENT + SERVER).relay().relayId();
    assertThat(read(nas + CLIENT + SERVER).relay().relayId()).isEqualTo(first);
    assertThat(read("nas: {identifier: nas2}\n" + CLIENT + SERVER).relay().relayId())
        .isNotEqualTo(first);
    assertThat(read(nas + CLIENT + SERVER).relay().relayId()).isEqualTo(first);
    assertThat(directory.resolve("relay-id")).exists();
  }

  @Test
  void aRelayIdThatMustBeKnownIsNotMade() throws Exception {
    String text = "nas: {identifier: nas1}\n" + CLIENT + SERVER;
    Path file = Files.writeString(directory.resolve("gateway.yaml"), text);
    Path relayId = directory.resolve("relay-id");
    assertThatThrownBy(() -> GatewayConfig.checkWithRelayId(file))
        .hasMessage(
            file
                + ":3: dhcpv6.relay-id-file: \""
                + relayId
                + "\" does not exist, so what the gateway's Relay-Id is cannot be known. Run the"
                + " gateway once, name its file here, or set dhcpv6.relay-id.");
    GatewayConfig.check(file);
    assertThat(relayId).doesNotExist();

    var known = GatewayConfig.load(file).relay().relayId();
    assertThat(GatewayConfig.checkWithRelayId(file).relay().relayId()).isEqualTo(known);
    Files.writeString(file, text.replace("nas1", "nas2"));
    assertThatThrownBy(() -> GatewayConfig.checkWithRelayId(file))
        .hasMessageContaining("\" holds no Relay-Id of nas2, so what");
  }

  @Test
  void checkingWritesNothing() throws Exception {
    Path file = Files.writeString(directory.resolve("gateway.yaml"), CLIENT + SERVER);
    GatewayConfig.check(file);
    try (var files = Files.list(directory)) {
      assertThat(files).containsExactly(file);
    }
  }

  /** What would end the gateway at its start is said by check-config already. */
  @Test
  void whatIsThereAlreadyMustBeOfItsKind() throws Exception {
    Path plain = Files.createFile(directory.resolve("plain"));
    String text =
        CLIENT
            + SERVER
            + "subscribers: {database: \"jdbc:sqlite:%s\"}\n".formatted(directory)
            + "admin: {listen: none, socket: %s}\n";
    assertThat(problems(text.formatted("plain")))
        .containsExactly(
            "3: subscribers.database: \"jdbc:sqlite:%1$s\" names %1$s, which is a directory. Name a file in it."
                .formatted(directory),
            "4: admin.socket: \"plain\" names %s, which is no socket. Remove it, or give another path."
                .formatted(plain));
    assertThat(problems(text.formatted("nowhere/admin.sock")))
        .last()
        .asString()
        .endsWith("lies in " + directory.resolve("nowhere") + ", which does not exist. Create it.");
    int room = 106 - (directory + "/").length();
    assertThat(problems(text.formatted("x".repeat(room)))).hasSize(1);
    assertThat(problems(text.formatted("x".repeat(room + 1))))
        .last()
        .asString()
        .endsWith(
            "is too long for a socket: 107 octets with its directories. Give a path of at most"
                + " 106.");
  }

  /** Java refuses paths with a NUL, and in the C locale all that is not ASCII. */
  @Test
  void whatIsNoPathIsAProblemOfItsKey() {
    String text =
        """
        nas: {on-disconnect: {command: ["/a\\0b"]}}
        radius: {clients: [{name: dac-1, addresses: [127.0.0.1], secret: "${file:a\\0b}"}]}
        dhcpv6:
          relay-id-file: "a\\0b"
          servers: [{name: s, address: "::1"}]
        subscribers:
          database: "jdbc:sqlite:a\\0b"
          file: "a\\0b"
        learn: {capture: {command: ["/a\\0b"]}}
        admin: {listen: none, socket: "a\\0b"}
        dictionaries: ["a\\0b"]
        """;
    ConfigurationException e = catchThrowableOfType(ConfigurationException.class, () -> read(text));
    assertThat(e.problems())
        .extracting(p -> p.line() + " " + p.keyPath())
        .containsExactlyInAnyOrder(
            "1 nas.on-disconnect.command",
            "2 radius.clients[0].secret",
            "4 dhcpv6.relay-id-file",
            "7 subscribers.database",
            "8 subscribers.file",
            "9 learn.capture.command",
            "10 admin.socket",
            "11 dictionaries[0]");
    assertThat(e.problems())
        .filteredOn(p -> p.keyPath().equals("admin.socket"))
        .singleElement()
        .satisfies(
            p ->
                assertThat(p.message())
                    .contains("is no path here (Nul character not allowed). Give another."));
  }

  @Test
  void aMissingDictionaryIsAProblemOfItsLine() throws Exception {
    Files.createDirectory(directory.resolve("empty"));
    assertThat(problems(CLIENT + SERVER + "dictionaries: [empty, lost]\n"))
        .containsExactly(
            "3: dictionaries[0]: \"empty\" is a folder without a file named dictionary. Name the"
                + " file in it.",
            "3: dictionaries[1]: \"lost\" does not exist ("
                + directory.resolve("lost")
                + "). Give a dictionary file, or a folder of them.");
  }

  @Test
  void aMissingFileIsNamedWithItsWholePath() {
    Path absent = directory.resolve("absent.yaml");
    assertThatThrownBy(() -> GatewayConfig.load(absent))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("There is no such file (" + absent.toAbsolutePath());
  }

  @Test
  void everySettingOfTheInterfaceIsTaken() throws Exception {
    Path program = Files.writeString(directory.resolve("drop"), "#!/bin/sh\n");
    assertThat(program.toFile().setExecutable(true)).isTrue();
    GatewayConfig config =
        read(
            """
            nas:
              identifier: nas1.example.net
              addresses: [192.0.2.1, "2001:db8::1"]
              on-disconnect: {command: [drop, -x], timeout: 3s}
            radius:
              listen: ["127.0.0.1:3799", "[::1]:3799"]
              clients:
                - name: dac-1
                  addresses: [127.0.0.1/32, "::1/128"]
                  secret: testing123
                  message-authenticator: required
                  sign-answers: never
                  event-timestamp: required
                  rate-limit: 2000/s
              event-timestamp-window: 200s
              flood-shield: off
              response-deadline: 24s
              other-attributes: ignore
              residual-context-cause: true
              max-sessions: 3
              identification-attributes: [Attr-26.9.1]
            dhcpv6:
              bind: ["[::]:0"]
              relay-id: 0003000102005e0000bb
              interfaces: {"1/1/7": eth0.107, "0x0102": eth1}
              servers:
                - name: dhcp-1
                  address: "[::1]:10547"
                  bind: "[::1]:547"
                  honours-relay-port: true
                  duid: 0003000102005e0000aa
                  reconfigure: at-renew
                  release: auto
                  carry-options: none
                  known-attributes: [DS-Lite-Tunnel-Name]
                  include: [interface-id, reconfigure-message, relay-id, remote-id, subscriber-id]
                  relayed: true
                  rate-limit: 50/s
                  queue-limit: 10
                  without-iaid: bare
              max-message-size: 1400
              release-request-type: 250
              release-request-reply-type: 251
              reconfigure-retransmission: {irt: 2s, mrt: 11s, mrc: 6, mrd: 1s}
              release-retransmission: {irt: 3s, mrt: 1s, mrc: 3, mrd: 2s}
              reconfigure-message-type: rebind
              forward-from-other-relays:
                {listen: ["[::1]:5470"], reconfigure-request: reject, release-request: accept,
                 trusted: ["2001:db8::/32"]}
              in-path:
                {listen: ["[2001:db8::9]:547"], relays: ["2001:db8:1::/48"],
                 relay-supplied-options: reject, servers: [dhcp-1], patience: 50ms}
            mapping:
              - {attribute: DS-Lite-Tunnel-Name, option: aftr-name, as: fqdn}
            subscribers:
              database: "jdbc:sqlite:subscribers.db"
              relay-reads-table: true
            admin:
              listen: "127.0.0.1:9913"
            logging: {format: json, level: debug}
            """);
    assertThat(config.nas())
        .isEqualTo(
            new NasSettings(
                Optional.of("nas1.example.net"),
                List.of(InetAddress.getByName("192.0.2.1"), InetAddress.getByName("2001:db8::1")),
                Optional.of(
                    new NasSettings.OnDisconnect(
                        List.of(program.toString(), "-x"), Duration.ofSeconds(3)))));
    assertThat(config.das().floodShield()).isEqualTo(ShieldMode.OFF);
    assertRadiusIsTaken(config);
    assertDhcpv6IsTaken(config);
    assertInPathIsTaken(config);
    assertThat(config.settings())
        .filteredOn(s -> s.keyPath().endsWith("retransmission.mrd"))
        .extracting(Setting::value)
        .containsExactly("1s", "2s");
    assertThat(config.mapping().rows())
        .filteredOn(row -> row.attribute().equals(Attributes.DS_LITE_TUNNEL_NAME))
        .extracting(MappingRow::options, MappingRow::form, MappingRow::source)
        .containsExactly(tuple(List.of(64), "fqdn", "configuration"));
    assertThat(config.subscribers().table().database())
        .isEqualTo("jdbc:sqlite:" + directory.resolve("subscribers.db"));
    assertThat(config.subscribers().relayReadsTable()).isTrue();
    assertThat(config.admin().listen())
        .contains(new InetSocketAddress(InetAddress.getLoopbackAddress(), 9913));
    assertThat(config.logging())
        .isEqualTo(new LoggingSettings(LoggingSettings.Format.JSON, LoggingSettings.Level.DEBUG));
  }

  private static InetSocketAddress loopback6(int port) {
    return new InetSocketAddress(Ipv6Address.parse("::1").toInetAddress(), port);
  }

  private static void assertRadiusIsTaken(GatewayConfig config) {
    assertThat(config.das().listen())
        .containsExactly(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 3799), loopback6(3799));
    assertThat(config.das().window()).hasSeconds(200);
    assertThat(config.das().clients())
        .containsExactly(
            new DasClient(
                "dac-1",
                List.of(AddressRange.parse("127.0.0.1/32"), AddressRange.parse("::1/128")),
                List.of(Secret.of("testing123")),
                Requirement.REQUIRED,
                SignAnswers.NEVER,
                Requirement.REQUIRED,
                Optional.of(RateLimit.perSecond(2000)),
                Set.of(
                    DynamicAuthorizationRequest.Kind.COA,
                    DynamicAuthorizationRequest.Kind.DISCONNECT),
                List.of(),
                Optional.empty()));
    assertThat(config.requests())
        .isEqualTo(
            new RequestSettings(
                Duration.ofSeconds(24),
                true,
                3,
                RequestParameters.OtherAttributes.IGNORE,
                Set.of(AttributeId.parse("26.9.1")),
                false));
    assertThat(config.dynauth().responseDeadline()).hasSeconds(24);
    assertThat(config.dynauth().maxSessions()).isEqualTo(3);
    assertThat(config.dynauth().residualContextCause()).isTrue();
    assertThat(config.dynauth().nas()).isEqualTo("nas1.example.net");
    assertThat(config.dynauth().knownAttributes())
        .containsEntry("dhcp-1", Set.of(Attributes.DS_LITE_TUNNEL_NAME));
  }

  private static void assertDhcpv6IsTaken(GatewayConfig config) {
    assertThat(config.relay())
        .isEqualTo(
            new RelayParameters(
                List.of(new InetSocketAddress("::", 0)),
                Duid.ofHex("0003000102005e0000bb"),
                Map.of(Octets.ofUtf8("1/1/7"), "eth0.107", Octets.ofHex("0102"), "eth1"),
                List.of(
                    DhcpServer.builder("dhcp-1", loopback6(10547))
                        .bind(loopback6(547))
                        .honoursRelayPort(true)
                        .duid(Duid.ofHex("0003000102005e0000aa"))
                        .reconfigure(ReconfigureMode.AT_RENEW)
                        .release(ReleaseMode.AUTO)
                        .carryOptions(OptionCarrier.NONE)
                        .include(Set.of(Include.values()))
                        .relayed(true)
                        .rateLimit(RateLimit.perSecond(50))
                        .queueLimit(10)
                        .withoutIaid(WithoutIaid.BARE)
                        .build()),
                1400,
                Optional.of(new ReleaseMessageTypes(new MessageType(250), new MessageType(251))),
                new RetransmissionParameters(
                    Duration.ofSeconds(2), Duration.ofSeconds(11), 6, Duration.ofSeconds(1)),
                new RetransmissionParameters(
                    Duration.ofSeconds(3), Duration.ofSeconds(1), 3, Duration.ofSeconds(2)),
                MessageType.REBIND,
                new ForwardingParameters(
                    List.of(loopback6(5470)),
                    Policy.REJECT,
                    Policy.ACCEPT,
                    List.of(Ipv6Prefix.parse("2001:db8::/32"))),
                config.relay().deadServerMemory()));
    assertThat(config.dynauth().servers()).isEqualTo(config.relay().servers());
  }

  private static void assertInPathIsTaken(GatewayConfig config) {
    assertThat(config.inPath())
        .isEqualTo(
            new InPathParameters(
                List.of(new InetSocketAddress("2001:db8::9", 547)),
                List.of(Ipv6Prefix.parse("2001:db8:1::/48")),
                Policy.REJECT,
                config.relay().servers(),
                "nas1.example.net",
                config.relay().relayId(),
                1400,
                Duration.ofMillis(50),
                config.relay().forwarding(),
                config.relay().releaseTypes()));
    assertThat(config.inPath().isOn()).isTrue();
  }

  @Test
  void inPathNeedsAServerThatIsThereAndUnicastAndASocketOfItsOwn() throws IOException {
    String yaml =
        """
        radius: {clients: [{name: a, addresses: ["::1"], secret: testing123}]}
        dhcpv6:
          servers:
            - {name: s, address: "[ff05::1:3]:547", release: none, bind: "[::1]:547"}
            - {name: t, address: "::1", release: none}
          in-path: {listen: ["[::1]:547"], servers: [%s]}
        """;
    assertThat(problems(yaml.formatted("s, u")))
        .hasSize(3)
        .anySatisfy(
            p ->
                assertThat(p).startsWith("4: dhcpv6.servers[0].address: ").contains("is multicast"))
        .anySatisfy(
            p ->
                assertThat(p)
                    .startsWith("6: dhcpv6.in-path.servers: ")
                    .contains("names \"u\", which is none of dhcpv6.servers"))
        .anySatisfy(
            p -> assertThat(p).startsWith("6: dhcpv6.in-path.listen: ").contains("also a bind"));
    assertThat(problems(yaml.formatted("t").replace("bind: \"[::1]:547\"", "relayed: false")))
        .isEmpty();
  }

  /** To java.net fe80::1%eth0 and fe80::1%eth1 are one; a NAS may have it on all interfaces. */
  @Test
  void anAddressIsTheSameInItsZoneAlone() throws IOException {
    String loopback = NetworkInterface.getByIndex(1).getName();
    String yaml =
        """
        radius: {clients: [{name: a, addresses: ["::1"], secret: testing123}]}
        dhcpv6:
          servers:
            - {name: s, address: "[fe80::547%%%s]:547", release: none, bind: "[fe80::1%%%s]:547"}
            - {name: t, address: "[fe80::547%s]:547", release: none}
          in-path: {listen: ["[fe80::1%s]:547"]}
        """;
    assertThat(problems(yaml.formatted(loopback, loopback, "", ""))).isEmpty();
    String zone = "%" + loopback;
    assertThat(problems(yaml.formatted(loopback, loopback, zone, zone)))
        .hasSize(2)
        .anySatisfy(
            p ->
                assertThat(p)
                    .startsWith("5: dhcpv6.servers[1].address: ")
                    .contains("is also the address of dhcpv6.servers[0]"))
        .anySatisfy(
            p -> assertThat(p).startsWith("6: dhcpv6.in-path.listen: ").contains("also a bind"));
  }

  @Test
  void listenMayNameOneAddressInTwoZones() throws IOException {
    String zone = "%" + NetworkInterface.getByIndex(1).getName();
    String yaml =
        """
        radius:
          clients: [{name: a, addresses: ["::1"], secret: testing123}]
          listen: ["[fe80::1%s]:3799", "[fe80::1%s]:3799"]
        dhcpv6: {servers: [{name: s, address: "::1", release: none}]}
        """;
    assertThat(problems(yaml.formatted(zone, ""))).isEmpty();
    assertThat(problems(yaml.formatted(zone, zone)))
        .singleElement()
        .asString()
        .startsWith("3: radius.listen: names [fe80::1%1]:3799 twice.");
    assertThat(problems(yaml.replace("fe80", "").formatted(zone, "")))
        .singleElement()
        .asString()
        .contains("twice");
  }

  @Test
  void atRenewIsServedByThePathToo() throws IOException {
    String yaml =
        """
        radius: {clients: [{name: a, addresses: ["::1"], secret: testing123}]}
        dhcpv6:
          servers:
            - {name: s, address: "::1", release: none, reconfigure: at-renew}
            - {name: t, address: "::2", release: none, reconfigure: at-renew}
          in-path: {listen: ["::1"]%s}
        subscribers: {relay-reads-table: false}
        """;
    assertThat(problems(yaml.formatted(""))).isEmpty();
    assertThat(problems(yaml.formatted(", servers: [s]")))
        .singleElement()
        .asString()
        .startsWith("5: dhcpv6.servers[1].reconfigure: ");
  }

  private GatewayConfig read(String yaml) throws IOException, ConfigurationException {
    Path file = Files.writeString(directory.resolve("gateway.yaml"), yaml);
    return new GatewayReader(file, Map.<String, String>of()::get, RelayIdFile.Unknown.MAKE).read();
  }

  /** The problems without the file's name; none when the configuration is sound. */
  private List<String> problems(String yaml) throws IOException {
    String prefix = directory.resolve("gateway.yaml") + ":";
    ConfigurationException e = catchThrowableOfType(ConfigurationException.class, () -> read(yaml));
    return e == null
        ? List.of()
        : e.problems().stream().map(p -> p.toString().replace(prefix, "")).toList();
  }
}
