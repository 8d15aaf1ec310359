package io.coagateway.it;

import io.coagateway.dac.Retransmission;
import io.coagateway.lab.Gateway;
import io.coagateway.lab.GatewayConfiguration;
import io.coagateway.lab.Lab;
import io.coagateway.lab.Peer;
import io.coagateway.lab.Place;
import io.coagateway.lab.Subscriber;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Kills the gateway with SIGKILL under load, over and over: CoA-Requests, Disconnect-Requests, and
 * a relay, another process, that writes its leases into the same database. After each kill the
 * database must be sound and hold all that was acknowledged, and after each start no mark may stay
 * pending.
 *
 * <p>{@code integration-tests/bench kill [COUNT]}.
 */
public final class KillLoop {
  private static final int CHANGED = 40; // subscribers of CoA-Requests: 1 and on
  private static final int RELAYED = 20; // subscribers that the relay writes: 101 and on
  private static final int LEAVING = 151; // subscribers of Disconnect-Requests: this and on
  private static final Retransmission ONCE = LoadDac.once(Duration.ofSeconds(20));
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Pattern WRITTEN = Pattern.compile("^(\\d+) (\\d+)$", Pattern.MULTILINE);

  /** Writes one lease after the other, and says so after each commit. */
  private static final String RELAY =
      """
      import json, sqlite3, sys, time
      db = sqlite3.connect(sys.argv[1], timeout=20, isolation_level=None)
      number = 0
      while True:
          number += 1
          n = 101 + number % int(sys.argv[2])
          db.execute(
              "INSERT INTO subscriber (nas, id, duid, link_address, server_duid, session, ias, options)"
              " VALUES ('', ?, ?, ?, ?, ?, ?, x'')",
              ("relay-%d" % n, bytes.fromhex("0003000102005e1000%02x" % n),
               bytes.fromhex("20010db8000000070000000000000001"), bytes.fromhex(sys.argv[3]),
               json.dumps({"User-Name": ["relay%d@example.net" % n],
                           "Acct-Session-Id": [str(number)]}), "[]"))
          print(n, number, flush=True)
          time.sleep(0.002)
      """;

  /** So many CoAs are acknowledged before a kill of the command: then the JVM has compiled. */
  private static final int WARM = 5000;

  private final Lab lab;
  private final int warm;
  private final Gateway gateway;
  private final GatewayConfiguration configuration;
  private final String database;
  private final Map<Integer, LoadDac.Known> known = new ConcurrentHashMap<>();
  private final Set<Integer> gone = ConcurrentHashMap.newKeySet();
  private final AtomicLong numbers = new AtomicLong();
  private final Random random = new Random(4711);
  private long acknowledged;
  private long disconnected;
  private long relayed;

  private KillLoop(Lab lab, int warm) throws Exception {
    this.lab = lab;
    this.warm = warm;
    String records =
        IntStream.concat(IntStream.rangeClosed(1, CHANGED), IntStream.range(LEAVING, LEAVING + 100))
            .mapToObj(n -> new Subscriber(n).line())
            .collect(Collectors.joining());
    WatchedServer server = WatchedServer.start(lab, records, Set.of(), Set.of());
    configuration =
        new GatewayConfiguration(lab)
            .server(
                "dhcp-1",
                "[::1]:" + server.port(),
                "release",
                "release-request",
                "rate-limit",
                "5000/s",
                "rsoo-options",
                List.of("aftr-name"));
    gateway = new Gateway(lab, Place.HERE.asOrdinaryUser());
    gateway.importSubscribers(configuration.write(), records);
    database = lab.directory().resolve("subscribers.db").toString();
  }

  /**
   * Kills it {@code count} times, and as often again right after a start.
   *
   * @param warm how many CoAs are acknowledged before each of the first kills
   * @return what was done, in words
   * @throws AssertionError when something acknowledged is missing
   */
  static String run(Lab lab, int count, int warm) throws Exception {
    return new KillLoop(lab, Math.max(warm, CHANGED)).run(count);
  }

  private String run(int count) throws Exception {
    Path script = lab.write("relay.py", RELAY);
    Peer relay =
        lab.start(
            "relay",
            Place.HERE.asOrdinaryUser(),
            "/usr/bin/python3",
            script.toString(),
            database,
            Integer.toString(RELAYED),
            Subscriber.SERVER_DUID);
    int repeated = 0;
    for (int i = 1; i <= count; i++) {
      killOnce(i);
      check(relay.output());
      repeated += marks("state IN (0, 2)");
      Peer again = gateway.run(configuration);
      again.await("leaves no mark pending", () -> marks("state IN (0, 2)") == 0);
      again.kill();
      check(relay.output());
    }
    relay.close();
    return "killed %d times: %d CoA (%d before each kill under load) and %d Disconnect acknowledged, %d rows of the relay, none missing; %d marks were found pending and settled"
        .formatted(2 * count, acknowledged, acknowledged / count, disconnected, relayed, repeated);
  }

  /** Load, for a moment, then SIGKILL. */
  private void killOnce(int round) throws Exception {
    Peer running = gateway.run(configuration);
    try (LoadDac dac = new LoadDac(configuration.radiusPort(), known, numbers, ONCE)) {
      dac.start(IntStream.rangeClosed(1, CHANGED).mapToObj(Subscriber::new).toList());
      running.await("acknowledges", () -> dac.acknowledged() >= warm);
      Subscriber leaving = new Subscriber(LEAVING + (round - 1) % 100);
      if (!gone.contains(leaving.n())) {
        dac.disconnect(leaving)
            .thenAccept(
                released -> {
                  if (released) {
                    gone.add(leaving.n());
                  }
                });
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200 + random.nextInt(600)));
      running.kill();
      acknowledged += dac.acknowledged();
    }
    disconnected = gone.size();
  }

  private void check(String relaySaid) throws SQLException {
    Map<Integer, Long> written = new HashMap<>();
    Matcher line = WRITTEN.matcher(relaySaid);
    relayed = 0;
    while (line.find()) {
      written.put(Integer.valueOf(line.group(1)), Long.valueOf(line.group(2)));
      relayed++;
    }
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA busy_timeout = 20000");
      require(text(statement, "PRAGMA integrity_check").equals("ok"), "integrity_check");
      for (Map.Entry<Integer, LoadDac.Known> one : known.entrySet()) {
        long inForce = LoadDac.number(text(statement, inForce(one.getKey())));
        LoadDac.Known said = one.getValue();
        require(
            inForce >= said.acknowledged() && inForce <= said.asked(),
            "subscriber %d has %d in force; acknowledged %d, asked last %d"
                .formatted(one.getKey(), inForce, said.acknowledged(), said.asked()));
      }
      for (int n : gone) {
        require(
            text(statement, "SELECT count(*) FROM subscriber WHERE id = 'port-1/1/" + n + "'")
                .equals("0"),
            "the Disconnect of " + n + " was acknowledged, the record is there");
      }
      for (Map.Entry<Integer, Long> one : written.entrySet()) {
        String session =
            text(
                statement,
                "SELECT session ->> '$.Acct-Session-Id[0]' FROM subscriber WHERE id = 'relay-%d'"
                    .formatted(one.getKey()));
        require(
            !session.isEmpty() && Long.parseLong(session) >= one.getValue(),
            "the relay's row %s has %s, it wrote %d"
                .formatted(one.getKey(), session, one.getValue()));
      }
    }
  }

  private static String inForce(int n) {
    return "SELECT CAST(options AS TEXT) FROM relay_options WHERE id = 'port-1/1/" + n + "'";
  }

  private int marks(String condition) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA busy_timeout = " + PATIENCE.toMillis());
      return Integer.parseInt(text(statement, "SELECT count(*) FROM pending WHERE " + condition));
    }
  }

  private static String text(Statement statement, String sql) throws SQLException {
    try (ResultSet rows = statement.executeQuery(sql)) {
      String value = rows.next() ? rows.getString(1) : "";
      return value == null ? "" : value;
    }
  }

  private static void require(boolean condition, String what) {
    if (!condition) {
      throw new AssertionError(what);
    }
  }

  /** The command; the argument is how often, by default 50 (which is 100 kills). */
  public static void main(String[] arguments) throws Exception {
    int count = arguments.length == 0 ? 50 : Integer.parseInt(arguments[0]);
    Lab lab = Lab.standalone("kill", Path.of(System.getProperty("java.io.tmpdir")));
    try {
      System.out.println(run(lab, count, WARM));
    } finally {
      lab.discard();
    }
  }
}
