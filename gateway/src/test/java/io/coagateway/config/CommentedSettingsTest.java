package io.coagateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What conf/gateway.yaml shows commented out is the default, unless "e.g." stands behind it: with
 * all the others in force, nothing is another.
 */
class CommentedSettingsTest {
  private static final Path SHIPPED = Path.of("..", "conf", "gateway.yaml");

  /** How far in the comment is, and the setting in it. */
  private static final Pattern COMMENTED =
      Pattern.compile("( *)# ( *)([a-z][a-z0-9-]*:(?: .*)?)", Pattern.DOTALL);

  private static final Pattern KEY = Pattern.compile("([a-z][a-z0-9-]*): ");
  private static final Pattern ITEM = Pattern.compile("(.*)\\[\\d+]");

  /** --show knows no default of it. */
  private static final String LEASEQUERY_BIND = "dhcpv6.leasequery.bind";

  @TempDir Path directory;
  private final Set<String> examples = new TreeSet<>();
  private String leftOut;
  private String inForce;

  @BeforeEach
  void read() throws IOException {
    leftOut = withCertificates(Files.readString(SHIPPED));
    leftOut = leftOut.replace("jdbc:sqlite:subscribers.db", "jdbc:postgresql://db/subscribers");
    inForce = inForce(leftOut.lines().toList());
  }

  /** radius.tls has defaults only for who gives it what has none. */
  private static String withCertificates(String text) {
    String with = text.replace("\n  # tls:\n", "\n  tls:\n");
    for (String key : List.of("certificate: ", "key: ", "trusted: [")) {
      Path files = Path.of("src/test/resources/tls").toAbsolutePath();
      with =
          with.replaceFirst(
              "\n  #   \\Q" + key + "\\E/etc/coa-gateway/tls(.*) # e\\.g\\.\n",
              "\n    " + Matcher.quoteReplacement(key + files) + "$1\n");
    }
    return with;
  }

  /** The text with all settings that are commented out and no examples. */
  private String inForce(List<String> lines) {
    List<String> out = new ArrayList<>();
    int exampleGroup = Integer.MAX_VALUE; // how far in its key is
    for (String line : lines) {
      Matcher setting = COMMENTED.matcher(line);
      if (!line.strip().startsWith("#")) {
        exampleGroup = Integer.MAX_VALUE;
      }
      if (!setting.matches()) {
        out.add(line);
        continue;
      }
      int indent = setting.group(1).length() + setting.group(2).length();
      if (indent <= exampleGroup) {
        exampleGroup = line.endsWith(":   # e.g.") ? indent : Integer.MAX_VALUE;
      }
      if (line.endsWith("# e.g.") || indent > exampleGroup) {
        KEY.matcher(line).results().forEach(key -> examples.add(key.group(1)));
        out.add(line);
      } else {
        out.add(setting.group(1) + setting.group(2) + setting.group(3));
      }
    }
    return String.join("\n", out);
  }

  private GatewayConfig check(String text) throws Exception {
    return GatewayConfig.check(Files.writeString(directory.resolve("gateway.yaml"), text));
  }

  /** Value by key path, as --show has them, but lists in one. */
  private Map<String, String> values(GatewayConfig config) {
    Map<String, String> values = new TreeMap<>();
    for (Setting setting : config.settings()) {
      Matcher item = ITEM.matcher(setting.keyPath());
      if (item.matches()) {
        values.merge(
            item.group(1),
            "[" + setting.value() + "]",
            (before, next) -> before.substring(0, before.length() - 1) + ", " + next.substring(1));
      } else if (setting.keyPath().endsWith("-file")) {
        values.put(setting.keyPath(), directory.resolve(setting.value()).toString());
      } else {
        values.put(setting.keyPath(), setting.value());
      }
    }
    values.values().removeAll(List.of("[]", "{}"));
    return values;
  }

  @Test
  void whatIsNoExampleIsTheDefault() throws Exception {
    GatewayConfig byDefault = check(leftOut);
    GatewayConfig shown = check(inForce);
    Map<String, String> values = values(shown);
    assertThat(values.remove(LEASEQUERY_BIND)).isNotNull();
    assertThat(values).containsExactlyInAnyOrderEntriesOf(values(byDefault));
    assertThat(shown.leasequery().miss().bind()).isEqualTo(byDefault.leasequery().miss().bind());
  }

  @Test
  void whatIsNotShownWithItsDefaultHasAnExample() throws Exception {
    assertThat(check(inForce).settings())
        .filteredOn(setting -> setting.origin() == Setting.Origin.DEFAULT)
        .extracting(setting -> setting.keyPath().replaceAll(".*\\.", ""))
        .allSatisfy(key -> assertThat(examples).contains(key));
  }

  @Test
  void theDictionaryThatIsNamedExists() throws Exception {
    Matcher example =
        Pattern.compile("\n# dictionaries: \\[(.+)]").matcher(Files.readString(SHIPPED));
    assertThat(example.find()).isTrue();
    Path dictionary = SHIPPED.resolveSibling(example.group(1));
    assertThat(DictionaryFiles.load(List.of(dictionary)).definition("DS-Lite-Tunnel-Name"))
        .isPresent();
  }
}
