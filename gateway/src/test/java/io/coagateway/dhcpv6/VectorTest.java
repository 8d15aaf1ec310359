package io.coagateway.dhcpv6;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coagateway.vectors.Vector;
import io.coagateway.vectors.VectorFile;
import io.coagateway.wire.MalformedException;
import io.coagateway.wire.Octets;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Walks vectors/dhcpv6. A vector holds {@code options} (a list of options) or {@code message} (a
 * datagram), in hex, and either {@code error} or {@code text}; {@code line} where the one-line form
 * is worth fixing. {@code release} gives the two types of the release draft.
 */
class VectorTest {
  static List<Vector> vectors() {
    return VectorFile.folder("dhcpv6").stream().filter(v -> v.find("domain").isEmpty()).toList();
  }

  static List<Vector> names() {
    return VectorFile.folder("dhcpv6").stream().filter(v -> v.find("domain").isPresent()).toList();
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void readsPrintsAndWritesBack(Vector vector) throws MalformedException {
    if (vector.find("error").isPresent()) {
      assertThatThrownBy(() -> parse(vector))
          .isInstanceOf(MalformedException.class)
          .hasMessage(vector.get("error"));
      return;
    }
    MessageNames names =
        vector.find("release").isPresent()
            ? MessageNames.STANDARD.withRelease(MessageType.of(250), MessageType.of(251))
            : MessageNames.STANDARD;
    if (vector.find("message").isPresent()) {
      Message message = Message.parse(vector.hex("message"));
      assertThat(message.toText(names)).isEqualTo(text(vector));
      vector.find("line").ifPresent(line -> assertThat(message.toLine(names)).isEqualTo(line));
      assertThat(message.encode()).isEqualTo(vector.hex("message"));
      assertThat(message.encodedLength()).isEqualTo(vector.hex("message").length());
      assertThat(Message.parse(message.encode())).isEqualTo(message);
    } else {
      OptionList options = OptionList.parse(vector.hex("options"));
      assertThat(options.toText()).isEqualTo(text(vector));
      vector.find("line").ifPresent(line -> assertThat(options).hasToString(line));
      assertThat(options.encode()).isEqualTo(vector.hex("options"));
      assertThat(options.encodedLength()).isEqualTo(vector.hex("options").length());
    }
  }

  private static void parse(Vector vector) throws MalformedException {
    if (vector.find("message").isPresent()) {
      Message.parse(vector.hex("message"));
    } else {
      OptionList.parse(vector.hex("options"));
    }
  }

  /** Lines of a text after the first stand under its column. */
  private static String text(Vector vector) {
    return vector.get("text").replace("\n" + " ".repeat(9), "\n");
  }

  @Test
  void everyTypedOptionHasAVector() {
    Set<String> typed =
        Stream.of(Option.class.getPermittedSubclasses())
            .map(Class::getSimpleName)
            .collect(Collectors.toSet());
    Set<String> seen =
        vectors().stream()
            .filter(v -> v.find("options").isPresent() && v.find("error").isEmpty())
            .map(v -> v.hex("options"))
            .flatMap(VectorTest::outer)
            .map(option -> option.getClass().getSimpleName())
            .collect(Collectors.toSet());
    assertThat(seen).isEqualTo(typed);
  }

  private static Stream<Option> outer(Octets octets) {
    try {
      return OptionList.parse(octets).all().stream();
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void domainNamesGoBothWays(Vector vector) throws MalformedException {
    if (vector.find("error").isPresent()) {
      assertThatThrownBy(() -> DomainName.parse(vector.hex("domain")))
          .isInstanceOf(MalformedException.class)
          .hasMessage(vector.get("error"));
      assertThatThrownBy(() -> new DomainName(vector.hex("domain")))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(vector.get("error"));
      return;
    }
    DomainName name = DomainName.parse(vector.hex("domain"));
    assertThat(name).hasToString(vector.get("text"));
    assertThat(DomainName.ofText(vector.get("text"))).isEqualTo(name);
  }
}
