package io.coagateway.load;

import io.coagateway.lab.Lab;
import io.coagateway.lab.Peer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One CoA for each of many subscribers, offered as fast as possible to a gateway that may send its
 * server few messages per second: what must happen is batching (RFC 6977 section 6.3), and what
 * must not is a retransmission, a client asked twice, or one message more than the limit in any
 * second.
 *
 * <p>{@code integration-tests/bench mass --help} lists the settings of the command.
 */
public final class MassChange {
  private static final String SECRET = "testing123";

  private static final String HELP =
      """
      One CoA-Request for every subscriber, offered as fast as possible. The gateway and a DHCPv6
      server that counts run as processes of their own; with root and tcpdump the messages and
      their times are taken from the wire.

      --subscribers 20000   how many
      --links 10            on how many links
      --limit 100           messages per second that the gateway may send to its server
      --window 1024         requests kept unanswered
      --database disk       or shm: SQLite's file on /dev/shm; memory: none

      Ends with 1 unless all are acknowledged and the limit was kept.\
      """;

  /**
   * What is asked.
   *
   * @param subscribers how many, each asked for once, at most 1,000,000
   * @param links on how many links they are
   * @param messagesPerSecond the gateway's limit towards its server
   * @param window how many requests are kept unanswered at most
   * @param database where the gateway keeps its table
   */
  public record Settings(
      int subscribers, int links, int messagesPerSecond, int window, Database database) {
    /** What issue 4 asks for: 20,000 on 10 links through 100 messages per second. */
    public static final Settings OF_THE_ISSUE = new Settings(20_000, 10, 100, 1024, Database.DISK);
  }

  /**
   * What came of it.
   *
   * @param dac what the dynamic authorization client saw
   * @param server what the server counted
   * @param wire the messages as they lay on the wire; by the server's own clock without a capture
   */
  public record Figures(Settings settings, Crowd.Outcome dac, Counted server, Wire wire) {
    /** The same in words, several lines. */
    @Override
    public String toString() {
      return """
          %d CoA-Requests in %.1f s: %d ACK, %d NAK, %d wrong, %d unanswered; \
          repeated by the client: %d
          answered after (ms): median %.0f, 99 %% %.0f, last %.0f
          %d DHCPv6 messages to the server, limit %d/s; most in any second: %d (%s)
          %d clients in them, %.1f a message; sent again: %d messages; clients twice: %d; \
          rules broken: %d"""
          .formatted(
              settings.subscribers(),
              dac.seconds(),
              dac.acknowledged(),
              dac.refused(),
              dac.wrong(),
              dac.unanswered(),
              dac.repeated(),
              dac.percentile(0.5),
              dac.percentile(0.99),
              dac.percentile(1),
              server.messages(),
              settings.messagesPerSecond(),
              wire.busiestSecond(),
              wire.source(),
              server.clients(),
              (double) server.clients() / Math.max(1, server.messages()),
              wire.sentAgain(),
              server.clientsTwice(),
              server.violations());
    }

    /** Whether all went as it must, within {@code seconds}. */
    public boolean isRight(double seconds) {
      return dac.acknowledged() == settings.subscribers()
          && dac.refused() + dac.wrong() + dac.unanswered() == 0
          && dac.seconds() <= seconds
          && server.clients() == settings.subscribers()
          && server.clientsTwice() + server.violations() + wire.sentAgain() == 0
          && wire.busiestSecond() <= settings.messagesPerSecond();
    }
  }

  /**
   * What the server counted.
   *
   * @param messages RECONFIGURE-REQUESTs
   * @param clients CLIENTIDs in them
   * @param clientsTwice CLIENTIDs that it had seen before
   * @param violations messages that break a rule of RFC 6977 section 6.3 or are too large
   */
  public record Counted(long messages, long clients, long clientsTwice, long violations) {}

  /**
   * The messages in time.
   *
   * @param busiestSecond the most in any sliding second
   * @param sentAgain messages whose transaction id had been there before
   * @param source who says so
   */
  public record Wire(long busiestSecond, long sentAgain, String source) {}

  private MassChange() {}

  /** The command. */
  public static void main(String[] arguments) throws IOException {
    List<String> words = new ArrayList<>(Arrays.asList(arguments));
    words.removeIf(String::isBlank);
    if (words.remove("--help")) {
      System.out.println(HELP);
      return;
    }
    Settings settings =
        new Settings(
            Integer.parseInt(BenchSettings.take(words, "--subscribers", "20000")),
            Integer.parseInt(BenchSettings.take(words, "--links", "10")),
            Integer.parseInt(BenchSettings.take(words, "--limit", "100")),
            Integer.parseInt(BenchSettings.take(words, "--window", "1024")),
            Database.take(words));
    if (!words.isEmpty()) {
      throw new IllegalArgumentException("not understood: " + words + "\n" + HELP);
    }
    Lab lab = Lab.standalone("mass", settings.database().directory());
    boolean right;
    try {
      Figures figures = measure(lab, settings);
      System.out.println(figures);
      right = figures.isRight(Double.MAX_VALUE);
    } finally {
      lab.discard();
    }
    if (!right) {
      System.exit(1);
    }
  }

  /** Sets all up in a lab, asks, and counts. */
  public static Figures measure(Lab lab, Settings settings) throws IOException {
    int serverPort = Responder.start(lab);
    InetSocketAddress server =
        new InetSocketAddress(InetAddress.getByAddress(Responder.loopback()), serverPort);
    Workload workload = new Workload(settings.subscribers(), settings.links(), false);
    Path records = lab.directory().resolve("records.ndjson");
    workload.writeRecords(records);
    BenchSettings gatewaySettings =
        BenchSettings.parse(
            new String[] {
              "--subscribers",
              Integer.toString(settings.subscribers()),
              "--server-limit",
              settings.messagesPerSecond() + "/s",
              "--database",
              settings.database().toString()
            });
    GatewayUnderLoad gateway = GatewayUnderLoad.start(lab, gatewaySettings, serverPort, records);
    boolean captures = WireLog.isPossible();
    Path log = lab.directory().resolve("mass.pcap");
    if (captures) {
      Peer tcpdump = WireLog.start(lab, serverPort, log);
      Figures figures = ask(settings, workload, gateway, server);
      tcpdump.stop(java.time.Duration.ofSeconds(10));
      WireLog wire = WireLog.read(log);
      if (wire.messages() != figures.server().messages()) {
        throw new IllegalStateException(
            "tcpdump saw " + wire.messages() + " of " + figures.server().messages() + " messages");
      }
      return new Figures(
          settings,
          figures.dac(),
          figures.server(),
          new Wire(wire.busiestSecond(), wire.sentAgain(), "on the wire, tcpdump"));
    }
    return ask(settings, workload, gateway, server);
  }

  private static Figures ask(
      Settings settings, Workload workload, GatewayUnderLoad gateway, InetSocketAddress server)
      throws IOException {
    Crowd crowd =
        new Crowd(
            new InetSocketAddress(
                InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), gateway.radiusPort()),
            SECRET);
    Crowd.Outcome dac = crowd.ask(workload, settings.window());
    Responder.Counters seen = Responder.ask(server);
    return new Figures(
        settings,
        dac,
        new Counted(seen.messages(), seen.clients(), seen.repeated(), seen.violations()),
        new Wire(seen.busiestSecond(), seen.repeated(), "as the server read them"));
  }
}
