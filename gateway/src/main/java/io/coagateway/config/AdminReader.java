package io.coagateway.config;

import io.coagateway.admin.AdminParameters;
import io.coagateway.admin.AdminToken;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads {@code admin}. */
final class AdminReader {
  private static final int PORT = 9912;
  private static final int DEFAULT_CONNECTIONS = 64;

  private static final Form<Optional<InetSocketAddress>> LISTEN =
      ServerReader.orWord("none", Forms.socket(PORT));

  private static final Form<AdminToken> TOKEN =
      Form.of(
          text -> {
            try {
              return AdminToken.of(text);
            } catch (IllegalArgumentException e) {
              throw new BadValue(
                  "is unusable: it needs "
                      + AdminToken.MIN_LENGTH
                      + " characters or more and no space. Make one with: openssl rand -hex 32");
            }
          });

  private static final Form<String> HOST =
      Forms.TEXT.then(
          text -> {
            if (!text.matches("[A-Za-z0-9._-]+")) {
              throw new BadValue("is not a host name. Give one like nas1.example.net, no port.");
            }
            return text.toLowerCase(Locale.ROOT);
          },
          String::valueOf);

  /** What sun_path of unix(7) holds, 108 octets, less the two that Java keeps for itself. */
  private static final int MAX_SOCKET_OCTETS = 106;

  private AdminReader() {}

  static AdminParameters read(Section admin) {
    InetSocketAddress loopback =
        new InetSocketAddress(NetUtil.createInetAddressFromIpAddressString("127.0.0.1"), PORT);
    Optional<InetSocketAddress> listen = admin.value("listen", LISTEN, Optional.of(loopback));
    listen
        .filter(l -> !l.getAddress().isLoopbackAddress())
        .ifPresent(
            l ->
                admin.warning(
                    "listen",
                    "is not loopback: everybody who reaches it can read status and metrics. Guard"
                        + " it by a firewall."));
    Optional<Path> socket = admin.optional("socket", socket(admin.expansion()));
    Optional<AdminToken> token = admin.secret("token", TOKEN);
    Set<String> hosts =
        admin.list("hosts", HOST, List.of()).stream().collect(Collectors.toUnmodifiableSet());
    int connections = admin.value("max-connections", Forms.integer(1, 1024), DEFAULT_CONNECTIONS);
    return new AdminParameters(listen, socket, token, hosts, connections);
  }

  /** A socket that is there already may be taken over, or not, when the gateway starts. */
  private static Form<Path> socket(Expansion expansion) {
    return Forms.path(expansion)
        .then(
            path -> {
              Path absolute = path.toAbsolutePath();
              if (Files.isRegularFile(absolute) || Files.isDirectory(absolute)) {
                throw new BadValue(
                    "names " + absolute + ", which is no socket. Remove it, or give another path.");
              }
              if (!Files.isDirectory(absolute.getParent())) {
                throw new BadValue(
                    "lies in " + absolute.getParent() + ", which does not exist. Create it.");
              }
              int octets = absolute.toString().getBytes(StandardCharsets.UTF_8).length;
              if (octets > MAX_SOCKET_OCTETS) {
                throw new BadValue(
                    "is too long for a socket: %d octets with its directories. Give a path of at most %d."
                        .formatted(octets, MAX_SOCKET_OCTETS));
              }
              return path;
            },
            Path::toString);
  }
}
