/**
 * Commands and exit codes.
 *
 * <p>May depend on every package. Open {@link io.coagateway.cli.Main} first.
 */
package io.coagateway.cli;
