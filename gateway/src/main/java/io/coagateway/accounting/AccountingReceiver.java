package io.coagateway.accounting;

import io.coagateway.accounting.AccountingObserver.Drop;
import io.coagateway.accounting.AccountingObserver.Result;
import io.coagateway.das.AddressOwners;
import io.coagateway.das.AddressRange;
import io.coagateway.das.DasClient;
import io.coagateway.radius.AttributeDictionary;
import io.coagateway.radius.AttributeList;
import io.coagateway.radius.Attributes;
import io.coagateway.radius.Authenticators;
import io.coagateway.radius.OtherPacketCodes;
import io.coagateway.radius.RadiusPacket;
import io.coagateway.radius.Secret;
import io.coagateway.time.Timers;
import io.coagateway.wire.MalformedException;
import io.coagateway.wire.OctetWriter;
import io.coagateway.wire.Octets;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * One Accounting-Request from octets to answer (RFC 2866 section 3): its client by source address,
 * its authenticator, whether it came before (RFC 5080 section 2.2.2), then what it tells. The
 * answer leaves when the table has it; a request that it could not take gets none, and comes again.
 * A Status-Server is answered at once: a proxy that has given the gateway up while it did not
 * answer asks by it when accounting may be sent here again (RFC 5997 section 4.3). While the table
 * is in trouble it gets no answer either (section 4.2 there allows it), for a proxy takes one for
 * the word that it may, and would keep coming back instead of using its next server.
 *
 * <p>For the gateway loop.
 */
final class AccountingReceiver {
  private static final int REMEMBERED = 16_384;
  private static final Duration MEMORY = Duration.ofSeconds(30); // from the last repetition on

  private final AddressOwners<DasClient> clients;
  private final AttributeDictionary dictionary;
  private final SessionJoiner joiner;
  private final Timers timers;
  private final AccountingObserver observer;
  private final Authenticators authenticators = new Authenticators();
  private final Map<Identity, Answer> remembered = new LinkedHashMap<>();

  AccountingReceiver(
      AccountingParameters parameters,
      AttributeDictionary dictionary,
      SessionJoiner joiner,
      Timers timers,
      AccountingObserver observer) {
    this.clients = owners(parameters.clients());
    this.dictionary = dictionary;
    this.joiner = joiner;
    this.timers = timers;
    this.observer = observer;
  }

  /** As for CoA; a client without secret comes over TLS and not here. */
  private static AddressOwners<DasClient> owners(List<DasClient> clients) {
    Map<AddressRange, DasClient> ranges = new HashMap<>();
    for (DasClient client : clients) {
      client.rangesOverUdp().forEach(range -> ranges.put(range, client));
    }
    return AddressOwners.of(ranges);
  }

  /** Identifier and authenticator of a repetition are the same; the authenticator is a digest. */
  private record Identity(InetSocketAddress source, int identifier, Octets authenticator) {}

  /** What was answered; empty while the table is being asked. */
  private record Answer(Optional<Octets> packet, long nanos) {}

  void receive(Octets datagram, InetSocketAddress source, Consumer<Octets> send) {
    Optional<DasClient> client = clients.find(source.getAddress());
    if (client.isEmpty()) {
      observer.dropped(Drop.UNKNOWN_SOURCE, source);
      return;
    }
    RadiusPacket packet;
    try {
      packet = RadiusPacket.parse(datagram);
    } catch (MalformedException e) {
      observer.dropped(Drop.MALFORMED, source);
      return;
    }
    switch (packet.code()) {
      case OtherPacketCodes.ACCOUNTING_REQUEST ->
          onAccounting(packet, client.get().secrets(), source, send);
      case OtherPacketCodes.STATUS_SERVER ->
          onStatusServer(packet, client.get().secrets(), source, send);
      default -> observer.dropped(Drop.UNEXPECTED_CODE, source);
    }
  }

  private void onAccounting(
      RadiusPacket packet, List<Secret> secrets, InetSocketAddress source, Consumer<Octets> send) {
    Optional<Secret> secret = proven(secrets, one -> authenticators.requestMatches(packet, one));
    if (secret.isEmpty()) {
      observer.dropped(Drop.AUTHENTICATOR, source);
    } else if (packet.attributeDefect() != RadiusPacket.NONE) {
      observer.dropped(Drop.MALFORMED, source);
    } else {
      take(packet, source, secret.get(), send);
    }
  }

  /** On an accounting port the answer is an Accounting-Response (RFC 5997 section 4.2). */
  private void onStatusServer(
      RadiusPacket packet, List<Secret> secrets, InetSocketAddress source, Consumer<Octets> send) {
    if (packet.attributeDefect() != RadiusPacket.NONE) {
      observer.dropped(Drop.MALFORMED, source);
      return;
    }
    Optional<Secret> secret =
        proven(secrets, one -> authenticators.statusServerMatches(packet, one));
    if (secret.isEmpty()) {
      observer.dropped(Drop.AUTHENTICATOR, source);
    } else if (joiner.isTableInTrouble()) {
      observer.dropped(Drop.TABLE_UNAVAILABLE, source);
    } else {
      observer.done(Result.STATUS);
      send.accept(answer(packet, secret.get()));
    }
  }

  private static Optional<Secret> proven(List<Secret> secrets, Predicate<Secret> matches) {
    return secrets.stream().filter(matches).findFirst();
  }

  private void take(
      RadiusPacket packet, InetSocketAddress source, Secret secret, Consumer<Octets> send) {
    forget();
    Identity identity = new Identity(source, packet.identifier(), packet.authenticator().compact());
    Optional<Answer> before = Optional.ofNullable(remembered.get(identity));
    if (before.isPresent()) {
      again(identity, before.get().packet(), source, send);
      return;
    }
    remember(identity, Optional.empty());
    Octets answer = answer(packet, secret);
    handle(packet)
        .whenComplete(
            (nothing, failure) -> {
              if (failure == null) {
                remember(identity, Optional.of(answer));
                send.accept(answer);
              } else {
                remembered.remove(identity);
                observer.dropped(why(failure), source);
              }
            });
  }

  /** Kept for as long as it is repeated: else an Accounting-On would begin anew one day. */
  private void again(
      Identity identity, Optional<Octets> answer, InetSocketAddress source, Consumer<Octets> send) {
    if (answer.isEmpty()) {
      observer.dropped(Drop.DUPLICATE_IN_PROGRESS, source);
      return;
    }
    remember(identity, answer);
    observer.done(Result.DUPLICATE);
    send.accept(answer.get());
  }

  /** As the newest. */
  private void remember(Identity identity, Optional<Octets> answer) {
    remembered.remove(identity);
    remembered.put(identity, new Answer(answer, timers.nanos()));
  }

  private CompletionStage<Void> handle(RadiusPacket packet) {
    try {
      AttributeList attributes = AttributeList.parse(packet.attributes(), dictionary);
      return joiner.handle(AccountingRequest.of(attributes, dictionary));
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private Drop why(Throwable failure) {
    Optional<Throwable> defect = Failure.defectIn(failure);
    defect.ifPresent(observer::defect);
    return defect.isPresent() ? Drop.FAILED : Drop.TABLE_UNAVAILABLE;
  }

  /** Proxy-State goes back as it came, a Message-Authenticator is answered by one. */
  private Octets answer(RadiusPacket packet, Secret secret) {
    OctetWriter out = new OctetWriter(64);
    out.u8(OtherPacketCodes.ACCOUNTING_RESPONSE)
        .u8(packet.identifier())
        .u16(0)
        .octets(packet.authenticator());
    if (packet.first(Authenticators.MESSAGE_AUTHENTICATOR) != RadiusPacket.NONE) {
      out.u8(Authenticators.MESSAGE_AUTHENTICATOR)
          .u8(Authenticators.MESSAGE_AUTHENTICATOR_LENGTH)
          .octets(Octets.wrap(new byte[RadiusPacket.AUTHENTICATOR_LENGTH]));
    }
    out.octets(packet.all(Attributes.PROXY_STATE.type()));
    out.putU16(2, out.length());
    byte[] octets = out.toArray();
    authenticators.signResponse(octets, packet.authenticator(), secret);
    return Octets.wrap(octets);
  }

  private void forget() {
    long oldest = timers.nanos() - MEMORY.toNanos();
    Iterator<Answer> answers = remembered.values().iterator();
    while (answers.hasNext()) {
      long nanos = answers.next().nanos();
      if (remembered.size() < REMEMBERED && nanos - oldest >= 0) {
        return;
      }
      answers.remove();
    }
  }
}
