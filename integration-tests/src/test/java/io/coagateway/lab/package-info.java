/**
 * A small network out of real programs, for the integration tests: started, awaited, listened to,
 * judged by tshark and taken down again.
 *
 * <p>May depend on nothing of the gateway but its jar, which it runs like any other program. Open
 * {@link io.coagateway.lab.Lab} first.
 */
package io.coagateway.lab;
