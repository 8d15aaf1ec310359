package io.coagateway.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import picocli.AutoComplete;
import picocli.CommandLine;

/**
 * Writes what the Debian package holds besides the jar and is not kept in the repository: the
 * configuration with the package's paths, the manual page and the completion of the commands, the
 * change log as Debian wants it. The build runs it; no command leads here.
 */
final class PackageFiles {
  /** What differs between conf/gateway.yaml and the installed file; each must be found. */
  private static final Map<String, String> SYSTEM_PATHS =
      new TreeMap<>(
          Map.of(
              "conf/gateway.yaml",
              "/etc/coa-gateway/gateway.yaml",
              "conf/example-subscribers.ndjson",
              "/usr/share/doc/coa-gateway/examples/example-subscribers.ndjson",
              "database: \"jdbc:sqlite:subscribers.db\"",
              "database: \"jdbc:sqlite:/var/lib/coa-gateway/subscribers.db\"",
              "# socket: admin.sock",
              "# socket: /run/coa-gateway/admin.sock",
              "# dictionaries: [../dictionaries/radius]",
              "# dictionaries: [/usr/share/coa-gateway/dictionaries/radius]",
              "# relay-id-file: relay-id",
              "# relay-id-file: /var/lib/coa-gateway/relay-id",
              "# It runs as it is: on loopback, as an ordinary user,",
              "# It runs as it is: on loopback, as a service,",
              "and then send SIGHUP to the gateway:",
              "and then `systemctl reload coa-gateway`:"));

  /** RFC 1952 section 2.3.1: which octet says how hard the compressor tried, and "maximum". */
  private static final int XFL = 8;

  private static final byte SLOWEST = 2;

  private PackageFiles() {}

  /**
   * Writes the files.
   *
   * @param arguments directory to write to, top directory of the project, version, time in ISO 8601
   *     that begins with the date
   */
  public static void main(String[] arguments) throws IOException {
    Path to = Files.createDirectories(Path.of(arguments[0]));
    Path top = Path.of(arguments[1]);
    String version = arguments[2];
    CommandLine commands = Main.commandLine(() -> false);
    Files.writeString(
        to.resolve("gateway.yaml"), installed(Files.readString(top.resolve("conf/gateway.yaml"))));
    Files.write(
        to.resolve("coa-gateway.8.gz"),
        compressed(ManPage.of(commands.getCommandSpec(), version, arguments[3].substring(0, 10))));
    Files.writeString(
        to.resolve("coa-gateway.bash"),
        AutoComplete.bash("coa-gateway", commands).replaceFirst("^#!.*\n", ""));
    Files.write(
        to.resolve("changelog.gz"),
        compressed(Files.readString(top.resolve("gateway/src/deb/changelog"))));
  }

  /** The configuration with the package's paths. */
  static String installed(String configuration) {
    String text = configuration;
    for (Map.Entry<String, String> path : SYSTEM_PATHS.entrySet()) {
      if (!text.contains(path.getKey())) {
        throw new IllegalStateException("conf/gateway.yaml lacks: " + path.getKey());
      }
      text = text.replace(path.getKey(), path.getValue());
    }
    return text;
  }

  /** Without time and name, so that the same input gives the same package. */
  private static byte[] compressed(String text) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip =
        new GZIPOutputStream(out) {
          {
            def.setLevel(Deflater.BEST_COMPRESSION);
          }
        }) {
      gzip.write(text.getBytes(StandardCharsets.UTF_8));
    }
    byte[] octets = out.toByteArray();
    octets[XFL] = SLOWEST; // Java leaves it zero
    return octets;
  }
}
