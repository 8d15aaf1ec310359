package io.coagateway.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** The known name that a mistyped one probably meant. */
final class NearestName {
  private NearestName() {}

  /** The nearest of {@code known}, when it is near enough to be worth saying. */
  static Optional<String> to(String typed, Collection<String> known) {
    String word = plain(typed);
    // two letters changed in a word of three make any other
    int limit = word.length() <= 3 ? 1 : Math.max(2, word.length() / 3);
    return known.stream()
        .filter(k -> distance(word, plain(k)) <= limit)
        .min(Comparator.comparingInt(k -> distance(word, plain(k))));
  }

  /** {@code Give} one of the names, the likely one first. */
  static String cure(String typed, Collection<String> known) {
    return to(typed, known)
        .map(near -> "Did you mean \"" + near + "\"?")
        .orElseGet(() -> known(known));
  }

  /** All of the names there are. */
  static String known(Collection<String> known) {
    return "Known here: " + String.join(", ", known.stream().sorted().toList()) + ".";
  }

  /** rateLimit, rate_limit and RATE-LIMIT are the same word to a person. */
  private static String plain(String name) {
    return name.replaceAll("([a-z])([A-Z])", "$1-$2").replace('_', '-').toLowerCase(Locale.ROOT);
  }

  /** How many letters must be changed, added or dropped (Levenshtein). */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int changed = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(changed, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
