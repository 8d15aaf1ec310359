package io.coagateway.radius;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coagateway.radius.DynamicAuthorizationAnswer.Verdict;
import io.coagateway.radius.DynamicAuthorizationRequest.Kind;
import io.coagateway.vectors.Vector;
import io.coagateway.vectors.VectorFile;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ErrorCauseTest {
  static List<Vector> causes() {
    return VectorFile.file("radius/error-causes.txt");
  }

  @ParameterizedTest
  @MethodSource
  void causes(Vector vector) {
    ErrorCause cause = ErrorCause.ofNumber(Long.parseLong(vector.get("cause"))).orElseThrow();
    Set<String> carriers = new HashSet<>();
    for (Kind kind : Kind.values()) {
      for (Verdict verdict : Verdict.values()) {
        String carrier = (kind + "-" + verdict).toLowerCase(Locale.ROOT);
        if (cause.mayAppearIn(kind, verdict)) {
          carriers.add(carrier);
          assertThat(answer(kind, verdict).withCause(cause).cause()).contains(cause);
        } else {
          assertThatThrownBy(() -> answer(kind, verdict).withCause(cause))
              .isInstanceOf(IllegalArgumentException.class)
              .hasMessageContaining("Error-Cause " + cause.number() + " may not stand in a");
        }
      }
    }
    Set<String> expected = new HashSet<>();
    vector.find("in").ifPresent(in -> expected.addAll(List.of(in.split(" ", -1))));
    assertThat(carriers).isEqualTo(expected);
  }

  private static DynamicAuthorizationAnswer answer(Kind kind, Verdict verdict) {
    DynamicAuthorizationAnswer ack = DynamicAuthorizationAnswer.ack(kind);
    return verdict == Verdict.ACK
        ? ack
        : DynamicAuthorizationAnswer.nak(kind, ErrorCause.INVALID_REQUEST, "");
  }

  @Test
  void everyCauseIsNamedByAVector() {
    assertThat(causes().stream().map(v -> ErrorCause.ofNumber(Long.parseLong(v.get("cause")))))
        .containsExactlyElementsOf(
            Arrays.stream(ErrorCause.values()).map(java.util.Optional::of).toList());
  }
}
