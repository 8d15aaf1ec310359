package io.coagateway.app;

import io.coagateway.config.DictionaryFiles;
import io.coagateway.radius.Attribute;
import io.coagateway.radius.AttributeDictionary;
import io.coagateway.radius.AttributeList;
import io.coagateway.radius.Authenticators;
import io.coagateway.radius.PacketCode;
import io.coagateway.radius.Secret;
import io.coagateway.wire.OctetWriter;
import io.coagateway.wire.Octets;
import java.util.List;
import java.util.stream.Stream;

/** Whom a gateway of a test knows by the secret {@code testing123-testing123}. */
final class Dac {
  private static final Secret SECRET = Secret.of("testing123-testing123");

  private Dac() {}

  /**
   * A signed request.
   *
   * @param attributes as radclient prints them
   */
  static byte[] request(PacketCode code, int identifier, String... attributes) {
    AttributeDictionary dictionary = DictionaryFiles.builtIn();
    List<Attribute> parsed = Stream.of(attributes).map(dictionary::parse).toList();
    Octets encoded = AttributeList.of(parsed).encode(dictionary);
    byte[] packet =
        new OctetWriter()
            .u8(code.number())
            .u8(identifier)
            .u16(20 + encoded.length())
            .zeros(16)
            .octets(encoded)
            .toArray();
    new Authenticators().signRequest(packet, SECRET);
    return packet;
  }
}
