package io.coagateway.das;

import io.coagateway.radius.DynamicAuthorizationRequest.Kind;
import io.coagateway.radius.PacketCode;
import io.coagateway.radius.RadiusPacket;
import io.coagateway.radius.Secret;
import java.net.InetSocketAddress;
import java.time.Instant;

/**
 * A request that is authentic and fresh: it has passed steps 1 to 7 of {@link ReceivePipeline}.
 *
 * @param packet as it came, a CoA-Request or Disconnect-Request
 * @param client who sent it
 * @param secret the one of the client's that it was proven with
 * @param source where it came from
 * @param port where its answer leaves
 * @param now wall-clock time of its receipt
 */
record Proven(
    RadiusPacket packet,
    ClientTable.Entry client,
    Secret secret,
    InetSocketAddress source,
    AnswerPort port,
    Instant now) {
  String clientName() {
    return client.client().name();
  }

  Kind kind() {
    return packet.code() == PacketCode.COA_REQUEST.number() ? Kind.COA : Kind.DISCONNECT;
  }
}
