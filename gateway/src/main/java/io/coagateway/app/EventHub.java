package io.coagateway.app;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.coagateway.admin.EventSource;
import io.coagateway.dynauth.RequestObserver;
import io.coagateway.radius.AttributeDictionary;
import io.coagateway.subscriber.PendingChange;
import io.coagateway.subscriber.RecordFormat;
import io.coagateway.subscriber.SubscriberRecord;
import io.coagateway.subscriber.TableObserver;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the relay must know, as events: options pending, confirmed, put back, binding released, some
 * of its leases released. Each carries the record's public form with the options that are in force
 * then.
 *
 * <p>Nobody listens, nothing is built.
 */
final class EventHub implements TableObserver, RequestObserver, EventSource {
  private static final Logger LOG = LoggerFactory.getLogger("coa-gateway");

  private final List<Consumer<Event>> listeners = new CopyOnWriteArrayList<>();
  private final AtomicLong cutOff = new AtomicLong();
  private final RecordFormat format;
  private final ObjectMapper json = new ObjectMapper();

  EventHub(AttributeDictionary dictionary) {
    this.format = new RecordFormat(dictionary);
  }

  @Override
  public Subscription listen(Consumer<Event> listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  @Override
  public void tooSlow() {
    LOG.warn("event-listener-too-slow total={}", cutOff.incrementAndGet());
  }

  /** How many listen now. */
  int listening() {
    return listeners.size();
  }

  /** How many were too slow so far. */
  long cutOff() {
    return cutOff.get();
  }

  @Override
  public void optionsPending(PendingChange change) {
    if (!listeners.isEmpty()) {
      tell("options-pending", change.base().withOptions(change.next(), change.mark()));
    }
  }

  @Override
  public void optionsConfirmed(SubscriberRecord record) {
    tell("options-confirmed", record);
  }

  @Override
  public void optionsPutBack(SubscriberRecord record) {
    tell("options-put-back", record);
  }

  @Override
  public void released(SubscriberRecord record) {
    tell("binding-released", record);
  }

  @Override
  public void leasesReleased(SubscriberRecord record) {
    tell("leases-released", record);
  }

  @Override
  public void changedElsewhere(int records) {
    if (!listeners.isEmpty()) {
      ObjectNode node = json.createObjectNode().put("records", records);
      send(new Event("changed-elsewhere", node.toString()));
    }
  }

  private void tell(String name, SubscriberRecord record) {
    if (!listeners.isEmpty()) {
      send(new Event(name, format.print(record)));
    }
  }

  private void send(Event event) {
    listeners.forEach(listener -> listener.accept(event));
  }
}
