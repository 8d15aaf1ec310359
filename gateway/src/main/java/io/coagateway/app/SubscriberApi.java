package io.coagateway.app;

import io.coagateway.admin.SubscriberSource;
import io.coagateway.admin.SubscriberSource.RefusedException.Reason;
import io.coagateway.radius.AttributeDictionary;
import io.coagateway.radius.AttributeId;
import io.coagateway.subscriber.RecordEdit;
import io.coagateway.subscriber.RecordFormat;
import io.coagateway.subscriber.RecordFormatException;
import io.coagateway.subscriber.RecordKey;
import io.coagateway.subscriber.SessionKey;
import io.coagateway.subscriber.SessionQuery;
import io.coagateway.subscriber.StaleRecordException;
import io.coagateway.subscriber.SubscriberRecord;
import io.coagateway.subscriber.SubscriberTable;
import io.coagateway.subscriber.TableUnavailableException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * The subscriber table as the admin port offers it: records of this NAS in their public form. A
 * gateway without {@code nas.identifier} is every NAS's; there a record that names none means what
 * {@link SubscriberTable#get} finds by its id.
 */
final class SubscriberApi implements SubscriberSource {
  private final SubscriberTable table;
  private final AttributeDictionary dictionary;
  private final RecordFormat format;
  private final String nas;

  SubscriberApi(SubscriberTable table, AttributeDictionary dictionary, String nas) {
    this.table = table;
    this.dictionary = dictionary;
    this.format = new RecordFormat(dictionary);
    this.nas = nas;
  }

  @Override
  public CompletionStage<List<String>> find(List<Condition> conditions, int limit) {
    List<SessionKey> keys = new ArrayList<>();
    Optional<String> id = Optional.empty();
    for (Condition condition : conditions) {
      if (condition.attribute().equals("id")) {
        id = Optional.of(condition.value());
        continue;
      }
      Optional<AttributeId> attribute = dictionary.idOf(condition.attribute());
      if (attribute.isEmpty()) {
        return refused(
            Reason.BAD_INPUT,
            "\"" + condition.attribute() + "\" is no RADIUS attribute. Give one like User-Name.");
      }
      try {
        keys.add(
            SessionKey.of(
                attribute.get(), dictionary.parseValue(attribute.get(), condition.value())));
      } catch (IllegalArgumentException e) {
        return refused(Reason.BAD_INPUT, condition.attribute() + ": " + e.getMessage());
      }
    }
    CompletionStage<List<SubscriberRecord>> found =
        id.isPresent()
            ? find(id.get(), keys, limit)
            : table.find(new SessionQuery(nas, keys), limit);
    return translated(found.thenApply(this::lines));
  }

  /**
   * Who is called {@code id} and has all of {@code keys}. The one that the id means is found
   * however many others have the keys; only where it means none, since several NASes have one, are
   * those with the keys looked through.
   */
  private CompletionStage<List<SubscriberRecord>> find(
      String id, List<SessionKey> keys, int limit) {
    return table
        .get(nas, id)
        .thenCompose(
            meant -> {
              List<SubscriberRecord> one =
                  meant.filter(record -> hasAll(record, keys)).stream().toList();
              return !one.isEmpty() || keys.isEmpty() || !nas.isEmpty()
                  ? CompletableFuture.completedFuture(one)
                  : table
                      .find(new SessionQuery(nas, keys), limit)
                      .thenApply(all -> all.stream().filter(r -> r.id().equals(id)).toList());
            });
  }

  private static boolean hasAll(SubscriberRecord record, List<SessionKey> keys) {
    return keys.stream()
        .allMatch(
            key ->
                record.session().values(key.attribute()).stream()
                    .anyMatch(value -> SessionKey.of(key.attribute(), value).equals(key)));
  }

  private List<String> lines(List<SubscriberRecord> records) {
    return records.stream().map(format::print).toList();
  }

  @Override
  public CompletionStage<Long> put(String line, Expected expected) {
    SubscriberRecord record;
    try {
      record = format.parse(line, nas);
    } catch (RecordFormatException e) {
      return refused(Reason.BAD_INPUT, e.getMessage());
    }
    if (!nas.isEmpty() && !record.nas().equals(nas)) {
      return refused(
          Reason.BAD_INPUT,
          "nas: \"" + record.nas() + "\" is not the NAS of this gateway, \"" + nas + "\"");
    }
    boolean mustLook = record.nas().isEmpty() || expected.equals(Expected.ANY_VERSION);
    CompletionStage<Long> written =
        mustLook
            ? table
                .get(record.nas(), record.id())
                .thenCompose(there -> write(line, record, there, expected))
            : write(record, expected.version());
    return translated(written);
  }

  /** Writes in the place of the record that is there, whose NAS the line need not have named. */
  private CompletionStage<Long> write(
      String line, SubscriberRecord parsed, Optional<SubscriberRecord> there, Expected expected) {
    if (there.isEmpty()) {
      return expected.exists()
          ? refused(
              Reason.STALE,
              "there is no subscriber \"" + parsed.id() + "\". Without If-Match it is made")
          : write(parsed, OptionalLong.empty());
    }
    try {
      SubscriberRecord record = format.parse(line, there.get().nas());
      boolean anyVersion = expected.equals(Expected.ANY_VERSION);
      return write(
          record, anyVersion ? OptionalLong.of(there.get().version()) : expected.version());
    } catch (RecordFormatException e) {
      return refused(Reason.BAD_INPUT, e.getMessage());
    }
  }

  private CompletionStage<Long> write(SubscriberRecord record, OptionalLong version) {
    CompletionStage<SubscriberRecord> written =
        version.isPresent()
            ? table.replace(record.toBuilder().version(version.getAsLong()).build())
            : table.put(record);
    return written.thenApply(SubscriberRecord::version);
  }

  @Override
  public CompletionStage<Void> remove(String id, Expected expected) {
    CompletionStage<Boolean> removed =
        expected.version().isEmpty()
            ? table.remove(nas, id).thenApply(Optional::isPresent)
            : table
                .get(nas, id)
                .thenCompose(
                    there ->
                        there.isEmpty()
                            ? CompletableFuture.completedFuture(false)
                            : remove(there.get(), expected.version().getAsLong()));
    return translated(
        removed.thenCompose(
            done ->
                done
                    ? CompletableFuture.completedFuture(null)
                    : refused(
                        expected.exists() ? Reason.STALE : Reason.NOT_FOUND,
                        "there is no subscriber \"" + id + "\"")));
  }

  /** Removes the record if it still has that version when nobody else can write. */
  private CompletionStage<Boolean> remove(SubscriberRecord read, long version) {
    return table
        .edit(
            read.nas(),
            read.duid(),
            RecordEdit.of(
                RecordKey.of(read),
                now ->
                    now.version() == version
                        ? RecordEdit.Changes.remove(now)
                        : RecordEdit.Changes.NONE))
        .thenCompose(
            changes ->
                changes.removed().isEmpty()
                    ? CompletableFuture.failedFuture(
                        new StaleRecordException(read.nas(), read.id(), version))
                    : CompletableFuture.completedFuture(true));
  }

  private static <T> CompletionStage<T> refused(Reason reason, String message) {
    return CompletableFuture.failedFuture(new RefusedException(reason, message));
  }

  private static <T> CompletionStage<T> translated(CompletionStage<T> stage) {
    return stage
        .handle(
            (value, error) ->
                error == null
                    ? CompletableFuture.completedFuture(value)
                    : CompletableFuture.<T>failedFuture(translate(error)))
        .thenCompose(Function.identity());
  }

  private static Throwable translate(Throwable error) {
    Throwable cause =
        error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    if (cause instanceof StaleRecordException) {
      return new RefusedException(
          Reason.STALE, "the record was written by somebody else meanwhile: read it again");
    }
    if (cause instanceof TableUnavailableException table) {
      boolean forEver = table.reason() == TableUnavailableException.Reason.REFUSED;
      return new RefusedException(
          forEver ? Reason.BAD_INPUT : Reason.UNAVAILABLE, cause.getMessage());
    }
    return cause;
  }
}
