package io.coagateway.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.coagateway.config.ConfigurationException;
import io.coagateway.config.GatewayConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a start and SIGHUP do when the file will not do. */
class RunCommandTest {
  @TempDir Path directory;

  private int exit(String yaml) throws Exception {
    Path file = Files.writeString(directory.resolve("gateway.yaml"), yaml);
    return RunCommand.exitCode(
        catchThrowableOfType(ConfigurationException.class, () -> GatewayConfig.check(file)));
  }

  @Test
  void anInterfaceThatIsNotThereYetIsWorthAnotherTry() throws Exception {
    String yaml =
        """
        radius: {clients: [{name: dac-1, addresses: [127.0.0.1], secret: a-secret-of-24-octets--}]}
        dhcpv6: {servers: [{name: s, address: "[fe80::1%nosuch0]:547", release: none}]}
        """;
    assertThat(exit(yaml)).isEqualTo(1);
    assertThat(exit(yaml.replace("dac-1", "dac 1"))).isEqualTo(2);
    assertThat(exit(yaml.replace("dhcpv6:", "x:"))).isEqualTo(2);
  }

  @Test
  void whateverTheReaderStumblesOverTheReloadIsRefusedAndTheGatewayGoesOn() {
    assertThat(
            RunCommand.forReload(
                () -> {
                  throw new ConfigurationException(List.of(), List.of());
                }))
        .isEmpty();
    assertThat(
            RunCommand.forReload(
                () -> {
                  throw new IllegalStateException("nobody thought of this");
                }))
        .isEmpty();
  }
}
