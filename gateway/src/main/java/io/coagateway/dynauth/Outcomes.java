package io.coagateway.dynauth;

import io.coagateway.dhcpv6.StatusCode;
import io.coagateway.relay.NotSentReason;
import io.coagateway.relay.ServerResult;
import io.coagateway.wire.Label;
import java.util.List;
import java.util.Optional;

/** From what servers said to the rows of the answer table. */
final class Outcomes {
  private Outcomes() {}

  /**
   * When several servers refuse, or the sessions of one request are refused for several reasons:
   * the first finding, in the order of the table, that any result earned.
   */
  static Finding finding(List<ServerResult> results) {
    Finding first = Finding.NO_ANSWER;
    boolean any = false;
    for (ServerResult result : results) {
      Optional<Finding> earned = finding(result);
      if (earned.isPresent() && (!any || earned.get().compareTo(first) < 0)) {
        first = earned.get();
        any = true;
      }
    }
    return first;
  }

  private static Optional<Finding> finding(ServerResult result) {
    return switch (result.kind()) {
      case ACCEPTED, DROPPED, PENDING -> Optional.empty();
      case LISTED -> Optional.of(Finding.SERVER_PROHIBITS);
      case STATUS -> Optional.of(ofStatus(result.status()));
      case UNSUPPORTED -> Optional.of(Finding.SERVER_FAILED);
      case NO_ANSWER -> Optional.of(Finding.NO_ANSWER);
      case NOT_SENT ->
          Optional.of(result.notSent().map(Outcomes::finding).orElse(Finding.OWN_LIMITS));
    };
  }

  private static Finding ofStatus(Optional<StatusCode> status) {
    boolean prohibits =
        status.isPresent()
            && (status.get().equals(StatusCode.NOT_ALLOWED)
                || status.get().equals(StatusCode.NOT_CONFIGURED));
    return prohibits ? Finding.SERVER_PROHIBITS : Finding.SERVER_FAILED;
  }

  /** Why nothing was sent, or would be. */
  static Finding finding(NotSentReason reason) {
    return switch (reason) {
      case QUEUE_FULL, DEADLINE, TOO_LARGE -> Finding.OWN_LIMITS;
      case NO_IAID, NO_SERVER_DUID -> Finding.RECORD_INCOMPLETE;
      case SWITCHED_OFF -> Finding.PROHIBITED;
    };
  }

  /** One result in a word, for the log: {@code listed}, {@code NotAllowed}, {@code queue-full}. */
  static String word(ServerResult result) {
    return switch (result.kind()) {
      case STATUS -> result.status().map(StatusCode::toString).orElse("status");
      case NOT_SENT -> result.notSent().map(Label::of).orElse("not-sent");
      case ACCEPTED, LISTED, UNSUPPORTED, NO_ANSWER, DROPPED, PENDING -> Label.of(result.kind());
    };
  }

  /** All results in words: {@code dhcp-1 listed, dhcp-2 no-answer}. */
  static String words(List<ServerResult> results) {
    StringBuilder words = new StringBuilder();
    for (ServerResult result : results) {
      words.append(words.length() == 0 ? "" : ", ");
      words.append(result.server().name()).append(' ').append(word(result));
      if (!result.detail().isEmpty()) {
        words.append(" (").append(result.detail()).append(')');
      }
    }
    return words.toString();
  }
}
