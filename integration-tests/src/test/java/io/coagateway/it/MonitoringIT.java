package io.coagateway.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.coagateway.lab.Command;
import io.coagateway.lab.Gateway;
import io.coagateway.lab.Lab;
import io.coagateway.lab.Needs;
import io.coagateway.lab.Place;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Prometheus's own judgement of the alert rules, and of what the dashboard asks for. */
@Needs("promtool")
class MonitoringIT {
  private static final Path CONF = Gateway.top().resolve("conf");

  @Test
  void promtoolAcceptsTheAlertRules() {
    Command.Result result =
        Command.run(
                Place.HERE,
                CONF,
                "",
                Duration.ofSeconds(60),
                List.of("promtool", "check", "rules", "alerts.yml"))
            .orFail();
    assertThat(result.out()).containsPattern("SUCCESS: \\d+ rules found");
  }

  @Test
  void promtoolUnderstandsEveryQueryOfTheDashboard(Lab lab) throws IOException {
    List<String> queries =
        new ObjectMapper()
            .readTree(CONF.resolve("grafana-dashboard.json").toFile())
            .findValuesAsText("expr");
    assertThat(queries).hasSizeGreaterThan(20);
    String rules =
        queries.stream()
            .map(query -> query.replace("$__rate_interval", "5m").replace("$instance", ".*"))
            .map(query -> "      - {record: r, expr: '" + query + "'}\n")
            .distinct()
            .collect(Collectors.joining("", "groups:\n  - name: dashboard\n    rules:\n", ""));
    Path file = lab.write("dashboard.yml", rules);
    Command.run(Place.HERE, "promtool", "check", "rules", "--lint=none", file.toString()).orFail();
  }

  @Test
  void anAlertFiresWhenItShould(Lab lab) {
    Path file =
        lab.write(
            "alerts-test.yml",
            """
            rule_files: [%s]
            evaluation_interval: 1m
            tests:
              - interval: 1m
                input_series:
                  - series: 'dhcpv6_relay_server_up{server="kea", instance="nas1"}'
                    values: '1x5 0x10'
                  - series: 'radius_das_answers_total{client="dac", instance="nas1", result="nak", cause="506"}'
                    values: '0+60x40'
                  - series: 'radius_das_answers_total{client="dac", instance="nas1", result="ack", cause="none"}'
                    values: '0+60x40'
                  - series: 'gateway_config_reload_successful{instance="nas1"}'
                    values: '1x5 0x10 1x10'
                alert_rule_test:
                  - eval_time: 10m
                    alertname: CoaGatewayReloadRefused
                    exp_alerts: []
                  - eval_time: 12m
                    alertname: CoaGatewayReloadRefused
                    exp_alerts:
                      - exp_labels: {severity: ticket, instance: nas1}
                        exp_annotations:
                          summary: "coa-gateway nas1 refused its changed configuration and goes on with the old one"
                          action: "coa-gateway check-config and the log line reload-refused name each mistake; correct them, then systemctl reload coa-gateway. A restart may fail."
                  - eval_time: 18m
                    alertname: CoaGatewayReloadRefused
                    exp_alerts: []
                  - eval_time: 4m
                    alertname: CoaGatewayServerSilent
                    exp_alerts: []
                  - eval_time: 10m
                    alertname: CoaGatewayServerSilent
                    exp_alerts:
                      - exp_labels: {severity: page, server: kea, instance: nas1}
                        exp_annotations:
                          summary: "DHCPv6 server kea does not answer nas1"
                          action: "Look at the server. If it runs: does it answer to our port (bind), does it know the message (reconfigure, release)? Silent until it answers again: send it a request."
                  - eval_time: 30m
                    alertname: CoaGatewayRefusesMany
                    exp_alerts:
                      - exp_labels: {severity: ticket, client: dac, cause: "506", instance: nas1}
                        exp_annotations:
                          summary: "More than a tenth of the requests of dac gets NAK 506"
                          action: "The status page has the last refusals in words; MESSAGES.md the cure."
            """
                .formatted(CONF.resolve("alerts.yml")));
    Command.run(Place.HERE, "promtool", "test", "rules", file.toString()).orFail();
  }

  @Test
  void aFloodIsToldFromAShortReceiveBuffer(Lab lab) {
    Path file =
        lab.write(
            "flood-test.yml",
            """
            rule_files: [%s]
            evaluation_interval: 1m
            tests:
              - interval: 1m
                input_series:
                  - series: 'radius_das_kernel_dropped_total{instance="flooded"}'
                    values: '0x5 0+1000x20 20000x20'
                  - series: 'radius_das_shield_raised{instance="flooded"}'
                    values: '0x5 0 1x19 0x20'
                  - series: 'radius_das_kernel_dropped_total{instance="short"}'
                    values: '0x5 0+10x20 200x20'
                  - series: 'radius_das_shield_raised{instance="short"}'
                    values: '0x45'
                alert_rule_test:
                  - eval_time: 10m
                    alertname: CoaGatewayFlooded
                    exp_alerts: []
                  - eval_time: 15m
                    alertname: CoaGatewayFlooded
                    exp_alerts:
                      - exp_labels: {severity: ticket, instance: flooded}
                        exp_annotations:
                          summary: "Somebody floods the RADIUS port of flooded: the kernel drops most of it"
                          action: "The log line flood-shield-raised says who. Let the packet filter admit the DACs alone (firewall.nft)."
                  - eval_time: 15m
                    alertname: CoaGatewayKernelDrops
                    exp_alerts: &short
                      - exp_labels: {severity: ticket, instance: short}
                        exp_annotations:
                          summary: "The kernel drops requests to short because the receive buffer is full"
                          action: "Set net.core.rmem_max to radius.receive-buffer (small-receive-buffer in the log), or slow the DAC down."
                  - eval_time: 34m
                    alertname: CoaGatewayKernelDrops
                    exp_alerts: *short
                  - eval_time: 40m
                    alertname: CoaGatewayKernelDrops
                    exp_alerts: []
            """
                .formatted(CONF.resolve("alerts.yml")));
    Command.run(Place.HERE, "promtool", "test", "rules", file.toString()).orFail();
  }

  @Test
  void optionsThatAreMissingInThePathAreToldUnlessTheTableIsBeingLoaded(Lab lab) {
    Path file =
        lab.write(
            "in-path-test.yml",
            """
            rule_files: [%s]
            evaluation_interval: 1m
            tests:
              - interval: 1m
                input_series:
                  - series: 'dhcpv6_in_path_forwarded_total{server="kea", instance="nas1", message="renew", options="table-slow"}'
                    values: '0 10 20x30'
                  - series: 'dhcpv6_in_path_forwarded_total{server="kea", instance="nas1", message="renew", options="table-unavailable"}'
                    values: '0x10 0+5x20'
                  - series: 'dhcpv6_in_path_forwarded_total{server="kea", instance="nas1", message="renew", options="too-big"}'
                    values: '0x20 1x10'
                alert_rule_test:
                  - eval_time: 15m
                    alertname: CoaGatewayInPathWithoutTable
                    exp_alerts: []
                  - eval_time: 25m
                    alertname: CoaGatewayInPathWithoutTable
                    exp_alerts:
                      - exp_labels: {severity: page, instance: nas1, options: table-unavailable}
                        exp_annotations:
                          summary: "Clients behind nas1 get their leases without the options of their records (table-unavailable)"
                          action: "table-unavailable: /health and the log line in-path-unsupplied have the database's own words. table-slow: a table that is still being loaded, or a short in-path.patience."
                  - eval_time: 20m
                    alertname: CoaGatewayInPathTooBig
                    exp_alerts: []
                  - eval_time: 25m
                    alertname: CoaGatewayInPathTooBig
                    exp_alerts:
                      - exp_labels: {severity: ticket, instance: nas1, server: kea}
                        exp_annotations:
                          summary: "Messages to kea go on from nas1 without their options, for which there is no room"
                          action: "Raise dhcpv6.max-message-size if the path to the server carries larger packets."
            """
                .formatted(CONF.resolve("alerts.yml")));
    Command.run(Place.HERE, "promtool", "test", "rules", file.toString()).orFail();
  }
}
