package io.coagateway.config;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Who may read a file with a secret in it, and how to let the gateway's user alone read it. What is
 * installed runs as a user of its own, while the configuration is mostly checked by root.
 *
 * @param user who this process runs as
 * @param service the user of the installed service, whose group has the same name; empty when the
 *     gateway runs as whoever starts it
 */
record FileAccess(String user, Optional<String> service) {
  private static final String ROOT = "root";

  /** Made by the package. */
  private static final String SERVICE = "coa-gateway";

  /** The property that only the installed program has. */
  private static final String INSTALLED = "coa-gateway.config";

  static FileAccess ofThisProcess() {
    String user = System.getProperty("user.name");
    boolean serves =
        System.getProperty(INSTALLED) != null
            && (user.equals(ROOT) || user.equals(SERVICE))
            && hasGroup(SERVICE);
    return new FileAccess(user, serves ? Optional.of(SERVICE) : Optional.empty());
  }

  private static boolean hasGroup(String name) {
    try {
      FileSystems.getDefault().getUserPrincipalLookupService().lookupPrincipalByGroupName(name);
      return true;
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  /** What to run so that the gateway can read {@code file}, and no other user. */
  String cure(Path file) {
    if (service.isPresent()) {
      return "chown %s:%s %s && chmod 0640 %s".formatted(ROOT, service.get(), file, file);
    }
    return user.equals(ROOT)
        ? "chmod 0600 " + file + ", and chown it to the user that the gateway runs as"
        : "chown %s %s && chmod 0600 %s".formatted(user, file, file);
  }

  /**
   * That this process may not read {@code file}, which holds no secret, and what to run so that
   * everybody may; continues the sentence that the file begins.
   */
  static String closedToThisProcess(Path file) {
    return closed(file, System.getProperty("user.name"), Files::isExecutable);
  }

  /**
   * @param mayEnter whether the user may enter a folder
   */
  static String closed(Path file, String user, Predicate<Path> mayEnter) {
    Path absolute = file.toAbsolutePath();
    for (int i = 0; i < absolute.getNameCount(); i++) {
      Path folder =
          i == 0 ? absolute.getRoot() : absolute.getRoot().resolve(absolute.subpath(0, i));
      if (!mayEnter.test(folder)) {
        return "may not be read by %s, who may not enter %s. Run: chmod a+x %s"
            .formatted(user, folder, folder);
      }
    }
    return "may not be read by " + user + ". Run: chmod a+r " + file;
  }

  /**
   * What is doubtful about a file with a secret; empty when nothing.
   *
   * @param what the file, as a sentence begins with it
   * @throws IOException when it cannot be looked at
   */
  Optional<String> doubt(String what, Path file) throws IOException {
    if (!Files.getFileStore(file).supportsFileAttributeView("posix")) {
      return Optional.empty();
    }
    PosixFileAttributes attributes = Files.readAttributes(file, PosixFileAttributes.class);
    if (attributes.permissions().contains(PosixFilePermission.OTHERS_READ)) {
      return Optional.of(what + " can be read by every user of this machine. " + cure(file));
    }
    return closedToService(what, file);
  }

  /**
   * That this process may read {@code file} and the service may not; empty when it may, or is none.
   *
   * @param what the file, as a sentence begins with it
   * @throws IOException when it cannot be looked at
   */
  Optional<String> closedToService(String what, Path file) throws IOException {
    if (service.isEmpty() || service.get().equals(user)) {
      return Optional.empty();
    }
    PosixFileAttributes attributes = Files.readAttributes(file, PosixFileAttributes.class);
    return service
        .filter(name -> isClosedTo(name, attributes))
        .map(name -> what + " cannot be read by " + name + ", the service's user. " + cure(file));
  }

  /** A group other than root's may be one of {@code name}'s, as Debian's ssl-cert is for keys. */
  private static boolean isClosedTo(String name, PosixFileAttributes attributes) {
    if (attributes.permissions().contains(PosixFilePermission.OTHERS_READ)) {
      return false;
    }
    if (attributes.owner().getName().equals(name)) {
      return !attributes.permissions().contains(PosixFilePermission.OWNER_READ);
    }
    return attributes.group().getName().equals(ROOT)
        || !attributes.permissions().contains(PosixFilePermission.GROUP_READ);
  }
}
