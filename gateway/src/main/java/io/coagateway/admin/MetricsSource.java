package io.coagateway.admin;

/** The metrics in Prometheus's text form. */
@FunctionalInterface
public interface MetricsSource {
  /** The content type that every Prometheus reads. */
  String TEXT = "text/plain; version=0.0.4; charset=utf-8";

  /** The content type of OpenMetrics, which a newer Prometheus asks for. */
  String OPEN_METRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8";

  /**
   * All metrics now. Called on the admin loop, so it must not block.
   *
   * @param contentType {@link #TEXT} or {@link #OPEN_METRICS}
   */
  String scrape(String contentType);
}
