package io.coagateway.subscriber;

/**
 * Numbers for the writes of one connection, taken from the table {@code sequence} many at a time: a
 * transaction that writes that table has a page more to write.
 *
 * <p>Whoever else takes numbers moves the sequence on. A transaction that finds it moved, while
 * nobody else can write, leaves the rest of its block: so numbers rise in the order of the
 * transactions of all connections. What is left is never given.
 */
final class NumberBlock {
  private static final int SIZE = 1024;
  private static final long NONE = -1;

  private long given;
  private long end = NONE;
  private boolean looked;
  private boolean taken;

  /** A transaction begins. */
  void begin() {
    looked = false;
    taken = false;
  }

  /** Whether this transaction knows the sequence. */
  boolean hasLooked() {
    return looked;
  }

  /** The last number that is taken, as the database has it in this transaction. */
  void look(long last) {
    looked = true;
    if (last != end) {
      given = last;
      end = last;
    }
  }

  /** The next number. */
  long next() {
    if (given == end) {
      take();
    }
    return ++given;
  }

  /** Takes the next block, whatever is left of this one. */
  void take() {
    given = end;
    end += SIZE;
    taken = true;
  }

  /** Whether the database has to be told of the {@link #end}. */
  boolean isTaken() {
    return taken;
  }

  /** The last number that is taken. */
  long end() {
    return end;
  }

  /** The transaction has ended without effect. */
  void rollBack() {
    if (taken) {
      end = NONE;
    }
  }
}
