package io.coagateway.learn;

import io.coagateway.dhcpv6.ClientLinkLayerAddressOption;
import io.coagateway.dhcpv6.Duid;
import io.coagateway.dhcpv6.RemoteIdOption;
import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.Octets;
import java.util.Optional;

/**
 * A client and where its relay sees it. What only a relay's RELAY-FORW tells (Remote-Id,
 * Subscriber-Id, link-layer address) is empty when that message was not seen.
 *
 * @param duid the client's DUID
 * @param linkAddress the link-address that tells the client's link (RFC 8415 section 13.1)
 * @param peerAddress the client's address, as the relay next to it has it
 * @param interfaceId body of the Interface-Id option; empty when there is none
 * @param remoteId the Remote-Id option (RFC 4649); empty when there is none
 * @param subscriberId body of the Subscriber-Id option (RFC 4580); empty when there is none
 * @param linkLayerAddress the client's link-layer address as the relay gives it (RFC 6939)
 */
public record RelayedClient(
    Duid duid,
    Ipv6Address linkAddress,
    Ipv6Address peerAddress,
    Optional<Octets> interfaceId,
    Optional<RemoteIdOption> remoteId,
    Optional<Octets> subscriberId,
    Optional<ClientLinkLayerAddressOption> linkLayerAddress) {}
