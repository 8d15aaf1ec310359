package io.coagateway.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coagateway.dhcpv6.OptionCode;
import io.coagateway.radius.AttributeDictionary;
import io.coagateway.radius.AttributeId;
import io.coagateway.radius.Attributes;
import io.coagateway.radius.RequestParameters.OtherAttributes;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The table itself; what it makes of attributes is in the vectors. */
class MappingTest {
  private static final MappingRow CUSTOM =
      MappingRow.of(AttributeId.vendor(9, 1), OptionCode.ERP_LOCAL_DOMAIN_NAME, Form.FQDN);
  private static final Carrier RSOO = new Carrier(Carrier.Kind.RSOO, Set.of(), Set.of());
  private static final Carrier RADIUS = new Carrier(Carrier.Kind.RADIUS, Set.of(), Set.of());
  private static final Carrier NONE =
      new Carrier(Carrier.Kind.NONE, Set.of(), Set.of(AttributeId.vendor(9, 7)));

  private static Mapping mapping(MappingRow... custom) {
    return new Mapping(
        List.of(custom), Set.of(), OtherAttributes.REJECT, AttributeDictionary.builder().build());
  }

  @ParameterizedTest(name = "{0}: rsoo {1}, radius {2}, none {3}")
  @CsvSource({
    "144,    true,  true,  false",
    "245.3,  true,  true,  false",
    "26.9.1, true,  true,  false",
    "26.9.7, false, true,  true",
    "25,     false, false, false",
  })
  @DisplayName("RFC 5176 section 3: an attribute is supported when one server could be told of it")
  void saysWhatCanBeCarried(String attribute, boolean rsoo, boolean radius, boolean none) {
    AttributeId id = AttributeId.parse(attribute);
    Mapping mapping = mapping(CUSTOM);
    assertThat(mapping.mayCarry(id, List.of(RSOO))).isEqualTo(rsoo);
    assertThat(mapping.mayCarry(id, List.of(RADIUS))).isEqualTo(radius);
    assertThat(mapping.mayCarry(id, List.of(NONE))).isEqualTo(none);
    assertThat(mapping.mayCarry(id, List.of(NONE, RSOO))).isEqualTo(none || rsoo);
    assertThat(mapping.mayCarry(id, List.of())).isFalse();
  }

  @Test
  @DisplayName("the rows in force: those built in, then those of the configuration")
  void showsItsRows() {
    assertThat(mapping(CUSTOM).rows())
        .startsWith(MappingRow.builtIn().toArray(MappingRow[]::new))
        .endsWith(CUSTOM)
        .hasSize(MappingRow.builtIn().size() + 1);
    MappingRow replaced =
        MappingRow.of(Attributes.DS_LITE_TUNNEL_NAME, OptionCode.AFTR_NAME, Form.OCTETS);
    assertThat(mapping(replaced).rows()).contains(replaced).hasSameSizeAs(MappingRow.builtIn());
  }

  @Test
  @DisplayName("two rows for one option would each take the other's away: refused")
  void refusesTwoRowsForOneOption() {
    MappingRow second = MappingRow.of(AttributeId.vendor(9, 1), OptionCode.AFTR_NAME, Form.FQDN);
    assertThatThrownBy(() -> mapping(second))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("two mapping rows, for attributes 144 and 26.9.1, both make option 64");
  }
}
