package io.coagateway.subscriber;

import io.coagateway.dhcpv6.Duid;
import io.coagateway.dhcpv6.OptionList;
import io.coagateway.dhcpv6.RemoteIdOption;
import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.Octets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * One subscriber: one client of a DHCPv6 server on one link of one NAS, and the session that RADIUS
 * knows there. Immutable; built with {@link #builder}.
 *
 * @param id the subscriber's name, unique for each NAS, not empty
 * @param nas the NAS it belongs to; empty where nobody gave the NAS a name
 * @param version number of the last write; only equality means anything to a reader. Rises with
 *     every write by whomever, 0 for a record that was never in the table
 * @param duid the client's DUID, identical to the one its leases were made with
 * @param linkAddress the link-address of the client's link (RFC 8415 section 9.1)
 * @param peerAddress the client's address in the relay's messages; empty when unknown
 * @param interfaceId body of the relay's Interface-Id option; empty when there is none
 * @param serverDuid the server that gave the leases; empty when unknown
 * @param reconfigureAccept whether the client accepts Reconfigure
 * @param remoteId the relay's Remote-Id option (RFC 4649); empty when there is none
 * @param subscriberId body of the relay's Subscriber-Id option (RFC 4580); empty when there is none
 * @param session what RADIUS knows the session by
 * @param ias the client's identity associations with their leases
 * @param options what the relay supplies for this client in the RSOO (RFC 6422); code 81
 *     (OPTION_RADIUS, RFC 7037) goes beside the RSOO
 */
public record SubscriberRecord(
    String id,
    String nas,
    long version,
    Duid duid,
    Ipv6Address linkAddress,
    Optional<Ipv6Address> peerAddress,
    Optional<Octets> interfaceId,
    Optional<Duid> serverDuid,
    ReconfigureAccept reconfigureAccept,
    Optional<RemoteIdOption> remoteId,
    Optional<Octets> subscriberId,
    SessionAttributes session,
    List<IdentityAssociation> ias,
    OptionList options) {

  /** Copies the list; refuses an empty id. */
  public SubscriberRecord {
    if (id.isEmpty()) {
      throw new IllegalArgumentException("id is empty; every subscriber needs a name");
    }
    Objects.requireNonNull(duid, "duid");
    Objects.requireNonNull(linkAddress, "linkAddress");
    ias = List.copyOf(ias);
  }

  /** A builder with everything empty but the four parts that no record is without. */
  public static Builder builder(String nas, String id, Duid duid, Ipv6Address linkAddress) {
    return new Builder(nas, id, duid, linkAddress);
  }

  /**
   * Whether a client that was seen there may be this one. A DUID alone does not say so: clones have
   * the same one on several lines. An Interface-Id that one side does not know leaves that open.
   *
   * @param link the link that it was seen at
   * @param line the Interface-Id of the relay there, if it told one
   */
  public boolean mayBeAt(Ipv6Address link, Optional<Octets> line) {
    return linkAddress.equals(link) && mayBeOn(line);
  }

  /** The same where no link is known. */
  public boolean mayBeOn(Optional<Octets> line) {
    return interfaceId.isEmpty() || line.isEmpty() || interfaceId.equals(line);
  }

  /** A builder that starts with this record's parts. */
  public Builder toBuilder() {
    Builder builder = new Builder(nas, id, duid, linkAddress);
    builder.version = version;
    builder.peerAddress = peerAddress;
    builder.interfaceId = interfaceId;
    builder.serverDuid = serverDuid;
    builder.reconfigureAccept = reconfigureAccept;
    builder.remoteId = remoteId;
    builder.subscriberId = subscriberId;
    builder.session = session;
    builder.ias.addAll(ias);
    builder.options = options;
    return builder;
  }

  /** This record with other options and the version that the write of them gave. */
  public SubscriberRecord withOptions(OptionList newOptions, long newVersion) {
    return new SubscriberRecord(
        id,
        nas,
        newVersion,
        duid,
        linkAddress,
        peerAddress,
        interfaceId,
        serverDuid,
        reconfigureAccept,
        remoteId,
        subscriberId,
        session,
        ias,
        newOptions);
  }

  /** Whether both are the same but for their version. */
  public boolean sameContent(SubscriberRecord other) {
    return version == other.version
        ? equals(other)
        : equals(other.toBuilder().version(version).build());
  }

  /** Collects the parts of a record. Not thread-safe. */
  public static final class Builder {
    private final String nas;
    private final String id;
    private final Duid duid;
    private Ipv6Address linkAddress;
    private long version;
    private Optional<Ipv6Address> peerAddress = Optional.empty();
    private Optional<Octets> interfaceId = Optional.empty();
    private Optional<Duid> serverDuid = Optional.empty();
    private ReconfigureAccept reconfigureAccept = ReconfigureAccept.UNKNOWN;
    private Optional<RemoteIdOption> remoteId = Optional.empty();
    private Optional<Octets> subscriberId = Optional.empty();
    private SessionAttributes session = SessionAttributes.EMPTY;
    private final List<IdentityAssociation> ias = new ArrayList<>();
    private OptionList options = OptionList.EMPTY;

    private Builder(String nas, String id, Duid duid, Ipv6Address linkAddress) {
      this.nas = nas;
      this.id = id;
      this.duid = duid;
      this.linkAddress = linkAddress;
    }

    /** The number of the last write. */
    public Builder version(long value) {
      version = value;
      return this;
    }

    /** The link-address of the client's link. */
    public Builder linkAddress(Ipv6Address value) {
      linkAddress = value;
      return this;
    }

    /** The client's address in the relay's messages. */
    public Builder peerAddress(Ipv6Address value) {
      peerAddress = Optional.of(value);
      return this;
    }

    /** The body of the Interface-Id option. */
    public Builder interfaceId(Octets value) {
      interfaceId = Optional.of(value);
      return this;
    }

    /** No Interface-Id. */
    public Builder withoutInterfaceId() {
      interfaceId = Optional.empty();
      return this;
    }

    /** The server that gave the leases. */
    public Builder serverDuid(Duid value) {
      serverDuid = Optional.of(value);
      return this;
    }

    /** Whether the client accepts Reconfigure. */
    public Builder reconfigureAccept(ReconfigureAccept value) {
      reconfigureAccept = value;
      return this;
    }

    /** The Remote-Id option. */
    public Builder remoteId(RemoteIdOption value) {
      remoteId = Optional.of(value);
      return this;
    }

    /** The body of the Subscriber-Id option. */
    public Builder subscriberId(Octets value) {
      subscriberId = Optional.of(value);
      return this;
    }

    /** What RADIUS knows the session by. */
    public Builder session(SessionAttributes value) {
      session = value;
      return this;
    }

    /** One more identity association. */
    public Builder ia(IdentityAssociation value) {
      ias.add(value);
      return this;
    }

    /** These identity associations and no others. */
    public Builder ias(List<IdentityAssociation> values) {
      ias.clear();
      ias.addAll(values);
      return this;
    }

    /** What the relay supplies. */
    public Builder options(OptionList value) {
      options = value;
      return this;
    }

    /** The record. */
    public SubscriberRecord build() {
      return new SubscriberRecord(
          id,
          nas,
          version,
          duid,
          linkAddress,
          peerAddress,
          interfaceId,
          serverDuid,
          reconfigureAccept,
          remoteId,
          subscriberId,
          session,
          ias,
          options);
    }
  }
}
