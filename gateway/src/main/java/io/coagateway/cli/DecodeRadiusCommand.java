package io.coagateway.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.coagateway.config.ConfigurationException;
import io.coagateway.config.DictionaryFiles;
import io.coagateway.radius.Attribute;
import io.coagateway.radius.AttributeDefect;
import io.coagateway.radius.AttributeDictionary;
import io.coagateway.radius.AttributeList;
import io.coagateway.radius.Authenticators;
import io.coagateway.radius.OtherPacketCodes;
import io.coagateway.radius.PacketCode;
import io.coagateway.radius.PacketPrinter;
import io.coagateway.radius.RadiusPacket;
import io.coagateway.radius.Secret;
import io.coagateway.wire.MalformedException;
import io.coagateway.wire.Octets;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code decode radius}: packets in hex, out as text or JSON, verified if a secret is given. */
@Command(
    name = "radius",
    mixinStandardHelpOptions = true,
    description = {
      "Prints RADIUS packets as text.",
      "With --secret the authenticators of dynamic authorization (RFC 5176), accounting (RFC 2866)"
          + " and Status-Server (RFC 5997) are checked."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:all packets are sound",
      "1:one is malformed, or an authenticator is wrong",
      "2:the arguments will not do"
    })
final class DecodeRadiusCommand implements Callable<Integer> {
  private static final int SOUND = 0;
  private static final int MALFORMED = 1;
  private static final int BAD_ARGUMENTS = 2;

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "HEX", arity = "1..*", description = HexPackets.DESCRIPTION)
  private List<String> hex = List.of();

  @Option(names = "--json", description = "Print JSON; one object a line when reading stdin.")
  private boolean json;

  @Option(
      names = "--secret",
      paramLabel = "S",
      description = "The shared secret, to check the authenticators.")
  private Optional<String> secret = Optional.empty();

  private Optional<Secret> key = Optional.empty();

  @Option(
      names = "--request-authenticator",
      paramLabel = "HEX",
      description =
          "The sixteen octets of the request's authenticator, to check an answer. From stdin, an"
              + " answer is checked against the last request with its identifier if left out.")
  private Optional<String> requestAuthenticator = Optional.empty();

  @Option(
      names = "--dictionary",
      paramLabel = "FILE",
      description = "A dictionary to add to the built-in ones. May be repeated.")
  private List<Path> dictionaries = List.of();

  private final Authenticators authenticators = new Authenticators();
  private final Map<Integer, Octets> requests = new HashMap<>();

  /** What checking a packet with the secret has shown; one sentence each. */
  private record Verification(List<String> sentences, boolean sound) {
    static final Verification NONE = new Verification(List.of(), true);
  }

  @Override
  public Integer call() {
    try {
      key = secret.map(Secret::of);
    } catch (IllegalArgumentException e) {
      err().println("--secret: " + e.getMessage());
      return BAD_ARGUMENTS;
    }
    try {
      AttributeDictionary dictionary = DictionaryFiles.load(dictionaries);
      return HexPackets.decode(
          hex, System.in, err(), (text, place) -> decode(text, dictionary, place));
    } catch (ConfigurationException e) {
      err().println(e.getMessage());
      return BAD_ARGUMENTS;
    }
  }

  private int decode(String text, AttributeDictionary dictionary, String place) {
    RadiusPacket packet;
    Octets octets;
    try {
      octets = Octets.ofHex(text);
      packet = RadiusPacket.parse(octets);
    } catch (IllegalArgumentException | MalformedException e) {
      err().println(place + "malformed: " + e.getMessage());
      return MALFORMED;
    }
    AttributeList attributes = AttributeList.parse(packet.attributes(), dictionary);
    Verification verification;
    try {
      verification = verify(packet);
    } catch (IllegalArgumentException e) {
      err().println(place + "--request-authenticator: " + e.getMessage());
      return BAD_ARGUMENTS;
    }
    PacketPrinter printer = new PacketPrinter(dictionary);
    int padding = octets.length() - packet.length();
    if (json) {
      out().println(toJson(packet, attributes, verification, padding, dictionary, place));
    } else {
      out().print(printer.print(packet));
      if (padding > 0) {
        out().println("  " + padding + " octets after Length are padding, which is ignored");
      }
      verification.sentences().forEach(sentence -> out().println("  " + sentence));
    }
    out().flush();
    for (AttributeDefect defect : attributes.defects()) {
      err().println(place + "malformed: " + printer.describe(defect));
    }
    return attributes.defects().isEmpty() && verification.sound() ? SOUND : MALFORMED;
  }

  private Verification verify(RadiusPacket packet) {
    if (key.isEmpty() || packet.attributeDefect() != RadiusPacket.NONE) {
      return Verification.NONE;
    }
    Secret shared = key.get();
    return switch (packet.code()) {
      case OtherPacketCodes.ACCOUNTING_REQUEST -> verifyRequest(packet, shared);
      case OtherPacketCodes.ACCOUNTING_RESPONSE -> verifyAnswer(packet, shared);
      case OtherPacketCodes.STATUS_SERVER -> verifyStatusServer(packet, shared);
      default ->
          PacketCode.of(packet.code())
              .map(
                  code ->
                      code.isRequest()
                          ? verifyRequest(packet, shared)
                          : verifyAnswer(packet, shared))
              .orElse(
                  new Verification(
                      List.of(
                          "not verified: only dynamic authorization (codes 40 to 45), accounting (4"
                              + " and 5) and Status-Server (12) are"),
                      true));
    };
  }

  private Verification verifyRequest(RadiusPacket packet, Secret shared) {
    requests.put(packet.identifier(), packet.authenticator());
    return verification(
        "Request Authenticator",
        authenticators.requestAuthenticatorMatches(packet, shared),
        packet,
        at -> authenticators.messageAuthenticatorMatches(packet, at, shared));
  }

  /** RFC 5997 section 3: its Request Authenticator is random and proves nothing. */
  private Verification verifyStatusServer(RadiusPacket packet, Secret shared) {
    requests.put(packet.identifier(), packet.authenticator());
    boolean correct = authenticators.statusServerMatches(packet, shared);
    boolean there = packet.first(Authenticators.MESSAGE_AUTHENTICATOR) != RadiusPacket.NONE;
    String verdict = correct ? " is correct" : there ? " is wrong" : " is missing";
    return new Verification(List.of("Message-Authenticator" + verdict), correct);
  }

  private Verification verifyAnswer(RadiusPacket packet, Secret shared) {
    Optional<Octets> ofRequest =
        requestAuthenticator
            .map(DecodeRadiusCommand::sixteenOctets)
            .or(() -> Optional.ofNullable(requests.get(packet.identifier())));
    if (ofRequest.isEmpty()) {
      return new Verification(
          List.of("not verified: an answer needs --request-authenticator"), true);
    }
    return verification(
        "Response Authenticator",
        authenticators.responseAuthenticatorMatches(packet, ofRequest.get(), shared),
        packet,
        at -> authenticators.messageAuthenticatorMatches(packet, at, ofRequest.get(), shared));
  }

  /** Checks the Message-Authenticator at an offset. */
  private interface MessageAuthenticatorCheck {
    boolean matches(int at);
  }

  /** RFC 5176 section 3.4: one Message-Authenticator at most, and it must match. */
  private static Verification verification(
      String name, boolean matches, RadiusPacket packet, MessageAuthenticatorCheck check) {
    List<String> sentences = new ArrayList<>();
    sentences.add(name + (matches ? " is correct" : " is wrong"));
    boolean sound = matches;
    int at = packet.first(Authenticators.MESSAGE_AUTHENTICATOR);
    if (at != RadiusPacket.NONE) {
      boolean one = packet.next(Authenticators.MESSAGE_AUTHENTICATOR, at) == RadiusPacket.NONE;
      boolean correct =
          one && packet.valueLength(at) == RadiusPacket.AUTHENTICATOR_LENGTH && check.matches(at);
      String verdict = correct ? " is correct" : one ? " is wrong" : " occurs more than once";
      sentences.add("Message-Authenticator" + verdict);
      sound &= correct;
    }
    return new Verification(sentences, sound);
  }

  private static Octets sixteenOctets(String text) {
    Octets octets = HexPackets.octets(text);
    if (octets.length() != RadiusPacket.AUTHENTICATOR_LENGTH) {
      throw new IllegalArgumentException(
          "\"" + text + "\" has " + octets.length() + " octets. Give sixteen in hex");
    }
    return octets;
  }

  private static String toJson(
      RadiusPacket packet,
      AttributeList attributes,
      Verification verification,
      int padding,
      AttributeDictionary dictionary,
      String place) {
    ObjectMapper mapper = new ObjectMapper();
    ObjectNode root = mapper.createObjectNode();
    root.put("code", packet.code());
    root.put("type", PacketCode.nameOf(packet.code()));
    root.put("id", packet.identifier());
    root.put("length", packet.length());
    root.put("authenticator", packet.authenticator().toHex());
    ArrayNode list = root.putArray("attributes");
    attributes.forEach(attribute -> add(list.addObject(), attribute, dictionary));
    if (padding > 0) {
      root.put("padding", padding);
    }
    if (!attributes.defects().isEmpty()) {
      ArrayNode defects = root.putArray("malformed");
      for (AttributeDefect defect : attributes.defects()) {
        defects
            .addObject()
            .put("attribute", dictionary.nameOf(defect.id()))
            .put("id", defect.id().toString())
            .put("offset", PacketPrinter.offsetInPacket(defect))
            .put("reason", defect.reason());
      }
    }
    if (!verification.sentences().isEmpty()) {
      ArrayNode sentences = root.putArray("verification");
      verification.sentences().forEach(sentences::add);
      root.put("verified", verification.sound());
    }
    return place.isEmpty() ? root.toPrettyString() : root.toString();
  }

  private static void add(ObjectNode node, Attribute attribute, AttributeDictionary dictionary) {
    node.put("attribute", dictionary.nameOf(attribute.id()));
    node.put("id", attribute.id().toString());
    node.put("value", dictionary.valueText(attribute));
    node.put("hex", attribute.value().toHex());
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }

  private PrintWriter err() {
    return spec.commandLine().getErr();
  }
}
