package io.coagateway.subscriber;

import java.util.List;
import java.util.Set;

/**
 * A table that is filled beside the one in use and then takes its place. Blocking; one thread.
 * Closing it before {@link #swap} leaves the table in use as it was.
 */
interface Replacement extends AutoCloseable {
  /**
   * Adds records in one short transaction; two with one name: the later one stays.
   *
   * @return how many of them replaced one that had been added before
   */
  int add(List<SubscriberRecord> records) throws TableUnavailableException;

  /**
   * Puts the new table in place; records of NASes other than {@code nases} are taken over. Requests
   * under way keep their marks.
   */
  void swap(Set<String> nases) throws TableUnavailableException;

  @Override
  void close();
}
