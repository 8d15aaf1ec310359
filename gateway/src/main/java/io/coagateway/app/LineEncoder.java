package io.coagateway.app;

import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * logback's pattern encoder with a short way for {@link #PATTERN} and a line without a stack trace,
 * which is every request's: formatting the time of day anew for each line cost a tenth of the event
 * loop's time. The short way writes what the pattern would.
 *
 * <p>Always in UTF-8, as commands print: a service often runs in the C locale, whose charset has no
 * letter of a subscriber's name but ASCII's.
 */
public final class LineEncoder extends PatternLayoutEncoder {
  /** What the short way writes; any other pattern takes logback's way. */
  static final String PATTERN = "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level %msg%n%ex";

  private static final int LEVEL_WIDTH = 5;
  private static final DateTimeFormatter SECOND =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.", Locale.ROOT);
  private static final DateTimeFormatter OFFSET = DateTimeFormatter.ofPattern("XXX", Locale.ROOT);

  private final ZoneId zone;
  private volatile Second last = new Second(Long.MIN_VALUE, "", "");
  private boolean isShort;

  /** A second as it is written before and behind the milliseconds. */
  private record Second(long epochSecond, String before, String behind) {}

  /** Writes the time of the JVM's time zone. */
  public LineEncoder() {
    this(ZoneId.systemDefault());
  }

  /**
   * @param zone whose time the short way writes; logback's way writes the JVM's
   */
  LineEncoder(ZoneId zone) {
    this.zone = zone;
  }

  @Override
  public void start() {
    setCharset(StandardCharsets.UTF_8);
    isShort = PATTERN.equals(getPattern());
    super.start();
  }

  @Override
  public byte[] encode(ILoggingEvent event) {
    if (!isShort || event.getThrowableProxy() != null) {
      return super.encode(event);
    }
    long millis = event.getTimeStamp();
    Second second = second(Math.floorDiv(millis, 1000L));
    int rest = (int) Math.floorMod(millis, 1000L);
    String level = event.getLevel().toString();
    String message = event.getFormattedMessage();
    StringBuilder line = new StringBuilder(40 + message.length());
    line.append(second.before());
    line.append((char) ('0' + rest / 100));
    line.append((char) ('0' + rest / 10 % 10));
    line.append((char) ('0' + rest % 10));
    line.append(second.behind()).append(' ').append(level);
    for (int i = level.length(); i < LEVEL_WIDTH; i++) {
      line.append(' ');
    }
    line.append(' ').append(message).append(System.lineSeparator());
    return line.toString().getBytes(StandardCharsets.UTF_8);
  }

  private Second second(long epochSecond) {
    Second known = last;
    if (known.epochSecond() != epochSecond) {
      var time = Instant.ofEpochSecond(epochSecond).atZone(zone);
      known = new Second(epochSecond, SECOND.format(time), OFFSET.format(time));
      last = known;
    }
    return known;
  }
}
