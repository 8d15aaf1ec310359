package io.coagateway.simulator;

import io.coagateway.dhcpv6.Duid;
import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.Octets;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The clients that the server knows, and what each holds. A release takes leases out; a client
 * without leases is still known, as one is that only asks for configuration. Owned by the thread
 * that runs the server.
 */
public final class LeaseTable {
  /** Whether a client takes RECONFIGURE (RFC 8415 section 21.20). */
  public enum Reconfigure {
    /** It sent Reconfigure Accept. */
    ACCEPTED,
    /** It did not. */
    REFUSED
  }

  /** What the server remembers of one client. */
  static final class Client {
    private final Duid duid;
    private final Set<Lease> leases = new LinkedHashSet<>();
    private Reconfigure reconfigure = Reconfigure.ACCEPTED;
    private Optional<Ipv6Address> link = Optional.empty();
    private Optional<Ipv6Address> peer = Optional.empty();
    private Optional<Octets> interfaceId = Optional.empty();
    private Optional<RelayPath> path = Optional.empty();
    private Optional<Octets> key = Optional.empty();
    private Optional<InetSocketAddress> relay = Optional.empty();

    Client(Duid duid) {
      this.duid = duid;
    }

    Duid duid() {
      return duid;
    }

    Set<Lease> leases() {
      return leases;
    }

    Reconfigure reconfigure() {
      return reconfigure;
    }

    Optional<Ipv6Address> link() {
      return link;
    }

    Optional<Ipv6Address> peer() {
      return peer;
    }

    Optional<Octets> interfaceId() {
      return interfaceId;
    }

    /** The relays through which it was heard last, and where from. */
    Optional<RelayPath> path() {
      return path;
    }

    Optional<InetSocketAddress> relay() {
      return relay;
    }

    Optional<Octets> key() {
      return key;
    }

    void giveKey(Octets fresh) {
      key = Optional.of(fresh);
    }

    void setReconfigure(Reconfigure value) {
      reconfigure = value;
    }

    void setLocation(Ipv6Address onLink, Optional<Ipv6Address> at, Optional<Octets> line) {
      link = onLink.isUnspecified() ? Optional.empty() : Optional.of(onLink);
      peer = at;
      interfaceId = line;
    }

    void heardThrough(RelayPath newPath, InetSocketAddress source) {
      path = Optional.of(newPath);
      relay = Optional.of(source);
    }

    /** Takes out the leases that match and says which. */
    List<Lease> free(Predicate<Lease> which) {
      List<Lease> freed = new ArrayList<>();
      leases.removeIf(lease -> which.test(lease) && freed.add(lease));
      return freed;
    }
  }

  private final Map<Duid, Client> clients = new LinkedHashMap<>();

  /**
   * Adds a client, or replaces what was known of it.
   *
   * @param duid the client's
   * @param link an address of its link; empty: any link fits
   * @param peer its link-local address; empty: a RECONFIGURE cannot be addressed until it is heard
   * @param interfaceId the relay's name for its line
   * @param reconfigure whether it takes RECONFIGURE
   * @param leases what it holds
   */
  public void put(
      Duid duid,
      Optional<Ipv6Address> link,
      Optional<Ipv6Address> peer,
      Optional<Octets> interfaceId,
      Reconfigure reconfigure,
      List<Lease> leases) {
    Client client = new Client(duid);
    client.setLocation(link.orElse(Ipv6Address.UNSPECIFIED), peer, interfaceId);
    client.setReconfigure(reconfigure);
    client.leases().addAll(leases);
    clients.put(duid, client);
  }

  /** What a client holds now; empty for an unknown one too. */
  public List<Lease> leases(Duid duid) {
    Client client = clients.get(duid);
    return client == null ? List.of() : List.copyOf(client.leases());
  }

  /** Whether anything is known of the client. */
  public boolean knows(Duid duid) {
    return clients.containsKey(duid);
  }

  /** How many clients are known. */
  public int clientCount() {
    return clients.size();
  }

  /** How many leases are held in all. */
  public int leaseCount() {
    return clients.values().stream().mapToInt(client -> client.leases().size()).sum();
  }

  Optional<Client> find(Duid duid) {
    return Optional.ofNullable(clients.get(duid));
  }

  Client findOrAdd(Duid duid) {
    return clients.computeIfAbsent(duid.compact(), Client::new);
  }

  Collection<Client> clients() {
    return clients.values();
  }
}
