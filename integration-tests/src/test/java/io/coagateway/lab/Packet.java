package io.coagateway.lab;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One packet as tshark dissected it.
 *
 * @param layers the object of its JSON that holds the protocols by name
 */
public record Packet(JsonNode layers) {
  /** All values of a field, wherever it stands in the packet, in order. */
  public List<String> values(String field) {
    List<String> found = new ArrayList<>();
    collect(layers, field, found);
    return found;
  }

  /** The one value of a field. */
  public String value(String field) {
    List<String> found = values(field);
    if (found.size() != 1) {
      throw new AssertionError(field + " is there " + found.size() + " times: " + this);
    }
    return found.get(0);
  }

  /** Whether a field has a value, be it as one of several. */
  public boolean has(String field, Object value) {
    return values(field).contains(value.toString());
  }

  /** Whether tshark found a protocol in it. */
  public boolean speaks(String protocol) {
    return layers.has(protocol);
  }

  /** Whether this is a RADIUS packet with a code. */
  public boolean isRadius(int code) {
    return speaks("radius") && has("radius.code", code);
  }

  /** Whether this is, or holds, a DHCPv6 message of a type. */
  public boolean isDhcpv6(int type) {
    return speaks("dhcpv6") && has("dhcpv6.msgtype", type);
  }

  /** When it was captured, in seconds since the first packet of the capture. */
  public double seconds() {
    return Double.parseDouble(value("frame.time_relative"));
  }

  /** The octets of the UDP datagram, in hex, without separators. */
  public String payload() {
    return payload("udp.payload");
  }

  /** The octets of a field, as {@code tcp.payload}, in hex, without separators. */
  public String payload(String field) {
    return String.join("", values(field)).replace(":", "");
  }

  /** How many octets a field has. */
  public int octets(String field) {
    return payload(field).length() / 2;
  }

  /**
   * What tshark holds against this packet: malformed parts, errors and warnings of its experts, bad
   * authenticators and, where the capture can see them, bad checksums. Empty for a good packet.
   */
  public List<String> complaints() {
    List<String> complaints = new ArrayList<>();
    if (layers.toString().contains("_ws.malformed")) {
      complaints.add("malformed");
    }
    for (String severity : values("_ws.expert.severity")) {
      // PI_WARN is 0x600000, PI_ERROR 0x800000; notes and chats are no complaints.
      if (Long.parseLong(severity) >= 0x600000) {
        complaints.addAll(values("_ws.expert.message"));
      }
    }
    for (String valid : values("radius.authenticator.valid")) {
      if (valid.equals("0")) {
        complaints.add("the Response Authenticator is wrong");
      }
    }
    for (String status : values("udp.checksum.status")) {
      if (status.equals("0")) {
        complaints.add("the UDP checksum is wrong");
      }
    }
    return complaints;
  }

  /** Number, addresses and protocols, short enough for a failure's message. */
  @Override
  public String toString() {
    return "packet "
        + values("frame.number")
        + " "
        + values("frame.protocols")
        + " ports "
        + values("udp.port")
        + " payload "
        + payload();
  }

  private static void collect(JsonNode node, String field, List<String> found) {
    if (node.isObject()) {
      for (Map.Entry<String, JsonNode> entry : node.properties()) {
        if (entry.getKey().equals(field)) {
          addValues(entry.getValue(), found);
        }
        collect(entry.getValue(), field, found);
      }
    } else if (node.isArray()) {
      node.forEach(element -> collect(element, field, found));
    }
  }

  private static void addValues(JsonNode node, List<String> found) {
    if (node.isArray()) {
      node.forEach(element -> addValues(element, found));
    } else if (node.isValueNode()) {
      found.add(node.asText());
    }
  }
}
