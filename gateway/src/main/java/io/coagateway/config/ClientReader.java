package io.coagateway.config;

import io.coagateway.das.AddressRange;
import io.coagateway.das.DasClient;
import io.coagateway.das.Requirement;
import io.coagateway.das.SessionRule;
import io.coagateway.das.SignAnswers;
import io.coagateway.radius.DynamicAuthorizationRequest.Kind;
import io.coagateway.radius.Secret;
import io.coagateway.radsec.TlsPeer;
import io.coagateway.ratelimit.RateLimit;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Reads one of {@code radius.clients}: a DAC, how it is proven, and what it may ask for. */
final class ClientReader {
  static final Form<AddressRange> RANGE =
      Form.of(
          text -> {
            try {
              return AddressRange.parse(text);
            } catch (IllegalArgumentException e) {
              throw new BadValue(
                  e.getMessage().contains("bits set after the prefix")
                      ? "has bits set after the prefix. " + cureOf(e.getMessage())
                      : "is not an address or range. Give one like 192.0.2.7, 192.0.2.0/24 or"
                          + " 2001:db8::/32.");
            }
          });

  private static final Form<Secret> SECRET =
      Form.of(
          text -> {
            if (text.isEmpty()) {
              throw new BadValue("is empty, which RFC 2865 forbids. Give 32 random characters.");
            }
            return Secret.of(text);
          });

  /** More is no rotation but a mistake; the newest request would be tried with each. */
  private static final int MAX_SECRETS = 2;

  private final Names names;
  private final TlsReader tlsReader;

  ClientReader(Names names, TlsReader tlsReader) {
    this.names = names;
    this.tlsReader = tlsReader;
  }

  Optional<DasClient> read(Section client) {
    Optional<String> name =
        client.required("name", Forms.NAME, "Give one, like dac-1, for logs and metrics.");
    List<AddressRange> addresses = client.list("addresses", RANGE, List.of());
    boolean usesTls = client.has("tls");
    Optional<TlsPeer> tls = client.optionalSection("tls", tlsReader::peer).flatMap(peer -> peer);
    boolean isNamed = tls.isPresent() && !tls.get().certificates().isEmpty();
    boolean overUdp = client.has("secret") || client.has("secrets");
    boolean byNameAlone = usesTls && !overUdp && (isNamed || tls.isEmpty());
    if (!client.has("addresses") && !byNameAlone) {
      client.missing("addresses", "Give where it sends from, like [192.0.2.0/24].");
    } else if (client.isEmptyList("addresses")) {
      client.problemAt("addresses", "is empty. Give where it sends from, like [192.0.2.0/24].");
    }
    List<Secret> secrets = secrets(client, usesTls);
    if (usesTls && overUdp) {
      client.warning(
          "secret",
          "With it this DAC may also come over UDP, where nothing is encrypted. Remove it once the DAC"
              + " has moved to TLS.");
    }
    Requirement messageAuthenticator =
        client.value(
            "message-authenticator", Form.oneOf(Requirement.class), Requirement.WHEN_PRESENT);
    SignAnswers signAnswers =
        client.value("sign-answers", Form.oneOf(SignAnswers.class), SignAnswers.WHEN_REQUESTED);
    Requirement eventTimestamp =
        client.value("event-timestamp", Form.oneOf(Requirement.class), Requirement.WHEN_PRESENT);
    Optional<RateLimit> rateLimit = client.optional("rate-limit", Forms.RATE);
    List<Kind> kinds =
        client.list("requests", Form.oneOf(Kind.class), List.of(Kind.COA, Kind.DISCONNECT));
    if (client.isEmptyList("requests")) {
      client.problemAt("requests", "is empty. Give coa, disconnect or both, or leave it out.");
    }
    List<SessionRule> sessions = client.sections("sessions", this::sessionRule);
    if (client.isEmptyList("sessions")) { // not "none": without a rule all sessions are allowed
      client.problemAt("sessions", "is empty. Give a rule, or leave it out for all sessions.");
    }
    boolean usable = isNamed || !addresses.isEmpty();
    if (name.isEmpty() || !usable || kinds.isEmpty() || (secrets.isEmpty() && tls.isEmpty())) {
      return Optional.empty();
    }
    return Optional.of(
        new DasClient(
            name.get(),
            addresses,
            secrets,
            messageAuthenticator,
            signAnswers,
            eventTimestamp,
            rateLimit,
            EnumSet.copyOf(kinds),
            sessions,
            tls));
  }

  private static List<Secret> secrets(Section client, boolean usesTls) {
    Optional<Secret> one = client.secret("secret", SECRET);
    List<Secret> several = client.secrets("secrets", SECRET);
    if (!client.has("secret") && !client.has("secrets") && !usesTls) {
      client.missing("secret", "Give the secret shared with this DAC, or ${file:/path}.");
    }
    if (client.isEmptyList("secrets")) {
      client.problemAt(
          "secrets",
          "is empty. Give the secret shared with this DAC, or two"
              + (usesTls ? "; or leave it out, for a DAC over TLS alone." : "."));
    }
    if (client.has("secret") && client.has("secrets")) {
      client.problemAt("secrets", "stands beside secret. Keep one of the two keys.");
    }
    if (several.size() > MAX_SECRETS) {
      client.problemAt("secrets", "has more than two. Give the new one and the old one.");
      return List.of();
    }
    String key = client.has("secret") ? "secret" : "secrets";
    Set<String> weaknesses = new LinkedHashSet<>();
    List<Secret> all = Stream.concat(one.stream(), several.stream()).toList();
    all.forEach(secret -> secret.weakness().ifPresent(weaknesses::add));
    weaknesses.forEach(weakness -> client.warning(key, upper(weakness) + "."));
    return all;
  }

  private static String upper(String sentence) {
    return Character.toUpperCase(sentence.charAt(0)) + sentence.substring(1);
  }

  private Optional<SessionRule> sessionRule(Section rule) {
    Optional<String> realm = rule.optional("realm", Forms.TEXT);
    var attribute = rule.optional("attribute", names.attribute());
    Optional<String> matches = rule.optional("matches", Forms.TEXT);
    if (rule.has("realm") == (rule.has("attribute") || rule.has("matches"))) {
      rule.problemHere(
          "Give either {realm: example.net} or {attribute: User-Name, matches:"
              + " \"*@example.net\"}.");
      return Optional.empty();
    }
    if (realm.isPresent()) {
      return realm.map(SessionRule::realm);
    }
    if (rule.has("attribute") != rule.has("matches")) {
      rule.problemHere("Give both attribute and matches.");
    }
    return attribute.flatMap(a -> matches.map(m -> new SessionRule(a, m)));
  }

  private static String cureOf(String message) {
    int at = message.indexOf("Give ");
    return (at < 0 ? message : message.substring(at)) + ".";
  }
}
