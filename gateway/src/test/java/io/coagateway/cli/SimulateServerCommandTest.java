package io.coagateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class SimulateServerCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... args) {
    return new CommandLine(new SimulateServerCommand())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(args);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--listen=here               | \"here\" is not HOST:PORT",
        "--listen=[::1]:x            | \"[::1]:x\" is not HOST:PORT",
        "--listen=[fe80::1%nosuch]:9 | here is no interface \"nosuch\"",
        "--server-duid=00            | \"00\" is not a DUID",
        "--release-types=250         | --release-types takes two numbers, like 250,251",
        "--release-types=18,19       | release types 18,19 must differ and be 38 to 255",
        "--release-types=250,250     | release types 250,250 must differ and be 38 to 255",
        "--refuse=Nope               | \"Nope\" is not a DHCPv6 status code",
        "--links=2001:db8::/129      | \"2001:db8::/129\" is not an IPv6 prefix",
        "--rsoo-option=aftr          | \"aftr\" is not a DHCPv6 option",
        "--answer-to=there           | --answer-to: \"there\" is neither source nor a port",
        "--answer-to=70000           | --answer-to: port 70000 is not 1 to 65535",
        "--lease=0003000102005e0053  | is not DUID=LEASE",
        "--lease=000300=2001::zz     | is not an IPv6 prefix",
        "--leases=/no/such/file      | --leases: /no/such/file does not exist",
        "--leases=/                  | --leases: / cannot be read (Is a directory). Give a file that",
        "--delay=-5                  | --delay: -5 is under 0 milliseconds",
        "--drop-first=-1             | --drop-first: -1 packets to drop are under 0",
        "--drop-percent=101          | --drop-percent: 101 percent is not 0 to 100",
        "--reconfigure-rate=0        | --reconfigure-rate: rate 0 is under 1 a second"
      })
  void saysWhatIsWrongInOneLine(String argument, String message) {
    assertThat(run(argument)).isEqualTo(2);
    assertThat(err.toString()).contains(message).doesNotContain("\tat ");
  }

  @Test
  void namesFileAndLineOfABadLease(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("leases.ndjson"), "{\"duid\":\"0003\"}\n");
    assertThat(run("--leases", file.toString())).isEqualTo(2);
    assertThat(err.toString()).contains("leases.ndjson:1: \"0003\" is not a DUID");
  }

  @Test
  void namesAFileOfLeasesThatIsNoText(@TempDir Path folder) throws IOException {
    Path file = Files.write(folder.resolve("leases.gz"), new byte[] {0x1f, (byte) 0x8b, 8});
    assertThat(run("--leases", file.toString())).isEqualTo(2);
    assertThat(err.toString())
        .contains(
            "--leases: " + file + " is not UTF-8 text. Give a file that table export has written");
  }

  @Test
  void answersAndPrintsUntilItIsStopped() throws Exception {
    AtomicInteger exit = new AtomicInteger(-1);
    Thread server =
        new Thread(
            () ->
                exit.set(
                    run(
                        "--listen=127.0.0.1:0",
                        "--print=line",
                        "--lease=0003000102005e005301=2001:db8::100+2001:db8:42::/56")));
    server.start();
    Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> out.toString().contains("\n"));
    Matcher greeting =
        Pattern.compile("on 127.0.0.1:(\\d+): 1 clients, 2 leases; release types none")
            .matcher(out.toString());
    assertThat(greeting.find()).as(out.toString()).isTrue();
    byte[] request =
        HexFormat.of()
            .parseHex(
                "120102030001000a0003000102005e0053010050001020010db8000100000000000000000001");
    InetAddress loopback = InetAddress.getLoopbackAddress();
    try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(loopback, 0))) {
      socket.setSoTimeout(10_000);
      socket.send(
          new DatagramPacket(
              request, request.length, loopback, Integer.parseInt(greeting.group(1))));
      DatagramPacket answer = new DatagramPacket(new byte[2000], 2000);
      socket.receive(answer);
      assertThat(answer.getData()[0]).isEqualTo((byte) 19);
    }
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> out.toString().contains("RECONFIGURE-REPLY xid=0x010203"));
    server.interrupt();
    server.join(20_000);
    assertThat(out.toString()).contains("RECONFIGURE-REQUEST xid=0x010203");
    assertThat(server.isAlive()).isFalse();
    assertThat(exit).as("interrupted, not told to end").hasValue(CommandLine.ExitCode.SOFTWARE);
  }

  /** What the head of conf/gateway.yaml tells to run, but for the port. */
  @Test
  void theShippedConfigurationSaysHowToPlayItsServer() throws Exception {
    String head = Files.readString(Path.of("../conf/gateway.yaml")).replace("\\\n#", "");
    Matcher command =
        Pattern.compile("\n# +coa-gateway simulate-server (.*)\n# +coa-gateway table import (.*)\n")
            .matcher(head);
    assertThat(command.find()).isTrue();
    assertThat(command.group(1)).endsWith(command.group(2)).contains("'[::1]:10547'");
    String[] arguments =
        command
            .group(1)
            .replace("'[::1]:10547'", "127.0.0.1:0")
            .replace("conf/", "../conf/")
            .split(" +", -1);
    AtomicInteger exit = new AtomicInteger(-1);
    Thread server = new Thread(() -> exit.set(run(arguments)));
    server.start();
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> !server.isAlive() || out.toString().contains("\n"));
    assertThat(out.toString()).as(err.toString()).contains("3 clients").endsWith("250,251\n");
    server.interrupt();
    server.join(20_000);
  }
}
