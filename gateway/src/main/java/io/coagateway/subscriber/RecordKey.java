package io.coagateway.subscriber;

/**
 * What names a record: its NAS and its id there. The id alone does not: two NASes may both have a
 * {@code port-1}.
 */
public record RecordKey(String nas, String id) {
  /** The name of {@code record}. */
  public static RecordKey of(SubscriberRecord record) {
    return new RecordKey(record.nas(), record.id());
  }
}
