package io.coagateway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coagateway.radius.AttributeDefinition;
import io.coagateway.radius.AttributeDictionary;
import io.coagateway.radius.AttributeId;
import io.coagateway.radius.AttributeList;
import io.coagateway.radius.AttributeTables;
import io.coagateway.radius.Attributes;
import io.coagateway.radius.DataType;
import io.coagateway.radius.DynamicAuthorizationRequest.Kind;
import io.coagateway.radius.ErrorCause;
import io.coagateway.radius.Vendor;
import io.coagateway.vectors.Vector;
import io.coagateway.vectors.VectorFile;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tinyradius.core.dictionary.Dictionary;
import org.tinyradius.core.dictionary.parser.DictionaryParser;

class DictionaryFilesTest {
  @TempDir Path folder;

  static List<Vector> badLines() {
    return VectorFile.file("config/dictionaries.txt");
  }

  static List<Vector> constructs() {
    return VectorFile.file("config/dictionary-constructs.txt");
  }

  @Test
  void knowsEveryAttributeOfTheTables() {
    AttributeDictionary dictionary = DictionaryFiles.builtIn();
    for (Kind kind : Kind.values()) {
      AttributeTables.rules(kind)
          .forEach(row -> assertThat(dictionary.definition(row.id())).as("" + row).isPresent());
    }
  }

  @Test
  void saysWhoMayNotReadAFile() {
    List<Problem> problems = new ArrayList<>();
    DictionaryReader.Source closed =
        file -> {
          throw new AccessDeniedException(file.toString());
        };
    Path file = folder.resolve("dd.dict");
    new DictionaryReader(AttributeDictionary.builder(), closed, problems).read(file);
    assertThat(problems)
        .extracting(Problem::message)
        .containsExactly(
            "may not be read by " + System.getProperty("user.name") + ". Run: chmod a+r " + file);
  }

  @Test
  void namesEveryErrorCause() {
    AttributeDefinition definition =
        DictionaryFiles.builtIn().definition(Attributes.ERROR_CAUSE).orElseThrow();
    for (ErrorCause cause : ErrorCause.values()) {
      assertThat(definition.valueName(cause.number())).as("" + cause).isPresent();
    }
  }

  /** An independent reader of the same files, but for dotted numbers, which it does not know. */
  @Test
  void agreesWithTinyradius() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("../dictionaries/radius"))) {
      for (Path file : files.toList()) {
        write(
            file.getFileName().toString(),
            Files.readAllLines(file).stream()
                .filter(
                    line -> !line.matches("ATTRIBUTE\\s+\\S+\\s+\\d+\\..*|VALUE\\s+Softwire46.*"))
                .collect(Collectors.joining("\n")));
      }
    }
    Dictionary theirs =
        DictionaryParser.newFileParser().parseDictionary(folder.resolve("dictionary").toString());
    int compared = 0;
    for (AttributeDefinition ours : DictionaryFiles.builtIn().definitions()) {
      AttributeId id = ours.id();
      if (id.tlvDepth() > 0 || (id.isExtended() && !id.equals(AttributeId.of(id.type())))) {
        continue;
      }
      int vendor = id.isVendor() ? (int) id.vendorId() : -1;
      int type = id.isVendor() ? (int) id.vendorType() : id.type();
      assertThat(theirs.getAttributeTemplate(vendor, type))
          .as(ours.name())
          .hasValueSatisfying(t -> assertThat(t.getName()).isEqualTo(ours.name()));
      compared++;
    }
    assertThat(compared).isGreaterThan(300);
  }

  @Test
  void addsToTheBuiltInOnes() throws Exception {
    write(
        "dictionary",
        """
        # our own
        $INCLUDE more
        VENDOR Example 32473 format=2,1
        BEGIN-VENDOR Example
        ATTRIBUTE Example-Box 0x0101 tlv
        BEGIN-TLV Example-Box
        ATTRIBUTE Example-Colour 1 byte
        END-TLV Example-Box
        ATTRIBUTE Example-Dotted 257.2 string
        VALUE Example-Colour Red 1
        END-VENDOR Example
        BEGIN-VENDOR Example format=Extended-Vendor-Specific-5
        ATTRIBUTE Example-Long 9 octets
        END-VENDOR Example
        VALUE Service-Type Example-Service 0x10
        """);
    write("more", "ATTRIBUTE Example-Key 199 octets[4] encrypt=Tunnel-Password,concat");
    AttributeDictionary dictionary = DictionaryFiles.load(List.of(folder));
    assertThat(dictionary.vendor(32473)).contains(new Vendor("Example", 32473, 2, 1));
    assertThat(dictionary.idOf("example-colour")).contains(AttributeId.parse("26.32473.257.1"));
    assertThat(dictionary.idOf("Example-Dotted")).contains(AttributeId.parse("26.32473.257.2"));
    assertThat(dictionary.typeOf(AttributeId.vendor(32473, 257))).isEqualTo(DataType.TLV);
    assertThat(dictionary.idOf("Example-Long")).contains(AttributeId.extendedVendor(245, 32473, 9));
    assertThat(dictionary.parse("Example-Colour = Red").value().toHex()).isEqualTo("01");
    assertThat(dictionary.parse("Service-Type = Example-Service").value().toHex())
        .isEqualTo("00000010");
    assertThat(dictionary.parse("Service-Type = Framed-User").value().toHex())
        .isEqualTo("00000002");
    assertThat(dictionary.definition("Example-Key").map(AttributeDefinition::flags))
        .contains(new AttributeDefinition.Flags(false, 2, true, false, 4));
    assertThat(dictionary.idOf("User-Name")).contains(Attributes.USER_NAME);
  }

  @Test
  void reportsEveryBadLineOfAllFilesInOneRun() throws Exception {
    write("first", "ATTRIBUTE A\n$INCLUDE second\nVALUE B C 1\n");
    write("second", "\n\nATTRIBUTE X 26.9 string\n");
    assertThatThrownBy(() -> DictionaryFiles.load(List.of(folder.resolve("first"))))
        .isInstanceOfSatisfying(
            ConfigurationException.class,
            e ->
                assertThat(e.problems().stream().map(p -> place(p)))
                    .containsExactly("first:1", "second:3", "first:3"));
  }

  @Test
  void namesTheFileThatIsNotThere() throws Exception {
    Path lost = folder.resolve("lost");
    assertThatThrownBy(() -> DictionaryFiles.load(List.of(lost)))
        .hasMessage(lost + ": does not exist. Give a dictionary file");
    write("first", "$INCLUDE lost\n");
    assertThatThrownBy(() -> DictionaryFiles.load(List.of(folder.resolve("first"))))
        .hasMessage(
            folder.resolve("first")
                + ":1: \""
                + lost
                + "\" does not exist. Give a dictionary file");
  }

  private static String place(Problem problem) {
    return problem.file().getFileName() + ":" + problem.line();
  }

  @ParameterizedTest
  @MethodSource
  void badLines(Vector vector) throws IOException {
    write("dictionary", vector.get("lines").replaceAll("(?m)^\\s+", ""));
    Optional<String> message = Optional.empty();
    try {
      DictionaryFiles.load(List.of(folder));
    } catch (ConfigurationException e) {
      message = Optional.of(e.getMessage().replace(folder.toString() + java.io.File.separator, ""));
    }
    assertThat(message).contains(vector.get("error"));
  }

  /** dictionary(5) of FreeRADIUS 3.2, and what its files have beyond that. */
  @ParameterizedTest
  @MethodSource
  void constructs(Vector vector) throws Exception {
    write("dictionary", vector.get("lines").replaceAll("(?m)^\\s+", ""));
    AttributeDictionary dictionary = DictionaryFiles.load(List.of(folder));
    AttributeList list = AttributeList.parse(vector.hex("hex"), dictionary);
    String text = list.all().stream().map(dictionary::print).collect(Collectors.joining("\n"));
    assertThat(text).isEqualTo(vector.find("text").orElse("").replaceAll("\n\\s+", "\n"));
    assertThat(list.defects().stream().map(d -> d.id() + " at " + d.offset() + ": " + d.reason()))
        .containsExactlyElementsOf(vector.all("defect"));
    AttributeList built = AttributeList.of(text.lines().map(dictionary::parse).toList());
    assertThat(built.all()).isEqualTo(list.all());
    if (list.defects().isEmpty()) {
      assertThat(list.encode(dictionary))
          .isEqualTo(vector.hex(vector.find("again").isPresent() ? "again" : "hex"));
    }
  }

  @Test
  void findsNoneOfFreeRadiusesOwnAttributes() throws Exception {
    write("dictionary", "ATTRIBUTE Example-Own 256 string\nATTRIBUTE Example-Last 255 string\n");
    AttributeDictionary dictionary = DictionaryFiles.load(List.of(folder));
    assertThat(dictionary.idOf("Example-Own")).isEmpty();
    assertThat(dictionary.idOf("Example-Last")).contains(AttributeId.of(255));
    assertThat(dictionary.definition(AttributeId.of(0))).isEmpty();
  }

  /** dictionary.compat names values of what dictionary.freeradius.internal defines. */
  @Test
  void takesValuesAboveTheirAttributesAcrossFiles() throws Exception {
    write("values", "VALUE Example-Number One 1\n");
    write("attributes", "ATTRIBUTE Example-Number 199 integer\n");
    AttributeDictionary dictionary =
        DictionaryFiles.load(List.of(folder.resolve("values"), folder.resolve("attributes")));
    assertThat(dictionary.parse("Example-Number = One").value().toHex()).isEqualTo("00000001");
  }

  @Test
  void whatOneFileLeavesOpenIsNotTheNextOnes() throws Exception {
    write("vendor", "VENDOR RevA 99991\nBEGIN-VENDOR RevA\n");
    write("tlv", "ATTRIBUTE RevT 245.9 tlv\nBEGIN-TLV RevT\n");
    write("sound", "ATTRIBUTE Example-Word 199 string\n");
    List<Path> files = Stream.of("vendor", "tlv", "sound").map(folder::resolve).toList();
    assertThatThrownBy(() -> DictionaryFiles.load(files))
        .isInstanceOfSatisfying(
            ConfigurationException.class,
            e ->
                assertThat(e.problems().stream().map(p -> place(p)))
                    .containsExactly("vendor:2", "tlv:2"));
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }
}
