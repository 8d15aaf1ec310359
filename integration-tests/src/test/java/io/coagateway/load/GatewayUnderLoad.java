package io.coagateway.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.sun.management.ThreadMXBean;
import io.coagateway.lab.Command;
import io.coagateway.lab.Gateway;
import io.coagateway.lab.Lab;
import io.coagateway.lab.Peer;
import io.coagateway.lab.Place;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.management.MBeanServerConnection;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/**
 * The gateway as shipped but for rate limits, addresses and the place of its database, with JMX on
 * so that its heap can be watched.
 */
final class GatewayUnderLoad {
  /**
   * What its JVM has done so far.
   *
   * @param allocatedBytes by the threads that live
   * @param collectedMillis in garbage collections
   */
  record Heap(double allocatedBytes, double collectedMillis) {
    static final Heap NONE = new Heap(0, 0);
  }

  static final String RECORDING = "gateway.jfr";
  private static final Duration LOADING = Duration.ofMinutes(5);

  private final Peer peer;
  private final int radiusPort;
  private final MBeanServerConnection jmx;

  private GatewayUnderLoad(Peer peer, int radiusPort, MBeanServerConnection jmx) {
    this.peer = peer;
    this.radiusPort = radiusPort;
    this.jmx = jmx;
  }

  @SuppressWarnings("BanJNDI") // JMX of our own child process on the loopback address
  static GatewayUnderLoad start(Lab lab, BenchSettings settings, int serverPort, Path records) {
    int radiusPort = lab.freePort();
    int jmxPort = lab.freePort();
    Path configuration = configure(lab, settings, radiusPort, serverPort, records);
    boolean inMemory = settings.database() == Database.MEMORY;
    if (!inMemory) {
      importRecords(lab, configuration, records, settings.subscribers());
    }
    List<String> words = new ArrayList<>(List.of("java"));
    words.addAll(packagedOptions());
    settings.record().ifPresent(dir -> words.add(Recording.option(dir.resolve(RECORDING))));
    words.addAll(
        Arrays.stream(settings.javaOptions().split(" ", -1)).filter(s -> !s.isEmpty()).toList());
    words.addAll(
        List.of(
            "-Dcom.sun.management.jmxremote.port=" + jmxPort,
            "-Dcom.sun.management.jmxremote.host=127.0.0.1",
            "-Djava.rmi.server.hostname=127.0.0.1",
            "-Dcom.sun.management.jmxremote.authenticate=false",
            "-Dcom.sun.management.jmxremote.ssl=false",
            "-jar",
            Gateway.jar().toString(),
            "run",
            "--config",
            configuration.toString()));
    Peer peer = lab.start("gateway", Place.HERE, words).awaitUdp(radiusPort).awaitTcp(jmxPort);
    if (!inMemory) { // else it has read its file before it listened
      awaitIndex(peer); // until then it asks the database
    }
    try {
      JMXConnector connector =
          JMXConnectorFactory.connect(
              new JMXServiceURL("service:jmx:rmi:///jndi/rmi://127.0.0.1:" + jmxPort + "/jmxrmi"));
      lab.add(connector);
      return new GatewayUnderLoad(peer, radiusPort, connector.getMBeanServerConnection());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void importRecords(Lab lab, Path configuration, Path records, int subscribers) {
    long began = System.nanoTime();
    Command.run(
            Place.HERE,
            lab.directory(),
            "",
            Duration.ofMinutes(5),
            List.of(
                "java",
                "-jar",
                Gateway.jar().toString(),
                "table",
                "--config",
                configuration.toString(),
                "import",
                records.toString()))
        .orFail();
    System.out.printf(
        "imported %d subscribers in %.1f s%n", subscribers, (System.nanoTime() - began) / 1e9);
  }

  private static void awaitIndex(Peer peer) {
    long patience = System.nanoTime() + LOADING.toNanos();
    while (!peer.output().contains("table-loaded")) {
      if (System.nanoTime() > patience) {
        throw new IllegalStateException("the index is not loaded within " + LOADING);
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
    }
  }

  /** Heap and collector as the package's unit has them, without its paths. */
  private static List<String> packagedOptions() {
    Path unit = Gateway.top().resolve("gateway/src/deb/coa-gateway.service");
    String start = "Environment=\"JAVA_OPTIONS=";
    try {
      String line =
          Files.readAllLines(unit).stream()
              .filter(l -> l.startsWith(start))
              .findFirst()
              .orElseThrow();
      return Arrays.stream(line.substring(start.length(), line.length() - 1).split(" ", -1))
          .filter(word -> !word.startsWith("-D"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Peer peer() {
    return peer;
  }

  int radiusPort() {
    return radiusPort;
  }

  Heap heap() {
    try {
      ThreadMXBean threads =
          ManagementFactory.newPlatformMXBeanProxy(
              jmx, ManagementFactory.THREAD_MXBEAN_NAME, ThreadMXBean.class);
      double allocated =
          Arrays.stream(threads.getThreadAllocatedBytes(threads.getAllThreadIds()))
              .filter(bytes -> bytes > 0)
              .sum();
      double collected = 0;
      for (GarbageCollectorMXBean collector :
          ManagementFactory.getPlatformMXBeans(jmx, GarbageCollectorMXBean.class)) {
        collected += collector.getCollectionTime();
      }
      return new Heap(allocated, collected);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What lives on the heap, after a collection. */
  double liveMebibytes() {
    try {
      MemoryMXBean memory =
          ManagementFactory.newPlatformMXBeanProxy(
              jmx, ManagementFactory.MEMORY_MXBEAN_NAME, MemoryMXBean.class);
      memory.gc();
      return memory.getHeapMemoryUsage().getUsed() / (double) (1 << 20);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Path configure(
      Lab lab, BenchSettings settings, int radiusPort, int serverPort, Path records) {
    try {
      ObjectMapper yaml = new ObjectMapper(new YAMLFactory());
      Path shipped = Gateway.top().resolve("conf/gateway.yaml");
      ObjectNode root = (ObjectNode) yaml.readTree(Files.readString(shipped));
      ObjectNode radius = object(root, "radius");
      radius.set("listen", strings(yaml, "127.0.0.1:" + radiusPort));
      object(radius.withArray("clients").get(0)).put("rate-limit", "1000000/s");
      ObjectNode server = object(object(root, "dhcpv6").withArray("servers").get(0));
      server.put("address", "[::1]:" + serverPort);
      server.put("rate-limit", settings.serverLimit());
      object(root, "admin").put("listen", "127.0.0.1:" + lab.freePort());
      ObjectNode subscribers = object(root, "subscribers");
      if (settings.database() == Database.MEMORY) {
        subscribers.put("database", "memory").put("file", records.toString());
      } else {
        subscribers.put("database", "jdbc:sqlite:" + lab.directory().resolve("subscribers.db"));
      }
      if (Files.isDirectory(Gateway.top().resolve("dictionaries"))) {
        lab.copy(Gateway.top().resolve("dictionaries"));
      }
      return lab.write("conf/gateway.yaml", yaml.writeValueAsString(root));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ObjectNode object(ObjectNode parent, String key) {
    return parent.withObjectProperty(key);
  }

  private static ObjectNode object(JsonNode node) {
    return (ObjectNode) node;
  }

  private static ArrayNode strings(ObjectMapper mapper, String... values) {
    ArrayNode array = mapper.createArrayNode();
    Arrays.stream(values).forEach(array::add);
    return array;
  }
}
