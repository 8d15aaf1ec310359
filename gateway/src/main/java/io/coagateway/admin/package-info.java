/**
 * The admin port: metrics, health, a status page for a person, and, behind a token or a Unix
 * socket, the subscriber table and the stream of events.
 *
 * <p>May depend on radius, das, radsec and listen for the values it shows. It runs on an event loop
 * of its own and changes nothing in the gateway but through {@link
 * io.coagateway.admin.SubscriberSource}; what it shows comes through small interfaces that it
 * declares ({@link io.coagateway.admin.AdminSources}) and app implements.
 *
 * <p>Open {@link io.coagateway.admin.AdminServer} first, then {@code AdminHandler}: who may ask for
 * what, in the order of the checks.
 */
package io.coagateway.admin;
