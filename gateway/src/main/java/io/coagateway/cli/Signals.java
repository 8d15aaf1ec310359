package io.coagateway.cli;

import java.lang.reflect.Proxy;
import java.util.Set;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingDeque;

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

  private final BlockingDeque<Request> requests = new LinkedBlockingDeque<>();
  private final Set<Request> waiting = ConcurrentHashMap.newKeySet();

  /** Those that this process gets from now on. */
  static Signals ofThisProcess() {
    Signals signals = new Signals();
    try {
      signals.handle("TERM", Request.STOP);
      signals.handle("INT", Request.STOP);
      signals.handle("HUP", Request.RELOAD);
      return signals;
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
                    came(request);
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

  /**
   * One has come. What waits to be done is not done twice, and stopping comes first: many that want
   * a reload at once get one, and do not keep the gateway from its end.
   */
  void came(Request request) {
    if (waiting.add(request)) {
      if (request == Request.STOP) {
        requests.addFirst(request);
      } else {
        requests.addLast(request);
      }
    }
  }

  /** Waits for the next one. A reload that is asked for from now on is done after this one. */
  Request next() throws InterruptedException {
    Request next = requests.take();
    waiting.remove(next);
    return next;
  }
}
