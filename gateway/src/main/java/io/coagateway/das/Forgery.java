package io.coagateway.das;

/**
 * What is forged in the name of one client, and how much of it the kernel keeps: see {@link
 * FloodShield}.
 */
final class Forgery {
  /** One in so many is kept at most. */
  static final int MAX_N = 64;

  /** What n grows by while those ports that are not proven are thinned, and the buffer fills up. */
  static final int PRESSED_BY = 4;

  /** What the new filter keeps out must first have time to show in the buffer. */
  private static final long PRESSED_AGAIN_NANOS = 100_000_000;

  /** Of which ports little is kept. */
  private enum Thinned {
    /** Of none. */
    NONE,
    /** Of those that forged datagrams came from. */
    FORGING,
    /** Of all but those that the client has proven itself from. */
    UNPROVEN
  }

  private final ProvenPorts proven = new ProvenPorts();
  private final ForgingPorts forging = new ForgingPorts();
  private Thinned thinned = Thinned.NONE;
  private int keptOneIn = 1;
  private int seen; // within this second
  private boolean pressed; // within this second
  private long pressedAt;
  private long since;

  boolean isThinned() {
    return thinned != Thinned.NONE;
  }

  /** When it was first thinned. */
  long since() {
    return since;
  }

  /**
   * A good request of the client came from this port.
   *
   * @return whether a filter that is in force should know
   */
  boolean proven(int port) {
    return proven.add(port) && isThinned();
  }

  /**
   * A forged datagram came from this port.
   *
   * @return whether a filter that is in force should know
   */
  boolean forged(int port) {
    seen++;
    return forging.add(port) && thinned == Thinned.FORGING;
  }

  /** Whether it is time to look at the receive buffer: there is much of it. */
  boolean isLookDue() {
    return seen % FloodShield.LOOK_EVERY == 0 && (seen >= FloodShield.RAISED_BY || isThinned());
  }

  /**
   * The receive buffer fills up.
   *
   * @return whether less is to be kept from now on
   */
  boolean press(long now) {
    pressed = true;
    if (isThinned() && now - pressedAt < PRESSED_AGAIN_NANOS) {
      return false;
    }
    pressedAt = now;
    if (thinned == Thinned.NONE) {
      since = now;
    }
    boolean portsMaySuffice =
        switch (thinned) {
          case NONE -> true;
          case FORGING -> keptOneIn < MAX_N; // it had become less, and is back
          case UNPROVEN -> false;
        };
    if (portsMaySuffice && forging.areAll()) {
      thinned = Thinned.FORGING;
      keptOneIn = MAX_N;
    } else {
      keptOneIn =
          thinned == Thinned.UNPROVEN ? Math.min(MAX_N, PRESSED_BY * keptOneIn) : PRESSED_BY;
      thinned = Thinned.UNPROVEN;
    }
    return true;
  }

  /**
   * A second has passed.
   *
   * @return whether more is to be kept from now on
   */
  boolean endSecond() {
    boolean less =
        switch (thinned) {
          case NONE -> false;
          case FORGING -> seen < FloodShield.LEAST; // it costs the client nothing
          case UNPROVEN -> !pressed;
        };
    if (less) {
      keptOneIn /= 2;
    }
    if (keptOneIn == 1) {
      end();
    }
    seen = 0;
    pressed = false;
    return less;
  }

  /** All is kept. */
  void end() {
    keptOneIn = 1;
    thinned = Thinned.NONE;
    forging.clear();
  }

  /**
   * What a filter is to keep.
   *
   * @param n one in so many, whatever port it comes from
   * @param mostPorts how many ports it can tell apart
   */
  SourceFilter.Share share(int n, int mostPorts) {
    int thin = Math.max(n, keptOneIn);
    return switch (thinned) {
      case NONE -> SourceFilter.Share.oneIn(n);
      case FORGING -> new SourceFilter.Share(thin, n, forging.besides(proven, mostPorts));
      case UNPROVEN -> new SourceFilter.Share(n, thin, proven.newest(mostPorts));
    };
  }
}
