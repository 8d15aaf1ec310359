package io.coagateway.relay;

import io.coagateway.dhcpv6.ClientIdOption;
import io.coagateway.dhcpv6.Option;
import io.coagateway.dhcpv6.OptionList;
import io.coagateway.wire.Ipv6Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** One client's place in a release message, with the leases that this message names. */
final class ReleasePlace extends Place {
  private final ReleaseTask task;
  private final List<LeasedIa> ias;
  private final Consumer<ServerResult> result;
  private final boolean everything;
  private final OptionList clientData;

  /**
   * @param ias those of the task's leases that this message names
   * @param result is told once
   */
  ReleasePlace(ReleaseTask task, List<LeasedIa> ias, Consumer<ServerResult> result) {
    super(task.client(), task.deadlineNanos());
    this.task = task;
    this.ias = ias;
    this.result = result;
    everything =
        task.server().withoutIaid() == WithoutIaid.ALL
            && !ias.stream().allMatch(ia -> ia.iaid().isPresent());
    clientData = clientData();
  }

  private OptionList clientData() {
    List<Option> options = new ArrayList<>(ias.size() + 1);
    options.add(new ClientIdOption(task.client())); // RL-7
    if (!everything) {
      for (LeasedIa ia : ias) {
        if (ia.iaid().isPresent()) {
          options.add(ReleasedLeases.container(ia)); // RL-8
        } else {
          options.addAll(ReleasedLeases.bare(ia));
        }
      }
    }
    return OptionList.of(options);
  }

  /**
   * What an answer before said is gone stays gone, whatever a later one says of the rest; when
   * nothing is left, no refusal is either (RL-24).
   */
  @Override
  void onResult(ServerResult outcome) {
    ServerResult before = provisional();
    ServerResult all = before == null ? outcome : outcome.withFreedToo(before.freed());
    result.accept(isAll(all.freed()) ? all.accepted() : all);
  }

  private boolean isAll(List<LeasedIa> freed) {
    return !freed.isEmpty()
        && ias.stream().allMatch(ia -> leasesOf(ia, freed).containsAll(ia.leases()));
  }

  private static Set<Ipv6Prefix> leasesOf(LeasedIa ia, List<LeasedIa> freed) {
    return freed.stream()
        .filter(some -> some.type() == ia.type() && some.iaid().equals(ia.iaid()))
        .flatMap(some -> some.leases().stream())
        .collect(Collectors.toSet());
  }

  ReleaseTask task() {
    return task;
  }

  List<LeasedIa> ias() {
    return ias;
  }

  /** Whether no lease is named, which stands for all that the client has. */
  boolean everything() {
    return everything;
  }

  /** What CLIENT_DATA holds, but for Interface-Id. */
  OptionList options() {
    return clientData;
  }
}
