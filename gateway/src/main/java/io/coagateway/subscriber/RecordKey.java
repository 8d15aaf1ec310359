package io.coagateway.subscriber;

/** What names a record: its NAS and its id there. */
record RecordKey(String nas, String id) {
  static RecordKey of(SubscriberRecord record) {
    return new RecordKey(record.nas(), record.id());
  }
}
