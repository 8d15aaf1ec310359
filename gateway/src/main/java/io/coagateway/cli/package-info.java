/**
 * Commands and exit codes.
 *
 * <p>May depend on everything. Open {@link io.coagateway.cli.Main} first.
 */
package io.coagateway.cli;
