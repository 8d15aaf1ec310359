package io.coagateway.accounting;

import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.accounting.AccountingRequest.SessionName;
import io.coagateway.radius.Attribute;
import io.coagateway.radius.Attributes;
import io.coagateway.subscriber.ClientKey;
import io.coagateway.wire.Octets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Two may wait, for an hour; each is found by the port that it names. */
class UnjoinedSessionsTest {
  private static final long HOUR = Duration.ofHours(1).toNanos();

  private final UnjoinedSessions sessions = new UnjoinedSessions(JoinedByPort.parameters(2));

  private static SessionName name(String id) {
    Attribute nas = Attribute.ofText(Attributes.NAS_IDENTIFIER, "n1");
    return new SessionName(Optional.of(nas), Octets.ofUtf8(id));
  }

  private void put(String id, String port, long now) {
    Attribute attribute = Attribute.ofText(Attributes.NAS_PORT_ID, port);
    sessions.put(
        name(id), new AccountingRequest(AccountingRequest.Status.START, List.of(attribute)), now);
  }

  private List<String> at(String port) {
    return sessions.with(List.of(ClientKey.interfaceId(Octets.ofUtf8(port)))).stream()
        .map(SessionName::toString)
        .toList();
  }

  @Test
  void oneThatWaitsNoMoreIsNotFound() {
    put("s1", "p", 0);
    put("s2", "p", 0);
    assertThat(at("p")).containsExactly("s1", "s2");
    assertThat(sessions.remove(name("s1"))).isPresent();
    assertThat(at("p")).containsExactly("s2");
    assertThat(sessions.remove(name("s1"))).isEmpty();
    assertThat(sessions.remove(name("s2"))).isPresent();
    assertThat(at("p")).isEmpty();
    assertThat(sessions.size()).isZero();
  }

  @Test
  void whatIsToldAgainReplacesWhatWasTold() {
    put("s1", "p", 0);
    put("s2", "q", 1);
    put("s1", "r", 2);
    assertThat(at("p")).isEmpty();
    assertThat(at("r")).containsExactly("s1");
    put("s3", "t", 3); // s1 is newer than s2 now
    assertThat(at("q")).isEmpty();
    assertThat(at("r")).containsExactly("s1");
    assertThat(sessions.size()).isEqualTo(2);
  }

  @Test
  void theOldestGoWithTheirKeysWhenThereAreTooMany() {
    put("s1", "p", 0);
    put("s2", "p", 0);
    put("s3", "p", 0);
    assertThat(at("p")).containsExactly("s2", "s3");
  }

  @Test
  void theOldestGoWithTheirKeysWhenTheirTimeIsOver() {
    put("s1", "p", 0);
    put("s2", "p", 1);
    sessions.forget(HOUR);
    assertThat(at("p")).containsExactly("s1", "s2");
    sessions.forget(HOUR + 1);
    assertThat(at("p")).containsExactly("s2");
    assertThat(sessions.size()).isEqualTo(1);
  }
}
