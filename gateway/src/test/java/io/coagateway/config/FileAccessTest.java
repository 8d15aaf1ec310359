package io.coagateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The advice must not take a secret away from the service that needs it. */
class FileAccessTest {
  private static final FileAccess INSTALLED =
      new FileAccess("root", Optional.of("a-service-of-this-name"));
  private static final FileAccess BY_HAND = new FileAccess("alice", Optional.empty());

  @TempDir Path directory;
  private Path file;

  @BeforeEach
  void makeTheFile() throws Exception {
    file = Files.writeString(directory.resolve("fr.secret"), "hunter2");
  }

  private Optional<String> doubt(FileAccess access, String mode) throws Exception {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    return access.doubt("The file", file);
  }

  @Test
  void whereTheServiceIsInstalledItsGroupGetsTheFile() throws Exception {
    assertThat(doubt(INSTALLED, "rw-r--r--"))
        .contains(
            "The file can be read by every user of this machine. chown root:a-service-of-this-name "
                + file
                + " && chmod 0640 "
                + file);
  }

  @Test
  void whatRootAloneCanReadIsNotEnoughForTheService() throws Exception {
    assertThat(doubt(INSTALLED, "rw-------"))
        .contains(
            "The file cannot be read by a-service-of-this-name, the service's user. chown"
                + " root:a-service-of-this-name "
                + file
                + " && chmod 0640 "
                + file);
    String owner = Files.getOwner(file).getName();
    assertThat(doubt(new FileAccess("anybody", Optional.of(owner)), "r--------")).isEmpty();
    assertThat(doubt(new FileAccess("anybody", Optional.of(owner)), "-w-r-----")).isPresent();
  }

  /**
   * As the configuration itself, which holds secrets only where somebody has written them in it.
   */
  @Test
  void whatEverybodyMayReadIsOpenToTheServiceToo() throws Exception {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    assertThat(INSTALLED.closedToService("This file", file).orElseThrow())
        .startsWith(
            "This file cannot be read by a-service-of-this-name, the service's user. chown");
    assertThat(BY_HAND.closedToService("This file", file)).isEmpty();
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(INSTALLED.closedToService("This file", file)).isEmpty();
  }

  @Test
  void whatTheServiceHasReadItselfIsInItsReach() throws Exception {
    FileAccess itself = new FileAccess("a-service-of-this-name", INSTALLED.service());
    assertThat(doubt(itself, "rw-------")).isEmpty();
    assertThat(doubt(itself, "rw-r--r--")).isPresent();
  }

  @Test
  void withoutAServiceTheFileBelongsToWhoRunsTheGateway() throws Exception {
    assertThat(doubt(BY_HAND, "rw-------")).isEmpty();
    assertThat(doubt(BY_HAND, "rw-r--r--").orElseThrow())
        .endsWith(" chown alice " + file + " && chmod 0600 " + file);
    assertThat(doubt(new FileAccess("root", Optional.empty()), "rw-r--r--").orElseThrow())
        .endsWith(" chmod 0600 " + file + ", and chown it to the user that the gateway runs as");
  }

  @Test
  void anUnpackagedGatewayHasNoService() {
    assertThat(FileAccess.ofThisProcess())
        .isEqualTo(new FileAccess(System.getProperty("user.name"), Optional.empty()));
  }

  @Test
  void namesTheOutermostFolderThatMayNotBeEntered() {
    Path dictionary = Path.of("/srv/radius/custom/dictionary");
    assertThat(FileAccess.closed(dictionary, "nobody", folder -> true))
        .isEqualTo("may not be read by nobody. Run: chmod a+r /srv/radius/custom/dictionary");
    assertThat(FileAccess.closed(dictionary, "nobody", folder -> !folder.startsWith("/srv/radius")))
        .isEqualTo(
            "may not be read by nobody, who may not enter /srv/radius. Run: chmod a+x /srv/radius");
    assertThat(FileAccess.closed(dictionary, "nobody", folder -> false)).endsWith("chmod a+x /");
  }
}
