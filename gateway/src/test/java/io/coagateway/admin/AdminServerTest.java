package io.coagateway.admin;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coagateway.admin.SubscriberSource.Condition;
import io.coagateway.admin.SubscriberSource.RefusedException;
import io.coagateway.das.DropReason;
import io.coagateway.radius.DynamicAuthorizationRequest.Kind;
import io.coagateway.radius.ErrorCause;
import io.coagateway.radsec.ReverseStatus;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCountUtil;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who gets what from the admin port (interface.md section 5). */
class AdminServerTest {
  private static final String TOKEN = "0123456789abcdef0123";
  private static final Instant NOW = Instant.parse("2026-11-21T18:00:00Z");

  @TempDir Path directory;

  private volatile Health health = Health.OK;
  private volatile Supplier<String> metrics = () -> "# nothing\n";
  private final BlockingQueue<Consumer<EventSource.Event>> listeners = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> asked = new LinkedBlockingQueue<>();
  private final AtomicInteger tooSlow = new AtomicInteger();
  private AdminServer server;

  @BeforeEach
  void start() throws IOException {
    server =
        AdminServer.start(
            parameters(Optional.of(AdminToken.of(TOKEN))), sources(), (listener, why) -> {});
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void servesMetricsInTheFormThatIsAskedFor() throws IOException {
    assertThat(get("/metrics", ""))
        .startsWith("HTTP/1.1 200")
        .contains("text/plain; version=0.0.4");
    assertThat(get("/metrics", "Accept: application/openmetrics-text\r\n"))
        .contains("application/openmetrics-text");
  }

  @Test
  void healthIs200Or503WithReasons() throws IOException {
    assertThat(get("/health", "")).startsWith("HTTP/1.1 200").contains("\"status\":\"ok\"");
    health =
        new Health(
            List.of(new Health.Reason("database", "cannot be written", "Make room.")), List.of());
    assertThat(get("/health", ""))
        .startsWith("HTTP/1.1 503")
        .contains("\"part\":\"database\"", "\"cure\":\"Make room.\"");
  }

  /** RFC 9110 section 15.6.1: of a defect behind a page too, and the next request is answered. */
  @Test
  void aPageThatFailsIsAnsweredBy500() throws IOException {
    metrics =
        () -> {
          throw new IllegalStateException("on purpose");
        };
    String request = "GET %s HTTP/1.1\r\nHost: localhost\r\n%s\r\n";
    try (Socket socket = connect()) {
      send(
          socket.getOutputStream(),
          request.formatted("/metrics", "")
              + request.formatted("/health", "Connection: close\r\n"));
      assertThat(all(socket.getInputStream()))
          .startsWith("HTTP/1.1 500")
          .contains("The gateway failed.", "HTTP/1.1 200");
    }
  }

  @Test
  void theStatusPageSaysWhatHappenedAndWhatToDoAndEscapesIt() throws IOException {
    String page = get("/", "");
    assertThat(page)
        .startsWith("HTTP/1.1 200")
        .contains("text/html")
        .contains("dac-1")
        .contains("503")
        .contains("&lt;b&gt;no session&lt;/b&gt;")
        .doesNotContain("<b>no session")
        .contains("No record matches all attributes")
        .contains(DropReason.REQUEST_AUTHENTICATOR.cure())
        .contains("unsupporting")
        .contains("default-src 'none'")
        .doesNotContain("<script");
  }

  @Test
  void aForeignHostIsTurnedAway() throws IOException {
    assertThat(raw("GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n")).startsWith("HTTP/1.1 421");
    assertThat(raw("GET / HTTP/1.1\r\nHost: localhost:9912\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 200");
    assertThat(raw("GET / HTTP/1.1\r\nHost: [::1]:9912\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 200");
    assertThat(raw("GET / HTTP/1.1\r\nHost: NAS1.example.net\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 200");
    assertThat(raw("GET / HTTP/1.1\r\nHost: 127.0.0.1.evil.example\r\n\r\n"))
        .startsWith("HTTP/1.1 421");
    assertThat(raw("GET / HTTP/1.0\r\n\r\n")).startsWith("HTTP/1.1 421");
  }

  @ParameterizedTest
  @DisplayName("No Host header in HTTP/1.1, two, or one that holds no host: 400 (RFC 9112, 3.2)")
  @CsvSource({
    "/ HTTP/1.1, ''",
    "/ HTTP/1.1, Host: localhost|Host: localhost|",
    "/ HTTP/1.0, Host: localhost|Host: 127.0.0.1|",
    "http://localhost/ HTTP/1.1, ''",
    "http://localhost/ HTTP/1.1, Host: localhost|Host: localhost|",
    "/ HTTP/1.1, Host: local host|",
    "/ HTTP/1.1, Host: user@localhost|",
    "/ HTTP/1.1, Host: [::1|",
    "/ HTTP/1.1, Host: localhost:http|"
  })
  void aHostThatNobodyMayNameIsABadRequest(String target, String headers) throws IOException {
    String lines = headers.replace("|", "\r\n") + "Connection: close\r\n\r\n";
    assertThat(raw("GET " + target + "\r\n" + lines)).startsWith("HTTP/1.1 400");
  }

  @ParameterizedTest
  @DisplayName("A Host header that is well formed and not ours: 421")
  @ValueSource(strings = {"", "evil.example:80", "[v1.x]", "%65vil", "localhost:123456"})
  void aWellFormedHostThatIsNotOursIsMisdirected(String host) throws IOException {
    assertThat(raw("GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 421");
  }

  @Test
  void aHostAsLongAsAHeaderMayBeIsMisdirected() throws IOException {
    assertThat(raw("GET / HTTP/1.1\r\nHost: " + "a".repeat(8000) + "\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 421");
  }

  /** What the status page's form sends; the token comes in the body and stays there. */
  @Test
  void theSearchFormFindsForWhoKnowsTheTokenAndForNobodyElse() throws IOException {
    assertThat(get("/", "")).contains("action=\"/search\"", "form-action 'self'");
    assertThat(get("/?live", "")).doesNotContain("action=\"/search\"");
    assertThat(post("/search", "attribute=User-Name&value=alice&token=wrong"))
        .startsWith("HTTP/1.1 403")
        .contains("This is not the token of admin.token.");
    assertThat(post("/search", "attribute=User-Name&value=alice")).startsWith("HTTP/1.1 403");
    assertThat(asked).isEmpty();
    assertThat(post("/search", "attribute=User-Name&value=al%3Cice&token=" + TOKEN))
        .startsWith("HTTP/1.1 200")
        .contains("text/html", "<h2>a</h2>", "value=\"al&lt;ice\"", "cache-control: no-store")
        .doesNotContain(TOKEN);
    assertThat(asked).containsExactly("find [Condition[attribute=User-Name, value=al<ice]] 20");
    assertThat(post("/search", "attribute=&value=&token=" + TOKEN)).startsWith("HTTP/1.1 400");
    assertThat(get("/search", "")).startsWith("HTTP/1.1 405");
  }

  /** RFC 9110 section 15: whose fault it is; the page says what and why all the same. */
  @ParameterizedTest
  @CsvSource({"no such attribute, 400", "the table is away, 503", "a defect, 500"})
  void theSearchFailsWithTheStatusOfTheReason(String value, int status) throws IOException {
    assertThat(post("/search", "attribute=x&value=" + value.replace(' ', '+') + "&token=" + TOKEN))
        .startsWith("HTTP/1.1 " + status)
        .contains("text/html", value);
  }

  private String post(String path, String form) throws IOException {
    return raw(
        "POST "
            + path
            + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: "
            + form.length()
            + "\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\n"
            + form);
  }

  @Test
  void theTableNeedsTheToken() throws IOException {
    assertThat(get("/subscribers?User-Name=alice", ""))
        .startsWith("HTTP/1.1 401")
        .contains("Bearer");
    assertThat(get("/subscribers?User-Name=alice", "Authorization: Bearer wrong\r\n"))
        .startsWith("HTTP/1.1 401");
    assertThat(get("/subscribers?User-Name=alice&limit=5", authorization()))
        .startsWith("HTTP/1.1 200")
        .contains("application/x-ndjson")
        .endsWith("{\"id\":\"a\"}\n");
    assertThat(asked).containsExactly("find [Condition[attribute=User-Name, value=alice]] 5");
    assertThat(get("/events", "")).startsWith("HTTP/1.1 401");
  }

  @Test
  void withoutATokenTheTableIsClosed() throws IOException {
    server.close();
    server = AdminServer.start(parameters(Optional.empty()), sources(), (listener, why) -> {});
    assertThat(get("/subscribers?User-Name=alice", authorization()))
        .startsWith("HTTP/1.1 403")
        .contains("admin.token");
  }

  @Test
  void putHonoursIfMatch() throws IOException {
    String body = "{\"id\":\"a\"}";
    String head =
        "PUT /subscribers HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
            + authorization()
            + "Content-Length: "
            + body.length()
            + "\r\n";
    assertThat(raw(head + "If-Match: \"12\"\r\n\r\n" + body))
        .startsWith("HTTP/1.1 200")
        .containsIgnoringCase("etag: \"13\"");
    assertThat(raw(head + "If-Match: \"11\"\r\n\r\n" + body)).startsWith("HTTP/1.1 412");
    assertThat(raw(head + "If-Match: \"x\"\r\n\r\n" + body)).startsWith("HTTP/1.1 400");
    assertThat(raw(head + "If-Match: *\r\n\r\n" + body)).startsWith("HTTP/1.1 200");
    assertThat(raw(head + "\r\n" + body)).startsWith("HTTP/1.1 200");
    assertThat(asked)
        .containsExactly(
            "put " + SubscriberSource.Expected.version(12),
            "put " + SubscriberSource.Expected.version(11),
            "put " + SubscriberSource.Expected.ANY_VERSION,
            "put " + SubscriberSource.Expected.NOTHING);
  }

  @Test
  void aBodyThatIsNotUtf8IsRefused() throws IOException {
    try (Socket socket = connect()) {
      String request =
          "PUT /subscribers HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
              + authorization()
              + "Content-Length: 8\r\n\r\n\"m\u00fcller\"";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      assertThat(all(socket.getInputStream()))
          .startsWith("HTTP/1.1 400")
          .contains("The body is not UTF-8.");
    }
    assertThat(asked).isEmpty();
  }

  @Test
  void deleteNeedsOneId() throws IOException {
    assertThat(request("DELETE", "/subscribers?id=a", authorization())).startsWith("HTTP/1.1 200");
    String ifMatch = authorization() + "If-Match: \"12\"\r\n";
    assertThat(request("DELETE", "/subscribers?id=a", ifMatch)).startsWith("HTTP/1.1 200");
    assertThat(asked)
        .endsWith(
            "remove " + SubscriberSource.Expected.NOTHING,
            "remove " + SubscriberSource.Expected.version(12));
    assertThat(request("DELETE", "/subscribers?id=gone", authorization()))
        .startsWith("HTTP/1.1 404");
    assertThat(request("DELETE", "/subscribers", authorization())).startsWith("HTTP/1.1 400");
  }

  @Test
  void wrongPathsMethodsAndRequestsGetWords() throws IOException {
    assertThat(get("/nothing", "")).startsWith("HTTP/1.1 404").contains("/health");
    assertThat(get("/nothing", "")).endsWith("Here are: / /health /metrics /subscribers /events\n");
    assertThat(request("POST", "/", "")).startsWith("HTTP/1.1 405").containsIgnoringCase("allow:");
    assertThat(raw("nonsense\r\n\r\n")).startsWith("HTTP/1.1 400");
    assertThat(get("/" + "x".repeat(5000), "")).startsWith("HTTP/1.1 400").contains("4096 octets");
    assertThat(get("/", "Cookie: " + "x".repeat(9000) + "\r\n"))
        .startsWith("HTTP/1.1 431")
        .contains("remove the cookies of this host");
    assertThat(
            raw(
                "PUT /subscribers HTTP/1.1\r\nHost: localhost\r\n"
                    + authorization()
                    + "Content-Length: 10000000\r\n\r\n"))
        .startsWith("HTTP/1.1 413");
  }

  @Test
  void headHasNoBody() throws IOException {
    assertThat(request("HEAD", "/health", "")).startsWith("HTTP/1.1 200").endsWith("\r\n\r\n");
  }

  @Test
  void eventsComeAsTheyHappen() throws Exception {
    try (Socket socket = connect()) {
      send(
          socket.getOutputStream(),
          "GET /events HTTP/1.1\r\nHost: localhost\r\n" + authorization() + "\r\n");
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      Consumer<EventSource.Event> listener = listeners.poll(10, TimeUnit.SECONDS);
      assertThat(listener).isNotNull();
      send(socket.getOutputStream(), "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n"); // in vain
      listener.accept(new EventSource.Event("options-pending", "{\"id\":\"a\"}"));
      listener.accept(new EventSource.Event("binding-released", "{\"id\":\"b\"}"));
      StringBuilder seen = new StringBuilder();
      while (seen.indexOf("data: {\"id\":\"b\"}") < 0) {
        seen.append(in.readLine()).append('\n');
      }
      assertThat(seen).contains("text/event-stream", "event: options-pending", "{\"id\":\"a\"}");
    }
  }

  /** RFC 9110 section 9.3.2: the header alone; and the connection takes another request. */
  @Test
  void headOfEventsBeginsNoStream() throws Exception {
    try (Socket socket = connect()) {
      send(
          socket.getOutputStream(),
          "HEAD /events HTTP/1.1\r\nHost: localhost\r\n"
              + authorization()
              + "\r\nGET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
      assertThat(all(socket.getInputStream()))
          .matches("(?s)HTTP/1.1 200 OK\r\n.*text/event-stream.*\r\n\r\nHTTP/1.1 200 OK\r\n.*ok.*");
    }
    assertThat(listeners).isEmpty();
    assertThat(raw("HEAD /events HTTP/1.0\r\nHost: localhost\r\n" + authorization() + "\r\n"))
        .startsWith("HTTP/1.1 200 OK\r\n")
        .doesNotContainIgnoringCase("transfer-encoding");
  }

  /** RFC 9112 section 6.1: who asks by HTTP/1.0 gets no chunks; the connection's end is the end. */
  @Test
  void eventsOverHttp10AreNotChunked() throws Exception {
    try (Socket socket = connect()) {
      send(
          socket.getOutputStream(),
          "GET /events HTTP/1.0\r\nHost: localhost\r\n" + authorization() + "\r\n");
      Consumer<EventSource.Event> listener = listeners.poll(10, TimeUnit.SECONDS);
      assertThat(listener).isNotNull();
      listener.accept(new EventSource.Event("options-pending", "{\"id\":\"a\"}"));
      String whole = "\r\n\r\n: open\n\nevent: options-pending\ndata: {\"id\":\"a\"}\n\n";
      StringBuilder seen = new StringBuilder();
      while (seen.indexOf("}\n\n") < 0 && seen.length() < 10_000) {
        seen.append((char) socket.getInputStream().read());
      }
      assertThat(seen.toString())
          .startsWith("HTTP/1.1 200 OK\r\n")
          .containsIgnoringCase("connection: close\r\n")
          .doesNotContainIgnoringCase("transfer-encoding")
          .endsWith(whole);
    }
  }

  /** RFC 9112 section 3.2.2: it must be taken, and its host counts, whatever Host says. */
  @ParameterizedTest
  @CsvSource({
    "http://127.0.0.1:9912/health, localhost, 200",
    "HTTP://NAS1.example.net/health?x=1, localhost, 200",
    "http://localhost/health, evil.example, 200",
    "http://localhost, localhost, 200",
    "http://localhost?live, localhost, 200",
    "http://localhost/nothing, localhost, 404",
    "http://evil.example/health, localhost, 421",
    "http://evil.example, localhost, 421",
    "http://user@localhost/health, localhost, 421",
    "http:///health, localhost, 421",
    "https://localhost/health, localhost, 404"
  })
  void aTargetInAbsoluteFormIsTaken(String target, String host, int status) throws IOException {
    assertThat(
            raw("GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 " + status);
  }

  @Test
  void aListenerThatDoesNotReadIsCutOff() throws Exception {
    try (Socket socket = connect()) {
      send(
          socket.getOutputStream(),
          "GET /events HTTP/1.1\r\nHost: localhost\r\n" + authorization() + "\r\n");
      Consumer<EventSource.Event> listener = listeners.poll(10, TimeUnit.SECONDS);
      assertThat(listener).isNotNull();
      EventSource.Event event =
          new EventSource.Event("options-pending", "{\"id\":\"" + "a".repeat(10_000) + "\"}");
      // What the kernel takes, then what we hold; far less than this in all.
      for (int i = 0; i < 20_000 && tooSlow.get() == 0; i++) {
        listener.accept(event);
      }
      assertThat(tooSlow).hasValue(1);
      InputStream in = socket.getInputStream();
      byte[] taken = new byte[1 << 16];
      int read = 0;
      while (read >= 0) {
        try {
          read = in.read(taken);
        } catch (IOException e) {
          read = -1; // a reset is an end too
        }
      }
      assertThat(tooSlow).as("told once").hasValue(1);
    }
  }

  @Test
  void tooManyConnectionsAreClosed() throws IOException {
    Socket[] open = new Socket[4];
    for (int i = 0; i < open.length; i++) {
      open[i] = connect();
      send(open[i].getOutputStream(), "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n");
      assertThat(open[i].getInputStream().read()).isEqualTo('H');
    }
    try (Socket oneMore = connect()) {
      assertThat(oneMore.getInputStream().read()).isEqualTo(-1);
    }
    assertThat(overUnix("/health")).as("counted apart").startsWith("HTTP/1.1 200");
    for (Socket socket : open) {
      socket.close();
    }
  }

  /** Time is the channel's, moved by hand. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\r\nHost: ",
        "PUT /subscribers HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99\r\n\r\n"
      })
  void aRequestThatIsDrippedIsCutOff(String begin) {
    EmbeddedChannel connection = connection();
    connection.writeInbound(Unpooled.copiedBuffer(begin, US_ASCII));
    for (int second = 1; second < 30; second++) {
      connection.advanceTimeBy(1, TimeUnit.SECONDS);
      connection.runScheduledPendingTasks();
      connection.writeInbound(Unpooled.copiedBuffer("x", US_ASCII));
    }
    assertThat(connection.isOpen()).isTrue();
    connection.advanceTimeBy(1, TimeUnit.SECONDS);
    connection.runScheduledPendingTasks();
    assertThat(connection.isOpen()).isFalse();
    connection.finishAndReleaseAll();
  }

  @Test
  void eachRequestOfAConnectionHasItsOwnTime() {
    EmbeddedChannel connection = connection();
    for (int i = 0; i < 3; i++) {
      connection.advanceTimeBy(29, TimeUnit.SECONDS);
      connection.runScheduledPendingTasks();
      connection.writeInbound(
          Unpooled.copiedBuffer("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n", US_ASCII));
      connection.runPendingTasks();
      ByteBuf answer = connection.readOutbound();
      assertThat(answer.toString(US_ASCII)).startsWith("HTTP/1.1 200");
      connection.releaseOutbound();
      answer.release();
    }
    connection.advanceTimeBy(30, TimeUnit.SECONDS);
    connection.runScheduledPendingTasks();
    assertThat(connection.isOpen()).isFalse();
    connection.finishAndReleaseAll();
  }

  /** Who asks again and again and takes nothing gets no second answer, and no more time. */
  @Test
  void anAnswerThatIsNotTakenHoldsTheNextRequestsBackAndEndsTheConnection() {
    EmbeddedChannel connection = connection();
    List<String> begun = new ArrayList<>();
    connection
        .pipeline()
        .addFirst(
            new ChannelOutboundHandlerAdapter() {
              @Override
              public void write(ChannelHandlerContext context, Object answer, ChannelPromise sent) {
                begun.add(((ByteBuf) answer).toString(US_ASCII)); // and it never leaves
                ReferenceCountUtil.release(answer);
              }
            });
    String request = "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n";
    connection.writeInbound(Unpooled.copiedBuffer(request.repeat(3), US_ASCII));
    connection.runPendingTasks();
    for (int second = 1; second <= 30; second++) {
      connection.writeInbound(Unpooled.copiedBuffer(request, US_ASCII));
      connection.advanceTimeBy(1, TimeUnit.SECONDS);
      connection.runScheduledPendingTasks();
    }
    assertThat(begun).filteredOn(octets -> octets.startsWith("HTTP/1.1 ")).hasSize(1);
    assertThat(connection.isOpen()).isFalse();
    connection.finishAndReleaseAll();
  }

  private EmbeddedChannel connection() {
    EmbeddedChannel connection = new EmbeddedChannel();
    connection.freezeTime();
    new AdminSite(Optional.empty(), sources())
        .serve(connection.pipeline(), Optional.of(new HostCheck(Set.of())));
    return connection;
  }

  @Test
  void theUnixSocketNeedsNeitherTokenNorHost() throws IOException {
    assertThat(overUnix("/subscribers?id=a")).startsWith("HTTP/1.1 200");
  }

  private String overUnix(String path) throws IOException {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(directory.resolve("admin.sock")));
      ByteBuffer request =
          ByteBuffer.wrap(
              ("GET " + path + " HTTP/1.1\r\nConnection: close\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      while (request.hasRemaining()) {
        channel.write(request);
      }
      return all(Channels.newInputStream(channel));
    }
  }

  @Test
  void aSecondGatewayLeavesTheFirstOnesUnixSocketAlone() throws IOException {
    AdminParameters copied =
        new AdminParameters(
            server.address(), parameters(Optional.empty()).socket(), Optional.empty(), Set.of(), 4);
    assertThatThrownBy(() -> AdminServer.start(copied, sources(), (listener, why) -> {}))
        .hasMessageStartingWith("admin.listen: ");
    assertThat(overUnix("/health")).startsWith("HTTP/1.1 200");
    AdminParameters otherPort = parameters(Optional.empty());
    assertThatThrownBy(() -> AdminServer.start(otherPort, sources(), (listener, why) -> {}))
        .hasMessageStartingWith("admin.socket: another process, perhaps a gateway, listens at ");
    assertThat(overUnix("/health")).startsWith("HTTP/1.1 200");
  }

  @Test
  void theUnixSocketOfAKilledGatewayIsTakenOver() throws IOException {
    server.close();
    Path path = directory.resolve("admin.sock");
    assertThat(path).doesNotExist();
    try (ServerSocketChannel killed = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      killed.bind(UnixDomainSocketAddress.of(path));
    }
    assertThat(path).exists();
    server = AdminServer.start(parameters(Optional.empty()), sources(), (listener, why) -> {});
    assertThat(overUnix("/health")).startsWith("HTTP/1.1 200");
  }

  @Test
  void aFileThatIsNoSocketStays() throws IOException {
    server.close();
    Path path = Files.writeString(directory.resolve("admin.sock"), "somebody's");
    AdminParameters parameters = parameters(Optional.empty());
    assertThatThrownBy(() -> AdminServer.start(parameters, sources(), (listener, why) -> {}))
        .hasMessage(
            "admin.socket: " + path + " is there and no socket. Remove it, or give another path.");
    assertThat(path).hasContent("somebody's");
  }

  @Test
  void aPortInUseIsNamed() throws IOException {
    AdminParameters taken =
        new AdminParameters(server.address(), Optional.empty(), Optional.empty(), Set.of(), 4);
    assertThatThrownBy(() -> AdminServer.start(taken, sources(), (listener, why) -> {}))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("admin.listen: 127.0.0.1:")
        .hasMessageContaining("cannot be opened");
  }

  private AdminParameters parameters(Optional<AdminToken> token) {
    return new AdminParameters(
        Optional.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
        Optional.of(directory.resolve("admin.sock")),
        token,
        Set.of("nas1.example.net"),
        4);
  }

  private AdminSources sources() {
    return new AdminSources(
        contentType -> metrics.get(),
        () -> health,
        AdminServerTest::status,
        Optional.of(table()),
        Optional.of(
            new EventSource() {
              @Override
              public Subscription listen(Consumer<Event> listener) {
                listeners.add(listener);
                return () -> {};
              }

              @Override
              public void tooSlow() {
                tooSlow.incrementAndGet();
              }
            }));
  }

  static GatewayStatus status() {
    return new GatewayStatus(
        "1.2.3",
        Optional.of("nas1.example.net"),
        NOW.minusSeconds(90_000),
        NOW,
        List.of(
            new GatewayStatus.InFlight(
                Kind.COA, "dac-1", 17, Duration.ofMillis(1300), "dhcp-1, second transmission")),
        12,
        List.of(
            new GatewayStatus.Refused(
                NOW.minusSeconds(5),
                Kind.COA,
                "dac-1",
                9,
                Optional.of(ErrorCause.SESSION_CONTEXT_NOT_FOUND),
                "<b>no session</b> has all three attributes")),
        List.of(
            new GatewayStatus.Dropped(
                DropReason.REQUEST_AUTHENTICATOR, 1234, "dac-2", NOW.minusSeconds(61))),
        List.of(
            new GatewayStatus.Client(
                "dac-1", "127.0.0.1/32, ::1/128", Optional.of("2000/s"), 54321, 54000, 321)),
        List.of(
            new GatewayStatus.Server(
                "dhcp-1",
                "[2001:db8::547]:547",
                "rfc6977, relayed-release",
                GatewayStatus.Reachability.ANSWERS,
                3,
                42,
                "100/s",
                60000,
                59990,
                10),
            new GatewayStatus.Server(
                "dhcp-2",
                "[2001:db8::548]:547",
                "rfc6977, none",
                GatewayStatus.Reachability.UNSUPPORTING,
                0,
                0,
                "100/s",
                5,
                0,
                5)),
        new GatewayStatus.Table(10_000, "SQLite", 2, 65_536, true, Optional.empty()),
        Optional.of(
            new GatewayStatus.Tls(
                List.of(
                    new GatewayStatus.Connection(
                        "dac-1", false, "192.0.2.10:40000", "TLSv1.3", Duration.ofMinutes(4), 77)),
                List.of(
                    new GatewayStatus.Reverse(
                        "aaa-1",
                        "192.0.2.20:2083",
                        ReverseStatus.State.WAITING,
                        Duration.ofSeconds(3),
                        2,
                        "Connection refused")),
                Optional.of(NOW.plusSeconds(864_000)))));
  }

  private SubscriberSource table() {
    return new SubscriberSource() {
      @Override
      public CompletionStage<List<String>> find(List<Condition> conditions, int limit) {
        asked.add("find " + conditions + " " + limit);
        String value = conditions.get(0).value();
        return switch (value) {
          case "no such attribute" -> failed(RefusedException.Reason.BAD_INPUT, value);
          case "the table is away" -> failed(RefusedException.Reason.UNAVAILABLE, value);
          case "a defect" -> CompletableFuture.failedFuture(new IllegalStateException(value));
          default -> CompletableFuture.completedFuture(List.of("{\"id\":\"a\"}"));
        };
      }

      private CompletionStage<List<String>> failed(RefusedException.Reason why, String words) {
        return CompletableFuture.failedFuture(new RefusedException(why, words));
      }

      @Override
      public CompletionStage<Long> put(String line, Expected expected) {
        asked.add("put " + expected);
        return expected.version().orElse(12) != 12
            ? CompletableFuture.failedFuture(
                new RefusedException(RefusedException.Reason.STALE, "It is 12."))
            : CompletableFuture.completedFuture(13L);
      }

      @Override
      public CompletionStage<Void> remove(String id, Expected expected) {
        asked.add("remove " + expected);
        return id.equals("a")
            ? CompletableFuture.completedFuture(null)
            : CompletableFuture.failedFuture(
                new RefusedException(RefusedException.Reason.NOT_FOUND, "No such record."));
      }
    };
  }

  private static String authorization() {
    return "Authorization: Bearer " + TOKEN + "\r\n";
  }

  private String get(String path, String headers) throws IOException {
    return request("GET", path, headers);
  }

  private String request(String method, String path, String headers) throws IOException {
    return raw(
        method
            + " "
            + path
            + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
            + headers
            + "\r\n");
  }

  private Socket connect() throws IOException {
    InetSocketAddress address = server.address().orElseThrow();
    Socket socket = new Socket(address.getAddress(), address.getPort());
    socket.setSoTimeout(10_000);
    return socket;
  }

  /** Everything until the server closes or, for one that keeps the connection, its first answer. */
  private String raw(String request) throws IOException {
    try (Socket socket = connect()) {
      send(socket.getOutputStream(), request);
      if (!request.contains("Connection: close")) {
        byte[] some = new byte[8192];
        return new String(
            some, 0, Math.max(0, socket.getInputStream().read(some)), StandardCharsets.UTF_8);
      }
      return all(socket.getInputStream());
    }
  }

  private static String all(InputStream in) throws IOException {
    return new String(in.readAllBytes(), StandardCharsets.UTF_8);
  }

  private static void send(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }
}
