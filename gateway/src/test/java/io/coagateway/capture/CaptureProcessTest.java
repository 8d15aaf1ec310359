package io.coagateway.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.coagateway.vectors.VectorFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class CaptureProcessTest {
  @TempDir private Path directory;
  private final BlockingQueue<String> told = new LinkedBlockingQueue<>();

  private final CaptureProcess.Listener listener =
      new CaptureProcess.Listener() {
        @Override
        public void frame(CapturedFrame frame) {
          told.add("frame " + frame.linkType());
        }

        @Override
        public void started() {
          told.add("started");
        }

        @Override
        public void ended(String why, Duration pause) {
          told.add("ended, again in " + pause.toSeconds() + ": " + why);
        }
      };

  private Path capture() throws IOException {
    return Files.write(
        directory.resolve("c.pcap"), VectorFile.folder("capture").get(0).hex("capture").toArray());
  }

  private String next() throws InterruptedException {
    return told.poll(20, TimeUnit.SECONDS);
  }

  @Test
  void handsOnFramesAndIsStartedAgainWhenItEnds() throws Exception {
    Path capture = capture();
    String script = "echo listening on any >&2; cat " + capture + "; exit 3";
    try (CaptureProcess process = new CaptureProcess(List.of("sh", "-c", script), listener)) {
      assertThat(process.trouble()).contains("not started yet");
      process.start();
      assertThat(next()).isEqualTo("started");
      assertThat(next()).isEqualTo("frame 1");
      assertThat(next())
          .isEqualTo("ended, again in 1: sh ended with exit code 3: listening on any");
      assertThat(next()).isEqualTo("started"); // a second later
      assertThat(next()).isEqualTo("frame 1");
      assertThat(next()).startsWith("ended, again in 1"); // it had delivered
    }
  }

  @Test
  void aDefectInTheHandlingOfAFrameDoesNotEndTheCaptureForGood() throws Exception {
    Path capture = capture();
    Iterator<Runnable> becomes =
        List.<Runnable>of(
                () -> {
                  throw new IllegalStateException("nobody thought of that");
                },
                () -> told.add("understood"))
            .iterator();
    CaptureProcess.Listener defective =
        new CaptureProcess.Listener() {
          @Override
          public void frame(CapturedFrame frame) {
            becomes.next().run();
          }

          @Override
          public void started() {
            told.add("started");
          }

          @Override
          public void ended(String why, Duration pause) {
            told.add(why);
          }
        };
    String script = "cat " + capture + "; exec sleep 100";
    try (CaptureProcess process = new CaptureProcess(List.of("sh", "-c", script), defective)) {
      process.start();
      assertThat(next()).isEqualTo("started");
      assertThat(next())
          .contains("defect of the gateway", "nobody thought of that", "CaptureProcessTest");
      assertThat(next()).isEqualTo("started");
      assertThat(next()).isEqualTo("understood");
      assertThat(process.trouble()).isEmpty();
    }
  }

  @Test
  void hasNoVariableInWhichASecretMayBe() throws Exception {
    Path seen = directory.resolve("seen");
    String script = "cat /proc/$$/environ > " + seen;
    assertThat(System.getenv()).containsKey("PATH").hasSizeGreaterThan(2);
    try (CaptureProcess process = new CaptureProcess(List.of("sh", "-c", script), listener)) {
      process.start();
      assertThat(next()).startsWith("ended");
    }
    assertThat(Files.readString(seen).split("\0", 0))
        .contains("PATH=" + System.getenv("PATH"))
        .allSatisfy(variable -> assertThat(variable).matches("(?s)(PATH|LANG)=.*"));
  }

  @Test
  void whatNeverDeliversIsTriedAgainLessAndLessOften() throws Exception {
    String script = "echo 'You do not have permission' >&2; exit 1";
    try (CaptureProcess process = new CaptureProcess(List.of("sh", "-c", script), listener)) {
      process.start();
      assertThat(next())
          .isEqualTo("ended, again in 1: sh ended with exit code 1: You do not have permission");
      assertThat(next()).startsWith("ended, again in 2");
      assertThat(process.trouble().orElseThrow()).contains("You do not have permission");
    }
    assertThat(told).isEmpty(); // closed: not started again
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .doesNotContain("capture");
  }

  @Test
  void aProgramThatIsNotThereIsNamed() throws Exception {
    try (CaptureProcess process = new CaptureProcess(List.of("/no/such/tcpdump"), listener)) {
      process.start();
      assertThat(next()).startsWith("ended, again in 1: Cannot run program \"/no/such/tcpdump\"");
    }
  }

  @Test
  void closingEndsAProgramThatGoesOn() throws Exception {
    Path pid = directory.resolve("pid");
    String script = "echo $$ > %1$s.new; mv %1$s.new %1$s; exec sleep 100".formatted(pid);
    CaptureProcess process = new CaptureProcess(List.of("sh", "-c", script), listener);
    process.start();
    await().atMost(Duration.ofSeconds(20)).until(() -> Files.exists(pid));
    long child = Long.parseLong(Files.readString(pid).strip());
    assertThat(lives(child)).isTrue();
    process.close();
    assertThat(lives(child)).isFalse();
    assertThat(told).isEmpty();
  }

  private static boolean lives(long pid) {
    return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
  }

  @Test
  void closingAtOnceLeavesNoProgramBehind() {
    String mark = "exec sleep 100.25";
    CaptureProcess process =
        new CaptureProcess(List.of("sh", "-c", "printf '\\324\\303\\262\\241'; " + mark), listener);
    process.start();
    process.close();
    assertThat(told).isEmpty();
    assertThat(ProcessHandle.current().descendants())
        .extracting(child -> child.info().commandLine().orElse(""))
        .noneMatch(line -> line.contains("sleep 100.25"));
  }
}
