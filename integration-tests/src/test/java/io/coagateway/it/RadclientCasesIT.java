package io.coagateway.it;

import io.coagateway.lab.Gateway;
import io.coagateway.lab.GatewayConfiguration;
import io.coagateway.lab.Lab;
import io.coagateway.lab.Needs;
import io.coagateway.lab.Place;
import io.coagateway.lab.Radclient;
import io.coagateway.lab.Subscriber;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;

/** What radclient gets for requests that are wrong in one way each (RFC 5176 sections 2 and 3). */
@Needs("radclient")
class RadclientCasesIT {
  private static final Subscriber ALICE = new Subscriber(1);
  private static final String AFTR = "DS-Lite-Tunnel-Name = \"aftr.example.net\"";
  private static final String SESSION = "Acct-Session-Id = \"" + ALICE.session() + "\"";
  private static final String USER = "User-Name = \"" + ALICE.userName() + "\"";

  private static Map<String, Object> client(String name, String address, String requirement) {
    Map<String, Object> client = new LinkedHashMap<>();
    client.put("name", name);
    client.put("addresses", List.of(address));
    client.put("secret", "testing123");
    client.put("message-authenticator", requirement);
    client.put("event-timestamp", requirement);
    return client;
  }

  private static String timestamp(int fromNow) {
    return "Event-Timestamp = " + (System.currentTimeMillis() / 1000 + fromNow);
  }

  @Test
  void eachCaseGetsTheAnswerOfTheRfc(Lab lab) {
    int serverPort = lab.freePort();
    GatewayConfiguration configuration =
        new GatewayConfiguration(lab)
            .set(
                "radius.clients",
                List.of(
                    client("lenient", "127.0.0.1/32", "when-present"),
                    client("strict", "::1/128", "required")))
            .set("nas.identifier", "nas1.example.net")
            .set("nas.addresses", List.of("192.0.2.1"))
            .server(
                "dhcp-1",
                "[::1]:" + serverPort,
                "release",
                "release-request",
                "rsoo-options",
                List.of("aftr-name"));
    Gateway gateway = new Gateway(lab, Place.HERE.asOrdinaryUser());
    // Bob and Carol share a Called-Station-Id: one request for both.
    String lines =
        ALICE
                .line()
                .replace(
                    "\"NAS-Port-Id\"",
                    "\"Acct-Multi-Session-Id\":[\"m1\"],\"Chargeable-User-Identity\":[\"0x6331\"],"
                        + "\"NAS-Port-Id\"")
            + shared(new Subscriber(2))
            + shared(new Subscriber(3));
    gateway.importSubscribers(configuration.write(), lines);
    SimulatedServers.start(gateway, "server", serverPort, lines);
    gateway.run(configuration);
    Radclient lenient = Radclient.to(Place.HERE, configuration.radiusAddress());
    Radclient strict =
        Radclient.to(Place.HERE, "[::1]:" + configuration.radiusPort()).sending(1, 1);
    SoftAssertions softly = new SoftAssertions();
    class Cases {
      void expect(String what, String verdict, Radclient.Answer answer) {
        softly.assertThat(answer.verdict()).as(what + "\n" + answer.text()).isEqualTo(verdict);
      }
    }
    Cases cases = new Cases();

    cases.expect("good", "CoA-ACK", lenient.coa(USER, SESSION, AFTR));
    cases.expect(
        "the NAS named", "CoA-ACK", lenient.coa(USER, AFTR, "NAS-Identifier = nas1.example.net"));
    cases.expect(
        "another NAS-Identifier", "CoA-NAK 403", lenient.coa(USER, AFTR, "NAS-Identifier = nas2"));
    cases.expect(
        "another NAS-IP-Address",
        "CoA-NAK 403",
        lenient.coa(USER, AFTR, "NAS-IP-Address = 192.0.2.9"));
    cases.expect("no identification", "CoA-NAK 402", lenient.coa(AFTR));
    cases.expect("no identification", "Disconnect-NAK 402", lenient.disconnect(timestamp(0)));
    cases.expect(
        "an attribute that nobody carries",
        "CoA-NAK 401",
        lenient.coa(USER, "Session-Timeout = 3600"));
    cases.expect("a change in a Disconnect", "Disconnect-NAK 401", lenient.disconnect(USER, AFTR));
    cases.expect(
        "a name that is none", "CoA-NAK 407", lenient.coa(USER, "DS-Lite-Tunnel-Name = \"a b\""));
    cases.expect("Service-Type", "CoA-NAK 405", lenient.coa(USER, "Service-Type = Framed-User"));
    cases.expect(
        "Authorize-Only without State",
        "CoA-NAK 402",
        lenient.coa(USER, "Service-Type = Authorize-Only"));
    for (String other :
        List.of(
            "User-Name = \"" + ALICE.userName() + "x\"",
            "User-Name = \"" + ALICE.userName().substring(1) + "\"",
            "Acct-Session-Id = \"" + ALICE.session() + "0\"",
            "Acct-Session-Id = \"" + ALICE.session().substring(1) + "\"",
            "Calling-Station-Id = \"02-00-5E-10-00-99\"",
            "Acct-Multi-Session-Id = \"m2\"",
            "Chargeable-User-Identity = 0x6332")) {
      cases.expect("no such session: " + other, "CoA-NAK 503", lenient.coa(other, AFTR));
      String right = other.startsWith("User-Name") ? SESSION : USER;
      cases.expect("one of two differs: " + other, "CoA-NAK 503", lenient.coa(right, other, AFTR));
    }
    for (String same :
        List.of(
            "Calling-Station-Id = \"02:00:5e:10:00:01\"",
            "Calling-Station-Id = \"0200.5e10.0001\"",
            "Acct-Multi-Session-Id = \"m1\"",
            "Chargeable-User-Identity = 0x6331")) {
      cases.expect("the same session: " + same, "CoA-ACK", lenient.coa(USER, same, AFTR));
    }
    cases.expect("several sessions", "CoA-ACK", lenient.coa("Called-Station-Id = \"pair\"", AFTR));
    cases.expect(
        "an old Event-Timestamp", "none", strictly(lenient).coa(USER, AFTR, timestamp(-400)));
    cases.expect(
        "an Event-Timestamp of the future",
        "none",
        strictly(lenient).coa(USER, AFTR, timestamp(400)));
    String signed = "Message-Authenticator = 0x00";
    cases.expect("required, none", "none", strict.coa(USER, AFTR));
    cases.expect("required, no Event-Timestamp", "none", strict.coa(USER, AFTR, signed));
    cases.expect(
        "required, no Message-Authenticator", "none", strict.coa(USER, AFTR, timestamp(0)));
    cases.expect("required and given", "CoA-ACK", strict.coa(USER, AFTR, timestamp(0), signed));
    softly.assertAll();
  }

  private static Radclient strictly(Radclient radclient) {
    return radclient.sending(1, 1);
  }

  private static String shared(Subscriber subscriber) {
    return subscriber
        .line()
        .replace("\"NAS-Port-Id\"", "\"Called-Station-Id\":[\"pair\"],\"NAS-Port-Id\"");
  }
}
