package io.coagateway.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** ISC dhcpd as a DHCPv6 server; it needs an interface with an IPv6 address of its own. */
public final class IscDhcpd {
  private static final String CONFIGURATION =
      """
      default-lease-time 4000;
      preferred-lifetime 3000;
      option dhcp6.preference 255;
      authoritative;
      allow leasequery;
      subnet6 OWN { }
      subnet6 2001:db8:0:7::/64 {
        range6 2001:db8:0:7::1000 2001:db8:0:7::1fff;
        prefix6 2001:db8:4200:: 2001:db8:42ff:: /56;
      }
      """;

  private final Peer peer;
  private final Path leases;

  private IscDhcpd(Peer peer, Path leases) {
    this.peer = peer;
    this.leases = leases;
  }

  /** Starts it on an interface, at port 547, for relays of the link 2001:db8:0:7::/64. */
  public static IscDhcpd start(Lab lab, Place place, String networkInterface) {
    return start(lab, place, networkInterface, "2001:db8:547::/64");
  }

  /**
   * The same elsewhere.
   *
   * @param own the prefix of its own link
   */
  public static IscDhcpd start(Lab lab, Place place, String networkInterface, String own) {
    Path file = lab.write("dhcpd6.conf", CONFIGURATION.replace("OWN", own));
    Path leases = lab.write("dhcpd6.leases", "");
    Peer peer =
        lab.start(
            "dhcpd",
            place,
            List.of(
                "dhcpd",
                "-6",
                "-d",
                "-f",
                "-cf",
                file.toString(),
                "-lf",
                leases.toString(),
                "-pf",
                lab.directory().resolve("dhcpd6.pid").toString(),
                networkInterface));
    peer.awaitUdp(547);
    return new IscDhcpd(peer, leases);
  }

  /** Its process. */
  public Peer peer() {
    return peer;
  }

  /**
   * The last binding state of an address or prefix in the lease file; empty if it never had one.
   */
  public Optional<String> bindingState(String lease) {
    try {
      Matcher matcher =
          Pattern.compile(
                  "(?:iaaddr|iaprefix) " + Pattern.quote(lease) + " \\{\\s*binding state (\\w+);")
              .matcher(Files.readString(leases));
      Optional<String> last = Optional.empty();
      while (matcher.find()) {
        last = Optional.of(matcher.group(1));
      }
      return last;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All addresses and prefixes that stand in the lease file, prefixes with their length. */
  public Set<String> leases() {
    try {
      return Pattern.compile("(?:iaaddr|iaprefix) (\\S+) \\{")
          .matcher(Files.readString(leases))
          .results()
          .map(result -> result.group(1))
          .collect(Collectors.toCollection(TreeSet::new));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
