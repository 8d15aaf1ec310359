package io.coagateway.simulator;

import io.coagateway.dhcpv6.ClientDataOption;
import io.coagateway.dhcpv6.ClientIdOption;
import io.coagateway.dhcpv6.ClientServerMessage;
import io.coagateway.dhcpv6.CltTimeOption;
import io.coagateway.dhcpv6.Duid;
import io.coagateway.dhcpv6.IaAddressOption;
import io.coagateway.dhcpv6.IaPrefixOption;
import io.coagateway.dhcpv6.InterfaceIdOption;
import io.coagateway.dhcpv6.LeasequeryOption;
import io.coagateway.dhcpv6.LqRelayDataOption;
import io.coagateway.dhcpv6.Message;
import io.coagateway.dhcpv6.MessageType;
import io.coagateway.dhcpv6.Option;
import io.coagateway.dhcpv6.OptionCode;
import io.coagateway.dhcpv6.OptionList;
import io.coagateway.dhcpv6.OroOption;
import io.coagateway.dhcpv6.RelayMessage;
import io.coagateway.dhcpv6.ServerIdOption;
import io.coagateway.dhcpv6.StatusCode;
import io.coagateway.dhcpv6.StatusCodeOption;
import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.MalformedException;
import io.coagateway.wire.Octets;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The server of BULK LEASEQUERY (RFC 5460) over the simulated server's leases: by relay-id, where
 * every lease is taken to have come through that relay, and by link-address. One CLIENT_DATA for
 * each lease, as Kea sends them. Ten connections at a time (section 7.2), a thread each.
 */
public final class BulkLeasequeryServer implements AutoCloseable {
  private static final int CONNECTIONS = 10;
  private static final int READ_MILLIS = 300_000; // BULK_LQ_DATA_TIMEOUT
  private static final long LIFETIME = 3000;

  /**
   * A client as it is told of.
   *
   * @param link empty: any link fits
   */
  record Leases(
      Duid duid,
      Optional<Ipv6Address> link,
      Optional<Ipv6Address> peer,
      Optional<Octets> interfaceId,
      List<Lease> leases) {
    static Leases of(LeaseTable.Client client) {
      return new Leases(
          client.duid(),
          client.link(),
          client.peer(),
          client.interfaceId(),
          List.copyOf(client.leases()));
    }
  }

  private final ServerSocket listening;
  private final Duid server;
  private final Supplier<List<Leases>> clients;
  private final ExecutorService connections =
      new ThreadPoolExecutor(
          0,
          CONNECTIONS,
          1,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          task -> {
            Thread thread = new Thread(task, "bulk-leasequery");
            thread.setDaemon(true);
            return thread;
          });

  private BulkLeasequeryServer(
      ServerSocket listening, Duid server, Supplier<List<Leases>> clients) {
    this.listening = listening;
    this.server = server;
    this.clients = clients;
  }

  /**
   * Starts to listen.
   *
   * @param table read on the channel's event loop alone
   * @param channel the simulated server whose leases they are
   * @throws IOException when the port is taken
   */
  public static BulkLeasequeryServer open(
      InetSocketAddress listen, Duid server, LeaseTable table, SimulatedServerChannel channel)
      throws IOException {
    return open(listen, server, () -> snapshot(table, channel));
  }

  static BulkLeasequeryServer open(
      InetSocketAddress listen, Duid server, Supplier<List<Leases>> clients) throws IOException {
    ServerSocket listening = new ServerSocket();
    listening.setReuseAddress(true);
    listening.bind(listen);
    BulkLeasequeryServer opened = new BulkLeasequeryServer(listening, server, clients);
    Thread accepting = new Thread(opened::accept, "bulk-leasequery-accept");
    accepting.setDaemon(true);
    accepting.start();
    return opened;
  }

  private static List<Leases> snapshot(LeaseTable table, SimulatedServerChannel channel) {
    List<Leases> all = new ArrayList<>();
    channel
        .run(
            () -> {
              for (LeaseTable.Client one : table.clients()) {
                all.add(Leases.of(one));
              }
            })
        .toCompletableFuture()
        .join();
    return all;
  }

  /** Where it listens. */
  public InetSocketAddress localAddress() {
    return (InetSocketAddress) listening.getLocalSocketAddress();
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket socket = listening.accept();
        try {
          connections.execute(() -> serve(socket));
        } catch (RejectedExecutionException e) {
          socket.close(); // too many
        }
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      socket.setSoTimeout(READ_MILLIS);
      DataInputStream in = new DataInputStream(socket.getInputStream());
      DataOutputStream out =
          new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
      while (true) {
        byte[] message = new byte[in.readUnsignedShort()];
        in.readFully(message);
        for (ClientServerMessage answer : answers(Octets.wrap(message))) {
          out.writeShort(answer.encodedLength());
          out.write(answer.encode().toArray());
        }
        out.flush();
      }
    } catch (IOException | MalformedException e) {
      // the requestor has gone, or speaks something else: the connection ends
    }
  }

  private List<ClientServerMessage> answers(Octets octets) throws MalformedException {
    if (!(Message.parse(octets) instanceof ClientServerMessage query)
        || !query.type().equals(MessageType.LEASEQUERY)) {
      throw new MalformedException("not a LEASEQUERY", 0);
    }
    Optional<LeasequeryOption> asked = query.options().first(LeasequeryOption.class);
    if (asked.isEmpty() || !query.options().has(OptionCode.CLIENTID)) {
      return List.of(refusal(query, StatusCode.MALFORMED_QUERY));
    }
    int type = asked.get().queryType();
    Ipv6Address link = asked.get().linkAddress();
    boolean byRelay =
        type == LeasequeryOption.BY_RELAY_ID && asked.get().options().has(OptionCode.RELAY_ID);
    boolean byLink = type == LeasequeryOption.BY_LINK_ADDRESS && !link.isUnspecified();
    if (!byRelay && !byLink) {
      boolean known =
          type == LeasequeryOption.BY_RELAY_ID || type == LeasequeryOption.BY_LINK_ADDRESS;
      return List.of(
          refusal(query, known ? StatusCode.MALFORMED_QUERY : StatusCode.UNKNOWN_QUERY_TYPE));
    }
    boolean withRelay = asksForRelay(asked.get());
    List<Option> data = new ArrayList<>();
    for (Leases client : clients.get()) {
      if (link.isUnspecified() || client.link().equals(Optional.of(link))) {
        client.leases().forEach(lease -> data.add(data(client, List.of(lease), withRelay)));
      }
    }
    return messages(query, data);
  }

  private ClientServerMessage refusal(ClientServerMessage query, StatusCode status) {
    return reply(query, List.of(new StatusCodeOption(status, "")));
  }

  private ClientServerMessage reply(ClientServerMessage query, List<Option> more) {
    List<Option> options = new ArrayList<>();
    options.add(new ServerIdOption(server));
    query.options().first(ClientIdOption.class).ifPresent(options::add);
    options.addAll(more);
    return new ClientServerMessage(
        MessageType.LEASEQUERY_REPLY, query.transactionId(), OptionList.of(options));
  }

  private List<ClientServerMessage> messages(ClientServerMessage query, List<Option> data) {
    List<ClientServerMessage> messages = new ArrayList<>(data.size() + 1);
    messages.add(reply(query, data.isEmpty() ? List.of() : data.subList(0, 1)));
    for (int i = 1; i < data.size(); i++) {
      messages.add(
          new ClientServerMessage(
              MessageType.LEASEQUERY_DATA, query.transactionId(), OptionList.of(data.get(i))));
    }
    if (!data.isEmpty()) {
      messages.add(
          new ClientServerMessage(
              MessageType.LEASEQUERY_DONE, query.transactionId(), OptionList.EMPTY));
    }
    return messages;
  }

  /** Whether the requestor wants to know where the relay saw the client (RFC 5007 4.1.2.4). */
  static boolean asksForRelay(LeasequeryOption query) {
    return query
        .options()
        .first(OroOption.class)
        .map(oro -> oro.codes().contains(OptionCode.LQ_RELAY_DATA))
        .orElse(false);
  }

  /**
   * What is told of a client (RFC 5007 section 4.1.2.2).
   *
   * @param leases those of the client's that are told of
   */
  static ClientDataOption data(Leases client, List<Lease> leases, boolean withRelay) {
    List<Option> options = new ArrayList<>();
    options.add(new ClientIdOption(client.duid()));
    for (Lease lease : leases) {
      options.add(
          lease.type() == IaType.IA_PD
              ? new IaPrefixOption(LIFETIME, LIFETIME, lease.prefix(), OptionList.EMPTY)
              : new IaAddressOption(
                  lease.prefix().address(), LIFETIME, LIFETIME, OptionList.EMPTY));
    }
    options.add(new CltTimeOption(0));
    if (withRelay && client.link().isPresent()) {
      Ipv6Address peer = client.peer().orElse(Ipv6Address.UNSPECIFIED);
      OptionList relays =
          client
              .interfaceId()
              .map(id -> OptionList.of(new InterfaceIdOption(id)))
              .orElse(OptionList.EMPTY);
      options.add(
          new LqRelayDataOption(
              peer,
              new RelayMessage(MessageType.RELAY_FORW, 0, client.link().get(), peer, relays)));
    }
    return new ClientDataOption(OptionList.of(options));
  }

  @Override
  public void close() {
    connections.shutdownNow();
    try {
      listening.close();
    } catch (IOException e) {
      // it is closed as far as it can be
    }
  }
}
