package io.coagateway.admin;

import static io.coagateway.fuzz.Property.equal;
import static io.coagateway.fuzz.Property.require;

import io.coagateway.admin.SubscriberSource.Condition;
import io.coagateway.fuzz.Seeds;
import io.coagateway.wire.Octets;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;

/**
 * Any octets to the admin port: the same answers however they are cut; every answer hardened; no
 * subscriber shown to who does not know the token; nothing that was sent becomes markup. The first
 * octet says how the stream is cut.
 */
public final class AdminFuzz {
  private static final String TOKEN = "0123456789abcdef0123";

  /** Who takes the token for a value to search for gets it back in the form. */
  private static final Pattern TOKEN_IN_SEARCH = Pattern.compile("(attribute|value)=[^&]*" + TOKEN);

  private static final String HIDDEN = "hidden-subscriber";
  private static final AdminSite SITE =
      new AdminSite(
          Optional.of(AdminToken.of(TOKEN)),
          new AdminSources(
              contentType -> "# nothing\n",
              () -> Health.OK,
              AdminServerTest::status,
              Optional.of(new OneSubscriber()),
              Optional.empty()));
  private static final HostCheck HOSTS = new HostCheck(Set.of("nas1.example.net"));
  private static final Set<Long> TAGS = tags();

  private AdminFuzz() {}

  private static final class OneSubscriber implements SubscriberSource {
    @Override
    public CompletionStage<List<String>> find(List<Condition> conditions, int limit) {
      return CompletableFuture.completedFuture(List.of("{\"id\":\"" + HIDDEN + "\"}"));
    }

    @Override
    public CompletionStage<Long> put(String line, Expected expected) {
      return CompletableFuture.failedFuture(
          new RefusedException(RefusedException.Reason.STALE, "It is 12."));
    }

    @Override
    public CompletionStage<Void> remove(String id, Expected expected) {
      return CompletableFuture.completedFuture(null);
    }
  }

  /** Where to start: good requests of every kind and some bad ones. */
  public static Seeds seeds() {
    Seeds seeds = Seeds.of("admin-http");
    for (String request : requests()) {
      seeds.add("\u0003" + request);
    }
    return seeds
        .add("\u0010" + String.join("", requests()))
        .add("\u0001GET /" + "a".repeat(5000) + " HTTP/1.1\r\n\r\n")
        .add(
            "@GET / HTTP/1.1\r\nHost: a\r\nHost: localhost\r\nX: " + "b".repeat(1000) + "\r\n\r\n");
  }

  private static List<String> requests() {
    String host = " HTTP/1.1\r\nHost: localhost\r\n";
    String bearer = host + "Authorization: Bearer " + TOKEN + "\r\n\r\n";
    return List.of(
        "GET /" + host + "\r\n",
        "GET /?live" + host + "\r\n",
        "HEAD /health" + host + "\r\n",
        "GET /metrics" + host + "Accept: application/openmetrics-text\r\n\r\n",
        "GET /subscribers?User-Name=alice" + bearer,
        "GET /subscribers?User-Name=alice" + host + "Authorization: Bearer no\r\n\r\n",
        "DELETE /subscribers?id=a" + bearer,
        "PUT /subscribers" + host + "If-Match: \"12\"\r\nContent-Length: 2\r\n\r\n{}",
        form("attribute=User-Name&value=%3Cb%3E&token=" + TOKEN),
        form("attribute=User-Name&value=" + TOKEN + "&token=wrong"),
        form("attribute=<script>&value='\"&token=wrong"),
        form("attribute=&value=&token=" + TOKEN),
        form("attribute=%zz"),
        "POST /search" + host + "Transfer-Encoding: chunked\r\n\r\n5\r\na=b&c\r\n0\r\n\r\n",
        "GET /nothing" + host + "\r\n");
  }

  private static String form(String body) {
    return "POST /search HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }

  /** How many tags each kind of page has, whatever is asked for. */
  private static Set<Long> tags() {
    Set<Long> counts = new HashSet<>();
    for (String request : requests()) {
      byte[] octets = request.getBytes(StandardCharsets.UTF_8);
      answersTo(Octets.wrap(octets), octets.length)
          .forEach(
              answer -> {
                if (answer.contains("text/html")) {
                  counts.add(tagsIn(answer));
                }
              });
    }
    return counts;
  }

  private static long tagsIn(String answer) {
    return answer.chars().filter(c -> c == '<').count();
  }

  /** One input. */
  public static void fuzzerTestOneInput(byte[] input) {
    if (input.length == 0) {
      return;
    }
    Octets stream = Octets.wrap(input).from(1);
    List<String> answers = answersTo(stream, stream.length());
    equal(answersTo(stream, 1 + (input[0] & 0xff)), answers, "in pieces");
    boolean known = stream.toUtf8().contains("0123");
    boolean searchedForIt = TOKEN_IN_SEARCH.matcher(stream.toUtf8()).find();
    for (String answer : answers) {
      int body = answer.indexOf("\r\n\r\n");
      require(answer.startsWith("HTTP/1.1 ") && body > 0, () -> "no answer: " + answer);
      require(known || !answer.contains(HIDDEN), () -> "shown to anybody: " + answer);
      require(searchedForIt || !answer.contains(TOKEN), () -> "the token is shown: " + answer);
      if (answer.contains("content-type")) {
        require(answer.contains("nosniff") && answer.contains("no-store"), () -> answer);
      }
      if (answer.contains("text/html") && answer.length() > body + 4) {
        require(TAGS.contains(tagsIn(answer)), () -> tagsIn(answer) + " tags: " + answer);
      }
    }
  }

  /** Every answer, as text; two in one write are two. */
  private static List<String> answersTo(Octets stream, int piece) {
    EmbeddedChannel channel = new EmbeddedChannel();
    SITE.serve(channel.pipeline(), Optional.of(HOSTS));
    StringBuilder out = new StringBuilder();
    for (int at = 0; at < stream.length() && channel.isOpen(); at += piece) {
      Octets part = stream.slice(at, Math.min(stream.length(), at + piece));
      channel.writeInbound(Unpooled.wrappedBuffer(part.toArray()));
      channel.runPendingTasks();
      for (ByteBuf one = channel.readOutbound(); one != null; one = channel.readOutbound()) {
        out.append(one.toString(StandardCharsets.UTF_8));
        one.release();
      }
    }
    channel.finishAndReleaseAll();
    return out.isEmpty() ? List.of() : List.of(out.toString().split("(?=HTTP/1\\.1 \\d{3} )"));
  }
}
