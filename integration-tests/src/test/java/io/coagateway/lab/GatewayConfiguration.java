package io.coagateway.lab;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A gateway.yaml for one test: everything on free ports of the loopback addresses, one client with
 * the secret {@code testing123}, and the servers that the test adds. What is not set is as shipped.
 */
public final class GatewayConfiguration {
  private final Lab lab;
  private final int radiusPort;
  private final Map<String, Object> root = new LinkedHashMap<>();
  private final List<Map<String, Object>> servers = new ArrayList<>();

  /** A configuration with nothing but what must be there; add servers. */
  public GatewayConfiguration(Lab lab) {
    this.lab = lab;
    this.radiusPort = lab.freePort();
    set("radius.listen", List.of("127.0.0.1:" + radiusPort, "[::1]:" + radiusPort));
    Map<String, Object> client = new LinkedHashMap<>();
    client.put("name", "dac-1");
    client.put("addresses", List.of("127.0.0.1/32", "::1/128"));
    client.put("secret", "testing123");
    set("radius.clients", List.of(client));
    set("dhcpv6.servers", servers);
    set("dhcpv6.release-request-type", 250);
    set("dhcpv6.release-request-reply-type", 251);
    set("subscribers.database", "jdbc:sqlite:subscribers.db");
    set("admin.listen", "127.0.0.1:" + lab.freePort());
  }

  /** Sets a value, {@code path} being the keys with dots between them. */
  public GatewayConfiguration set(String path, Object value) {
    String[] keys = path.split("\\.", -1);
    Map<String, Object> map = root;
    for (int i = 0; i < keys.length - 1; i++) {
      map = child(map, keys[i]);
    }
    map.put(keys[keys.length - 1], value);
    return this;
  }

  /**
   * Adds a DHCPv6 server.
   *
   * @param address as {@code [::1]:10547}
   * @param settings its other keys and their values, alternating
   */
  public GatewayConfiguration server(String name, String address, Object... settings) {
    Map<String, Object> server = new LinkedHashMap<>();
    server.put("name", name);
    server.put("address", address);
    for (int i = 0; i < settings.length; i += 2) {
      server.put((String) settings[i], settings[i + 1]);
    }
    servers.add(server);
    return this;
  }

  /**
   * Adds a DHCPv6 server that is not asked: an aftr-name is acknowledged as soon as it is stored,
   * and the server hears of it when the client renews.
   */
  public GatewayConfiguration serverAtRenew(String name, String address) {
    return server(
        name,
        address,
        "reconfigure",
        "at-renew",
        "release",
        "none",
        "rsoo-options",
        List.of("aftr-name"));
  }

  /** Where it takes RADIUS, on 127.0.0.1 and ::1. */
  public int radiusPort() {
    return radiusPort;
  }

  /** Where it takes RADIUS, as radclient wants to have it. */
  public String radiusAddress() {
    return "127.0.0.1:" + radiusPort;
  }

  /** Whether every client has the one secret {@code testing123}. */
  boolean hasOneSecret() {
    return ((List<?>) ((Map<?, ?>) root.get("radius")).get("clients"))
        .stream().allMatch(client -> "testing123".equals(((Map<?, ?>) client).get("secret")));
  }

  /** The ports of the DHCPv6 servers. */
  List<Integer> serverPorts() {
    return servers.stream()
        .map(server -> (String) server.get("address"))
        .map(address -> Integer.valueOf(address.substring(address.lastIndexOf(':') + 1)))
        .distinct()
        .toList();
  }

  /** Writes it to the lab's directory. JSON is YAML too. */
  public Path write() {
    try {
      ObjectMapper mapper = JsonMapper.builder().build();
      return lab.write(
          "gateway.yaml", mapper.writerWithDefaultPrettyPrinter().writeValueAsString(root));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(root.toString(), e);
    }
  }

  @SuppressWarnings("unchecked") // what set() has put there
  private static Map<String, Object> child(Map<String, Object> map, String key) {
    return (Map<String, Object>) map.computeIfAbsent(key, k -> new LinkedHashMap<String, Object>());
  }
}
