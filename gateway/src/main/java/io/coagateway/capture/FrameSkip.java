package io.coagateway.capture;

import io.coagateway.wire.Label;

/** Why a frame gave no datagram. The name in lower case is the metric's label. */
public enum FrameSkip {
  /** A link type that is not read here. */
  FOREIGN_LINK_TYPE,
  /** Not IPv6. */
  NOT_IPV6,
  /** IPv6, but not UDP to or from port 547. */
  NOT_DHCPV6,
  /** The capture kept only its beginning: tcpdump needs {@code -s 0}. */
  CUT_SHORT,
  /** Headers that contradict themselves. */
  BROKEN_PACKET,
  /** A fragment whose other fragments never came, overlap, or were too many to keep. */
  LOST_FRAGMENT;

  /** The name for metrics and summaries, like {@code not-ipv6}. */
  public String label() {
    return Label.of(this);
  }
}
