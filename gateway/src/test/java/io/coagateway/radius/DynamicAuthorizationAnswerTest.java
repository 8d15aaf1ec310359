package io.coagateway.radius;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coagateway.radius.DynamicAuthorizationAnswer.Verdict;
import io.coagateway.radius.DynamicAuthorizationRequest.Kind;
import io.coagateway.wire.Octets;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 5176 section 3.6: what may stand in an answer, and that no other answer can be built. */
class DynamicAuthorizationAnswerTest {
  private static DynamicAuthorizationAnswer with(
      Kind kind, Verdict verdict, AttributeId id, int count) {
    Attribute attribute = new Attribute(id, Octets.ofHex("00000006"));
    return new DynamicAuthorizationAnswer(
        kind, verdict, Optional.empty(), Collections.nCopies(count, attribute), "");
  }

  private static boolean canBeBuilt(Kind kind, Verdict verdict, AttributeId id, int count) {
    try {
      with(kind, verdict, id, count);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** Of all types; State, Proxy-State and the like are added when the answer is written. */
  @ParameterizedTest
  @CsvSource({"COA, ACK, 79", "COA, NAK, 6", "DISCONNECT, ACK, 49 79", "DISCONNECT, NAK, ''"})
  void carriesOnceWhatItsTableAdmits(Kind kind, Verdict verdict, String types) {
    Set<Integer> once = new TreeSet<>();
    for (int type = 1; type < 256; type++) {
      if (canBeBuilt(kind, verdict, AttributeId.of(type), 1)) {
        once.add(type);
      }
      assertThat(canBeBuilt(kind, verdict, AttributeId.of(type), 2)).as("%d twice", type).isFalse();
    }
    assertThat(once)
        .containsExactlyElementsOf(
            List.of(types.split(" ")).stream()
                .filter(type -> !type.isEmpty())
                .map(Integer::valueOf)
                .toList());
  }

  @Test
  void saysWhichAttributeIsTooMuch() {
    assertThatThrownBy(() -> with(Kind.DISCONNECT, Verdict.NAK, Attributes.ACCT_TERMINATE_CAUSE, 1))
        .hasMessage("49 may not stand in a DISCONNECT-NAK, see RFC 5176 section 3.6");
    assertThatThrownBy(() -> with(Kind.COA, Verdict.NAK, Attributes.SERVICE_TYPE, 2))
        .hasMessage("6 may not stand 2 times in a COA-NAK, see RFC 5176 section 3.6");
    assertThatThrownBy(() -> with(Kind.COA, Verdict.ACK, AttributeId.of(168), 1))
        .as("in no table")
        .hasMessage("168 may not stand in a COA-ACK");
  }
}
