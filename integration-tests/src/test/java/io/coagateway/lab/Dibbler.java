package io.coagateway.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Dibbler, as a DHCPv6 server and as a client. Its files have fixed places: each program gets
 * mounts of its own, so that several, and one that the machine has, do not meet.
 */
public final class Dibbler {
  private static final String SERVER =
      """
      log-level 7
      guess-mode
      iface srv0 {
        accept-leasequery 1
        class { pool 2001:db8:547:1::/64 }
      }
      iface relay1 {
        relay srv0
        unicast SERVER_ADDRESS
        preference 255
        prefered-lifetime 3000
        valid-lifetime 4000
        class { pool 2001:db8:0:7::1000-2001:db8:0:7::1fff }
        pd-class { pd-pool 2001:db8:4200::/40
                   pd-length 56 }
      }
      """;

  private static final String CLIENT =
      """
      log-level 7
      duid-type duid-ll
      reconfigure-accept 1
      iface sub0 {
        ia
        pd
      }
      """;

  private static final Pattern LEASE =
      Pattern.compile("<Addr(?:Addr [^>]*|Prefix [^>]*length=\"(\\d+)\")>([0-9a-f:]+)</Addr");

  private final Peer peer;
  private final Path bindings;

  private Dibbler(Peer peer, Path bindings) {
    this.peer = peer;
    this.bindings = bindings;
  }

  /**
   * Starts the server on srv0, for relays of any link. It takes what relays send to
   * All_DHCP_Relay_Agents_and_Servers and All_DHCP_Servers, and what is sent to {@code address}.
   */
  public static Dibbler server(Lab lab, Place place, String address) {
    Dibbler server = start(lab, place, "server", SERVER.replace("SERVER_ADDRESS", address));
    server.peer.awaitUdp(547);
    return server;
  }

  /** Starts the client on sub0: it asks for an address and a prefix, with Reconfigure Accept. */
  public static Dibbler client(Lab lab, Place place) {
    return start(lab, place, "client", CLIENT);
  }

  private static Dibbler start(Lab lab, Place place, String role, String configuration) {
    Path file = lab.write("dibbler-" + role + "-etc/" + role + ".conf", configuration);
    Path lib = lab.write("dibbler-" + role + "-lib/README", "dibbler's state\n").getParent();
    Path run = lab.write("dibbler-" + role + "-run/README", "dibbler's pid\n").getParent();
    Peer peer =
        lab.start(
            "dibbler-" + role,
            place,
            "unshare",
            "--mount",
            "sh",
            "-ec",
            "mkdir -p /run/dibbler; mount --bind \"$1\" /etc/dibbler;"
                + " mount --bind \"$2\" /var/lib/dibbler; mount --bind \"$3\" /run/dibbler;"
                + " exec dibbler-\"$4\" run",
            "dibbler",
            file.getParent().toString(),
            lib.toString(),
            run.toString(),
            role);
    return new Dibbler(peer, lib.resolve(role + "-AddrMgr.xml"));
  }

  /** Its process. */
  public Peer peer() {
    return peer;
  }

  /** Waits until it has bound, or leased out, so many addresses and prefixes, and names them. */
  public Set<String> awaitLeases(int count) {
    Set<String> leases = new TreeSet<>();
    peer.await(
        "has " + count + " leases",
        () -> {
          Optional<Set<String>> now = leases();
          leases.clear();
          now.ifPresent(leases::addAll);
          return now.isPresent() && leases.size() == count;
        });
    return leases;
  }

  /** Prefixes with their length; empty while the file is not there or only half written. */
  private Optional<Set<String>> leases() {
    try {
      String text = Files.exists(bindings) ? Files.readString(bindings) : "";
      if (!text.stripTrailing().endsWith("</AddrMgr>")) {
        return Optional.empty();
      }
      return Optional.of(
          LEASE
              .matcher(text)
              .results()
              .map(lease -> lease.group(2) + (lease.group(1) == null ? "" : "/" + lease.group(1)))
              .collect(Collectors.toCollection(TreeSet::new)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
