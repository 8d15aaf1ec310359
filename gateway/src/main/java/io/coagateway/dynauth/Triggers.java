package io.coagateway.dynauth;

import io.coagateway.dhcpv6.OptionList;
import io.coagateway.dhcpv6.SubscriberIdOption;
import io.coagateway.relay.ReconfigureMode;
import io.coagateway.relay.ReconfigureTask;
import io.coagateway.subscriber.PendingChange;
import io.coagateway.subscriber.SubscriberRecord;
import java.time.Duration;
import java.util.List;

/**
 * RECONFIGURE-REQUESTs that no DAC waits for: after a rollback (clients that had been accepted
 * fetch the old options) and after a crash (what was pending is kept and said again).
 */
final class Triggers {
  /** How long such an exchange may take, the rate limit's queue included. */
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private Triggers() {}

  /** The client shall come back for {@code supplied}; what becomes of it is only noted. */
  static void send(
      Context context,
      Route.Reconfigure route,
      SubscriberRecord session,
      OptionList supplied,
      String event) {
    if (route.mode() != ReconfigureMode.RFC6977) {
      return; // nothing is ever sent: the options are there at the next Renew
    }
    context
        .exchanges()
        .reconfigure(
            task(session, supplied, route, context.timers().nanos() + PATIENCE.toNanos()),
            outcome ->
                context
                    .observer()
                    .noted(event, session.id() + ": " + Outcomes.words(outcome.results())));
  }

  /**
   * What a crash left pending. Sent before the mark is taken away, and whatever becomes of that:
   * once the mark is gone nobody knows of the exchange any more.
   */
  static void repeat(Context context, PendingChange pending) {
    SubscriberRecord session = pending.base();
    send(
        context,
        context.route().reconfigure(session),
        session,
        pending.next(),
        "repeated-after-crash");
    context.onLoop(
        context.table().confirm(List.of(pending)),
        done -> {},
        error ->
            context.observer().noted("confirm-failed", session.id() + ": " + error.getMessage()));
  }

  /** The task of one session. */
  static ReconfigureTask task(
      SubscriberRecord session, OptionList supplied, Route.Reconfigure route, long deadlineNanos) {
    return new ReconfigureTask(
        session.duid(),
        session.linkAddress(),
        session.interfaceId(),
        session.remoteId(),
        session.subscriberId().map(SubscriberIdOption::new),
        supplied,
        route.servers(),
        deadlineNanos);
  }
}
