package io.coagateway.subscriber;

import static io.coagateway.subscriber.TestTables.NAS;
import static io.coagateway.subscriber.TestTables.byUser;
import static io.coagateway.subscriber.TestTables.options;
import static io.coagateway.subscriber.TestTables.query;
import static io.coagateway.subscriber.TestTables.subscriber;
import static io.coagateway.subscriber.TestTables.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.radius.AttributeId;
import io.coagateway.radius.Attributes;
import io.coagateway.wire.Octets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MemoryIndexTest {
  private final MemoryIndex index = new MemoryIndex();

  private static Stored stored(int n, long version) {
    return new Stored(n + 1, subscriber(n).toBuilder().version(version).build());
  }

  @Test
  void keepsEveryPartOfARecord() {
    index.put(stored(7, 12));
    assertThat(index.get(new RecordKey(NAS, "port-7"))).contains(stored(7, 12));
    assertThat(index.find(byUser("user7@example.net"), 9))
        .contains(List.of(stored(7, 12).record()));
  }

  @Test
  void letsTheNewerVersionWinInWhateverOrder() {
    SubscriberRecord newer = stored(7, 13).record().withOptions(options("new"), 13);
    index.put(new Stored(8, newer));
    index.put(stored(7, 12));
    assertThat(index.get(new RecordKey(NAS, "port-7")).orElseThrow().record()).isEqualTo(newer);
    index.remove(new RecordKey(NAS, "port-7"), 11);
    assertThat(index.size()).isEqualTo(1);
  }

  /** A confirmation is known here first; meanwhile another table may have taken the place. */
  @Test
  void takesAnotherRowWhateverItsVersion() {
    RecordKey name = new RecordKey(NAS, "port-7");
    index.put(stored(7, 12));
    index.advance(stored(7, 12).record(), options("new"), 15);
    SubscriberRecord other = subscriber(8);
    Stored moved =
        new Stored(
            99,
            SubscriberRecord.builder(NAS, "port-7", other.duid(), other.linkAddress())
                .version(12)
                .session(other.session())
                .build());
    index.startLoading();
    index.put(moved);
    index.finishLoading();
    assertThat(index.get(name)).contains(moved);
    assertThat(index.known(name)).contains(new MemoryIndex.Known(99, 12));
    assertThat(index.find(byUser("user7@example.net"), 9)).contains(List.of());
    assertThat(index.find(byUser("user8@example.net"), 9)).contains(List.of(moved.record()));
  }

  @Test
  void leavesKeysThatSelectNothingToTheDatabase() {
    for (int n = 0; n < 1000; n++) {
      SubscriberRecord record = stored(n, n + 1).record();
      SessionAttributes session =
          record.session().plus(Attributes.CALLED_STATION_ID, text("the-one-nas"));
      index.put(new Stored(n + 1, record.toBuilder().session(session).build()));
    }
    SessionQuery common = query(Attributes.CALLED_STATION_ID, "the-one-nas");
    assertThat(index.find(common, 9)).isEmpty();
    List<SessionKey> both = new ArrayList<>(common.keys());
    both.addAll(byUser("user500@example.net").keys());
    assertThat(index.find(new SessionQuery(NAS, both), 9).orElseThrow())
        .extracting(SubscriberRecord::id)
        .containsExactly("port-500");
  }

  @Test
  void findsARecordWhoseNameLooksLikeACommonKey() {
    List<Octets> networks = new ArrayList<>();
    Set<Long> common = new HashSet<>();
    for (int n = 0; n < 1000; n++) {
      networks.add(text("network-" + n));
      common.add(KeyHash.of(Attributes.CALLED_STATION_ID, networks.get(n)) & KeyTable.TOLD_APART);
    }
    SessionAttributes all = SessionAttributes.of(Map.of(Attributes.CALLED_STATION_ID, networks));
    for (int n = 0; n < 129; n++) {
      index.put(new Stored(n + 1, subscriber(n).toBuilder().version(1).session(all).build()));
    }
    String name = "line-0"; // the seed of the hashes is another in each run
    for (int n = 1;
        !common.contains(KeyHash.of(new RecordKey(NAS, name)) & KeyTable.TOLD_APART);
        n++) {
      name = "line-" + n;
    }
    SubscriberRecord like = subscriber(500);
    SubscriberRecord alike =
        SubscriberRecord.builder(NAS, name, like.duid(), like.linkAddress())
            .session(like.session())
            .version(1)
            .build();
    index.put(new Stored(500, alike));
    SubscriberRecord changed = alike.withOptions(options("new"), 2);
    index.put(new Stored(500, changed));
    assertThat(index.find(byUser("user500@example.net"), 9)).contains(List.of(changed));
    index.remove(new RecordKey(NAS, name), 3);
    assertThat(index.find(byUser("user500@example.net"), 9)).contains(List.of());
  }

  @Test
  void findsAClientByItsNewDuidWhoseSessionIsTheSame() {
    SubscriberRecord old = stored(7, 12).record();
    SubscriberRecord moved =
        SubscriberRecord.builder(NAS, old.id(), subscriber(8).duid(), old.linkAddress())
            .session(old.session())
            .version(13)
            .build();
    index.put(new Stored(8, old));
    index.put(new Stored(8, moved));
    assertThat(index.findClient(NAS, moved.duid(), 9)).contains(List.of(moved));
    assertThat(index.findClient(NAS, old.duid(), 9)).contains(List.of());
  }

  /** Each call looks at a part, and the next one goes on behind it. */
  @Test
  void findsWhatIsOverHoweverFarBehind() {
    int last = 70_000;
    for (int n = 1; n <= last; n++) {
      index.put(stored(n, n));
    }
    SubscriberRecord record = subscriber(0).toBuilder().version(last + 1).build();
    index.put(new Stored(1, record));
    long now = 1_795_300_000L; // when the lease of subscriber 0 is over, and no other
    List<SubscriberRecord> found = new ArrayList<>();
    for (int call = 0; call < 4; call++) {
      found.addAll(index.expired(now, 9));
    }
    assertThat(found).containsExactly(record, record); // once in each round
  }

  @Test
  void doesNotGrowWithRecordsThatComeAndGo() {
    long version = 0;
    for (int round = 0; round < 10; round++) {
      for (int n = 0; n < 100; n++) {
        index.put(stored(1000 * round + n, ++version));
      }
      for (int n = 0; n < 100; n++) {
        index.remove(new RecordKey(NAS, "port-" + (1000 * round + n)), ++version);
      }
    }
    assertThat(index.keys()).isZero();
    assertThat(index.page(0, 10_000).lastKey()).as("places, all empty").isEqualTo(100);
  }

  @Test
  void forgetsWhatALoadDidNotMeet() {
    index.put(stored(1, 1));
    index.put(stored(2, 2));
    index.startLoading();
    index.put(stored(2, 2));
    index.finishLoading();
    assertThat(index.size()).isEqualTo(1);
    assertThat(index.find(byUser("user1@example.net"), 9)).contains(List.of());
  }

  @Test
  void takesWhatALoadBegunAnewMeetsInPlaceOfWhatIsNewer() {
    RecordKey name = new RecordKey(NAS, "port-1");
    index.put(stored(1, 9)); // which the table has lost since
    index.startLoadingAnew();
    assertThat(index.getUndoubted(name)).isEmpty();
    index.put(stored(1, 6)); // written meanwhile
    assertThat(index.getUndoubted(name)).contains(stored(1, 6));
    index.put(stored(1, 5)); // as the load has read it before
    assertThat(index.get(name)).contains(stored(1, 6));
    index.finishLoading();
    index.put(stored(1, 4));
    assertThat(index.getUndoubted(name)).contains(stored(1, 6));
  }

  @Test
  void doesNotTakeForARecordWhatStandsInItsPlace() {
    RecordKey first = new RecordKey(NAS, "port-1");
    index.put(stored(1, 5));
    assertThat(index.find(byUser("user1@example.net"), 9).orElseThrow()).hasSize(1); // remembered
    index.remove(first, 6);
    index.put(stored(2, 5)); // as an import may number it: in the same place, of the same version
    assertThat(index.known(first)).isEmpty();
    assertThat(index.advance(stored(1, 5).record(), options("new"), 7)).isFalse();
    assertThat(index.known(new RecordKey(NAS, "port-2"))).contains(new MemoryIndex.Known(3, 5));
  }

  @Test
  void letsAPlaceGoThatNobodyAsksForAgain() {
    RecordKey name = new RecordKey(NAS, "port-1");
    index.put(stored(1, 5));
    SubscriberRecord found = index.find(byUser("user1@example.net"), 9).orElseThrow().get(0);
    assertThat(index.places()).isEqualTo(1);
    assertThat(index.advance(found, options("new"), 7)).isTrue();
    assertThat(index.places()).as("of the new version").isEqualTo(1);
    index.letGo(new RecordKey("another-nas", "port-1"));
    assertThat(index.places()).as("another record's is kept").isEqualTo(1);
    index.letGo(name);
    assertThat(index.places()).isZero();
    assertThat(index.known(name)).contains(new MemoryIndex.Known(2, 7));
  }

  /**
   * Against a plain map, through random writes. Their seed is fixed, so that a failure repeats; but
   * for one of colliding hashes, whose seed is another one in every JVM.
   */
  @Test
  void answersAsAPlainMapWould() {
    Random random = new Random(20261121);
    Map<RecordKey, Stored> plain = new HashMap<>();
    AttributeId[] attributes = {
      Attributes.USER_NAME, Attributes.NAS_PORT_ID, Attributes.CALLING_STATION_ID
    };
    for (int step = 1; step <= 20_000; step++) {
      int n = random.nextInt(300);
      RecordKey name = new RecordKey(NAS, "port-" + n);
      switch (random.nextInt(5)) {
        case 0 -> {
          plain.remove(name);
          index.letGo(name);
          index.remove(name, step);
        }
        case 1, 2 -> {
          SessionAttributes session = SessionAttributes.EMPTY;
          for (AttributeId attribute : attributes) {
            for (int i = random.nextInt(3); i > 0; i--) {
              session = session.plus(attribute, text("v" + random.nextInt(60)));
            }
          }
          Stored next =
              new Stored(n + 1, subscriber(n).toBuilder().version(step).session(session).build());
          plain.put(name, next);
          index.put(next);
        }
        case 3 -> {
          Stored before = plain.get(name);
          SubscriberRecord base = (before == null ? stored(n, 1) : before).record();
          boolean advanced = index.advance(base, options("o" + step), step);
          assertThat(advanced).isEqualTo(before != null);
          if (before != null) {
            plain.put(name, new Stored(n + 1, base.withOptions(options("o" + step), step)));
          }
        }
        default -> {
          List<SessionKey> keys = new ArrayList<>();
          for (int i = random.nextInt(3); i >= 0; i--) {
            keys.add(
                SessionKey.of(
                    attributes[random.nextInt(attributes.length)], text("v" + random.nextInt(60))));
          }
          SessionQuery query = new SessionQuery(NAS, keys);
          assertThat(index.find(query, 1000).orElseThrow())
              .as("step %d", step)
              .containsExactlyInAnyOrderElementsOf(
                  plain.values().stream()
                      .map(Stored::record)
                      .filter(
                          r ->
                              keys.stream()
                                  .allMatch(
                                      k -> r.session().values(k.attribute()).contains(k.value())))
                      .toList());
        }
      }
      assertThat(index.get(name)).isEqualTo(Optional.ofNullable(plain.get(name)));
      assertThat(index.known(name))
          .isEqualTo(
              Optional.ofNullable(plain.get(name))
                  .map(there -> new MemoryIndex.Known(there.key(), there.record().version())));
    }
    assertThat(index.size()).isEqualTo(plain.size());
  }
}
