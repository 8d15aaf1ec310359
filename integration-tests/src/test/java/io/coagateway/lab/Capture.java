package io.coagateway.lab;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * A capture by tcpdump, read by tshark: the judge of what we put on the wire. Our own decoder has
 * no part in it.
 */
public final class Capture implements AutoCloseable {
  private final Path file;
  private final Peer tcpdump;
  private final String networkInterface;
  private final String description;
  private final Map<Integer, String> protocols = new TreeMap<>();
  private final Set<Integer> leasequeryPorts = new TreeSet<>();
  private String secret = "testing123";
  private boolean secretKnown = true;
  private boolean running = true;

  private Capture(Path file, Peer tcpdump, String networkInterface, String filter) {
    this.file = file;
    this.tcpdump = tcpdump;
    this.networkInterface = networkInterface;
    this.description = networkInterface + ": " + filter;
  }

  static Capture start(Lab lab, Place place, String networkInterface, String filter, String name) {
    if (place.namespace().isEmpty()) {
      Segmentation.beforeCaptures();
    }
    Path file = lab.directory().resolve(name + ".pcap");
    Peer tcpdump =
        lab.start(
            name + "-tcpdump",
            place,
            List.of(
                "tcpdump",
                "--immediate-mode",
                "-U",
                "-n",
                "-Z",
                "root",
                "-B",
                "16384",
                "-i",
                networkInterface,
                "-w",
                file.toString(),
                filter));
    tcpdump.awaitOutput("listening on");
    return lab.add(new Capture(file, tcpdump, networkInterface, filter));
  }

  /** Tells tshark that RADIUS is spoken on a port; 3799 it knows. */
  public Capture radiusOn(int port) {
    protocols.put(port, "radius");
    return this;
  }

  /** Tells tshark that DHCPv6 is spoken on a port; 546 and 547 it knows. */
  public Capture dhcpv6On(int port) {
    protocols.put(port, "dhcpv6");
    return this;
  }

  /** Tells tshark that BULK LEASEQUERY is spoken on a TCP port; 547 it knows. */
  public Capture leasequeryOn(int port) {
    leasequeryPorts.add(port);
    return this;
  }

  /** The shared secret with which tshark checks authenticators; {@code testing123} if not set. */
  public Capture secret(String sharedSecret) {
    secret = sharedSecret;
    return this;
  }

  /** Several secrets are in use, of which tshark takes one: it checks no authenticators. */
  Capture withoutSecret() {
    secretKnown = false;
    return this;
  }

  /**
   * The packets so far, once {@code count} of them match.
   *
   * @throws AssertionError if that does not happen in time; the message holds the conversation
   */
  public List<Packet> await(int count, Predicate<Packet> wanted) {
    List<Packet> found = new ArrayList<>();
    try {
      org.awaitility.Awaitility.await()
          .pollInterval(Duration.ofMillis(200))
          .atMost(Duration.ofSeconds(40))
          .until(
              () -> {
                found.clear();
                found.addAll(packets());
                return found.stream().filter(wanted).count() >= count;
              });
      return found;
    } catch (org.awaitility.core.ConditionTimeoutException e) {
      throw new AssertionError("Not " + count + " such packets in\n" + conversation(), e);
    }
  }

  /** All packets so far, as tshark dissects them. */
  public List<Packet> packets() {
    return dissect(tshark("-T", "json", "--no-duplicate-keys"));
  }

  /**
   * Those of the first {@code most} packets that {@code displayFilter}, in tshark's language, lets
   * through; all of them are read, so that answers are checked against their requests.
   */
  List<Packet> packets(String displayFilter, int most) {
    String number = Integer.toString(most);
    return dissect(
        tshark("-2", "-c", number, "-Y", displayFilter, "-T", "json", "--no-duplicate-keys"));
  }

  private static List<Packet> dissect(String json) {
    try {
      List<Packet> packets = new ArrayList<>();
      for (JsonNode node : new ObjectMapper().readTree(json)) {
        packets.add(new Packet(node.path("_source").path("layers")));
      }
      return packets;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The conversation in words. */
  public String conversation() {
    return tshark("-t", "r", "-P", "-O", "radius,dhcpv6");
  }

  /** Ends the capture; it can be read all the same. */
  @Override
  public void close() {
    if (running) {
      running = false;
      tcpdump.close();
    }
  }

  @Override
  public String toString() {
    return description;
  }

  private boolean isCable() {
    return !networkInterface.equals("lo") && !networkInterface.equals("any");
  }

  private String tshark(String... format) {
    List<String> command = new ArrayList<>(List.of("tshark", "-n", "-r", file.toString()));
    command.addAll(
        List.of(
            "-o", "radius.shared_secret:" + secret,
            "-o", "radius.validate_authenticator:" + (secretKnown ? "TRUE" : "FALSE"),
            // Nothing computes checksums on a loopback interface; on a cable they are real.
            "-o", "udp.check_checksum:" + (isCable() ? "TRUE" : "FALSE")));
    protocols.forEach(
        (port, protocol) -> command.addAll(List.of("-d", "udp.port==" + port + "," + protocol)));
    leasequeryPorts.forEach(
        port -> command.addAll(List.of("-d", "tcp.port==" + port + ",dhcpv6.bulk_leasequery")));
    command.addAll(List.of(format));
    // Its exit code only says whether the last packet is already whole in a running capture.
    return Command.run(Place.HERE, Path.of("."), "", Duration.ofSeconds(60), command).out();
  }
}
