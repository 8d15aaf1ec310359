package io.coagateway.subscriber;

import static io.coagateway.subscriber.TestTables.NAS;
import static io.coagateway.subscriber.TestTables.await;
import static io.coagateway.subscriber.TestTables.subscriber;
import static io.coagateway.subscriber.TestTables.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.radius.Attributes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What an acknowledged Disconnect removes when the record was written while the DHCPv6 servers were
 * asked, and what it leaves alone.
 */
@ParameterizedClass
@EnumSource(TestDatabase.Kind.class)
class ReleaseTest {
  private static final SessionAttributes ALICE =
      SessionAttributes.of(Attributes.USER_NAME, text("alice"));
  private static final SessionAttributes BOB =
      SessionAttributes.of(Attributes.USER_NAME, text("bob"));

  @Parameter TestDatabase.Kind kind;
  @TempDir Path directory;
  private final List<String> released = Collections.synchronizedList(new ArrayList<>());

  private final TableObserver observer =
      new TableObserver() {
        @Override
        public void released(SubscriberRecord record) {
          released.add(record.id());
        }
      };

  private static SessionAttributes of(SessionAttributes user, String acctSessionId) {
    return user.plus(Attributes.ACCT_SESSION_ID, text(acctSessionId));
  }

  /** The session of the record as the Disconnect read it, and as it is when it is released. */
  private boolean isGone(SessionAttributes read, SessionAttributes written) throws Exception {
    try (SubscriberTable table = kind.in(directory).open(observer)) {
      SubscriberRecord base = await(table.put(subscriber(1).toBuilder().session(read).build()));
      await(table.put(base.toBuilder().session(written).build()));
      await(table.release(List.of(base)));
      boolean gone = await(table.get(NAS, "port-1")).isEmpty();
      assertThat(released).hasSize(gone ? 1 : 0);
      return gone;
    }
  }

  @Test
  @DisplayName("an Accounting-Stop has taken the session out: the leases go nevertheless")
  void afterAnAccountingStop() throws Exception {
    assertThat(isGone(of(ALICE, "8A3F0001"), SessionAttributes.EMPTY)).isTrue();
  }

  @Test
  @DisplayName("an Interim-Update has added an attribute: it is the same session")
  void afterAnInterimUpdate() throws Exception {
    SessionAttributes read = of(ALICE, "8A3F0001");
    assertThat(isGone(read, read.plus(Attributes.FRAMED_IPV6_PREFIX, text("\0@")))).isTrue();
  }

  @Test
  @DisplayName("an Accounting-Start has named the session that was known by its user alone")
  void afterAnAccountingStart() throws Exception {
    assertThat(isGone(ALICE, of(ALICE, "8A3F0001"))).isTrue();
  }

  @Test
  @DisplayName("the Acct-Session-Id decides, whatever the User-Name says")
  void afterTheUserWasRenamed() throws Exception {
    assertThat(isGone(of(ALICE, "8A3F0001"), of(BOB, "8A3F0001"))).isTrue();
  }

  @Test
  @DisplayName("another Acct-Session-Id is another session, of the same user, too")
  void leavesTheNextSessionOfTheSameUser() throws Exception {
    assertThat(isGone(of(ALICE, "8A3F0001"), of(ALICE, "8A3F0002"))).isFalse();
  }

  @Test
  @DisplayName("without an Acct-Session-Id in both, another User-Name is another session")
  void leavesTheSessionOfAnotherUser() throws Exception {
    assertThat(isGone(ALICE, of(BOB, "8A3F0002"))).isFalse();
  }

  @Test
  @DisplayName("another client on the same port is left alone, whatever its session says")
  void leavesAnotherClient() throws Exception {
    try (SubscriberTable table = kind.in(directory).open(observer)) {
      SubscriberRecord base = await(table.put(subscriber(1)));
      SubscriberRecord next =
          await(
              table.put(
                  SubscriberRecord.builder(NAS, base.id(), subscriber(2).duid(), base.linkAddress())
                      .session(base.session())
                      .build()));
      await(table.release(List.of(base)));
      assertThat(await(table.get(NAS, base.id()))).contains(next);
      assertThat(released).isEmpty();
    }
  }
}
