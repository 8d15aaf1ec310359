package io.coagateway.radius;

import io.coagateway.radius.AttributeRule.Occurs;
import io.coagateway.radius.AttributeRule.Role;
import io.coagateway.radius.DynamicAuthorizationRequest.Kind;
import io.coagateway.radius.RequestParameters.OtherAttributes;
import io.coagateway.wire.Octets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What RFC 5176 and its followers say about the attributes of an accepted request. Checked in this
 * order, and the first rule that is broken decides the Error-Cause:
 *
 * <ol>
 *   <li>every attribute can be read at all, else 404 (RFC 6929 section 2.8, RFC 5176 section 3.5);
 *       those for proxies do not matter (RFC 8559 section 4.3.2);
 *   <li>NAS identification is ours, else 403: a request for another NAS is not judged further;
 *   <li>Service-Type of a CoA-Request (section 3.2), before the 401 of unsupported changes: more
 *       than one, or not of its form 404; Authorize-Only without State 402, with something that
 *       would change the session 401, otherwise, like every other value, 405;
 *   <li>for each attribute in wire order: it occurs no more often than its table admits, else 404;
 *       its place is in this request and we support it, else 401; its length and form are those of
 *       its type, else 404;
 *   <li>Framed-Interface-Id comes with Framed-IPv6-Prefix, and at least one attribute identifies
 *       the session, else 402.
 * </ol>
 *
 * <p>Stateless; one instance serves any thread.
 */
public final class RequestRules {
  private static final long AUTHORIZE_ONLY = 17; // RFC 5176 section 3.2

  private final RequestParameters parameters;
  private final AttributeDictionary dictionary;
  private final Set<Octets> nasIdentifiers;
  private final Set<Octets> nasAddresses;
  private final Map<Kind, List<Row>> standard = new EnumMap<>(Kind.class);

  /**
   * All that is known of one attribute beforehand, looked up once: a request has a dozen of them.
   *
   * @param exact the length that the dictionary demands, 0 when it leaves it to the type
   */
  private record Row(
      Optional<AttributeRule> rule, DataType type, int exact, boolean isVendorIdentification) {}

  /**
   * @param dictionary says of what type an attribute is, and names it in reasons
   */
  public RequestRules(RequestParameters parameters, AttributeDictionary dictionary) {
    this.parameters = parameters;
    this.dictionary = dictionary;
    this.nasIdentifiers = parameters.identifierOctets();
    this.nasAddresses = parameters.addressOctets();
    for (Kind kind : Kind.values()) {
      List<Row> rows = new ArrayList<>(256);
      for (int type = 0; type < 256; type++) {
        rows.add(newRow(kind, AttributeId.of(type)));
      }
      standard.put(kind, List.copyOf(rows));
    }
  }

  private Row newRow(Kind kind, AttributeId id) {
    return new Row(
        AttributeTables.rule(kind, id),
        dictionary.typeOf(id),
        dictionary.definition(id).map(definition -> definition.flags().length()).orElse(0),
        parameters.vendorIdentification().contains(id));
  }

  /** Reads one request. */
  public RequestReading read(DynamicAuthorizationRequest request) {
    return new Reading(request).read();
  }

  private final class Reading {
    private final DynamicAuthorizationRequest request;
    private final Kind kind;
    private final AttributeList attributes;
    private final List<Row> rows;
    private final List<Attribute> session = new ArrayList<>(4);
    private final List<Attribute> changes = new ArrayList<>(4);
    private final List<AttributeId> ignored = new ArrayList<>(0);
    private final boolean someRepeat;
    private Refusal refusal;

    Reading(DynamicAuthorizationRequest request) {
      this.request = request;
      this.kind = request.kind();
      this.attributes = request.attributes();
      this.rows = standard.get(kind);
      this.someRepeat = someRepeat();
    }

    /** Whether two attributes may be of the same type: seldom, and then they are counted. */
    private boolean someRepeat() {
      long[] seen = new long[4];
      for (int i = 0; i < attributes.size(); i++) {
        int type = attributes.all().get(i).id().type();
        long bit = 1L << type;
        if ((seen[type >> 6] & bit) != 0) {
          return true;
        }
        seen[type >> 6] |= bit;
      }
      return false;
    }

    private Row row(AttributeId id) {
      return id.isStandard() ? rows.get(id.type()) : newRow(kind, id);
    }

    RequestReading read() {
      readable();
      nasIdentification();
      service();
      for (int i = 0; i < attributes.size() && refusal == null; i++) {
        sort(attributes.all().get(i));
      }
      sessionIdentification();
      return refusal != null ? refusal : new ReadRequest(request, session, changes, ignored);
    }

    private void readable() {
      for (AttributeDefect defect : attributes.defects()) {
        if (!isForProxies(defect.id())) {
          refuse(ErrorCause.INVALID_REQUEST, defect.id(), defect.reason());
        }
      }
    }

    /** RFC 5176 section 3: each one present must be ours. */
    private void nasIdentification() {
      for (int i = 0; i < attributes.size() && refusal == null; i++) {
        Attribute attribute = attributes.all().get(i);
        AttributeId id = attribute.id();
        boolean byName = id.equals(Attributes.NAS_IDENTIFIER);
        if (byName || id.equals(Attributes.NAS_IP_ADDRESS) || isNasIpv6(id)) {
          Set<Octets> ours = byName ? nasIdentifiers : nasAddresses;
          form(attribute, Role.NAS_IDENTIFICATION);
          if (refusal == null && !ours.isEmpty() && !ours.contains(attribute.value())) {
            refuse(
                ErrorCause.NAS_IDENTIFICATION_MISMATCH,
                id,
                dictionary.printValue(attribute) + " is not this NAS");
          }
        }
      }
    }

    private boolean isNasIpv6(AttributeId id) {
      return id.equals(Attributes.NAS_IPV6_ADDRESS);
    }

    /** RFC 5176 section 3.2. */
    private void service() {
      if (refusal != null || kind == Kind.DISCONNECT) {
        return; // its table refuses Service-Type
      }
      Optional<Attribute> service = attributes.first(Attributes.SERVICE_TYPE);
      if (service.isEmpty()) {
        return;
      }
      count(Attributes.SERVICE_TYPE, Occurs.AT_MOST_ONCE);
      form(service.get(), Role.SERVICE);
      if (refusal != null) {
        return;
      }
      if (service.get().value().length() != 4) { // also where no dictionary knows the attribute
        refuse(ErrorCause.INVALID_REQUEST, Attributes.SERVICE_TYPE, "has not four octets");
        return;
      }
      if (service.get().value().u32(0) == AUTHORIZE_ONLY) {
        if (!attributes.has(Attributes.STATE)) {
          refuse(ErrorCause.MISSING_ATTRIBUTE, Attributes.STATE, "Authorize-Only needs it");
          return;
        }
        for (Attribute attribute : attributes) {
          if (!mayAccompanyAuthorizeOnly(attribute.id())) {
            refuse(
                ErrorCause.UNSUPPORTED_ATTRIBUTE,
                attribute.id(),
                "does not belong into an Authorize-Only request");
            return;
          }
        }
      }
      refuse(
          ErrorCause.UNSUPPORTED_SERVICE,
          Attributes.SERVICE_TYPE,
          dictionary.printValue(service.get()) + " is not supported");
    }

    private boolean mayAccompanyAuthorizeOnly(AttributeId id) {
      if (parameters.vendorIdentification().contains(id)) {
        return true;
      }
      return AttributeTables.rule(kind, id)
          .filter(
              rule ->
                  switch (rule.role()) {
                    case NAS_IDENTIFICATION, SESSION_IDENTIFICATION, SERVICE, SIGNALLING -> true;
                    case WITHOUT_EFFECT, ACCOUNTING, CHANGE, ANSWER_ONLY -> false;
                  })
          .isPresent();
    }

    private void sort(Attribute attribute) {
      AttributeId id = attribute.id();
      Row row = row(id);
      if (row.isVendorIdentification()) {
        form(attribute, Role.SESSION_IDENTIFICATION);
        session.add(attribute);
        return;
      }
      Optional<AttributeRule> rule = row.rule();
      if (rule.isEmpty()) {
        change(attribute); // RFC 6911 and others know no CoA: the mapping may
        return;
      }
      switch (rule.get().role()) {
        case NAS_IDENTIFICATION -> count(id, rule.get().request());
        case SESSION_IDENTIFICATION -> identification(attribute, rule.get());
        case SIGNALLING -> {
          if (!isForProxies(id)) {
            count(id, rule.get().request()); // their values are the transport's to judge
          }
        }
        case WITHOUT_EFFECT, ACCOUNTING -> {
          count(id, rule.get().request());
          form(attribute, rule.get().role());
          ignored.add(id);
        }
        case SERVICE ->
            refuse(ErrorCause.UNSUPPORTED_ATTRIBUTE, id, "is not allowed in a Disconnect-Request");
        case CHANGE -> {
          count(id, rule.get().request());
          change(attribute);
        }
        case ANSWER_ONLY -> other(id, "is not allowed in this request");
      }
    }

    /** RFC 8559 section 4.3.2: a NAS ignores them, whatever they are like. */
    private boolean isForProxies(AttributeId id) {
      return id.equals(Attributes.OPERATOR_NAME) || id.equals(Attributes.OPERATOR_NAS_IDENTIFIER);
    }

    private void identification(Attribute attribute, AttributeRule rule) {
      AttributeId id = attribute.id();
      if (rule.request() == Occurs.NEVER) {
        if (parameters.strictDisconnect()) {
          // never just ignored: the request would match more sessions than it names
          refuse(ErrorCause.UNSUPPORTED_ATTRIBUTE, id, "is not allowed in a Disconnect-Request");
          return;
        }
        count(
            id, id.equals(Attributes.FRAMED_IPV6_PREFIX) ? Occurs.ANY_NUMBER : Occurs.AT_MOST_ONCE);
      } else {
        count(id, rule.request());
      }
      form(attribute, Role.SESSION_IDENTIFICATION);
      Octets normal = IdentificationValue.normalize(id, attribute.value());
      session.add(normal.equals(attribute.value()) ? attribute : new Attribute(id, normal));
    }

    private void change(Attribute attribute) {
      AttributeId id = attribute.id();
      if (kind == Kind.DISCONNECT || !parameters.supportedChange().test(id)) {
        other(id, "is not supported in this request");
        return;
      }
      form(attribute, Role.CHANGE);
      changes.add(attribute);
    }

    private void other(AttributeId id, String reason) {
      if (parameters.otherAttributes() == OtherAttributes.REJECT) {
        refuse(ErrorCause.UNSUPPORTED_ATTRIBUTE, id, reason);
      } else {
        ignored.add(id);
      }
    }

    /** RFC 5176 section 3. */
    private void sessionIdentification() {
      if (refusal != null) {
        return;
      }
      if (attributes.has(Attributes.FRAMED_INTERFACE_ID)
          && !attributes.has(Attributes.FRAMED_IPV6_PREFIX)) {
        // the reverse is let pass: a prefix names a session, an interface identifier alone does not
        refuse(
            ErrorCause.MISSING_ATTRIBUTE,
            Attributes.FRAMED_IPV6_PREFIX,
            "Framed-Interface-Id comes with it");
      } else if (session.isEmpty()) {
        refusal =
            new Refusal(
                ErrorCause.MISSING_ATTRIBUTE,
                Optional.empty(),
                "no attribute identifies the session");
      }
    }

    private void count(AttributeId id, Occurs occurs) {
      int count = someRepeat ? attributes.count(id) : 1;
      if (!occurs.allows(count)) {
        refuse(ErrorCause.INVALID_REQUEST, id, "occurs " + count + " times, once is allowed");
      }
    }

    /** Length and form by the data type (RFC 8044). */
    private void form(Attribute attribute, Role role) {
      Row row = row(attribute.id());
      DataType type = row.type();
      int length = attribute.value().length();
      int exact = row.exact();
      if (!type.fits(length) || (exact > 0 && length != exact)) {
        refuse(
            ErrorCause.INVALID_REQUEST,
            attribute.id(),
            "has a value of " + length + " octets, which is no " + type.dictionaryName());
        return;
      }
      if (type == DataType.IPV6PREFIX) {
        if (!Ipv6PrefixForm.isSound(attribute.value())) {
          refuse(ErrorCause.INVALID_REQUEST, attribute.id(), "is no prefix");
        } else if (role == Role.CHANGE && Ipv6PrefixForm.hasHostBits(attribute.value())) {
          refuse(
              ErrorCause.INVALID_REQUEST, attribute.id(), "has bits set behind the prefix length");
        }
      }
    }

    /** The first reason stands. */
    private void refuse(ErrorCause cause, AttributeId id, String reason) {
      if (refusal == null) {
        refusal = new Refusal(cause, Optional.of(id), dictionary.nameOf(id) + ": " + reason);
      }
    }
  }
}
