package io.coagateway.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.epoll.Epoll;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/** What tests ask of the machine that they run on. */
public final class TestMachine {
  private static final int FIRST_PORT = 16_384;
  private static final int LAST_PORT = 32_767;

  private static final Set<Integer> GIVEN = new HashSet<>(); // guarded by the class

  private TestMachine() {}

  /**
   * Skips the test where something is missing; with {@code CI=true} it fails instead.
   *
   * @param what is missing, like {@code Debian's sqlite3}
   */
  public static void needs(boolean present, String what) {
    if ("true".equals(System.getenv("CI"))) {
      assertThat(present).as("CI=true, but the machine lacks " + what).isTrue();
    }
    assumeTrue(present, "needs " + what);
  }

  /** For tests of what the kernel does on Linux alone. */
  public static void needsEpoll() {
    needs(Epoll.isAvailable(), "Netty's epoll: " + Epoll.unavailabilityCause());
  }

  /**
   * A UDP port, and a TCP port, that nobody has now and that nobody was given here before. Below
   * those that Linux hands out by itself (ip_local_port_range), so that no other test gets it until
   * it is opened.
   */
  public static synchronized int freePort() {
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(FIRST_PORT, LAST_PORT + 1);
      if (isFree(port) && GIVEN.add(port)) {
        return port;
      }
    }
  }

  private static boolean isFree(int port) {
    try (DatagramSocket udp = new DatagramSocket(port);
        ServerSocket tcp = new ServerSocket(port)) {
      return udp.isBound() && tcp.isBound();
    } catch (IOException e) {
      return false;
    }
  }
}
