/**
 * What every listener needs, whoever serves it: hearing of connections that it could not accept,
 * and saying why an address could not be listened on.
 *
 * <p>Depends on nothing else of the gateway. Open {@link io.coagateway.listen.AcceptFailures}.
 */
package io.coagateway.listen;
