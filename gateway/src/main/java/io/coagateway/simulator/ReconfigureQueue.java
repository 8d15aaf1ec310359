package io.coagateway.simulator;

import io.coagateway.dhcpv6.AuthOption;
import io.coagateway.dhcpv6.ClientIdOption;
import io.coagateway.dhcpv6.ClientServerMessage;
import io.coagateway.dhcpv6.InterfaceIdOption;
import io.coagateway.dhcpv6.Message;
import io.coagateway.dhcpv6.MessageType;
import io.coagateway.dhcpv6.OptionList;
import io.coagateway.dhcpv6.ReconfigureMessageOption;
import io.coagateway.dhcpv6.RelayMessage;
import io.coagateway.dhcpv6.RelayMessageOption;
import io.coagateway.dhcpv6.ServerIdOption;
import io.coagateway.simulator.LeaseTable.Client;
import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.Octets;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * RECONFIGUREs that wait to be sent: built by RFC 8415 section 18.3.11 and authenticated by RKAP
 * (section 20.4), each in a RELAY-REPL towards the relay, no faster than the rate limit (RFC 6977
 * section 7). Each is sent once: who has not come back is asked again by the next request.
 */
final class ReconfigureQueue {
  private static final long SECOND_NANOS = 1_000_000_000L;

  private final SimulatorParameters parameters;
  private final ReplayDetection replay;
  private final ArrayDeque<Reply> waiting = new ArrayDeque<>();
  private long earliestNanos;
  private boolean sentAny;

  ReconfigureQueue(SimulatorParameters parameters, ReplayDetection replay) {
    this.parameters = parameters;
    this.replay = replay;
  }

  /** Where an answer goes (RFC 8415 section 19.3, RFC 8357 section 5.3, or as configured). */
  static InetSocketAddress destination(
      SimulatorParameters parameters, RelayPath path, InetSocketAddress source) {
    return parameters.answerPort().isEmpty() || path.wantsSourcePort()
        ? source
        : new InetSocketAddress(source.getAddress(), parameters.answerPort().getAsInt());
  }

  /** Puts a RECONFIGURE for the client in the queue, if it can be addressed. */
  void add(Client client, MessageType hint, Ipv6Address link, InetSocketAddress requester) {
    Optional<Octets> key = client.key();
    boolean isBehindRelay = client.path().filter(path -> !path.isBare()).isPresent();
    if (key.isEmpty() || (client.peer().isEmpty() && !isBehindRelay)) {
      return;
    }
    Message reconfigure = authenticated(client, hint, key.get());
    if (client.path().isPresent() && client.relay().isPresent()) {
      RelayPath path = client.path().get();
      InetSocketAddress to = destination(parameters, path, client.relay().get());
      waiting.add(new Reply(path.wrap(reconfigure), to));
      return;
    }
    OptionList options =
        client
            .interfaceId()
            .map(id -> OptionList.of(new InterfaceIdOption(id)))
            .orElse(OptionList.EMPTY);
    waiting.add(
        new Reply(
            new RelayMessage(
                MessageType.RELAY_REPL,
                0,
                link,
                client.peer().orElse(Ipv6Address.UNSPECIFIED),
                options.plus(new RelayMessageOption(reconfigure))),
            destination(parameters, new RelayPath(List.of()), requester)));
  }

  /**
   * RFC 8415 section 18.3.11: transaction id 0; section 20.4.2: HMAC-MD5 over it with zeros inside.
   */
  private Message authenticated(Client client, MessageType hint, Octets key) {
    long number = replay.next();
    OptionList plain =
        OptionList.of(
            new ServerIdOption(parameters.serverDuid()),
            new ClientIdOption(client.duid()),
            new ReconfigureMessageOption(hint));
    ClientServerMessage zeroed =
        new ClientServerMessage(
            MessageType.RECONFIGURE,
            0,
            plain.plus(AuthOption.rkapDigest(number, Octets.wrap(new byte[16]))));
    return zeroed.with(plain.plus(AuthOption.rkapDigest(number, hmacMd5(key, zeroed.encode()))));
  }

  static Octets hmacMd5(Octets key, Octets message) {
    try {
      Mac mac = Mac.getInstance("HmacMD5");
      mac.init(new SecretKeySpec(key.toArray(), "HmacMD5"));
      return Octets.wrap(mac.doFinal(message.toArray()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HmacMD5", e);
    }
  }

  List<Reply> due(long nanos) {
    List<Reply> due = new ArrayList<>();
    while (!waiting.isEmpty() && (!sentAny || nanos - earliestNanos >= 0)) {
      due.add(waiting.remove());
      earliestNanos = nanos + SECOND_NANOS / parameters.reconfiguresPerSecond();
      sentAny = true;
    }
    return due;
  }

  OptionalLong nextNanos() {
    return waiting.isEmpty() ? OptionalLong.empty() : OptionalLong.of(earliestNanos);
  }
}
