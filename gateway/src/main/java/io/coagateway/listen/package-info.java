/**
 * What every listener needs, whoever serves it: for datagrams the memory that they are read into,
 * for connections hearing of those that it could not accept.
 *
 * <p>Depends on nothing else of the gateway. Open {@link io.coagateway.listen.AcceptFailures} or
 * {@link io.coagateway.listen.ReceiveMemory}.
 */
package io.coagateway.listen;
