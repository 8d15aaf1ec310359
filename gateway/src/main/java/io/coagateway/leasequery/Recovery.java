package io.coagateway.leasequery;

import io.coagateway.dhcpv6.Duid;
import io.coagateway.dhcpv6.RemoteIdOption;
import io.coagateway.dhcpv6.StatusCode;
import io.coagateway.subscriber.RecordEdit;
import io.coagateway.subscriber.TableUnavailableException;
import io.coagateway.wire.Ipv6Address;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Rebuilds the table from what the servers know: each is asked for everything of our relay; where
 * it cannot say (an old server, or one that keeps no relay data) for each configured link; and for
 * each line that was named. What comes is merged at once and kept whatever follows: an answer that
 * breaks off deletes nothing. Blocks; for a thread of its own.
 */
public final class Recovery {
  /** A server that says one of these may still answer by link. */
  private static final Set<StatusCode> ASK_OTHERWISE =
      Set.of(StatusCode.UNKNOWN_QUERY_TYPE, StatusCode.NOT_ALLOWED, StatusCode.NOT_CONFIGURED);

  /** Where leases go. */
  @FunctionalInterface
  public interface Records {
    /** As {@link io.coagateway.subscriber.SubscriberTable#edit}, blocking. */
    RecordEdit.Changes edit(String nas, Duid duid, RecordEdit edit)
        throws TableUnavailableException;
  }

  /** Hears how it goes. */
  public interface Listener {
    /** A query has ended. */
    void asked(RecoveryParameters.Server server, LeaseQuery query, QueryOutcome outcome);

    /** So many clients have been told of by now, and so many records written. */
    default void progress(long clients, long written) {}
  }

  /**
   * What a recovery did.
   *
   * @param clients how often servers told of a client
   * @param written records that are new or know more
   * @param incomplete queries that were refused, broke off or were malformed, and for which no
   *     other query stood in
   */
  public record Report(long clients, long written, int incomplete) {}

  private final RecoveryParameters parameters;
  private final Records records;
  private final Listener listener;
  private final BulkClient client;
  private long clients;
  private long written;
  private int incomplete;

  /**
   * @param random for transaction ids
   */
  public Recovery(
      RecoveryParameters parameters, Records records, Listener listener, RandomGenerator random) {
    this.parameters = parameters;
    this.records = records;
    this.listener = listener;
    this.client = new BulkClient(parameters.relay(), parameters.silence(), random);
  }

  /**
   * Asks everybody.
   *
   * @throws TableUnavailableException when the table cannot be written; what was written stays
   */
  public Report run() throws TableUnavailableException {
    for (RecoveryParameters.Server server : parameters.servers()) {
      QueryOutcome byRelay =
          ask(server, LeaseQuery.byRelayId(parameters.relay()), Optional.empty());
      boolean otherwise =
          byRelay.kind() == QueryOutcome.Kind.NOTHING_KNOWN
              || byRelay.status().filter(ASK_OTHERWISE::contains).isPresent();
      if (otherwise && !parameters.links().isEmpty()) {
        for (Ipv6Address link : parameters.links()) {
          count(ask(server, LeaseQuery.byLink(link), Optional.of(link)));
        }
      } else {
        count(byRelay);
      }
      for (RemoteIdOption remoteId : parameters.remoteIds()) {
        count(ask(server, LeaseQuery.byRemoteId(remoteId), Optional.empty()));
      }
    }
    return new Report(clients, written, incomplete);
  }

  private void count(QueryOutcome outcome) {
    boolean whole =
        outcome.kind() == QueryOutcome.Kind.COMPLETE
            || outcome.kind() == QueryOutcome.Kind.NOTHING_KNOWN;
    incomplete += whole ? 0 : 1;
  }

  private QueryOutcome ask(
      RecoveryParameters.Server server, LeaseQuery query, Optional<Ipv6Address> link)
      throws TableUnavailableException {
    QueryOutcome outcome = client.ask(server.address(), query, leased -> merge(leased, link));
    listener.asked(server, query, outcome);
    return outcome;
  }

  private void merge(LeasedClient leased, Optional<Ipv6Address> link)
      throws TableUnavailableException {
    clients++;
    RecordEdit.Changes changes =
        records.edit(
            parameters.nas(), leased.duid(), new LeaseMerge(parameters.nas(), leased, link));
    written += changes.put().size();
    listener.progress(clients, written);
  }
}
