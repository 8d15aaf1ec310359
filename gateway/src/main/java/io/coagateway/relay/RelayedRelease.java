package io.coagateway.relay;

import io.coagateway.dhcpv6.ClientIdOption;
import io.coagateway.dhcpv6.ClientServerMessage;
import io.coagateway.dhcpv6.Duid;
import io.coagateway.dhcpv6.ElapsedTimeOption;
import io.coagateway.dhcpv6.MessageType;
import io.coagateway.dhcpv6.Option;
import io.coagateway.dhcpv6.OptionList;
import io.coagateway.dhcpv6.ServerIdOption;
import io.coagateway.dhcpv6.StatusCode;
import io.coagateway.dhcpv6.StatusCodeOption;
import io.coagateway.wire.OctetWriter;
import io.coagateway.wire.Octets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * An ordinary RELEASE on the client's behalf (RFC 8415 section 18.2.7) inside the RELAY-FORW that
 * the real relay would build: any server obeys it. One client, one message.
 */
final class RelayedRelease implements MessageContent {
  private static final long HUNDREDTH_NANOS = 10_000_000L;
  private static final int MAX_ELAPSED = 0xffff;

  private final RelayParameters parameters;
  private final Duid serverDuid;
  private final RelayWrapper wrapper;

  RelayedRelease(RelayParameters parameters, Duid serverDuid, RelayWrapper wrapper) {
    this.parameters = parameters;
    this.serverDuid = serverDuid;
    this.wrapper = wrapper;
  }

  @Override
  public MessageType type() {
    return MessageType.RELEASE;
  }

  @Override
  public MessageType replyType() {
    return MessageType.REPLY;
  }

  @Override
  public RetransmissionParameters retransmission() {
    return parameters.releaseRetransmission();
  }

  @Override
  public Optional<RelayWrapper> wrapper() {
    return Optional.of(wrapper);
  }

  @Override
  public int fixedOctets() {
    return wrapper.octets() + ClientServerMessage.HEADER_LENGTH;
  }

  @Override
  public int octetsOf(Place place) {
    return options((ReleasePlace) place, 0).encodedLength();
  }

  @Override
  public boolean canBeShared() {
    return false;
  }

  @Override
  public boolean tellsTime() {
    return true;
  }

  @Override
  public Octets encode(int transactionId, List<Place> places, long elapsedNanos) {
    ClientServerMessage message =
        new ClientServerMessage(
            type(), transactionId, options((ReleasePlace) places.get(0), elapsedNanos));
    int inner = message.encodedLength();
    OctetWriter writer = new OctetWriter(wrapper.octets() + inner);
    wrapper.writeTo(writer, inner);
    message.encodeTo(writer);
    return writer.toOctets();
  }

  private OptionList options(ReleasePlace place, long elapsedNanos) {
    List<Option> options = new ArrayList<>(place.ias().size() + 3);
    options.add(new ClientIdOption(place.client()));
    options.add(new ServerIdOption(serverDuid));
    options.add(new ElapsedTimeOption((int) Math.min(MAX_ELAPSED, elapsedNanos / HUNDREDTH_NANOS)));
    for (LeasedIa ia : place.ias()) {
      options.add(ReleasedLeases.container(ia));
    }
    return OptionList.of(options);
  }

  @Override
  public Optional<MessageContent> corrected() {
    return Optional.empty();
  }

  @Override
  public boolean replyNeedsServerId() {
    return true; // RFC 8415 section 16.10
  }

  @Override
  public boolean replyNeedsStatus() {
    return false; // RFC 8415 section 21.13: none means Success
  }

  @Override
  public Optional<Duid> serverDuid() {
    return Optional.of(serverDuid);
  }

  /**
   * Judged for each association. RFC 8415 section 18.3.7 puts Success on top and NoBinding into the
   * associations that have none; Kea turns the top status instead when one of them failed.
   */
  @Override
  public List<ServerResult> judge(
      ClientServerMessage reply,
      Optional<StatusCodeOption> status,
      List<Place> places,
      Set<Duid> left,
      DhcpServer by,
      RelayObserver observer) {
    StatusCodeOption top = status.orElse(new StatusCodeOption(StatusCode.SUCCESS));
    List<ServerResult> results = new ArrayList<>(1);
    for (Place place : places) {
      results.add(
          LeaseVerdict.of(
                  (ReleasePlace) place,
                  reply.options(),
                  top,
                  ia -> observer.unknownInAnswer(by, type(), place.client() + " " + ia))
              .toResult(by, place.transmissions()));
    }
    return results;
  }
}
