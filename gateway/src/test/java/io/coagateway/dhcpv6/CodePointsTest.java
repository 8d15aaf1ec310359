package io.coagateway.dhcpv6;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.StringReader;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CodePointsTest {
  @ParameterizedTest
  @ValueSource(classes = {OptionCode.class, MessageType.class, StatusCode.class})
  void noTwoConstantsShareANumber(Class<?> type) throws IllegalAccessException {
    Map<Object, String> byValue = new LinkedHashMap<>();
    for (Map.Entry<String, Object> constant : constants(type).entrySet()) {
      String before = byValue.put(constant.getValue(), constant.getKey());
      assertThat(before).as("same number as " + constant.getKey()).isNull();
    }
    assertThat(byValue).hasSizeGreaterThan(15);
  }

  @Test
  void optionConstantsAreNamedAsRegistered() throws IllegalAccessException {
    constants(OptionCode.class).forEach((name, code) -> assertThat(code).hasToString(name));
  }

  @Test
  void messageTypeConstantsAreNamedAsRegistered() throws IllegalAccessException {
    constants(MessageType.class)
        .forEach((name, type) -> assertThat(type).hasToString(name.replace('_', '-')));
  }

  private static Map<String, Object> constants(Class<?> type) throws IllegalAccessException {
    Map<String, Object> constants = new LinkedHashMap<>();
    for (Field field : type.getDeclaredFields()) {
      if (field.getType() == type && Modifier.isPublic(field.getModifiers())) {
        constants.put(field.getName(), field.get(null));
      }
    }
    return constants;
  }

  @Test
  void unknownNumbersSurvive() {
    assertThat(OptionCode.of(65535)).hasToString("65535");
    assertThat(MessageType.of(250)).hasToString("250");
    assertThat(new StatusCode(4711)).hasToString("4711");
    assertThatThrownBy(() -> OptionCode.of(65536)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> MessageType.of(-1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new StatusCode(-1)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void statusCodesAreFoundByNameAndNumber() {
    assertThat(StatusCode.parse("notallowed")).isEqualTo(StatusCode.NOT_ALLOWED);
    assertThat(StatusCode.parse("9")).isEqualTo(StatusCode.NOT_CONFIGURED);
    assertThatThrownBy(() -> StatusCode.parse("nope"))
        .hasMessage("\"nope\" is not a DHCPv6 status code. Give one like NotAllowed, or 10");
  }

  @ParameterizedTest
  @ValueSource(strings = {"aftr-name", "AFTR_NAME", "OPTION_AFTR_NAME", "Option-Aftr-Name", "64"})
  void optionsAreFoundInEverySpelling(String text) {
    assertThat(OptionDictionary.builtIn().code(text)).isEqualTo(OptionCode.AFTR_NAME);
  }

  @Test
  void theDictionaryListsTheWholeRegistry() {
    OptionDictionary dictionary = OptionDictionary.builtIn();
    for (int code = 1; code <= 150; code++) {
      boolean isUnassigned = code == 10 || code == 35;
      assertThat(dictionary.byCode(OptionCode.of(code)).isEmpty()).isEqualTo(isUnassigned);
    }
    assertThat(dictionary.byName("dns-servers").orElseThrow().form())
        .isEqualTo(OptionDictionary.Form.ADDRESS_LIST);
    assertThatThrownBy(() -> dictionary.code("aftr"))
        .hasMessageStartingWith("\"aftr\" is not a DHCPv6 option. Give a name like aftr-name");
    assertThatThrownBy(() -> dictionary.code("0")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void dictionaryErrorsNameFileAndLine() throws IOException {
    assertThatThrownBy(() -> read("64 aftr-name fqdn 6334\n64 other fqdn 1"))
        .hasMessage("f:2: \"64 other fqdn 1\" repeats a code or name of line 1");
    assertThatThrownBy(() -> read("# x\n64 aftr-name"))
        .hasMessage("f:2: \"64 aftr-name\" is not: code name form RFC");
    assertThatThrownBy(() -> read("64 aftr-name name 6334"))
        .hasMessageStartingWith("f:1: \"name\" is not a form. Known are: [fqdn, fqdn-list,");
    assertThatThrownBy(() -> read("x aftr-name fqdn 6334")).hasMessageStartingWith("f:1: ");
    assertThat(read("7 a uint8 1 # why\n\n").definitions()).hasSize(1);
  }

  private static OptionDictionary read(String text) throws IOException {
    return OptionDictionary.read(new StringReader(text), "f");
  }
}
