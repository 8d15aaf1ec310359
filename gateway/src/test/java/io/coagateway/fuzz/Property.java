package io.coagateway.fuzz;

import java.util.function.Supplier;

/** What must hold for every input. */
public final class Property {
  private Property() {}

  /** Fails with these words, which are made only then. */
  public static void require(boolean holds, Supplier<String> otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise.get());
    }
  }

  /** Fails when the two are not equal. */
  public static void equal(Object actual, Object expected, String what) {
    require(
        actual.equals(expected), () -> what + ": expected " + expected + " and found " + actual);
  }
}
