package io.coagateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.config.ConfigurationException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What SIGHUP does when the file cannot be read. */
class RunCommandTest {
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
