package io.coagateway.cli;

import io.coagateway.config.ConfigurationException;
import io.coagateway.config.DictionaryFiles;
import io.coagateway.dac.DynamicAuthorizationClient;
import io.coagateway.dac.Outcome;
import io.coagateway.dac.RequestContent;
import io.coagateway.dac.Retransmission;
import io.coagateway.radius.Attribute;
import io.coagateway.radius.AttributeDictionary;
import io.coagateway.radius.AttributeId;
import io.coagateway.radius.AttributeList;
import io.coagateway.radius.Authenticators;
import io.coagateway.radius.DynamicAuthorizationRequest.Kind;
import io.coagateway.radius.PacketCode;
import io.coagateway.radius.RadiusPacket;
import io.coagateway.radius.Secret;
import io.coagateway.wire.AddressText;
import io.coagateway.wire.Octets;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Stack;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code send coa|disconnect}: a small dynamic authorization client. Sends, repeats, proves the
 * answer, prints both.
 */
@Command(
    name = "send",
    description = {
      "Sends a CoA-Request or Disconnect-Request, repeats it, verifies the answer and prints it."
    },
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:ACK", "1:NAK", "2:the arguments will not do", "3:no answer"})
final class SendCommand implements Callable<Integer> {
  private static final int ACK = 0;
  private static final int NAK = 1;
  private static final int NO_ANSWER = 3;

  private static final AttributeId MESSAGE_AUTHENTICATOR =
      AttributeId.of(Authenticators.MESSAGE_AUTHENTICATOR);
  private static final int DEFAULT_PORT = 3799;
  private static final double LEAST_TIMEOUT = 0.001;
  private static final int MOST_RETRIES = 1000;
  private static final double MRT_SECONDS = 16;
  private static final double MRD_SECONDS = 30;

  /** The option often stands before an attribute, which is no time: then it stands alone. */
  private static final class SecondsIfAny implements IParameterPreprocessor {
    @Override
    public boolean preprocess(
        Stack<String> left, CommandSpec command, ArgSpec option, Map<String, Object> info) {
      boolean isApart = " ".equals(info.get("separator")); // not --event-timestamp=SECONDS
      if (isApart && !left.isEmpty() && !left.peek().matches("now|\\d+")) {
        left.push("now");
      }
      return false; // picocli goes on with what is left
    }
  }

  private static final class SecretChoice {
    @Option(
        names = "--secret",
        paramLabel = "SECRET",
        required = true,
        description = "The shared secret; other users of this machine can see it in ps.")
    private String text;

    @Option(
        names = "--secret-file",
        paramLabel = "FILE",
        required = true,
        description = "A file whose first line is the shared secret.")
    private Path file;
  }

  @Parameters(index = "0", paramLabel = "coa|disconnect", description = "What to ask for.")
  private String what;

  @Parameters(
      index = "1..*",
      arity = "0..*",
      paramLabel = "ATTR=VALUE",
      description = {
        "An attribute by name (User-Name=alice) or number (Attr-26.9.1=0x6162, Attr-241.9=0x...);",
        "TLVs by their names or numbers (Attr-241.9.1.4=0x...); 0x and hex digits for any type.",
        "Message-Authenticator=0x00 puts it there instead of first."
      })
  private List<String> assignments = new ArrayList<>();

  @Option(
      names = "--to",
      paramLabel = "HOST:PORT",
      required = true,
      description = "Where to send it; port 3799 when left out. An IPv6 address in brackets.")
  private String to;

  @ArgGroup(multiplicity = "1")
  private SecretChoice secret;

  @Option(
      names = "--message-authenticator",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description = "Sends a Message-Authenticator as the first attribute (default), or none.")
  private boolean messageAuthenticator = true;

  @Option(
      names = "--event-timestamp",
      arity = "0..1",
      paramLabel = "SECONDS",
      fallbackValue = "now",
      preprocessor = SecondsIfAny.class,
      description = "Adds an Event-Timestamp: now, or these seconds since 1970.")
  private String eventTimestamp;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "2",
      description =
          "The wait before the first repetition (default ${DEFAULT-VALUE}); later ones double it"
              + " up to 16 s. All ends after 30 s.")
  private double timeout;

  @Option(
      names = "--retries",
      paramLabel = "N",
      defaultValue = "4",
      description = "How often to repeat it (default ${DEFAULT-VALUE}).")
  private int retries;

  @Option(
      names = "--id",
      paramLabel = "0..255",
      description = "The Identifier; random when left out.")
  private Integer identifier;

  @Option(
      names = "--raw",
      paramLabel = "HEX",
      description = "These octets after the attributes, right or wrong, for trying a server.")
  private String raw = "";

  @Option(
      names = "--dictionary",
      paramLabel = "FILE",
      description =
          "A dictionary in FreeRADIUS's format, besides the ones inside. May be repeated.")
  private List<Path> dictionaries = new ArrayList<>();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    AttributeDictionary dictionary = dictionary();
    RequestContent content = content(dictionary);
    InetSocketAddress server = server();
    try (DynamicAuthorizationClient client =
        DynamicAuthorizationClient.open(
            server, secret(), retransmission(), new Printer(out, dictionary, server)::sent)) {
      Outcome outcome = client.send(content, identifier()).toCompletableFuture().join();
      return report(outcome, out, dictionary);
    } catch (IOException e) {
      throw usage(e.getMessage());
    } finally {
      out.flush();
    }
  }

  private static int report(Outcome outcome, PrintWriter out, AttributeDictionary dictionary) {
    outcome
        .wrongAnswers()
        .forEach(
            (reason, count) ->
                out.println(
                    "Ignored "
                        + count
                        + (count == 1 ? " answer" : " answers")
                        + ": "
                        + reason.text()));
    if (outcome instanceof Outcome.Answered answered) {
      RadiusPacket answer = answered.answer();
      out.printf("Received %s after %.1f ms%n", header(answer), answered.nanos() / 1e6);
      attributes(answer, out, dictionary);
      return PacketCode.of(answer.code()).orElseThrow().isAck() ? ACK : NAK;
    }
    out.println(
        "No answer after "
            + outcome.transmissions()
            + (outcome.transmissions() == 1 ? " transmission" : " transmissions"));
    return NO_ANSWER;
  }

  /** Prints what leaves; a repetition with one line. */
  private static final class Printer {
    private final PrintWriter out;
    private final AttributeDictionary dictionary;
    private final InetSocketAddress server;
    private boolean repeating;

    Printer(PrintWriter out, AttributeDictionary dictionary, InetSocketAddress server) {
      this.out = out;
      this.dictionary = dictionary;
      this.server = server;
    }

    synchronized void sent(RadiusPacket packet) {
      String place = AddressText.of(server.getAddress()) + " port " + server.getPort();
      out.println((repeating ? "Sent again " : "Sent ") + header(packet) + " to " + place);
      if (!repeating) {
        attributes(packet, out, dictionary);
      }
      repeating = true;
      out.flush();
    }
  }

  private static String header(RadiusPacket packet) {
    return packet + " length " + packet.length();
  }

  private static void attributes(
      RadiusPacket packet, PrintWriter out, AttributeDictionary dictionary) {
    if (packet.attributeDefect() != RadiusPacket.NONE) {
      out.println(
          "  (malformed from offset " + packet.attributeDefect() + ": " + packet.octets() + ")");
      return;
    }
    AttributeList list = AttributeList.parse(packet.attributes(), dictionary);
    list.forEach(attribute -> out.println("  " + dictionary.print(attribute)));
    list.defects().forEach(defect -> out.println("  (" + defect + ")"));
  }

  private AttributeDictionary dictionary() {
    try {
      return dictionaries.isEmpty()
          ? DictionaryFiles.builtIn()
          : DictionaryFiles.load(dictionaries);
    } catch (ConfigurationException e) {
      throw usage(e.getMessage());
    }
  }

  private RequestContent content(AttributeDictionary dictionary) {
    try {
      List<Attribute> attributes = new ArrayList<>();
      boolean placed = false;
      for (String assignment : assignments) {
        Attribute attribute = dictionary.parse(assignment);
        if (attribute.id().equals(MESSAGE_AUTHENTICATOR)) {
          placed = true;
          if (attribute.value().equals(Octets.ofHex("00"))) {
            attribute =
                new Attribute(
                    MESSAGE_AUTHENTICATOR,
                    Octets.wrap(new byte[RadiusPacket.AUTHENTICATOR_LENGTH]));
          }
        }
        attributes.add(attribute);
      }
      return new RequestContent(
          kind(),
          AttributeList.of(attributes).encode(dictionary).plus(rawOctets()),
          messageAuthenticator && !placed,
          timestamp());
    } catch (IllegalArgumentException e) {
      throw usage(e.getMessage());
    }
  }

  private Octets rawOctets() {
    try {
      return HexPackets.octets(raw);
    } catch (IllegalArgumentException e) {
      throw usage("--raw: " + e.getMessage());
    }
  }

  private Kind kind() {
    return switch (what) {
      case "coa" -> Kind.COA;
      case "disconnect" -> Kind.DISCONNECT;
      default -> throw usage("\"" + what + "\" cannot be sent. Give coa or disconnect");
    };
  }

  private OptionalLong timestamp() {
    if (eventTimestamp == null) {
      return OptionalLong.empty();
    }
    if (eventTimestamp.equals("now")) {
      return OptionalLong.of(InstantSource.system().instant().getEpochSecond());
    }
    try {
      return OptionalLong.of(Integer.toUnsignedLong(Integer.parseUnsignedInt(eventTimestamp)));
    } catch (NumberFormatException e) {
      throw usage("--event-timestamp: \"" + eventTimestamp + "\" is not now or seconds since 1970");
    }
  }

  private OptionalInt identifier() {
    if (identifier == null) {
      return OptionalInt.empty();
    }
    if (identifier < 0 || identifier > 255) {
      throw usage("--id: " + identifier + " is not 0 to 255");
    }
    return OptionalInt.of(identifier);
  }

  private Retransmission retransmission() {
    if (!(timeout >= LEAST_TIMEOUT && timeout <= 3600) || retries < 0 || retries > MOST_RETRIES) {
      throw usage("--timeout must be 0.001 to 3600, --retries 0 to 1000");
    }
    return new Retransmission(
        seconds(timeout),
        seconds(Math.max(timeout, MRT_SECONDS)),
        retries + 1,
        seconds(Math.max(2 * timeout, MRD_SECONDS)));
  }

  private static Duration seconds(double seconds) {
    return Duration.ofNanos((long) (seconds * 1e9));
  }

  private Secret secret() {
    try {
      return Secret.of(
          secret.file == null
              ? secret.text
              : Files.readString(secret.file).lines().findFirst().orElse(""));
    } catch (IOException e) {
      throw usage("--secret-file: " + secret.file.toAbsolutePath() + " cannot be read");
    } catch (IllegalArgumentException e) {
      throw usage((secret.file == null ? "--secret: " : "--secret-file: ") + e.getMessage());
    }
  }

  private InetSocketAddress server() throws IOException {
    int colon = to.lastIndexOf(':');
    boolean bareIpv6 = to.indexOf(':') != colon && !to.startsWith("[");
    boolean noPort = colon < 0 || to.endsWith("]") || bareIpv6;
    String host = noPort ? to : to.substring(0, colon);
    int port = DEFAULT_PORT;
    if (!noPort) {
      try {
        port = Integer.parseInt(to.substring(colon + 1));
      } catch (NumberFormatException e) {
        port = -1;
      }
    }
    if (host.isEmpty() || port < 1 || port > 65535) { // an empty name would be this machine
      throw usage("--to: \"" + to + "\" is not HOST:PORT, like 127.0.0.1:3799 or [::1]:3799");
    }
    InetSocketAddress address = new InetSocketAddress(host, port);
    if (address.isUnresolved()) {
      throw usage("--to: " + Converters.whyUnresolved(host));
    }
    return address;
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
