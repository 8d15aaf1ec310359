package io.coagateway.admin;

import java.util.Optional;

/**
 * Where the admin port has what it shows.
 *
 * @param metrics for {@code /metrics}
 * @param health for {@code /health}
 * @param status for {@code /}
 * @param subscribers for {@code /subscribers}; empty: there is no such page
 * @param events for {@code /events}; empty: there is no such page
 */
public record AdminSources(
    MetricsSource metrics,
    HealthSource health,
    StatusSource status,
    Optional<SubscriberSource> subscribers,
    Optional<EventSource> events) {}
