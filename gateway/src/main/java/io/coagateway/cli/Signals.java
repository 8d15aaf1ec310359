package io.coagateway.cli;

import java.lang.reflect.Proxy;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * The signals that a service gets, one after the other.
 *
 * <p>Java has no other way to see SIGHUP, or to end with exit code 0 after SIGTERM, than {@code
 * sun.misc.Signal} in the supported module jdk.unsupported. It is used by reflection since the
 * compiler's warning about it cannot be switched off and warnings are errors here.
 */
final class Signals {
  /** What the signal asks for. */
  enum Request {
    /** SIGTERM, SIGINT. */
    STOP,
    /** SIGHUP. */
    RELOAD
  }

  private final BlockingQueue<Request> requests = new LinkedBlockingQueue<>();

  Signals() {
    try {
      handle("TERM", Request.STOP);
      handle("INT", Request.STOP);
      handle("HUP", Request.RELOAD);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this JVM cannot hand out signals: " + e, e);
    }
  }

  private void handle(String name, Request request) throws ReflectiveOperationException {
    Class<?> signal = Class.forName("sun.misc.Signal");
    Class<?> handler = Class.forName("sun.misc.SignalHandler");
    Object ours =
        Proxy.newProxyInstance(
            Signals.class.getClassLoader(),
            new Class<?>[] {handler},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "handle" -> {
                    requests.add(request);
                    yield null;
                  }
                  case "hashCode" -> System.identityHashCode(proxy);
                  case "equals" -> proxy == arguments[0];
                  default -> "handler of SIG" + name;
                });
    signal
        .getMethod("handle", signal, handler)
        .invoke(null, signal.getConstructor(String.class).newInstance(name), ours);
  }

  /** Waits for the next one. */
  Request next() throws InterruptedException {
    return requests.take();
  }
}
