package io.coagateway.radius;

import io.coagateway.radius.AttributeRule.Occurs;
import io.coagateway.radius.AttributeRule.Role;
import io.coagateway.radius.DynamicAuthorizationRequest.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The two tables of RFC 5176 section 3.6 and what later RFCs added to them: which attribute may
 * occur how often in a request and in its answers.
 */
public final class AttributeTables {
  private static final String RFC5176 = "RFC 5176 section 3.6";
  private static final Occurs NO = Occurs.NEVER;
  private static final Occurs ONE = Occurs.AT_MOST_ONCE;
  private static final Occurs ANY = Occurs.ANY_NUMBER;

  private static final Map<AttributeId, AttributeRule> COA = index(coa());
  private static final Map<AttributeId, AttributeRule> DISCONNECT = index(disconnect());

  private AttributeTables() {}

  /** The table's row for an attribute; a vendor's attribute has that of Vendor-Specific. */
  public static Optional<AttributeRule> rule(Kind kind, AttributeId id) {
    AttributeId row =
        id.type() == Attributes.VENDOR_SPECIFIC.type() ? Attributes.VENDOR_SPECIFIC : id;
    return Optional.ofNullable(table(kind).get(row));
  }

  /** All rows for one kind of request, in the order of the tables. */
  public static List<AttributeRule> rules(Kind kind) {
    return List.copyOf(table(kind).values());
  }

  private static Map<AttributeId, AttributeRule> table(Kind kind) {
    return switch (kind) {
      case COA -> COA;
      case DISCONNECT -> DISCONNECT;
    };
  }

  private static List<AttributeRule> coa() {
    List<AttributeRule> rows = new ArrayList<>();
    //            request ack  nak  what for                    attributes
    rows(rows, RFC5176, ONE, NO, NO, Role.NAS_IDENTIFICATION, 4, 32, 95);
    rows(rows, RFC5176, ONE, NO, NO, Role.SESSION_IDENTIFICATION, 1, 5, 8, 30, 31, 44, 50, 87, 89);
    rows(rows, RFC5176, ONE, NO, NO, Role.SESSION_IDENTIFICATION, 96);
    rows(rows, RFC5176, ANY, NO, NO, Role.SESSION_IDENTIFICATION, 97);
    rows(rows, RFC5176, ANY, NO, NO, Role.CHANGE, 26);
    rows(rows, RFC5176, ONE, NO, ONE, Role.SERVICE, 6);
    rows(rows, RFC5176, ONE, ONE, ONE, Role.SIGNALLING, 24, 55, 80);
    rows(rows, RFC5176, ANY, ANY, ANY, Role.SIGNALLING, 33);
    rows(rows, RFC5176, ANY, ONE, NO, Role.WITHOUT_EFFECT, 79);
    rows(rows, RFC5176, ANY, NO, NO, Role.WITHOUT_EFFECT, 18);
    rows(rows, RFC5176, NO, NO, ANY, Role.ANSWER_ONLY, 101);
    rows(rows, RFC5176, ONE, NO, NO, Role.CHANGE, 7, 9, 10, 12, 15, 16, 19, 20, 23, 27, 28, 29);
    rows(rows, RFC5176, ONE, NO, NO, Role.CHANGE, 34, 35, 36, 37, 39, 57, 59, 61, 62, 63);
    rows(rows, RFC5176, ONE, NO, NO, Role.CHANGE, 71, 72, 85, 88, 92, 100);
    rows(rows, RFC5176, ANY, NO, NO, Role.CHANGE, 11, 13, 14, 22, 25, 38, 56, 58, 78, 98, 99, 123);
    rows(rows, RFC5176, ANY, NO, NO, Role.CHANGE, 64, 65, 66, 67, 69, 81, 82, 83, 90, 91);
    rows(rows, RFC5176, NO, NO, NO, Role.ANSWER_ONLY, 94);
    rows(rows, "RFC 6519", ONE, NO, NO, Role.CHANGE, 144);
    rows(rows, "RFC 8559", ONE, NO, NO, Role.SIGNALLING, 126);
    row(rows, "RFC 8559 section 3.4", ONE, Role.SIGNALLING, Attributes.OPERATOR_NAS_IDENTIFIER);
    row(rows, "RFC 8658", ONE, Role.CHANGE, Attributes.SOFTWIRE46_CONFIGURATION);
    row(rows, "RFC 8658", ONE, Role.CHANGE, Attributes.SOFTWIRE46_PRIORITY);
    row(rows, "RFC 8658", ONE, Role.CHANGE, Attributes.SOFTWIRE46_MULTICAST);
    AttributeId dhcpv4Options = AttributeId.extended(245, 4);
    row(rows, "RFC 9445 section 7", ANY, Role.CHANGE, Attributes.DHCPV6_OPTIONS);
    row(rows, "RFC 9445 section 7", ANY, Role.CHANGE, dhcpv4Options);
    return rows;
  }

  private static List<AttributeRule> disconnect() {
    List<AttributeRule> rows = new ArrayList<>();
    //            request ack  nak  what for                    attributes
    rows(rows, RFC5176, ONE, NO, NO, Role.NAS_IDENTIFICATION, 4, 32, 95);
    rows(rows, RFC5176, ONE, NO, NO, Role.SESSION_IDENTIFICATION, 1, 5, 30, 31, 44, 50, 87, 89);
    rows(rows, RFC5176, ANY, NO, NO, Role.WITHOUT_EFFECT, 18);
    rows(rows, RFC5176, ANY, NO, NO, Role.ACCOUNTING, 25);
    rows(rows, RFC5176, ANY, NO, NO, Role.CHANGE, 26); // identification where it is configured so
    rows(rows, RFC5176, ANY, ANY, ANY, Role.SIGNALLING, 33);
    rows(rows, RFC5176, ONE, ONE, NO, Role.ACCOUNTING, 49);
    rows(rows, RFC5176, ONE, ONE, ONE, Role.SIGNALLING, 55, 80);
    rows(rows, RFC5176, ANY, ONE, NO, Role.WITHOUT_EFFECT, 79);
    rows(rows, RFC5176, NO, NO, ANY, Role.ANSWER_ONLY, 101);
    rows(rows, RFC5176, NO, NO, NO, Role.SERVICE, 6);
    rows(rows, RFC5176, NO, NO, NO, Role.ANSWER_ONLY, 24, 61);
    // RFC 5176 section 3 and the example in section 7 identify by these, the table says 0
    rows(rows, RFC5176, NO, NO, NO, Role.SESSION_IDENTIFICATION, 8, 96, 97);
    rows(rows, "RFC 8559", ONE, NO, NO, Role.SIGNALLING, 126);
    row(rows, "RFC 8559 section 3.4", ONE, Role.SIGNALLING, Attributes.OPERATOR_NAS_IDENTIFIER);
    return rows;
  }

  private static void rows(
      List<AttributeRule> rows,
      String source,
      Occurs request,
      Occurs ack,
      Occurs nak,
      Role role,
      int... types) {
    for (int type : types) {
      rows.add(new AttributeRule(AttributeId.of(type), request, ack, nak, role, source));
    }
  }

  private static void row(
      List<AttributeRule> rows, String source, Occurs request, Role role, AttributeId id) {
    rows.add(new AttributeRule(id, request, NO, NO, role, source));
  }

  private static Map<AttributeId, AttributeRule> index(List<AttributeRule> rows) {
    Map<AttributeId, AttributeRule> index = new LinkedHashMap<>();
    for (AttributeRule row : rows) {
      if (index.put(row.id(), row) != null) {
        throw new IllegalStateException("two rows for " + row.id());
      }
    }
    return Collections.unmodifiableMap(index);
  }
}
