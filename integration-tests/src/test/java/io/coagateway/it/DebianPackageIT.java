package io.coagateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.coagateway.das.DasParameters;
import io.coagateway.lab.Command;
import io.coagateway.lab.Gateway;
import io.coagateway.lab.Lab;
import io.coagateway.lab.Needs;
import io.coagateway.lab.Peer;
import io.coagateway.lab.Place;
import io.coagateway.lab.Radclient;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollDomainDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainDatagramPacket;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The Debian package: what is in it, and that it installs, serves, upgrades and goes away. */
class DebianPackageIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Path CONFIGURATION = Path.of("/etc/coa-gateway/gateway.yaml");
  private static final Path UNIT = Path.of("/lib/systemd/system/coa-gateway.service");

  private static Path deb() throws IOException {
    try (Stream<Path> files = Files.list(Gateway.jar().getParent())) {
      return files
          .filter(f -> f.getFileName().toString().matches("coa-gateway_.*_all\\.deb"))
          .findFirst()
          .orElseThrow(() -> new AssertionError("no package beside " + Gateway.jar()));
    }
  }

  private static Command.Result run(String... command) {
    return Command.run(Place.HERE, Path.of("/"), "", PATIENCE, List.of(command));
  }

  @Test
  @Needs({"dpkg-deb"})
  void holdsWhatAServiceNeeds() throws IOException {
    String contents = run("dpkg-deb", "-c", deb().toString()).orFail().out();
    assertThat(contents)
        .contains(
            "./usr/share/coa-gateway/coa-gateway.jar",
            "./usr/share/coa-gateway/dictionaries/radius/",
            "./lib/systemd/system/coa-gateway.service",
            "./usr/lib/sysctl.d/60-coa-gateway.conf",
            "./usr/share/man/man8/coa-gateway.8.gz",
            "./usr/share/bash-completion/completions/coa-gateway",
            "./usr/share/doc/coa-gateway/copyright")
        .containsPattern("-rwxr-xr-x root/root .* ./usr/bin/coa-gateway\n")
        .containsPattern("-rw-r----- root/root .* ./etc/coa-gateway/gateway.yaml\n");
    assertThat(run("dpkg-deb", "-I", deb().toString(), "conffiles").orFail().out().strip())
        .isEqualTo("/etc/coa-gateway/gateway.yaml");
    assertThat(run("dpkg-deb", "-f", deb().toString(), "Depends").orFail().out())
        .contains("openjdk-17-jre-headless | java17-runtime-headless");
  }

  @Test
  void letsTheKernelHoldWhatTheConfigurationAsksFor() throws IOException {
    assertThat(Gateway.top().resolve("gateway/src/deb/60-coa-gateway.conf"))
        .content()
        .endsWith("\nnet.core.rmem_max = " + DasParameters.DEFAULT_RECEIVE_BUFFER + "\n");
  }

  @Test
  void namesTheLicenceOfEveryLibraryInTheJar() throws IOException {
    String copyright = Files.readString(Gateway.top().resolve("gateway/src/deb/copyright"));
    Set<String> unnamed = new TreeSet<>();
    Pattern coordinates = Pattern.compile("META-INF/maven/([^/]+)/([^/]+)/pom.properties");
    try (JarFile jar = new JarFile(Gateway.jar().toFile())) {
      jar.stream()
          .map(entry -> coordinates.matcher(entry.getName()))
          .filter(Matcher::matches)
          .filter(found -> !found.group(1).equals("io.coagateway"))
          .filter(found -> !copyright.contains(found.group(1) + ":*"))
          .map(found -> found.group(1) + ":" + found.group(2))
          .filter(name -> !copyright.contains(name))
          .forEach(unnamed::add);
    }
    assertThat(unnamed).as("not in gateway/src/deb/copyright").isEmpty();
  }

  @Test
  @Needs({"lintian"})
  void lintianIsSilent(Lab lab) throws IOException {
    Command.Result result =
        Command.run(
            Place.HERE.asOrdinaryUser(),
            Path.of("/"),
            "",
            PATIENCE,
            List.of("lintian", "--tag-display-limit", "0", lab.copy(deb()).toString()));
    assertThat(result.out()).as(result.everything()).isEmpty();
  }

  @Test
  @Needs(
      value = {"dpkg", "dpkg-deb", "adduser", "setpriv", "radclient", "systemd-analyze"},
      root = true)
  void installsServesKeepsAChangedConfigurationAndGoesAway(Lab lab) throws Exception {
    install(lab);
    assertThat(run("dpkg", "--verify", "coa-gateway").orFail().out()).isEmpty();
    assertThat(run("systemd-analyze", "verify", UNIT.toString()).exit()).isZero();
    assertThat(Path.of("/usr/lib/coa-gateway/coa-gateway.jsa")).as("class archive").exists();
    assertThat(owners(CONFIGURATION)).isEqualTo("root:coa-gateway 640");

    assertThat(
            Pattern.compile("/usr/share/[^\\s\\]]+")
                .matcher(Files.readString(CONFIGURATION))
                .results())
        .hasSizeGreaterThan(2)
        .allSatisfy(named -> assertThat(Path.of(named.group())).exists());

    int port = lab.freePort();
    int serverPort = lab.freePort();
    edit(port, lab.freePort(), serverPort);
    String edited = Files.readString(CONFIGURATION);
    run("coa-gateway", "check-config").orFail();
    serves(lab, port, serverPort);

    run("dpkg", "-i", newer(lab)).orFail();
    assertThat(run("dpkg-query", "-W", "-f=${Version}", "coa-gateway").out()).endsWith("+later");
    assertThat(CONFIGURATION).hasContent(edited);

    run("dpkg", "--purge", "coa-gateway").orFail();
    assertThat(CONFIGURATION.getParent()).doesNotExist();
    assertThat(Path.of("/var/lib/coa-gateway")).doesNotExist();
    assertThat(Path.of("/var/cache/coa-gateway")).doesNotExist();
    assertThat(Path.of("/usr/lib/coa-gateway")).doesNotExist();
    assertThat(run("getent", "passwd", "coa-gateway").exit()).as("the user is gone").isEqualTo(2);
  }

  private static void install(Lab lab) throws IOException {
    boolean installed = run("dpkg-query", "-W", "-f=${Status}", "coa-gateway").exit() == 0;
    if (installed && "true".equals(System.getenv("CI"))) {
      fail("CI=true, but coa-gateway is installed on this machine");
    }
    assumeFalse(installed, "coa-gateway is installed on this machine");
    lab.add(() -> run("dpkg", "--purge", "coa-gateway"));
    run("dpkg", "-i", deb().toString()).orFail();
  }

  @Test
  @Needs(
      value = {"dpkg", "dpkg-deb", "dpkg-statoverride", "adduser"},
      root = true)
  void anUpgradeLeavesWhatTheOperatorHasChangedAndPurgeWhatIsHis(Lab lab) throws IOException {
    Path secret = CONFIGURATION.resolveSibling("dac-1.secret");
    Path flags = Path.of("/etc/default/coa-gateway");
    Path table = Path.of("/var/lib/coa-gateway/subscribers.db");
    install(lab);
    lab.add(() -> run("rm", "-rf", CONFIGURATION.getParent().toString(), flags.toString()));
    assertThat(table).isEmptyFile();
    Files.delete(table); // it is in PostgreSQL now
    run("chmod", "0644", CONFIGURATION.toString()).orFail();
    run("chown", "coa-gateway:adm", CONFIGURATION.getParent().toString()).orFail();
    run("chmod", "0751", CONFIGURATION.getParent().toString()).orFail();
    Files.writeString(flags, "JAVA_OPTIONS=-Xmx1g\n");

    run("dpkg", "-i", newer(lab)).orFail();

    assertThat(table).doesNotExist();
    assertThat(owners(CONFIGURATION)).isEqualTo("root:coa-gateway 644");
    assertThat(owners(CONFIGURATION.getParent())).isEqualTo("coa-gateway:adm 751");
    assertThat(Path.of("/usr/lib/coa-gateway"))
        .isDirectoryContaining("glob:**/coa-gateway.jsa")
        .isDirectoryNotContaining("glob:**/archive.*");

    Files.delete(CONFIGURATION);
    run("dpkg", "--force-confmiss", "-i", deb().toString()).orFail();
    assertThat(owners(CONFIGURATION)).as("put back").isEqualTo("root:coa-gateway 640");

    Files.writeString(secret, "32 random characters\n");
    run("chown", "coa-gateway:coa-gateway", secret.toString()).orFail();
    Path key = lab.directory().resolve("gateway.key"); // anywhere
    run("dpkg-statoverride", "--add", "root", "coa-gateway", "0640", key.toString()).orFail();
    run(
            "dpkg-statoverride",
            "--update",
            "--add",
            "coa-gateway",
            "coa-gateway",
            "0640",
            secret.toString())
        .orFail();
    Command.Result purged = run("dpkg", "--purge", "coa-gateway").orFail();

    assertThat(purged.err()).contains("/etc/coa-gateway is left, as files of yours are in it.");
    assertThat(owners(secret)).as("no user to come reads it").isEqualTo("root:root 640");
    assertThat(owners(CONFIGURATION.getParent())).isEqualTo("root:adm 751");
    assertThat(CONFIGURATION).doesNotExist();
    assertThat(flags).doesNotExist();
    assertThat(run("dpkg-statoverride", "--list").out()).doesNotContain("coa-gateway");
    assertThat(run("getent", "group", "coa-gateway").exit()).as("the group is gone").isEqualTo(2);
  }

  private static String owners(Path path) {
    return run("stat", "-c", "%U:%G %a", path.toString()).orFail().out().strip();
  }

  /** What an operator edits: ports that nobody else has. */
  private static void edit(int radiusPort, int adminPort, int serverPort) throws IOException {
    Files.writeString(
        CONFIGURATION,
        Files.readString(CONFIGURATION)
            .replace("[\"127.0.0.1:3799\", \"[::1]:3799\"]", "[\"127.0.0.1:" + radiusPort + "\"]")
            .replace("127.0.0.1:9912", "127.0.0.1:" + adminPort)
            .replace("[::1]:10547", "[::1]:" + serverPort));
  }

  /** The two commands at the head of the configuration, as they are copied from there. */
  private static List<String> firstCommands() throws IOException {
    Matcher found =
        Pattern.compile("\n# +(coa-gateway simulate-.*)\n# +(coa-gateway table import .*)\n")
            .matcher(Files.readString(CONFIGURATION).replace("\\\n#", ""));
    assertThat(found.find()).isTrue();
    return List.of(found.group(1), found.group(2));
  }

  /**
   * Starts ExecStart as the unit has it, but for systemd's sandbox, does what the configuration
   * says at its head, and asks for a change and a disconnect.
   */
  private static void serves(Lab lab, int port, int serverPort) throws Exception {
    // what CacheDirectory= does
    run("install", "-d", "-o", "coa-gateway", "-g", "coa-gateway", "/var/cache/coa-gateway")
        .orFail();
    BlockingQueue<String> states = new LinkedBlockingQueue<>();
    List<String> words = new ArrayList<>(List.of("env", "-i", "PATH=/usr/bin:/bin"));
    words.add("NOTIFY_SOCKET=" + manager(lab, states));
    words.add("WATCHDOG_USEC=200000");
    words.add("CACHE_DIRECTORY=/var/cache/coa-gateway");
    words.add(unit("(?m)^Environment=\"(JAVA_OPTIONS=.*)\"$"));
    words.addAll(
        List.of(
            "setpriv",
            "--reuid=coa-gateway",
            "--regid=coa-gateway",
            "--init-groups",
            "--inh-caps=-all,+net_bind_service",
            "--ambient-caps=+net_bind_service",
            "--bounding-set=-all,+net_bind_service",
            "--no-new-privs"));
    words.addAll(List.of(unit("(?m)^ExecStart=(.*)$").split(" ", -1)));
    Peer gateway = lab.start("gateway", Place.HERE, words).awaitUdp(port);
    assertThat(states.poll(30, TimeUnit.SECONDS)).startsWith("READY=1\n");
    assertThat(states.poll(30, TimeUnit.SECONDS)).isEqualTo("WATCHDOG=1");

    // as root, while it runs: the files stay the gateway's
    List<String> commands = firstCommands();
    lab.start("server", Place.HERE, List.of("sh", "-c", "exec " + commands.get(0)))
        .awaitUdp(serverPort);
    run("sh", "-c", commands.get(1)).orFail();
    assertThat(run("find", "/var/lib/coa-gateway", "!", "-user", "coa-gateway").out()).isEmpty();
    Radclient radclient = Radclient.to(Place.HERE, "127.0.0.1:" + port);
    Radclient.Answer answer =
        radclient.coa(
            "User-Name = \"alice@example.net\"", "DS-Lite-Tunnel-Name = \"aftr2.example.net\"");
    assertThat(answer.verdict()).as(answer.text() + gateway.output()).isEqualTo("CoA-ACK");
    answer = radclient.disconnect("User-Name = \"bob@example.net\"");
    assertThat(answer.verdict()).as(answer.text() + gateway.output()).isEqualTo("Disconnect-ACK");

    assertThat(gateway.stop(Duration.ofSeconds(30))).as(gateway.output()).isZero();
    assertThat(states).anyMatch(state -> state.startsWith("STOPPING=1\n"));
    assertThat(Path.of("/var/lib/coa-gateway/replay-memory")).exists();
  }

  private static String unit(String regex) throws IOException {
    Matcher found = Pattern.compile(regex).matcher(Files.readString(UNIT));
    assertThat(found.find()).as(regex).isTrue();
    return found.group(1);
  }

  /** Plays systemd: a Unix datagram socket that everybody may write to. */
  private static String manager(Lab lab, BlockingQueue<String> states) throws IOException {
    MultiThreadIoEventLoopGroup loops =
        new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    lab.add(() -> loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly());
    Path socket = lab.directory().resolve("notify");
    new Bootstrap()
        .group(loops)
        .channel(EpollDomainDatagramChannel.class)
        .handler(
            new SimpleChannelInboundHandler<DomainDatagramPacket>() {
              @Override
              protected void channelRead0(ChannelHandlerContext context, DomainDatagramPacket in) {
                states.add(in.content().toString(StandardCharsets.UTF_8));
              }
            })
        .bind(new DomainSocketAddress(socket.toString()))
        .syncUninterruptibly();
    Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rwxrwxrwx"));
    return socket.toString();
  }

  /** The same package with a later version. */
  private static String newer(Lab lab) throws IOException {
    Path tree = lab.directory().resolve("newer");
    run("dpkg-deb", "-R", deb().toString(), tree.toString()).orFail();
    Path control = tree.resolve("DEBIAN/control");
    Files.writeString(
        control, Files.readString(control).replaceFirst("(?m)^Version: .*$", "$0+later"));
    Path later = lab.directory().resolve("newer.deb");
    run("dpkg-deb", "-Znone", "-b", tree.toString(), later.toString()).orFail();
    return later.toString();
  }
}
