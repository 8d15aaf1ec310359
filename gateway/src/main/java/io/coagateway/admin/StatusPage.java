package io.coagateway.admin;

import io.coagateway.admin.GatewayStatus.Client;
import io.coagateway.admin.GatewayStatus.Dropped;
import io.coagateway.admin.GatewayStatus.InFlight;
import io.coagateway.admin.GatewayStatus.Refused;
import io.coagateway.admin.GatewayStatus.Server;
import io.coagateway.admin.Html.Badge;
import io.coagateway.radius.DynamicAuthorizationRequest.Kind;
import io.coagateway.radsec.ReverseStatus;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/**
 * The status page: one page, made here, no script and nothing loaded from elsewhere. First what is
 * wrong, then what is going on, then the parts.
 */
final class StatusPage {
  private static final String STYLE = style();
  private static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'").withZone(ZoneOffset.UTC);

  private static final List<String> IN_FLIGHT = List.of("Request", "DAC", "Id", "Age", "Waits for");
  private static final List<String> REFUSALS =
      List.of("When", "Request", "DAC", "Error-Cause", "What happened", "What to do");
  private static final List<String> DROPS =
      List.of("Why", "Count", "Last client", "When", "What to do");
  private static final List<String> SERVERS =
      List.of(
          "Server",
          "State",
          "Address",
          "Modes",
          "Waiting",
          "Queued",
          "Limit",
          "Sent",
          "Answered",
          "Unanswered");
  private static final List<String> CLIENTS =
      List.of("DAC", "Addresses", "Requests", "ACK", "NAK", "Limit");
  private static final List<String> REVERSE =
      List.of("DAC", "We connect to", "State", "For", "Failures", "Last failure");
  private static final List<String> CONNECTIONS =
      List.of("DAC", "Opened", "Peer", "TLS", "For", "Packets");

  /** Whether subscribers can be searched from the page. */
  enum Search {
    /** By who knows the token. */
    OPEN,
    /** There is no token, so nobody can prove himself. */
    CLOSED
  }

  private final GatewayStatus status;
  private final Health health;
  private final Search search;
  private final boolean live;
  private final Html html = new Html();

  /**
   * @param search whether it has a form to search with
   * @param live whether the page asks the browser to load it again every few seconds
   */
  StatusPage(GatewayStatus status, Health health, Search search, boolean live) {
    this.status = status;
    this.health = health;
    this.search = search;
    this.live = live;
  }

  String render() {
    head();
    banner();
    tiles();
    inFlight();
    refusals();
    drops();
    servers();
    clients();
    tls();
    search();
    return html.raw("<footer>")
        .text("Taken " + CLOCK.format(status.now()) + ". ")
        .raw("<a href=\"/metrics\">Metrics</a> <a href=\"/health\">Health</a></footer>")
        .raw("</main></body></html>\n")
        .toString();
  }

  /** Everything up to the page's own header. */
  static void documentStart(Html html, String title, boolean live) {
    html.raw("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">")
        .raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
    if (live) {
      html.raw("<meta http-equiv=\"refresh\" content=\"5\">");
    }
    html.raw("<title>").text(title).raw("</title><style>").raw(STYLE);
    html.raw("</style></head><body><main>");
  }

  private void head() {
    String ofNas = status.nas().map(nas -> " " + nas).orElse("");
    documentStart(html, (health.ok() ? "" : "! ") + "coa-gateway" + ofNas, live);
    html.raw("<header><div>");
    html.element("h1", "", "coa-gateway");
    html.element(
        "p",
        "quiet",
        status.nas().orElse("any NAS")
            + " · version "
            + status.version()
            + " · up "
            + words(Duration.between(status.startedAt(), status.now())));
    html.raw("</div><nav><a href=\"/\">Refresh</a>")
        .raw(live ? "<a href=\"/\">Stop</a>" : "<a href=\"/?live\">Every 5 s</a>")
        .raw("</nav></header>");
  }

  private void banner() {
    if (health.ok() && health.notes().isEmpty()) {
      html.raw("<section class=\"banner good\">").element("strong", "", "All is well.");
    } else if (health.ok()) {
      html.raw("<section class=\"banner note\">").element("strong", "", "Working, with notes.");
    } else {
      html.raw("<section class=\"banner bad\">")
          .element("strong", "", "Requests cannot be answered as they should.");
    }
    reasons(health.problems());
    reasons(health.notes());
    html.raw("</section>");
  }

  private void reasons(List<Health.Reason> reasons) {
    if (reasons.isEmpty()) {
      return;
    }
    html.raw("<ul>");
    for (Health.Reason reason : reasons) {
      html.raw("<li>")
          .element("b", "", reason.part() + ": ")
          .text(reason.what() + " ")
          .element("span", "quiet", reason.cure())
          .raw("</li>");
    }
    html.raw("</ul>");
  }

  private void tiles() {
    GatewayStatus.Table table = status.table();
    long acks = status.clients().stream().mapToLong(Client::acks).sum();
    long naks = status.clients().stream().mapToLong(Client::naks).sum();
    html.raw("<section class=\"tiles\">");
    tile("In flight", Html.grouped(status.inFlightCount()), "not answered yet");
    tile("Acknowledged", Html.grouped(acks), "since the start");
    tile("Refused", Html.grouped(naks), "since the start");
    tile(
        "Dropped",
        Html.grouped(status.drops().stream().mapToLong(Dropped::count).sum()),
        "without answer");
    tile(
        "Subscribers",
        Html.grouped(table.records()),
        table.failure().isPresent()
            ? "database failing"
            : table.complete() ? "in " + table.database() : "still loading");
    tile(
        "Database queue",
        Html.grouped(table.queued()),
        "of " + Html.grouped(table.queueLimit()) + " at most");
    html.raw("</section>");
  }

  private void tile(String name, String value, String note) {
    html.raw("<div class=\"tile\">")
        .element("span", "quiet", name)
        .element("b", "", value)
        .element("span", "quiet", note)
        .raw("</div>");
  }

  private void inFlight() {
    html.element("h2", "", "In flight");
    if (status.inFlight().isEmpty()) {
      html.element("p", "quiet", "Nothing is waiting.");
      return;
    }
    html.tableStart(IN_FLIGHT);
    for (InFlight one : status.inFlight()) {
      html.row(
          IN_FLIGHT,
          List.of(
              name(one.kind()), one.client(), one.identifier(), words(one.age()), one.waitsFor()));
    }
    html.tableEnd();
    int more = status.inFlightCount() - status.inFlight().size();
    if (more > 0) {
      html.element("p", "quiet", "and " + Html.grouped(more) + " more");
    }
  }

  private void refusals() {
    html.element("h2", "", "Last refusals");
    if (status.refusals().isEmpty()) {
      html.element("p", "quiet", "None since the start.");
      return;
    }
    html.tableStart(REFUSALS);
    for (Refused one : status.refusals()) {
      html.row(
          REFUSALS,
          List.of(
              ago(one.at()),
              name(one.kind()) + " " + one.identifier(),
              one.client(),
              new Badge("bad", one.cause().map(c -> String.valueOf(c.number())).orElse("none")),
              one.reason(),
              one.cause().map(Advice::on).orElse("")));
    }
    html.tableEnd();
  }

  private void drops() {
    html.element("h2", "", "Dropped without answer");
    if (status.drops().isEmpty()) {
      html.element("p", "quiet", "None since the start.");
      return;
    }
    html.tableStart(DROPS);
    for (Dropped one : status.drops()) {
      html.row(
          DROPS,
          List.of(
              one.reason().text(),
              one.count(),
              one.lastClient().isEmpty() ? "unknown" : one.lastClient(),
              ago(one.lastAt()),
              one.reason().cure()));
    }
    html.tableEnd();
  }

  private void servers() {
    html.element("h2", "", "DHCPv6 servers");
    html.tableStart(SERVERS);
    for (Server one : status.servers()) {
      html.row(
          SERVERS,
          List.of(
              one.name(),
              badge(one.reachability()),
              one.address(),
              one.modes(),
              one.outstanding(),
              one.queued(),
              one.limit(),
              one.sent(),
              one.answered(),
              one.unanswered()));
    }
    html.tableEnd();
  }

  private static Badge badge(GatewayStatus.Reachability reachability) {
    return switch (reachability) {
      case UNTRIED -> new Badge("idle", "not asked yet");
      case ASKED -> new Badge("idle", "no answer yet");
      case ANSWERS -> new Badge("good", "answers");
      case SILENT -> new Badge("bad", "silent");
      case LATE -> new Badge("bad", "answers late");
      case UNSUPPORTING -> new Badge("bad", "unsupporting");
    };
  }

  private void clients() {
    html.element("h2", "", "DACs");
    html.tableStart(CLIENTS);
    for (Client one : status.clients()) {
      html.row(
          CLIENTS,
          List.of(
              one.name(),
              one.addresses(),
              one.requests(),
              one.acks(),
              one.naks(),
              one.limit().orElse("none")));
    }
    html.tableEnd();
  }

  private void search() {
    html.element("h2", "", "Subscriber search");
    switch (search) {
      case OPEN -> {
        if (live) { // what was typed would be gone with the next load
          html.raw("<p class=\"quiet\"><a href=\"/\">Stop the refresh</a> to search.</p>");
        } else {
          SearchPage.form(html, "User-Name", "");
        }
      }
      case CLOSED ->
          html.element(
              "p",
              "quiet",
              "Closed: set admin.token, or use `coa-gateway table find` on the machine.");
    }
  }

  private void tls() {
    if (status.tls().isEmpty()) {
      return;
    }
    GatewayStatus.Tls tls = status.tls().get();
    html.element("h2", "", "RADIUS over TLS");
    if (!tls.reverse().isEmpty()) {
      html.tableStart(REVERSE);
      for (GatewayStatus.Reverse one : tls.reverse()) {
        html.row(
            REVERSE,
            List.of(
                one.client(),
                one.server(),
                badge(one.state()),
                words(one.lasting()),
                one.failures(),
                one.lastFailure()));
      }
      html.tableEnd();
    }
    if (tls.connections().isEmpty()) {
      html.element("p", "quiet", "No connection is open.");
    } else {
      html.tableStart(CONNECTIONS);
      for (GatewayStatus.Connection one : tls.connections()) {
        html.row(
            CONNECTIONS,
            List.of(
                one.client(),
                one.reverse() ? "by us" : "by the client",
                one.remote(),
                one.protocol(),
                words(one.lasting()),
                one.packets()));
      }
      html.tableEnd();
    }
    tls.certificateEnds()
        .ifPresent(end -> html.element("p", "quiet", "Our certificate ends on " + end + "."));
  }

  private static Badge badge(ReverseStatus.State state) {
    return switch (state) {
      case CONNECTING -> new Badge("idle", "connecting");
      case OPEN -> new Badge("idle", "open, not heard of yet");
      case ANSWERING -> new Badge("good", "answering");
      case WAITING -> new Badge("bad", "down, tried again soon");
    };
  }

  private static String name(Kind kind) {
    return switch (kind) {
      case COA -> "CoA";
      case DISCONNECT -> "Disconnect";
    };
  }

  private String ago(Instant at) {
    return words(Duration.between(at, status.now())) + " ago";
  }

  /** 0.3 s, 12 s, 4 min, 3 h, 2 d: as much as a person wants to know. */
  private static String words(Duration duration) {
    long seconds = Math.max(0, duration.toSeconds());
    if (seconds < 10) {
      return String.format(Locale.ROOT, "%.1f s", Math.max(0, duration.toMillis()) / 1000.0);
    }
    if (seconds < 120) {
      return seconds + " s";
    }
    if (seconds < 7200) {
      return seconds / 60 + " min";
    }
    return seconds < 172_800 ? seconds / 3600 + " h" : seconds / 86_400 + " d";
  }

  private static String style() {
    try (InputStream in = StatusPage.class.getResourceAsStream("status.css")) {
      if (in == null) {
        throw new IllegalStateException("status.css is not in the jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException("status.css cannot be read from the jar", e);
    }
  }
}
