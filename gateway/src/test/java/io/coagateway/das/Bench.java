package io.coagateway.das;

import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.config.DictionaryFiles;
import io.coagateway.radius.AnswerSink;
import io.coagateway.radius.Attribute;
import io.coagateway.radius.AttributeDictionary;
import io.coagateway.radius.AttributeId;
import io.coagateway.radius.DynamicAuthorizationAnswer;
import io.coagateway.radius.DynamicAuthorizationRequest;
import io.coagateway.radius.DynamicAuthorizationRequest.Kind;
import io.coagateway.radius.ErrorCause;
import io.coagateway.radius.Secret;
import io.coagateway.ratelimit.RateLimit;
import io.coagateway.time.ManualTime;
import io.coagateway.wire.Octets;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A receive pipeline with time that is moved by hand and sockets that note what is sent. */
final class Bench {
  static final AttributeDictionary DICTIONARY = DictionaryFiles.builtIn();

  private static final AttributeId USER_NAME = AttributeId.of(1);

  /** What happened since it was last asked, in words. */
  final List<String> events = new ArrayList<>();

  final ManualTime time = new ManualTime();
  final ReplayMemory memory;
  final ReceivePipeline pipeline;
  private final Map<String, AnswerSink> waiting = new LinkedHashMap<>();
  private final Map<String, DynamicAuthorizationRequest> requests = new LinkedHashMap<>();
  private boolean broken;

  Bench(List<DasClient> clients, int entries) {
    DasParameters parameters = parameters(clients);
    memory = new ReplayMemory(entries, parameters.window(), 42);
    pipeline =
        new ReceivePipeline(parameters, DICTIONARY, memory, this::handle, new Notes(), time, time);
  }

  static DasParameters parameters(List<DasClient> clients) {
    return DasParameters.of(List.of(socket("127.0.0.1", 0)), clients);
  }

  /** A client from words like {@code addresses=192.0.2.0/24 rate-limit=2/s}. */
  static DasClient client(String settings) {
    Map<String, String> given = new LinkedHashMap<>();
    List<SessionRule> sessions = new ArrayList<>();
    for (String word : settings.isBlank() ? new String[0] : settings.split(" +")) {
      String key = word.substring(0, word.indexOf('='));
      String value = word.substring(word.indexOf('=') + 1);
      switch (key) {
        case "realm" -> sessions.add(SessionRule.realm(value));
        case "session" ->
            sessions.add(
                new SessionRule(
                    AttributeId.parse(value.substring(0, value.indexOf(':'))),
                    value.substring(value.indexOf(':') + 1)));
        default -> given.put(key, value);
      }
    }
    DasClient client =
        new DasClient(
            take(given, "name", "dac-1"),
            Arrays.stream(take(given, "addresses", "192.0.2.0/24").split(","))
                .map(AddressRange::parse)
                .toList(),
            Arrays.stream(take(given, "secret", "testing123").split(",")).map(Secret::of).toList(),
            setting(Requirement.class, take(given, "message-authenticator", "when-present")),
            setting(SignAnswers.class, take(given, "sign-answers", "when-requested")),
            setting(Requirement.class, take(given, "event-timestamp", "when-present")),
            Optional.ofNullable(given.remove("rate-limit")).map(RateLimit::parse),
            Set.copyOf(
                Arrays.stream(take(given, "kinds", "coa,disconnect").split(","))
                    .map(kind -> setting(Kind.class, kind))
                    .toList()),
            sessions,
            Optional.empty());
    assertThat(given).as("unknown settings").isEmpty();
    return client;
  }

  private static String take(Map<String, String> given, String key, String otherwise) {
    String value = given.remove(key);
    return value == null ? otherwise : value;
  }

  private static <E extends Enum<E>> E setting(Class<E> type, String text) {
    return Enum.valueOf(type, text.replace('-', '_').toUpperCase(java.util.Locale.ROOT));
  }

  void breakHandler() {
    broken = true;
  }

  private void handle(DynamicAuthorizationRequest request, AnswerSink sink) {
    if (broken) {
      throw new IllegalStateException("broken on purpose");
    }
    String user = user(request);
    events.add(("accepted " + request.kind() + " " + user).strip());
    waiting.put(user, sink);
    requests.put(user, request);
  }

  private static String user(DynamicAuthorizationRequest request) {
    return request.attributes().first(USER_NAME).map(a -> a.value().toUtf8()).orElse("");
  }

  void receive(Octets datagram, InetSocketAddress source, String on) {
    pipeline.receive(datagram, source, new Port(on));
  }

  /** Answers the latest request of that user, or the latest of all. */
  void answer(Optional<String> user, boolean ack, Optional<Integer> cause, List<Attribute> with) {
    String whose =
        user.orElseGet(() -> waiting.keySet().stream().reduce((a, b) -> b).orElseThrow());
    Kind kind = requests.get(whose).kind();
    waiting
        .get(whose)
        .answer(
            new DynamicAuthorizationAnswer(
                kind,
                ack
                    ? DynamicAuthorizationAnswer.Verdict.ACK
                    : DynamicAuthorizationAnswer.Verdict.NAK,
                cause.map(number -> ErrorCause.ofNumber(number).orElseThrow()),
                with,
                "as the test says"));
  }

  static InetSocketAddress socket(String address, int port) {
    return new InetSocketAddress(NetUtil.createInetAddressFromIpAddressString(address), port);
  }

  List<String> takeEvents() {
    List<String> taken = List.copyOf(events);
    events.clear();
    return taken;
  }

  private final class Port implements AnswerPort {
    private final InetSocketAddress local;

    Port(String local) {
      this.local = socket(local, 3799);
    }

    @Override
    public InetSocketAddress local() {
      return local;
    }

    @Override
    public Sending send(byte[] answer, InetSocketAddress to) {
      events.add(
          "sent "
              + Octets.copyOf(answer)
              + " to "
              + to.getAddress().getHostAddress()
              + " "
              + to.getPort()
              + " from "
              + local.getAddress().getHostAddress());
      return Sending.SENT;
    }
  }

  /** Notes what does not show in what the handler and the sockets see. */
  private final class Notes implements DasObserver {
    @Override
    public void datagramReceived(int octets) {}

    @Override
    public void dropped(DropReason reason, String client, int code) {
      events.add("dropped " + reason);
    }

    @Override
    public void accepted(String client, Kind kind) {}

    @Override
    public void answeredAgain(String client, Kind kind, boolean sameSource) {
      events.add(sameSource ? "again" : "replayed");
    }

    @Override
    public void answered(
        DynamicAuthorizationRequest request, DynamicAuthorizationAnswer answer, long nanos) {
      assertThat(Duration.ofNanos(nanos)).isGreaterThanOrEqualTo(Duration.ZERO);
    }

    @Override
    public void notSent(String client) {
      events.add("not sent");
    }
  }
}
