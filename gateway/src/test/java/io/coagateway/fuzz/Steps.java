package io.coagateway.fuzz;

import io.coagateway.wire.Octets;
import java.util.Arrays;

/**
 * Cuts an input into steps: one octet that says what to do, a length in two, and so many octets. A
 * length past the end means: up to the end.
 */
public final class Steps {
  private static final int HEADER = 3;

  private final byte[] input;
  private int at;
  private int what;
  private Octets octets = Octets.EMPTY;

  /** Over this input. */
  public Steps(byte[] input) {
    this.input = input;
  }

  /** Whether there was another step; it is the current one now. */
  public boolean next() {
    if (at + HEADER > input.length) {
      return false;
    }
    what = input[at] & 0xff;
    int length = (input[at + 1] & 0xff) << 8 | (input[at + 2] & 0xff);
    int from = at + HEADER;
    at = Math.min(input.length, from + length);
    octets = Octets.wrap(Arrays.copyOfRange(input, from, at));
    return true;
  }

  /** 0 to 255. */
  public int what() {
    return what;
  }

  /** Whether a bit of {@link #what} is set. */
  public boolean has(int bit) {
    return (what & bit) != 0;
  }

  /** The octets of the step. */
  public Octets octets() {
    return octets;
  }
}
