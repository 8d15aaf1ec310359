package io.coagateway.fuzz;

import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;
import java.util.List;

/**
 * What is fuzzed. Each class has {@code public static void fuzzerTestOneInput(byte[])}, which
 * Jazzer calls, and {@code public static Seeds seeds()}.
 */
public enum FuzzTarget {
  /** Datagrams through the receive pipeline. */
  RADIUS_DATAGRAM("das.ReceivePipelineFuzz", 2048),
  /** Attributes, RFC 6929's too. */
  RADIUS_ATTRIBUTES("radius.AttributesFuzz", 4076),
  /** Attributes as text. */
  RADIUS_TEXT("radius.AttributeTextFuzz", 256),
  /** From attributes to the verdict. */
  REQUEST("dynauth.RequestFuzz", 1024),
  /** From attributes to options. */
  MAPPING("mapping.MappingFuzz", 1024),
  /** Answers to our own client. */
  DAC_ANSWER("dac.AnswerFuzz", 1024),
  /** The replay memory's file. */
  REPLAY_SNAPSHOT("das.ReplaySnapshotFuzz", 1024),
  /** DHCPv6 messages, relay messages too. */
  DHCPV6_MESSAGE("dhcpv6.MessageFuzz", 2048),
  /** Answers of servers, and requests of other relays. */
  DHCPV6_REPLY("relay.ReplyFuzz", 1024),
  /** Messages to the simulated server. */
  SIMULATED_SERVER("simulator.SimulatedServerFuzz", 1024),
  /** NDJSON. */
  SUBSCRIBER_RECORD("subscriber.RecordFuzz", 2048),
  /** YAML. */
  CONFIGURATION("config.ConfigurationFuzz", 2048),
  /** Dictionary files. */
  DICTIONARY("config.DictionaryFuzz", 1024),
  /** Captures of tcpdump and its kin. */
  CAPTURE("capture.CaptureFuzz", 4096),
  /** Frames, down to the datagram. */
  CAPTURED_FRAME("capture.FrameFuzz", 2048),
  /** What servers tell of their leases. */
  BULK_LEASEQUERY("leasequery.LeasequeryFuzz", 2048),
  /** What servers answer when a session is not found. */
  MISS_LEASEQUERY("leasequery.MissFuzz", 1024),
  /** The stream of RADIUS over TLS. */
  RADIUS_FRAMES("radsec.RadiusFramesFuzz", 8192),
  /** Accounting-Requests. */
  ACCOUNTING("accounting.AccountingFuzz", 2048),
  /** HTTP on the admin port. */
  ADMIN_HTTP("admin.AdminFuzz", 6144),
  /** What passes in the path. */
  IN_PATH("inpath.InPathFuzz", 2048);

  private static final String ROOT = "io.coagateway.";

  private final String className;
  private final int maxLength;

  FuzzTarget(String className, int maxLength) {
    this.className = ROOT + className;
    this.maxLength = maxLength;
  }

  /** As it is called on the command line. */
  public String commandName() {
    return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
  }

  /** The target of that name. */
  public static FuzzTarget named(String name) {
    return Arrays.stream(values())
        .filter(target -> target.commandName().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "there is no target \""
                        + name
                        + "\"; there are "
                        + Arrays.stream(values()).map(FuzzTarget::commandName).toList()));
  }

  /** The class with the target's two methods. */
  public String className() {
    return className;
  }

  /** The longest input that makes sense, in octets. */
  public int maxLength() {
    return maxLength;
  }

  /** Where it starts. */
  public List<byte[]> seeds() {
    return ((Seeds) call("seeds", new Class<?>[0])).inputs();
  }

  /** One execution. */
  public void run(byte[] input) {
    Object unused = call("fuzzerTestOneInput", new Class<?>[] {byte[].class}, (Object) input);
  }

  private Object call(String method, Class<?>[] types, Object... arguments) {
    try {
      return Class.forName(className).getMethod(method, types).invoke(null, arguments);
    } catch (InvocationTargetException e) {
      throw new AssertionError(commandName() + ": " + e.getCause(), e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(e.toString(), e);
    }
  }
}
