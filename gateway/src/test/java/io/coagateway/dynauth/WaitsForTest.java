package io.coagateway.dynauth;

import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.relay.DhcpServer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What the status page says of a request in flight. */
class WaitsForTest {
  private final Gateway gateway = new Gateway();

  private String waitsFor(int request) {
    return gateway.underWay.get(request).waitsFor();
  }

  @Test
  void aCoaWaitsForTheTableThenForTheServersThatAreAsked() {
    DhcpServer other =
        DhcpServer.builder("dhcp-2", gateway.server.address())
            .rsooOptions(gateway.server.rsooOptions())
            .build();
    gateway.servers = List.of(gateway.server, other);
    gateway.start();
    gateway.table.hold();
    gateway.coa("alice", "new.example.net");
    assertThat(waitsFor(0)).isEqualTo("the subscriber table");
    gateway.table.finishOne();
    gateway.settle();
    assertThat(waitsFor(0)).isEqualTo("dhcp-1, dhcp-2");
    gateway.reconfigure(0).noAnswer();
    assertThat(waitsFor(0)).isEqualTo("the subscriber table"); // until the old options are back
  }

  @Test
  void othersOfTheSessionWaitForTheFirst() {
    gateway.start();
    gateway.coa("alice", "new.example.net");
    gateway.coa("alice", "new.example.net");
    gateway.coa("alice", "other.example.net");
    assertThat(waitsFor(0)).isEqualTo("dhcp-1");
    assertThat(waitsFor(1)).isEqualTo("the same request, which is under way");
    assertThat(waitsFor(2)).isEqualTo("an earlier request for the session");
  }

  @Test
  void aDisconnectWaitsForTheCommandThenForItsServer() {
    gateway.cutsByHand = true;
    gateway.start();
    gateway.disconnect("alice");
    assertThat(waitsFor(0)).isEqualTo("nas.on-disconnect");
    gateway.cut.complete(new DataPath.Cut());
    gateway.settle();
    assertThat(waitsFor(0)).isEqualTo("dhcp-1");
    gateway.table.hold();
    gateway.release(0).released(false);
    assertThat(waitsFor(0)).isEqualTo("the subscriber table");
  }

  @Test
  void aDisconnectThatBeginsAgainWaitsForTheCommandAgain() {
    gateway.cutsByHand = true;
    gateway.start();
    gateway.disconnect("alice");
    gateway.cut.complete(new DataPath.Cut());
    gateway.settle();
    gateway.table.staleNext("port-1");
    gateway.release(0).released(false);
    gateway.settle();
    assertThat(gateway.cutWithin).hasSize(2);
    assertThat(waitsFor(0)).isEqualTo("nas.on-disconnect");
  }

  @Test
  void anUnknownSessionIsAskedForElsewhere() {
    CompletableFuture<Optional<String>> found = new CompletableFuture<>();
    gateway.elsewhere = (query, deadline) -> found;
    gateway.start();
    gateway.coa("carol", "new.example.net");
    assertThat(waitsFor(0)).isEqualTo("the DHCPv6 servers, by leasequery");
  }
}
