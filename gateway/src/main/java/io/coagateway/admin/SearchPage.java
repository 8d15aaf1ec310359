package io.coagateway.admin;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a search of the subscriber table has found, and the form to search again. */
final class SearchPage {
  private static final List<String> COLUMNS = List.of("Member", "Value");

  private final String attribute;
  private final String value;
  private final Optional<String> note;
  private final List<JsonNode> records;

  /**
   * @param note what to say above the records
   * @param records as the table prints them
   */
  SearchPage(String attribute, String value, Optional<String> note, List<JsonNode> records) {
    this.attribute = attribute;
    this.value = value;
    this.note = note;
    this.records = records;
  }

  /** The form, also for the status page. */
  static void form(Html html, String attribute, String value) {
    html.raw("<form class=\"search\" method=\"post\" action=\"" + SearchRoute.PATH + "\">")
        .raw("<label>Attribute <input name=\"attribute\" required value=\"")
        .text(attribute)
        .raw("\"></label><label>Value <input name=\"value\" required value=\"")
        .text(value)
        .raw("\"></label><label>Token <input name=\"token\" type=\"password\" required")
        .raw(" autocomplete=\"current-password\"></label><button>Find</button></form>");
  }

  String render() {
    Html html = new Html();
    StatusPage.documentStart(html, "coa-gateway subscribers", false);
    html.raw("<header><div>").element("h1", "", "Subscribers");
    html.raw("</div><nav><a href=\"/\">Status</a></nav></header>");
    form(html, attribute, value);
    note.ifPresent(words -> html.element("p", "quiet", words));
    for (JsonNode record : records) {
      html.element("h2", "", record.path("id").asText());
      html.tableStart(COLUMNS);
      rows(record).forEach(row -> html.row(COLUMNS, row));
      html.tableEnd();
    }
    return html.raw("</main></body></html>\n").toString();
  }

  /** Session attributes each in a row of their own, everything else as the record has it. */
  private static List<List<String>> rows(JsonNode record) {
    List<List<String>> rows = new ArrayList<>();
    for (Map.Entry<String, JsonNode> member : record.properties()) {
      switch (member.getKey()) {
        case "id" -> {
          // is the heading
        }
        case "session" -> {
          for (Map.Entry<String, JsonNode> one : member.getValue().properties()) {
            List<String> values = new ArrayList<>();
            one.getValue().forEach(v -> values.add(v.asText()));
            rows.add(List.of(one.getKey(), String.join(", ", values)));
          }
        }
        case "ias" -> {
          for (JsonNode ia : member.getValue()) {
            List<String> leases = new ArrayList<>();
            ia.path("leases").forEach(lease -> leases.add(lease.asText()));
            String iaid = ia.has("iaid") ? " " + ia.path("iaid").asText() : "";
            rows.add(List.of(ia.path("type").asText() + iaid, String.join(", ", leases)));
          }
        }
        default ->
            rows.add(
                List.of(
                    member.getKey(),
                    member.getValue().isValueNode()
                        ? member.getValue().asText()
                        : member.getValue().toString()));
      }
    }
    return rows;
  }
}
