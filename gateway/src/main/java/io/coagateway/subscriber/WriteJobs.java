package io.coagateway.subscriber;

import io.coagateway.dhcpv6.Duid;
import io.coagateway.dhcpv6.OptionList;
import io.coagateway.radius.AttributeId;
import io.coagateway.radius.Attributes;
import io.coagateway.wire.Octets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What the writer thread can be asked to do. */
final class WriteJobs {
  private final MemoryIndex index;
  private final TableObserver observer;
  private final Set<Long> recovered;

  /** Marks of changes that have begun and not ended; the writer thread's own. */
  private final Set<Long> underWay = new HashSet<>();

  /**
   * @param recovered marks of an earlier process, whose options are the records' own already
   */
  WriteJobs(MemoryIndex index, TableObserver observer, Set<Long> recovered) {
    this.index = index;
    this.observer = observer;
    this.recovered = recovered;
  }

  WriteJob<List<PendingChange>> begin(List<OptionChange> changes) {
    return new WriteJob<>(WriteJob.Kind.GIVES_UP) {
      @Override
      List<PendingChange> run(WriteRound round)
          throws TableUnavailableException, StaleRecordException {
        long[] keys = new long[changes.size()];
        for (int i = 0; i < keys.length; i++) {
          keys[i] = requireVersion(round, changes.get(i).base());
        }
        List<PendingChange> pending = new ArrayList<>(keys.length);
        for (int i = 0; i < keys.length; i++) {
          OptionChange change = changes.get(i);
          long mark = round.mark(keys[i], change.next());
          pending.add(new PendingChange(change.base(), change.next(), mark));
        }
        round.afterCommit(() -> pending.forEach(change -> underWay.add(change.mark())));
        pending.forEach(change -> round.afterCommit(() -> observer.optionsPending(change)));
        return pending;
      }
    };
  }

  WriteJob<Hold> hold(List<SubscriberRecord> records, Duration atMost) {
    return new WriteJob<>(WriteJob.Kind.GIVES_UP) {
      @Override
      Hold run(WriteRound round)
          throws TableUnavailableException, StaleRecordException, HeldElsewhereException {
        List<Long> keys = new ArrayList<>(records.size());
        for (SubscriberRecord record : records) {
          keys.add(requireVersion(round, record));
        }
        Optional<String> owner = round.session().lease(keys, atMost, underWay::contains);
        if (owner.isPresent()) {
          throw new HeldElsewhereException(owner.get());
        }
        return new Hold(keys);
      }
    };
  }

  WriteJob<Void> letGo(Hold hold) {
    return new WriteJob<>(WriteJob.Kind.TRIES_AGAIN) {
      @Override
      Void run(WriteRound round) throws TableUnavailableException {
        round.session().endLeases(hold.keys());
        return null;
      }
    };
  }

  WriteJob<Void> adopt() {
    return new WriteJob<>(WriteJob.Kind.GIVES_UP) {
      @Override
      Void run(WriteRound round) throws TableUnavailableException {
        List<StoreSession.Mark> marks = round.session().adopt(underWay::contains);
        for (StoreSession.Mark mark : marks) {
          recovered.add(mark.number());
          round.wrote(RecordKey.of(mark.base().record()));
          round.afterCommit(() -> index.put(mark.base()));
        }
        if (!marks.isEmpty()) {
          round.afterCommit(() -> observer.left(changes(marks)));
        }
        return null;
      }
    };
  }

  static List<PendingChange> changes(List<StoreSession.Mark> marks) {
    return marks.stream()
        .map(mark -> new PendingChange(mark.base().record(), mark.next(), mark.number()))
        .toList();
  }

  /** Marks of which nobody was told, since their commit failed: they may be there nevertheless. */
  static WriteJob<Void> forget(List<Long> marks) {
    return new WriteJob<>(WriteJob.Kind.TRIES_AGAIN) {
      @Override
      Void run(WriteRound round) throws TableUnavailableException {
        for (long mark : marks) {
          round.session().takeBack(mark); // not what another gateway has taken over
        }
        return null;
      }
    };
  }

  private static long requireVersion(WriteRound round, SubscriberRecord base)
      throws TableUnavailableException, StaleRecordException {
    Optional<MemoryIndex.Known> known = round.known(RecordKey.of(base));
    if (known.isEmpty() || known.get().version() != base.version()) {
      throw new StaleRecordException(base.nas(), base.id(), base.version());
    }
    return known.get().key();
  }

  /**
   * @param kind whether somebody waits for it
   */
  WriteJob<Void> confirm(List<PendingChange> changes, WriteJob.Kind kind) {
    return new WriteJob<>(kind) {
      @Override
      Void run(WriteRound round) throws TableUnavailableException {
        for (PendingChange change : changes) {
          RecordKey name = RecordKey.of(change.base());
          if (recovered.contains(change.mark())) {
            round.session().deletePending(change.mark());
            round.afterCommit(() -> recovered.remove(change.mark()));
          } else if (round.surelyHasVersion(name, change.mark())) {
            round.acknowledge(change.mark());
            round.afterCommit(
                () -> {
                  index.letGo(name);
                  observer.optionsConfirmed(confirmed(change));
                });
          } else {
            confirmAgainstDatabase(round, name, change, mayBeDone());
          }
          round.afterCommit(() -> end(change));
        }
        return null;
      }
    };
  }

  /** Told whatever has become of the change, also when its record is gone. */
  private void end(PendingChange change) {
    underWay.remove(change.mark());
    observer.changeEnded(change);
  }

  /** The record that a change leaves when nobody else wrote meanwhile. */
  static SubscriberRecord confirmed(PendingChange change) {
    return change.base().withOptions(change.next(), change.mark());
  }

  private void confirmAgainstDatabase(
      WriteRound round, RecordKey name, PendingChange change, boolean mayBeDone)
      throws TableUnavailableException {
    StoreSession session = round.session();
    Optional<Stored> current = session.pendingFor(change.mark());
    if (current.isEmpty()) { // gone, written anew, or confirmed and nobody heard of it
      // Or it cannot be read: a mark left behind would win over all that it is given from now on.
      round.acknowledge(change.mark());
      Optional<Stored> there = mayBeDone ? session.read(name) : Optional.empty();
      there.ifPresent(
          now ->
              round.afterCommit(
                  () -> {
                    index.put(now);
                    observer.optionsConfirmed(now.record());
                  }));
      return;
    }
    SubscriberRecord record = current.get().record();
    round.wrote(RecordKey.of(record)); // somebody may have given it another name
    SubscriberRecord after;
    if (record.version() == change.base().version()) {
      round.acknowledge(change.mark());
      after = record.withOptions(change.next(), change.mark());
    } else {
      OptionList merged = change.appliedTo(record.options());
      session.deletePending(change.mark());
      after = record.withOptions(merged, session.putOptions(current.get(), merged));
    }
    round.afterCommit(
        () -> {
          index.put(new Stored(current.get().key(), after));
          observer.optionsConfirmed(after);
        });
  }

  WriteJob<Void> rollBack(List<PendingChange> changes) {
    return new WriteJob<>(WriteJob.Kind.TRIES_AGAIN) {
      @Override
      Void run(WriteRound round) throws TableUnavailableException {
        StoreSession session = round.session();
        for (PendingChange change : changes) {
          if (recovered.contains(change.mark())) {
            session.deletePending(change.mark());
            round.afterCommit(() -> recovered.remove(change.mark()));
          } else {
            rollBack(round, session, change, mayBeDone());
          }
          round.afterCommit(() -> end(change));
        }
        return null;
      }
    };
  }

  private void rollBack(
      WriteRound round, StoreSession session, PendingChange change, boolean mayBeDone)
      throws TableUnavailableException {
    Optional<Stored> marked = session.pendingFor(change.mark()); // by whatever name it goes now
    RecordKey name =
        marked.map(Stored::record).map(RecordKey::of).orElse(RecordKey.of(change.base()));
    Optional<SubscriberRecord> there = marked.or(() -> index.get(name)).map(Stored::record);
    if (session.takeBack(change.mark())) {
      session.logChange(name, session.nextNumber());
      round.afterCommit(() -> observer.optionsPutBack(there.orElse(change.base())));
      return;
    }
    // Its mark is gone, or not ours any more: another gateway has made it the record's own.
    Optional<Stored> now = session.read(name);
    if (now.isPresent() && isMadeIn(now.get().record(), change)) {
      round.afterCommit(
          () -> {
            index.put(now.get());
            observer.optionsConfirmed(now.get().record());
          });
    } else if (mayBeDone) {
      SubscriberRecord old = now.map(Stored::record).or(() -> there).orElse(change.base());
      round.afterCommit(() -> observer.optionsPutBack(old));
    }
  }

  private static boolean isMadeIn(SubscriberRecord record, PendingChange change) {
    return !record.options().equals(change.base().options())
        && record.options().equals(change.appliedTo(record.options()));
  }

  WriteJob<Void> release(List<SubscriberRecord> records) {
    return new WriteJob<>(WriteJob.Kind.TRIES_AGAIN) {
      @Override
      Void run(WriteRound round) throws TableUnavailableException {
        for (SubscriberRecord record : records) {
          RecordKey name = RecordKey.of(record);
          Optional<Stored> current = round.session().read(name);
          if (current.isPresent() && isSameSession(record, current.get().record())) {
            remove(round, current.get());
            round.afterCommit(() -> observer.released(current.get().record()));
          } else if (current.isEmpty() && mayBeDone()) {
            round.afterCommit(() -> observer.released(record));
          }
        }
        return null;
      }
    };
  }

  /**
   * Options, leases and what accounting knows of the session may have changed since, or have gone
   * with an Accounting-Stop (RFC 2866 section 4.1). Another client is another matter, and so is
   * another session: one of another Acct-Session-Id or, where it is not known of both, of another
   * User-Name.
   */
  static boolean isSameSession(SubscriberRecord released, SubscriberRecord current) {
    return released.version() == current.version()
        || (released.duid().equals(current.duid())
            && share(Attributes.ACCT_SESSION_ID, released, current)
                .or(() -> share(Attributes.USER_NAME, released, current))
                .orElse(true));
  }

  /** Whether they have a value of {@code attribute} in common; empty when one of them has none. */
  private static Optional<Boolean> share(
      AttributeId attribute, SubscriberRecord one, SubscriberRecord other) {
    List<Octets> ours = one.session().values(attribute);
    List<Octets> theirs = other.session().values(attribute);
    return ours.isEmpty() || theirs.isEmpty()
        ? Optional.empty()
        : Optional.of(!Collections.disjoint(ours, theirs));
  }

  private Optional<SubscriberRecord> remove(WriteRound round, RecordKey name)
      throws TableUnavailableException {
    Optional<Stored> there = round.session().read(name);
    if (there.isPresent()) {
      remove(round, there.get());
    }
    return there.map(Stored::record);
  }

  private void remove(WriteRound round, Stored stored) throws TableUnavailableException {
    RecordKey name = RecordKey.of(stored.record());
    long version = round.session().remove(stored);
    round.wrote(name);
    round.afterCommit(() -> index.remove(name, version));
  }

  WriteJob<SubscriberRecord> put(SubscriberRecord record) {
    return new WriteJob<>(WriteJob.Kind.GIVES_UP) {
      @Override
      SubscriberRecord run(WriteRound round) throws TableUnavailableException {
        return store(round, record);
      }
    };
  }

  WriteJob<SubscriberRecord> replace(SubscriberRecord record) {
    return new WriteJob<>(WriteJob.Kind.GIVES_UP) {
      @Override
      SubscriberRecord run(WriteRound round)
          throws TableUnavailableException, StaleRecordException {
        requireVersion(round, record);
        return store(round, record);
      }
    };
  }

  private SubscriberRecord store(WriteRound round, SubscriberRecord record)
      throws TableUnavailableException {
    Stored stored = round.session().put(record);
    round.wrote(RecordKey.of(record));
    round.afterCommit(() -> index.put(stored));
    return stored.record();
  }

  WriteJob<RecordEdit.Changes> edit(String nas, Duid duid, RecordEdit edit) {
    return new WriteJob<>(WriteJob.Kind.GIVES_UP) {
      @Override
      RecordEdit.Changes run(WriteRound round) throws TableUnavailableException {
        return new EditSteps(
                name -> WriteJobs.this.remove(round, name), record -> store(round, record))
            .carryOut(edit, round.session().findClient(nas, duid, RecordEdit.MOST_RECORDS));
      }
    };
  }

  WriteJob<Optional<SubscriberRecord>> remove(RecordKey name) {
    return new WriteJob<>(WriteJob.Kind.GIVES_UP) {
      @Override
      Optional<SubscriberRecord> run(WriteRound round) throws TableUnavailableException {
        Optional<Stored> current = round.session().resolve(name);
        if (current.isPresent()) {
          WriteJobs.this.remove(round, current.get());
        }
        return current.map(Stored::record);
      }
    };
  }
}
