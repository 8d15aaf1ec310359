package io.coagateway.cli;

import io.coagateway.app.GatewayProcess;
import io.coagateway.app.Observers;
import io.coagateway.app.StartException;
import io.coagateway.app.Transport;
import io.coagateway.config.GatewayConfig;
import io.coagateway.dac.DynamicAuthorizationClient;
import io.coagateway.dac.Outcome;
import io.coagateway.dac.RequestContent;
import io.coagateway.dac.Retransmission;
import io.coagateway.dhcpv6.Duid;
import io.coagateway.dhcpv6.Message;
import io.coagateway.dhcpv6.MessageNames;
import io.coagateway.dhcpv6.MessageType;
import io.coagateway.radius.Attribute;
import io.coagateway.radius.AttributeDictionary;
import io.coagateway.radius.AttributeList;
import io.coagateway.radius.DynamicAuthorizationRequest.Kind;
import io.coagateway.radius.PacketCode;
import io.coagateway.radius.Secret;
import io.coagateway.simulator.LeaseFile;
import io.coagateway.simulator.LeaseTable;
import io.coagateway.simulator.Reply;
import io.coagateway.simulator.SimulatedServer;
import io.coagateway.simulator.SimulatedServerChannel;
import io.coagateway.simulator.SimulatorObserver;
import io.coagateway.simulator.SimulatorParameters;
import io.coagateway.subscriber.RecordFormat;
import io.coagateway.subscriber.SubscriberRecord;
import io.coagateway.wire.AddressText;
import io.coagateway.wire.Ipv6Address;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The real gateway on free loopback ports, talked to from both sides. */
@Command(
    name = "demo",
    description =
        "Runs the gateway on free loopback ports with an embedded table and the simulated DHCPv6"
            + " server, sends one CoA-Request and one Disconnect-Request through it, and prints"
            + " every packet of both protocols decoded, in order.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:both were acknowledged",
      "1:otherwise",
      "130, 143:SIGINT (Ctrl-C), SIGTERM; with --stay nothing else ends it"
    })
final class DemoCommand implements Callable<Integer> {
  private static final String SECRET = "for-this-demonstration-and-no-more";
  private static final Duid SERVER = Duid.ofHex("0003000102005e0000aa");
  private static final MessageType RELEASE_REQUEST = new MessageType(250);
  private static final MessageType RELEASE_REQUEST_REPLY = new MessageType(251);
  private static final long PATIENCE_SECONDS = 40;
  private static final long PATIENCE_AT_END_SECONDS = 5;
  private static final Ipv6Address LOOPBACK = Ipv6Address.parse("::1");

  /** Alice, as a relay would have written her: an address, a prefix, an AFTR name. */
  private static final String ALICE =
      """
      {"id":"port-1/1/7","nas":"demo","duid":"0003000102005e100007",\
      "linkAddress":"2001:db8:0:7::1","peerAddress":"fe80::5eff:fe10:7",\
      "interfaceId":{"text":"1/1/7"},"serverDuid":"0003000102005e0000aa",\
      "reconfigureAccept":true,\
      "session":{"User-Name":["alice@example.net"],"Acct-Session-Id":["8A3F00C1"]},\
      "ias":[{"type":"IA_NA","iaid":1,"leases":["2001:db8:0:7::1000"]},\
      {"type":"IA_PD","iaid":1,"leases":["2001:db8:4200::/56"]}],\
      "options":{"64":"0461667472076578616d706c65036e657400"}}
      """;

  private final CountDownLatch told = new CountDownLatch(1); // by a signal, to end
  private final CountDownLatch ended = new CountDownLatch(1);

  @Spec private CommandSpec spec;

  @Option(
      names = "--stay",
      description = "Keep it up afterwards, and print a radclient line to try.")
  private boolean stay;

  @Override
  public Integer call() throws Exception {
    Path directory = Files.createTempDirectory("coa-gateway-demo");
    Runtime.getRuntime().addShutdownHook(new Thread(() -> end(directory), "demo-end"));
    MultiThreadIoEventLoopGroup loops = Transport.inUse().loops(1, "simulator");
    try {
      return run(directory, loops);
    } catch (StartException e) {
      spec.commandLine().getErr().println("coa-gateway: " + e.getMessage());
      return 1;
    } finally {
      loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
      delete(directory);
      ended.countDown();
    }
  }

  /** A signal came: nothing may be left in the directory for temporary files. */
  private void end(Path directory) {
    told.countDown();
    try {
      if (!ended.await(PATIENCE_AT_END_SECONDS, TimeUnit.SECONDS)) {
        delete(directory);
      }
    } catch (IOException | UncheckedIOException e) {
      spec.commandLine().getErr().println(directory + " is left: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private int run(Path directory, MultiThreadIoEventLoopGroup loops) throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    AttributeDictionary dictionary = io.coagateway.config.DictionaryFiles.builtIn();
    MessageNames names = MessageNames.STANDARD.withRelease(RELEASE_REQUEST, RELEASE_REQUEST_REPLY);
    Conversation conversation = new Conversation(out, dictionary, names);
    LeaseTable leases = new LeaseTable();
    LeaseFile.load(new StringReader(ALICE), "demo", SERVER, leases);
    SimulatedServerChannel server = server(leases, conversation, loops);
    GatewayConfig config = GatewayConfig.load(configuration(directory, server.localAddress()));
    try (GatewayProcess gateway = GatewayProcess.start(config, Main.version(), Observers.NONE)) {
      SubscriberRecord alice = new RecordFormat(dictionary).parse(ALICE, "demo");
      gateway.table().put(alice).toCompletableFuture().join();
      InetSocketAddress radius = gateway.radiusAddresses().get(0);
      conversation.remark(
          "coa-gateway listens on "
              + AddressText.of(radius)
              + ", the simulated DHCPv6 server on "
              + AddressText.of(server.localAddress())
              + ".\nThe table holds one subscriber, alice@example.net; the server has leased her an"
              + " address and a prefix.");
      boolean done = coa(conversation, dictionary, radius);
      done &= disconnect(conversation, dictionary, radius);
      conversation.remark(
          "\nThe server now holds "
              + leases.leases(alice.duid()).size()
              + " leases for alice. "
              + (done ? "Both requests were acknowledged." : "Something was refused: see above."));
      if (stay) {
        gateway.table().put(alice).toCompletableFuture().join();
        stay(conversation, radius);
      }
      return done ? 0 : 1;
    }
  }

  private boolean coa(
      Conversation conversation, AttributeDictionary dictionary, InetSocketAddress radius)
      throws IOException, InterruptedException {
    conversation.heading("A change: alice gets another AFTR (DS-Lite tunnel end)");
    return ask(
        conversation,
        dictionary,
        radius,
        Kind.COA,
        List.of(
            dictionary.parse("User-Name = \"alice@example.net\""),
            dictionary.parse("DS-Lite-Tunnel-Name = \"aftr2.example.net\"")));
  }

  private boolean disconnect(
      Conversation conversation, AttributeDictionary dictionary, InetSocketAddress radius)
      throws IOException, InterruptedException {
    conversation.heading("A disconnect: alice is put off, her leases are given back");
    return ask(
        conversation,
        dictionary,
        radius,
        Kind.DISCONNECT,
        List.of(
            dictionary.parse("User-Name = \"alice@example.net\""),
            dictionary.parse("Acct-Session-Id = \"8A3F00C1\"")));
  }

  private static boolean ask(
      Conversation conversation,
      AttributeDictionary dictionary,
      InetSocketAddress radius,
      Kind kind,
      List<Attribute> attributes)
      throws IOException, InterruptedException {
    try (DynamicAuthorizationClient dac =
        DynamicAuthorizationClient.open(
            radius,
            Secret.of(SECRET),
            Retransmission.RFC_5080,
            packet -> conversation.radius("DAC -> gateway " + AddressText.of(radius), packet))) {
      Outcome outcome =
          dac.send(RequestContent.of(kind, AttributeList.of(attributes).encode(dictionary)))
              .toCompletableFuture()
              .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
              .join();
      if (outcome instanceof Outcome.Answered answered) {
        conversation.radius("gateway -> DAC " + AddressText.of(dac.local()), answered.answer());
        return PacketCode.of(answered.answer().code()).orElseThrow().isAck();
      }
      conversation.remark("No answer.");
      return false;
    }
  }

  private static SimulatedServerChannel server(
      LeaseTable leases, Conversation conversation, MultiThreadIoEventLoopGroup loops) {
    SimulatorParameters parameters =
        SimulatorParameters.builder(SERVER)
            .reconfigureRequests(SimulatorParameters.Policy.ACCEPT)
            .releaseRequests(SimulatorParameters.Policy.ACCEPT)
            .releaseTypes(RELEASE_REQUEST, RELEASE_REQUEST_REPLY)
            .reconfigureClients(SimulatorParameters.ReconfigureClients.NEVER)
            .build();
    SimulatorObserver observer =
        new SimulatorObserver() {
          @Override
          public void received(Message message, InetSocketAddress from) {
            conversation.dhcpv6("gateway " + AddressText.of(from) + " -> server", message);
          }

          @Override
          public void sent(Reply reply) {
            conversation.dhcpv6("server -> gateway " + AddressText.of(reply.to()), reply.message());
          }
        };
    return SimulatedServerChannel.open(
            new SimulatedServer(parameters, leases, InstantSource.system(), new SecureRandom()),
            new InetSocketAddress(LOOPBACK.toInetAddress(), 0),
            Duration.ZERO,
            observer,
            loops.next())
        .toCompletableFuture()
        .join();
  }

  private static Path configuration(Path directory, InetSocketAddress server) throws IOException {
    String text =
        """
        nas: {identifier: demo}
        radius:
          listen: ["127.0.0.1:0"]
          clients: [{name: demo-dac, addresses: [127.0.0.1/32], secret: %s}]
        dhcpv6:
          release-request-type: %d
          release-request-reply-type: %d
          servers:
            - name: simulated
              address: "%s"
              reconfigure: rfc6977
              release: release-request
              rsoo-options: [aftr-name, erp-local-domain-name]
        admin: {listen: none}
        """
            .formatted(
                SECRET,
                RELEASE_REQUEST.number(),
                RELEASE_REQUEST_REPLY.number(),
                AddressText.of(server));
    return Files.writeString(directory.resolve("gateway.yaml"), text, StandardCharsets.UTF_8);
  }

  private void stay(Conversation conversation, InetSocketAddress radius)
      throws InterruptedException {
    conversation.remark(
        """

        alice is back in the table. Try, in another shell:

          echo 'User-Name = "alice@example.net", DS-Lite-Tunnel-Name = "aftr3.example.net"' \\
            | radclient -x %s coa %s

        Ctrl-C ends it."""
            .formatted(AddressText.of(radius), SECRET));
    told.await();
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
