package io.coagateway.leasequery;

import io.coagateway.dhcpv6.Duid;
import io.coagateway.leasequery.MissParameters.Unverified;
import io.coagateway.radius.Attribute;
import io.coagateway.subscriber.ClientKey;
import io.coagateway.subscriber.RecordEdit;
import io.coagateway.subscriber.SessionKey;
import io.coagateway.subscriber.SessionQuery;
import io.coagateway.subscriber.SubscriberRecord;
import io.coagateway.subscriber.SubscriberTable;
import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.Ipv6Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;

/**
 * A session that the table does not know, looked for by what its client was given: first among the
 * records, which may know the binding and not the session, then at the servers. What they tell is
 * merged as a recovery merges it, so nothing is removed or overwritten, and what the request says
 * of the session goes into the record, where the next look-up finds it.
 *
 * <p>For the gateway loop, where the table's stages complete too.
 */
public final class MissedSessions {
  private static final int NETWORK = 64;

  /** Asks the servers. */
  @FunctionalInterface
  public interface Servers {
    /** As {@link LeasequeryClient#ask}. */
    CompletionStage<LeaseAnswer> ask(LeaseQuery query, long deadlineNanos);
  }

  private final MissParameters parameters;
  private final SubscriberTable table;
  private final Servers servers;

  /**
   * @param table with {@link io.coagateway.subscriber.TableParameters#clientKeys}
   */
  public MissedSessions(MissParameters parameters, SubscriberTable table, Servers servers) {
    this.parameters = parameters;
    this.table = table;
    this.servers = servers;
  }

  /**
   * Looks for the session of a request.
   *
   * @return empty when it is worth while to look into the table again; else why not, in words
   */
  public CompletionStage<Optional<String>> find(SessionQuery asked, long deadlineNanos) {
    SessionClaim claim =
        new SessionClaim(asked.keys(), parameters.duidAttributes(), parameters.unverified());
    Optional<ClientKey> key = claim.clientKeys().stream().findFirst();
    if (key.isEmpty()) {
      return done("it names no address, prefix or DUID to ask for");
    }
    return table
        .findByKey(parameters.nas(), key.get(), 2)
        .thenCompose(
            known ->
                known.isEmpty()
                    ? ask(key.get(), claim, deadlineNanos)
                    : known.size() == 1
                        ? enter(known.get(0), claim)
                        : done("several clients have what it names"));
  }

  /**
   * Looks for the client of a session that accounting has told of.
   *
   * @param session attributes and values as on the wire
   * @return the client's record, of several the one that the session names; empty when nobody knows
   *     it
   */
  public CompletionStage<Optional<SubscriberRecord>> client(
      List<Attribute> session, long deadlineNanos) {
    List<SessionKey> keys = new ArrayList<>();
    session.forEach(one -> keys.add(SessionKey.of(one.id(), one.value())));
    SessionClaim claim = new SessionClaim(keys, parameters.duidAttributes(), Unverified.BELIEVE);
    Optional<ClientKey> key = claim.clientKeys().stream().findFirst();
    if (key.isEmpty()) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    return servers
        .ask(query(key.get()), deadlineNanos)
        .thenCompose(
            answer ->
                answer.kind() == LeaseAnswer.Kind.FOUND
                    ? take(answer.clients(), claim)
                    : CompletableFuture.completedFuture(Optional.empty()));
  }

  private CompletionStage<Optional<SubscriberRecord>> take(
      List<LeasedClient> clients, SessionClaim claim) {
    AtomicReference<Optional<SubscriberRecord>> named = // set by the table's writer
        new AtomicReference<>(Optional.empty());
    return takeIn(
            clients,
            (client, record) -> {
              if (claim.objection(record).isEmpty()) {
                named.set(Optional.of(record));
              }
              return record;
            })
        .thenApply(last -> named.get().or(() -> last));
  }

  private static LeaseQuery query(ClientKey key) {
    return key.kind() == ClientKey.Kind.DUID
        ? LeaseQuery.byClient(new Duid(key.value()))
        : LeaseQuery.byAddress(Ipv6Address.of(key.value(), 0));
  }

  private CompletionStage<Optional<String>> ask(
      ClientKey key, SessionClaim claim, long deadlineNanos) {
    return servers
        .ask(query(key), deadlineNanos)
        .thenCompose(
            answer ->
                answer.kind() == LeaseAnswer.Kind.FOUND
                    ? enterTold(answer.clients(), claim)
                    : done(
                        "leasequery: "
                            + answer.kind().label()
                            + (answer.detail().isEmpty() ? "" : ", " + answer.detail())));
  }

  /** All that was told goes into the table; the record that the request means, as it says. */
  private CompletionStage<Optional<String>> enterTold(
      List<LeasedClient> clients, SessionClaim claim) {
    AtomicReference<Optional<String>> why = // set by the table's writer
        new AtomicReference<>(
            Optional.of("it is not known on which link the client is (dhcpv6.leasequery.links)"));
    return takeIn(
            clients,
            (client, record) -> {
              Optional<String> objection = claim.objection(record);
              why.updateAndGet(before -> before.isEmpty() ? before : objection); // one is enough
              return objection.isEmpty() ? claim.entered(record) : record;
            })
        .thenApply(record -> why.get());
  }

  /** The last record that was taken in; servers tell each lease of a client by itself. */
  private CompletionStage<Optional<SubscriberRecord>> takeIn(
      List<LeasedClient> clients,
      BiFunction<LeasedClient, SubscriberRecord, SubscriberRecord> then) {
    CompletionStage<Optional<SubscriberRecord>> done =
        CompletableFuture.completedFuture(Optional.empty());
    for (LeasedClient client : clients) {
      done = done.thenCompose(before -> takeIn(client, then, before));
    }
    return done;
  }

  private CompletionStage<Optional<SubscriberRecord>> takeIn(
      LeasedClient client,
      BiFunction<LeasedClient, SubscriberRecord, SubscriberRecord> then,
      Optional<SubscriberRecord> before) {
    LeaseMerge merge = new LeaseMerge(parameters.nas(), client, link(client));
    AtomicReference<Optional<SubscriberRecord>> taken = new AtomicReference<>(Optional.empty());
    return table
        .edit(
            parameters.nas(),
            client.duid(),
            there -> {
              taken.set(merge.merge(there).map(record -> then.apply(client, record)));
              return taken.get().map(RecordEdit.Changes::put).orElse(RecordEdit.Changes.NONE);
            })
        .thenApply(changes -> taken.get().or(() -> before));
  }

  /** Where a client is whose server says nothing of a relay. */
  private Optional<Ipv6Address> link(LeasedClient client) {
    for (Ipv6Prefix address : client.addresses()) {
      for (Ipv6Address link : parameters.links()) {
        if (link.masked(NETWORK).equals(address.address().masked(NETWORK))) {
          return Optional.of(link);
        }
      }
    }
    return parameters.links().size() == 1
        ? Optional.of(parameters.links().get(0))
        : Optional.empty();
  }

  private CompletionStage<Optional<String>> enter(SubscriberRecord known, SessionClaim claim) {
    AtomicReference<Optional<String>> why =
        new AtomicReference<>(Optional.of("its record has just been removed"));
    return table
        .edit(
            known.nas(),
            known.duid(),
            there -> {
              Optional<SubscriberRecord> record =
                  there.stream().filter(one -> one.id().equals(known.id())).findFirst();
              record.ifPresent(one -> why.set(claim.objection(one)));
              return record.isPresent() && why.get().isEmpty()
                  ? RecordEdit.Changes.put(claim.entered(record.get()))
                  : RecordEdit.Changes.NONE;
            })
        .thenApply(changes -> why.get());
  }

  private static CompletionStage<Optional<String>> done(String why) {
    return CompletableFuture.completedFuture(Optional.of(why));
  }
}
