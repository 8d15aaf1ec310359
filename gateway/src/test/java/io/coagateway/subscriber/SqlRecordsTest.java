package io.coagateway.subscriber;

import static io.coagateway.subscriber.TestTables.DICTIONARY;
import static io.coagateway.subscriber.TestTables.NAS;
import static io.coagateway.subscriber.TestTables.byUser;
import static io.coagateway.subscriber.TestTables.subscriber;
import static io.coagateway.subscriber.TestTables.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.dhcpv6.Duid;
import io.coagateway.radius.Attributes;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** How much of the table an answer of the database holds. */
@ParameterizedClass
@EnumSource(value = TestDatabase.Kind.class, mode = EnumSource.Mode.EXCLUDE, names = "MEMORY")
class SqlRecordsTest {
  private static final int ALL = 2 * SqlRecords.PAGE + 10;
  private static final Duid CLONED = Duid.ofHex("000300010200deadbeef");

  @Parameter TestDatabase.Kind kind;
  @TempDir Path directory;
  private Connection connection;
  private SqlRecords records;
  private final List<Integer> answers = new ArrayList<>(); // rows of each

  @BeforeEach
  void connect() throws Exception {
    TestDatabase database = kind.in(directory);
    try (TableTransfer transfer = database.transfer()) {
      transfer.merge(IntStream.range(0, ALL).mapToObj(SqlRecordsTest::record).toList());
    }
    connection = database.connect();
    records = new SqlRecords(new Counting(), new SqlRow(DICTIONARY, problems -> {}), DICTIONARY);
  }

  @AfterEach
  void disconnect() throws Exception {
    connection.close();
  }

  /** Of one client and one user; the last three spell it differently, which is another value. */
  private static SubscriberRecord record(int n) {
    return SubscriberRecord.builder(
            n % 2 == 0 ? NAS : "nas2", "port-" + n, CLONED, subscriber(n).linkAddress())
        .session(SessionAttributes.of(Attributes.USER_NAME, text(n < ALL - 3 ? "a.lice" : "alice")))
        .build();
  }

  /** Counts the rows that the database would send, as a driver does that reads them all. */
  private final class Counting extends SqlStatements {
    @Override
    <T> T doing(String what, Work<T> work) {
      throw new UnsupportedOperationException();
    }

    @Override
    PreparedStatement prepared(String sql) throws SQLException {
      PreparedStatement statement = connection.prepareStatement(sql);
      return (PreparedStatement)
          Proxy.newProxyInstance(
              PreparedStatement.class.getClassLoader(),
              new Class<?>[] {PreparedStatement.class},
              (proxy, method, arguments) -> {
                if (method.getName().equals("executeQuery")) {
                  count(statement);
                }
                try {
                  return method.invoke(statement, arguments);
                } catch (InvocationTargetException e) {
                  throw e.getCause();
                }
              });
    }

    private void count(PreparedStatement statement) throws SQLException {
      int rows = 0;
      try (ResultSet answer = statement.executeQuery()) {
        while (answer.next()) {
          rows++;
        }
      }
      answers.add(rows);
    }
  }

  private static SessionQuery user(String nas, String name) {
    return new SessionQuery(nas, byUser(name).keys());
  }

  @Test
  void holdsNoMoreOfASessionsMatchesThanWereAskedFor() throws Exception {
    assertThat(ids(records.find(user("", "a.lice"), 3)))
        .containsExactly("port-0", "port-1", "port-2");
    assertThat(answers).containsExactly(3);
    assertThat(ids(records.find(user("nas2", "a.lice"), 2))).containsExactly("port-1", "port-3");
    assertThat(answers).containsExactly(3, 2);
  }

  @Test
  void readsPageByPageUntilThereAreEnough() throws Exception {
    assertThat(records.find(user("", "a.lice"), ALL)).hasSize(ALL - 3);
    assertThat(answers).containsExactly(SqlRecords.PAGE, SqlRecords.PAGE, 10);
    answers.clear();
    assertThat(ids(records.find(user("", "alice"), ALL)))
        .as("behind many that only look the same")
        .containsExactly("port-" + (ALL - 3), "port-" + (ALL - 2), "port-" + (ALL - 1));
    assertThat(answers).allMatch(rows -> rows <= SqlRecords.PAGE);
  }

  @Test
  void holdsNoMoreOfAClientsRecordsThanWereAskedFor() throws Exception {
    assertThat(ids(records.findClient("nas2", CLONED, 2))).containsExactly("port-1", "port-3");
    assertThat(answers).containsExactly(2);
    answers.clear();
    assertThat(records.findClient("", CLONED, ALL + 1)).hasSize(ALL);
    assertThat(answers).containsExactly(SqlRecords.PAGE, SqlRecords.PAGE, 10);
  }

  private static List<String> ids(List<SubscriberRecord> found) {
    return found.stream().map(SubscriberRecord::id).toList();
  }
}
