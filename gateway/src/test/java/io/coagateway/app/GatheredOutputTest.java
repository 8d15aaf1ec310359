package io.coagateway.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Lines arrive whole and in order, and a reader that stops costs lines, not the caller's time. */
class GatheredOutputTest {
  private final Reader reader = new Reader();
  private final AtomicLong dropped = new AtomicLong();

  /** A stream whose reader may stop. */
  private static final class Reader extends OutputStream {
    private final ByteArrayOutputStream read = new ByteArrayOutputStream();
    private volatile CountDownLatch mayRead = new CountDownLatch(0);
    private final CountDownLatch stopped = new CountDownLatch(1);

    @Override
    public void write(int octet) {
      throw new AssertionError("octets one by one");
    }

    @Override
    public void write(byte[] octets, int from, int count) {
      stopped.countDown();
      try {
        mayRead.await();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      synchronized (read) {
        read.write(octets, from, count);
      }
    }

    String text() {
      synchronized (read) {
        return read.toString(StandardCharsets.UTF_8);
      }
    }
  }

  private static void line(OutputStream out, String text) throws IOException {
    out.write((text + "\n").getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void linesArriveInOrderWithoutBeingPushed() throws IOException {
    StringBuilder expected = new StringBuilder();
    OutputStream output = new GatheredOutput(reader, 1 << 16, dropped::addAndGet).start();
    for (int i = 0; i < 1000; i++) {
      line(output, "line " + i);
      expected.append("line ").append(i).append('\n');
    }
    await().untilAsserted(() -> assertThat(reader.text()).isEqualTo(expected.toString()));
    assertThat(dropped).hasValue(0);
  }

  @Test
  void aReaderThatStopsCostsWholeLinesWhichAreCounted() throws Exception {
    reader.mayRead = new CountDownLatch(1);
    OutputStream output = new GatheredOutput(reader, 16, dropped::addAndGet).start();
    line(output, "first");
    reader.stopped.await();
    line(output, "second"); // 7 octets
    line(output, "third"); // 13
    line(output, "fourth"); // no room
    line(output, "5"); // room again
    line(output, "sixth"); // no room
    reader.mayRead.countDown();
    await().untilAsserted(() -> assertThat(reader.text()).isEqualTo("first\nsecond\nthird\n5\n"));
    await().untilAsserted(() -> assertThat(dropped).hasValue(2));
  }

  @Test
  void closingWritesWhatWaitsAndLaterLinesAtOnce() throws IOException {
    GatheredOutput output = new GatheredOutput(reader, 64, dropped::addAndGet); // no thread
    line(output, "before");
    output.close();
    assertThat(reader.text()).isEqualTo("before\n");
    line(output, "after");
    assertThat(reader.text()).isEqualTo("before\nafter\n");
  }
}
