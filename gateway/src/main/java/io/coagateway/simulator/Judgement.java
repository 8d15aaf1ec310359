package io.coagateway.simulator;

import io.coagateway.dhcpv6.ClientServerMessage;
import io.coagateway.simulator.Reception.DropReason;
import java.util.Optional;

/**
 * What a request gets: an answer, or nothing and why. Exactly one of the two is there.
 *
 * @param answer to send back
 * @param drop why there is none
 */
record Judgement(Optional<ClientServerMessage> answer, Optional<Reception.Drop> drop) {
  static Judgement answer(ClientServerMessage message) {
    return new Judgement(Optional.of(message), Optional.empty());
  }

  static Judgement drop(DropReason reason, String detail) {
    return new Judgement(Optional.empty(), Optional.of(new Reception.Drop(reason, detail)));
  }
}
