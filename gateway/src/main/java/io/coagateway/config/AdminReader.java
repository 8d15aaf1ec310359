package io.coagateway.config;

import io.coagateway.admin.AdminParameters;
import io.coagateway.admin.AdminToken;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
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
    Optional<Path> socket = admin.optional("socket", Forms.path(admin.expansion()));
    socket
        .map(Path::toAbsolutePath)
        .map(Path::getParent)
        .filter(directory -> !Files.isDirectory(directory))
        .ifPresent(
            directory ->
                admin.problem(
                    "socket", "lies in " + directory + ", which does not exist. Create it."));
    Optional<AdminToken> token = admin.secret("token", TOKEN);
    Set<String> hosts =
        admin.list("hosts", HOST, List.of()).stream().collect(Collectors.toUnmodifiableSet());
    int connections = admin.value("max-connections", Forms.integer(1, 1024), DEFAULT_CONNECTIONS);
    return new AdminParameters(listen, socket, token, hosts, connections);
  }
}
