package io.coagateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said of a file that is wrong, and that everything is said in one run. */
class SectionTest {
  private static final Path FILE = Path.of("conf/gateway.yaml");

  @TempDir Path directory;
  private final Findings findings = new Findings(FILE);

  @Test
  void namesLineKeyPathValueAndCure() {
    read(
        """
        dhcpv6:
          servers:
            - address: 2001:db8::1
            - address: "2001:db8::zz"
        """,
        root ->
            root.section(
                "dhcpv6",
                dhcpv6 ->
                    dhcpv6.sections("servers", s -> s.optional("address", Forms.ipv6Socket(547)))));
    assertThat(problems())
        .containsExactly(
            "conf/gateway.yaml:4: dhcpv6.servers[1].address: \"2001:db8::zz\" is not an IPv6"
                + " address. Give one like 2001:db8::53 or fe80::1%eth0.");
  }

  @Test
  void reportsEveryProblemOfARunInTheOrderOfTheFile() {
    read(
        """
        window: soon
        listen: 127.0.0.1:3799
        extra: 1
        deadline:
        window: 5m
        """,
        root -> {
          root.value("deadline", seconds(), Duration.ofSeconds(25));
          root.list("listen", Forms.socket(3799), List.of());
          root.value("window", seconds(), Duration.ofMinutes(5));
        });
    assertThat(problems())
        .containsExactly(
            "conf/gateway.yaml:1: window: \"soon\" is not a duration. Give one with its unit, like"
                + " 25s, 300ms or 5m.",
            "conf/gateway.yaml:2: listen: is a single value where a list belongs. Write it as [one,"
                + " two], or one to a line behind \"- \".",
            "conf/gateway.yaml:3: extra: is not a setting. Known here: deadline, listen, window.",
            "conf/gateway.yaml:4: deadline: has no value. Give a single value, or leave the key"
                + " out.",
            "conf/gateway.yaml:5: window: is here twice, first in line 1. Keep one of them.");
  }

  @Test
  void suggestsTheNearestKnownKey() {
    read("rateLimit: 5/s\n", root -> root.optional("rate-limit", Forms.RATE));
    assertThat(problems())
        .containsExactly(
            "conf/gateway.yaml:1: rateLimit: is not a setting. Did you mean \"rate-limit\"?");
  }

  @Test
  void saysThatARequiredKeyIsMissing() {
    read(
        "name: x\n",
        root -> {
          root.optional("name", Forms.NAME);
          root.required("address", Forms.ADDRESS, "Give one like 192.0.2.1.");
        });
    assertThat(problems())
        .containsExactly("conf/gateway.yaml:1: address: is missing. Give one like 192.0.2.1.");
  }

  @Test
  void saysOnceThatAGroupHasTheWrongShape() {
    read(
        "admin: yes\n",
        root ->
            root.section("admin", s -> s.required("listen", Forms.ADDRESS, "Give an address.")));
    assertThat(problems())
        .containsExactly(
            "conf/gateway.yaml:1: admin: is a single value where a group of keys belongs. Write its"
                + " keys on lines of their own, further in.");
  }

  @Test
  void namesTheLineOfASyntaxError() {
    read("radius:\n  listen: [1, 2\nnas: x\n", root -> {});
    assertThat(problems())
        .singleElement()
        .asString()
        .startsWith("conf/gateway.yaml:3: This is not");
  }

  @Test
  void survivesAnAliasThatContainsItself() {
    read("a: &loop {b: *loop}\n", root -> root.section("a", a -> a.optionalSection("b", b -> 1)));
    assertThat(problems()).anySatisfy(p -> assertThat(p).contains("nested too deeply"));
  }

  @Test
  void expandsVariablesAndFilesButQuotesWhatTheFileSays() throws Exception {
    Files.writeString(directory.resolve("secret"), "s3cret\n");
    read(
        """
        one: ${NAME}-x
        two: ${file:secret}
        three: $${NAME}
        four: ${ABSENT}
        five: ${file:secret}
        """,
        root -> {
          assertThat(root.optional("one", Forms.TEXT)).contains("value-x");
          assertThat(root.optional("two", Forms.TEXT)).contains("s3cret");
          assertThat(root.optional("three", Forms.TEXT)).contains("${NAME}");
          root.optional("four", Forms.TEXT);
          root.optional("five", Forms.integer(0, 9));
        });
    assertThat(problems())
        .hasSize(2)
        .noneMatch(p -> p.contains("s3cret"))
        .anyMatch(p -> p.contains("4: four: \"${ABSENT}\" names the environment variable ABSENT"))
        .anyMatch(p -> p.contains("5: five: \"${file:secret}\" is not a whole number from 0 to 9"));
  }

  @Test
  void saysWhatIsWrongWithASecretFileAndNeverTheSecret() throws Exception {
    Path open = Files.writeString(directory.resolve("open"), "hunter2");
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-r--r--"));
    read(
        "a: ${file:absent}\nb: ${file:open}\nc: [x, y]\n",
        root -> {
          assertThat(root.secret("a", Forms.TEXT)).isEmpty();
          assertThat(root.secret("b", Forms.TEXT)).contains("hunter2");
          assertThat(root.secret("c", Forms.TEXT)).isEmpty();
        });
    assertThat(problems())
        .containsExactly(
            "conf/gateway.yaml:1: a: This secret names "
                + directory.resolve("absent")
                + ", which does not exist. Create it, or correct the path.",
            "conf/gateway.yaml:3: c: is a list where a single value belongs. Write it as key:"
                + " value.");
    assertThat(findings.warnings())
        .singleElement()
        .asString()
        .contains("b: The file " + open + " can be read by every user");
    assertThat(findings.settings())
        .containsExactly(new Setting("b", "(hidden)", Setting.Origin.FILE));
  }

  @Test
  void showsTheValuesInForceAndWhereTheyComeFrom() {
    read(
        "one: 5m\n",
        root -> {
          root.value("one", seconds(), Duration.ofSeconds(1));
          root.value("two", seconds(), Duration.ofSeconds(25));
          root.optional("three", seconds());
        });
    assertThat(findings.settings())
        .containsExactly(
            new Setting("one", "5m", Setting.Origin.FILE),
            new Setting("two", "25s", Setting.Origin.DEFAULT));
  }

  @Test
  void readsATableWithTheOperatorsOwnNames() {
    read(
        "interfaces: {\"1/1/7\": eth0.107, port-2: eth1}\n",
        root ->
            assertThat(root.table("interfaces", Forms.NAME))
                .isEqualTo(Map.of("1/1/7", "eth0.107", "port-2", "eth1")));
    assertThat(problems()).isEmpty();
    assertThat(findings.settings())
        .extracting(Setting::keyPath)
        .containsExactly("interfaces.\"1/1/7\"", "interfaces.port-2");
  }

  @Test
  void anEmptyFileIsAProblemOfItsOwn() {
    read("# nothing\n", root -> {});
    assertThat(problems()).singleElement().asString().startsWith("conf/gateway.yaml: is empty.");
  }

  private static Form<Duration> seconds() {
    return Forms.duration(Duration.ofMillis(1), Duration.ofHours(1));
  }

  private void read(String yaml, Consumer<Section> reader) {
    Expansion expansion = new Expansion(directory, name -> name.equals("NAME") ? "value" : null);
    Node.Mapping tree = YamlFile.read(yaml, findings);
    Section root = new Section(new Section.Source(findings, expansion), "", tree);
    reader.accept(root);
    root.end();
  }

  private List<String> problems() {
    return findings.problems().stream().map(Problem::toString).toList();
  }

  @Test
  void aProblemWithoutALineStillReadsWell() {
    assertThat(new Problem(FILE, 0, "", Optional.empty(), "is empty."))
        .hasToString("conf/gateway.yaml: is empty.");
  }
}
