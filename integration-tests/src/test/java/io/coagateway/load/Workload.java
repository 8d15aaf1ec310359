package io.coagateway.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Random;

/**
 * The subscribers and what is asked of them.
 *
 * @param subscribers how many the table holds
 * @param links on how many links they are spread
 * @param distinctOptions whether each CoA carries a name of its own, so that no two can share a
 *     DHCPv6 message; otherwise the name changes every 8192 requests only
 */
record Workload(int subscribers, int links, boolean distinctOptions) {
  private static final int USER_NAME = 1;
  private static final int NAS_IP_ADDRESS = 4;
  private static final int CALLING_STATION_ID = 31;
  private static final int NAS_IDENTIFIER = 32;
  private static final int PROXY_STATE = 33;
  private static final int ACCT_SESSION_ID = 44;
  private static final int EVENT_TIMESTAMP = 55;
  private static final int NAS_PORT_ID = 87;
  private static final int CHARGEABLE_USER_IDENTITY = 89;
  private static final int DS_LITE_TUNNEL_NAME = 144;

  /** A CoA-Request of about 190 octets and 11 attributes for the {@code n}th request of a run. */
  byte[] request(int n, int identifier, int subscriber, RadiusOctets octets) {
    String aftr = "aftr-%07d.example.net".formatted(distinctOptions ? n : n >> 13);
    return new RadiusOctets.Builder(43, identifier)
        .attribute(USER_NAME, userName(subscriber))
        .attribute(NAS_IP_ADDRESS, 0xc0000201)
        .attribute(NAS_IDENTIFIER, "nas1.example.net")
        .attribute(ACCT_SESSION_ID, session(subscriber))
        .attribute(CALLING_STATION_ID, callingStation(subscriber))
        .attribute(NAS_PORT_ID, "1/1/%06d".formatted(subscriber))
        .attribute(CHARGEABLE_USER_IDENTITY, "c%07d".formatted(subscriber))
        .attribute(EVENT_TIMESTAMP, (int) (System.currentTimeMillis() / 1000))
        .attribute(DS_LITE_TUNNEL_NAME, wireName(aftr))
        .attribute(PROXY_STATE, "p%07d".formatted(n))
        .signed(octets);
  }

  /** Random subscribers, the same for the same seed. */
  int[] choose(int requests, long seed) {
    return new Random(seed).ints(requests, 0, subscribers).toArray();
  }

  /** Writes the table's records, one a line. */
  void writeRecords(Path file) {
    try (Writer out = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
      for (int i = 0; i < subscribers; i++) {
        out.write(record(i));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The table's record of one subscriber. */
  String record(int i) {
    int link = i % links;
    return """
        {"id":"port-%06d","duid":"%s","linkAddress":"2001:db8:1:%x::1",\
        "peerAddress":"fe80::%x:%x","interfaceId":"%s","serverDuid":"%s","reconfigureAccept":true,\
        "session":{"User-Name":["%s"],"Acct-Session-Id":["%s"],"Calling-Station-Id":["%s"],\
        "NAS-Port-Id":["1/1/%06d"],"Chargeable-User-Identity":["0x%s"]},\
        "ias":[{"type":"IA_NA","iaid":1,"leases":["2001:db8:1:%x:1::%x:%x"]}],"options":{}}
        """
        .formatted(
            i,
            Responder.duid(i),
            link,
            (i + 1) >> 16,
            (i + 1) & 0xffff,
            hex("1/1/%06d".formatted(i)),
            HexFormat.of().formatHex(Responder.SERVER_DUID),
            userName(i),
            session(i),
            callingStation(i),
            i,
            hex("c%07d".formatted(i)),
            link,
            (i + 1) >> 16,
            (i + 1) & 0xffff);
  }

  private static String hex(String text) {
    return HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
  }

  static String userName(int i) {
    return "user%06d@example.net".formatted(i);
  }

  private static String session(int i) {
    return "%08X".formatted(0x8A000000 + i);
  }

  private static String callingStation(int i) {
    return "02-00-5E-%02X-%02X-%02X".formatted((i >> 16) & 0xff, (i >> 8) & 0xff, i & 0xff);
  }

  private static byte[] wireName(String name) {
    byte[] wire = new byte[name.length() + 2];
    int at = 0;
    for (String label : name.split("\\.", -1)) {
      wire[at++] = (byte) label.length();
      for (byte octet : label.getBytes(StandardCharsets.US_ASCII)) {
        wire[at++] = octet;
      }
    }
    return wire;
  }
}
