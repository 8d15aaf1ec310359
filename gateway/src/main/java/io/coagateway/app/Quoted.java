package io.coagateway.app;

/** Text that others chose, fit to stand in a log line or between quotes in it: it ends neither. */
final class Quoted {
  private Quoted() {}

  /**
   * With quotes and backslashes escaped, and a question mark for what ends a line or steers a
   * terminal.
   */
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
      } else if (Character.isISOControl(c) || c == '\u2028' || c == '\u2029') {
        line.append('?');
      } else {
        line.append(c);
      }
    }
  }
}
