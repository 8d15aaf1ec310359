package io.coagateway.dynauth;

import static io.coagateway.fuzz.Property.equal;
import static io.coagateway.fuzz.Property.require;

import io.coagateway.config.DictionaryFiles;
import io.coagateway.fuzz.Seeds;
import io.coagateway.fuzz.Steps;
import io.coagateway.radius.Attribute;
import io.coagateway.radius.AttributeDictionary;
import io.coagateway.radius.AttributeId;
import io.coagateway.radius.AttributeList;
import io.coagateway.radius.Attributes;
import io.coagateway.radius.DynamicAuthorizationRequest.Kind;
import io.coagateway.relay.NotSentReason;
import io.coagateway.relay.ServerResult;
import io.coagateway.subscriber.SubscriberRecord;
import io.coagateway.vectors.VectorFile;
import io.coagateway.wire.OctetWriter;
import io.coagateway.wire.Octets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Any attributes in any requests, from the rules through table and mapping to the verdict, and
 * servers that answer anything: each request is answered exactly once, none is left in progress,
 * and no subscriber stays busy.
 *
 * <p>The first octet of a step says what happens with the attributes that follow:
 *
 * <pre>
 *   0x01  a Disconnect-Request, not a CoA-Request
 *   0x02  put User-Name "alice" first    0x04  put User-Name "bob", who has two sessions, first
 *   0x18  what servers answer: success, a refusal, nothing, not sent
 *   0x20  they answer before the next request, not after it
 *   0x40  the table fails once           0x80  thirty seconds pass
 * </pre>
 */
public final class RequestFuzz {
  private static final AttributeDictionary DICTIONARY = DictionaryFiles.builtIn();

  private final Gateway gateway = new Gateway();
  private final List<Gateway.Asked> asked = new ArrayList<>();
  private int reconfigured;
  private int released;

  private RequestFuzz() {
    gateway.dictionary = DICTIONARY;
    gateway.start();
  }

  /** Where to start. */
  public static Seeds seeds() {
    Seeds seeds = Seeds.of("request");
    for (int what : new int[] {0x02, 0x24, 0x03, 0x0a, 0x12, 0x1a, 0x42, 0x82}) {
      seeds
          .hex("radius/attributes.txt", "hex", octets -> Seeds.step(what, octets))
          .add(
              Seeds.step(
                  what,
                  AttributeList.of(
                          List.of(
                              Attribute.ofText(Attributes.DS_LITE_TUNNEL_NAME, "new.example.net")))
                      .encode(DICTIONARY)));
    }
    for (String table : List.of("radius/table-coa.txt", "radius/table-disconnect.txt")) {
      for (var vector : VectorFile.file(table)) {
        AttributeId id = AttributeId.parse(vector.get("row"));
        Octets one =
            AttributeList.of(List.of(new Attribute(id, vector.hex("value")))).encode(DICTIONARY);
        int kind = table.contains("coa") ? 0 : 1;
        seeds.add(Seeds.step(0x22 | kind, one)).add(Seeds.step(kind, one));
      }
    }
    return seeds;
  }

  /** One input. */
  public static void fuzzerTestOneInput(byte[] input) {
    new RequestFuzz().run(new Steps(input));
  }

  private void run(Steps steps) {
    while (steps.next() && asked.size() < 16) {
      if (steps.has(0x40)) {
        gateway.table.failNext(new IllegalStateException("broken on purpose"));
      }
      AttributeList attributes = AttributeList.parse(attributes(steps), DICTIONARY);
      asked.add(gateway.ask(steps.has(1) ? Kind.DISCONNECT : Kind.COA, attributes));
      if (steps.has(0x20)) {
        answer(steps.what() >> 3 & 3);
      }
      if (steps.has(0x80)) {
        gateway.pass(Duration.ofSeconds(30));
        asked.forEach(one -> require(!one.verdict().equals("open"), () -> "open after 30 s"));
      }
    }
    answer(steps.what() >> 3 & 3);
    gateway.pass(Duration.ofSeconds(30));
    answer(0);
    gateway.pass(Duration.ofSeconds(60));
    for (Gateway.Asked one : asked) {
      equal(one.answers.size(), 1, "answers to a request");
    }
    equal(gateway.reports.size(), asked.size(), "reports");
    equal(gateway.busy(), 0, "busy subscribers");
    for (SubscriberRecord record : gateway.table.records.values()) {
      require(record.options().encodedLength() < 65_536, () -> "options of " + record.id());
    }
  }

  private static Octets attributes(Steps steps) {
    OctetWriter writer = new OctetWriter();
    if (steps.has(2)) {
      writer.u8(1).u8(7).octets(Octets.ofUtf8("alice"));
    } else if (steps.has(4)) {
      writer.u8(1).u8(5).octets(Octets.ofUtf8("bob"));
    }
    return writer.octets(steps.octets()).toOctets();
  }

  /** What the servers say to everything that is out. */
  private void answer(int how) {
    while (reconfigured < gateway.exchanges.reconfigures.size()) {
      FakeExchanges.Reconfiguring one = gateway.exchanges.reconfigures.get(reconfigured++);
      if (one.dropped) {
        one.cancelled();
        continue;
      }
      switch (how) {
        case 0 -> one.accept();
        case 1 ->
            one.refuse(FakeExchanges.result(one.task.servers().get(0), ServerResult.Kind.LISTED));
        case 2 -> one.noAnswer();
        default -> one.notSent(NotSentReason.QUEUE_FULL);
      }
    }
    while (released < gateway.exchanges.releases.size()) {
      FakeExchanges.Releasing one = gateway.exchanges.releases.get(released++);
      if (one.dropped) {
        one.cancelled();
      } else if (how == 0) {
        one.released(false);
      } else {
        one.noAnswer();
      }
    }
    gateway.settle();
  }
}
