package io.coagateway.cli;

import io.coagateway.dhcpv6.Duid;
import io.coagateway.dhcpv6.MessageNames;
import io.coagateway.dhcpv6.MessageType;
import io.coagateway.dhcpv6.OptionCode;
import io.coagateway.dhcpv6.StatusCode;
import io.coagateway.simulator.BulkLeasequeryServer;
import io.coagateway.simulator.IaType;
import io.coagateway.simulator.Lease;
import io.coagateway.simulator.LeaseFile;
import io.coagateway.simulator.LeaseTable;
import io.coagateway.simulator.LeaseTable.Reconfigure;
import io.coagateway.simulator.SimulatedServer;
import io.coagateway.simulator.SimulatedServerChannel;
import io.coagateway.simulator.SimulatorParameters;
import io.coagateway.simulator.SimulatorParameters.Policy;
import io.coagateway.simulator.SimulatorParameters.ReconfigureClients;
import io.coagateway.simulator.SimulatorParameters.UnknownClients;
import io.coagateway.wire.AddressText;
import io.coagateway.wire.Ipv6Prefix;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.Reader;
import java.net.InetSocketAddress;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code simulate-server}: the DHCPv6 server role of both drafts on a UDP socket. */
@Command(
    name = "simulate-server",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Plays the DHCPv6 server of RFC 6977 and of the release draft, with leases, and prints every"
          + " packet. For trying a DAC, a relay or this gateway before production; it gives out no"
          + " leases of its own.",
      "Ends on SIGINT or SIGTERM."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "1:it cannot listen",
      "2:the arguments will not do",
      "130, 143:SIGINT (Ctrl-C), SIGTERM; nothing else ends it"
    })
public final class SimulateServerCommand implements Callable<Integer> {
  private static final String DEFAULT_DUID = "0003000102005e000547";

  /** What to do with one kind of message, as the command line says it. */
  enum Choice {
    accept(Policy.ACCEPT),
    reject(Policy.REJECT),
    silent(Policy.SILENT);

    private final Policy policy;

    Choice(Policy policy) {
      this.policy = policy;
    }
  }

  @Option(
      names = "--bulk-leasequery",
      description =
          "Answer BULK LEASEQUERY (RFC 5460) about the leases too, by relay-id and by"
              + " link-address, on the TCP port of the same number.")
  private boolean bulkLeasequery;

  @Option(
      names = "--leasequery",
      description =
          "Answer LEASEQUERY over UDP (RFC 5007) about the leases, by address and by client.")
  private boolean leasequery;

  @Spec private CommandSpec spec;

  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      defaultValue = "[::1]:10547",
      converter = Converters.HostPort.class,
      description =
          "Where to listen; default ${DEFAULT-VALUE}, as the shipped configuration expects.")
  private InetSocketAddress listen;

  @Option(
      names = "--server-duid",
      paramLabel = "HEX",
      defaultValue = DEFAULT_DUID,
      converter = Converters.DuidText.class,
      description = "The server's DUID; default ${DEFAULT-VALUE}.")
  private Duid serverDuid;

  @Option(
      names = "--release-types",
      paramLabel = "REQUEST,REPLY",
      split = ",",
      hideParamSyntax = true,
      description =
          "Message types of RELEASE-REQUEST and its reply, 38 to 255, like 250,251; none: they are"
              + " unknown types, since IANA never assigned any.")
  private int[] releaseTypes = {};

  @Option(
      names = "--leases",
      paramLabel = "FILE",
      description = "Clients and leases, as `table export` writes them; - for stdin.")
  private Optional<String> leasesFile = Optional.empty();

  @Option(
      names = "--lease",
      paramLabel = "DUID=LEASE[+LEASE...]",
      description =
          "One client with addresses and prefixes, like"
              + " 0003000102005e005301=2001:db8::100+2001:db8:42::/56; any IAID fits. May be repeated.")
  private List<String> leases = List.of();

  @Option(
      names = "--accept-unknown-clients",
      description = "Believe that clients in no lease hold what they name and take RECONFIGURE.")
  private boolean acceptUnknownClients;

  @Option(
      names = "--reconfigure-requests",
      paramLabel = "accept|reject|silent",
      defaultValue = "accept",
      description =
          "RECONFIGURE-REQUEST: done, NotAllowed, no answer; default ${DEFAULT-VALUE} (a real server"
              + " rejects unless told otherwise, RFC 6977 section 6.5).")
  private Choice reconfigureRequests;

  @Option(
      names = "--release-requests",
      paramLabel = "accept|reject|silent",
      defaultValue = "accept",
      description = "RELEASE-REQUEST: done, NotConfigured, no answer; default ${DEFAULT-VALUE}.")
  private Choice releaseRequests;

  @Option(
      names = "--relayed-requests",
      paramLabel = "accept|reject",
      defaultValue = "accept",
      description = "Either of them inside RELAY-FORW; default ${DEFAULT-VALUE}.")
  private Choice relayedRequests;

  @Option(
      names = "--releases",
      paramLabel = "accept|silent",
      defaultValue = "accept",
      description = "A RELEASE inside RELAY-FORW; default ${DEFAULT-VALUE}.")
  private Choice releases;

  @Option(
      names = "--refuse",
      paramLabel = "STATUS",
      converter = Converters.Status.class,
      description = "Answer every valid request with this status, like NotAllowed or UnspecFail.")
  private Optional<StatusCode> refuse = Optional.empty();

  @Option(
      names = "--list-client",
      paramLabel = "DUID",
      converter = Converters.DuidText.class,
      description = "Never reconfigure this client: RECONFIGURE-REPLY lists it. May be repeated.")
  private Set<Duid> listedClients = Set.of();

  @Option(
      names = "--refuse-client",
      paramLabel = "DUID",
      converter = Converters.DuidText.class,
      description =
          "Never free this client's leases by RELEASE-REQUEST: UnspecFail. May be repeated.")
  private Set<Duid> refusedClients = Set.of();

  @Option(
      names = "--poison-client",
      paramLabel = "DUID",
      converter = Converters.DuidText.class,
      description =
          "Answer UnspecFail to a RECONFIGURE-REQUEST that names this client. May be repeated.")
  private Set<Duid> poisonousClients = Set.of();

  @Option(
      names = "--dislike-option",
      paramLabel = "NAME",
      converter = Converters.OptionName.class,
      description =
          "Answer UnspecFail to a RECONFIGURE-REQUEST with this option, like interface-id. May be repeated.")
  private Set<OptionCode> dislikedOptions = Set.of();

  @Option(
      names = "--rsoo-option",
      paramLabel = "NAME",
      converter = Converters.OptionName.class,
      description =
          "Let relays supply this option too, like aftr-name, beside 65, which IANA lists. May be repeated.")
  private Set<OptionCode> relaySupplied = Set.of();

  @Option(
      names = "--links",
      paramLabel = "PREFIX",
      split = ",",
      converter = Converters.Prefix.class,
      description = "The links that are known; none: all. Another is NotConfigured.")
  private List<Ipv6Prefix> links = List.of();

  @Option(
      names = "--allow-relay",
      paramLabel = "PREFIX",
      split = ",",
      converter = Converters.Prefix.class,
      description = "Relays whose requests are taken, by source address; none: all.")
  private List<Ipv6Prefix> relays = List.of();

  @Option(
      names = "--allow-relay-id",
      paramLabel = "DUID",
      split = ",",
      converter = Converters.DuidText.class,
      description = "Relays whose requests are taken, by RELAY_ID; none: all.")
  private Set<Duid> relayIds = Set.of();

  @Option(
      names = "--answer-to",
      paramLabel = "source|PORT",
      defaultValue = "source",
      description =
          "Answer to the port that a message came from, or always to this one (547, as many servers"
              + " do) unless option 135 asks for the source; default ${DEFAULT-VALUE}.")
  private String answerTo;

  @Option(
      names = "--no-reconfigure",
      description = "Send no RECONFIGURE after a RECONFIGURE-REQUEST was accepted.")
  private boolean noReconfigure;

  @Option(
      names = "--reconfigure-rate",
      paramLabel = "N",
      defaultValue = "100",
      description = "RECONFIGUREs a second at most; default ${DEFAULT-VALUE}.")
  private int reconfigureRate;

  @Option(
      names = "--delay",
      paramLabel = "MS",
      defaultValue = "0",
      description = "Wait before each reply, milliseconds from 0.")
  private int delayMillis;

  @Option(
      names = "--drop-first",
      paramLabel = "N",
      defaultValue = "0",
      description = "Lose the first N packets.")
  private int dropFirst;

  @Option(
      names = "--drop-percent",
      paramLabel = "P",
      defaultValue = "0",
      description = "Lose this share of the packets.")
  private int dropPercent;

  @Option(
      names = "--print",
      paramLabel = "text|line|nothing",
      defaultValue = "line",
      description = "How packets are printed; default ${DEFAULT-VALUE}.")
  private SimulatorPrinter.Style print;

  @Override
  public Integer call() throws InterruptedException {
    SimulatorParameters parameters = parameters();
    LeaseTable table = leaseTable();
    PrintWriter out = spec.commandLine().getOut();
    IoHandlerFactory io =
        Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, io);
    CountDownLatch never = new CountDownLatch(1);
    Thread onExit = new Thread(() -> group.shutdownGracefully().syncUninterruptibly());
    try {
      SimulatedServerChannel channel =
          SimulatedServerChannel.open(
                  new SimulatedServer(
                      parameters, table, InstantSource.system(), new SecureRandom()),
                  listen,
                  Duration.ofMillis(delayMillis),
                  new SimulatorPrinter(out, parameters.names(), print),
                  group.next())
              .toCompletableFuture()
              .get();
      if (bulkLeasequery) {
        out.println(
            "BULK LEASEQUERY on TCP "
                + BulkLeasequeryServer.open(
                        channel.localAddress(), parameters.serverDuid(), table, channel)
                    .localAddress());
      }
      Runtime.getRuntime().addShutdownHook(onExit);
      out.println(greeting(parameters.names(), channel.localAddress(), table));
      out.flush();
      while (true) {
        never.await(); // a signal ends the process, and with it the exit code is the JVM's
      }
    } catch (ExecutionException e) {
      return cannotListen(e.getCause());
    } catch (IOException e) {
      return cannotListen(e);
    } finally {
      group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }
  }

  private int cannotListen(Throwable why) {
    spec.commandLine()
        .getErr()
        .println(
            "Cannot listen on "
                + AddressText.of(listen)
                + ": "
                + why.getMessage()
                + ". Give another --listen HOST:PORT.");
    return 1;
  }

  private String greeting(MessageNames names, InetSocketAddress at, LeaseTable table) {
    return "Simulated DHCPv6 server "
        + serverDuid
        + " on "
        + AddressText.of(at)
        + ": "
        + table.clientCount()
        + " clients, "
        + table.leaseCount()
        + " leases; release types "
        + (names == MessageNames.STANDARD
            ? "none (--release-types)"
            : releaseTypes[0] + "," + releaseTypes[1]);
  }

  private SimulatorParameters parameters() {
    Set<OptionCode> supplied = new LinkedHashSet<>(relaySupplied);
    supplied.add(OptionCode.ERP_LOCAL_DOMAIN_NAME);
    if (delayMillis < 0) {
      throw bad(
          new IllegalArgumentException("--delay: " + delayMillis + " is under 0 milliseconds"));
    }
    try {
      SimulatorParameters.Builder builder =
          SimulatorParameters.builder(serverDuid)
              .reconfigureRequests(reconfigureRequests.policy)
              .releaseRequests(releaseRequests.policy)
              .relayedRequests(relayedRequests.policy)
              .releases(releases.policy)
              .unknownClients(acceptUnknownClients ? UnknownClients.BELIEVE : UnknownClients.REFUSE)
              .reconfigureClients(
                  noReconfigure ? ReconfigureClients.NEVER : ReconfigureClients.THROUGH_RELAY)
              .listedClients(listedClients)
              .refusedClients(refusedClients)
              .poisonousClients(poisonousClients)
              .dislikedOptions(dislikedOptions)
              .relaySuppliedOptions(supplied)
              .leasequery(leasequery)
              .links(links)
              .relays(relays)
              .relayIds(relayIds);
      refuse.ifPresent(builder::refusal);
      checked("--reconfigure-rate", () -> builder.reconfiguresPerSecond(reconfigureRate));
      checked("--drop-first", () -> builder.dropFirst(dropFirst));
      checked("--drop-percent", () -> builder.dropPercent(dropPercent));
      if (!answerTo.equals("source")) {
        int port = port(answerTo);
        checked("--answer-to", () -> builder.answerPort(port));
      }
      if (releaseTypes.length == 2) {
        builder.releaseTypes(MessageType.of(releaseTypes[0]), MessageType.of(releaseTypes[1]));
      } else if (releaseTypes.length != 0) {
        throw new IllegalArgumentException("--release-types takes two numbers, like 250,251");
      }
      return builder.build();
    } catch (IllegalArgumentException e) {
      throw bad(e);
    }
  }

  /** The settings name no options: this one is at fault. */
  private static void checked(String option, Runnable setting) {
    try {
      setting.run();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(option + ": " + e.getMessage(), e);
    }
  }

  private static int port(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "--answer-to: \"" + text + "\" is neither source nor a port", e);
    }
  }

  private void sayWhatIsLeftOut(LeaseFile.Loaded loaded) {
    if (loaded.others() > 0) {
      PrintWriter err = spec.commandLine().getErr();
      err.println(
          "simulate-server: left out "
              + loaded.others()
              + " clients of "
              + leasesFile.orElseThrow()
              + ": their serverDuid is another server's. Give theirs with --server-duid to play it.");
      err.flush();
    }
  }

  private LeaseTable leaseTable() {
    LeaseTable table = new LeaseTable();
    try {
      if (leasesFile.isPresent()) {
        try (Reader reader = open(leasesFile.get())) {
          sayWhatIsLeftOut(LeaseFile.load(reader, leasesFile.get(), serverDuid, table));
        }
      }
      for (String lease : leases) {
        add(lease, table);
      }
      return table;
    } catch (NoSuchFileException e) {
      throw bad(
          new IllegalArgumentException(
              "--leases: "
                  + Path.of(leasesFile.orElseThrow()).toAbsolutePath()
                  + " does not exist"));
    } catch (IOException e) {
      throw bad(
          new IllegalArgumentException(
              "--leases: "
                  + leasesFile.orElseThrow()
                  + ' '
                  + why(e)
                  + ". Give a file that table export has written"));
    } catch (IllegalArgumentException e) {
      throw bad(e);
    }
  }

  private static String why(IOException e) {
    if (e instanceof CharacterCodingException) {
      return "is not UTF-8 text";
    }
    return e instanceof AccessDeniedException
        ? "may not be read by " + System.getProperty("user.name")
        : "cannot be read (" + e.getMessage() + ")";
  }

  private static Reader open(String file) throws IOException {
    return file.equals("-")
        ? new InputStreamReader(System.in, StandardCharsets.UTF_8)
        : Files.newBufferedReader(Path.of(file));
  }

  private static void add(String text, LeaseTable table) {
    int equals = text.indexOf('=');
    if (equals < 0) {
      throw new IllegalArgumentException(
          "--lease: \""
              + text
              + "\" is not DUID=LEASE. Give one like 0003000102005e005301=2001:db8::100");
    }
    List<Lease> held = new ArrayList<>();
    for (String lease : text.substring(equals + 1).split("\\+", -1)) {
      boolean isPrefix = lease.indexOf('/') >= 0;
      held.add(
          new Lease(
              isPrefix ? IaType.IA_PD : IaType.IA_NA,
              OptionalLong.empty(),
              Ipv6Prefix.parse(isPrefix ? lease : lease + "/128")));
    }
    table.put(
        Duid.ofHex(text.substring(0, equals)),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Reconfigure.ACCEPTED,
        held);
  }

  private ParameterException bad(IllegalArgumentException e) {
    return new ParameterException(spec.commandLine(), e.getMessage(), e);
  }
}
