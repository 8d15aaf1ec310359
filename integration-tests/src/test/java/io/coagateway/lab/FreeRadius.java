package io.coagateway.lab;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** FreeRADIUS, each time with a small configuration of its own in the lab's directory. */
public final class FreeRadius {
  private FreeRadius() {}

  /**
   * A bare dynamic authorization server: it acknowledges every CoA and Disconnect, and logs as
   * little as in production.
   *
   * @param port where it listens on 127.0.0.1, with the secret {@code testing123}
   */
  public static Peer acknowledging(Lab lab, Place place, int port) {
    return start(
            lab,
            place,
            "bare-coa",
            """
            client lo { ipaddr = 127.0.0.1/32
                        secret = testing123 }
            server coa {
              listen { type = coa
                       ipaddr = 127.0.0.1
                       port = %d
                       recv_buff = 4194304 }
              recv-coa {
                ok
              }
              send-coa {
                ok
              }
            }
            """
                .formatted(port))
        .awaitUdp(port);
  }

  /**
   * A RADIUS server that turns Accounting-Requests into dynamic authorization: one for a {@code
   * Class} of {@code coa...} originates a CoA-Request, of {@code disconnect...} a
   * Disconnect-Request, both with the User-Name and Acct-Session-Id of the accounting and, for a
   * CoA, the DS-Lite-Tunnel-Name that {@code Filter-Id} holds. What comes back is logged as {@code
   * originated: got CODE}.
   *
   * @param accountingPort where it takes accounting on 127.0.0.1
   * @param gatewayPort the dynamic authorization server's port on 127.0.0.1
   */
  public static Peer originating(Lab lab, Place place, int accountingPort, int gatewayPort) {
    return originating(
        lab,
        place,
        "originating",
        accountingPort,
        """
        home_server gateway {
          type = coa
          ipaddr = 127.0.0.1
          port = %d
          secret = testing123
          coa { irt = 2
                mrt = 16
                mrc = 5
                mrd = 30 }
        }
        home_server_pool gateway { type = fail-over
                                   home_server = gateway
                                   virtual_server = originate }
        server originate {
          pre-proxy {
            ok
          }
          post-proxy {
            linelog
            ok
            Post-Proxy-Type Fail-CoA {
              linelog
            }
            Post-Proxy-Type Fail-Disconnect {
              linelog
            }
          }
        }
        """
            .formatted(gatewayPort),
        """
        if (&Class == 0x636f61) {
          update coa {
            &User-Name := &User-Name
            &Acct-Session-Id := &Acct-Session-Id
            &DS-Lite-Tunnel-Name := &Filter-Id
            &Home-Server-Pool := "gateway"
          }
        }
        elsif (&Class == 0x646973) {
          update disconnect {
            &User-Name := &User-Name
            &Acct-Session-Id := &Acct-Session-Id
            &Home-Server-Pool := "gateway"
          }
        }
        """);
  }

  /**
   * A RADIUS server that originates what the README tells to write.
   *
   * @param accountingPort where it takes accounting on 127.0.0.1
   * @param homeServers the README's part of {@code proxy.conf}, on loopback
   * @param accounting the README's part of the section {@code accounting}
   */
  public static Peer asDocumented(
      Lab lab, Place place, int accountingPort, String homeServers, String accounting) {
    return originating(lab, place, "documented", accountingPort, homeServers, accounting);
  }

  /**
   * A RADIUS server that originates requests when it is told of sessions.
   *
   * @param homeServers where it sends them
   * @param accounting what makes it originate them
   */
  private static Peer originating(
      Lab lab,
      Place place,
      String name,
      int accountingPort,
      String homeServers,
      String accounting) {
    return start(
            lab,
            place,
            name,
            """
            client lo { ipaddr = 127.0.0.1/32
                        secret = testing123 }
            %s
            server accounting {
              listen { type = acct
                       ipaddr = 127.0.0.1
                       port = %d }
              preacct {
                ok
              }
              accounting {
                %s
                ok
              }
            }
            """
                .formatted(homeServers, accountingPort, accounting),
            "-xx")
        .awaitUdp(accountingPort);
  }

  /**
   * A proxy that takes dynamic authorization over UDP and sends it on to the gateway over TLS, in
   * which it is the client; it shows {@code dac.pem} of the lab's directory.
   *
   * @param port where it listens on 127.0.0.1, with the secret {@code testing123}
   * @param gatewayPort where the gateway takes RADIUS over TLS on 127.0.0.1
   */
  public static Peer proxyingToTls(Lab lab, Place place, int port, int gatewayPort) {
    return proxy(
        lab,
        place,
        "proxying-to-tls",
        port,
        """
        port = %1$d
        proto = tcp
        secret = radsec
        tls {
          private_key_file = %2$s/dac.key
          certificate_file = %2$s/dac.pem
          ca_file = %2$s/ca.pem
          tls_min_version = "1.2"
          tls_max_version = "1.3"
        }
        """
            .formatted(gatewayPort, lab.directory()));
  }

  /**
   * A proxy for dynamic authorization: what it gets it sends on to the gateway with a Proxy-State
   * of its own, once for each transmission of its client, and gives back the answer.
   *
   * @param port where it listens on 127.0.0.1, with the secret {@code testing123}
   * @param gatewayPort the dynamic authorization server's port on 127.0.0.1
   */
  public static Peer proxying(Lab lab, Place place, int port, int gatewayPort) {
    return proxy(
        lab,
        place,
        "proxying",
        port,
        """
        port = %d
        secret = testing123
        coa { irt = 2
              mrt = 16
              mrc = 5
              mrd = 30 }
        """
            .formatted(gatewayPort));
  }

  /** What a client sends to {@code port} goes to the home server, whose settings follow. */
  private static Peer proxy(Lab lab, Place place, String name, int port, String homeServer) {
    return start(
            lab,
            place,
            name,
            """
            client lo { ipaddr = 127.0.0.1/32
                        secret = testing123 }
            home_server gateway {
              type = coa
              ipaddr = 127.0.0.1
              %s
            }
            home_server_pool gateway { type = fail-over
                                       home_server = gateway }
            server proxy {
              listen { type = coa
                       ipaddr = 127.0.0.1
                       port = %d }
              recv-coa {
                update control {
                  &Home-Server-Pool := "gateway"
                }
                ok
              }
              send-coa {
                ok
              }
              pre-proxy {
                ok
              }
              post-proxy {
                ok
              }
            }
            """
                .formatted(homeServer, port),
            "-xx")
        .awaitUdp(port);
  }

  private static Peer start(Lab lab, Place place, String name, String servers, String... options) {
    Path directory = lab.directory().resolve(name);
    lab.write(
        name + "/radiusd.conf",
        """
        prefix = /usr
        name = radiusd
        libdir = /usr/lib/freeradius
        logdir = DIRECTORY
        run_dir = DIRECTORY
        pidfile = DIRECTORY/radiusd.pid
        correct_escapes = true
        max_request_time = 35
        cleanup_delay = 5
        max_requests = 65536
        log { destination = stdout }
        security { max_attributes = 200
                   reject_delay = 0
                   status_server = no
                   allow_vulnerable_openssl = yes }
        thread pool { start_servers = 5
                      max_servers = 32
                      min_spare_servers = 3
                      max_spare_servers = 10
                      max_requests_per_server = 0 }
        modules {
          always ok { rcode = ok }
          linelog { filename = DIRECTORY/answers.log
                    format = "originated: got %{%{proxy-reply:Packet-Type}:-no answer}" }
        }
        """
                .replace("DIRECTORY", directory.toString())
            + servers);
    List<String> words = new ArrayList<>(List.of("freeradius", "-f", "-l", "stdout"));
    words.addAll(List.of("-d", directory.toString(), "-n", "radiusd"));
    words.addAll(List.of("-D", "/usr/share/freeradius"));
    words.addAll(List.of(options));
    return lab.start(name, place, words);
  }
}
