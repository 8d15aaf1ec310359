package io.coagateway.listen;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The cure must fit what the system said. */
class ListenFailureTest {
  private static String message(String address, int port, String why) {
    return ListenFailure.message(
        new InetSocketAddress(address, port), "HERE", new IOException(why), "radius.listen");
  }

  @Test
  void anAddressOfAnotherMachineIsNoProgramInTheWay() {
    String expected =
        "Cannot listen on HERE: this machine has no such address. Give one of `ip addr`, or [::], in"
            + " radius.listen";
    assertThat(message("192.0.2.1", 3799, "bind(..) failed: Cannot assign requested address"))
        .isEqualTo(expected);
    assertThat(message("2001:db8::1", 3799, "said in another language")).isEqualTo(expected);
  }

  @Test
  void aPortInUseIsAProgramInTheWay() {
    assertThat(message("127.0.0.1", 3799, "Address already in use"))
        .isEqualTo(
            "Cannot listen on HERE: Address already in use. Stop the program that uses it, or change"
                + " radius.listen");
    assertThat(message("::", 3799, "Address already in use")).contains("Stop the program");
  }

  /** 127.0.0.2 is ours, and any that net.ipv4.ip_nonlocal_bind or a local route allows. */
  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.2", "192.0.2.1", "2001:db8::1"})
  void whatIsInUseIsHereThoughNoInterfaceHasIt(String address) {
    assertThat(message(address, 3799, "bind(..) failed with error(-98): Address already in use"))
        .contains("Stop the program that uses it")
        .doesNotContain("no such address");
    assertThat(message(address, 37, "Permission denied")).contains("CAP_NET_BIND_SERVICE");
  }

  @Test
  void aPortThatIsNotAllowedIsNoProgramInTheWay() {
    assertThat(message("127.0.0.1", 37, "Permission denied"))
        .isEqualTo(
            "Cannot listen on HERE: Permission denied. A port below 1024 takes root or"
                + " CAP_NET_BIND_SERVICE; give another in radius.listen");
  }

  @Test
  void aHighPortThatIsNotAllowedTakesNoPrivilege() {
    assertThat(message("127.0.0.1", 3799, "Permission denied"))
        .isEqualTo(
            "Cannot listen on HERE: Permission denied. Allow it where it is forbidden (like"
                + " SELinux), or give another in radius.listen");
  }
}
