package io.coagateway.lab;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.awaitility.Awaitility;

/**
 * A network namespace, a computer of its own as far as the network goes. Duplicate address
 * detection is off in it, so that addresses can be used at once. Closing it removes it, its
 * interfaces and routes.
 */
public final class Netns implements AutoCloseable {
  private final String name;
  private final Thread atExit;

  private Netns(String name) {
    this.name = name;
    this.atExit = new Thread(() -> delete(name));
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  static Netns create() {
    String name =
        "coa-"
            + ProcessHandle.current().pid()
            + "-"
            + Integer.toHexString(ThreadLocalRandom.current().nextInt(0x10000));
    Command.run(Place.HERE, "ip", "netns", "add", name).orFail();
    Netns namespace = new Netns(name);
    for (String scope : new String[] {"all", "default"}) {
      namespace
          .run("sh", "-c", "echo 0 >/proc/sys/net/ipv6/conf/" + scope + "/accept_dad")
          .orFail();
    }
    namespace.run("ip", "link", "set", "lo", "up").orFail();
    Segmentation.set(namespace.place(), "off"); // for captures; without ethtool there are none
    return namespace;
  }

  /** Programs run here, as root. */
  public Place place() {
    return new Place(Optional.of(name), Optional.empty(), false);
  }

  /** Runs a command here to its end. */
  public Command.Result run(String... command) {
    return Command.run(place(), command);
  }

  /**
   * Lays a cable to another namespace.
   *
   * @param here the interface's name in this namespace
   * @param there its name in the other one
   */
  public Netns link(String here, Netns other, String there) {
    run("ip", "link", "add", here, "type", "veth", "peer", "name", there, "netns", other.name)
        .orFail();
    // The sender computes the checksums itself, so that a capture shows what is on the wire.
    for (Command.Result result :
        new Command.Result[] {
          run("ethtool", "-K", here, "tx", "off", "rx", "off"),
          other.run("ethtool", "-K", there, "tx", "off", "rx", "off")
        }) {
      result.orFail();
    }
    run("ip", "link", "set", here, "up").orFail();
    other.run("ip", "link", "set", there, "up").orFail();
    return this;
  }

  /** Waits until an interface has a link-local address that can be used. */
  public Netns awaitLinkLocal(String networkInterface) {
    Awaitility.await()
        .alias(networkInterface + " in " + name + " has a link-local address")
        .pollInterval(Duration.ofMillis(20))
        .until(
            () -> {
              String shown =
                  run("ip", "-6", "addr", "show", "dev", networkInterface, "scope", "link").out();
              return shown.contains("inet6 fe80:") && !shown.contains("tentative");
            });
    return this;
  }

  /** Gives an interface an address, as {@code 2001:db8:1::1/64} or {@code 192.0.2.1/24}. */
  public Netns address(String networkInterface, String address) {
    run("ip", "addr", "add", address, "dev", networkInterface).orFail();
    return this;
  }

  @Override
  public void close() {
    delete(name);
    Runtime.getRuntime().removeShutdownHook(atExit);
  }

  private static void delete(String name) {
    Command.run(Place.HERE, "ip", "netns", "del", name);
  }

  @Override
  public String toString() {
    return name;
  }
}
