package io.coagateway.learn;

import io.coagateway.capture.CaptureReader;
import io.coagateway.capture.CapturedDatagram;
import io.coagateway.capture.CapturedFrame;
import io.coagateway.capture.DatagramReader;
import io.coagateway.capture.FrameObserver;
import io.coagateway.wire.MalformedException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** Shows the DHCPv6 datagrams of a capture to a learner. Not thread-safe. */
public final class CaptureFeed {
  private final DatagramReader datagrams;
  private final BindingLearner learner;
  private long frames;

  /**
   * @param observer told of frames that give no datagram
   * @param learner gets the datagrams
   */
  public CaptureFeed(FrameObserver observer, BindingLearner learner) {
    this.datagrams = new DatagramReader(observer);
    this.learner = learner;
  }

  /** One frame. */
  public void frame(CapturedFrame frame) {
    frames++;
    datagrams.read(frame).ifPresent(this::show);
  }

  private void show(CapturedDatagram datagram) {
    learner.datagram(datagram.payload(), datagram.source(), datagram.seen());
  }

  /**
   * A whole capture, to the end of its stream.
   *
   * @throws MalformedException when it breaks off or is broken; what came before has been shown
   */
  public void read(InputStream stream) throws IOException, MalformedException {
    CaptureReader reader = CaptureReader.open(stream);
    for (Optional<CapturedFrame> next = reader.next(); next.isPresent(); next = reader.next()) {
      frame(next.get());
    }
  }

  /** How many frames were read. */
  public long frames() {
    return frames;
  }
}
