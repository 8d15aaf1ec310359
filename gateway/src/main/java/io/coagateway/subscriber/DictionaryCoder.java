package io.coagateway.subscriber;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Shortens short octet strings that are alike (LZ77 with a preset dictionary): what a string shares
 * with the dictionary, or with its own beginning, is named instead of repeated.
 *
 * <p>The records of one table have the same build, so a string mostly runs beside one sample in the
 * dictionary and differs from it in a few digits here and there. A match that goes on where the
 * sample stands after the last one therefore costs a single octet.
 *
 * <p>A coded string is a sequence of
 *
 * <ul>
 *   <li>0 to 63: that many octets plus one follow as they are;
 *   <li>64 to 191: 2 to 129 octets of the dictionary, beside the place of the last match in it;
 *   <li>192 to 255: 4 to 67 octets from the place that the next two octets name, in the dictionary
 *       or, behind its end, in the string itself.
 * </ul>
 *
 * <p>Decoding may be done by any thread at any time, encoding by one at a time.
 */
final class DictionaryCoder {
  /** The longest string that can be coded, in octets; what follows would have no address. */
  static final int MAX_LENGTH = 32_768;

  /** The longest dictionary, in octets. */
  static final int MAX_DICTIONARY = 16_384;

  private static final int BESIDE = 64;
  private static final int ELSEWHERE = 192;
  private static final int MAX_LITERALS = BESIDE;
  private static final int MIN_BESIDE = 2;
  private static final int MAX_BESIDE = ELSEWHERE - BESIDE + MIN_BESIDE - 1;
  private static final int MIN_ELSEWHERE = 4;
  private static final int MAX_ELSEWHERE = 256 - ELSEWHERE + MIN_ELSEWHERE - 1;
  private static final int WORTH_A_PLACE = 5; // three octets for fewer save nothing
  private static final int TABLE_BITS = 12;
  private static final int OWN_BITS = 9;
  private static final int MAX_STAMP = 1 << 16;

  private static final VarHandle FOUR =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  private final byte[] dictionary;
  private final char[] places = new char[1 << TABLE_BITS]; // place + 1 of four octets, or 0

  // The same for the string being coded; an entry of an earlier string has another stamp.
  private final int[] ownPlaces = new int[1 << OWN_BITS];
  private int stamp;

  /**
   * @param dictionary up to {@link #MAX_DICTIONARY} octets
   */
  DictionaryCoder(byte[] dictionary) {
    if (dictionary.length > MAX_DICTIONARY) {
      throw new IllegalArgumentException("a dictionary of " + dictionary.length + " octets");
    }
    this.dictionary = dictionary;
    for (int at = 0; at + 4 <= dictionary.length; at++) {
      places[hash(dictionary, at) >>> (32 - TABLE_BITS)] = (char) (at + 1);
    }
  }

  /** How much room coding {@code length} octets takes at most. */
  static int room(int length) {
    return length + length / MAX_LITERALS + 1;
  }

  private static int hash(byte[] octets, int at) {
    return (int) FOUR.get(octets, at) * 0x9e37_79b1;
  }

  /**
   * Codes {@code in} from {@code from} to {@code to}, at most {@link #MAX_LENGTH} octets.
   *
   * @param out has {@link #room} behind {@code at}
   * @return where the coded string ends
   */
  int encode(byte[] in, int from, int to, byte[] out, int at) {
    nextStamp();
    int end = at;
    int literals = from;
    int beside = 0;
    int i = from;
    while (i < to) {
      int same = Math.min(MAX_BESIDE, dictionaryMatch(in, i, to, i - from + beside));
      int best = 0;
      int place = 0;
      if (i + 4 <= to) {
        int hash = hash(in, i);
        int known = places[hash >>> (32 - TABLE_BITS)] - 1;
        if (known >= 0) {
          best = dictionaryMatch(in, i, to, known);
          place = known;
        }
        int own = ownPlaces[hash >>> (32 - OWN_BITS)];
        if (own >>> 16 == stamp) {
          int ownMatch = match(in, from + (own & 0xffff), in, i, to, to);
          if (ownMatch > best) {
            best = ownMatch;
            place = dictionary.length + (own & 0xffff);
          }
        }
        best = Math.min(best, MAX_ELSEWHERE);
      }
      int taken;
      if (same >= (literals == i ? MIN_BESIDE : MIN_BESIDE + 1) && same + 2 >= best) {
        end = literals(in, literals, i, out, end);
        out[end++] = (byte) (BESIDE + same - MIN_BESIDE);
        taken = same;
      } else if (best >= WORTH_A_PLACE) {
        end = literals(in, literals, i, out, end);
        out[end++] = (byte) (ELSEWHERE + best - MIN_ELSEWHERE);
        out[end++] = (byte) (place >> 8);
        out[end++] = (byte) place;
        if (place < dictionary.length) {
          beside = place - (i - from);
        }
        taken = best;
      } else {
        remember(in, i, i + 1, from, to);
        i++;
        continue;
      }
      remember(in, i, i + taken, from, to);
      i += taken;
      literals = i;
    }
    return literals(in, literals, to, out, end);
  }

  private void nextStamp() {
    stamp++;
    if (stamp == MAX_STAMP) {
      Arrays.fill(ownPlaces, 0);
      stamp = 1;
    }
  }

  private void remember(byte[] in, int first, int last, int from, int to) {
    for (int i = first; i < last && i + 4 <= to; i++) {
      ownPlaces[hash(in, i) >>> (32 - OWN_BITS)] = (stamp << 16) | (i - from);
    }
  }

  private int dictionaryMatch(byte[] in, int i, int to, int place) {
    return place < 0 || place >= dictionary.length
        ? 0
        : match(dictionary, place, in, i, to, dictionary.length);
  }

  /** How many octets of {@code a} from {@code at} before {@code end} are those of {@code in}. */
  private static int match(byte[] a, int at, byte[] in, int i, int to, int end) {
    int longest = Math.min(end - at, to - i);
    int n = 0;
    while (n < longest && a[at + n] == in[i + n]) {
      n++;
    }
    return n;
  }

  private static int literals(byte[] in, int first, int last, byte[] out, int at) {
    int end = at;
    for (int i = first; i < last; i += MAX_LITERALS) {
      int count = Math.min(MAX_LITERALS, last - i);
      out[end++] = (byte) (count - 1);
      System.arraycopy(in, i, out, end, count);
      end += count;
    }
    return end;
  }

  /**
   * Decodes what stands from {@code from} on until {@code out} is full from {@code start} to {@code
   * end}: the whole string or a beginning of it.
   *
   * @return where a whole string ended
   */
  int decode(byte[] in, int from, byte[] out, int start, int end) {
    int at = from;
    int to = start;
    int beside = 0;
    while (to < end) {
      int token = in[at++] & 0xff;
      int room = end - to;
      if (token < BESIDE) {
        System.arraycopy(in, at, out, to, Math.min(token + 1, room));
        at += token + 1;
        to += token + 1;
        continue;
      }
      int length = token - BESIDE + MIN_BESIDE;
      int place = to - start + beside;
      if (token >= ELSEWHERE) {
        length = token - ELSEWHERE + MIN_ELSEWHERE;
        place = ((in[at] & 0xff) << 8) | (in[at + 1] & 0xff);
        at += 2;
      }
      if (place < dictionary.length) {
        beside = place - (to - start);
        System.arraycopy(dictionary, place, out, to, Math.min(length, room));
      } else {
        int source = start + place - dictionary.length;
        for (int i = 0; i < Math.min(length, room); i++) {
          out[to + i] = out[source + i]; // one by one: a match may run into itself
        }
      }
      to += length;
    }
    return at;
  }
}
