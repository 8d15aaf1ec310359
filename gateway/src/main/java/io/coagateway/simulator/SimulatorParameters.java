package io.coagateway.simulator;

import io.coagateway.dhcpv6.Duid;
import io.coagateway.dhcpv6.MessageNames;
import io.coagateway.dhcpv6.MessageType;
import io.coagateway.dhcpv6.OptionCode;
import io.coagateway.dhcpv6.OptionList;
import io.coagateway.dhcpv6.StatusCode;
import io.coagateway.wire.Ipv6Prefix;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** How the simulated server behaves. Immutable; built by {@link Builder}. */
public final class SimulatorParameters {
  /** What is done with a kind of request. */
  public enum Policy {
    /** Done as asked. */
    ACCEPT,
    /** Answered with the status that the protocol has for it. */
    REJECT,
    /** Never answered. */
    SILENT
  }

  /** What is done with clients that are in no lease. */
  public enum UnknownClients {
    /** Treated as what they are. */
    REFUSE,
    /** Believed: reconfigurable, and holders of whatever lease is named. */
    BELIEVE
  }

  /** Whether RECONFIGURE follows a RECONFIGURE-REQUEST. */
  public enum ReconfigureClients {
    /** Sent through the relay, where the client's link-local address is known. */
    THROUGH_RELAY,
    /** None is sent. */
    NEVER
  }

  private final Builder b;

  private SimulatorParameters(Builder builder) {
    this.b = new Builder(builder);
  }

  /**
   * A server with this DUID that does what the texts give as defaults: it rejects
   * RECONFIGURE-REQUEST (RFC 6977 section 6.5), has no release types, and knows every relay and
   * link.
   */
  public static Builder builder(Duid serverDuid) {
    return new Builder(serverDuid);
  }

  /** The server's own DUID. */
  public Duid serverDuid() {
    return b.serverDuid;
  }

  Policy reconfigureRequests() {
    return b.reconfigureRequests;
  }

  Policy releaseRequests() {
    return b.releaseRequests;
  }

  Policy relayedRequests() {
    return b.relayedRequests;
  }

  Policy releases() {
    return b.releases;
  }

  UnknownClients unknownClients() {
    return b.unknownClients;
  }

  ReconfigureClients reconfigureClients() {
    return b.reconfigureClients;
  }

  Optional<StatusCode> refusal() {
    return b.refusal;
  }

  Optional<MessageType> releaseRequestType() {
    return b.releaseRequestType;
  }

  Optional<MessageType> releaseReplyType() {
    return b.releaseReplyType;
  }

  List<Ipv6Prefix> links() {
    return b.links;
  }

  List<Ipv6Prefix> relays() {
    return b.relays;
  }

  Set<Duid> relayIds() {
    return b.relayIds;
  }

  Set<Duid> listedClients() {
    return b.listedClients;
  }

  Set<Duid> refusedClients() {
    return b.refusedClients;
  }

  Set<OptionCode> dislikedOptions() {
    return b.dislikedOptions;
  }

  Set<Duid> poisonousClients() {
    return b.poisonousClients;
  }

  Set<OptionCode> relaySuppliedOptions() {
    return b.relaySuppliedOptions;
  }

  OptionList ownOptions() {
    return b.ownOptions;
  }

  OptionalInt answerPort() {
    return b.answerPort;
  }

  int reconfiguresPerSecond() {
    return b.reconfiguresPerSecond;
  }

  boolean leasequery() {
    return b.leasequery;
  }

  int dropFirst() {
    return b.dropFirst;
  }

  int dropPercent() {
    return b.dropPercent;
  }

  /** Message types by name, the two of the release draft included where they are configured. */
  public MessageNames names() {
    return b.releaseRequestType.isPresent() && b.releaseReplyType.isPresent()
        ? MessageNames.STANDARD.withRelease(b.releaseRequestType.get(), b.releaseReplyType.get())
        : MessageNames.STANDARD;
  }

  /** Collects the settings. */
  public static final class Builder {
    private final Duid serverDuid;
    private Policy reconfigureRequests = Policy.REJECT;
    private Policy releaseRequests = Policy.ACCEPT;
    private Policy relayedRequests = Policy.ACCEPT;
    private Policy releases = Policy.ACCEPT;
    private UnknownClients unknownClients = UnknownClients.REFUSE;
    private ReconfigureClients reconfigureClients = ReconfigureClients.THROUGH_RELAY;
    private Optional<StatusCode> refusal = Optional.empty();
    private Optional<MessageType> releaseRequestType = Optional.empty();
    private Optional<MessageType> releaseReplyType = Optional.empty();
    private List<Ipv6Prefix> links = List.of();
    private List<Ipv6Prefix> relays = List.of();
    private Set<Duid> relayIds = Set.of();
    private Set<Duid> listedClients = Set.of();
    private Set<Duid> refusedClients = Set.of();
    private Set<OptionCode> dislikedOptions = Set.of();
    private Set<Duid> poisonousClients = Set.of();
    private Set<OptionCode> relaySuppliedOptions = Set.of(OptionCode.ERP_LOCAL_DOMAIN_NAME);
    private OptionList ownOptions = OptionList.EMPTY;
    private OptionalInt answerPort = OptionalInt.empty();
    private int reconfiguresPerSecond = 100;
    private boolean leasequery;
    private int dropFirst;
    private int dropPercent;

    private Builder(Duid serverDuid) {
      this.serverDuid = serverDuid;
    }

    private Builder(Builder from) {
      serverDuid = from.serverDuid;
      reconfigureRequests = from.reconfigureRequests;
      releaseRequests = from.releaseRequests;
      relayedRequests = from.relayedRequests;
      releases = from.releases;
      unknownClients = from.unknownClients;
      reconfigureClients = from.reconfigureClients;
      refusal = from.refusal;
      releaseRequestType = from.releaseRequestType;
      releaseReplyType = from.releaseReplyType;
      links = List.copyOf(from.links);
      relays = List.copyOf(from.relays);
      relayIds = Set.copyOf(from.relayIds);
      listedClients = Set.copyOf(from.listedClients);
      refusedClients = Set.copyOf(from.refusedClients);
      dislikedOptions = Set.copyOf(from.dislikedOptions);
      poisonousClients = Set.copyOf(from.poisonousClients);
      relaySuppliedOptions = Set.copyOf(from.relaySuppliedOptions);
      ownOptions = from.ownOptions;
      answerPort = from.answerPort;
      reconfiguresPerSecond = from.reconfiguresPerSecond;
      leasequery = from.leasequery;
      dropFirst = from.dropFirst;
      dropPercent = from.dropPercent;
    }

    /** What to do with RECONFIGURE-REQUEST; REJECT answers NotAllowed (RFC 6977 section 6.5). */
    public Builder reconfigureRequests(Policy policy) {
      reconfigureRequests = policy;
      return this;
    }

    /** What to do with RELEASE-REQUEST; REJECT answers NotConfigured (draft section 4.3). */
    public Builder releaseRequests(Policy policy) {
      releaseRequests = policy;
      return this;
    }

    /** Whether either may come inside RELAY-FORW (RFC 6977 section 9); REJECT drops it. */
    public Builder relayedRequests(Policy policy) {
      relayedRequests = policy;
      return this;
    }

    /** What to do with the clients' own RELEASE. */
    public Builder releases(Policy policy) {
      releases = policy;
      return this;
    }

    /** What to do with clients in no lease. */
    public Builder unknownClients(UnknownClients policy) {
      unknownClients = policy;
      return this;
    }

    /** Whether RECONFIGURE is sent after a RECONFIGURE-REQUEST. */
    public Builder reconfigureClients(ReconfigureClients policy) {
      reconfigureClients = policy;
      return this;
    }

    /** Answers every valid RECONFIGURE-REQUEST and RELEASE-REQUEST with this status. */
    public Builder refusal(StatusCode status) {
      refusal = Optional.of(status);
      return this;
    }

    /** The two message types of the release draft, which IANA never assigned. */
    public Builder releaseTypes(MessageType request, MessageType reply) {
      if (request.equals(reply) || request.number() < 38 || reply.number() < 38) {
        throw new IllegalArgumentException(
            "release types "
                + request.number()
                + ","
                + reply.number()
                + " must differ and be 38 to 255. Give two like 250,251");
      }
      releaseRequestType = Optional.of(request);
      releaseReplyType = Optional.of(reply);
      return this;
    }

    /** The links that the server knows; none: all. Addresses in one of them are on one link. */
    public Builder links(List<Ipv6Prefix> prefixes) {
      links = prefixes;
      return this;
    }

    /** The relays whose requests are taken, by source address; none: all. */
    public Builder relays(List<Ipv6Prefix> prefixes) {
      relays = prefixes;
      return this;
    }

    /** The RELAY_IDs whose requests are taken; none: all, and those without one. */
    public Builder relayIds(Set<Duid> duids) {
      relayIds = duids;
      return this;
    }

    /** Clients that are never reconfigured: RECONFIGURE-REPLY lists them. */
    public Builder listedClients(Set<Duid> duids) {
      listedClients = duids;
      return this;
    }

    /** Clients whose leases are never freed by RELEASE-REQUEST: answered with UnspecFail. */
    public Builder refusedClients(Set<Duid> duids) {
      refusedClients = duids;
      return this;
    }

    /** Options that make a RECONFIGURE-REQUEST malformed in this server's eyes: UnspecFail. */
    public Builder dislikedOptions(Set<OptionCode> codes) {
      dislikedOptions = codes;
      return this;
    }

    /** Clients that make a RECONFIGURE-REQUEST malformed in this server's eyes: UnspecFail. */
    public Builder poisonousClients(Set<Duid> duids) {
      poisonousClients = duids;
      return this;
    }

    /**
     * The options that a relay may supply for a client (RFC 6422 section 6); IANA lists 65 alone.
     */
    public Builder relaySuppliedOptions(Set<OptionCode> codes) {
      relaySuppliedOptions = codes;
      return this;
    }

    /** The server's own configuration for clients; it wins over a relay's (RFC 6422 section 6). */
    public Builder ownOptions(OptionList options) {
      ownOptions = options;
      return this;
    }

    /**
     * Sends answers to this port of the source's address, 1 to 65535, unless a relay's option 135
     * asks otherwise. Without it answers go to where the message came from.
     */
    public Builder answerPort(int port) {
      if (port < 1 || port > 65535) {
        throw new IllegalArgumentException("port " + port + " is not 1 to 65535");
      }
      answerPort = OptionalInt.of(port);
      return this;
    }

    /** How many RECONFIGUREs may leave in a second (RFC 6977 section 7), at least one. */
    public Builder reconfiguresPerSecond(int rate) {
      if (rate < 1) {
        throw new IllegalArgumentException("rate " + rate + " is under 1 a second");
      }
      reconfiguresPerSecond = rate;
      return this;
    }

    /** Whether LEASEQUERY over UDP is answered (RFC 5007); otherwise it is an unknown type. */
    public Builder leasequery(boolean answered) {
      leasequery = answered;
      return this;
    }

    /** Loses the first datagrams received, 0 or more. */
    public Builder dropFirst(int count) {
      if (count < 0) {
        throw new IllegalArgumentException(count + " packets to drop are under 0");
      }
      dropFirst = count;
      return this;
    }

    /** Loses this share of the datagrams received, 0 to 100. */
    public Builder dropPercent(int percent) {
      if (percent < 0 || percent > 100) {
        throw new IllegalArgumentException(percent + " percent is not 0 to 100");
      }
      dropPercent = percent;
      return this;
    }

    /** The settings so far. */
    public SimulatorParameters build() {
      return new SimulatorParameters(this);
    }
  }
}
