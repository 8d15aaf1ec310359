package io.coagateway.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.dhcpv6.Option;
import io.coagateway.dhcpv6.OptionCode;
import io.coagateway.dhcpv6.OptionList;
import io.coagateway.radius.Attribute;
import io.coagateway.radius.AttributeDictionary;
import io.coagateway.radius.AttributeId;
import io.coagateway.radius.RequestParameters.OtherAttributes;
import io.coagateway.vectors.Vector;
import io.coagateway.vectors.VectorFile;
import io.coagateway.wire.MalformedException;
import io.coagateway.wire.OctetWriter;
import io.coagateway.wire.Octets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Attributes and current options in, all supplied options or the refusal out. */
class MappingVectorsTest {
  static List<Vector> vectors() {
    return VectorFile.folder("mapping");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("vectors")
  void maps(Vector vector) throws MalformedException {
    Mapping mapping =
        new Mapping(
            vector.all("rows").stream().map(MappingVectorsTest::row).toList(),
            vector.find("allowed").map(MappingVectorsTest::codes).orElse(Set.of()),
            vector.find("other").isPresent() ? OtherAttributes.IGNORE : OtherAttributes.REJECT,
            AttributeDictionary.builder().build());
    MappingResult result =
        mapping.apply(
            vector.all("change").stream().map(MappingVectorsTest::change).toList(),
            options(vector.find("current").orElse("")),
            vector.all("carriers").stream().map(MappingVectorsTest::carrier).toList());
    Optional<String> next = vector.find("next");
    if (next.isPresent()) {
      assertThat(text(result)).isEqualTo("next " + next.get());
    } else { // a vector may leave the end of a reason out
      assertThat(text(result)).startsWith("refused " + vector.get("refused"));
    }
    assertThat(ignored(result)).isEqualTo(vector.find("ignored").orElse(""));
  }

  private static String text(MappingResult result) {
    return switch (result.kind()) {
      case MAPPED -> {
        StringJoiner next = new StringJoiner(" ", "next ", "");
        for (Option option : ((MappingResult.Mapped) result).next().all()) {
          OctetWriter body = new OctetWriter();
          option.writeBody(body);
          next.add(option.code().number() + ":" + body.toOctets());
        }
        yield next.toString();
      }
      case REFUSED -> {
        MappingResult.Refused refused = (MappingResult.Refused) result;
        yield "refused "
            + refused.cause().number()
            + " "
            + refused.attribute()
            + " "
            + refused.reason();
      }
    };
  }

  private static String ignored(MappingResult result) {
    return result instanceof MappingResult.Mapped mapped
        ? mapped.ignored().stream().map(AttributeId::toString).collect(Collectors.joining(" "))
        : "";
  }

  private static Attribute change(String text) {
    String[] parts = text.split("=", 2);
    return new Attribute(AttributeId.parse(parts[0].strip()), Octets.ofHex(parts[1]));
  }

  private static OptionList options(String text) throws MalformedException {
    List<Option> options = new ArrayList<>();
    for (String part : text.isEmpty() ? new String[0] : text.split(" ")) {
      String[] codeAndBody = part.split(":", -1);
      options.add(
          Option.parse(
              new OptionCode(Integer.parseInt(codeAndBody[0])), Octets.ofHex(codeAndBody[1])));
    }
    return OptionList.of(options);
  }

  private static Carrier carrier(String text) {
    String[] words = text.split(" +", -1);
    return switch (words[0]) {
      case "rsoo" -> new Carrier(Carrier.Kind.RSOO, codes(words[1]), Set.of());
      case "radius" -> new Carrier(Carrier.Kind.RADIUS, Set.of(), Set.of());
      case "none" ->
          new Carrier(
              Carrier.Kind.NONE,
              Set.of(),
              Arrays.stream(words[1].split(","))
                  .map(AttributeId::parse)
                  .collect(Collectors.toSet()));
      default -> throw new AssertionError(text);
    };
  }

  private static Set<OptionCode> codes(String text) {
    return Arrays.stream(text.split(","))
        .map(code -> new OptionCode(Integer.parseInt(code)))
        .collect(Collectors.toSet());
  }

  private static MappingRow row(String text) {
    String[] words = text.split(" +", -1);
    Form form =
        Arrays.stream(Form.values())
            .filter(f -> f.configName().equals(words[2]))
            .findFirst()
            .orElseThrow();
    return MappingRow.of(
        AttributeId.parse(words[0]), new OptionCode(Integer.parseInt(words[1])), form);
  }
}
