package io.coagateway.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/**
 * One test's network and programs. Everything started through it is stopped with it, in reverse
 * order; when the test has failed, the conversation is printed and all logs and captures are kept
 * under {@code target/captures}.
 *
 * <p>Several labs side by side do not meet: each has a directory of its own, free ports and
 * namespaces with names of its own.
 */
public final class Lab implements AutoCloseable {
  private static final int FIRST_PORT = 16_384;
  private static final int LAST_PORT = 32_767;

  private final String name;
  private final Path directory;
  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final List<Capture> captures = new ArrayList<>();
  private final Set<Integer> ports = new HashSet<>();
  private final IdentityHashMap<GatewayConfiguration, Judge> judges = new IdentityHashMap<>();

  Lab(String name) {
    this(name, Path.of(System.getProperty("java.io.tmpdir")));
  }

  private Lab(String name, Path parent) {
    this.name = name;
    try {
      directory = Files.createTempDirectory(parent, "coa-lab-");
      giveAway(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A lab outside of a test, with its directory in {@code parent} until {@link #discard}. */
  public static Lab standalone(String name, Path parent) {
    return new Lab(name, parent);
  }

  /** Stops everything and removes the directory. */
  public void discard() {
    finish(false);
  }

  /** The lab's own directory, which an ordinary user may write to. */
  public Path directory() {
    return directory;
  }

  /**
   * A directory for what programs unpack and remove at their end, which those that are killed do
   * not.
   */
  Path temporary() {
    Path temporary = directory.resolve("tmp");
    try {
      if (!Files.exists(temporary)) {
        giveAway(Files.createDirectory(temporary));
      }
      return temporary;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Takes charge of closing something. */
  public <T extends AutoCloseable> T add(T closeable) {
    open.push(closeable);
    return closeable;
  }

  /** Starts a program in the lab's directory. */
  public Peer start(String peer, Place place, String... command) {
    return add(Peer.start(peer, place, directory, List.of(command)));
  }

  /** Starts a program in the lab's directory. */
  public Peer start(String peer, Place place, List<String> command) {
    return add(Peer.start(peer, place, directory, command));
  }

  /**
   * A file system of its own in a directory of the lab, which only places that {@linkplain
   * Place#seeing see} it have; needs root and unshare.
   *
   * @param name of the directory
   * @param mebibytes how much it holds
   */
  public Peer smallDisk(String name, int mebibytes) {
    try {
      Files.createDirectories(directory.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return start(
            name,
            Place.HERE,
            "unshare",
            "--mount",
            "sh",
            "-c",
            "mount -t tmpfs -o mode=1777,size=\"$1\"m tmpfs \"$2\" && echo mounted && exec sleep 600",
            "sh",
            Integer.toString(mebibytes),
            name)
        .awaitOutput("mounted");
  }

  /** A new, empty network namespace with its loopback interface up. */
  public Netns namespace() {
    return add(Netns.create());
  }

  /**
   * Starts capturing; returns when the capture runs.
   *
   * @param filter which packets, in pcap's language, as {@code udp port 3799}
   */
  public Capture capture(Place place, String networkInterface, String filter) {
    Capture capture =
        Capture.start(this, place, networkInterface, filter, "capture" + captures.size());
    captures.add(capture);
    return capture;
  }

  /** From now on tshark judges what a gateway with this configuration sends, once for each. */
  void judge(Place place, GatewayConfiguration configuration) {
    if (!judges.containsKey(configuration)) {
      Judge.watch(this, place, configuration).ifPresent(judge -> judges.put(configuration, judge));
    }
  }

  /** How many packets of gateways tshark dissected in this lab, and what it holds against them. */
  Judge.Verdict verdict() {
    int packets = 0;
    List<String> complaints = new ArrayList<>();
    for (Judge judge : judges.values()) {
      Judge.Verdict verdict = judge.verdict();
      packets += verdict.packets();
      complaints.addAll(verdict.complaints());
    }
    return new Judge.Verdict(packets, complaints);
  }

  /**
   * A UDP port, and a TCP port, that nobody has now and that this lab did not give out before.
   * Below those that Linux hands out by itself (ip_local_port_range): nobody gets it while its
   * owner restarts.
   */
  public int freePort() {
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(FIRST_PORT, LAST_PORT + 1);
      if (isFreeForUdp(port) && isFreeForTcp(port) && ports.add(port)) {
        return port;
      }
    }
  }

  private static boolean isFreeForUdp(int port) {
    try (DatagramSocket udp = new DatagramSocket(port)) {
      return udp.isBound();
    } catch (SocketException e) {
      return false;
    }
  }

  private static boolean isFreeForTcp(int port) {
    try (ServerSocket tcp = new ServerSocket(port)) {
      return tcp.isBound();
    } catch (IOException e) {
      return false;
    }
  }

  /** Writes a file in the lab's directory, readable for ordinary users. */
  public Path write(String file, String text) {
    try {
      Path path = directory.resolve(file);
      Files.createDirectories(path.getParent());
      Files.writeString(path, text);
      if (!path.getParent().equals(directory)) {
        giveAway(path.getParent());
      }
      giveAway(path);
      return path;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Copies a resource of the tests, {@code lab/NAME}, into the lab's directory. */
  public Path resource(String file) {
    return write(file, Command.resource("/lab/" + file));
  }

  /** Copies a file or a directory into the lab's directory under its own name. */
  public Path copy(Path source) {
    Path target = directory.resolve(source.getFileName());
    try (Stream<Path> all = Files.walk(source)) {
      for (Path path : all.toList()) {
        Path to = target.resolve(source.relativize(path).toString());
        Files.copy(path, to, StandardCopyOption.REPLACE_EXISTING);
        giveAway(to);
      }
      return target;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What Netty's leak detector said in the logs of our programs; they run with it at paranoid. */
  List<String> leaks() {
    List<String> leaks = new ArrayList<>();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".log")).toList()) {
        try (Stream<String> lines = Files.lines(file, StandardCharsets.ISO_8859_1)) {
          lines.filter(line -> line.contains("LEAK: ")).forEach(leaks::add);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return leaks;
  }

  /** Stops everything; after a failure prints the conversations and keeps the files. */
  void finish(boolean failed) {
    close();
    try {
      if (failed) {
        for (Capture capture : captures) {
          System.out.println("---- " + name + ", " + capture + " ----");
          System.out.println(capture.conversation());
        }
        Path kept = Path.of("target", "captures", name);
        Files.createDirectories(kept);
        try (Stream<Path> files = Files.list(directory)) {
          for (Path file : files.filter(Files::isRegularFile).toList()) {
            Files.copy(file, kept.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
          }
        }
        System.out.println(name + " failed; logs and captures: " + kept.toAbsolutePath());
      }
      delete(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    while (!open.isEmpty()) {
      AutoCloseable next = open.pop();
      try {
        next.close();
      } catch (Exception e) { // AutoCloseable's signature: the rest must be closed all the same
        System.out.println(name + ": " + next + " could not be closed: " + e);
      }
    }
  }

  private static void giveAway(Path path) throws IOException {
    if (Machine.isRoot()) {
      Files.setOwner(
          path,
          path.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody"));
    }
    if (Files.isDirectory(path)) {
      Files.setPosixFilePermissions(
          path, java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }

  private static void delete(Path directory) throws IOException {
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path path, IOException e) throws IOException {
            Files.delete(path);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
