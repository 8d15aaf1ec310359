package io.coagateway.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * An ISP whose relay sends to the gateway, and the gateway to the DHCPv6 server.
 *
 * <pre>
 *   subscriber     nas, ISC dhcrelay              gateway                         server
 *   sub0 --------- acc0 2001:db8:0:7::1/64
 *                  core0 2001:db8:547::1/64 ----- path0 2001:db8:547::2/64
 *                                                 up0 2001:db8:548::2/64 -------- srv0 2001:db8:548::547/64
 * </pre>
 *
 * @param subscriber where dhclient runs
 * @param nas where the relay runs
 * @param gateway where the gateway runs, and nothing else
 * @param server where the DHCPv6 server runs
 */
public record PathIsp(Netns subscriber, Netns nas, Netns gateway, Netns server) {
  /** Where the relay sends to. */
  public static final String GATEWAY_ADDRESS = "2001:db8:547::2";

  /** The DHCPv6 server's address. */
  public static final String SERVER_ADDRESS = "2001:db8:548::547";

  /** ISC's client asks for AFTR_NAME (64) only when told what it is. */
  private static final String WANTS_AFTR =
      "option dhcp6.aftr-name code 64 = domain-list;\nalso request dhcp6.aftr-name;\n";

  private static final Pattern AFTR = Pattern.compile("option dhcp6.aftr-name \"([^\"]+)\"");

  /** Lays the cables and gives the addresses. */
  public static PathIsp build(Lab lab) {
    Netns subscriber = lab.namespace();
    Netns nas = lab.namespace();
    Netns gateway = lab.namespace();
    Netns server = lab.namespace();
    subscriber.link("sub0", nas, "acc0");
    nas.link("core0", gateway, "path0");
    gateway.link("up0", server, "srv0");
    Isp.giveHardwareAddress(subscriber);
    nas.address("acc0", Isp.LINK_ADDRESS + "/64").address("core0", "2001:db8:547::1/64");
    gateway.address("path0", GATEWAY_ADDRESS + "/64").address("up0", "2001:db8:548::2/64");
    server.address("srv0", SERVER_ADDRESS + "/64");
    server.run("ip", "-6", "route", "add", "2001:db8::/32", "via", "2001:db8:548::2").orFail();
    Isp.allowPort547(gateway);
    subscriber.awaitLinkLocal("sub0");
    nas.awaitLinkLocal("acc0").awaitLinkLocal("core0");
    gateway.awaitLinkLocal("path0").awaitLinkLocal("up0");
    server.awaitLinkLocal("srv0");
    return new PathIsp(subscriber, nas, gateway, server);
  }

  /** Starts ISC dhcrelay on the NAS, with the gateway as its server. */
  public Peer relay(Lab lab) {
    return Isp.relay(lab, nas, GATEWAY_ADDRESS);
  }

  /** Gets an address and a prefix with dhclient, which asks for AFTR_NAME too, and stays. */
  public Peer lease(Lab lab) {
    return Isp.lease(lab, subscriber, WANTS_AFTR);
  }

  /** The AFTR name in the newest lease of dhclient's file; empty: it has none. */
  public Optional<String> aftrName(Lab lab) {
    try {
      String leases = Files.readString(lab.directory().resolve("dhclient.leases"));
      String newest = leases.substring(Math.max(0, leases.lastIndexOf("lease6 {")));
      return AFTR.matcher(newest).results().map((MatchResult m) -> m.group(1)).findFirst();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
