package io.coagateway.subscriber;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/** A store of which a test sees every call to a session, and may let it fail. */
class TroubledStore implements TableStore {
  /** A call on its way to the database. */
  @FunctionalInterface
  interface Call {
    Object run() throws Throwable;
  }

  /** What becomes of the calls. */
  @FunctionalInterface
  interface Trouble {
    /**
     * The answer to a call, or its failure.
     *
     * @param method the name of the method of {@link StoreSession}
     * @param call to the session
     */
    Object answer(String method, Call call) throws Throwable;
  }

  private final TableStore store;
  private final Trouble trouble;

  TroubledStore(TableStore store, Trouble trouble) {
    this.store = store;
    this.trouble = trouble;
  }

  @Override
  public StoreSession session() throws TableUnavailableException {
    StoreSession session = store.session();
    return (StoreSession)
        Proxy.newProxyInstance(
            StoreSession.class.getClassLoader(),
            new Class<?>[] {StoreSession.class},
            (proxy, method, arguments) ->
                trouble.answer(
                    method.getName(),
                    () -> {
                      try {
                        return method.invoke(session, arguments);
                      } catch (InvocationTargetException e) {
                        throw e.getCause();
                      }
                    }));
  }

  @Override
  public boolean isShared() {
    return store.isShared();
  }

  @Override
  public void claim() throws TableUnavailableException {
    store.claim();
  }

  @Override
  public Replacement replacement() throws TableUnavailableException {
    return store.replacement();
  }

  @Override
  public void close() {
    store.close();
  }
}
