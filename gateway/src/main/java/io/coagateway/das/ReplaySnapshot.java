package io.coagateway.das;

import io.coagateway.wire.MalformedException;
import io.coagateway.wire.OctetReader;
import io.coagateway.wire.OctetWriter;
import io.coagateway.wire.Octets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What {@link ReplayMemory} leaves to the next process, in octets. Integers are in network byte
 * order.
 *
 * <pre>
 *   u8   version, 2
 *   u64  when it was written, seconds since 1970
 *   u32  window, seconds; not in version 1
 *   u64  how long ago the newest entry that was forgotten was received, nanoseconds; -1: none was
 *   u32  number of clients; for each:
 *        u16  length of its name, octets
 *             its name, UTF-8
 *        u64  newest Event-Timestamp that was forgotten, seconds since 1970; -1: none was
 *   u32  number of entries, oldest first; for each:
 *        u64  first half of the key, from the Request Authenticator
 *        u64  second half
 *        u64  origin, a digest
 *        u64  how long ago it was received, nanoseconds
 *        u32  Event-Timestamp, seconds since 1970; 0: it had none
 *        u16  which of the clients above, from 0
 *        u16  length of the answer, 0 to 4096; 0: it is not kept
 *             the answer
 * </pre>
 *
 * Entries pass one by one, so that nobody holds all of them twice.
 */
final class ReplaySnapshot {
  /** Stands for: nothing was forgotten. */
  static final long NEVER = -1;

  private static final int VERSION = 2;
  private static final int WITHOUT_WINDOW = 1;
  private static final int ENTRY_OCTETS = 8 + 8 + 8 + 8 + 4 + 2 + 2;
  private static final int USUAL_ANSWER = 64;
  private static final int LONGEST_ANSWER = 4096; // RFC 2865 section 3

  private ReplaySnapshot() {}

  /**
   * What stands before the entries.
   *
   * @param wallSeconds when it was written, seconds since 1970
   * @param windowSeconds the window of that time
   * @param forgottenAgeNanos how long before that the newest forgotten entry was received, or
   *     {@link #NEVER}
   * @param clients by the numbers that the entries have
   */
  record Header(
      long wallSeconds, long windowSeconds, long forgottenAgeNanos, List<Client> clients) {
    Header {
      clients = List.copyOf(clients);
    }
  }

  /**
   * One client.
   *
   * @param name as configured
   * @param forgottenTimestamp the newest Event-Timestamp of what was forgotten of it, seconds since
   *     1970, or {@link ReplayMemory#NO_TIMESTAMP}
   */
  record Client(String name, long forgottenTimestamp) {}

  /**
   * One request that was executed.
   *
   * @param high the first half of its key
   * @param low the second half
   * @param origin where it came from, a digest
   * @param ageNanos how long before the snapshot it was received
   * @param eventTimestamp seconds since 1970, 0 to 4294967295; 0 when it had none
   * @param client its place in {@link Header#clients}
   * @param answer up to 4096 octets; none when it is not kept
   */
  record Entry(
      long high,
      long low,
      long origin,
      long ageNanos,
      long eventTimestamp,
      int client,
      Octets answer) {}

  /** Writes one snapshot from front to back. */
  static final class Writer {
    private final OctetWriter out;

    /**
     * @param entries how many times {@link #entry} will be called
     */
    Writer(Header header, int entries) {
      out = new OctetWriter(64 + entries * (ENTRY_OCTETS + USUAL_ANSWER));
      out.u8(VERSION).u64(header.wallSeconds()).u32(header.windowSeconds());
      out.u64(header.forgottenAgeNanos());
      out.u32(header.clients().size());
      for (Client client : header.clients()) {
        Octets name = Octets.ofUtf8(client.name());
        out.u16(name.length()).octets(name).u64(client.forgottenTimestamp());
      }
      out.u32(entries);
    }

    /** The next entry; a newer one than those before. */
    void entry(Entry entry) {
      out.u64(entry.high()).u64(entry.low()).u64(entry.origin());
      out.u64(entry.ageNanos()).u32(entry.eventTimestamp()).u16(entry.client());
      out.u16(entry.answer().length()).octets(entry.answer());
    }

    Octets toOctets() {
      return out.toOctets();
    }
  }

  /** Reads one snapshot from front to back; whatever the octets are, it fails in one way only. */
  static final class Reader {
    private final OctetReader in;
    private final Header header;
    private long left;

    /**
     * Reads what stands before the entries.
     *
     * @param windowSeconds the window that a snapshot of version 1, which does not say, is taken to
     *     have had
     * @throws MalformedException when it is not that, naming the field
     */
    Reader(Octets snapshot, long windowSeconds) throws MalformedException {
      in = snapshot.reader();
      int version = in.u8("version");
      if (version != VERSION && version != WITHOUT_WINDOW) {
        throw in.malformed("snapshot version " + version + " is not " + VERSION);
      }
      long written = u64("wall clock");
      long itsWindow = version == WITHOUT_WINDOW ? windowSeconds : in.u32("window");
      header = new Header(written, itsWindow, u64("reach"), clients());
      left = in.u32("entries");
    }

    private List<Client> clients() throws MalformedException {
      long count = in.u32("clients");
      List<Client> clients = new ArrayList<>();
      for (long i = 0; i < count; i++) {
        String name = in.octets(in.u16("name length"), "name").toUtf8();
        clients.add(new Client(name, u64("forgotten Event-Timestamp")));
      }
      return clients;
    }

    Header header() {
      return header;
    }

    /**
     * The next entry; its answer shares the snapshot's octets.
     *
     * @return empty behind the last one, which ends the snapshot
     * @throws MalformedException when it is none, naming the field
     */
    Optional<Entry> next() throws MalformedException {
      if (left == 0) {
        in.end("snapshot");
        return Optional.empty();
      }
      left--;
      long high = u64("authenticator");
      long low = u64("authenticator");
      long origin = u64("origin");
      long age = u64("age");
      long eventTimestamp = in.u32("Event-Timestamp");
      int client = in.u16("client");
      if (client >= header.clients().size()) {
        throw in.malformed("client " + client + " is not below " + header.clients().size());
      }
      int length = in.u16("answer length");
      if (length > LONGEST_ANSWER) {
        throw in.malformed("answer of " + length + " octets");
      }
      Octets answer = in.octets(length, "answer");
      return Optional.of(new Entry(high, low, origin, age, eventTimestamp, client, answer));
    }

    private long u64(String field) throws MalformedException {
      return in.u32(field) << 32 | in.u32(field);
    }
  }
}
