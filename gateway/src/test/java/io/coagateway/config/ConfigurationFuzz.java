package io.coagateway.config;

import static io.coagateway.fuzz.Property.require;

import io.coagateway.fuzz.Seeds;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Any text as gateway.yaml: a configuration, or problems that each say what is wrong and stand on
 * one line; the secret is in none of them.
 */
public final class ConfigurationFuzz {
  private static final String SECRET = "a-secret-of-24-octets--";
  private static final Path DIRECTORY = directory();

  private ConfigurationFuzz() {}

  private static Path directory() {
    try {
      Path directory = Files.createTempDirectory("configuration-fuzz");
      directory.toFile().deleteOnExit(); // the last that was named is the first to go
      directory.resolve("gateway.yaml").toFile().deleteOnExit();
      return directory;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where to start: the shipped file, its parts, and the shortest that will do. */
  public static Seeds seeds() {
    Seeds seeds =
        Seeds.of("configuration")
            .add(
                "radius: {clients: [{name: dac-1, addresses: [127.0.0.1], secret: "
                    + SECRET
                    + "}]}\ndhcpv6: {servers: [{name: s, address: \"::1\"}]}\n")
            .add("a: &a [*a]\n")
            .add("radius: {window: ${X}, clients: ${file:no-such-file}}\n");
    try {
      String shipped = Files.readString(Path.of("../conf/gateway.yaml"));
      seeds.add(shipped.replaceAll("(?m)\\s*#.*$", ""));
      for (String part : shipped.replaceAll("(?m)\\s*#.*$", "").split("\n(?=[a-z])", -1)) {
        seeds.add(part);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return seeds;
  }

  /** One input. */
  public static void fuzzerTestOneInput(byte[] input) {
    Path file = DIRECTORY.resolve("gateway.yaml");
    try {
      Files.write(file, input);
      GatewayConfig config =
          new GatewayReader(file, name -> null, RelayIdFile.Unknown.PRETEND).read();
      require(!config.das().clients().isEmpty(), () -> "no clients");
      config.warnings().forEach(ConfigurationFuzz::check);
      require(config.settings().stream().noneMatch(s -> s.toString().isEmpty()), () -> "setting");
    } catch (ConfigurationException e) {
      require(!e.problems().isEmpty(), () -> "refused without a problem");
      e.problems().forEach(ConfigurationFuzz::check);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void check(Problem problem) {
    require(!problem.message().isBlank(), () -> "no message at " + problem.keyPath());
    require(problem.line() >= 0, () -> "line " + problem.line());
  }
}
