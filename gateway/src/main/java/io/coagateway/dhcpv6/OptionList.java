package io.coagateway.dhcpv6;

import io.coagateway.wire.MalformedException;
import io.coagateway.wire.OctetWriter;
import io.coagateway.wire.Octets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * Options in wire order. Immutable; two lists are equal when their options are, in the same order.
 */
public final class OptionList implements Iterable<Option> {
  /** No options. */
  public static final OptionList EMPTY = new OptionList(List.of());

  /** Octets of code and length before each body (RFC 8415 section 21.1). */
  public static final int OPTION_HEADER_LENGTH = 4;

  private final List<Option> options;
  private int encodedLength = -1;

  private OptionList(List<Option> options) {
    this.options = options;
  }

  /** These options in this order. */
  public static OptionList of(Option... options) {
    return options.length == 0 ? EMPTY : new OptionList(List.of(options));
  }

  /** A copy of the list. */
  public static OptionList of(List<? extends Option> options) {
    return options.isEmpty() ? EMPTY : new OptionList(List.copyOf(options));
  }

  /**
   * Options back to back that fill {@code octets} exactly.
   *
   * @throws MalformedException naming the path of options, the offset and the reason
   */
  public static OptionList parse(Octets octets) throws MalformedException {
    return OptionParser.whole().options(octets.reader());
  }

  /** All of them, immutable. */
  public List<Option> all() {
    return options;
  }

  /** Those of one type. */
  public <T extends Option> List<T> all(Class<T> type) {
    List<T> found = new ArrayList<>(options.size());
    for (int i = 0; i < options.size(); i++) {
      if (type.isInstance(options.get(i))) {
        found.add(type.cast(options.get(i)));
      }
    }
    return found;
  }

  /** Those with one code. */
  public List<Option> all(OptionCode code) {
    List<Option> found = new ArrayList<>();
    for (int i = 0; i < options.size(); i++) {
      if (options.get(i).code().number() == code.number()) {
        found.add(options.get(i));
      }
    }
    return found;
  }

  /** The first of this type. */
  public <T extends Option> Optional<T> first(Class<T> type) {
    for (int i = 0; i < options.size(); i++) {
      if (type.isInstance(options.get(i))) {
        return Optional.of(type.cast(options.get(i)));
      }
    }
    return Optional.empty();
  }

  /** The first with this code. */
  public Optional<Option> first(OptionCode code) {
    for (int i = 0; i < options.size(); i++) {
      if (options.get(i).code().number() == code.number()) {
        return Optional.of(options.get(i));
      }
    }
    return Optional.empty();
  }

  /** Whether one has this code. */
  public boolean has(OptionCode code) {
    return count(code) > 0;
  }

  /** How many have this code. */
  public int count(OptionCode code) {
    int count = 0;
    for (int i = 0; i < options.size(); i++) {
      if (options.get(i).code().number() == code.number()) {
        count++;
      }
    }
    return count;
  }

  /** How many options. */
  public int size() {
    return options.size();
  }

  /** Whether there is none. */
  public boolean isEmpty() {
    return options.isEmpty();
  }

  /** These and one more at the end. */
  public OptionList plus(Option option) {
    Option[] more = options.toArray(new Option[options.size() + 1]);
    more[options.size()] = option;
    return new OptionList(List.of(more));
  }

  /** These and then the others. */
  public OptionList plus(OptionList others) {
    if (others.isEmpty()) {
      return this;
    }
    List<Option> both = new ArrayList<>(options.size() + others.size());
    both.addAll(options);
    both.addAll(others.options);
    return of(both);
  }

  /** These but those with this code. */
  public OptionList without(OptionCode code) {
    if (!has(code)) {
      return this;
    }
    List<Option> left = new ArrayList<>(options.size());
    for (Option option : options) {
      if (option.code().number() != code.number()) {
        left.add(option);
      }
    }
    return of(left);
  }

  /** How many octets {@link #encode} gives. */
  public int encodedLength() {
    int length = encodedLength;
    if (length < 0) {
      length = OPTION_HEADER_LENGTH * options.size();
      for (int i = 0; i < options.size(); i++) {
        length += options.get(i).bodyLength();
      }
      encodedLength = length;
    }
    return length;
  }

  /**
   * Appends code, length and body of each.
   *
   * @throws IllegalStateException when a body is longer than 65535 octets
   */
  public void encodeTo(OctetWriter writer) {
    for (int i = 0; i < options.size(); i++) {
      Option option = options.get(i);
      writer.u16(option.code().number()).u16(0);
      int start = writer.length();
      option.writeBody(writer);
      int length = writer.length() - start;
      if (length > Option.MAX_BODY_LENGTH) {
        throw new IllegalStateException(
            option.code() + " has " + length + " octets; an option holds at most 65535");
      }
      writer.putU16(start - 2, length);
    }
  }

  /** Code, length and body of each. */
  public Octets encode() {
    OctetWriter writer = new OctetWriter(encodedLength());
    encodeTo(writer);
    return writer.toOctets();
  }

  /** Indented text, one option a line; no final line end. */
  public String toText() {
    return new MessagePrinter(MessageNames.STANDARD).text(this);
  }

  @Override
  public Iterator<Option> iterator() {
    return options.iterator();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof OptionList o && options.equals(o.options);
  }

  @Override
  public int hashCode() {
    return options.hashCode();
  }

  /** One line, for logs. */
  @Override
  public String toString() {
    return new MessagePrinter(MessageNames.STANDARD).line(this);
  }

  static OptionList ofParsed(Option[] options, int count) {
    return count == 0 ? EMPTY : new OptionList(List.of(Arrays.copyOf(options, count)));
  }
}
