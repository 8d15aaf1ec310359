package io.coagateway.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The dashboard and the alert rules ask for metrics that exist. */
class MonitoringFilesTest {
  private static final Path CONF = Path.of("..", "conf");

  /** Of Micrometer. */
  private static final Set<String> OTHERS =
      Set.of(
          "jvm_memory_used_bytes",
          "jvm_memory_max_bytes",
          "process_cpu_usage",
          "process_files_open_files",
          "process_files_max_files");

  private static final Pattern NAME =
      Pattern.compile("\\b(?:radius|dhcpv6|subscriber|gateway|jvm|process|system)_[a-z0-9_]+");

  private static final Pattern SUFFIX =
      Pattern.compile(
          "_(?:total|seconds|seconds_bucket|seconds_sum|seconds_count|sum|count|info)$");

  private static final Set<String> KNOWN =
      Arrays.stream(Metric.values())
          .map(metric -> metric.meterName().replace('.', '_'))
          .map(name -> SUFFIX.matcher(name).replaceFirst(""))
          .collect(Collectors.toSet());

  private static Set<String> unknown(List<String> expressions) {
    Set<String> unknown = new TreeSet<>();
    for (String expression : expressions) {
      Matcher names = NAME.matcher(expression);
      while (names.find()) {
        String name = names.group();
        if (!OTHERS.contains(name) && !KNOWN.contains(SUFFIX.matcher(name).replaceFirst(""))) {
          unknown.add(name);
        }
      }
    }
    return unknown;
  }

  @Test
  void theDashboardAsksForWhatExists() throws IOException {
    JsonNode dashboard =
        new ObjectMapper().readTree(CONF.resolve("grafana-dashboard.json").toFile());
    List<String> expressions = dashboard.findValuesAsText("expr");
    assertThat(expressions).hasSizeGreaterThan(20);
    assertThat(unknown(expressions)).isEmpty();
    assertThat(dashboard.at("/templating/list/1/definition").asText())
        .contains("gateway_build_info");
    List<Integer> ids = new ArrayList<>();
    dashboard.get("panels").forEach(panel -> ids.add(panel.get("id").asInt()));
    assertThat(ids).doesNotHaveDuplicates();
  }

  @Test
  void theAlertsAskForWhatExistsAndSayWhatToDo() throws IOException {
    JsonNode rules =
        new ObjectMapper(new YAMLFactory())
            .readTree(CONF.resolve("alerts.yml").toFile())
            .at("/groups/0/rules");
    assertThat(rules).hasSizeGreaterThan(8);
    assertThat(unknown(rules.findValuesAsText("expr"))).isEmpty();
    assertThat(rules)
        .allSatisfy(
            rule -> {
              assertThat(rule.at("/annotations/summary").asText()).isNotBlank();
              assertThat(rule.at("/annotations/action").asText()).isNotBlank();
              assertThat(rule.at("/labels/severity").asText()).isIn("page", "ticket");
            });
  }

  @Test
  void aNameThatDoesNotExistIsFound() {
    assertThat(unknown(List.of("rate(radius_das_no_such_total[5m]) + radius_das_in_progress")))
        .containsExactly("radius_das_no_such_total");
  }
}
