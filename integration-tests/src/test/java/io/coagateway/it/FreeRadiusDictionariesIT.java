package io.coagateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.coagateway.config.DictionaryFiles;
import io.coagateway.lab.Command;
import io.coagateway.lab.Gateway;
import io.coagateway.lab.GatewayConfiguration;
import io.coagateway.lab.Lab;
import io.coagateway.lab.Needs;
import io.coagateway.lab.Place;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The dictionaries that FreeRADIUS installs: {@code dictionaries} may be pointed at them. */
@Needs({"radclient", FreeRadiusDictionariesIT.MAIN})
class FreeRadiusDictionariesIT {
  static final String MAIN = "/usr/share/freeradius/dictionary";
  private static final Path DIRECTORY = Path.of("/usr/share/freeradius");

  /** Names values of an attribute that no file defines; FreeRADIUS does not take it either. */
  private static final Path BROKEN = DIRECTORY.resolve("dictionary.freedhcp");

  /** They need what other files define: a vendor, an attribute. */
  private static final List<Path> PARTS =
      List.of(
          DIRECTORY.resolve("dictionary.compat"), DIRECTORY.resolve("dictionary.freeradius.evs5"));

  private static Command.Result check(Lab lab, List<Path> dictionaries) {
    GatewayConfiguration configuration =
        new GatewayConfiguration(lab)
            .serverAtRenew("dhcp-1", "[::1]:" + lab.freePort())
            .set("dictionaries", dictionaries.stream().map(Path::toString).toList());
    return new Gateway(lab, Place.HERE)
        .command("check-config", "--config", configuration.write().toString());
  }

  /** What radclient says to a directory with a dictionary that holds these lines. */
  private static Command.Result radclient(Lab lab, String attributes, int port, String... lines) {
    Path dictionary = lab.write("radclient/dictionary", String.join("\n", lines) + "\n");
    Path request = lab.write("request", attributes + "\n");
    return Command.run(
        Place.HERE,
        "radclient",
        "-D",
        dictionary.getParent().toString(),
        "-t",
        "1",
        "-r",
        "1",
        "-f",
        request.toString(),
        "127.0.0.1:" + port,
        "coa",
        "testing123");
  }

  @Test
  @DisplayName("dictionary(5): the directory of FreeRADIUS as it is installed")
  void takesTheirDirectory(Lab lab) {
    Command.Result result = check(lab, List.of(DIRECTORY));
    assertThat(result.exit()).as(result.everything()).isZero();
  }

  /** One by one: some are alternatives, in which a name means another attribute. */
  @Test
  @DisplayName("dictionary(5): every file of FreeRADIUS, those too that its main one leaves out")
  void takesEveryFile() throws Exception {
    List<Path> files;
    try (Stream<Path> all = Files.list(DIRECTORY)) {
      files = all.filter(file -> !file.equals(BROKEN)).sorted().toList();
    }
    assertThat(files).hasSizeGreaterThan(200).containsAll(PARTS);
    for (Path file : files) {
      List<Path> together = PARTS.contains(file) ? List.of(DIRECTORY, file) : List.of(file);
      assertThatCode(() -> DictionaryFiles.load(together))
          .as("%s", file)
          .doesNotThrowAnyException();
    }
  }

  @Test
  @DisplayName("dictionary(5): VALUE's attribute must be defined; FreeRADIUS refuses the file, too")
  void refusesWhatFreeRadiusRefuses(Lab lab) {
    Command.Result theirs =
        radclient(lab, "User-Name = a", 9, "$INCLUDE " + MAIN, "$INCLUDE " + BROKEN);
    assertThat(theirs.everything()).contains("No ATTRIBUTE \"FreeDHCP-Opcode\" defined for VALUE");
    Command.Result ours = check(lab, List.of(DIRECTORY, BROKEN));
    assertThat(ours.exit()).isEqualTo(2);
    assertThat(ours.everything().lines().filter(line -> line.contains("FreeDHCP-Opcode")))
        .hasSize(2)
        .allMatch(line -> line.contains(BROKEN + ":") && line.contains("is no attribute."));
  }

  @Test
  @DisplayName("dictionary.wimax: format=1,1,c and combo-ip as radclient writes them")
  void readsWhatRadclientWrites(Lab lab) throws IOException {
    String attributes =
        "WiMAX-Release = \"1.0\", WiMAX-DHCPv4-Server = 192.0.2.1,"
            + " WiMAX-DHCPv6-Server = 2001:db8::1, WiMAX-AAA-Session-Id = 0x"
            + "ab".repeat(300);
    byte[] packet;
    try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      socket.setSoTimeout(10_000);
      radclient(lab, attributes, socket.getLocalPort(), "$INCLUDE " + MAIN);
      DatagramPacket datagram = new DatagramPacket(new byte[4096], 4096);
      socket.receive(datagram);
      packet = Arrays.copyOf(datagram.getData(), datagram.getLength());
    }
    Command.Result decoded =
        new Gateway(lab, Place.HERE)
            .command(
                "decode",
                "radius",
                "--secret",
                "testing123",
                "--dictionary",
                MAIN,
                HexFormat.of().formatHex(packet));
    assertThat(decoded.exit()).as(decoded.everything()).isZero();
    assertThat(decoded.out().lines().map(String::strip).collect(Collectors.joining("\n")))
        .contains(
            "WiMAX-Capability\nWiMAX-Release = \"1.0\"",
            "WiMAX-DHCPv4-Server = 192.0.2.1",
            "WiMAX-DHCPv6-Server = 2001:db8::1",
            "WiMAX-AAA-Session-Id = 0x" + "ab".repeat(300));
  }
}
