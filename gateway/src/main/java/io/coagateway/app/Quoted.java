package io.coagateway.app;

/** Text that others chose, fit to stand between quotes in a log line: it cannot end either. */
final class Quoted {
  private Quoted() {}

  /** With quotes and backslashes escaped, and a question mark for each control character. */
  static String text(String chosenByOthers) {
    StringBuilder line = new StringBuilder(chosenByOthers.length() + 8);
    append(line, chosenByOthers);
    return line.toString();
  }

  /** The same, at the end of a line that is being made. */
  static void append(StringBuilder line, String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        line.append('\\').append(c);
      } else if (c < ' ' || c == 0x7f) {
        line.append('?');
      } else {
        line.append(c);
      }
    }
  }
}
