package io.coagateway.app;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.TimeUnit;

/** The Netty transport in use: native epoll where its library loads, NIO otherwise. */
public enum Transport {
  /** Native, Linux on x86_64 and aarch64. */
  EPOLL("epoll"),
  /** The JDK's own, everywhere. */
  NIO("nio");

  /** How long event loops may take to end. */
  private static final long LOOP_END_SECONDS = 5;

  private static final String LEAK_DETECTION = "io.netty.leakDetection.level";

  static {
    // Its samples cost more than the buffers, which never get beyond two small codecs; the tests
    // switch it on.
    if (System.getProperty(LEAK_DETECTION) == null) {
      ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
    }
  }

  private final String text;

  Transport(String text) {
    this.text = text;
  }

  /** The better one that works here. */
  public static Transport inUse() {
    return Epoll.isAvailable() ? EPOLL : NIO;
  }

  /**
   * Event loops on this transport.
   *
   * @param threads how many, each one loop
   * @param name of the threads
   */
  public MultiThreadIoEventLoopGroup loops(int threads, String name) {
    IoHandlerFactory handler =
        switch (this) {
          case EPOLL -> EpollIoHandler.newFactory();
          case NIO -> NioIoHandler.newFactory();
        };
    return new MultiThreadIoEventLoopGroup(threads, new DefaultThreadFactory(name, true), handler);
  }

  /** Ends event loops on which nothing is left to do, and waits for it. */
  static void end(MultiThreadIoEventLoopGroup loops) {
    loops
        .shutdownGracefully(0, LOOP_END_SECONDS, TimeUnit.SECONDS)
        .awaitUninterruptibly(LOOP_END_SECONDS, TimeUnit.SECONDS);
  }

  /** For {@code --version}. */
  @Override
  public String toString() {
    return text;
  }
}
