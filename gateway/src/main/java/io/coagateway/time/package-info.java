/**
 * Monotonic now, wall-clock now and cancellable timers, each with a twin that tests move by hand.
 *
 * <p>Depends on nothing else of the gateway; open to every package. Wall-clock time is {@link
 * java.time.InstantSource}; monotonic time and timers are {@link io.coagateway.time.Timers}, or
 * {@link io.coagateway.time.MonotonicClock} for code that starts no timer. Nobody else reads {@code
 * System.nanoTime} or schedules anything.
 */
package io.coagateway.time;
