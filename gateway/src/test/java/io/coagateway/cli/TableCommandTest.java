package io.coagateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Exit codes and words of interface.md section 1. */
class TableCommandTest {
  private static final String ALICE =
      "{\"id\":\"port-7\",\"duid\":\"0003000102005e100007\",\"linkAddress\":\"2001:db8:0:7::1\","
          + "\"interfaceId\":{\"text\":\"1/1/7\"},"
          + "\"session\":{\"User-Name\":[\"alice\"],\"Calling-Station-Id\":[\"02-00-5E-10-00-07\"]},"
          + "\"ias\":[{\"type\":\"IA_PD\",\"leases\":[\"2001:db8:4200::/56\"]}],"
          + "\"options\":{\"64\":\"0461667472076578616d706c65036e657400\"}}";

  @TempDir Path directory;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private Path file;

  @BeforeEach
  void write() throws IOException {
    file = Files.writeString(directory.resolve("in.ndjson"), ALICE + "\n");
  }

  private int run(String... arguments) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--database=jdbc:sqlite:" + directory.resolve("t.db"));
    all.add("--nas=nas1");
    return new CommandLine(new TableCommand())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(all.toArray(String[]::new));
  }

  @Test
  void importsFindsShowsExportsAndRemoves() {
    assertThat(run("import", file.toString())).isZero();
    assertThat(err.toString()).contains("1 records, 1 written, 0 bad lines");
    assertThat(run("find", "User-Name=alice", "Calling-Station-Id=0200.5e10.0007")).isZero();
    assertThat(out.toString())
        .contains("subscriber    port-7   version ")
        .contains("client        0003000102005e100007   DUID-LL hw-type=1 02:00:5e:10:00:07")
        .contains("interface id  \"1/1/7\"   0x312f312f37")
        .contains("session       User-Name = \"alice\"")
        .contains("leases        IA_PD  iaid unknown")
        .contains("supplies      AFTR_NAME aftr.example.net");
    assertThat(run("show", "port-7", "--json")).isZero();
    assertThat(out.toString()).startsWith("{\"id\":\"port-7\",\"nas\":\"nas1\",\"version\":");
    assertThat(run("export")).isZero();
    assertThat(out.toString()).hasLineCount(1).contains("\"id\":\"port-7\"");
    assertThat(run("remove", "port-7")).isZero();
    assertThat(run("remove", "port-7")).isEqualTo(1);
    assertThat(run("show", "port-7")).isEqualTo(1);
    assertThat(err.toString()).contains("no subscriber \"port-7\"");
    assertThat(run("find", "User-Name=alice")).isEqualTo(1);
  }

  @Test
  @DisplayName("README, Without touching the relay: find and show tell the end of each lease")
  void showTellsTheEndOfEachLease() throws IOException {
    Files.writeString(
        file,
        ALICE.replaceFirst(
            "\"ias\":\\[.*?]}]",
            "\"ias\":[{\"type\":\"IA_NA\",\"iaid\":7,\"leases\":[\"2001:db8::7\",\"2001:db8::8\"],"
                + "\"validUntil\":[1795485694,null]},"
                + "{\"type\":\"IA_PD\",\"iaid\":8,\"leases\":[\"2001:db8:42::/56\"]}]"));
    assertThat(run("import", file.toString())).isZero();
    assertThat(run("show", "port-7")).isZero();
    assertThat(out.toString())
        .contains("IA_NA  iaid 7  2001:db8::7 until 2026-11-24T02:01:34Z, 2001:db8::8 for ever\n")
        .contains("IA_PD  iaid 8  2001:db8:42::/56\n");
  }

  @Test
  void namesBadLinesAndExitsWith2() throws IOException {
    Files.writeString(file, ALICE + "\n\n" + ALICE.replace("0003000102005e100007", "00zz") + "\n");
    assertThat(run("import", file.toString())).isEqualTo(2);
    assertThat(err.toString())
        .contains(":3: duid: \"00zz\" is not a DUID")
        .contains("1 records, 1 written, 1 bad lines");
    assertThat(run("import", "--replace", file.toString())).isEqualTo(2);
    assertThat(err.toString()).contains("nothing replaced");
    assertThat(run("show", "port-7")).isZero();
  }

  /** A value with a replacement character in it would match no request, and nobody would know. */
  @Test
  void aLineThatIsNotUtf8IsABadLine() throws IOException {
    String text =
        ALICE
            + "\n"
            + ALICE.replace("port-7", "port-8").replace("alice", "m\u00fcller")
            + "\n"
            + ALICE.replace("port-7", "port-9");
    byte[] latin1 = text.getBytes(StandardCharsets.ISO_8859_1);
    Files.write(file, latin1);
    assertThat(run("import", file.toString())).isEqualTo(2);
    assertThat(err.toString())
        .contains(":2: not UTF-8, octet 135 is 0xfc. Save it as UTF-8")
        .contains("2 records, 2 written, 1 bad lines");
    InputStream stdin = System.in;
    try {
      System.setIn(new ByteArrayInputStream(latin1));
      assertThat(run("import", "-")).isEqualTo(2);
    } finally {
      System.setIn(stdin);
    }
    assertThat(err.toString())
        .contains("stdin:2: not UTF-8")
        .contains("2 records, 0 written, 1 bad lines");
    assertThat(run("export")).isZero();
    assertThat(out.toString()).hasLineCount(2).contains("port-7", "port-9");
  }

  /** As cron runs it: what is exported is what was imported, and can be imported again. */
  @Test
  void printsUtf8InTheLocaleC() throws IOException, InterruptedException {
    Files.writeString(file, ALICE.replace("alice", "m\u00fcller@example.net") + "\n");
    assertThat(run("import", file.toString())).isZero();
    String printed = "\"User-Name\":[\"m\u00fcller@example.net\"]";
    assertThat(inTheLocaleC("export")).contains(printed);
    assertThat(inTheLocaleC("show", "port-7", "--json")).contains(printed);
  }

  private String inTheLocaleC(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), Main.class.getName(), "table"));
    command.addAll(List.of(arguments));
    command.add("--database=jdbc:sqlite:" + directory.resolve("t.db"));
    command.add("--nas=nas1");
    ProcessBuilder process = new ProcessBuilder(command);
    process.environment().put("LC_ALL", "C");
    Process table = process.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String printed = new String(table.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(table.waitFor()).isZero();
    return printed;
  }

  @Test
  void saysInOneLineWhatWillNotDo() throws IOException {
    assertThat(run("import", directory.toString())).isEqualTo(2);
    assertThat(err.toString())
        .contains('"' + directory.toString() + "\" is a directory. Give a file");
    assertThat(run("import", "nowhere.ndjson")).isEqualTo(2);
    assertThat(err.toString()).contains("\"nowhere.ndjson\" cannot be read").hasLineCount(1);
    assertThat(run("export", directory + "/nowhere/out.ndjson")).isEqualTo(2);
    assertThat(err.toString())
        .contains("/nowhere/out.ndjson\" lies in a directory that does not exist. Give a file")
        .hasLineCount(1);
    assertThat(run("export", directory.toString())).isEqualTo(2);
    assertThat(err.toString()).contains("cannot be written (Is a directory)").hasLineCount(1);
    assertThat(run("find", "--limit=0", "User-Name=alice")).isEqualTo(2);
    assertThat(err.toString()).isEqualTo("--limit: 0 is below 1. Give one like 1000\n");
    assertThat(run("find", "Usr-Name=alice")).isEqualTo(2);
    assertThat(err.toString()).contains("Usr-Name").hasLineCount(1);
    Files.writeString(directory.resolve("t.db"), "this is no database, only a text of some length");
    assertThat(run("export")).isEqualTo(2);
    assertThat(err.toString()).contains("t.db").hasLineCount(1);
  }

  @Test
  void aFileThatDoesNotTakeAllOfItIsSaidToBeIncomplete() {
    assertThat(run("import", file.toString())).isZero();
    assertThat(run("export", "/dev/full")).isEqualTo(2);
    assertThat(err.toString()).isEqualTo("\"/dev/full\" is not complete: its disk may be full\n");
  }

  @Test
  void refusesOtherDatabasesWithoutRepeatingThePassword() {
    assertThat(problemOf("jdbc:postgresql://u:geheim@h/db"))
        .contains("\"jdbc:postgresql:…\"")
        .contains("Give one like jdbc:sqlite:subscribers.db");
    assertThat(problemOf("jdbc:postgresql://h:geheim/db")).contains("\"jdbc:postgresql:…\"");
    assertThat(problemOf("postgresql://h/db?password=geheim")).contains("\"postgresql:…\"");
    assertThat(problemOf("//h/db?password=geheim")).contains("\"…\"");
    assertThat(problemOf("subscribers.db")).contains("\"subscribers.db\"");
  }

  private String problemOf(String database) {
    err.getBuffer().setLength(0);
    int exit =
        new CommandLine(new TableCommand())
            .setErr(new PrintWriter(err))
            .execute("export", "--nas=a", "--database=" + database);
    assertThat(exit).isEqualTo(2);
    assertThat(err.toString()).doesNotContain("geheim");
    return err.toString();
  }
}
