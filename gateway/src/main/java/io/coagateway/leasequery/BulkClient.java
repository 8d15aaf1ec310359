package io.coagateway.leasequery;

import io.coagateway.dhcpv6.Duid;
import io.coagateway.subscriber.TableUnavailableException;
import io.coagateway.wire.Octets;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Asks one query over a TCP connection of its own. Blocks: for a thread of its own, or a command.
 *
 * <p>Blocking is the flow control: while the table writes what came, nothing more is read, TCP
 * makes the server wait, and a million leases need no more memory here than one.
 */
public final class BulkClient {
  /** BULK_LQ_DATA_TIMEOUT, RFC 5460 section 6.1. */
  public static final Duration DATA_TIMEOUT = Duration.ofMinutes(5);

  private static final int CONNECT_MILLIS = 5000;

  private final Duid requestor;
  private final Duration silence;
  private final RandomGenerator random;

  /**
   * @param requestor our DUID
   * @param silence after which the connection is given up
   * @param random for transaction ids
   */
  public BulkClient(Duid requestor, Duration silence, RandomGenerator random) {
    this.requestor = requestor;
    this.silence = silence;
    this.random = random;
  }

  /**
   * Asks.
   *
   * @param clients is told of each client as it comes, on the calling thread
   * @throws TableUnavailableException what {@code clients} throws; the connection is closed
   */
  public QueryOutcome ask(InetSocketAddress server, LeaseQuery query, LeaseSink clients)
      throws TableUnavailableException {
    int transactionId = random.nextInt(1 << 24);
    BulkExchange exchange = new BulkExchange(transactionId, requestor, clients);
    try (Socket socket = new Socket()) {
      socket.connect(server, CONNECT_MILLIS);
      socket.setSoTimeout(Math.toIntExact(silence.toMillis()));
      Octets request = MessageStream.frame(query.message(transactionId, requestor).encode());
      socket.getOutputStream().write(request.toArray());
      read(socket.getInputStream(), exchange);
    } catch (SocketTimeoutException e) {
      exchange.onEnd("nothing came for " + silence.toSeconds() + " s");
    } catch (IOException e) {
      exchange.onEnd(String.valueOf(e.getMessage()));
    }
    return exchange.outcome().orElseThrow();
  }

  private static void read(InputStream in, BulkExchange exchange)
      throws IOException, TableUnavailableException {
    MessageStream stream = new MessageStream();
    while (exchange.outcome().isEmpty()) {
      int octets = in.read(stream.buffer(), stream.filled(), stream.wanted());
      if (octets < 0) {
        exchange.onEnd(
            stream.isInTheMiddle()
                ? "the connection ended within a message"
                : "the connection ended before LEASEQUERY-DONE");
        return;
      }
      Optional<Octets> message = stream.took(octets);
      if (message.isPresent()) {
        exchange.onMessage(message.get());
      }
    }
  }
}
