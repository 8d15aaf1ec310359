/**
 * What every listener for connections needs, whoever serves it: hearing of those that it could not
 * accept.
 *
 * <p>Depends on nothing else of the gateway. Open {@link io.coagateway.listen.AcceptFailures}.
 */
package io.coagateway.listen;
