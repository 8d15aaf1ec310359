package io.coagateway.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.admin.EventSource;
import io.coagateway.config.DictionaryFiles;
import io.coagateway.radius.AttributeDictionary;
import io.coagateway.subscriber.PendingChange;
import io.coagateway.subscriber.RecordFormat;
import io.coagateway.subscriber.SubscriberRecord;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a relay is told at {@code /events}; gateway/SCHEMA.md explains each to who writes one. */
class EventHubTest {
  private static final AttributeDictionary DICTIONARY = DictionaryFiles.builtIn();

  private static final String OLD = "036f6c64076578616d706c65036e657400";
  private static final String NEW = "036e6577076578616d706c65036e657400";

  private final EventHub hub = new EventHub(DICTIONARY);
  private final List<EventSource.Event> told = new ArrayList<>();

  private static SubscriberRecord record(String options) throws Exception {
    return new RecordFormat(DICTIONARY)
        .parse(
            "{\"id\":\"port-1\",\"version\":7,\"duid\":\"0003000102005e100007\","
                + "\"linkAddress\":\"2001:db8::1\",\"options\":{"
                + options
                + "}}",
            "nas1");
  }

  @Test
  void eachHasTheRecordWithTheOptionsThatAreInForceAndIsExplained() throws Exception {
    SubscriberRecord before = record("\"64\":\"" + OLD + "\"");
    SubscriberRecord after = record("\"64\":\"" + NEW + "\"");
    EventSource.Subscription subscription = hub.listen(told::add);
    hub.optionsPending(new PendingChange(before, after.options(), 8));
    hub.optionsConfirmed(after);
    hub.optionsPutBack(before);
    hub.released(after);
    hub.leasesReleased(before);
    hub.changedElsewhere(3);
    subscription.close();
    hub.released(after);

    assertThat(told)
        .extracting(EventSource.Event::name)
        .containsExactly(
            "options-pending",
            "options-confirmed",
            "options-put-back",
            "binding-released",
            "leases-released",
            "changed-elsewhere")
        .allSatisfy(
            name -> assertThat(Path.of("SCHEMA.md")).content().contains("\n| `" + name + "` | "));
    assertThat(told.get(0).json()).contains("\"id\":\"port-1\"", NEW);
    assertThat(told.get(1).json()).contains(NEW);
    assertThat(told.get(2).json()).contains(OLD);
    assertThat(told.get(3).json()).contains(NEW);
    assertThat(told.get(4).json()).contains(OLD);
    assertThat(told.get(5).json()).isEqualTo("{\"records\":3}");
  }
}
