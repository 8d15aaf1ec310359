package io.coagateway.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/**
 * The manual page of all commands, in man(7)'s macros, written from what they tell picocli about
 * themselves. (picocli's own generator writes AsciiDoc, which needs another program to become a
 * page.)
 */
final class ManPage {
  private final StringBuilder page = new StringBuilder();

  private ManPage() {}

  /**
   * @param root the program
   * @param version of it
   * @param date as in 2026-11-21
   */
  static String of(CommandSpec root, String version, String date) {
    ManPage page = new ManPage();
    String name = root.name();
    page.request("TH", name.toUpperCase(Locale.ROOT), "8", date, name + " " + version);
    page.request("SH", "NAME");
    page.line(name + " - " + text(root, root.usageMessage().description()));
    page.request("SH", "SYNOPSIS");
    page.synopsis(root);
    page.request("SH", "DESCRIPTION");
    page.line(
        "The commands share no state but the configuration and the subscriber table. Each has"
            + " --help.");
    page.options(root);
    page.request("SH", "COMMANDS");
    page.commands(root);
    page.request("SH", "FILES");
    page.item(
        "/etc/coa-gateway/gateway.yaml", "The configuration; each setting is explained there.");
    page.item(
        "/var/lib/coa-gateway", "Subscriber table, Relay-Id, replay memory of the last stop.");
    page.item(
        "/etc/default/coa-gateway",
        "JAVA_OPTIONS for the service, if it exists, in the place of the unit's.");
    page.request("SH", "SIGNALS");
    page.item("SIGHUP", "Reads clients, certificates, servers, limits, mapping and log again.");
    page.item("SIGTERM", "Lets what is in flight end, and stops.");
    page.request("SH", "SEE ALSO");
    page.line("radclient(1), systemctl(1), RFC 5176, RFC 6977");
    return page.page.toString();
  }

  private void commands(CommandSpec parent) {
    parent
        .subcommands()
        .forEach(
            (name, command) -> {
              CommandSpec spec = command.getCommandSpec();
              if (!name.equals(spec.name()) || spec.usageMessage().hidden()) {
                return;
              }
              request("SS", spec.qualifiedName(" "));
              synopsis(spec);
              request("PP");
              line(text(spec, spec.usageMessage().description()));
              spec.positionalParameters().stream()
                  .filter(parameter -> !parameter.hidden())
                  .forEach(this::parameter);
              options(spec);
              exits(spec.usageMessage());
              commands(spec);
            });
  }

  private void synopsis(CommandSpec spec) {
    request("PP");
    String synopsis = new Help(spec, Help.defaultColorScheme(Help.Ansi.OFF)).synopsis(0).strip();
    line(synopsis.replaceAll("\\s+", " "));
  }

  private void options(CommandSpec spec) {
    for (OptionSpec option : spec.options()) {
      if (!option.hidden() && !option.inherited()) {
        List<String> names = new ArrayList<>(Arrays.asList(option.names()));
        if (option.arity().max() > 0) {
          int last = names.size() - 1;
          names.set(last, names.get(last) + "=" + option.paramLabel());
        }
        item(String.join(", ", names), described(option));
      }
    }
  }

  private void parameter(PositionalParamSpec parameter) {
    item(parameter.paramLabel(), described(parameter));
  }

  private static String described(ArgSpec argument) {
    return String.join(" ", argument.description())
        .replace("${DEFAULT-VALUE}", String.valueOf(argument.initialValue()))
        .replaceAll("%n|\\s+", " ")
        .replace("%%", "%")
        .strip();
  }

  private void exits(UsageMessageSpec usage) {
    Map<String, String> exits = usage.exitCodeList();
    if (!exits.isEmpty()) {
      request("PP");
      line("Exit codes:");
      exits.forEach(this::item);
    }
  }

  private static String text(CommandSpec spec, String... lines) {
    String text = String.join(" ", lines).strip();
    if (text.isEmpty()) {
      throw new IllegalStateException("the command " + spec.name() + " has no description");
    }
    return text;
  }

  private void item(String term, String text) {
    request("TP");
    page.append(".B ").append(escaped(term)).append('\n');
    line(text);
  }

  private void request(String name, String... arguments) {
    page.append('.').append(name);
    for (String argument : arguments) {
      page.append(" \"").append(escaped(argument).replace("\"", "\\(dq")).append('"');
    }
    page.append('\n');
  }

  private void line(String text) {
    String escaped = escaped(text);
    boolean control = escaped.startsWith(".") || escaped.startsWith("'");
    page.append(control ? "\\&" : "").append(escaped).append('\n');
  }

  private static String escaped(String text) {
    return text.replace("\\", "\\e").replace("-", "\\-");
  }
}
