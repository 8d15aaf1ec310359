/** Buffers that tests lose. */
package io.coagateway.leaks;
