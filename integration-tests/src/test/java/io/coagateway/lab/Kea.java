package io.coagateway.lab;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Kea's DHCPv6 server with its lease commands, a socket to control it and its leases in a file. */
public final class Kea {
  private static final String CONFIGURATION =
      """
      { "Dhcp6": {
        "interfaces-config": { "interfaces": [ "INTERFACE" ] },
        "server-id": { "type": "LL", "htype": 1, "identifier": "02005e0000aa", "persist": false },
        "control-socket": { "socket-type": "unix", "socket-name": "DIRECTORY/kea.socket" },
        "hooks-libraries": [ { "library": "HOOK" } ],
        "lease-database": { "type": "memfile", "persist": true, "lfc-interval": 0,
                            "name": "DIRECTORY/leases.csv" },
        "relay-supplied-options": [ "64" ],
        "renew-timer": RENEW, "rebind-timer": 2400,
        "preferred-lifetime": 3000, "valid-lifetime": 4000,
        "subnet6": [ { "id": 1, "subnet": "2001:db8:0:7::/64",
                       "pools": [ { "pool": "2001:db8:0:7::1000-2001:db8:0:7::1fff" } ],
                       "pd-pools": [ { "prefix": "2001:db8:4200::", "prefix-len": 40,
                                       "delegated-len": 56 } ] } ],
        "loggers": [ { "name": "kea-dhcp6", "severity": "INFO", "debuglevel": 0,
                       "output_options": [ { "output": "stdout", "flush": true } ] } ]
      } }
      """;

  private final Peer peer;
  private final Path directory;

  private Kea(Peer peer, Path directory) {
    this.peer = peer;
    this.directory = directory;
  }

  /**
   * Starts it for the link 2001:db8:0:7::/64, its DUID being 0003000102005e0000aa.
   *
   * @param networkInterface as {@code lo/::1}
   * @param port where it listens
   */
  public static Kea start(Lab lab, Place place, String networkInterface, int port) {
    return start(lab, place, networkInterface, port, 1500);
  }

  /**
   * The same, with clients that renew so often.
   *
   * @param renewSeconds T1 of the leases
   */
  public static Kea start(
      Lab lab, Place place, String networkInterface, int port, int renewSeconds) {
    Path directory = lab.directory().resolve("kea");
    Path hook =
        Machine.find("/usr/lib/x86_64-linux-gnu/kea/hooks/libdhcp_lease_cmds.so")
            .or(() -> Machine.find("/usr/lib/aarch64-linux-gnu/kea/hooks/libdhcp_lease_cmds.so"))
            .orElseThrow(() -> new AssertionError("Kea's libdhcp_lease_cmds.so is missing"));
    Path file =
        lab.write(
            "kea/kea.json",
            CONFIGURATION
                .replace("INTERFACE", networkInterface)
                .replace("RENEW", Integer.toString(renewSeconds))
                .replace("DIRECTORY", directory.toString())
                .replace("HOOK", hook.toString()));
    Peer peer =
        lab.start(
            "kea",
            place,
            List.of(
                "env",
                "KEA_PIDFILE_DIR=" + directory,
                "KEA_LOCKFILE_DIR=none",
                "kea-dhcp6",
                "-c",
                file.toString(),
                "-p",
                Integer.toString(port)));
    peer.awaitUdp(port);
    Kea kea = new Kea(peer, directory);
    peer.await("has a control socket", () -> Files.exists(directory.resolve("kea.socket")));
    return kea;
  }

  /** Its process. */
  public Peer peer() {
    return peer;
  }

  /** Gives a client an address: lease6-add over the control socket. */
  public void lease(String address, String duid, long iaid) {
    control(
        "lease6-add",
        """
        { "subnet-id": 1, "type": "IA_NA", "ip-address": "%s", "duid": "%s", "iaid": %d,
          "preferred-lft": 3000, "valid-lft": 4000 }
        """
            .formatted(address, duid, iaid));
  }

  /** Delegates a /56 to a client. */
  public void delegate(String prefix, String duid, long iaid) {
    control(
        "lease6-add",
        """
        { "subnet-id": 1, "type": "IA_PD", "ip-address": "%s", "prefix-len": 56, "duid": "%s",
          "iaid": %d, "preferred-lft": 3000, "valid-lft": 4000 }
        """
            .formatted(prefix, duid, iaid));
  }

  /**
   * The valid lifetimes, in seconds, that an address or prefix has in the lease file, oldest first.
   */
  public List<Integer> lifetimesInFile(String address) {
    try {
      return Files.readAllLines(directory.resolve("leases.csv")).stream()
          .map(line -> line.split(",", -1))
          .filter(columns -> columns[0].equals(address))
          .map(columns -> Integer.valueOf(columns[2]))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether the running server has a lease (result 0 of lease6-get; 3 means none). */
  public boolean hasLease(String type, String address) {
    return send(
                "lease6-get",
                "{ \"type\": \"%s\", \"ip-address\": \"%s\" }".formatted(type, address))
            .path("result")
            .asInt()
        == 0;
  }

  /** All leases it has now, as lease6-get-all shows them. */
  public List<JsonNode> leases() {
    List<JsonNode> leases = new ArrayList<>();
    // Result 3 (empty) comes with an empty list.
    send("lease6-get-all", "{ \"subnets\": [ 1 ] }")
        .path("arguments")
        .path("leases")
        .forEach(leases::add);
    return leases;
  }

  /** Runs a command that must succeed and gives its arguments. */
  public JsonNode control(String command, String arguments) {
    JsonNode answer = send(command, arguments);
    if (answer.path("result").asInt(-1) != 0) {
      throw new AssertionError(command + ": " + answer);
    }
    return answer.path("arguments");
  }

  private JsonNode send(String command, String arguments) {
    String text = "{ \"command\": \"%s\", \"arguments\": %s }".formatted(command, arguments);
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(directory.resolve("kea.socket")));
      channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
      channel.shutdownOutput();
      ByteBuffer answer = ByteBuffer.allocate(1 << 20);
      while (channel.read(answer) >= 0) {
        // until the server closes
      }
      return new ObjectMapper().readTree(answer.array(), 0, answer.position());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
