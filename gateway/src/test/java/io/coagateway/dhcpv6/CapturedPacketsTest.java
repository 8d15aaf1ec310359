package io.coagateway.dhcpv6;

import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.vectors.Vector;
import io.coagateway.vectors.VectorFile;
import io.coagateway.wire.MalformedException;
import io.coagateway.wire.Octets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Packets that programs of others put on the wire, in vectors/captured. Each is read, printed and
 * written back octet for octet, and what is printed is held against what tshark read in the same
 * octets when they were captured (integration-tests/capture-vectors).
 */
class CapturedPacketsTest {
  /** Message types by number: RFC 8415 section 7.3, RFC 5007 section 4.1. */
  private static final Map<String, String> TYPES =
      Map.ofEntries(
          Map.entry("1", "SOLICIT"),
          Map.entry("2", "ADVERTISE"),
          Map.entry("3", "REQUEST"),
          Map.entry("4", "CONFIRM"),
          Map.entry("5", "RENEW"),
          Map.entry("6", "REBIND"),
          Map.entry("7", "REPLY"),
          Map.entry("8", "RELEASE"),
          Map.entry("9", "DECLINE"),
          Map.entry("10", "RECONFIGURE"),
          Map.entry("11", "INFORMATION-REQUEST"),
          Map.entry("12", "RELAY-FORW"),
          Map.entry("13", "RELAY-REPL"),
          Map.entry("14", "LEASEQUERY"),
          Map.entry("15", "LEASEQUERY-REPLY"));

  /** Status codes by number: RFC 8415 section 21.13. */
  private static final List<String> STATUS =
      List.of(
          "Success",
          "UnspecFail",
          "NoAddrsAvail",
          "NoBinding",
          "NotOnLink",
          "UseMulticast",
          "NoPrefixAvail");

  static List<Vector> vectors() {
    return VectorFile.folder("captured");
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void isWrittenBackOctetForOctet(Vector vector) throws MalformedException {
    Octets octets = vector.hex("message");

    Message message = Message.parse(octets);

    assertThat(message.encode()).isEqualTo(octets);
    assertThat(message.encodedLength()).isEqualTo(octets.length());
    assertThat(Message.parse(message.encode())).isEqualTo(message);
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void isPrintedAsTsharkReadsIt(Vector vector) throws MalformedException {
    Message message = Message.parse(vector.hex("message"));
    String text = message.toText(MessageNames.STANDARD);

    List<String> types = all(text, "(?m)^ *([A-Z]+(?:-[A-Z]+)*) (?:xid|hops?(?:-count)?)=");
    assertThat(types).isEqualTo(values(vector, "msgtype").stream().map(TYPES::get).toList());
    assertThat(all(text, "xid=(0x[0-9a-f]{6})\\b")).isEqualTo(values(vector, "xid"));
    assertThat(all(text, "IA_[NP][AD] iaid=0x([0-9a-f]{8})\\b")).isEqualTo(values(vector, "iaid"));
    assertThat(all(text, "(?:CLIENTID|SERVERID) ([0-9a-f]+)")).isEqualTo(values(vector, "duid"));
    assertThat(all(text, "IAADDR ([0-9a-f:]+)")).isEqualTo(values(vector, "address"));
    assertThat(all(text, "IAPREFIX ([0-9a-f:]+)/")).isEqualTo(values(vector, "prefix"));
    assertThat(all(text, "IAPREFIX [0-9a-f:]+/(\\d+)")).isEqualTo(values(vector, "prefix-length"));
    assertThat(all(text, "(?m)STATUS_CODE (\\w+)"))
        .isEqualTo(
            values(vector, "status").stream().map(s -> STATUS.get(Integer.parseInt(s))).toList());
    for (String field : List.of("hop-count", "link-address", "peer-address", "aftr", "dns")) {
      for (String value : values(vector, field)) {
        // tshark ends a domain name with a dot.
        String expected = field.equals("aftr") ? value.replaceFirst("\\.$", "") : value;
        assertThat(text).as(field).containsPattern("\\b" + Pattern.quote(expected) + "(?![\\w:])");
      }
    }
  }

  /** tshark's order: an option, then those inside it. */
  @ParameterizedTest
  @MethodSource("vectors")
  void hasTheOptionsThatTsharkFinds(Vector vector) throws MalformedException {
    List<String> codes = new ArrayList<>();
    collect(Message.parse(vector.hex("message")).options(), codes);
    assertThat(codes).isEqualTo(values(vector, "options"));
  }

  @Test
  void comeFromTheProgramsAndHoldTheMessagesThatWeMustUnderstand() {
    Set<String> senders = new TreeSet<>();
    Set<String> types = new TreeSet<>();
    for (Vector vector : vectors()) {
      senders.add(vector.name().substring(0, vector.name().indexOf(':')));
      values(vector, "msgtype").forEach(type -> types.add(TYPES.get(type)));
    }
    assertThat(senders)
        .contains("dhclient", "dhcpcd", "dhcp6c", "dibbler-client", "dhcrelay")
        .contains("kea", "dhcpd", "dnsmasq", "dibbler-server");
    assertThat(types)
        .containsExactlyInAnyOrderElementsOf(
            TYPES.values().stream()
                .filter(type -> !Set.of("DECLINE", "LEASEQUERY").contains(type))
                .collect(Collectors.toSet()));
  }

  private static void collect(OptionList options, List<String> codes) {
    for (Option option : options) {
      codes.add(Integer.toString(option.code().number()));
      if (option instanceof RelayMessageOption relayed) {
        collect(relayed.message().options(), codes);
      } else if (option instanceof IaNaOption ia) {
        collect(ia.options(), codes);
      } else if (option instanceof IaPdOption ia) {
        collect(ia.options(), codes);
      } else if (option instanceof IaAddressOption address) {
        collect(address.options(), codes);
      } else if (option instanceof IaPrefixOption prefix) {
        collect(prefix.options(), codes);
      } else if (option instanceof ClientDataOption data) {
        collect(data.options(), codes);
      } else if (option instanceof S46ContLwOption container) {
        collect(container.options(), codes);
      }
    }
  }

  private static List<String> values(Vector vector, String field) {
    return vector.find(field).stream()
        .flatMap(text -> Arrays.stream(text.split("\\s+", -1)))
        .toList();
  }

  private static List<String> all(String text, String regex) {
    Matcher matcher = Pattern.compile(regex).matcher(text);
    return Stream.iterate(matcher.find(), found -> found, found -> matcher.find())
        .map(found -> matcher.group(1))
        .toList();
  }
}
