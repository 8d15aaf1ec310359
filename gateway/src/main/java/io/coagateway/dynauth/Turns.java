package io.coagateway.dynauth;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Who is at work on which subscriber, and who waits for whom: a later request never overtakes an
 * earlier one for the same subscriber.
 *
 * <p>A request takes its place in the lines of all its subscribers in one step, and is at work once
 * it stands first in each. Since places are taken in one step on one thread, two requests can never
 * wait for each other.
 *
 * @param <S> what names a subscriber
 * @param <O> who stands in line
 */
final class Turns<S, O extends Turns.Owner> {
  /** Who stands in line. */
  interface Owner {
    /** It is this owner's turn: it stands first in all its lines. Called once for each place. */
    void onTurn();
  }

  /** A place in the lines of some subscribers. */
  final class Place {
    private final List<S> subscribers;
    private final O owner;
    private int behind;
    private boolean left;

    private Place(List<S> subscribers, O owner) {
      this.subscribers = subscribers;
      this.owner = owner;
    }

    /** The subscribers whose lines this place is in. */
    List<S> subscribers() {
      return subscribers;
    }

    /** Whether it is this place's turn. */
    boolean isFirst() {
      return behind == 0 && !left;
    }

    /** Leaves all lines; whoever comes next gets the turn. Leaving twice is harmless. */
    void leave() {
      if (left) {
        return;
      }
      left = true;
      List<Place> called = new ArrayList<>(1);
      for (S subscriber : subscribers) {
        Deque<Place> line = lines.get(subscriber);
        boolean wasFirst = line.peekFirst() == this;
        line.remove(this);
        if (line.isEmpty()) {
          lines.remove(subscriber);
        } else if (wasFirst) {
          Place next = line.peekFirst();
          next.behind--;
          if (next.behind == 0) {
            called.add(next);
          }
        }
      }
      for (Place place : called) {
        if (place.isFirst()) {
          place.owner.onTurn();
        }
      }
    }
  }

  private final Map<S, Deque<Place>> lines = new HashMap<>();

  /**
   * Takes a place in the lines of all {@code subscribers}. When it is first in all of them at once,
   * {@link Owner#onTurn} is not called: look at {@link Place#isFirst}.
   */
  Place take(List<S> subscribers, O owner) {
    Place place = new Place(List.copyOf(subscribers), owner);
    for (S subscriber : place.subscribers) {
      Deque<Place> line = lines.computeIfAbsent(subscriber, s -> new ArrayDeque<>(2));
      line.addLast(place);
      if (line.peekFirst() != place) {
        place.behind++;
      }
    }
    return place;
  }

  /** All who stand in the line of one of {@code subscribers}, each once, front first. */
  List<O> inLine(List<S> subscribers) {
    List<O> owners = new ArrayList<>(2);
    for (S subscriber : subscribers) {
      Deque<Place> line = lines.get(subscriber);
      if (line != null) {
        for (Place place : line) {
          if (!owners.contains(place.owner)) {
            owners.add(place.owner);
          }
        }
      }
    }
    return owners;
  }

  /** Who stands last in the line of each of {@code subscribers}, or null when no one does. */
  O last(List<S> subscribers) {
    O last = null;
    for (S subscriber : subscribers) {
      Deque<Place> line = lines.get(subscriber);
      O here = line == null ? null : line.peekLast().owner;
      if (here == null || (last != null && here != last)) {
        return null;
      }
      last = here;
    }
    return last;
  }

  /** Those whose turn it is, each once. */
  Set<O> atWork() {
    Set<O> first = new LinkedHashSet<>();
    for (Deque<Place> line : lines.values()) {
      if (line.peekFirst().isFirst()) {
        first.add(line.peekFirst().owner);
      }
    }
    return first;
  }

  /** How many subscribers have a line. */
  int size() {
    return lines.size();
  }
}
