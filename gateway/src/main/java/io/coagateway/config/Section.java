package io.coagateway.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * One group of keys of the file. A reader asks for each of its keys once, with the form of the
 * value and the default; whatever is wrong goes to the {@link Findings}, and reading goes on, so
 * that one run finds everything. {@link #end} reports the keys that nobody asked for.
 *
 * <p>A value that is wrong reads like one that was left out: the result of such a run is never
 * used, only its findings.
 */
final class Section {
  /** What ends a key, or was meant to. */
  private static final Pattern SEPARATOR = Pattern.compile("(?<=.)[:=\\s]");

  private final Source source;
  private final String path;
  private final int line;
  private final Map<String, Node.Entry> entries = new LinkedHashMap<>();
  private final Set<String> asked = new LinkedHashSet<>();
  private final Set<String> wrong = new LinkedHashSet<>();

  /** What all sections of one file share. */
  record Source(Findings findings, Expansion expansion) {}

  Section(Source source, String path, Node.Mapping mapping) {
    this.source = source;
    this.path = path;
    this.line = mapping.line();
    mapping.entries().forEach(e -> entries.put(e.key(), e));
  }

  /** The path of {@code key} under {@code path}. */
  static String join(String path, String key) {
    String word = Shown.key(key);
    return path.isEmpty() ? word : path + "." + word;
  }

  String path() {
    return path;
  }

  /** Resolves relative paths against the directory of the file. */
  Expansion expansion() {
    return source.expansion();
  }

  /** Whether the file has this key, with or without a usable value. */
  boolean has(String key) {
    return entries.containsKey(key);
  }

  /** A value with a default, which is shown as the form prints it. */
  <T> T value(String key, Form<T> form, T byDefault) {
    return scalar(key, form, form.print(byDefault)).orElse(byDefault);
  }

  /** A value that may be left out. */
  <T> Optional<T> optional(String key, Form<T> form) {
    return scalar(key, form, "");
  }

  /** A value that must be there; empty when it is missing or wrong, which is then a problem. */
  <T> Optional<T> required(String key, Form<T> form, String cure) {
    if (!has(key)) {
      asked.add(key);
      missing(key, cure);
      return Optional.empty();
    }
    return scalar(key, form, "");
  }

  /** A value that is never shown, neither in findings nor among the settings. */
  <T> Optional<T> secret(String key, Form<T> form) {
    asked.add(key);
    Node.Entry entry = entries.get(key);
    if (entry == null) {
      return Optional.empty();
    }
    Optional<T> value = secretItem(entry.value(), join(path, key), form);
    if (value.isEmpty()) {
      wrong.add(key);
    }
    return value;
  }

  /** A list of values that are never shown. */
  <T> List<T> secrets(String key, Form<T> form) {
    List<T> out = new ArrayList<>();
    for (Item item : items(key)) {
      secretItem(item.node(), item.path(), form).ifPresent(out::add);
    }
    return out;
  }

  private <T> Optional<T> secretItem(Node node, String at, Form<T> form) {
    if (!(node instanceof Node.Scalar scalar)) {
      source.findings().problem(node.line(), at, shapeMessage(node, Node.Kind.SCALAR));
      return Optional.empty();
    }
    try {
      String text = expanded(scalar, at);
      T value = form.read(text);
      warnOfControls(text, scalar.line(), at);
      source.findings().setting(at, "(hidden)", Setting.Origin.FILE);
      return Optional.of(value);
    } catch (BadValue e) {
      // the name of a variable or file is no secret, and its message needs no value
      source.findings().problem(node.line(), at, "This secret " + e.getMessage());
      return Optional.empty();
    }
  }

  /** The other side may have such a secret, but more likely an editor or YAML has put it there. */
  private void warnOfControls(String secret, int line, String at) {
    if (secret.endsWith("\n") || secret.endsWith("\r")) {
      source
          .findings()
          .warning(
              line,
              at,
              "This secret has a line end behind it, which is part of it. Write |- for |, or the"
                  + " value in one line, unless the other side has it too.");
    } else if (secret.chars().anyMatch(Character::isISOControl)) {
      source
          .findings()
          .warning(
              line,
              at,
              "This secret has a control character in it, like a tab, a line end or a NUL. Take it"
                  + " out, unless the other side has it too.");
    }
  }

  /** A list of values. A wrong item is reported and left out. */
  <T> List<T> list(String key, Form<T> form, List<T> byDefault) {
    if (!has(key)) {
      asked.add(key);
      byDefault(key, "[" + String.join(", ", byDefault.stream().map(form::print).toList()) + "]");
      return byDefault;
    }
    List<T> out = new ArrayList<>();
    for (Item item : items(key)) {
      Optional<T> value = scalar(item.node(), item.path(), form);
      if (value.isPresent()) {
        out.add(value.get());
      } else {
        wrong.add(key);
      }
    }
    return out;
  }

  /** A group of keys; left out, it is read as if it were empty, so that its defaults apply. */
  <T> T section(String key, Function<Section, T> reader) {
    asked.add(key);
    Node.Entry entry = entries.get(key);
    Node node = entry == null ? new Node.Mapping(List.of(), line) : entry.value();
    return group(node, join(path, key), reader);
  }

  /** A group of keys that means nothing when left out. */
  <T> Optional<T> optionalSection(String key, Function<Section, T> reader) {
    asked.add(key);
    return has(key) ? Optional.ofNullable(section(key, reader)) : Optional.empty();
  }

  /** A list of groups. */
  <T> List<T> sections(String key, Function<Section, Optional<T>> reader) {
    List<T> out = new ArrayList<>();
    for (Item item : items(key)) {
      group(item.node(), item.path(), reader).ifPresent(out::add);
    }
    return out;
  }

  /** A group whose keys are names of the operator's own; the value of each has one form. */
  <T> Map<String, T> table(String key, Form<T> form) {
    asked.add(key);
    Map<String, T> out = new LinkedHashMap<>();
    Node.Entry entry = entries.get(key);
    if (entry == null) {
      byDefault(key, "{}");
      return out;
    }
    group(
        entry.value(),
        join(path, key),
        section -> {
          for (String name : section.entries.keySet()) {
            section.optional(name, form).ifPresent(v -> out.put(name, v));
          }
          return out;
        });
    return out;
  }

  private <T> T group(Node node, String at, Function<Section, T> reader) {
    if (node instanceof Node.Mapping mapping) {
      return group(mapping, at, reader);
    }
    Node.Mapping empty = new Node.Mapping(List.of(), node.line());
    if (node.kind() == Node.Kind.NOTHING) { // all of its keys are commented out
      return group(empty, at, reader);
    }
    source.findings().problem(node.line(), at, shapeMessage(node, Node.Kind.MAPPING));
    return source.findings().muted(() -> group(empty, at, reader));
  }

  private <T> T group(Node.Mapping mapping, String at, Function<Section, T> reader) {
    Section section = new Section(source, at, mapping);
    T value = reader.apply(section);
    section.end();
    return value;
  }

  private record Item(Node node, String path) {}

  private List<Item> items(String key) {
    asked.add(key);
    Node.Entry entry = entries.get(key);
    if (entry == null) {
      return List.of();
    }
    if (!(entry.value() instanceof Node.Sequence sequence)) {
      wrong.add(key);
      source
          .findings()
          .problem(entry.line(), join(path, key), shapeMessage(entry.value(), Node.Kind.SEQUENCE));
      return List.of();
    }
    List<Item> out = new ArrayList<>();
    for (Node node : sequence.items()) {
      out.add(new Item(node, join(path, key) + "[" + out.size() + "]"));
    }
    return out;
  }

  private <T> Optional<T> scalar(String key, Form<T> form, String shownByDefault) {
    asked.add(key);
    Node.Entry entry = entries.get(key);
    if (entry == null) {
      byDefault(key, shownByDefault);
      return Optional.empty();
    }
    Optional<T> value = scalar(entry.value(), join(path, key), form);
    if (value.isEmpty()) {
      wrong.add(key);
    }
    return value;
  }

  private <T> Optional<T> scalar(Node node, String at, Form<T> form) {
    if (!(node instanceof Node.Scalar scalar)) {
      source.findings().problem(node.line(), at, shapeMessage(node, Node.Kind.SCALAR));
      return Optional.empty();
    }
    try {
      T value = form.read(expanded(scalar, at));
      source.findings().setting(at, scalar.text(), Setting.Origin.FILE);
      return Optional.of(value);
    } catch (BadValue e) {
      source.findings().problem(node.line(), at, scalar.text(), e);
      return Optional.empty();
    }
  }

  private String expanded(Node.Scalar scalar, String at) throws BadValue {
    return expansion()
        .expand(scalar.text(), warning -> source.findings().warning(scalar.line(), at, warning));
  }

  private void byDefault(String key, String shown) {
    if (!shown.isEmpty()) {
      source.findings().setting(join(path, key), shown, Setting.Origin.DEFAULT);
    }
  }

  private static String shapeMessage(Node found, Node.Kind wanted) {
    if (found.kind() == Node.Kind.NOTHING) {
      return "has no value. Give " + wanted.inWords() + ", or leave the key out.";
    }
    String how =
        switch (wanted) {
          case SCALAR -> "Write it as key: value.";
          case SEQUENCE -> "Write it as [one, two], or one to a line behind \"- \".";
          case MAPPING -> "Write its keys on lines of their own, further in.";
          case NOTHING -> "Leave it out.";
        };
    return "is " + found.kind().inWords() + " where " + wanted.inWords() + " belongs. " + how;
  }

  /** Says that {@code key} is missing. */
  void missing(String key, String cure) {
    source.findings().problem(line, join(path, key), "is missing. " + cure);
  }

  /** Says what is wrong with the value of {@code key}, quoting it when it is a single value. */
  void problem(String key, String message) {
    Node.Entry entry = entries.get(key);
    if (entry != null && entry.value() instanceof Node.Scalar scalar) {
      source.findings().problem(scalar.line(), join(path, key), scalar.text(), message);
    } else {
      source.findings().problem(lineOf(key), join(path, key), message);
    }
  }

  /** Says what is wrong about {@code key} as a whole, without its value. */
  void problemAt(String key, String message) {
    source.findings().problem(lineOf(key), join(path, key), message);
  }

  /** Says what is wrong with this group as a whole. */
  void problemHere(String message) {
    source.findings().problem(line, path, message);
  }

  /** Makes {@code what} unless something is wrong already; what it refuses is a problem too. */
  <T> Optional<T> build(Supplier<T> what) {
    if (source.findings().anyProblem()) {
      return Optional.empty();
    }
    try {
      return Optional.of(what.get());
    } catch (IllegalArgumentException e) {
      problemHere(e.getMessage() + ".");
      return Optional.empty();
    }
  }

  /** Says what is doubtful about {@code key}, which may have been left out. */
  void warning(String key, String message) {
    source.findings().warning(lineOf(key), join(path, key), message);
  }

  /** Whether a value was written for {@code key} and could not be used. */
  boolean isWrong(String key) {
    return wrong.contains(key);
  }

  /** Whether a list was written for {@code key} that has nothing in it. */
  boolean isEmptyList(String key) {
    Node.Entry entry = entries.get(key);
    return entry != null
        && entry.value() instanceof Node.Sequence sequence
        && sequence.items().isEmpty();
  }

  /** Where {@code key} stands, or where its group starts. */
  int lineOf(String key) {
    Node.Entry entry = entries.get(key);
    return entry == null ? line : entry.line();
  }

  /** Reports the keys that were never asked for. */
  void end() {
    Map<String, Node.Entry> strays = new HashMap<>(entries);
    strays.keySet().removeAll(asked);
    strays.values().forEach(this::stray);
  }

  /** What stands where a key does is cut, or not repeated, where it may be part of a secret. */
  private void stray(Node.Entry stray) {
    String name = SEPARATOR.split(stray.key(), 2)[0];
    if (asked.contains(name)) {
      boolean hasColon = stray.key().startsWith(name + ":");
      String what = hasColon ? "a space is missing after \"" + name + ":\"" : "a colon is missing";
      source
          .findings()
          .problem(
              stray.line(),
              join(path, name),
              "is not read: " + what + ". Write " + name + ": value.");
    } else if (mayBePartOfASecret(stray, name)) {
      String message =
          "has something that is no setting, and may be part of a secret. Write key: value with a"
              + " space after the colon, and put a value with a comma, colon or # in quotes. ";
      source.findings().problem(stray.line(), path, message + NearestName.known(asked));
    } else {
      source
          .findings()
          .problem(
              stray.line(), join(path, name), "is not a setting. " + NearestName.cure(name, asked));
    }
  }

  /** As after {@code secret: abc,def} between braces, where the comma ends the value. */
  private boolean mayBePartOfASecret(Node.Entry stray, String name) {
    boolean looksLikeAKey =
        stray.value().kind() != Node.Kind.NOTHING && name.matches("[a-zA-Z_-]+");
    return stray.inBraces()
        && asked.stream().anyMatch(Shown::isSecret)
        && !looksLikeAKey
        && NearestName.to(name, asked).isEmpty();
  }
}
