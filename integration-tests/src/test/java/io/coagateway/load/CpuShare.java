package io.coagateway.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A control group that gives a process a part of the machine's processor time, as a container would
 * have it. Needs root and control groups of either version.
 */
final class CpuShare implements AutoCloseable {
  private static final Path GROUPS = Path.of("/sys/fs/cgroup");
  private static final Duration PERIOD = Duration.ofMillis(10);

  private final long pid;
  private final Path group;

  private CpuShare(long pid, Path group) {
    this.pid = pid;
    this.group = group;
  }

  /**
   * From now on the process gets {@code cores} of a core at most.
   *
   * @param cores more than 0
   */
  static CpuShare limit(long pid, double cores) throws IOException {
    boolean unified = Files.exists(GROUPS.resolve("cgroup.controllers"));
    Path parent = unified ? GROUPS : GROUPS.resolve("cpu");
    CpuShare share = new CpuShare(pid, Files.createDirectory(parent.resolve("coa-gateway-" + pid)));
    long period = PERIOD.toNanos() / 1000;
    long quota = Math.max(1000, Math.round(period * cores));
    if (unified) {
      Files.writeString(parent.resolve("cgroup.subtree_control"), "+cpu");
      share.write("cpu.max", quota + " " + period);
    } else {
      share.write("cpu.cfs_period_us", Long.toString(period));
      share.write("cpu.cfs_quota_us", Long.toString(quota));
    }
    share.enter(share.group);
    return share;
  }

  private void write(String file, String value) throws IOException {
    Files.writeString(group.resolve(file), value);
  }

  private void enter(Path other) throws IOException {
    Files.writeString(other.resolve("cgroup.procs"), Long.toString(pid));
  }

  /** The process has all of the machine again. */
  @Override
  public void close() throws IOException {
    enter(group.getParent());
    Files.delete(group);
  }
}
