package io.coagateway.cli;

import io.coagateway.accounting.SessionJoiner;
import io.coagateway.dhcpv6.Duid;
import io.coagateway.dhcpv6.OptionList;
import io.coagateway.dhcpv6.RemoteIdOption;
import io.coagateway.radius.Attribute;
import io.coagateway.radius.AttributeDictionary;
import io.coagateway.radius.AttributeId;
import io.coagateway.subscriber.IdentityAssociation;
import io.coagateway.subscriber.JoinRule;
import io.coagateway.subscriber.ReconfigureAccept;
import io.coagateway.subscriber.RecordFormat;
import io.coagateway.subscriber.SubscriberRecord;
import io.coagateway.wire.Octets;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Subscriber records for people: one aligned line for each thing known. Or as JSON lines. */
final class RecordPrinter {
  private final AttributeDictionary attributes;
  private final boolean json;
  private final List<AttributeId> duidAttributes;

  /**
   * @param json one line of JSON for each record
   * @param duidAttributes which attributes of a session hold the client's DUID
   */
  RecordPrinter(AttributeDictionary attributes, boolean json, List<AttributeId> duidAttributes) {
    this.attributes = attributes;
    this.json = json;
    this.duidAttributes = duidAttributes;
  }

  void print(List<SubscriberRecord> records, PrintWriter out) {
    RecordFormat format = new RecordFormat(attributes);
    for (int i = 0; i < records.size(); i++) {
      if (json) {
        out.println(format.print(records.get(i)));
      } else {
        if (i > 0) {
          out.println();
        }
        text(records.get(i), out);
      }
    }
    out.flush();
  }

  /** What a change that is under way has put in force. */
  static void underWay(SubscriberRecord record, OptionList options, PrintWriter out) {
    String title = "under way";
    if (options.isEmpty()) {
      line(out, title, "nothing is supplied for " + record.id());
    } else {
      for (String option : options.toText().split("\n", -1)) {
        line(out, title, option);
        title = "";
      }
    }
    out.flush();
  }

  private void text(SubscriberRecord record, PrintWriter out) {
    line(out, "subscriber", record.id() + "   version " + record.version());
    if (!record.nas().isEmpty()) {
      line(out, "NAS", record.nas());
    }
    line(out, "client", duid(record.duid()));
    line(out, "link address", record.linkAddress().toString());
    record.peerAddress().ifPresent(peer -> line(out, "peer address", peer.toString()));
    record.interfaceId().ifPresent(id -> line(out, "interface id", opaque(id)));
    record.remoteId().ifPresent(id -> line(out, "remote id", remoteId(id)));
    record.subscriberId().ifPresent(id -> line(out, "subscriber id", opaque(id)));
    record.serverDuid().ifPresent(duid -> line(out, "server", duid(duid)));
    line(out, "reconfigure", accept(record.reconfigureAccept()));
    String title = "session";
    for (Map.Entry<AttributeId, List<Octets>> one : record.session().asMap().entrySet()) {
      for (Octets value : one.getValue()) {
        line(out, title, attributes.print(new Attribute(one.getKey(), value)));
        title = "";
      }
    }
    if (!record.session().isEmpty()) {
      line(out, "belongs by", reasons(record));
    }
    title = "leases";
    for (IdentityAssociation ia : record.ias()) {
      line(out, title, lease(ia));
      title = "";
    }
    title = "supplies";
    if (!record.options().isEmpty()) {
      for (String option : record.options().toText().split("\n", -1)) {
        line(out, title, option);
        title = "";
      }
    }
  }

  /** Why this session is this client's, as far as their values tell. */
  private String reasons(SubscriberRecord record) {
    String rules =
        SessionJoiner.explain(record, List.of(JoinRule.values()), duidAttributes).stream()
            .map(JoinRule::label)
            .collect(Collectors.joining(", "));
    return rules.isEmpty() ? "nothing that both sides tell" : rules;
  }

  private static void line(PrintWriter out, String title, String value) {
    out.println(String.format("%-14s%s", title, value));
  }

  private static String duid(Duid duid) {
    return duid + "   " + duid.describe();
  }

  private static String remoteId(RemoteIdOption id) {
    return "enterprise " + id.enterprise() + ", " + opaque(id.id());
  }

  private static String opaque(Octets octets) {
    String text = octets.toUtf8();
    boolean printable = text.chars().allMatch(c -> c >= 0x20 && c <= 0x7e);
    return printable ? '"' + text + "\"   0x" + octets : "0x" + octets;
  }

  private static String accept(ReconfigureAccept accept) {
    return switch (accept) {
      case YES -> "accepted";
      case NO -> "not accepted";
      case UNKNOWN -> "unknown";
    };
  }

  private static String lease(IdentityAssociation ia) {
    String iaid =
        ia.iaid().isPresent()
            ? "iaid " + ia.iaid().getAsLong()
            : "iaid unknown (a RELEASE-REQUEST needs it)";
    List<String> leases = new ArrayList<>();
    for (int i = 0; i < ia.leases().size(); i++) {
      leases.add(ia.leaseText(ia.leases().get(i)) + ia.end(i).map(RecordPrinter::end).orElse(""));
    }
    return ia.type() + "  " + iaid + "  " + String.join(", ", leases);
  }

  /** In UTC, like the log. */
  private static String end(Instant end) {
    return end.equals(IdentityAssociation.FOREVER) ? " for ever" : " until " + end;
  }
}
