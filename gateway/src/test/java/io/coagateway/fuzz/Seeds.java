package io.coagateway.fuzz;

import io.coagateway.vectors.VectorFile;
import io.coagateway.wire.OctetWriter;
import io.coagateway.wire.Octets;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Where a target starts: inputs made from the vectors, so that nothing binary is kept, and every
 * input that once was a finding. All of them are tried by the unit tests too.
 */
public final class Seeds {
  private final List<byte[]> inputs = new ArrayList<>();

  /** The findings of a target: {@code vectors/fuzz/<target>.txt}, if there were any. */
  public static Seeds of(String target) {
    Seeds seeds = new Seeds();
    String findings = "fuzz/" + target + ".txt";
    if (Files.exists(Path.of("src/test/resources/vectors", findings))) {
      seeds.hex(findings, "input");
    }
    return seeds;
  }

  /** The octets of every vector of a folder or file that has this field. */
  public Seeds hex(String place, String field) {
    return hex(place, field, Octets::toArray);
  }

  /** As above, made into an input. */
  public Seeds hex(String place, String field, Function<Octets, byte[]> input) {
    var vectors = place.endsWith(".txt") ? VectorFile.file(place) : VectorFile.folder(place);
    for (var vector : vectors) {
      vector.all(field).forEach(text -> inputs.add(input.apply(Octets.ofHex(text))));
    }
    return this;
  }

  /** The text of every vector of a file that has this field. */
  public Seeds text(String file, String field, Function<String, String> input) {
    for (var vector : VectorFile.file(file)) {
      vector.all(field).forEach(text -> add(input.apply(text)));
    }
    return this;
  }

  /** One more. */
  public Seeds add(byte[] input) {
    inputs.add(input);
    return this;
  }

  /** One more, as UTF-8. */
  public Seeds add(String text) {
    return add(text.getBytes(StandardCharsets.UTF_8));
  }

  /** One more, in hex. */
  public Seeds addHex(String hex) {
    return add(Octets.ofHex(hex).toArray());
  }

  /** All inputs. */
  public List<byte[]> inputs() {
    return List.copyOf(inputs);
  }

  /** One step for {@link Steps}: an octet that says what to do with the others. */
  public static byte[] step(int what, Octets octets) {
    return new OctetWriter().u8(what).u16(octets.length()).octets(octets).toOctets().toArray();
  }
}
