package io.coagateway.admin;

import java.util.List;
import java.util.Locale;

/** Writes HTML; every text is escaped, so that nothing shown can become markup. */
final class Html {
  private final StringBuilder out = new StringBuilder(8192);

  /** Markup as it is; never anything that came from outside. */
  Html raw(String markup) {
    out.append(markup);
    return this;
  }

  /** Text. */
  Html text(Object text) {
    String value = String.valueOf(text);
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '&' -> out.append("&amp;");
        case '"' -> out.append("&quot;");
        case '\'' -> out.append("&#39;");
        default -> out.append(c);
      }
    }
    return this;
  }

  /** An element with text in it. */
  Html element(String name, String cssClass, Object text) {
    return raw("<" + name + (cssClass.isEmpty() ? "" : " class=\"" + cssClass + "\"") + ">")
        .text(text)
        .raw("</" + name + ">");
  }

  /** The head of a table. */
  Html tableStart(List<String> columns) {
    raw("<div class=\"table\"><table><thead><tr>");
    columns.forEach(column -> element("th", "", column));
    return raw("</tr></thead><tbody>");
  }

  /** A row; on a phone each cell shows its column's name beside it. */
  Html row(List<String> columns, List<?> cells) {
    raw("<tr>");
    for (int i = 0; i < columns.size(); i++) {
      boolean number = cells.get(i) instanceof Number;
      raw("<td").raw(number ? " class=\"number\"" : "");
      raw(" data-label=\"").text(columns.get(i)).raw("\">");
      if (cells.get(i) instanceof Badge badge) {
        element("span", "badge " + badge.kind(), badge.text());
      } else {
        text(number ? grouped((Number) cells.get(i)) : cells.get(i));
      }
      raw("</td>");
    }
    return raw("</tr>");
  }

  /** 54321 as 54 321, with a space that does not break. */
  static String grouped(Number value) {
    return String.format(Locale.ROOT, "%,d", value.longValue()).replace(',', '\u202f');
  }

  /** The end of a table. */
  Html tableEnd() {
    return raw("</tbody></table></div>");
  }

  /**
   * A word that stands out.
   *
   * @param kind good, bad or idle
   */
  record Badge(String kind, String text) {}

  @Override
  public String toString() {
    return out.toString();
  }
}
