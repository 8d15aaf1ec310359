package io.coagateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.config.DictionaryFiles;
import io.coagateway.das.AddressRange;
import io.coagateway.das.DasClient;
import io.coagateway.das.DasObserver;
import io.coagateway.das.DasParameters;
import io.coagateway.das.DynamicAuthorizationServer;
import io.coagateway.radius.AnswerSink;
import io.coagateway.radius.AttributeId;
import io.coagateway.radius.DynamicAuthorizationAnswer;
import io.coagateway.radius.DynamicAuthorizationRequest;
import io.coagateway.radius.ErrorCause;
import io.coagateway.radius.Secret;
import io.coagateway.radsec.TlsObserver;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** The command against the real server role on loopback. */
class SendCommandTest {
  private static final AttributeId USER_NAME = AttributeId.of(1);

  private final MultiThreadIoEventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final BlockingQueue<DynamicAuthorizationRequest> requests = new LinkedBlockingQueue<>();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final DynamicAuthorizationServer server =
      new DynamicAuthorizationServer(
          group.next(),
          DictionaryFiles.builtIn(),
          this::handle,
          DasObserver.none(),
          TlsObserver.NONE,
          () -> {});
  private int port;

  @BeforeEach
  void start() throws IOException {
    server.start(
        DasParameters.of(
            List.of(
                new InetSocketAddress(
                    NetUtil.createInetAddressFromIpAddressString("127.0.0.1"), 0)),
            List.of(
                DasClient.of(
                    "dac-1", List.of(AddressRange.parse("127.0.0.1")), Secret.of("testing123")))),
        Optional.empty());
    port = server.addresses().get(0).getPort();
  }

  @AfterEach
  void stop() {
    server.close();
    group.shutdownGracefully(0, 0, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  /** Alice exists, nobody else does. */
  private void handle(DynamicAuthorizationRequest request, AnswerSink sink) {
    requests.add(request);
    boolean alice =
        request
            .attributes()
            .first(USER_NAME)
            .filter(name -> name.value().toUtf8().equals("alice"))
            .isPresent();
    sink.answer(
        alice
            ? DynamicAuthorizationAnswer.ack(request.kind())
            : DynamicAuthorizationAnswer.nak(
                request.kind(), ErrorCause.SESSION_CONTEXT_NOT_FOUND, "not found"));
  }

  private int send(String... arguments) {
    CommandLine command =
        new CommandLine(new SendCommand())
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true));
    return command.execute(arguments);
  }

  @Test
  void printsRequestAndAnswerAndExitsWithZeroForAnAck() {
    int exit =
        send(
            "coa",
            "--to",
            "127.0.0.1:" + port,
            "--secret",
            "testing123",
            "--id",
            "17",
            "--event-timestamp",
            "--raw",
            "2104abcd",
            "--",
            "User-Name=alice");
    assertThat(exit).as(out + "\n" + err).isZero();
    assertThat(out.toString())
        .contains("Sent CoA-Request id 17 length")
        .contains("User-Name = \"alice\"")
        .contains("Received CoA-ACK id 17 length")
        .contains("Proxy-State = 0xabcd")
        .contains("Event-Timestamp");
    assertThat(out.toString().lines().toList().get(1)).contains("Message-Authenticator = 0x");
  }

  @Test
  void exitsWithOneForANakAndNamesTheCause() {
    int exit =
        send(
            "disconnect",
            "--to",
            "127.0.0.1:" + port,
            "--secret",
            "testing123",
            "--no-message-authenticator",
            "User-Name=bob",
            "Attr-26.9.1=0x616263");
    assertThat(exit).as(out + "\n" + err).isEqualTo(1);
    assertThat(out.toString())
        .contains("Received Disconnect-NAK")
        .contains("Error-Cause = ")
        .doesNotContain("Message-Authenticator");
    assertThat(requests.remove().attributes().first(AttributeId.vendor(9, 1)))
        .get()
        .asString()
        .contains("616263");
  }

  @Test
  void exitsWithThreeWhenNobodyAnswers(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("secret"), "another-secret\n");
    int exit =
        send(
            "coa",
            "--to",
            "127.0.0.1:" + port,
            "--secret-file",
            file.toString(),
            "--timeout",
            "0.05",
            "--retries",
            "1",
            "User-Name=alice");
    assertThat(exit).as(out + "\n" + err).isEqualTo(3);
    assertThat(out.toString())
        .contains("Sent again CoA-Request")
        .contains("No answer after 2 transmissions");
    assertThat(requests).isEmpty();
  }

  @Test
  void placesTheMessageAuthenticatorWhereItIsGiven() {
    int exit =
        send(
            "coa",
            "--to",
            "127.0.0.1:" + port,
            "--secret",
            "testing123",
            "User-Name=alice",
            "Message-Authenticator=0x00");
    assertThat(exit).as(out + "\n" + err).isZero();
    assertThat(out.toString().lines().toList().get(1)).contains("User-Name");
  }

  @ParameterizedTest
  @CsvSource({
    "--event-timestamp, User-Name=alice",
    "--event-timestamp, now",
    "--event-timestamp=now, User-Name=alice",
    "User-Name=alice, --event-timestamp"
  })
  void anEventTimestampIsNowUnlessSecondsFollow(String first, String second) {
    String to = "127.0.0.1:" + port;
    int exit = send("coa", "--to", to, "--secret", "testing123", first, second, "NAS-Port=1");
    assertThat(exit).as(out + "\n" + err).isNotEqualTo(2);
    assertThat(out.toString()).contains("Event-Timestamp = ").contains("Received CoA-");
  }

  @Test
  void anEventTimestampIsWhatFollowsWhenThatIsSeconds() {
    String to = "127.0.0.1:" + port;
    String[] some = {"coa", "--to", to, "--secret", "testing123", "--timeout=0.05", "--retries=0"};
    List<String> words = new ArrayList<>(List.of(some));
    words.addAll(List.of("--event-timestamp", "1", "User-Name=alice"));
    assertThat(send(words.toArray(String[]::new))).isEqualTo(3);
    assertThat(out.toString()).contains("Jan 01 1970 00:00:01 UTC");

    words.set(7, "--event-timestamp=soon");
    words.remove(8);
    assertThat(send(words.toArray(String[]::new))).isEqualTo(2);
    assertThat(err.toString()).contains("--event-timestamp: \"soon\" is not now or seconds");
  }

  @Test
  void anEmptySecretIsRefusedByTheNameOfItsOption(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("secret"), "\n");
    assertThat(send("coa", "--to", "127.0.0.1", "--secret", "", "User-Name=a")).isEqualTo(2);
    assertThat(err.toString()).contains("--secret: the shared secret is empty");
    assertThat(send("coa", "--to", "127.0.0.1", "--secret-file", file.toString(), "User-Name=a"))
        .isEqualTo(2);
    assertThat(err.toString()).contains("--secret-file: the shared secret is empty");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "say|127.0.0.1:3799|User-Name=a|\"say\" cannot be sent. Give coa or disconnect",
        "coa|127.0.0.1:x|User-Name=a|\"127.0.0.1:x\" is not HOST:PORT",
        "coa|:3799|User-Name=a|\":3799\" is not HOST:PORT",
        "coa|127.0.0.1:3799|No-Such-Name=a|No-Such-Name",
        "coa|127.0.0.1:3799|--retries=2147483647|--retries 0 to 1000",
        "coa|127.0.0.1:3799|--timeout=1e-10|--timeout must be 0.001 to 3600",
        "coa|127.0.0.1:3799|--raw=5g|--raw: \"g\" at position 1 is not a hex digit",
        "coa|127.0.0.1:3799|--raw=0x501|--raw: hex text has 3 digits",
      })
  void aMistakeInTheWordsIsExitTwo(String what, String to, String attribute, String message) {
    assertThat(send(what, "--to", to, "--secret", "testing123", attribute)).isEqualTo(2);
    assertThat(err.toString()).contains(message);
  }
}
