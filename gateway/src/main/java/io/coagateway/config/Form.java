package io.coagateway.config;

import io.coagateway.wire.Label;
import java.util.function.Function;

/**
 * A way to write a value as one piece of text, and how to print it again.
 *
 * @param <T> what the text means
 */
final class Form<T> {
  /** Reads text, already expanded. */
  @FunctionalInterface
  interface Reader<T> {
    /**
     * What {@code text} means.
     *
     * @throws BadValue when it means nothing
     */
    T read(String text) throws BadValue;
  }

  private final Reader<T> reader;
  private final Function<T, String> printer;

  private Form(Reader<T> reader, Function<T, String> printer) {
    this.reader = reader;
    this.printer = printer;
  }

  static <T> Form<T> of(Reader<T> reader, Function<T, String> printer) {
    return new Form<>(reader, printer);
  }

  static <T> Form<T> of(Reader<T> reader) {
    return new Form<>(reader, String::valueOf);
  }

  /** One of the constants of {@code type}, written in lower case with hyphens. */
  static <E extends Enum<E>> Form<E> oneOf(Class<E> type) {
    return oneOf(type, Label::of);
  }

  /** One of the constants of {@code type}, under the names given. */
  static <E extends Enum<E>> Form<E> oneOf(Class<E> type, Function<E, String> name) {
    return new Form<>(
        text -> {
          StringBuilder known = new StringBuilder();
          for (E constant : type.getEnumConstants()) {
            if (name.apply(constant).equals(text)) {
              return constant;
            }
            known.append(known.isEmpty() ? "" : " | ").append(name.apply(constant));
          }
          throw new BadValue("is not one of the choices. Give " + known + ".");
        },
        name);
  }

  /** The same with another check or conversion behind it. */
  <U> Form<U> then(Then<T, U> next, Function<U, String> print) {
    return new Form<>(text -> next.apply(reader.read(text)), print);
  }

  /** A step that may refuse. */
  @FunctionalInterface
  interface Then<T, U> {
    /**
     * What comes of {@code value}.
     *
     * @throws BadValue when nothing can
     */
    U apply(T value) throws BadValue;
  }

  T read(String text) throws BadValue {
    return reader.read(text);
  }

  String print(T value) {
    return printer.apply(value);
  }
}
