package io.coagateway.config;

import io.coagateway.dynauth.AnswerTable;
import io.coagateway.dynauth.Finding;
import io.coagateway.radius.DynamicAuthorizationAnswer.Verdict;
import io.coagateway.radius.DynamicAuthorizationRequest.Kind;
import io.coagateway.radius.ErrorCause;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** Reads {@code answers}: which Error-Cause a NAK has, where no RFC says. */
final class AnswersReader {
  private AnswersReader() {}

  static AnswerTable read(Section answers) {
    Map<Finding, ErrorCause> coa = answers.section("coa", s -> overrides(s, Kind.COA));
    Map<Finding, ErrorCause> disconnect =
        answers.section("disconnect", s -> overrides(s, Kind.DISCONNECT));
    return new AnswerTable(coa, disconnect);
  }

  private static Map<Finding, ErrorCause> overrides(Section section, Kind kind) {
    Map<Finding, ErrorCause> out = new EnumMap<>(Finding.class);
    for (Finding finding : Finding.values()) {
      finding
          .shippedCause(kind)
          .ifPresent(
              shipped ->
                  out.put(finding, section.value(finding.configName(), cause(kind), shipped)));
    }
    return out;
  }

  /** The causes that RFC 5176 section 3.5 admits in a NAK to this kind of request. */
  private static Form<ErrorCause> cause(Kind kind) {
    return Form.of(
        text ->
            number(text)
                .flatMap(ErrorCause::ofNumber)
                .filter(cause -> cause.mayAppearIn(kind, Verdict.NAK))
                .orElseThrow(
                    () ->
                        new BadValue(
                            "is no Error-Cause that a "
                                + (kind == Kind.COA ? "CoA-NAK" : "Disconnect-NAK")
                                + " may carry (RFC 5176 section 3.5). Give one like 506.")),
        cause -> String.valueOf(cause.number()));
  }

  private static Optional<Integer> number(String text) {
    try {
      return Optional.of(Integer.parseInt(text));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }
}
