package io.coagateway.subscriber;

import io.coagateway.dhcpv6.Duid;
import io.coagateway.dhcpv6.OptionCode;
import io.coagateway.dhcpv6.OptionList;
import io.coagateway.dhcpv6.RawOption;
import io.coagateway.radius.AttributeDefinition;
import io.coagateway.radius.AttributeDictionary;
import io.coagateway.radius.AttributeId;
import io.coagateway.radius.Attributes;
import io.coagateway.radius.DataType;
import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.Ipv6Prefix;
import io.coagateway.wire.Octets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What the tests of this package share: a small dictionary, typical records, ways to wait. */
final class TestTables {
  static final String NAS = "nas1.example.net";

  static final AttributeDictionary DICTIONARY =
      AttributeDictionary.builder()
          .add(AttributeDefinition.of("User-Name", Attributes.USER_NAME, DataType.STRING))
          .add(AttributeDefinition.of("NAS-Port", Attributes.NAS_PORT, DataType.INTEGER))
          .add(AttributeDefinition.of("NAS-Port-Id", Attributes.NAS_PORT_ID, DataType.STRING))
          .add(
              AttributeDefinition.of(
                  "Calling-Station-Id", Attributes.CALLING_STATION_ID, DataType.STRING))
          .add(
              AttributeDefinition.of(
                  "Called-Station-Id", Attributes.CALLED_STATION_ID, DataType.STRING))
          .add(
              AttributeDefinition.of(
                  "Acct-Session-Id", Attributes.ACCT_SESSION_ID, DataType.STRING))
          .add(
              AttributeDefinition.of(
                  "Framed-IPv6-Prefix", Attributes.FRAMED_IPV6_PREFIX, DataType.IPV6PREFIX))
          .build();

  static final RecordFormat FORMAT = new RecordFormat(DICTIONARY);

  private TestTables() {}

  static SubscriberTable open(TableParameters parameters, TableObserver observer)
      throws TableUnavailableException {
    return SubscriberTables.open(parameters, DICTIONARY, observer, Runnable::run, System::nanoTime);
  }

  static String url(Path directory) {
    return "jdbc:sqlite:" + directory.resolve("subscribers.db");
  }

  /** Subscriber {@code n}: its own port, user, session, MAC address and prefix. */
  static SubscriberRecord subscriber(int n) {
    String mac = String.format("02-00-5E-%02X-%02X-%02X", n >> 16 & 0xff, n >> 8 & 0xff, n & 0xff);
    return SubscriberRecord.builder(
            NAS,
            "port-" + n,
            Duid.linkLayer(1, Octets.ofHex(mac)),
            new Ipv6Address(0x2001_0db8_0000_0000L + n, 1))
        .peerAddress(new Ipv6Address(0xfe80_0000_0000_0000L, n + 0x5eL))
        .interfaceId(Octets.ofUtf8("1/1/" + n))
        .serverDuid(Duid.ofHex("00010001 2a2b2c2d 02005e0000aa"))
        .reconfigureAccept(ReconfigureAccept.YES)
        .session(
            SessionAttributes.of(Attributes.USER_NAME, text("user" + n + "@example.net"))
                .plus(Attributes.ACCT_SESSION_ID, text(String.format("8A3F%04X", n)))
                .plus(Attributes.CALLING_STATION_ID, text(mac)))
        .ia(
            new IdentityAssociation(
                IdentityAssociation.Type.IA_NA,
                OptionalLong.of(1),
                List.of(new Ipv6Prefix(new Ipv6Address(0x2001_0db8_0000_0000L + n, 0x1000), 128)),
                List.of(Instant.ofEpochSecond(1_795_300_000L + n))))
        .ia(
            new IdentityAssociation(
                IdentityAssociation.Type.IA_PD,
                OptionalLong.empty(),
                List.of(new Ipv6Prefix(new Ipv6Address(0x2001_0db8_4200_0000L + n * 256L, 0), 56))))
        .options(options("aftr.example.net"))
        .build();
  }

  /** Option 64 with a text in place of the name: what it holds does not matter here. */
  static OptionList options(String text) {
    return OptionList.of(new RawOption(new OptionCode(1000), text(text)));
  }

  static Octets text(String text) {
    return Octets.ofUtf8(text);
  }

  static SessionQuery byUser(String name) {
    return query(Attributes.USER_NAME, name);
  }

  static SessionQuery query(AttributeId attribute, String value) {
    return new SessionQuery(NAS, List.of(SessionKey.of(attribute, text(value))));
  }

  /**
   * Waits for a stage, at most some minutes: only what never comes is to fail, and thousands of
   * writes to PostgreSQL may take a minute on a machine that does much else.
   */
  static <T> T await(CompletionStage<T> stage) throws ExecutionException {
    try {
      return stage.toCompletableFuture().get(3, TimeUnit.MINUTES);
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError("the table did not answer", e);
    }
  }

  /** The failure of a stage. */
  static Throwable failure(CompletionStage<?> stage) {
    try {
      Object value = await(stage);
      throw new AssertionError("did not fail but gave " + value);
    } catch (ExecutionException e) {
      return e.getCause();
    }
  }
}
