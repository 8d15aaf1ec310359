package io.coagateway.subscriber;

/**
 * A record and the handle that the database knows it by.
 *
 * @param key the store's own number of the row, more than 0; another one when the row is made anew
 * @param record the record with its confirmed options
 */
record Stored(long key, SubscriberRecord record) {}
