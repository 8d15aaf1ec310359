package io.coagateway.it;

import io.coagateway.dhcpv6.ClientIdOption;
import io.coagateway.dhcpv6.ClientServerMessage;
import io.coagateway.dhcpv6.Duid;
import io.coagateway.dhcpv6.Message;
import io.coagateway.dhcpv6.MessageType;
import io.coagateway.dhcpv6.Option;
import io.coagateway.dhcpv6.OptionCode;
import io.coagateway.dhcpv6.RsooOption;
import io.coagateway.dhcpv6.StatusCode;
import io.coagateway.dhcpv6.StatusCodeOption;
import io.coagateway.lab.Lab;
import io.coagateway.lab.Subscriber;
import io.coagateway.simulator.LeaseFile;
import io.coagateway.simulator.LeaseTable;
import io.coagateway.simulator.Reply;
import io.coagateway.simulator.SimulatedServer;
import io.coagateway.simulator.SimulatedServerChannel;
import io.coagateway.simulator.SimulatorObserver;
import io.coagateway.simulator.SimulatorParameters;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.io.StringReader;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The simulated server within the test, so that the test knows what it has promised and what leases
 * it holds.
 */
final class WatchedServer implements AutoCloseable {
  private final MultiThreadIoEventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final LeaseTable leases = new LeaseTable();
  private final SimulatedServerChannel channel;
  private final Map<Integer, ClientServerMessage> asked = new HashMap<>(); // on the server's loop
  private final Set<String> accepted = new HashSet<>(); // on the server's loop
  private final Map<Duid, Integer> underWay = new HashMap<>(); // client to transaction, on the loop
  private int requests;
  private int overlaps;

  private WatchedServer(String records, Set<Duid> listed, Set<Duid> refused, Duration delay)
      throws Exception {
    Duid duid = Duid.ofHex(Subscriber.SERVER_DUID);
    LeaseFile.load(new StringReader(records), "records", duid, leases);
    SimulatorParameters parameters =
        SimulatorParameters.builder(duid)
            .reconfigureRequests(SimulatorParameters.Policy.ACCEPT)
            .reconfigureClients(SimulatorParameters.ReconfigureClients.NEVER)
            .releaseTypes(MessageType.of(250), MessageType.of(251))
            .listedClients(listed)
            .refusedClients(refused)
            .build();
    channel =
        SimulatedServerChannel.open(
                new SimulatedServer(parameters, leases, InstantSource.system(), new SecureRandom()),
                Loopback.port(0),
                delay,
                new Watch(),
                group.next())
            .toCompletableFuture()
            .get(10, TimeUnit.SECONDS);
  }

  /**
   * Starts it with the leases of {@code records}.
   *
   * @param listed whom it does not reconfigure
   * @param refused whose leases it does not free
   */
  static WatchedServer start(Lab lab, String records, Set<Duid> listed, Set<Duid> refused)
      throws Exception {
    return start(lab, records, listed, refused, Duration.ZERO);
  }

  /**
   * The same, with time between a message and its answer.
   *
   * @param delay that time
   */
  static WatchedServer start(
      Lab lab, String records, Set<Duid> listed, Set<Duid> refused, Duration delay)
      throws Exception {
    return lab.add(new WatchedServer(records, listed, refused, delay));
  }

  int port() {
    return channel.localAddress().getPort();
  }

  /** Whether it has accepted to reconfigure a client for an option 64 with this body, in hex. */
  boolean hasAccepted(String duid, String aftr) throws Exception {
    boolean[] answer = new boolean[1];
    onLoop(() -> answer[0] = accepted.contains(duid + " " + aftr));
    return answer[0];
  }

  /** Whether a client holds any lease. */
  boolean hasLeases(String duid) throws Exception {
    boolean[] answer = new boolean[1];
    onLoop(() -> answer[0] = !leases.leases(Duid.ofHex(duid)).isEmpty());
    return answer[0];
  }

  /** How many messages came. */
  int requests() throws Exception {
    int[] answer = new int[1];
    onLoop(() -> answer[0] = requests);
    return answer[0];
  }

  /** How many messages named a client while another exchange of the same client was under way. */
  int overlaps() throws Exception {
    int[] answer = new int[1];
    onLoop(() -> answer[0] = overlaps);
    return answer[0];
  }

  private void onLoop(Runnable look) throws Exception {
    channel.run(look).toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  @Override
  public void close() throws IOException {
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  private final class Watch implements SimulatorObserver {
    @Override
    public void received(Message message, InetSocketAddress from) {
      requests++;
      if (message instanceof ClientServerMessage request) {
        asked.put(request.transactionId(), request);
        for (ClientIdOption client : request.options().all(ClientIdOption.class)) {
          Integer other = underWay.put(client.duid(), request.transactionId());
          overlaps += other == null || other == request.transactionId() ? 0 : 1;
        }
      }
    }

    @Override
    public void sent(Reply reply) {
      if (reply.message() instanceof ClientServerMessage answered) {
        underWay.values().removeIf(id -> id == answered.transactionId());
      }
      if (!(reply.message() instanceof ClientServerMessage answer)
          || !answer.type().equals(MessageType.RECONFIGURE_REPLY)
          || !isSuccess(answer)) {
        return;
      }
      ClientServerMessage request = asked.get(answer.transactionId());
      String aftr = aftrIn(request);
      List<ClientIdOption> listed = answer.options().all(ClientIdOption.class);
      for (ClientIdOption client : request.options().all(ClientIdOption.class)) {
        if (!listed.contains(client)) {
          accepted.add(client.duid() + " " + aftr);
        }
      }
    }

    private boolean isSuccess(ClientServerMessage answer) {
      return answer
          .options()
          .first(StatusCodeOption.class)
          .filter(status -> status.status().equals(StatusCode.SUCCESS))
          .isPresent();
    }

    private String aftrIn(ClientServerMessage request) {
      for (RsooOption supplied : request.options().all(RsooOption.class)) {
        for (Option option : supplied.options()) {
          if (option.code().equals(OptionCode.AFTR_NAME)) {
            return io.coagateway.dhcpv6.OptionList.of(option).encode().from(4).toHex();
          }
        }
      }
      return "";
    }
  }
}
