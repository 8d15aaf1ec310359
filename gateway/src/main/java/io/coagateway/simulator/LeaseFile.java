package io.coagateway.simulator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.coagateway.dhcpv6.Duid;
import io.coagateway.simulator.LeaseTable.Reconfigure;
import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.Ipv6Prefix;
import io.coagateway.wire.Octets;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Leases from NDJSON, one client a line, in the form of the subscriber table's export: {@code
 * duid}, {@code linkAddress}, {@code peerAddress}, {@code interfaceId}, {@code serverDuid}, {@code
 * reconfigureAccept} and {@code ias} count, all other members are left alone. A line whose {@code
 * serverDuid} is another server's is skipped.
 */
public final class LeaseFile {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * What came of a file.
   *
   * @param clients whose leases were taken
   * @param others lines left out, because their {@code serverDuid} is another server's
   */
  public record Loaded(int clients, int others) {}

  private LeaseFile() {}

  /**
   * Reads all lines into the table.
   *
   * @param source closed by the caller
   * @param name of the file, for error messages
   * @param server whose leases to take
   * @throws IllegalArgumentException naming file, line and member
   */
  public static Loaded load(Reader source, String name, Duid server, LeaseTable into)
      throws IOException {
    BufferedReader lines = new BufferedReader(source);
    int number = 0;
    int clients = 0;
    int others = 0;
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      number++;
      if (line.isBlank()) {
        continue;
      }
      try {
        if (add(line, server, into)) {
          clients++;
        } else {
          others++;
        }
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(name + ":" + number + ": " + e.getMessage(), e);
      }
    }
    return new Loaded(clients, others);
  }

  private static boolean add(String line, Duid server, LeaseTable into) {
    JsonNode client;
    try {
      client = JSON.readTree(line);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not JSON: " + e.getOriginalMessage(), e);
    }
    if (!client.isObject()) {
      throw new IllegalArgumentException("not a JSON object");
    }
    if (text(client, "serverDuid").map(Duid::ofHex).filter(d -> !d.equals(server)).isPresent()) {
      return false;
    }
    Duid duid =
        Duid.ofHex(
            text(client, "duid")
                .orElseThrow(() -> new IllegalArgumentException("duid is missing")));
    List<Lease> leases = new ArrayList<>();
    for (JsonNode ia : client.path("ias")) {
      leases(ia, leases);
    }
    into.put(
        duid,
        text(client, "linkAddress").map(Ipv6Address::parse),
        text(client, "peerAddress").map(Ipv6Address::parse),
        octets(client.path("interfaceId")),
        client.path("reconfigureAccept").asBoolean(true)
            ? Reconfigure.ACCEPTED
            : Reconfigure.REFUSED,
        leases);
    return true;
  }

  private static void leases(JsonNode ia, List<Lease> into) {
    String type = text(ia, "type").orElse("");
    IaType known;
    try {
      known = IaType.valueOf(type);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "ias: type \"" + type + "\" is not IA_NA, IA_TA or IA_PD", e);
    }
    JsonNode iaid = ia.path("iaid");
    for (JsonNode lease : ia.path("leases")) {
      into.add(
          new Lease(
              known,
              iaid.isIntegralNumber() ? OptionalLong.of(iaid.longValue()) : OptionalLong.empty(),
              prefix(lease.asText())));
    }
  }

  private static Ipv6Prefix prefix(String text) {
    return text.indexOf('/') < 0
        ? new Ipv6Prefix(Ipv6Address.parse(text), 128)
        : Ipv6Prefix.parse(text);
  }

  private static Optional<String> text(JsonNode node, String member) {
    JsonNode value = node.path(member);
    return value.isTextual() ? Optional.of(value.textValue()) : Optional.empty();
  }

  private static Optional<Octets> octets(JsonNode value) {
    if (value.isTextual()) {
      return Optional.of(Octets.ofHex(value.textValue()));
    }
    return text(value, "text").map(Octets::ofUtf8);
  }
}
