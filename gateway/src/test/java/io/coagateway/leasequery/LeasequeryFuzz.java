package io.coagateway.leasequery;

import static io.coagateway.fuzz.Property.equal;
import static io.coagateway.fuzz.Property.require;

import io.coagateway.dhcpv6.Duid;
import io.coagateway.fuzz.Seeds;
import io.coagateway.subscriber.IdentityAssociation;
import io.coagateway.subscriber.RecordEdit;
import io.coagateway.subscriber.SubscriberRecord;
import io.coagateway.subscriber.TableUnavailableException;
import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.Ipv6Prefix;
import io.coagateway.wire.Octets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Any stream from a server: the same messages however it is cut, one outcome, and clients whose
 * leases come into the table so that nothing that was there goes, and a second time changes
 * nothing.
 */
public final class LeasequeryFuzz {
  private static final Duid RELAY = Duid.ofHex("0003000102005e0000bb");
  private static final Optional<Ipv6Address> LINK =
      Optional.of(Ipv6Address.parse("2001:db8:0:7::1"));
  private static final int MAX_CLIENTS = 32;

  private LeasequeryFuzz() {}

  /** Where to start: whole answers, each message of them alone, and other messages. */
  public static Seeds seeds() {
    Seeds seeds = Seeds.of("bulk-leasequery");
    List<List<String>> answers =
        List.of(
            List.of(
                BulkLeasequeryTest.reply(BulkLeasequeryTest.FIRST),
                BulkLeasequeryTest.data(BulkLeasequeryTest.SECOND),
                BulkLeasequeryTest.done("")),
            List.of(BulkLeasequeryTest.reply("")),
            List.of(BulkLeasequeryTest.reply("000d0004000a6e6f")),
            List.of(
                BulkLeasequeryTest.reply(BulkLeasequeryTest.SECOND),
                BulkLeasequeryTest.done("000d0002000b")));
    for (List<String> answer : answers) {
      Octets stream = Octets.EMPTY;
      for (String message : answer) {
        stream = stream.plus(MessageStream.frame(Octets.ofHex(message)));
      }
      seeds.add(stream.toArray());
    }
    return seeds.hex("dhcpv6", "message", octets -> MessageStream.frame(octets).toArray());
  }

  /** One input. */
  public static void fuzzerTestOneInput(byte[] input) throws TableUnavailableException {
    List<Octets> messages = cut(input, input.length);
    equal(cut(input, 1), messages, "octet for octet");
    equal(cut(input, 1 + input.length % 7), messages, "in small pieces");
    Octets again = Octets.EMPTY;
    for (Octets message : messages) {
      again = again.plus(MessageStream.frame(message));
    }
    equal(again, Octets.copyOf(input, 0, again.length()), "framed again");
    exchange(messages);
  }

  /** The stream's messages when at most so many octets come at a time. */
  private static List<Octets> cut(byte[] input, int most) {
    MessageStream stream = new MessageStream();
    List<Octets> messages = new ArrayList<>();
    int at = 0;
    while (at < input.length) {
      int some = Math.min(Math.min(most, stream.wanted()), input.length - at);
      require(some > 0, () -> "wants " + stream.wanted());
      System.arraycopy(input, at, stream.buffer(), stream.filled(), some);
      at += some;
      stream.took(some).ifPresent(messages::add);
    }
    int whole = messages.stream().mapToInt(message -> 2 + message.length()).sum();
    equal(stream.isInTheMiddle(), whole < input.length, "in the middle");
    return messages;
  }

  private static void exchange(List<Octets> messages) throws TableUnavailableException {
    List<LeasedClient> told = new ArrayList<>();
    BulkExchange exchange = new BulkExchange(1, RELAY, told::add);
    for (Octets message : messages) {
      boolean over = exchange.outcome().isPresent();
      if (over) {
        break; // nobody reads on
      }
      exchange.onMessage(message);
    }
    exchange.onEnd("the stream ends");
    QueryOutcome outcome = exchange.outcome().orElseThrow();
    equal(outcome.clients(), told.size(), "clients");
    boolean nothing =
        outcome.kind() == QueryOutcome.Kind.NOTHING_KNOWN
            || outcome.kind() == QueryOutcome.Kind.REFUSED;
    require(!nothing || told.isEmpty(), () -> outcome + " after " + told);
    mergeAll(told);
  }

  /** Into a table that has nothing yet. */
  static void mergeAll(List<LeasedClient> told) {
    Map<String, SubscriberRecord> table = new LinkedHashMap<>();
    told.stream().limit(MAX_CLIENTS).forEach(client -> merge(table, client));
  }

  private static void merge(Map<String, SubscriberRecord> table, LeasedClient client) {
    LeaseMerge merge = new LeaseMerge("nas1", client, LINK);
    List<SubscriberRecord> before = recordsOf(table, client.duid());
    RecordEdit.Changes changes = merge.apply(before);
    require(changes.removed().isEmpty(), () -> "removes " + changes.removed());
    require(changes.put().size() <= 1, () -> "writes " + changes.put());
    for (SubscriberRecord after : changes.put()) {
      equal(after.duid(), client.duid(), "DUID");
      Set<Ipv6Prefix> leases = leases(after);
      require(
          leases.containsAll(client.addresses()) && leases.containsAll(client.prefixes()),
          () -> after + " lacks leases of " + client);
      Optional<SubscriberRecord> old = Optional.ofNullable(table.put(after.id(), after));
      old.ifPresent(
          o -> require(leases.containsAll(leases(o)), () -> o + " lost leases: " + after));
      RecordEdit.Changes second = merge.apply(recordsOf(table, client.duid()));
      equal(second.put(), List.of(after), "a second time");
    }
  }

  private static List<SubscriberRecord> recordsOf(Map<String, SubscriberRecord> table, Duid duid) {
    return table.values().stream().filter(record -> record.duid().equals(duid)).toList();
  }

  private static Set<Ipv6Prefix> leases(SubscriberRecord record) {
    return record.ias().stream()
        .map(IdentityAssociation::leases)
        .flatMap(List::stream)
        .collect(Collectors.toSet());
  }
}
