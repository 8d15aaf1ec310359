package io.coagateway.accounting;

import io.coagateway.das.DasClient;
import io.coagateway.radius.AttributeId;
import io.coagateway.subscriber.JoinRule;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/**
 * How accounting is listened to.
 *
 * @param listen addresses of this machine, no wildcard; empty: not at all
 * @param clients who may send: those with secrets; the rest of what a client says is for CoA
 * @param nas of the records that sessions are joined to; empty where there is no name
 * @param rules how sessions are recognised, the first that finds exactly one record decides
 * @param duidAttributes which attributes hold the client's DUID
 * @param unjoinedLimit how many sessions may wait for their client to appear, at least 1; of more,
 *     the oldest are forgotten
 * @param unjoinedMemory how long they wait, more than zero
 */
public record AccountingParameters(
    List<InetSocketAddress> listen,
    List<DasClient> clients,
    String nas,
    List<JoinRule> rules,
    List<AttributeId> duidAttributes,
    int unjoinedLimit,
    Duration unjoinedMemory) {
  /** Copies the lists. */
  public AccountingParameters {
    listen = List.copyOf(listen);
    clients = List.copyOf(clients);
    rules = List.copyOf(rules);
    duidAttributes = List.copyOf(duidAttributes);
  }

  /** The same for the records of {@code name}. */
  public AccountingParameters forNas(String name) {
    return new AccountingParameters(
        listen, clients, name, rules, duidAttributes, unjoinedLimit, unjoinedMemory);
  }

  /** The same from other clients. */
  public AccountingParameters withClients(List<DasClient> others) {
    return new AccountingParameters(
        listen, others, nas, rules, duidAttributes, unjoinedLimit, unjoinedMemory);
  }

  /** Whether accounting is listened to at all. */
  public boolean isOn() {
    return !listen.isEmpty();
  }
}
