package io.coagateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.coagateway.accounting.AccountingObserver;
import io.coagateway.capture.FrameSkip;
import io.coagateway.das.DropReason;
import io.coagateway.dynauth.Finding;
import io.coagateway.inpath.InPathDrop;
import io.coagateway.inpath.Supply;
import io.coagateway.learn.SkipReason;
import io.coagateway.leasequery.LeasequeryObserver;
import io.coagateway.leasequery.QueryOutcome;
import io.coagateway.radsec.CloseReason;
import io.coagateway.radsec.RefusalReason;
import io.coagateway.relay.NotSentReason;
import io.coagateway.relay.ReplyDiscard;
import io.coagateway.subscriber.TableUnavailableException;
import io.coagateway.wire.Label;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every name that the gateway utters has its line in conf/MESSAGES.md. */
class MessagesDocumentTest {
  /** A log line or note whose first word is a name: lower case, with a hyphen. */
  private static final Pattern NAMED =
      Pattern.compile(
          "(?:(?:LOG|EVENTS)\\.\\w+\\(\\s*|noted\\(\\s*|Triggers\\.send\\([^;\"]*|^    send\\([^;\"]*)"
              + "\"([a-z]+(?:-[a-z]+)+)[ \"]",
          Pattern.MULTILINE);

  @Test
  void everyNameIsExplained() throws IOException {
    String document = Files.readString(Path.of("..", "conf", "MESSAGES.md"));
    Set<String> names = new TreeSet<>();
    names(names, DropReason.values());
    names(names, ReplyDiscard.values());
    names(names, NotSentReason.values());
    names(names, CloseReason.values());
    names(names, RefusalReason.values());
    names(names, InPathDrop.values());
    names(names, Supply.values());
    names(names, TableUnavailableException.Reason.values());
    names(names, AccountingObserver.Drop.values());
    names(names, LeasequeryObserver.Discard.values());
    names(names, QueryOutcome.Kind.values());
    names(names, SkipReason.values());
    names(names, FrameSkip.values());
    Arrays.stream(Finding.values()).map(Finding::configName).forEach(names::add);
    int enumerated = names.size();
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
        Matcher found = NAMED.matcher(Files.readString(file));
        while (found.find()) {
          names.add(found.group(1));
        }
      }
    }
    assertThat(names).as("the pattern still finds names").hasSizeGreaterThan(enumerated + 3);
    names.removeIf(name -> document.contains("`" + name + "`"));
    assertThat(names).as("not in conf/MESSAGES.md").isEmpty();
  }

  private static void names(Set<String> to, Enum<?>... constants) {
    for (Enum<?> constant : constants) {
      to.add(Label.of(constant));
    }
  }

  /** A call that writes a line, at whatever level; the first argument, if it is a text. */
  private static final Pattern LINE =
      Pattern.compile(
          "(?:(?:LOG|EVENTS)\\s*\\.(?:debug|info|warn|error)|\\.log)\\(\\s*(?:\"([^ \"]*)|(\\w+))");

  /** What a line is made of elsewhere, where its first word is a name. */
  private static final Set<String> MADE_ELSEWHERE = Set.of("line", "text");

  @Test
  void everyLineBeginsWithAName() throws IOException {
    String document = Files.readString(Path.of("..", "conf", "MESSAGES.md"));
    Set<String> unnamed = new TreeSet<>();
    int seen = 0;
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
        Matcher found = LINE.matcher(Files.readString(file));
        while (found.find()) {
          seen++;
          String name = found.group(1) == null ? found.group(2) : found.group(1);
          boolean named =
              found.group(1) == null
                  ? MADE_ELSEWHERE.contains(name)
                  : name.equals("{}") || document.contains("`" + name + "`");
          if (!named) {
            unnamed.add(file.getFileName() + ": " + name);
          }
        }
      }
    }
    assertThat(seen).as("the pattern still finds lines").isGreaterThan(40);
    assertThat(unnamed).as("log lines without a name in conf/MESSAGES.md").isEmpty();
  }
}
