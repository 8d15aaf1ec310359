package io.coagateway.lab;

import java.util.List;

/**
 * A small ISP: a subscriber's network, the NAS with ISC dhcrelay (and, in a test, the gateway), and
 * the DHCPv6 server's network, each a namespace of its own.
 *
 * <pre>
 *   subscriber            nas                                      server
 *   sub0 ---------------- acc0 2001:db8:0:7::1/64
 *                         core0 2001:db8:547::1/64 (relay) ------- srv0 2001:db8:547::547/64
 *                               2001:db8:547::2/64 (gateway)
 * </pre>
 *
 * @param subscriber where dhclient runs
 * @param nas where relay and gateway run
 * @param server where the DHCPv6 server runs
 */
public record Isp(Netns subscriber, Netns nas, Netns server) {
  /** The client's DUID-LL, of its fixed hardware address. */
  public static final String CLIENT_DUID = "0003000102005e100007";

  /** The NAS's address towards the subscriber: the link-address of what the relay forwards. */
  public static final String LINK_ADDRESS = "2001:db8:0:7::1";

  /** The gateway's own address: servers answer to port 547 of where a message came from. */
  public static final String GATEWAY_ADDRESS = "2001:db8:547::2";

  /** The DHCPv6 server's address. */
  public static final String SERVER_ADDRESS = "2001:db8:547::547";

  /** The AAA server's addresses, if there is one. */
  public static final String AAA_ADDRESS = "192.0.2.3";

  /** The same in IPv6. */
  public static final String AAA_ADDRESS_6 = "2001:db8:aaa::3";

  /** Where the gateway takes RADIUS from it. */
  public static final String NAS_ADDRESS = "192.0.2.1";

  /** The same in IPv6. */
  public static final String NAS_ADDRESS_6 = "2001:db8:aaa::1";

  /** Lays the cables and gives the addresses. */
  public static Isp build(Lab lab) {
    Netns subscriber = lab.namespace();
    Netns nas = lab.namespace();
    Netns server = lab.namespace();
    subscriber.link("sub0", nas, "acc0");
    nas.link("core0", server, "srv0");
    giveHardwareAddress(subscriber);
    nas.address("acc0", LINK_ADDRESS + "/64");
    nas.address("core0", "2001:db8:547::1/64");
    // Deprecated, so that only who binds it sends from it: the relay must not.
    nas.run("ip", "addr", "add", GATEWAY_ADDRESS + "/128", "dev", "core0", "preferred_lft", "0")
        .orFail();
    server.address("srv0", SERVER_ADDRESS + "/64");
    server.run("ip", "-6", "route", "add", "2001:db8::/32", "via", "2001:db8:547::1").orFail();
    allowPort547(nas);
    nas.run("sh", "-c", "echo 1 >/proc/sys/net/ipv6/conf/all/forwarding").orFail();
    subscriber.awaitLinkLocal("sub0");
    nas.awaitLinkLocal("acc0").awaitLinkLocal("core0");
    server.awaitLinkLocal("srv0");
    return new Isp(subscriber, nas, server);
  }

  /**
   * Adds the network of the AAA servers: a namespace whose aaa0 has {@link #AAA_ADDRESS} and {@link
   * #AAA_ADDRESS_6}, and the NAS the other ends.
   */
  public Netns aaa(Lab lab) {
    Netns aaa = lab.namespace();
    aaa.link("aaa0", nas, "nas0");
    aaa.address("aaa0", AAA_ADDRESS + "/24").address("aaa0", AAA_ADDRESS_6 + "/64");
    nas.address("nas0", NAS_ADDRESS + "/24").address("nas0", NAS_ADDRESS_6 + "/64");
    return aaa;
  }

  /** The subscriber's interface gets the address that {@link #CLIENT_DUID} is made of. */
  static void giveHardwareAddress(Netns subscriber) {
    subscriber.run("ip", "link", "set", "sub0", "down").orFail();
    subscriber.run("ip", "link", "set", "sub0", "address", "02:00:5e:10:00:07").orFail();
    subscriber.run("ip", "link", "set", "sub0", "up").orFail();
  }

  /** An ordinary user may own port 547 here: it is the gateway's own machine. */
  static void allowPort547(Netns gateway) {
    gateway.run("sh", "-c", "echo 0 >/proc/sys/net/ipv4/ip_unprivileged_port_start").orFail();
  }

  /** Starts ISC dhcrelay on the NAS; it names the interface in Interface-Id. */
  public Peer relay(Lab lab) {
    return relay(lab, nas, SERVER_ADDRESS);
  }

  /** The same with another next hop on core0. */
  static Peer relay(Lab lab, Netns nas, String nextHop) {
    return lab.start(
            "dhcrelay",
            nas.place(),
            List.of(
                "dhcrelay", "-6", "-d", "--no-pid", "-I", "-l", "acc0", "-u", nextHop + "%core0"))
        .awaitUdp(547);
  }

  /** Gets an address and a prefix with dhclient, which stays. */
  public Peer lease(Lab lab) {
    return lease(lab, subscriber, "");
  }

  /** The same in {@code subscriber}'s namespace, with more in dhclient.conf. */
  static Peer lease(Lab lab, Netns subscriber, String more) {
    lab.write("dhclient.conf", "timeout 20;\n" + more);
    return lab.start(
            "dhclient",
            subscriber.place(),
            List.of(
                "dhclient",
                "-6",
                "-d",
                "-N",
                "-P",
                "-D",
                "LL",
                "-cf",
                lab.directory().resolve("dhclient.conf").toString(),
                "-lf",
                lab.directory().resolve("dhclient.leases").toString(),
                "-pf",
                lab.directory().resolve("dhclient.pid").toString(),
                "-sf",
                "/bin/true",
                "sub0"))
        .awaitOutput("RCV: Reply message on sub0");
  }
}
