package io.coagateway.capture;

/** Hears of frames that give no datagram. Must return quickly. */
@FunctionalInterface
public interface FrameObserver {
  /**
   * A frame was passed over.
   *
   * @param detail for a person: what stands where
   */
  void skipped(FrameSkip reason, String detail);
}
