package io.coagateway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the forms take, and that what they print they read again. */
class FormsTest {
  private static final Form<Duration> ANY = Forms.duration(Duration.ZERO, Duration.ofDays(1));

  @ParameterizedTest
  @CsvSource({
    "25s, PT25S, 25s",
    "300ms, PT0.3S, 300ms",
    "5m, PT5M, 300s",
    "1.5s, PT1.5S, 1500ms",
    "2h, PT2H, 2h",
    "0s, PT0S, 0s"
  })
  void readsDurations(String text, Duration value, String printed) throws BadValue {
    assertThat(ANY.read(text)).isEqualTo(value);
    assertThat(ANY.print(value)).isEqualTo(printed);
    assertThat(ANY.read(printed)).isEqualTo(value);
  }

  @ParameterizedTest
  @ValueSource(strings = {"25", "s", "5 minutes", "-1s", "1d", "", "99999999999s", "1h30m"})
  void refusesOtherDurations(String text) {
    assertThatThrownBy(() -> ANY.read(text)).hasMessageContaining("like 25s, 300ms or 5m");
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1:3799, 127.0.0.1:3799",
    "127.0.0.1, 127.0.0.1:547",
    "[::1]:10547, [::1]:10547",
    "[2001:db8::53], [2001:db8::53]:547",
    "2001:db8::53, [2001:db8::53]:547",
    "[::]:0, [::]:0",
    "fe80::1%lo, [fe80::1%lo]:547"
  })
  void readsSocketAddresses(String text, String printed) throws BadValue {
    Form<java.net.InetSocketAddress> form = Forms.socket(547);
    assertThat(form.print(form.read(text)).replaceAll("(%\\w+)?\\]", "]"))
        .isEqualTo(printed.replace("%lo", ""));
  }

  @Test
  void keepsTheZoneOfALinkLocalAddress() throws BadValue {
    assertThat(Forms.ipv6Socket(547).read("[fe80::1%lo]:547").getAddress())
        .isInstanceOfSatisfying(
            java.net.Inet6Address.class, a -> assertThat(a.getScopeId()).isPositive());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[::1]:99999   | has no port from 0 to 65535 at its end",
        "[::1]x        | has no port from 0 to 65535 at its end",
        "localhost:80  | is not an IP address",
        "2001:db8::zz  | is not an IPv6 address",
        "fe80::1%nope0 | names the interface nope0, which this machine does not have now"
      })
  void saysWhatIsWrongWithASocketAddress(String text, String message) {
    assertThatThrownBy(() -> Forms.socket(547).read(text)).hasMessageStartingWith(message);
  }

  @Test
  void refusesIpv4WhereDhcpv6Speaks() {
    assertThatThrownBy(() -> Forms.ipv6Socket(547).read("192.0.2.1:547"))
        .hasMessageStartingWith("is not an IPv6 address");
  }

  @Test
  void readsWholeNumbersInRange() throws BadValue {
    Form<Integer> form = Forms.integer(1, 65535);
    assertThat(form.read("547")).isEqualTo(547);
    assertThatThrownBy(() -> form.read("0x10")).hasMessageContaining("from 1 to 65535");
    assertThatThrownBy(() -> form.read("0")).hasMessageContaining("from 1 to 65535");
  }

  @Test
  void saysWhichRateItTakes() {
    assertThatThrownBy(() -> Forms.RATE.read("100")).hasMessageContaining("like 100/s");
    assertThatThrownBy(() -> Forms.RATE.read("0/s")).hasMessageContaining("1/s to 1000000/s");
  }

  @Test
  void namesTheChoicesOfAnEnum() {
    assertThatThrownBy(() -> Form.oneOf(Node.Kind.class).read("map"))
        .hasMessage("is not one of the choices. Give scalar | sequence | mapping | nothing.");
  }
}
