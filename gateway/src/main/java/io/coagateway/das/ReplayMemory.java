package io.coagateway.das;

import static java.util.stream.Collectors.toSet;

import io.coagateway.wire.MalformedException;
import io.coagateway.wire.Octets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Which requests were executed and what was answered: the duplicate table of RFC 5176 section 2.3
 * and the replay protection of section 6.3, in memory of a fixed size.
 *
 * <p>RFC 5080 section 2.2.2 knows a duplicate by source address, source port, receiving socket and
 * Identifier together with an unchanged Request Authenticator. The Request Authenticator of a CoA
 * or Disconnect is the digest of all its octets and the secret, so an equal one means the same
 * Identifier and the same attributes, wherever it came from. Entries are therefore found by it
 * alone: this finds every duplicate of that rule, and also the captured request that is sent again
 * from another address or port, which the rule would let through. A request with the same key but
 * another authenticator is a new one; the older entry stays and still guards against its replay.
 *
 * <p>An entry lives until the later of its receipt and its Event-Timestamp, plus the window, and
 * always while its request is in progress. Receipt is counted in monotonic time and the
 * Event-Timestamp in wall-clock time, so a step of the wall clock forgets nothing early.
 *
 * <p>Entries stand in the order of receipt in a ring of fixed size. When it is full the oldest one
 * that is not in progress makes room, even if it would still live. Then the memory no longer
 * {@linkplain #reach reaches} a whole window back, and the newest Event-Timestamp so forgotten is
 * kept for each client: requests that are not newer than that cannot be told from replays and are
 * to be dropped ({@link #reachesBackTo}). Without Event-Timestamp a replay of what was forgotten
 * cannot be detected at all.
 *
 * <p>Answers stand in an {@link AnswerRing}; an entry whose answer was overwritten there still says
 * that its request was executed.
 *
 * <p>Not thread-safe: one event loop owns it.
 */
final class ReplayMemory {
  /** No such entry. */
  static final int NONE = -1;

  /** Stands for a request without Event-Timestamp. */
  static final long NO_TIMESTAMP = -1;

  /** Octets for stored answers, for each entry; a plain answer has 20 to 60. */
  private static final int ANSWER_OCTETS = 64;

  /**
   * What one entry costs: authenticator 16, origin 8, receipt 8, Event-Timestamp 4, client 2, state
   * 1, place of the answer 8, index 8, answer 64. Exact when the number of entries is a power of
   * two; the index is up to twice as large otherwise.
   */
  static final int OCTETS_PER_ENTRY = 16 + 8 + 8 + 4 + 2 + 1 + 8 + 8 + ANSWER_OCTETS;

  private static final long SECOND_NANOS = 1_000_000_000L;
  private static final int MAX_CLIENTS = 1 << 16;

  /** How many places are looked at for each request that comes, so that it keeps up. */
  private static final int FOR_EACH_ADDED = 2;

  /** How many are while none comes: a fraction of a millisecond. */
  private static final int AT_ONCE = 8192;

  /** What is known of one entry. */
  enum State {
    /** No answer yet. */
    IN_PROGRESS,
    /** Answered, and the answer is kept. */
    ANSWERED,
    /** Answered, and the answer is not kept any more. */
    ANSWER_GONE
  }

  private static final byte FREE = 0;
  private static final byte BUSY = 1;
  private static final byte DONE = 2;

  private final int capacity;
  private final long seed;
  private long windowNanos;
  private long windowSeconds;

  // The ring of entries: head is the oldest, used counts freed ones in the middle too.
  private final long[] authenticatorHigh;
  private final long[] authenticatorLow;
  private final long[] origin;
  private final long[] receiptNanos;
  private final int[] timestamp; // unsigned seconds; 0 without Event-Timestamp
  private final char[] client;
  private final byte[] state;
  private final long[] answerAt;
  private int head;
  private int used;
  private int live;
  private int inProgress;

  // Open addressing with linear probing: slot + 1, or 0.
  private final int[] index;
  private final int indexMask;

  private final AnswerRing answers;

  private final Map<String, Integer> clientNumbers = new HashMap<>();
  private long[] forgottenTimestamp = new long[16]; // for each client; NO_TIMESTAMP: none
  private boolean forgot;
  private long forgottenReceiptNanos;

  /**
   * @param capacity entries, at least 2
   * @param window how long an entry lives
   * @param seed makes the places in the index unpredictable
   */
  ReplayMemory(int capacity, Duration window, long seed) {
    this.capacity = capacity;
    this.seed = seed;
    this.windowNanos = window.toNanos();
    this.windowSeconds = window.toSeconds();
    authenticatorHigh = new long[capacity];
    authenticatorLow = new long[capacity];
    origin = new long[capacity];
    receiptNanos = new long[capacity];
    timestamp = new int[capacity];
    client = new char[capacity];
    state = new byte[capacity];
    answerAt = new long[capacity];
    index = new int[Integer.highestOneBit(Math.max(4, 2 * capacity - 1)) << 1];
    indexMask = index.length - 1;
    answers = new AnswerRing(Math.max(capacity * ANSWER_OCTETS, 2 * 4096));
    Arrays.fill(forgottenTimestamp, NO_TIMESTAMP);
  }

  /**
   * Changes the window, also of entries that are there. When it grows, what was forgotten as too
   * old would be new enough again, so it is known as forgotten from now on.
   */
  void setWindow(Duration window, long nowNanos, long wallSeconds) {
    if (window.toNanos() > windowNanos) {
      forgetUpTo(wallSeconds - windowSeconds, nowNanos - windowNanos);
    }
    windowNanos = window.toNanos();
    windowSeconds = window.toSeconds();
  }

  /** Requests of that time or before may have been executed without being remembered. */
  private void forgetUpTo(long eventTimestamp, long receipt) {
    for (int number : clientNumbers.values()) {
      forgottenTimestamp[number] = Math.max(forgottenTimestamp[number], eventTimestamp);
    }
    forgottenAt(receipt);
  }

  private void forgottenAt(long receipt) {
    if (!forgot || receipt - forgottenReceiptNanos > 0) {
      forgottenReceiptNanos = receipt;
    }
    forgot = true;
  }

  /** The number by which {@link #add} knows a client; the same name always gets the same one. */
  int clientNumber(String name) {
    int number =
        clientNumbers.computeIfAbsent(
            name, n -> Math.min(clientNumbers.size(), MAX_CLIENTS - 1)); // the last one is shared
    if (number >= forgottenTimestamp.length) {
      int before = forgottenTimestamp.length;
      forgottenTimestamp = Arrays.copyOf(forgottenTimestamp, Math.max(2 * before, number + 1));
      Arrays.fill(forgottenTimestamp, before, forgottenTimestamp.length, NO_TIMESTAMP);
    }
    return number;
  }

  /**
   * What was forgotten of one client may come again in the name of another, if the other has its
   * secret: because they share it, or because the other is that one, renamed.
   *
   * @param number of the other, from {@link #clientNumber}
   * @param others whether it may have the secret of the client of that name, of all that were ever
   *     there
   */
  void inherit(int number, Predicate<String> others) {
    clientNumbers.forEach(
        (name, one) -> {
          if (others.test(name)) {
            forgottenTimestamp[number] =
                Math.max(forgottenTimestamp[number], forgottenTimestamp[one]);
          }
        });
  }

  /**
   * The living entry of a request, valid until the next {@link #add}.
   *
   * @param high the first eight octets of its Request Authenticator
   * @param low the last eight
   * @param nowNanos monotonic time
   * @param wallSeconds seconds since 1970
   * @return the entry, or {@link #NONE}
   */
  int find(long high, long low, long nowNanos, long wallSeconds) {
    int slot = lookup(high, low);
    if (slot != NONE && isExpired(slot, nowNanos, wallSeconds)) {
      free(slot);
      return NONE;
    }
    return slot;
  }

  /** What is known of an entry. */
  State state(int slot) {
    if (state[slot] == BUSY) {
      return State.IN_PROGRESS;
    }
    return answers.holds(answerAt[slot]) ? State.ANSWERED : State.ANSWER_GONE;
  }

  /** Whether the request of an entry came from there, see {@link #add}. */
  boolean cameFrom(int slot, long otherOrigin) {
    return origin[slot] == otherOrigin;
  }

  /** The stored answer of an entry whose state is {@link State#ANSWERED}. */
  byte[] answer(int slot) {
    return answers.get(answerAt[slot]);
  }

  /**
   * Whether an unknown request of that age must be new. False when a request of the same client
   * with this or a newer Event-Timestamp was forgotten for lack of room: then it may be a replay.
   *
   * @param eventTimestamp seconds since 1970, or {@link #NO_TIMESTAMP}, which is always taken as
   *     new
   */
  boolean reachesBackTo(int clientNumber, long eventTimestamp) {
    return eventTimestamp == NO_TIMESTAMP || eventTimestamp > forgottenTimestamp[clientNumber];
  }

  /**
   * Remembers a request as in progress. It must not be known.
   *
   * @param high the first eight octets of its Request Authenticator
   * @param low the last eight
   * @param from a digest of source address, source port and receiving socket
   * @param clientNumber from {@link #clientNumber}
   * @param eventTimestamp seconds since 1970, or {@link #NO_TIMESTAMP}
   * @return the entry, which is this request's at least until it is answered; {@link #NONE} when
   *     more than half of the entries are in progress, which are never given up
   */
  int add(
      long high,
      long low,
      long from,
      int clientNumber,
      long eventTimestamp,
      long nowNanos,
      long wallSeconds) {
    if (inProgress > capacity / 2) {
      return NONE;
    }
    expire(FOR_EACH_ADDED, nowNanos, wallSeconds);
    if (used == capacity) {
      makeRoom(nowNanos, wallSeconds);
    }
    int slot = slotAt(used);
    used++;
    live++;
    inProgress++;
    authenticatorHigh[slot] = high;
    authenticatorLow[slot] = low;
    origin[slot] = from;
    client[slot] = (char) clientNumber;
    receiptNanos[slot] = nowNanos;
    timestamp[slot] = eventTimestamp == NO_TIMESTAMP ? 0 : (int) eventTimestamp;
    state[slot] = BUSY;
    int at = place(high, low);
    while (index[at] != 0) {
      at = at + 1 & indexMask;
    }
    index[at] = slot + 1;
    return slot;
  }

  /**
   * Stores the answer to a request that is in progress.
   *
   * @param slot the entry that {@link #add} gave
   * @param answer up to 4096 octets
   */
  void answered(int slot, byte[] answer) {
    if (state[slot] != BUSY) {
      throw new IllegalStateException("answered twice");
    }
    finish(slot, answers.put(answer));
  }

  private void finish(int slot, long placeOfAnswer) {
    state[slot] = DONE;
    inProgress--;
    answerAt[slot] = placeOfAnswer;
  }

  /** How many entries there are, those past their time that were not met yet included. */
  int size() {
    return live;
  }

  /** How many of them are in progress. */
  int inProgress() {
    return inProgress;
  }

  /** How far back everything is remembered: at most the window. */
  Duration reach(long nowNanos) {
    return Duration.ofNanos(
        forgot ? Math.min(windowNanos, nowNanos - forgottenReceiptNanos) : windowNanos);
  }

  private boolean isExpired(int slot, long nowNanos, long wallSeconds) {
    return state[slot] != BUSY
        && nowNanos - receiptNanos[slot] > windowNanos
        && wallSeconds > Integer.toUnsignedLong(timestamp[slot]) + windowSeconds;
  }

  /**
   * Takes those out that are past their time, while none comes to take their places; to be called
   * now and then.
   */
  void expire(long nowNanos, long wallSeconds) {
    expire(AT_ONCE, nowNanos, wallSeconds);
  }

  private void expire(int most, long nowNanos, long wallSeconds) {
    for (int i = 0; i < most && used > 0; i++) {
      if (state[head] != FREE) {
        if (!isExpired(head, nowNanos, wallSeconds)) {
          return;
        }
        free(head);
      }
      advance();
    }
  }

  /** Frees the oldest slot; entries in progress become the newest ones instead. */
  private void makeRoom(long nowNanos, long wallSeconds) {
    while (state[head] == BUSY) {
      head = head + 1 == capacity ? 0 : head + 1; // in a full ring the oldest slot is also the next
    }
    if (state[head] != FREE) {
      if (!isExpired(head, nowNanos, wallSeconds)) {
        forgottenAt(receiptNanos[head]);
        long eventTimestamp = Integer.toUnsignedLong(timestamp[head]);
        if (eventTimestamp != 0) {
          forgottenTimestamp[client[head]] =
              Math.max(forgottenTimestamp[client[head]], eventTimestamp);
        }
      }
      free(head);
    }
    advance();
  }

  private void advance() {
    head = head + 1 == capacity ? 0 : head + 1;
    used--;
  }

  private int slotAt(int position) {
    int slot = head + position;
    return slot >= capacity ? slot - capacity : slot;
  }

  private int lookup(long high, long low) {
    int at = place(high, low);
    while (index[at] != 0) {
      int slot = index[at] - 1;
      if (authenticatorLow[slot] == low && authenticatorHigh[slot] == high) {
        return slot;
      }
      at = at + 1 & indexMask;
    }
    return NONE;
  }

  private void free(int slot) {
    int at = place(authenticatorHigh[slot], authenticatorLow[slot]);
    while (index[at] != slot + 1) {
      at = at + 1 & indexMask;
    }
    // Close the gap: move back whatever would no longer be found across it.
    int gap = at;
    int next = gap + 1 & indexMask;
    while (index[next] != 0) {
      int other = index[next] - 1;
      int home = place(authenticatorHigh[other], authenticatorLow[other]);
      if ((next - home & indexMask) >= (next - gap & indexMask)) {
        index[gap] = index[next];
        gap = next;
      }
      next = next + 1 & indexMask;
    }
    index[gap] = 0;
    state[slot] = FREE;
    live--;
  }

  private int place(long high, long low) {
    long mixed = (high ^ seed) * 0x9e3779b97f4a7c15L ^ low; // Fibonacci hashing
    mixed *= 0xd6e8feb86659fd93L;
    return (int) (mixed >>> 32) & indexMask;
  }

  /**
   * Everything that was answered, for {@link #restore} in the next process. Requests in progress
   * are left out: nobody has heard of their end, so the next process executes a repetition anew.
   */
  Octets snapshot(long nowNanos, long wallSeconds) {
    List<Integer> kept = new ArrayList<>(live);
    for (int i = 0; i < used; i++) {
      int slot = slotAt(i);
      if (state[slot] == DONE && !isExpired(slot, nowNanos, wallSeconds)) {
        kept.add(slot);
      }
    }
    ReplaySnapshot.Writer out =
        new ReplaySnapshot.Writer(
            new ReplaySnapshot.Header(
                wallSeconds,
                windowSeconds,
                forgot ? Math.max(0, nowNanos - forgottenReceiptNanos) : ReplaySnapshot.NEVER,
                clients()),
            kept.size());
    for (int slot : kept) {
      out.entry(
          new ReplaySnapshot.Entry(
              authenticatorHigh[slot],
              authenticatorLow[slot],
              origin[slot],
              nowNanos - receiptNanos[slot],
              Integer.toUnsignedLong(timestamp[slot]),
              client[slot],
              state(slot) == State.ANSWERED ? Octets.wrap(answer(slot)) : Octets.EMPTY));
    }
    return out.toOctets();
  }

  /** By their numbers; where several share the last number, one of them. */
  private List<ReplaySnapshot.Client> clients() {
    String[] names = new String[Math.min(clientNumbers.size(), MAX_CLIENTS)];
    clientNumbers.forEach((name, number) -> names[number] = name);
    List<ReplaySnapshot.Client> clients = new ArrayList<>(names.length);
    for (int number = 0; number < names.length; number++) {
      clients.add(new ReplaySnapshot.Client(names[number], forgottenTimestamp[number]));
    }
    return clients;
  }

  /**
   * Takes over what {@link #snapshot} of an earlier process wrote, before anything else is added;
   * the newest entries when not all fit.
   *
   * @throws MalformedException when these are not the octets of a snapshot; then entries read
   *     before the defect are kept
   */
  void restore(Octets snapshot, long nowNanos, long wallSeconds) throws MalformedException {
    ReplaySnapshot.Reader in = new ReplaySnapshot.Reader(snapshot, windowSeconds);
    ReplaySnapshot.Header header = in.header();
    // How long the gateway was down; a wall clock that went back counts as no time.
    long down = Math.max(0, wallSeconds - header.wallSeconds()) * SECOND_NANOS;
    long written = nowNanos - down;
    if (header.forgottenAgeNanos() >= 0) {
      forgot = true;
      forgottenReceiptNanos = written - header.forgottenAgeNanos();
    }
    Set<String> configured = Set.copyOf(clientNumbers.keySet());
    List<Integer> numbers = new ArrayList<>();
    for (ReplaySnapshot.Client known : header.clients()) {
      int number = clientNumber(known.name());
      numbers.add(number);
      forgottenTimestamp[number] = Math.max(forgottenTimestamp[number], known.forgottenTimestamp());
    }
    Set<String> known = header.clients().stream().map(ReplaySnapshot.Client::name).collect(toSet());
    for (String name : configured) {
      if (!known.contains(name)) { // it may be one that is there no more, renamed
        inherit(clientNumber(name), other -> !configured.contains(other));
      }
    }
    long itsWindow = header.windowSeconds();
    if (itsWindow < windowSeconds) {
      forgetUpTo(header.wallSeconds() - itsWindow, written - itsWindow * SECOND_NANOS);
    }
    for (Optional<ReplaySnapshot.Entry> next = in.next(); next.isPresent(); next = in.next()) {
      ReplaySnapshot.Entry entry = next.get();
      takeOver(entry, numbers.get(entry.client()), written - entry.ageNanos());
    }
  }

  private void takeOver(ReplaySnapshot.Entry entry, int clientNumber, long receipt) {
    if (lookup(entry.high(), entry.low()) != NONE) {
      return;
    }
    int slot =
        add(
            entry.high(),
            entry.low(),
            entry.origin(),
            clientNumber,
            entry.eventTimestamp(),
            receipt,
            0);
    byte[] answer = entry.answer().toArray();
    finish(slot, answer.length == 0 ? AnswerRing.NOWHERE : answers.put(answer));
  }
}
