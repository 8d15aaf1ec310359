package io.coagateway.config;

import io.coagateway.relay.DhcpServer;
import io.coagateway.wire.AddressText;
import io.coagateway.wire.Ipv6Address;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Reads {@code learn}. */
final class LearnReader {
  private static final Form<Optional<InetAddress>> SERVER =
      ServerReader.orWord("any", Forms.ADDRESS);

  private static final String CURE = "Give program and arguments, like the shipped file has them.";

  private LearnReader() {}

  /** What the settings are once the DHCPv6 servers are known. */
  static Function<List<DhcpServer>, LearnSettings> read(Section learn) {
    List<String> capture = learn.optionalSection("capture", LearnReader::command).orElse(List.of());
    List<Optional<InetAddress>> given = learn.list("servers", SERVER, List.of());
    boolean any = given.contains(Optional.<InetAddress>empty());
    if (any) {
      learn.warning(
          "servers",
          "is any: whoever can send a datagram to the relay's port 547 can make bindings up. Give"
              + " the servers' addresses.");
    }
    Set<Ipv6Address> addresses = new HashSet<>();
    for (Optional<InetAddress> one : given) {
      Optional<Ipv6Address> address = one.flatMap(Ipv6Address::of);
      address.ifPresent(addresses::add);
      if (one.isPresent() && address.isEmpty()) {
        learn.problemAt(
            "servers",
            "has \""
                + AddressText.of(one.get())
                + "\", which is not IPv6. Give the IPv6 addresses that DHCPv6 servers answer from.");
      }
    }
    return servers -> {
      Set<Ipv6Address> all = new HashSet<>(addresses);
      boolean multicast = false;
      if (given.isEmpty()) {
        for (DhcpServer server : servers) {
          multicast |= server.address().getAddress().isMulticastAddress();
          Ipv6Address.of(server.address().getAddress()).ifPresent(all::add);
        }
      }
      return new LearnSettings(capture, any || multicast, all);
    };
  }

  private static List<String> command(Section capture) {
    List<String> command = new ArrayList<>(capture.list("command", Forms.TEXT, List.of()));
    if (command.isEmpty()) {
      if (!capture.has("command")) {
        capture.missing("command", CURE);
      } else if (capture.isEmptyList("command")) {
        capture.problemAt("command", "is empty. " + CURE);
      }
      return command;
    }
    String program = command.get(0);
    if (program.indexOf('/') < 0) {
      if (!isInPath(program)) {
        capture.problemAt(
            "command",
            "names "
                + program
                + ", which is no program in PATH. Install tcpdump, or give the program's whole"
                + " path.");
      }
      return command;
    }
    try {
      String what = "a program that writes a capture to stdout";
      command.set(0, capture.expansion().program(program, what).toString());
    } catch (BadValue e) {
      capture.problemAt("command", e.getMessage());
    }
    return command;
  }

  private static boolean isInPath(String name) {
    try {
      return isExecutableInPath(name);
    } catch (InvalidPathException e) {
      return false;
    }
  }

  private static boolean isExecutableInPath(String name) {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("/usr/bin:/bin");
    for (String directory : path.split(":", -1)) {
      if (!directory.isEmpty() && Files.isExecutable(Path.of(directory, name))) {
        return true;
      }
    }
    return false;
  }
}
