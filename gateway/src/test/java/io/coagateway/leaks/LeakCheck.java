package io.coagateway.leaks;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test class when a buffer was collected that nobody had released: any class, for buffers
 * are made in most packages, and collected when they are. JUnit finds it by itself; the detector's
 * level is set where the tests are started.
 */
public final class LeakCheck implements BeforeAllCallback, AfterAllCallback {
  private static final List<String> LEAKS = new CopyOnWriteArrayList<>();

  static {
    ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(new Recording());
  }

  /** Makes detectors that tell us. */
  private static final class Recording extends ResourceLeakDetectorFactory {
    @Override
    @SuppressWarnings("deprecation") // the only one that must be there
    public <T> ResourceLeakDetector<T> newResourceLeakDetector(
        Class<T> resource, int samplingInterval, long maxActive) {
      return newResourceLeakDetector(resource, samplingInterval);
    }

    @Override
    public <T> ResourceLeakDetector<T> newResourceLeakDetector(
        Class<T> resource, int samplingInterval) {
      return new ResourceLeakDetector<>(resource, samplingInterval) {
        @Override
        protected boolean needReport() {
          return true;
        }

        @Override
        protected void reportTracedLeak(String type, String records) {
          LEAKS.add(type + records);
        }

        @Override
        protected void reportUntracedLeak(String type) {
          LEAKS.add(type);
        }
      };
    }
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    // That the class is loaded is enough.
  }

  @Override
  public void afterAll(ExtensionContext context) {
    List<String> leaks = take();
    if (!leaks.isEmpty()) {
      throw new AssertionError("buffers were not released:\n" + String.join("\n", leaks));
    }
  }

  /** What was lost since it was last asked: a collection, and an allocation that looks for it. */
  static List<String> take() {
    System.gc();
    for (int i = 0; i < 2; i++) {
      ByteBuf buffer = ByteBufAllocator.DEFAULT.buffer(1);
      buffer.release();
    }
    List<String> taken = List.copyOf(LEAKS);
    LEAKS.clear();
    return taken;
  }
}
