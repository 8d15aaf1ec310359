package io.coagateway.config;

import io.coagateway.dhcpv6.OptionCode;
import io.coagateway.mapping.Mapping;
import io.coagateway.mapping.MappingRow;
import io.coagateway.radius.AttributeId;
import io.coagateway.radius.RequestParameters.OtherAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads {@code mapping}: rows that add to the built-in ones or replace them. */
final class MappingReader {
  private static final Form<io.coagateway.mapping.Form> AS =
      Form.oneOf(io.coagateway.mapping.Form.class, io.coagateway.mapping.Form::configName);

  private final Names names;
  private final Changes changes;

  MappingReader(Changes changes) {
    this.names = changes.names();
    this.changes = changes;
  }

  private record Row(Section section, AttributeId attribute, OptionCode option, MappingRow row) {}

  Optional<Mapping> read(Section root, OtherAttributes other, Set<OptionCode> allowed) {
    List<Row> rows = new ArrayList<>();
    root.sections(
        "mapping",
        section -> {
          Optional<Row> row = row(section);
          row.ifPresent(rows::add);
          return row;
        });
    checkTargets(rows);
    return root.build(
        () ->
            new Mapping(rows.stream().map(Row::row).toList(), allowed, other, names.attributes()));
  }

  private Optional<Row> row(Section section) {
    Optional<AttributeId> attribute =
        section.required("attribute", names.attribute(), "Give one, like DS-Lite-Tunnel-Name.");
    Optional<OptionCode> option =
        section.required("option", names.option(), "Give one, like aftr-name.");
    Optional<io.coagateway.mapping.Form> as =
        section.required(
            "as", AS, "Give " + String.join(" | ", io.coagateway.mapping.Form.configNames()) + ".");
    attribute
        .flatMap(changes::whyNever)
        .ifPresent(
            why ->
                section.warning(
                    "attribute",
                    "has no effect: "
                        + why
                        + (changes.identification().contains(attribute.get())
                            ? " Take it out of one of them."
                            : " Take the row out.")));
    if (attribute.isEmpty() || option.isEmpty() || as.isEmpty()) {
      return Optional.empty();
    }
    MappingRow row = MappingRow.of(attribute.get(), option.get(), as.get());
    return Optional.of(new Row(section, attribute.get(), option.get(), row));
  }

  private void checkTargets(List<Row> rows) {
    Map<AttributeId, String> attributes = new HashMap<>();
    Map<Integer, String> targets = new HashMap<>();
    for (Row row : rows) {
      String before = attributes.putIfAbsent(row.attribute(), row.section().path());
      if (before != null) {
        row.section().problem("attribute", "has a row already, " + before + ". Keep one of them.");
      }
    }
    for (MappingRow builtIn : MappingRow.builtIn()) {
      if (!attributes.containsKey(builtIn.attribute())) {
        String owner = "the built-in row of " + names.attributes().nameOf(builtIn.attribute());
        builtIn.options().forEach(option -> targets.put(option, owner));
      }
    }
    for (Row row : rows) {
      String before = targets.putIfAbsent(row.option().number(), row.section().path());
      if (before != null) {
        row.section()
            .problem(
                "option",
                "is made by " + before + " too. Two rows may not make the same option; drop one.");
      }
    }
  }
}
