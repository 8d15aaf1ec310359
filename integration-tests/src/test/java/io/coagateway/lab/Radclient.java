package io.coagateway.lab;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * FreeRADIUS's radclient as the dynamic authorization client.
 *
 * @param place where it runs
 * @param server host and port, as {@code 127.0.0.1:3799} or {@code [::1]:3799}
 * @param secret the shared secret
 * @param sends how often it sends at most
 * @param seconds how long it waits for an answer after each send
 */
public record Radclient(Place place, String server, String secret, int sends, int seconds) {
  private static final Pattern ANSWER =
      Pattern.compile("Received (\\S+) Id (\\d+) from (.*) length (\\d+)");

  /** A radclient that sends once and waits ten seconds. */
  public static Radclient to(Place place, String server) {
    return new Radclient(place, server, "testing123", 1, 10);
  }

  /** The same with another secret. */
  public Radclient withSecret(String other) {
    return new Radclient(place, server, other, sends, seconds);
  }

  /** The same, sending up to {@code times} times, {@code apart} seconds apart. */
  public Radclient sending(int times, int apart) {
    return new Radclient(place, server, secret, times, apart);
  }

  /** Sends a CoA-Request; attributes as radclient reads them, {@code Name = value}. */
  public Answer coa(String... attributes) {
    return send("coa", attributes);
  }

  /** Sends a CoA-Request that gives the subscriber, told by its User-Name, another AFTR. */
  public Answer coa(Subscriber subscriber, String aftr) {
    return coa(
        "User-Name = \"" + subscriber.userName() + "\"", "DS-Lite-Tunnel-Name = \"" + aftr + "\"");
  }

  /** Sends a Disconnect-Request. */
  public Answer disconnect(String... attributes) {
    return send("disconnect", attributes);
  }

  /** Sends an Accounting-Request. */
  public Answer accounting(String... attributes) {
    return send("acct", attributes);
  }

  /** Sends a Status-Server, as FreeRADIUS does to see whether a home server is back. */
  public Answer status() {
    return send("status", "Message-Authenticator = 0x00");
  }

  private Answer send(String type, String... attributes) {
    Command.Result result =
        Command.run(
            place,
            Path.of("/"),
            String.join("\n", attributes) + "\n",
            Duration.ofSeconds((long) sends * seconds + 20),
            command(type));
    return new Answer(result);
  }

  /** The command line; attributes are read from standard input. */
  List<String> command(String type) {
    List<String> words = new ArrayList<>(List.of("radclient", "-x"));
    if (server.startsWith("[")) {
      words.add("-6");
    }
    words.addAll(List.of("-r", Integer.toString(sends), "-t", Integer.toString(seconds)));
    words.addAll(List.of(server, type, secret));
    return words;
  }

  /**
   * How it went.
   *
   * @param result radclient's exit code and words
   */
  public record Answer(Command.Result result) {
    /** The answer's code as radclient names it, {@code CoA-ACK}; empty: no answer. */
    public Optional<String> code() {
      Matcher matcher = ANSWER.matcher(result.out());
      return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    /** What stands behind the answer's line: its attributes, one a line, {@code Name = value}. */
    public List<String> attributes() {
      Matcher matcher = ANSWER.matcher(result.out());
      List<String> found = new ArrayList<>();
      if (matcher.find()) {
        for (String line : result.out().substring(matcher.end()).split("\n", -1)) {
          if (line.startsWith("\t")) {
            found.add(line.strip());
          }
        }
      }
      return found;
    }

    /** The answer in one word and its causes, as {@code CoA-NAK 503}; {@code none} without one. */
    public String verdict() {
      StringBuilder text = new StringBuilder(code().orElse("none"));
      for (String attribute : attributes()) {
        if (attribute.startsWith("Error-Cause = ")) {
          text.append(' ').append(errorCause(attribute.substring(14)));
        }
      }
      return text.toString();
    }

    /** radclient's whole output. */
    public String text() {
      return result.everything();
    }

    private static String errorCause(String name) {
      return switch (name) {
        case "Residual-Context-Removed" -> "201";
        case "Unsupported-Attribute" -> "401";
        case "Missing-Attribute" -> "402";
        case "NAS-Identification-Mismatch" -> "403";
        case "Invalid-Request" -> "404";
        case "Unsupported-Service" -> "405";
        case "Unsupported-Extension" -> "406";
        case "Invalid-Attribute-Value" -> "407";
        case "Administratively-Prohibited" -> "501";
        case "Session-Context-Not-Found" -> "503";
        case "Session-Context-Not-Removable" -> "504";
        case "Resources-Unavailable" -> "506";
        case "Request-Initiated" -> "507";
        case "Multiple-Session-Selection-Unsupported" -> "508";
        default -> name;
      };
    }
  }
}
