package io.coagateway.subscriber;

import io.coagateway.dhcpv6.Duid;
import io.coagateway.radius.AttributeId;
import io.coagateway.radius.IdentificationValue;
import io.coagateway.wire.Octets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * The numbers by which a {@link KeyTable} knows what records are found by: their names, clients and
 * attributes. They are others in each process, so that nobody can choose keys that share one.
 */
final class KeyHash {
  private static final long SEED = new SplittableRandom().nextLong();
  private static final long DUID_KIND = 1L << 40; // attributes have 32 bits, ids are mixed
  private static final long CLIENT_KEY_KINDS = 1L << 41;

  private KeyHash() {}

  /**
   * The numbers of all that a record is found by, its name excepted; sorted, each once.
   *
   * @param clientKeys whether it is found by its {@link ClientKey}s too
   */
  static long[] ofAll(SubscriberRecord record, boolean clientKeys) {
    long[] hashes = new long[8];
    int count = 0;
    hashes[count++] = of(record.duid());
    for (Map.Entry<AttributeId, List<Octets>> one : record.session().asMap().entrySet()) {
      for (Octets value : one.getValue()) {
        if (count == hashes.length) {
          hashes = Arrays.copyOf(hashes, count * 2);
        }
        AttributeId attribute = one.getKey();
        hashes[count++] = of(attribute, IdentificationValue.normalize(attribute, value));
      }
    }
    if (clientKeys) {
      for (ClientKey key : ClientKey.of(record)) {
        if (count == hashes.length) {
          hashes = Arrays.copyOf(hashes, count * 2);
        }
        hashes[count++] = of(key);
      }
    }
    Arrays.sort(hashes, 0, count);
    int distinct = 0;
    for (int i = 0; i < count; i++) {
      if (i == 0 || hashes[i] != hashes[i - 1]) {
        hashes[distinct++] = hashes[i];
      }
    }
    return Arrays.copyOf(hashes, distinct);
  }

  static long of(RecordKey name) {
    return of(mix(name.nas().hashCode()), Octets.ofUtf8(name.id()));
  }

  static long of(ClientKey key) {
    return of(CLIENT_KEY_KINDS + key.kind().code(), key.value());
  }

  static long of(Duid client) {
    return of(DUID_KIND, client.octets());
  }

  static long of(AttributeId attribute, Octets value) {
    return of(attribute.hashCode(), value);
  }

  private static long of(long kind, Octets value) {
    long hash = mix(SEED + kind);
    int at = 0;
    for (; at + 4 <= value.length(); at += 4) {
      hash = mix(hash + value.u32(at));
    }
    for (; at < value.length(); at++) {
      hash = mix(hash + value.u8(at) + 0x100);
    }
    return mix(hash + value.length());
  }

  /** Spreads every bit over all (the finalizer of SplitMix64). */
  static long mix(long value) {
    long z = value + 0x9e37_79b9_7f4a_7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58_476d_1ce4_e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d0_49bb_1331_11ebL;
    return z ^ (z >>> 31);
  }
}
