/**
 * How many per second a peer may send or be sent: resilience4j's limiter, asked without blocking,
 * behind one small interface.
 *
 * <p>Depends on nothing else of the gateway. Open {@link io.coagateway.ratelimit.Limiter} first,
 * then {@link io.coagateway.ratelimit.SlidingSecondLimiter} for how the limit stays true over any
 * sliding second. How many lines the log gets is the business of {@link
 * io.coagateway.ratelimit.LogLimit}.
 */
package io.coagateway.ratelimit;
