package io.coagateway.leasequery;

import io.coagateway.dhcpv6.Duid;
import io.coagateway.radius.AttributeId;
import io.coagateway.relay.DhcpServer;
import io.coagateway.wire.Ipv6Address;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/**
 * What is done about a session that the table does not know.
 *
 * @param requests whether the servers are asked when a CoA or Disconnect finds no session
 * @param accounting whether they are asked when accounting tells of a session without a client
 * @param bind where queries leave from and answers arrive; some servers answer to port 546 whatever
 *     port asked
 * @param servers who is asked, all at once
 * @param requestor our DUID
 * @param nas of the records
 * @param links where a server says nothing of a relay: the link of a client is the one whose /64
 *     holds its address, or the only one
 * @param duidAttributes attributes of vendors that hold a client's DUID
 * @param unverified what of a request that neither record nor server can confirm
 * @param memory how long an answer that helped nobody stands for the next question of the same kind
 * @param outstanding how many questions may be open at once, at least 1
 */
public record MissParameters(
    boolean requests,
    boolean accounting,
    InetSocketAddress bind,
    List<DhcpServer> servers,
    Duid requestor,
    String nas,
    List<Ipv6Address> links,
    List<AttributeId> duidAttributes,
    Unverified unverified,
    Duration memory,
    int outstanding) {
  /** What becomes of a request with attributes that nobody can confirm, like User-Name. */
  public enum Unverified {
    /** It finds no session: RFC 5176 section 3 wants all identification attributes to match. */
    REJECT,
    /** It is believed; what the record's session or binding contradicts never is. */
    BELIEVE
  }

  /** Copies the lists. */
  public MissParameters {
    servers = List.copyOf(servers);
    links = List.copyOf(links);
    duidAttributes = List.copyOf(duidAttributes);
  }

  /** The same for the records of {@code name}, asked by {@code duid}. */
  public MissParameters forNas(String name, Duid duid) {
    return new MissParameters(
        requests,
        accounting,
        bind,
        servers,
        duid,
        name,
        links,
        duidAttributes,
        unverified,
        memory,
        outstanding);
  }

  /** Whether anything is asked at all. */
  public boolean isOn() {
    return requests || accounting;
  }
}
