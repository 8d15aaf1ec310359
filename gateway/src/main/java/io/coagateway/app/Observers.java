package io.coagateway.app;

import io.coagateway.das.DasObserver;
import io.coagateway.dynauth.RequestObserver;
import io.coagateway.inpath.InPathObserver;
import io.coagateway.radsec.TlsObserver;
import io.coagateway.relay.RelayObserver;
import io.coagateway.subscriber.TableObserver;
import io.coagateway.time.MonotonicClock;

/**
 * Who listens to the parts of a gateway.
 *
 * @param das hears of datagrams and answers
 * @param requests hears of decisions
 * @param relay hears of DHCPv6 messages
 * @param table hears of what happens to the table
 * @param tls hears of connections over TLS
 * @param inPath hears of what passes in the path
 */
public record Observers(
    DasObserver das,
    RequestObserver requests,
    RelayObserver relay,
    TableObserver table,
    TlsObserver tls,
    InPathObserver inPath) {
  /** Nobody listens. */
  public static final Observers NONE =
      new Observers(
          DasObserver.none(),
          RequestObserver.NONE,
          RelayObserver.NONE,
          TableObserver.NONE,
          TlsObserver.NONE,
          InPathObserver.NONE);

  /** The log alone. */
  public static Observers logging() {
    return new Observers(
        DasObserver.none(),
        new RequestLog(),
        new RelayLog(MonotonicClock::nanos),
        new TableLog(MonotonicClock::nanos),
        new TlsLog(MonotonicClock::nanos),
        new InPathLog(MonotonicClock::nanos));
  }

  /** These and those, these first. */
  public Observers and(Observers those) {
    return new Observers(
        new FanOut.Das(das, those.das),
        new FanOut.Requests(requests, those.requests),
        new FanOut.Relay(relay, those.relay),
        new FanOut.Table(table, those.table),
        new FanOut.Tls(tls, those.tls),
        new FanOut.InPath(inPath, those.inPath));
  }
}
