package io.coagateway.subscriber;

import static io.coagateway.subscriber.TestTables.FORMAT;
import static io.coagateway.subscriber.TestTables.NAS;
import static io.coagateway.subscriber.TestTables.subscriber;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coagateway.dhcpv6.OptionCode;
import io.coagateway.wire.Octets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class RecordFormatTest {
  /** The record of interface.md section 3. */
  private static final String EXAMPLE =
      """
      {"id":"port-1/1/7","nas":"nas1.example.net","version":12,"duid":"0003000102005e100007",\
      "linkAddress":"2001:db8:0:7::1","peerAddress":"fe80::5eff:fe10:7",\
      "interfaceId":{"text":"1/1/7"},"serverDuid":"000100012a2b2c2d02005e0000aa",\
      "reconfigureAccept":true,"session":{"User-Name":["alice@example.net"],\
      "Acct-Session-Id":["8A3F00C1"],"NAS-Port-Id":["1/1/7"],\
      "Calling-Station-Id":["02-00-5E-10-00-07"],"Framed-IPv6-Prefix":["2001:db8:0:7::/64"]},\
      "ias":[{"type":"IA_NA","iaid":1,"leases":["2001:db8:0:7::1000"]},\
      {"type":"IA_PD","iaid":1,"leases":["2001:db8:4200::/56"]}],\
      "options":{"64":"0461667472076578616d706c65036e657400"}}""";

  @Test
  void printsWhatItRead() throws Exception {
    assertThat(FORMAT.print(FORMAT.parse(EXAMPLE, "other"))).isEqualTo(EXAMPLE);
    SubscriberRecord record = subscriber(7);
    assertThat(FORMAT.parse(FORMAT.print(record), "other")).isEqualTo(record);
  }

  @Test
  void takesTheDefaultNasAndLeavesUnknownPartsOut() throws Exception {
    SubscriberRecord record =
        FORMAT.parse("{\"id\":\"a\",\"duid\":\"00:03:00\",\"linkAddress\":\"::\"}", NAS);
    assertThat(record.nas()).isEqualTo(NAS);
    assertThat(record.reconfigureAccept()).isEqualTo(ReconfigureAccept.UNKNOWN);
    assertThat(FORMAT.print(record))
        .isEqualTo(
            "{\"id\":\"a\",\"nas\":\"nas1.example.net\",\"version\":0,\"duid\":\"000300\","
                + "\"linkAddress\":\"::\",\"session\":{},\"ias\":[],\"options\":{}}");
  }

  @Test
  void readsOptionsThatComeMoreThanOnce() throws Exception {
    String line = EXAMPLE.replace("{\"64\":", "{\"1000\":[\"61\",\"62\"],\"64\":");
    SubscriberRecord record = FORMAT.parse(line, NAS);
    assertThat(record.options().all(new OptionCode(1000))).hasSize(2);
    assertThat(FORMAT.print(record)).isEqualTo(line);
  }

  @Test
  void readsWhenLeasesEnd() throws Exception {
    String line =
        EXAMPLE.replace("::1000\"]", "::1000\",\"::1\"],\"validUntil\":[1795300000,null]");
    SubscriberRecord record = FORMAT.parse(line, NAS);
    assertThat(record.ias().get(0).validUntil())
        .containsExactly(Instant.ofEpochSecond(1_795_300_000L), IdentityAssociation.FOREVER);
    assertThat(record.ias().get(0).firstEnd()).isEqualTo(Instant.ofEpochSecond(1_795_300_000L));
    assertThat(record.ias().get(1).firstEnd()).isEqualTo(IdentityAssociation.FOREVER);
    assertThat(FORMAT.print(record)).isEqualTo(line);
  }

  @Test
  void readsInterfaceIdAsHexToo() throws Exception {
    String hex = EXAMPLE.replace("{\"text\":\"1/1/7\"}", "\"312f 312f 37\"");
    assertThat(FORMAT.parse(hex, NAS).interfaceId()).contains(Octets.ofUtf8("1/1/7"));
  }

  /** What stands in the line, what stands there instead, and the words of the error. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      textBlock =
          """
          port-1/1/7             ~ port\\\\u00001 ~ id: has the character U+0000. Leave it out
          port-1/1/7             ~ port\\\\ud8001 ~ id: has half of a surrogate pair. Give whole characters
          nas1.example.net       ~ nas\\\\u00001  ~ nas: has the character U+0000. Leave it out
          "0003000102005e100007" ~ "00zz"      ~ duid: "00zz" is not a DUID: "z" at position 2 is not a hex digit
          "duid"                 ~ "duidd"     ~ "duidd" is no key of the record form
          "id":"port-1/1/7",     ~ ''          ~ id: is missing. Give a name, unique on its NAS
          2001:db8:0:7::1"       ~ 2001:db8::g" ~ linkAddress: "2001:db8::g" is not an IPv6 address
          {"text":"1/1/7"}       ~ {"txt":"a"} ~ interfaceId: {"txt":"a"} will not do. Give hex like
          {"text":"1/1/7"}       ~ "abc"       ~ interfaceId: "abc" is not hex
          true                   ~ "yes"       ~ reconfigureAccept: "yes" will not do. Give true or false
          User-Name              ~ User-Nam    ~ session.User-Nam: no dictionary has an attribute "User-Nam"
          ["1/1/7"]              ~ [{}]        ~ session.NAS-Port-Id[0]: {} will not do. Give a string
          "IA_PD"                ~ "IA_XX"     ~ ias[1].type: "IA_XX" will not do. Give IA_NA, IA_TA or IA_PD
          "iaid":1               ~ "iaid":4294967296 ~ ias[0].iaid: 4294967296 will not do. Give a number from 0
          2001:db8:4200::/56     ~ 2001:db8::1 ~ ias[1].leases[0]: "2001:db8::1" is not an IPv6 prefix
          "iaid":1               ~ "validUntil":7 ~ ias[0].validUntil: 7 will not do. Give an array with an end for each lease
          "iaid":1               ~ "validUntil":[-1] ~ ias[0].validUntil[0]: -1 will not do. Give the end in Unix seconds
          "64"                   ~ "aftr"      ~ options.aftr: "aftr" is not an option code
          0461667472076578616d706c65036e657400 ~ 04616674 ~ options.64: "04616674": AFTR_NAME
          "version":12           ~ "id":"b"    ~ not JSON, column
          ]}]                    ~ ]}          ~ not JSON, column
          """)
  void saysWhereWhatAndWhatToWriteInstead(String there, String instead, String error) {
    String line = EXAMPLE.replaceFirst(java.util.regex.Pattern.quote(there), instead);
    assertThat(line).isNotEqualTo(EXAMPLE);
    assertThatThrownBy(() -> FORMAT.parse(line, NAS))
        .isInstanceOf(RecordFormatException.class)
        .hasMessageContaining(error)
        .message()
        .doesNotContain("\n");
  }

  @Test
  void takesNamesThatFitIntoEveryDatabasesIndex() throws Exception {
    String longest = "é".repeat(RecordNames.MAX_OCTETS / 2);
    assertThat(FORMAT.parse(EXAMPLE.replace("port-1/1/7", longest), NAS).id()).isEqualTo(longest);
    assertThatThrownBy(() -> FORMAT.parse(EXAMPLE.replace("port-1/1/7", longest + "x"), NAS))
        .hasMessageContaining("id: has 1001 octets in UTF-8. Give at most 1000");
  }

  /** Nothing of the parser's own, and always what to do. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      textBlock =
          """
          {"id":"a"          ~ the line ends inside the record. Close what is open
          {"id":"a           ~ the line ends inside the record. Close what is open
          [                  ~ the line ends inside the record. Close what is open
          {"id":"a"} {}      ~ the line goes on behind the record. Give one record a line
          {"id":"a"},        ~ a quote, comma, colon or bracket is missing here, or one
          {id:"a"}           ~ a quote, comma, colon or bracket is missing here, or one
          {"id":'a'}         ~ a quote, comma, colon or bracket is missing here, or one
          {"id":"a",}        ~ a quote, comma, colon or bracket is missing here, or one
          {"id" "a"}         ~ a quote, comma, colon or bracket is missing here, or one
          {"id":a}           ~ a quote, comma, colon or bracket is missing here, or one
          {"id":"a","id":"b"} ~ the key "id" is there twice. Keep one of them
          \ufeff{"id":"a"}  ~ the file begins with a byte order mark. Save it as UTF-8
          {"id":"a\u0001b"} ~ a control character stands in a text. Write it like
          {"id":"a\\x"}     ~ a backslash begins nothing here that JSON knows. Write \\\\ for a
          {"id":"a\\u00zz"} ~ a backslash begins nothing here that JSON knows. Write \\\\ for a
          """)
  void saysInOurWordsWhatIsNotJson(String line, String error) {
    assertThatThrownBy(() -> FORMAT.parse(line, NAS))
        .isInstanceOf(RecordFormatException.class)
        .message()
        .startsWith("not JSON, column ")
        .contains(": " + error)
        .doesNotContain("REDACTED", "Source", "FAIL_ON", "code ", "token");
  }

  @ParameterizedTest
  @MethodSource("beyondTheParsersLimits")
  void saysThatSomethingIsTooLong(String line) {
    assertThatThrownBy(() -> FORMAT.parse(line, NAS))
        .isInstanceOf(RecordFormatException.class)
        .message()
        .matches("not JSON(, column [0-9]+)?: a number, a key or a text is too long, or .*")
        .doesNotContain("StreamReadConstraints");
  }

  static List<String> beyondTheParsersLimits() {
    return List.of(
        "{\"version\":" + "1".repeat(1200) + "}",
        "[".repeat(2000),
        "{\"" + "k".repeat(60_000) + "\":1}");
  }

  @Test
  void saysWhatIsNoObject() {
    assertThatThrownBy(() -> FORMAT.parse("[]", NAS)).hasMessageContaining("not a JSON object");
  }
}
