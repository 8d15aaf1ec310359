package io.coagateway.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where and as whom a program runs.
 *
 * @param namespace the network namespace, empty for the one the tests run in
 * @param mounts the process whose file systems it sees, empty for those that the tests see
 * @param ordinaryUser whether the program loses root's rights when the tests have them
 */
public record Place(Optional<String> namespace, Optional<Long> mounts, boolean ordinaryUser) {
  /** Here, as whoever runs the tests. */
  public static final Place HERE = new Place(Optional.empty(), Optional.empty(), false);

  /** The same place, as an ordinary user. */
  public Place asOrdinaryUser() {
    return new Place(namespace, mounts, true);
  }

  /** The same place with the file systems that a {@linkplain Lab#smallDisk disk} sees. */
  public Place seeing(Peer disk) {
    return new Place(namespace, Optional.of(disk.pid()), ordinaryUser);
  }

  /** The same place, with all rights that the tests have. */
  Place asRoot() {
    return new Place(namespace, mounts, false);
  }

  /** The command line that runs {@code command} here; it replaces itself, so the pid stays. */
  List<String> command(List<String> command) {
    List<String> words = new ArrayList<>();
    namespace.ifPresent(name -> words.addAll(List.of("ip", "netns", "exec", name)));
    mounts.ifPresent(
        pid ->
            words.addAll(List.of("nsenter", "--target", pid.toString(), "--mount", "--wd", "--")));
    if (ordinaryUser && Machine.isRoot()) {
      words.addAll(List.of("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", "--"));
    }
    words.addAll(command);
    return words;
  }
}
