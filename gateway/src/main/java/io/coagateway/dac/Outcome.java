package io.coagateway.dac;

import io.coagateway.radius.RadiusPacket;
import java.util.Map;

/** What became of a request. */
public sealed interface Outcome {
  /** The cases. */
  enum Kind {
    /** An answer came whose authenticators match. */
    ANSWERED,
    /** None came in time. */
    NO_ANSWER
  }

  /** Which case this is. */
  Kind kind();

  /** The request as it was sent, the same octets each time. */
  RadiusPacket request();

  /** How often it was sent, at least 1. */
  int transmissions();

  /** Datagrams that were not the answer, by reason. */
  Map<WrongAnswer, Integer> wrongAnswers();

  /**
   * A proven answer.
   *
   * @param answer an ACK or NAK to {@code request}
   * @param nanos from the first transmission to the answer
   */
  record Answered(
      RadiusPacket request,
      RadiusPacket answer,
      int transmissions,
      long nanos,
      Map<WrongAnswer, Integer> wrongAnswers)
      implements Outcome {
    @Override
    public Kind kind() {
      return Kind.ANSWERED;
    }
  }

  /** Silence, or nothing but wrong answers. */
  record NoAnswer(RadiusPacket request, int transmissions, Map<WrongAnswer, Integer> wrongAnswers)
      implements Outcome {
    @Override
    public Kind kind() {
      return Kind.NO_ANSWER;
    }
  }
}
