package io.coagateway.subscriber;

import io.coagateway.dhcpv6.OptionList;
import io.coagateway.wire.OctetWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Makes the octets of {@link RecordCodec} about half as long for keeping: what a record has in
 * common with others of its table stands in a dictionary made of some of them.
 *
 * <p>A few of the first records become the first dictionary. From time to time the newest ones are
 * tried as another one, which is kept when it serves them clearly better, a few times at most. A
 * record that is written again keeps its dictionary. A packed record begins with key, version and
 * first end as {@link RecordCodec} writes them, so these can be read without unpacking; then come
 * the dictionary's number (0: none), the lengths of all before the options, of the same packed and
 * of the options, and what these lengths are of.
 *
 * <p>Unpacking may be done by any thread at any time, packing by one at a time.
 */
final class PackedRecords {
  private static final int FIRST_DICTIONARY = 32; // records before the first one is tried

  private static final int SAMPLES = 16;
  private static final int LONGEST_SAMPLE = DictionaryCoder.MAX_DICTIONARY / SAMPLES;
  private static final int LATER_DICTIONARY = 8192; // and before each that is tried
  private static final int MAX_DICTIONARIES = 32;
  private static final int HEAD = 3; // numbers that are not packed
  private static final int MORE_NUMBERS = 30; // octets that a version and the four lengths may take
  private static final int FIRST_SCRATCH = 1024;
  private static final int LONGEST_KEPT = 1 << 16;

  private final byte[][] samples = new byte[SAMPLES][];
  private int period = FIRST_DICTIONARY;
  private int met; // records of this period
  private volatile List<DictionaryCoder> coders = List.of(); // number n stands at n - 1
  private byte[] scratch = new byte[FIRST_SCRATCH];

  /** Packs what {@link RecordCodec#encode} gave. */
  byte[] pack(byte[] plain) {
    sample(plain);
    return pack(plain, coders.size());
  }

  /** Packs another state of the record that was packed as {@code before}. */
  byte[] repack(byte[] plain, byte[] before) {
    int coder = (int) numberAt(before, headOf(before));
    return coder == 0 ? pack(plain) : pack(plain, coder);
  }

  /** The record that was packed as {@code before} with other options and another version. */
  byte[] withOptions(byte[] before, OptionList options, long version) {
    OctetWriter encoded = new OctetWriter(options.encodedLength());
    options.encodeTo(encoded);
    byte[] plain = encoded.toArray();
    int behindKey = behindNumber(before, 0);
    int behindVersion = behindNumber(before, behindKey);
    int behindHead = headOf(before);
    int behindCoder = behindNumber(before, behindHead);
    int behindLength = behindNumber(before, behindCoder);
    int behindPacked = behindNumber(before, behindLength);
    int packedLength = (int) numberAt(before, behindLength);
    int body = behindNumber(before, behindPacked);
    int coder = (int) numberAt(before, behindHead);
    if (plain.length > DictionaryCoder.MAX_LENGTH) {
      return packAnew(before, plain, behindKey, version);
    }
    makeRoom(body + packedLength + MORE_NUMBERS + DictionaryCoder.room(plain.length));
    System.arraycopy(before, 0, scratch, 0, behindKey);
    int at = number(version, behindKey);
    at = copy(before, behindVersion, behindPacked, at);
    at = number(plain.length, at);
    at = copy(before, body, body + packedLength, at);
    return packed(encode(coder, plain, 0, plain.length, at));
  }

  private byte[] packAnew(byte[] before, byte[] options, int behindKey, long version) {
    byte[] old = unpack(before);
    int middle = RecordCodec.optionsAt(old);
    OctetWriter out = new OctetWriter(old.length + options.length);
    out.octets(old, 0, behindKey);
    int at = number(version, 0);
    out.octets(scratch, 0, at);
    int behindVersion = behindNumber(old, behindKey);
    out.octets(old, behindVersion, middle - behindVersion);
    int optionsAt = out.length();
    return pack(out.octets(options, 0, options.length).u24(optionsAt).toArray(), 0);
  }

  private byte[] pack(byte[] plain, int wanted) {
    int head = headOf(plain);
    int options = RecordCodec.optionsAt(plain);
    int end = plain.length - RecordCodec.TRAILER;
    int coder = end - head > DictionaryCoder.MAX_LENGTH ? 0 : wanted;
    int room = DictionaryCoder.room(options - head);
    makeRoom(head + MORE_NUMBERS + 2 * room + DictionaryCoder.room(end - options));
    int bodyAt = head + MORE_NUMBERS + room; // there, until its length is known
    int bodyEnd = encode(coder, plain, head, options, bodyAt);
    int at = copy(plain, 0, head, 0);
    at = number(coder, at);
    at = number(options - head, at);
    at = number(bodyEnd - bodyAt, at);
    at = number(end - options, at);
    at = copy(scratch, bodyAt, bodyEnd, at);
    return packed(encode(coder, plain, options, end, at));
  }

  private void makeRoom(int octets) {
    if (scratch.length < octets) {
      scratch = new byte[octets];
    }
  }

  private int encode(int coder, byte[] in, int from, int to, int at) {
    return coder == 0
        ? copy(in, from, to, at)
        : coders.get(coder - 1).encode(in, from, to, scratch, at);
  }

  private int copy(byte[] in, int from, int to, int at) {
    System.arraycopy(in, from, scratch, at, to - from);
    return at + to - from;
  }

  private int number(long value, int from) {
    int at = from;
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      scratch[at++] = (byte) ((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    scratch[at++] = (byte) rest;
    return at;
  }

  private byte[] packed(int length) {
    byte[] packed = Arrays.copyOf(scratch, length);
    if (scratch.length > LONGEST_KEPT) {
      scratch = new byte[FIRST_SCRATCH]; // one large record shall not stay here for ever
    }
    return packed;
  }

  /** Takes samples from all over a period, for neighbours are too much alike. */
  private void sample(byte[] plain) {
    int stride = period / SAMPLES;
    if (met % stride == 0) {
      int from = headOf(plain);
      int length = Math.min(plain.length - RecordCodec.TRAILER - from, LONGEST_SAMPLE);
      samples[met / stride] = Arrays.copyOfRange(plain, from, from + length);
    }
    met++;
    if (met == period) {
      learn();
      met = 0;
      period = LATER_DICTIONARY;
    }
  }

  /** Makes a dictionary of the samples when half of them tell that it would serve the others. */
  private void learn() {
    List<DictionaryCoder> known = coders;
    if (known.size() == MAX_DICTIONARIES) {
      return;
    }
    int half = SAMPLES / 2;
    DictionaryCoder trial = new DictionaryCoder(dictionary(half));
    int now = 0;
    int then = 0;
    for (int i = half; i < SAMPLES; i++) {
      byte[] sample = samples[i];
      byte[] out = new byte[DictionaryCoder.room(sample.length)];
      now +=
          known.isEmpty()
              ? sample.length
              : known.get(known.size() - 1).encode(sample, 0, sample.length, out, 0);
      then += trial.encode(sample, 0, sample.length, out, 0);
    }
    if (then * 5 < now * 4) {
      List<DictionaryCoder> more = new ArrayList<>(known);
      more.add(new DictionaryCoder(dictionary(SAMPLES)));
      coders = List.copyOf(more);
    }
  }

  private byte[] dictionary(int count) {
    OctetWriter out = new OctetWriter(count * 256);
    for (int i = 0; i < count; i++) {
      out.octets(samples[i], 0, samples[i].length);
    }
    return out.toArray();
  }

  /** How many dictionaries there are. */
  int dictionaries() {
    return coders.size();
  }

  /** The octets that were packed. */
  byte[] unpack(byte[] packed) {
    return unpack(packed, Integer.MAX_VALUE);
  }

  /**
   * The same, or as many of the first of them as {@code enough} when that is fewer.
   *
   * @param enough octets behind the head
   */
  byte[] unpack(byte[] packed, int enough) {
    int head = headOf(packed);
    int coder = (int) numberAt(packed, head);
    int at = behindNumber(packed, head);
    int body = (int) numberAt(packed, at);
    at = behindNumber(packed, behindNumber(packed, at));
    int options = (int) numberAt(packed, at);
    at = behindNumber(packed, at);
    boolean whole = enough >= body + options;
    int end = head + (whole ? body + options : Math.min(body, enough));
    byte[] plain = new byte[whole ? end + RecordCodec.TRAILER : end];
    System.arraycopy(packed, 0, plain, 0, head);
    if (coder == 0) {
      System.arraycopy(packed, at, plain, head, end - head);
    } else {
      DictionaryCoder decoder = coders.get(coder - 1);
      at = decoder.decode(packed, at, plain, head, Math.min(end, head + body));
      if (whole) {
        decoder.decode(packed, at, plain, head + body, end);
      }
    }
    if (whole) {
      RecordCodec.putOptionsAt(plain, head + body);
    }
    return plain;
  }

  private static int headOf(byte[] octets) {
    int at = 0;
    for (int i = 0; i < HEAD; i++) {
      at = behindNumber(octets, at);
    }
    return at;
  }

  private static long numberAt(byte[] octets, int from) {
    long value = octets[from] & 0x7f;
    int at = from;
    for (int shift = 7; octets[at] < 0; shift += 7) {
      at++;
      value |= (octets[at] & 0x7fL) << shift;
    }
    return value;
  }

  private static int behindNumber(byte[] octets, int from) {
    int at = from;
    while (octets[at] < 0) {
      at++;
    }
    return at + 1;
  }
}
