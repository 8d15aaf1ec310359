package io.coagateway.relay;

import io.coagateway.dhcpv6.Duid;
import io.coagateway.dhcpv6.OptionCode;
import io.coagateway.ratelimit.RateLimit;
import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * One DHCPv6 server and how to speak with it. What it learns by itself ({@code known-attributes})
 * is a list of RADIUS attributes and belongs to the caller.
 *
 * @param name as configured, unique
 * @param address where messages go, usually port 547; a link-local or multicast address carries its
 *     scope. Answers must come from exactly here, unless it is multicast.
 * @param bind the address and port to send from; empty: that of {@link RelayParameters#bind}
 * @param honoursRelayPort whether it answers to the source port when option 135 (RFC 8357) is there
 * @param duid its DUID: answers from another are dropped; empty: any, learned from its answers
 * @param reconfigure how its clients are reconfigured
 * @param release how its bindings are released
 * @param carryOptions what carries the supplied options in a RECONFIGURE-REQUEST
 * @param rsooOptions which options it lets a relay supply; IANA's list has 65 alone (RFC 6422
 *     section 8)
 * @param include which further options its messages hold
 * @param relayed whether messages to it are wrapped in RELAY-FORW with option 135
 * @param rateLimit the most messages in any second, retransmissions included (RQ-22)
 * @param queueLimit the most messages that may wait for the limiter (RQ-23)
 * @param withoutIaid what a release request says for leases without IAID
 */
public record DhcpServer(
    String name,
    InetSocketAddress address,
    Optional<InetSocketAddress> bind,
    boolean honoursRelayPort,
    Optional<Duid> duid,
    ReconfigureMode reconfigure,
    ReleaseMode release,
    OptionCarrier carryOptions,
    Set<OptionCode> rsooOptions,
    Set<Include> include,
    boolean relayed,
    RateLimit rateLimit,
    int queueLimit,
    WithoutIaid withoutIaid) {
  /** The default of {@link #rateLimit}. */
  public static final RateLimit DEFAULT_RATE_LIMIT = RateLimit.perSecond(100);

  /** The default of {@link #queueLimit}. */
  public static final int DEFAULT_QUEUE_LIMIT = 4096;

  /** Copies the sets. */
  public DhcpServer {
    Objects.requireNonNull(name);
    Objects.requireNonNull(address);
    rsooOptions = Set.copyOf(rsooOptions);
    include = Set.copyOf(include);
    if (queueLimit < 1) {
      throw new IllegalArgumentException("queue limit " + queueLimit + " is not 1 or more");
    }
  }

  /** A builder with the defaults of the configuration file. */
  public static Builder builder(String name, InetSocketAddress address) {
    return new Builder(name, address);
  }

  /** A builder that starts with these values. */
  public Builder toBuilder() {
    Builder builder = new Builder(name, address);
    builder.bind = bind;
    builder.honoursRelayPort = honoursRelayPort;
    builder.duid = duid;
    builder.reconfigure = reconfigure;
    builder.release = release;
    builder.carryOptions = carryOptions;
    builder.rsooOptions = rsooOptions;
    builder.include = include;
    builder.relayed = relayed;
    builder.rateLimit = rateLimit;
    builder.queueLimit = queueLimit;
    builder.withoutIaid = withoutIaid;
    return builder;
  }

  /** Whether messages go to a multicast group, so that several servers may answer one message. */
  public boolean isMulticast() {
    return address.getAddress().isMulticastAddress();
  }

  boolean includes(Include option) {
    return include.contains(option);
  }

  /** Settings of one server, each with its default. */
  public static final class Builder {
    private final String name;
    private final InetSocketAddress address;
    private Optional<InetSocketAddress> bind = Optional.empty();
    private boolean honoursRelayPort;
    private Optional<Duid> duid = Optional.empty();
    private ReconfigureMode reconfigure = ReconfigureMode.RFC6977;
    private ReleaseMode release = ReleaseMode.NONE;
    private OptionCarrier carryOptions = OptionCarrier.RSOO;
    private Set<OptionCode> rsooOptions = Set.of(OptionCode.ERP_LOCAL_DOMAIN_NAME);
    private Set<Include> include = Set.of();
    private boolean relayed;
    private RateLimit rateLimit = DEFAULT_RATE_LIMIT;
    private int queueLimit = DEFAULT_QUEUE_LIMIT;
    private WithoutIaid withoutIaid = WithoutIaid.SKIP;

    private Builder(String name, InetSocketAddress address) {
      this.name = name;
      this.address = address;
    }

    /** Sets {@link DhcpServer#bind}. */
    public Builder bind(InetSocketAddress value) {
      bind = Optional.of(value);
      return this;
    }

    /** Sets {@link DhcpServer#honoursRelayPort}; default false. */
    public Builder honoursRelayPort(boolean value) {
      honoursRelayPort = value;
      return this;
    }

    /** Sets {@link DhcpServer#duid}; default: any. */
    public Builder duid(Duid value) {
      duid = Optional.of(value);
      return this;
    }

    /** Sets {@link DhcpServer#reconfigure}; default RFC 6977. */
    public Builder reconfigure(ReconfigureMode value) {
      reconfigure = value;
      return this;
    }

    /** Sets {@link DhcpServer#release}; default none. */
    public Builder release(ReleaseMode value) {
      release = value;
      return this;
    }

    /** Sets {@link DhcpServer#carryOptions}; default RSOO. */
    public Builder carryOptions(OptionCarrier value) {
      carryOptions = value;
      return this;
    }

    /** Sets {@link DhcpServer#rsooOptions}; default 65 alone. */
    public Builder rsooOptions(Set<OptionCode> value) {
      rsooOptions = value;
      return this;
    }

    /** Sets {@link DhcpServer#include}; default none. */
    public Builder include(Set<Include> value) {
      include = value;
      return this;
    }

    /** Sets {@link DhcpServer#relayed}; default false. */
    public Builder relayed(boolean value) {
      relayed = value;
      return this;
    }

    /** Sets {@link DhcpServer#rateLimit}; default 100/s. */
    public Builder rateLimit(RateLimit value) {
      rateLimit = value;
      return this;
    }

    /** Sets {@link DhcpServer#queueLimit}; default 4096. */
    public Builder queueLimit(int value) {
      queueLimit = value;
      return this;
    }

    /** Sets {@link DhcpServer#withoutIaid}; default skip. */
    public Builder withoutIaid(WithoutIaid value) {
      withoutIaid = value;
      return this;
    }

    /** The server. */
    public DhcpServer build() {
      return new DhcpServer(
          name,
          address,
          bind,
          honoursRelayPort,
          duid,
          reconfigure,
          release,
          carryOptions,
          rsooOptions,
          include,
          relayed,
          rateLimit,
          queueLimit,
          withoutIaid);
    }
  }
}
