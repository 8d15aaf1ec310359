package io.coagateway.config;

import java.util.List;

/** A piece of a YAML file that knows its line. */
sealed interface Node {
  /** Which of the shapes this is. */
  enum Kind {
    SCALAR("a single value"),
    SEQUENCE("a list"),
    MAPPING("a group of keys"),
    NOTHING("empty");

    private final String inWords;

    Kind(String inWords) {
      this.inWords = inWords;
    }

    String inWords() {
      return inWords;
    }
  }

  Kind kind();

  /** The line it starts on, from 1. */
  int line();

  /** A single value as written, quotes taken off. */
  record Scalar(String text, int line) implements Node {
    @Override
    public Kind kind() {
      return Kind.SCALAR;
    }
  }

  /** A list. */
  record Sequence(List<Node> items, int line) implements Node {
    public Sequence {
      items = List.copyOf(items);
    }

    @Override
    public Kind kind() {
      return Kind.SEQUENCE;
    }
  }

  /** Keys with values, in the order of the file, no key twice. */
  record Mapping(List<Entry> entries, int line) implements Node {
    public Mapping {
      entries = List.copyOf(entries);
    }

    @Override
    public Kind kind() {
      return Kind.MAPPING;
    }
  }

  /** A key whose value was left out ({@code key:}), or a file without content. */
  record Nothing(int line) implements Node {
    @Override
    public Kind kind() {
      return Kind.NOTHING;
    }
  }

  /**
   * One key and its value.
   *
   * @param line the key's
   * @param inBraces whether it stands between braces, where a comma ends a value
   */
  record Entry(String key, int line, Node value, boolean inBraces) {}
}
