package io.coagateway.app;

import ch.qos.logback.core.ConsoleAppender;
import java.io.IOException;
import java.io.OutputStream;
import org.slf4j.LoggerFactory;

/**
 * logback's console with {@link GatheredOutput} before it: one line for each request costs the
 * event loop no system call, and a reader of stdout that stops reading does not stop the gateway.
 *
 * @param <E> what is logged
 */
public final class GatheredConsole<E> extends ConsoleAppender<E> {
  private static final int CAPACITY = 1 << 20; // octets: some 8000 requests

  @Override
  public void setOutputStream(OutputStream console) {
    GatheredOutput output = new GatheredOutput(console, CAPACITY, GatheredConsole::tell).start();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> drain(output), "log-drain"));
    super.setOutputStream(output);
  }

  private static void tell(long lines) {
    LoggerFactory.getLogger("coa-gateway.event").warn("log-lines-dropped count={}", lines);
  }

  private static void drain(GatheredOutput output) {
    try {
      output.close();
    } catch (IOException e) {
      // stdout is gone, and with it the place to say so
    }
  }
}
