package io.coagateway.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.coagateway.dhcpv6.ClientServerMessage;
import io.coagateway.dhcpv6.Message;
import io.coagateway.dhcpv6.MessageNames;
import io.coagateway.dhcpv6.MessageType;
import io.coagateway.dhcpv6.OptionList;
import io.coagateway.dhcpv6.RelayMessage;
import io.coagateway.wire.MalformedException;
import io.coagateway.wire.Octets;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code decode dhcpv6}: a packet in hex as text or JSON. */
@Command(
    name = "dhcpv6",
    mixinStandardHelpOptions = true,
    description = "Prints DHCPv6 messages as text; of a malformed one, offset and reason.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:all messages are sound",
      "1:one is malformed",
      "2:the arguments will not do"
    })
public final class DecodeDhcpv6Command implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "HEX", arity = "1..*", description = HexPackets.DESCRIPTION)
  private List<String> hex;

  @Option(names = "--json", description = "Print JSON, one object a packet.")
  private boolean json;

  @Option(
      names = "--release-types",
      paramLabel = "REQUEST,REPLY",
      split = ",",
      hideParamSyntax = true,
      description = "Name these message types RELEASE-REQUEST and RELEASE-REQUEST-REPLY.")
  private int[] releaseTypes = {};

  @Override
  public Integer call() {
    MessageNames names = names();
    return HexPackets.decode(
        hex, System.in, spec.commandLine().getErr(), (text, place) -> decode(text, place, names));
  }

  private MessageNames names() {
    if (releaseTypes.length == 0) {
      return MessageNames.STANDARD;
    }
    try {
      if (releaseTypes.length == 2) {
        return MessageNames.STANDARD.withRelease(
            MessageType.of(releaseTypes[0]), MessageType.of(releaseTypes[1]));
      }
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--release-types: " + e.getMessage(), e);
    }
    throw new ParameterException(
        spec.commandLine(), "--release-types takes two numbers, like 250,251");
  }

  private int decode(String text, String place, MessageNames names) {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    try {
      Message message = Message.parse(Octets.ofHex(text));
      out.println(json ? write(json(message, names)) : message.toText(names));
      out.flush();
      return 0;
    } catch (MalformedException | IllegalArgumentException e) {
      err.println(place + "malformed: " + e.getMessage());
      err.flush();
      return 1;
    }
  }

  private static String write(ObjectNode node) {
    try {
      return new ObjectMapper().writeValueAsString(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree is always JSON", e);
    }
  }

  private static ObjectNode json(Message message, MessageNames names) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("type", names.nameOf(message.type()));
    node.put("number", message.type().number());
    if (message instanceof RelayMessage relay) {
      node.put("hopCount", relay.hopCount());
      node.put("linkAddress", relay.linkAddress().toString());
      node.put("peerAddress", relay.peerAddress().toString());
    } else if (message instanceof ClientServerMessage plain) {
      node.put("transactionId", String.format(Locale.ROOT, "%06x", plain.transactionId()));
    }
    node.set("options", json(message.options(), names));
    return node;
  }

  private static ArrayNode json(OptionList options, MessageNames names) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    for (io.coagateway.dhcpv6.Option option : options) {
      ObjectNode node = array.addObject();
      node.put("code", option.code().number());
      node.put("name", option.code().toString());
      node.put("text", option.describe());
      node.put("hex", option.encodeBody().toHex());
      if (!option.nested().isEmpty()) {
        node.set("options", json(option.nested(), names));
      }
      option.carried().ifPresent(carried -> node.set("message", json(carried, names)));
    }
    return array;
  }
}
